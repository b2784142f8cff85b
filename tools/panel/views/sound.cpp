// Sound: every source with its level, gain and mute, and what buyers hear of it together.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

constexpr double lowest_gain = -60, highest_gain = 12, gain_step = 1;

std::string decibel(double db) {
    if (db <= -60) return "–";
    char text[24];
    std::snprintf(text, sizeof text, "%+.0f dB", db);
    return db < 0 ? text : std::string(text);
}

/// "sim:voice" and the like as words.
std::string source_name(const PanelState& state, const std::string& id) {
    if (id == "default" || id.empty()) return state.say("sound.default");
    if (id.rfind("sim:", 0) == 0) return state.say("sound.simulated", id.substr(4));
    const std::size_t colon = id.find(':');
    return colon == std::string::npos ? id : id.substr(colon + 1);
}

float source(const PanelState& state, const SoundItem& item, float x, float y, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    const float row = kit.px(36), name_w = std::floor(width * 0.24f);
    kit.content(x, y + kit.px(11), Type::body, kit.color(item.muted ? Tone::ink_2 : Tone::ink), source_name(state, item.id),
                name_w - kit.px(8));
    ButtonSpec mute{"mute:" + item.id,
                    state.say(item.muted ? "sound.unmute" : "sound.mute"),
                    state.say(item.muted ? "help.source.unmute" : "help.source.mute"),
                    why,
                    "",
                    item.muted ? Icon::sound_off : Icon::sound};
    if (item.muted) mute.tone = Tone::warn;
    const float mute_w = kit.button_width(mute, {state.say("sound.unmute"), state.say("sound.mute")});
    float right = x + width - mute_w;
    if (kit.button({right, y, mute_w, row}, mute)) commands.send(MuteSource{item.id, !item.muted});
    right -= kit.px(44);
    if (kit.button({right, y, row, row}, {"gain.more:" + item.id, "", state.say("help.gain.more"), why, "", Icon::plus}))
        commands.send(SetSourceGain{item.id, std::min(highest_gain, item.gain_db + gain_step)});
    const float value = kit.px(62);
    right -= value;
    const std::string gain = decibel(item.gain_db);
    kit.text(right + (value - kit.measure(Type::body, gain).x) / 2, y + kit.px(11), Type::body, kit.color(Tone::ink), gain);
    right -= kit.px(36);
    if (kit.button({right, y, row, row}, {"gain.less:" + item.id, "", state.say("help.gain.less"), why, "", Icon::minus}))
        commands.send(SetSourceGain{item.id, std::max(lowest_gain, item.gain_db - gain_step)});
    const std::string level = decibel(item.peak_db);
    const float words = kit.px(56);
    right -= words;
    kit.text(right + words - kit.measure(Type::caption, level).x - kit.px(12), y + kit.px(12), Type::caption, kit.color(Tone::ink_2),
             level);
    draw_meter(kit, {x + name_w, y + kit.px(13), std::max(kit.px(40), right - x - name_w), kit.px(10)}, item.peak_db, item.muted);
    return row + kit.px(8);
}

}  // namespace

void sound(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), left_w = std::floor(area.w * 0.68f);
    const Area left = titled_card(kit, {area.x, area.y, left_w, area.h}, state.say("sound.sources"));
    if (state.show.sounds.empty()) {
        draw_nothing(kit, left, state.say("sound.none"));
    } else {
        scrolling(kit, "sounds", left, [&](float x, float first, float width) {
            float y = first;
            for (const SoundItem& item : state.show.sounds) y += source(state, item, x, y, width, commands);
            return y - first;
        });
    }
    const Area right = titled_card(kit, {area.x + left_w + gap, area.y, area.w - left_w - gap, area.h}, state.say("sound.program"));
    const std::string level = decibel(state.level_db);
    kit.text(right.x, right.y, Type::figure, kit.color(state.show.muted ? Tone::ink_2 : Tone::ink), level);
    draw_meter(kit, {right.x, right.y + kit.px(44), right.w - kit.px(4), kit.px(12)}, state.level_db, state.show.muted);
    for (const int mark : {-40, -20, -6}) {
        const float x = right.x + (right.w - kit.px(4)) * static_cast<float>(mark + 60) / 60;
        const std::string words = std::to_string(mark);
        kit.text(x - kit.measure(Type::caption, words).x / 2, right.y + kit.px(60), Type::caption, kit.color(Tone::ink_2), words);
    }
    kit.help_area({right.x, right.y + kit.px(40), right.w, kit.px(34)}, "program_meter", state.say("help.meter"));
    kit.paragraph(right.x, right.y + kit.px(84), Type::caption, kit.color(Tone::ink_2), state.say("help.meter"), right.w);
}

}  // namespace vitrine::panel::views
