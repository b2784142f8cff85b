// In a rehearsal: what to practise beside the pictures, and the whole list with how it went.

#include <algorithm>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

void tick(const Kit& kit, float x, float y, bool done, bool next) {
    auto* list = ImGui::GetWindowDrawList();
    if (done)
        kit.icon(Icon::check, x, y, kit.px(16), kit.color(Tone::ready));
    else
        list->AddCircle({x, y}, kit.px(6), kit.color(next ? Tone::accent : Tone::ink_2), 24, kit.px(next ? 2.0f : 1.0f));
}

}  // namespace

void rehearsal_steps(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const RehearsalView& view = *state.rehearsal;
    kit.card(area);
    const ButtonSpec all{"rehearsal.open",
                         state.say("rehearsal.word") + " " + std::to_string(view.done()) + "/" + std::to_string(view.steps.size()),
                         state.say("help.rehearsal.open"),
                         "",
                         "",
                         Icon::list};
    if (kit.button({area.x + kit.px(8), area.y + kit.px(8), area.w - kit.px(16), kit.px(36)}, all))
        commands.act(OpenOverlay{Overlay::rehearsal});
    const auto* next = view.next();
    float y = area.y + kit.px(52);
    for (const auto& step : view.steps) {
        const bool now = next == &step;
        tick(kit, area.x + kit.px(18), y + kit.px(9), step.done, now);
        kit.text(area.x + kit.px(34), y + kit.px(2), Type::body, kit.color(now ? Tone::ink : Tone::ink_2), step.text.in(state.ui.language),
                 area.w - kit.px(42));
        y += kit.px(21);
    }
    if (!next) return;
    const float room = area.y + area.h - y - kit.px(10), width = area.w - kit.px(24);
    const std::string& how = next->how.in(state.ui.language);
    if (kit.measure(Type::caption, how, width).y <= room)
        kit.paragraph(area.x + kit.px(12), y + kit.px(6), Type::caption, kit.color(Tone::ink_2), how, width);
}

void rehearsal(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    if (!state.rehearsal) return;
    const RehearsalView& view = *state.rehearsal;
    const float pad = kit.px(24);
    kit.text(area.x + pad, area.y + kit.px(24), Type::title, kit.color(Tone::ink),
             state.say(view.over ? "rehearsal.over" : "rehearsal.title"), area.w - kit.px(180));
    const ButtonSpec close{"close", state.say("overlay.close"), state.say("help.close"), "", "Esc", Icon::cross};
    const float w = kit.button_width(close);
    if (kit.button({area.x + area.w - pad - w, area.y + kit.px(16), w, kit.px(36)}, close)) commands.act(OpenOverlay{});
    const float width = std::min(area.w - 2 * pad, kit.px(960)), gap = kit.px(16);
    const float x = area.x + (area.w - width) / 2, top = area.y + kit.px(72), height = area.h - kit.px(96);
    const float left = view.over ? std::floor((width - gap) / 2) : width;
    const Area in = titled_card(kit, {x, top, left, height}, state.say("rehearsal.steps"));
    const auto* next = view.next();
    scrolling(kit, "steps", in, [&](float from, float first, float room) {
        float y = first;
        for (const auto& step : view.steps) {
            const bool now = next == &step;
            tick(kit, from + kit.px(12), y + kit.px(10), step.done, now);
            kit.text(from + kit.px(34), y + kit.px(2), Type::control, kit.color(now || step.done ? Tone::ink : Tone::ink_2),
                     step.text.in(state.ui.language), room - kit.px(40));
            y += kit.px(24);
            y +=
                kit.paragraph(from + kit.px(34), y, Type::body, kit.color(Tone::ink_2), step.how.in(state.ui.language), room - kit.px(40)) +
                kit.px(12);
        }
        return y - first;
    });
    if (!view.over) return;
    const Area out = titled_card(kit, {x + left + gap, top, width - left - gap, height}, state.say("rehearsal.result"));
    scrolling(kit, "result", out, [&](float from, float first, float room) {
        float y = first;
        for (const std::string& line : view.result(state.ui.language))
            y += kit.paragraph(from, y, Type::control, kit.color(Tone::ink), line, room) + kit.px(8);
        return y - first;
    });
}

}  // namespace vitrine::panel::views
