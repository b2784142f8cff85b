#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

void row(const PanelState& state, const ProductItem& product, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const bool pinned = product.id == state.show.pinned;
    auto* list = ImGui::GetWindowDrawList();
    if (pinned) {
        const float radius = kit.px(static_cast<float>(look().shape.radius_control));
        list->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.accent, 0.14f), radius);
        list->AddRectFilled({area.x, area.y + kit.px(8)}, {area.x + kit.px(3), area.y + area.h - kit.px(8)}, kit.color(Tone::accent),
                            kit.px(2));
    }
    ButtonSpec spec{"pin:" + product.id,
                    state.say(pinned ? "product.unpin" : "product.pin"),
                    state.say(pinned ? "help.unpin" : "help.pin"),
                    why_no_command(state),
                    "",
                    Icon::pin};
    spec.selected = pinned;
    ButtonSpec longest = spec;
    longest.label = state.say("product.unpin");
    const float width = kit.button_width(longest);
    const Area button{area.x + area.w - width - kit.px(8), area.y + (area.h - kit.px(36)) / 2, width, kit.px(36)};
    if (kit.button(button, spec)) commands.send(PinProduct{pinned ? "" : product.id});
    const float room = button.x - kit.px(8) - area.x - kit.px(12);
    kit.text(area.x + kit.px(12), area.y + kit.px(9), Type::body, kit.color(Tone::ink), product.name, room);
    std::string facts = product.id;
    if (!product.price.empty()) facts += " · " + state.say("product.from", product.price);
    kit.text(area.x + kit.px(12), area.y + kit.px(30), Type::caption, kit.color(Tone::ink_2), facts, room);
}

}  // namespace

void products(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    kit.card(area);
    const float top = kit.heading(area, state.say("products.title"));
    const Area inside{area.x + kit.px(4), area.y + top, area.w - kit.px(8), area.h - top - kit.px(8)};
    if (kit.begin_scroll("products", inside)) {
        const float x = ImGui::GetCursorScreenPos().x, first = ImGui::GetCursorScreenPos().y, width = inside.w - kit.px(8);
        float y = first;
        if (state.show.products.empty())
            y += kit.paragraph(x + kit.px(8), y, Type::body, kit.color(Tone::ink_2), state.say("products.none"), width - kit.px(8));
        for (const ProductItem& product : state.show.products) {
            row(state, product, {x, y, width, kit.px(52)}, commands);
            y += kit.px(56);
        }
        ImGui::SetCursorScreenPos({x, first});
        ImGui::Dummy({width, y - first});
    }
    kit.end_scroll();
}

void on_product(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    kit.card(area);
    const float top = kit.heading(area, state.say("on_product.title"));
    const Area inside{area.x + kit.px(4), area.y + top, area.w - kit.px(8), area.h - top - kit.px(8)};
    const ProductItem* product = state.show.find_product(state.show.pinned);
    const float pad = kit.px(8);
    if (!product) {
        kit.paragraph(inside.x + pad, inside.y, Type::body, kit.color(Tone::ink_2), state.say("on_product.none"), inside.w - 2 * pad);
        return;
    }
    const std::string why = why_no_command(state);
    if (kit.begin_scroll("on_product", inside)) {
        const float x = ImGui::GetCursorScreenPos().x, first = ImGui::GetCursorScreenPos().y, width = inside.w - kit.px(8),
                    row = kit.px(36);
        float y = first;
        if (kit.toggle({x, y, width, row}, {"card", state.say("on_product.card"), state.say("help.card"), why}, state.show.card))
            commands.send(ShowCard{!state.show.card});
        y += row + kit.px(4);
        ImGui::GetWindowDrawList()->AddLine({x + pad, y}, {x + width - pad, y}, kit.color(kit.palette.line));
        y += kit.px(4);
        if (product->callouts.empty())
            y += kit.paragraph(x + pad, y + kit.px(8), Type::body, kit.color(Tone::ink_2), state.say("on_product.no_callouts"),
                               width - 2 * pad) +
                 pad;
        for (const CalloutItem& callout : product->callouts) {
            if (kit.toggle({x, y, width, row}, {"callout:" + callout.id, callout.text, state.say("help.callout"), why}, callout.visible))
                commands.send(ShowCallout{callout.id, !callout.visible});
            y += row;
        }
        ImGui::SetCursorScreenPos({x, first});
        ImGui::Dummy({width, y - first});
    }
    kit.end_scroll();
}

}  // namespace vitrine::panel::views
