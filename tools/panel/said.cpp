#include "tools/panel/said.h"

#include <nlohmann/json.hpp>

namespace vitrine::panel {

LocalText texts_of(const nlohmann::json& from, const char* key) {
    LocalText text;
    const auto found = from.is_object() ? from.find(key) : from.end();
    if (found == from.end() || !found->is_object()) return text;
    for (const auto& [language, words] : found->items())
        if (words.is_string() && !words.get<std::string>().empty()) text.by_language[language] = words.get<std::string>();
    return text;
}

}  // namespace vitrine::panel
