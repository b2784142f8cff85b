// The catalogue: search, pin, prices, and the chosen product's callouts: their words, and their places by keyboard (by pointer they are
// dragged on the program picture).

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "engine/desk/money.h"
#include "tools/panel/views/fields.h"

namespace vitrine::panel::views {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool matches(const ProductItem& product, const std::string& typed) {
    if (typed.empty()) return true;
    const std::string wanted = lower(typed);
    return lower(product.id).find(wanted) != std::string::npos || lower(product.name).find(wanted) != std::string::npos ||
           lower(product.description).find(wanted) != std::string::npos;
}

const ProductItem* chosen_product(const PanelState& state) {
    if (const ProductItem* product = state.show.find_product(state.kept("products.product"))) return product;
    if (const ProductItem* product = state.show.find_product(state.show.pinned)) return product;
    return state.show.products.empty() ? nullptr : &state.show.products.front();
}

void catalogue(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, "");
    kept_field(state, {in.x, in.y, in.w - kit.px(4), kit.px(36)}, "products.search", state.say("products.search"),
               state.say("help.products.search"), commands);
    const ProductItem* chosen = chosen_product(state);
    const Area rest{in.x - kit.px(8), in.y + kit.px(42), in.w + kit.px(12), in.h - kit.px(42)};
    if (state.show.products.empty()) return draw_nothing(kit, rest, state.say("products.none"));
    scrolling(kit, "catalogue", rest, [&](float x, float first, float width) {
        float y = first;
        for (const ProductItem& product : state.show.products) {
            if (!matches(product, state.kept("products.search"))) continue;
            ListItem item{"product:" + product.id,
                          product.id + (product.price.empty() ? "" : " · " + state.say("product.from", product.price)),
                          product.name,
                          product.id == state.show.pinned ? state.say("product.pinned") : "",
                          Icon::box,
                          Tone::accent};
            item.chosen = &product == chosen;
            if (list_item(state, {x, y, width, kit.px(list_item_px - 2)}, item, state.say("help.product")))
                commands.keep("products.product", product.id);
            y += kit.px(list_item_px);
        }
        if (y == first)
            y += kit.paragraph(x + kit.px(8), y, Type::body, kit.color(Tone::ink_2), state.say("products.no_match"), width - kit.px(16));
        return y - first;
    });
}

void facts(const PanelState& state, const ProductItem& product, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, "");
    scrolling(kit, "facts", in, [&](float x, float first, float width) {
        float y = first;
        const ButtonSpec pin = pin_button(state, product.id);
        const float w = pin_button_width(state, pin);
        if (kit.button({x + width - w, y, w, kit.px(36)}, pin)) commands.send(PinProduct{pin.selected ? "" : product.id});
        kit.content(x, y + kit.px(2), Type::control, kit.color(Tone::ink), product.name, width - w - kit.px(12));
        kit.content(x, y + kit.px(24), Type::caption, kit.color(Tone::ink_2), product.id, width - w - kit.px(12));
        y += kit.px(48);
        if (!product.description.empty())
            y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), product.description, width) + kit.px(8);
        for (const PriceItem& tier : product.prices) {
            const std::string words = desk::plain_price(tier.unit, tier.currency) + " " + tier.currency;
            const std::string from = state.say("product.from_count", std::to_string(tier.min));
            kit.content(x, y, Type::body, kit.color(Tone::ink_2), tier.group.empty() ? from : from + " · " + tier.group, width * 0.62f);
            kit.text(x + width - kit.measure(Type::body, words).x, y, Type::body, kit.color(Tone::ink), words);
            y += kit.px(22);
        }
        return y - first;
    });
}

