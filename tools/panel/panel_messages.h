#pragma once
// Every text the panel says, in English and Chinese. Only for the presenter: what buyers read is the show's own or engine/messages.h.

#include <string>
#include <string_view>
#include <vector>

namespace vitrine::panel {

/// Thread-safe. `language` "en" or "zh"; anything else is taken as English. An unknown key gives the key itself, so that it shows.
const std::string& say(std::string_view key, std::string_view language);
/// Thread-safe. say() with "{name}" places filled.
std::string say(std::string_view key, std::string_view language, std::string_view name, std::string_view value);
/// Thread-safe. All keys, sorted.
std::vector<std::string_view> panel_message_keys();
/// Thread-safe. True when both languages have a text.
bool is_translated(std::string_view key);

}  // namespace vitrine::panel
