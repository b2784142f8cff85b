// What happened in this show, in sentences, newest first.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "tools/panel/show_sentences.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {

namespace {

/// Of this computer's clock.
std::string time_of_day(std::int64_t utc_us) {
    const std::time_t seconds = utc_us / 1'000'000;
    std::tm local{};
    if (!localtime_r(&seconds, &local)) return {};
    char words[16];
    std::snprintf(words, sizeof words, "%02d:%02d:%02d", local.tm_hour, local.tm_min, local.tm_sec);
    return words;
}

/// A sentence that came in English only is put into the presenter's language where that is known.
std::string in_words(const LocalText& text, const std::string& language) {
    if (const auto own = text.by_language.find(language); own != text.by_language.end()) return own->second;
    const auto english = text.by_language.find("en");
    return english == text.by_language.end() ? std::string() : show_sentence(english->second, language);
}

/// What went wrong stands out; so does going on air.
Tone tone_of(const LogItem& line) {
    if (line.key.empty() || line.key == "log.camera_lost" || line.key == "log.camera_frozen" || line.key == "log.camera_mask_failed")
        return Tone::warn;
    return line.key == "log.live" || line.key == "log.resumed" ? Tone::live : Tone::ink_2;
}

}  // namespace

void log(const PanelState& state, const Area& area, Commands&) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), left_w = std::floor(area.w * 0.64f);
    const Area left = titled_card(kit, {area.x, area.y, left_w, area.h}, state.say("log.title"));
    if (state.log.empty()) {
        draw_nothing(kit, left, state.say("log.none"));
    } else {
        const float clock = kit.measure(Type::caption, "00:00:00").x + kit.px(12);
        scrolling(kit, "log", left, [&](float x, float first, float width) {
            float y = first;
            for (auto line = state.log.rbegin(); line != state.log.rend(); ++line) {
                const Tone tone = tone_of(*line);
                kit.text(x, y + kit.px(1), Type::caption, kit.color(Tone::ink_2), time_of_day(line->at_us));
                ImGui::GetWindowDrawList()->AddCircleFilled({x + clock + kit.px(4), y + kit.px(9)}, kit.px(3), kit.color(tone), 12);
                const std::string by = in_words(line->by, state.ui.language);
                const float start = x + clock + kit.px(14);
                y += kit.paragraph(start, y, Type::body, kit.color(tone == Tone::warn ? Tone::warn : Tone::ink),
                                   in_words(line->text, state.ui.language) + (by.empty() ? "" : "  ·  " + by), x + width - start) +
                     kit.px(6);
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