/// The chosen callout's place and words; the height it took.
float edit(const PanelState& state, const ProductItem& product, const CalloutItem& callout, float x, float y, float width,
           Commands& commands) {
    const Kit& kit = *state.kit;
    const float first = y;
    const std::string why = why_no_command(state), draft = "callout_text:" + callout.id;
    const About about(kit.hand, callout.id);
    char place[64];
    std::snprintf(place, sizeof place, "%.1f, %.1f, %.1f mm", callout.at_mm[0], callout.at_mm[1], callout.at_mm[2]);
    kit.text(x, y + kit.px(2), Type::caption, kit.color(Tone::ink_2), state.say("callout.place", place), width);
    y += kit.px(22);
    Row row{kit, x, y, x + width};
    for (const auto& [id, label, dx, dy] : {std::tuple{"callout.left", "←", -1.0, 0.0},
                                            {"callout.right", "→", 1.0, 0.0},
                                            {"callout.up", "↑", 0.0, -1.0},
                                            {"callout.down", "↓", 0.0, 1.0}})
        if (kit.button(row.place(kit.px(38), 4), {id, label, state.say("help.callout.move"), why}))
            commands.send(PlaceCallout{callout.id, {callout.at_mm[0] + dx, callout.at_mm[1] + dy, callout.at_mm[2]}, true});
    row.x += kit.px(4);
    const std::string key = "remove:" + callout.id;
    const ButtonSpec remove{"callout.remove", state.say("callout.remove"), state.say("help.callout.remove"), why, "", Icon::trash};
    const Question sure_remove{state.say("confirm.callout.remove"), key, state.say("ask.callout.remove", callout.text)};
    if (asking_button(state, row.place(asking_width(state, remove, sure_remove)), remove, sure_remove, commands))
        commands.send(RemoveCallout{callout.id});
    y += kit.px(42);
    const ButtonSpec save{
        "callout.save", state.say("callout.save"), state.say("help.callout.save"), why_not_sent(state, draft, why, "callout.empty"), "",
        Icon::check};
    if (send_field(state, {x, y, width, kit.px(36)}, {draft, state.say("callout.text"), state.say("help.callout.text"), save, why},
                   commands)) {
        PutCallout act;
        act.product = product.id;
        act.id = callout.id;
        act.text = callout.texts;
        act.text->by_language[state.ui.language] = state.kept(draft);
        commands.send(act);
        commands.keep(draft, "");
    }
    return y + kit.px(42) - first;
}

void callouts(const PanelState& state, const ProductItem& product, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("on_product.callouts"));
    const std::string why = why_no_command(state);
    scrolling(kit, "callouts", {in.x - kit.px(4), in.y, in.w + kit.px(8), in.h}, [&](float x, float first, float width) {
        float y = first;
        y += kit.paragraph(x + kit.px(4), y, Type::caption, kit.color(Tone::ink_2), state.say("callout.drag"), width - kit.px(8)) +
             kit.px(6);
        const std::string chosen = state.kept("products.callout");
        for (const CalloutItem& callout : product.callouts) {
            if (callout.dimension) continue;
            ButtonSpec spec{"edit:" + callout.id, callout.text, state.say("help.callout.edit")};
            spec.selected = callout.id == chosen;
            if (kit.row({x, y, width, kit.px(36)}, spec)) commands.keep("products.callout", spec.selected ? "" : callout.id);
            kit.icon(Icon::target, x + kit.px(18), y + kit.px(18), kit.px(14), kit.color(spec.selected ? Tone::accent : Tone::ink_2));
            kit.content(x + kit.px(34), y + kit.px(11), Type::body, kit.color(Tone::ink), callout.text, width - kit.px(42));
            y += kit.px(38);
            if (spec.selected) y += edit(state, product, callout, x + kit.px(8), y, width - kit.px(12), commands);
        }
        const std::string draft = "callout_new:" + product.id;
        const ButtonSpec add{
            "callout.add", state.say("callout.add"), state.say("help.callout.add"), why_not_sent(state, draft, why, "callout.empty"), "",
            Icon::plus};
        y += kit.px(4);
        if (send_field(state, {x + kit.px(4), y, width - kit.px(8), kit.px(36)},
                       {draft, state.say("callout.new"), state.say("help.callout.new"), add, why}, commands)) {
            PutCallout act;
            act.product = product.id;
            act.at_mm = std::array<double, 3>{std::round(product.width_mm / 2), std::round(product.height_mm / 2), 0};
            act.text = LocalText{{{state.ui.language, state.kept(draft)}}};
            commands.send(act);
            commands.keep(draft, "");
        }
        return y + kit.px(42) - first;
    });
}

}  // namespace

void products(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const auto [first, second, third] = in_thirds(kit, area);
    catalogue(state, first, commands);
    if (const ProductItem* product = chosen_product(state)) {
        facts(state, *product, second, commands);
        callouts(state, *product, third, commands);
    } else {
        kit.card(second);
        kit.card(third);
    }
}

}  // namespace vitrine::panel::views
