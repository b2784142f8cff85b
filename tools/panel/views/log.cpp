// What happened in this show, in sentences, newest first.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/show_sentences.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {

void log(const PanelState& state, const Area& area, Commands&) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), left_w = std::floor(area.w * 0.64f);
    const Area left = titled_card(kit, {area.x, area.y, left_w, area.h}, state.say("log.title"));
    if (state.show.notices.empty()) {
        draw_nothing(kit, left, state.say("log.none"));
    } else {
        scrolling(kit, "log", left, [&](float x, float first, float width) {
            float y = first;
            for (auto notice = state.show.notices.rbegin(); notice != state.show.notices.rend(); ++notice) {
                const bool newest = notice == state.show.notices.rbegin();
                ImGui::GetWindowDrawList()->AddCircleFilled({x + kit.px(4), y + kit.px(9)}, kit.px(3),
                                                            kit.color(newest ? Tone::accent : Tone::ink_2), 12);
                y += kit.paragraph(x + kit.px(16), y, Type::body, kit.color(newest ? Tone::ink : Tone::ink_2),
                                   show_sentence(*notice, state.ui.language), width - kit.px(16)) +
                     kit.px(8);
            }
            return y - first;
        });
    }
    const Area right = titled_card(kit, {area.x + left_w + gap, area.y, area.w - left_w - gap, area.h}, state.say("cameras.title"));
    scrolling(kit, "log_cameras", right, [&](float x, float first, float width) {
        float y = first;
        for (const CameraItem& camera : state.show.cameras) {
            const auto [sentence, tone] = camera_words(state, camera);
            char facts[64] = "";
            if (camera.well() && camera.width > 0)
                std::snprintf(facts, sizeof facts, "%d×%d · %.0f fps", camera.width, camera.height, camera.fps);
            const float w = kit.measure(Type::caption, facts).x;
            kit.content(x, y, Type::body, kit.color(Tone::ink), camera.name, width - w - kit.px(8));
            kit.text(x + width - w, y + kit.px(1), Type::caption, kit.color(Tone::ink_2), facts);
            y += kit.px(20);
            ImGui::GetWindowDrawList()->AddCircleFilled({x + kit.px(4), y + kit.px(7)}, kit.px(4), kit.color(tone), 16);
            y += kit.paragraph(x + kit.px(14), y, Type::caption, kit.color(tone == Tone::warn ? Tone::warn : Tone::ink_2),
                               sentence + (camera.dropped > 0 ? " " + state.say("camera.lost_frames", std::to_string(camera.dropped)) : ""),
                               width - kit.px(14)) +
                 kit.px(10);
        }
        return y - first;
    });
}

}  // namespace vitrine::panel::views
