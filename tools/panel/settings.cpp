#include "tools/panel/settings.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/private_files.h"

namespace vitrine::panel {

using nlohmann::json;

namespace {

constexpr std::size_t most_recent = 12;

}  // namespace

Settings read_settings(const std::filesystem::path& file) {
    Settings settings;
    std::ifstream in(file);
    const json read = json::parse(in, nullptr, false);
    if (!read.is_object()) return settings;
    if (const auto language = read.find("language"); language != read.end() && (*language == "en" || *language == "zh"))
        settings.language = language->get<std::string>();
    if (const auto theme = read.find("theme"); theme != read.end()) settings.dark = *theme != "light";
    if (const auto fade = read.find("fade_ms"); fade != read.end() && fade->is_number_integer())
        if (const auto ms = fade->get<std::int64_t>(); ms >= 100 && ms <= 5000) settings.fade_ms = static_cast<int>(ms);
    if (const auto page = read.find("page"); page != read.end() && page->is_string()) settings.page = page->get<std::string>();
    if (const auto recent = read.find("recent"); recent != read.end() && recent->is_array())
        for (const json& show : *recent)
            if (show.is_object() && settings.recent.size() < most_recent && show.contains("folder") && show["folder"].is_string())
                settings.recent.push_back({show["folder"].get<std::string>(),
                                           show.value("title", json("")).is_string() ? show.value("title", "") : "",
                                           show.value("other_port", json()) == true});
    const auto window = read.find("window");
    if (window == read.end() || !window->is_object()) return settings;
    const auto number = [&](const char* key, int least, int most) -> std::optional<int> {
        const auto found = window->find(key);
        if (found == window->end() || !found->is_number_integer()) return std::nullopt;
        const auto value = found->get<std::int64_t>();
        return value >= least && value <= most ? std::optional<int>(static_cast<int>(value)) : std::nullopt;
    };
    const auto x = number("x", -32768, 32767), y = number("y", -32768, 32767);
    const auto width = number("width", 320, 16384), height = number("height", 240, 16384);
    if (x && y && width && height) settings.window = Settings::Place{*x, *y, *width, *height};
    return settings;
}

Result<void> write_settings(const std::filesystem::path& file, const Settings& settings) {
    json out{{"theme", settings.dark ? "dark" : "light"}, {"fade_ms", settings.fade_ms}};
    if (!settings.page.empty()) out["page"] = settings.page;
    for (const auto& show : settings.recent) {
        out["recent"].push_back({{"folder", show.folder}, {"title", show.title}});
        if (show.other_port) out["recent"].back()["other_port"] = true;
    }
    if (!settings.language.empty()) out["language"] = settings.language;
    if (settings.window) {
        const auto& w = *settings.window;
        out["window"] = {{"x", w.x}, {"y", w.y}, {"width", w.width}, {"height", w.height}};
    }
    auto written = make_private_folder(file.parent_path());
    if (written) written = write_private_file(file, out.dump(2) + "\n");
    if (!written) return fail("The panel's settings could not be kept: " + written.error().message);
    return {};
}

std::string choose_language(const std::string& option, const std::string& remembered) {
    if (!option.empty()) return option;
    if (!remembered.empty()) return remembered;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value && *value) return std::string_view(value).starts_with("zh") ? "zh" : "en";
    }
    return "en";
}

}  // namespace vitrine::panel
