#include <cstdio>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

struct Words {
    std::string sentence;
    Tone tone;
};

Words words(const PanelState& state, const CameraItem& camera) {
    if (camera.state.empty()) return {state.say("camera.unknown"), Tone::ink_2};
    const Tone tone = camera.well() ? Tone::ready : camera.state == "connecting" ? Tone::info : Tone::warn;
    return {state.say("camera." + camera.state), tone};
}

/// The height it took.
float row(const PanelState& state, const CameraItem& camera, float x, float y, float width) {
    const Kit& kit = *state.kit;
    const auto [sentence, tone] = words(state, camera);
    char facts[64] = "";
    if (camera.well() && camera.width > 0) std::snprintf(facts, sizeof facts, "%d×%d · %.0f fps", camera.width, camera.height, camera.fps);
    const float facts_width = kit.measure(Type::caption, facts).x;
    kit.text(x, y, Type::body, kit.color(Tone::ink), camera.name, width - facts_width - kit.px(8));
    kit.text(x + width - facts_width, y + kit.px(1), Type::caption, kit.color(Tone::ink_2), facts);
    y += kit.px(20);
    ImGui::GetWindowDrawList()->AddCircleFilled({x + kit.px(4), y + kit.px(7)}, kit.px(4), kit.color(tone), 16);
    const float height = kit.paragraph(x + kit.px(14), y, Type::caption, kit.color(tone == Tone::warn ? Tone::warn : Tone::ink_2), sentence,
                                       width - kit.px(14));
    kit.help_area({x, y - kit.px(20), width, height + kit.px(20)}, "camera:" + camera.id, camera.detail.empty() ? sentence : camera.detail);
    return kit.px(20) + height;
}

}  // namespace

void cameras(const PanelState& state, const Area& area, Commands&) {
    const Kit& kit = *state.kit;
    kit.card(area);
    const float top = kit.heading(area, state.say("cameras.title"));
    const Area inside{area.x + kit.px(12), area.y + top, area.w - kit.px(16), area.h - top - kit.px(8)};
    if (kit.begin_scroll("cameras", inside)) {
        const float x = ImGui::GetCursorScreenPos().x, first = ImGui::GetCursorScreenPos().y, width = inside.w - kit.px(12);
        float y = first;
        if (state.show.cameras.empty()) y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("cameras.none"), width);
        for (const CameraItem& camera : state.show.cameras) y += row(state, camera, x, y, width) + kit.px(10);
        ImGui::Dummy({width, y - first});
    }
    kit.end_scroll();
}

}  // namespace vitrine::panel::views
