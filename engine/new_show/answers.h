#pragma once
// What somebody who makes a new show has been asked: who sells, what the cameras are, where the pictures of the products lie. Judged
// before anything is written, every problem at once; nothing here opens a device.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config.h"
#include "engine/result.h"

namespace vitrine::new_show {

struct Camera {
    std::string id;
    std::string name;
    std::string source;  ///< as it is written into show.toml; holds the password of an address that has one
    bool operator==(const Camera&) const = default;
};

struct Answers {
    LocalText title;
    std::vector<std::string> languages{"en"};
    std::vector<Camera> cameras;
    std::string microphone = "none";
    LocalText factory;               ///< empty: not said
    std::string accent;              ///< "#3BA7A0"; empty: the look's own
    std::filesystem::path logo;      ///< empty: none
    std::filesystem::path pictures;  ///< folder; empty: no products yet
    std::string currency = "USD";
    double width_mm = 100;                                 ///< of a product's picture where it is printed, until somebody has measured it
    std::map<std::string, std::vector<PriceTier>> prices;  ///< by product id, as products_in() makes them
    std::string words = "en";                              ///< language of the comments in the files: en or zh
    bool operator==(const Answers&) const = default;
};

struct JudgedAnswers {
    std::optional<Answers> answers;     ///< absent when there is any problem
    std::vector<std::string> problems;  ///< "cameras[1].source: … – …"; never a password
};

/// An object as shown by example_answers(). Relative paths count from `base`, which is absolute. Problems are told in `language`, en or zh.
/// Reentrant.
JudgedAnswers answers_from_json(std::string_view json, const std::filesystem::path& base, std::string_view language = "en");
std::string_view example_answers();

/// "100: 4.20, 1000: 3.80", also with full-width signs and other separators: pieces from which the price holds, and the price of one.
/// Reentrant.
Result<std::vector<PriceTier>> price_tiers(std::string_view text, const std::string& currency, std::string_view language = "en");

/// A camera's or microphone's source as it goes into show.toml: a file by its whole path. The error names no password. Reentrant.
Result<std::string> camera_source(const std::string& value, const std::filesystem::path& base);
Result<std::string> sound_source(const std::string& value, const std::filesystem::path& base);

}  // namespace vitrine::new_show
