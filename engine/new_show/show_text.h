#pragma once
// The files of a new show, as text that people go on writing in: every section says what it is for, what is not used yet stands there as a
// comment. vitrine check finds nothing wrong with them.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/new_show/answers.h"

namespace vitrine::new_show {

/// A product whose pictures lie in the show's folder already.
struct PlacedProduct {
    std::string id, name;
    std::string image, label;  ///< "images/LX-200.jpg"
    bool operator==(const PlacedProduct&) const = default;
};

/// By path in the show's folder. `logo` likewise; empty: none. Reentrant.
std::map<std::string, std::string> show_files(const Answers& answers, const std::vector<PlacedProduct>& products, const std::string& logo);

}  // namespace vitrine::new_show
