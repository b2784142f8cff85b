#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

constexpr double lowest_db = -60, loud_db = -3, caution_db = -9;

}  // namespace

void sound(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    kit.card(area);
    kit.heading(area, state.say("sound.title"));
    const bool muted = state.show.muted;
    const std::string& label = state.say(muted ? "sound.unmute" : "sound.mute");
    ButtonSpec spec{
        "mute", label, state.say(muted ? "help.unmute" : "help.mute"), why_no_command(state), "", muted ? Icon::sound_off : Icon::sound};
    if (muted) spec.tone = Tone::warn;
    ButtonSpec longest = spec;
    longest.label = state.say("sound.unmute");
    const float button = kit.button_width(longest);
    if (kit.button({area.x + area.w - kit.px(12) - button, area.y + kit.px(10), button, kit.px(36)}, spec)) commands.send(Mute{!muted});

    const double db = state.level_db;
    const bool silent = state.attached() && state.now - state.heard_at > silent_after_s;
    const Area meter{area.x + kit.px(12), area.y + kit.px(58), area.w - kit.px(24), kit.px(10)};
    auto* list = ImGui::GetWindowDrawList();
    const auto at = [&](double level) { return meter.x + meter.w * static_cast<float>((level - lowest_db) / -lowest_db); };
    list->AddRectFilled(meter.min(), meter.max(), kit.color(kit.palette.raised), kit.px(3));
    const auto fill = [&](double from, double to, Tone tone) {
        const double end = std::min(to, std::clamp(db, lowest_db, 0.0));
        if (end > from)
            list->AddRectFilled({at(from), meter.y}, {at(end), meter.y + meter.h}, kit.color(muted ? Tone::ink_2 : tone), kit.px(2));
    };
    fill(lowest_db, caution_db, Tone::ready);
    fill(caution_db, 0, Tone::warn);
    for (const int mark : {-40, -20, -6}) {
        const float x = std::round(at(mark));
        list->AddLine({x, meter.y}, {x, meter.y + meter.h}, kit.color(kit.palette.surface), 1);
        const std::string words = std::to_string(mark);
        kit.text(x - kit.measure(Type::caption, words).x / 2, meter.y + meter.h + kit.px(3), Type::caption, kit.color(Tone::ink_2), words);
    }
    kit.help_area({meter.x, meter.y - kit.px(2), meter.w, kit.px(26)}, "meter", state.say("help.meter"));

    char level[24] = "–";
    if (db > lowest_db) std::snprintf(level, sizeof level, "%.0f dB", db);
    const float width = kit.measure(Type::caption, level).x;
    const float y = meter.y + meter.h + kit.px(22);
    kit.text(meter.x + meter.w - width, y, Type::caption, kit.color(Tone::ink_2), level);
    const Tone tone = muted || silent || db > loud_db ? Tone::warn : Tone::ready;
    kit.state(meter.x, y, tone,
              state.say(muted          ? "sound.muted"
                        : silent       ? "sound.quiet"
                        : db > loud_db ? "sound.loud"
                                       : "sound.good"),
              meter.w - width - kit.px(8));
}

}  // namespace vitrine::panel::views
