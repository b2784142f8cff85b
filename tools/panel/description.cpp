#include "tools/panel/description.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace vitrine::panel {

std::string description(const std::vector<Drawn>& drawn) {
    nlohmann::json controls = nlohmann::json::array(), texts = nlohmann::json::array(), marks = nlohmann::json::array();
    for (const Drawn& each : drawn) {
        if (!each.control && !each.text.empty()) texts.push_back(each.text);
        if (!each.control && each.text.empty() && !each.id.empty())
            marks.push_back({{"id", each.id}, {"x", each.area.x}, {"y", each.area.y}, {"w", each.area.w}, {"h", each.area.h}});
        if (!each.control) continue;
        controls.push_back({{"id", each.id},
                            {"text", each.text},
                            {"help", each.help},
                            {"x", each.area.x},
                            {"y", each.area.y},
                            {"w", each.area.w},
                            {"h", each.area.h},
                            {"enabled", each.enabled},
                            {"focused", each.focused},
                            {"hovered", each.hovered},
                            {"settled", each.settled},
                            {"held", each.held},
                            {"selected", each.selected},
                            {"in_sight", !each.clipped}});
    }
    return nlohmann::json{{"controls", std::move(controls)}, {"texts", std::move(texts)}, {"marks", std::move(marks)}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace vitrine::panel
