// How the panel itself looks and behaves; kept for the next time.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/start_time.h"
#include "tools/panel/views/fields.h"

namespace vitrine::panel::views {
namespace {

constexpr int fades_ms[] = {300, 500, 1000, 2000};
constexpr int soon_minutes[] = {10, 30, 60};

/// When the waiting rooms are told that it begins; the height it took.
float start(const PanelState& state, float x, float first, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    constexpr std::int64_t minute_us = 60'000'000;
    const bool over = state.show.session != SessionState::idle && state.show.session != SessionState::ready;
    const std::string why = over ? state.say("start_time.begun") : why_no_command(state);
    const std::int64_t at = state.show.starts_at_us;
    float y = first;
    kit.text(x, y, Type::strong, kit.color(Tone::ink), state.say("start_time.title"), width);
    y += kit.px(24);
    const std::string said = at == 0 ? state.say("start_time.none") : state.say("start_time.at", start_time_text(at, state.utc_us));
    y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), said, width) + kit.px(8);
    const std::string& typed = state.kept("start_time");
    const auto wanted = start_time_of(typed, state.utc_us);
    const ButtonSpec tell{"start_time.tell", state.say("start_time.tell"), state.say("help.start_time.tell"),
                          why.empty() && !wanted ? state.say("start_time.unclear") : why};
    const float line = std::min(width, kit.px(470));
    if (send_field(state, {x, y, line, kit.px(36)}, {"start_time", state.say("start_time.hint"), state.say("help.start_time"), tell, why},
                   commands)) {
        commands.send(SetStart{*wanted, true});
        commands.keep("start_time", "");
    }
    y += kit.px(42);
    Row row{kit, x, y, x + line};
    for (const int minutes : soon_minutes)
        if (row.button({"start_time.in:" + std::to_string(minutes), state.say("start_time.in", std::to_string(minutes)),
                        state.say("help.start_time.in"), why}))
            commands.send(SetStart{(state.utc_us / minute_us + minutes) * minute_us, true});
    if (row.button({"start_time.clear", state.say("start_time.clear"), state.say("help.start_time.clear"),
                    why.empty() && at == 0 ? state.say("start_time.none") : why}))
        commands.send(SetStart{0, true});
    return y + kit.px(52) - first;
}

}  // namespace

void settings(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), column = std::floor((area.w - gap) / 2);
    const Area left = titled_card(kit, {area.x, area.y, column, area.h}, state.say("settings.panel"));
    scrolling(kit, "settings", left, [&](float x, float first, float width) {
        float y = first;
        const float label = kit.px(150), row = kit.px(36), choice = std::min(width - label, kit.px(320));
        kit.text(x, y + kit.px(11), Type::body, kit.color(Tone::ink_2), state.say("settings.language"), label);
        if (const auto pressed = kit.choice(
                {x + label, y, choice, row},
                {{"language:en", "English", state.say("help.language.en")}, {"language:zh", "中文", state.say("help.language.zh")}},
                state.ui.language == "zh" ? 1 : 0))
            commands.act(SetLanguage{*pressed ? "zh" : "en"});
        y += row + gap;
        kit.text(x, y + kit.px(11), Type::body, kit.color(Tone::ink_2), state.say("settings.theme"), label);
        if (const auto pressed = kit.choice({x + label, y, choice, row},
                                            {{"theme:dark", state.say("bar.dark"), state.say("help.theme.dark"), "", "", Icon::moon},
                                             {"theme:light", state.say("bar.light"), state.say("help.theme.light"), "", "", Icon::sun}},
                                            state.ui.dark ? 0 : 1))
            commands.act(SetTheme{*pressed == 0});
        y += row + gap;
        kit.text(x, y + kit.px(11), Type::body, kit.color(Tone::ink_2), state.say("settings.fade"), label);
        std::vector<ButtonSpec> fades;
        std::size_t chosen = std::size(fades_ms);
        for (const int each : fades_ms) {
            char words[24];
            std::snprintf(words, sizeof words, "%g s", each / 1000.0);
            if (each == state.ui.fade_ms) chosen = fades.size();
            fades.push_back({"fade:" + std::to_string(each), words, state.say("help.settings.fade")});
        }
        if (const auto pressed = kit.choice({x + label, y, choice, row}, fades, chosen)) commands.act(SetFade{fades_ms[*pressed]});
        y += row + gap;
        return y - first;
    });
    const Area right = titled_card(kit, {area.x + column + gap, area.y, area.w - column - gap, area.h}, state.say("settings.show"));
    scrolling(kit, "settings_show", right, [&](float x, float first, float width) {
        float y = first;
        y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink), state.show.title, width) + kit.px(12);
        y += start(state, x, y, width, commands);
        const std::string size = std::to_string(state.show.program_width) + "×" + std::to_string(state.show.program_height);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.program", size), width) + kit.px(4);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.address", state.address), width) + kit.px(4);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.own_process"), width);
        return y - first;
    });
}

}  // namespace vitrine::panel::views
