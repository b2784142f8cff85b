// What the panel says when there is no show to talk to, and its short messages.

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {

bool has_banner(const PanelState& state) { return !state.attached() || state.now < state.ui.message_until; }

void banner(const PanelState& state, const Area& area, Commands&) {
    if (!has_banner(state)) return;
    const Kit& kit = *state.kit;
    Tone tone = Tone::warn;
    std::string title, what;
    if (state.link == ControlClient::Link::refused) {
        title = state.say("link.refused");
        what = state.say("link.refused.what");
    } else if (!state.attached()) {
        title = state.say("link.lost");
        what = state.say("link.lost.what", std::to_string(static_cast<int>(state.now - state.unlinked_since)));
    } else {
        tone = state.ui.message_is_warning ? Tone::warn : Tone::ready;
        title = state.ui.message;
    }
    auto* list = ImGui::GetWindowDrawList();
    const float radius = kit.px(static_cast<float>(look().shape.radius_control));
    list->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.raised), radius);
    list->AddRect(area.min(), area.max(), kit.color(tone), radius, 0, kit.px(1.5f));
    float x = area.x + kit.px(16);
    if (tone == Tone::warn) {
        kit.icon(Icon::warning, x + kit.px(6), area.y + area.h / 2, kit.px(18), kit.color(tone));
        x += kit.px(26);
    }
    const float y = area.y + area.h / 2 - kit.px(8);
    x += kit.text(x, y, Type::strong, kit.color(Tone::ink), title, area.x + area.w - kit.px(12) - x) + kit.px(12);
    if (!what.empty()) kit.text(x, y, Type::body, kit.color(Tone::ink_2), what, std::max(kit.px(40), area.x + area.w - kit.px(12) - x));
}

void no_show(const PanelState& state, const Area& area, Commands&) {
    const Kit& kit = *state.kit;
    const bool refused = state.link == ControlClient::Link::refused;
    const float width = kit.px(480), pad = kit.px(24);
    const std::string& title = state.say(refused ? "link.refused" : "link.connecting");
    const std::string what = refused ? state.say("link.refused.what") : state.say("link.connecting.what", state.address);
    const float text_height = kit.measure(Type::body, what, width - 2 * pad).y;
    const bool waiting_long = !refused && state.now - state.unlinked_since > 3 && !state.trouble.empty();
    const float trouble_height = waiting_long ? kit.measure(Type::caption, state.trouble, width - 2 * pad).y + kit.px(12) : 0;
    const float height = 2 * pad + kit.px(36) + text_height + trouble_height;
    const Area card{area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width, height};
    kit.card(card);
    float y = card.y + pad;
    kit.text(card.x + pad, y, Type::title, kit.color(refused ? Tone::warn : Tone::ink), title, width - 2 * pad);
    y += kit.px(36);
    y += kit.paragraph(card.x + pad, y, Type::body, kit.color(Tone::ink_2), what, width - 2 * pad);
    if (waiting_long) kit.paragraph(card.x + pad, y + kit.px(12), Type::caption, kit.color(Tone::ink_2), state.trouble, width - 2 * pad);
}

}  // namespace vitrine::panel::views
