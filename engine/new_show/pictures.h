#pragma once
// Products out of a folder of pictures: each PNG or JPEG is one, each folder in it another. Only names are looked at here; whether a
// picture can be read is for those who decode it (overlays/reading).

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace vitrine::new_show {

struct FoundProduct {
    std::string id, name;
    std::filesystem::path image;  ///< for the product's card
    std::filesystem::path label;  ///< the flat picture that is followed: `label`, `target` or `标签` in a product's folder; else the image
    bool operator==(const FoundProduct&) const = default;
};

struct PictureFolder {
    std::vector<FoundProduct> products;  ///< in the order of their names, as people count
    std::vector<std::string> left_out;   ///< a sentence about each file that could have been meant and is not used
};

/// Sentences are in `language`, en or zh. bad_input: no such folder, more than 500 products. Reentrant.
Result<PictureFolder> products_in(const std::filesystem::path& folder, std::string_view language = "en");

}  // namespace vitrine::new_show
