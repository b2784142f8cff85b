#include "tools/panel/panel_messages.h"

#include <map>
#include <utility>
#include <vector>

#include "tools/panel/texts/texts.h"

namespace vitrine::panel {
namespace {

using Texts = std::map<std::string_view, std::pair<std::string, std::string>>;

const Texts& all_texts() {
    static const Texts all = [] {
        Texts result;
        for (const auto& part : {texts::program(), texts::pages(), texts::buyers(), texts::start(), texts::new_show(), texts::asking()})
            for (const texts::Text& text : part) result.emplace(text.key, std::pair{std::string(text.en), std::string(text.zh)});
        return result;
    }();
    return all;
}

}  // namespace

const std::string& say(std::string_view key, std::string_view language) {
    const auto found = all_texts().find(key);
    if (found == all_texts().end()) {
        thread_local std::map<std::string, std::string, std::less<>> unknown;  // grows by programming errors only
        return unknown.emplace(std::string(key), std::string(key)).first->second;
    }
    return language == "zh" ? found->second.second : found->second.first;
}

std::string say(std::string_view key, std::string_view language, std::string_view name, std::string_view value) {
    std::string text = say(key, language);
    const std::string place = "{" + std::string(name) + "}";
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
        text.replace(at, place.size(), value);
    return text;
}

std::vector<std::string_view> panel_message_keys() {
    std::vector<std::string_view> keys;
    for (const auto& [key, both] : all_texts()) keys.push_back(key);
    return keys;
}

bool is_translated(std::string_view key) {
    const auto found = all_texts().find(key);
    return found != all_texts().end() && !found->second.first.empty() && !found->second.second.empty();
}

}  // namespace vitrine::panel
