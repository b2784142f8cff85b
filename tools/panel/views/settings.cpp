// How the panel itself looks and behaves; kept for the next time.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

constexpr int fades_ms[] = {300, 500, 1000, 2000};

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
        y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink), state.show.title, width) + kit.px(6);
        const std::string size = std::to_string(state.show.program_width) + "×" + std::to_string(state.show.program_height);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.program", size), width) + kit.px(4);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.address", state.address), width) + kit.px(4);
        y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("settings.own_process"), width);
        return y - first;
    });
}

}  // namespace vitrine::panel::views
