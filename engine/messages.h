#pragma once
// Sentences that the program itself says inside pictures, by key and language. Texts of a show are in its own files, those of panel and
// buyer page with them. Every key has English and Chinese (a test holds that); other languages fall back to English.

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Thread-safe. The text of `key` in `language` (BCP 47 primary tag), else in English; an unknown key gives the key itself, so that it
/// shows.
const std::string& message(std::string_view key, std::string_view language);
/// Reentrant. A language's name in itself: "Português" for "pt"; a tag that is not known in capitals.
std::string language_name(std::string_view language);
/// Thread-safe. All keys, sorted.
const std::vector<std::string>& message_keys();
/// Thread-safe. True when `key` has a text of its own in `language`.
bool has_message(std::string_view key, std::string_view language);

}  // namespace vitrine
