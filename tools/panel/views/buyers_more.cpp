// Points on the picture, orders, polls.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "tools/panel/product_geometry.h"
#include "tools/panel/views/buyers_parts.h"

namespace vitrine::panel::views {
namespace {

using desk::OrderState;
using desk::PointState;

std::string order_key(OrderState state) {
    constexpr const char* names[] = {"placed", "confirmed", "in_production", "shipped", "delivered", "cancelled"};
    return std::string("order.") + names[static_cast<std::size_t>(state)];
}

void point_detail(const PanelState& state, const desk::Point& point, std::size_t number, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    const About about(kit.hand, point.id);
    scrolling(kit, "point", area, [&](float x, float first, float width) {
        float y = first;
        kit.content(x, y, Type::caption, kit.color(Tone::ink_2), std::to_string(number) + " · " + who_is(state, point.person), width);
        y += kit.px(20);
        const std::string note = point.note.empty() ? state.say("inbox.point") : point.note;
        y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink), note, width) + kit.px(4);
        const ProductItem* product = state.show.find_product(point.product);
        char place[64];
        std::snprintf(place, sizeof place, "%.0f, %.0f mm", point.at_mm[0], point.at_mm[1]);
        const bool in_sight = find_anchor(state.scene, point.product) != nullptr;
        y += kit.paragraph(x, y, Type::caption, kit.color(Tone::ink_2),
                           (product ? product->name : point.product) + " · " + place + " · " +
                               state.say(in_sight ? "point.in_sight" : "point.out_of_sight"),
                           width) +
             kit.px(8);
        Row row{kit, x, y, x + width};
        const bool shown = point.state == PointState::shown;
        ButtonSpec show{"point.show", state.say(shown ? "point.unshow" : "point.show"), state.say("help.point.show"), why, "",
                        Icon::target};
        show.selected = shown;
        if (kit.button(row.place(kit.button_width(show, {state.say("point.unshow"), state.say("point.show")})), show))
            commands.ask_desk(desk::SetPoint{point.id, shown ? PointState::open : PointState::shown});
        if (row.button({"point.done", state.say("point.done"), state.say("help.point.done"), why, "", Icon::check}))
            commands.ask_desk(desk::SetPoint{point.id, PointState::done});
        y += kit.px(44);
        const std::string draft = "point_answer:" + point.id;
        const ButtonSpec send{"point.answer",
                              state.say("answer.send"),
                              state.say("help.point.answer"),
                              why_not_sent(state, draft, why, "answer.empty"),
                              "",
                              Icon::send,
                              Tone::accent};
        if (send_field(state, {x, y, width, kit.px(36)}, {draft, state.say("answer.hint"), state.say("help.point.answer"), send, why},
                       commands)) {
            desk::Say say;
            say.text = state.kept(draft);
            say.language = state.ui.language;
            say.to = point.person;
            say.is_private = true;
            say.moment = point.moment;
            commands.ask_desk(say);
            commands.keep(draft, "");
        }
        return y + kit.px(40) - first;
    });
}

/// What the order is for: what the quote that it was made from says, else what is on air.
std::string order_product(const PanelState& state) {
    if (const std::string& chosen = state.kept("order.product"); state.show.find_product(chosen)) return chosen;
    return state.show.pinned.empty() && !state.show.products.empty() ? state.show.products.front().id : state.show.pinned;
}

void new_order(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    scrolling(kit, "new_order", area, [&](float x, float first, float width) {
        float y = first;
        if (kit.toggle({x, y, width, kit.px(36)}, {"ticker", state.say("ticker.show"), state.say("help.ticker"), why}, state.show.ticker))
            commands.send(ShowTicker{!state.show.ticker});
        y += kit.px(42);
        const float half = std::floor((width - kit.px(8)) / 2);
        kept_field(state, {x, y, half, kit.px(36)}, "order.number", state.say("order.number"), state.say("help.order.number"), commands,
                   why);
        kept_field(state, {x + half + kit.px(8), y, half, kit.px(36)}, "order.quantity", state.say("order.quantity"),
                   state.say("help.order.quantity"), commands, why);
        y += kit.px(42);
        kept_field(state, {x, y, half, kit.px(36)}, "order.buyer", state.say("order.buyer"), state.say("help.order.buyer"), commands, why);
        kept_field(state, {x + half + kit.px(8), y, half, kit.px(36)}, "order.place", state.say("order.place"),
                   state.say("help.order.place"), commands, why);
        y += kit.px(42);
        const bool named = state.kept("order.named") == "1";
        if (kit.toggle({x, y, width, kit.px(36)}, {"order.named", state.say("order.named"), state.say("help.order.named"), why}, named))
            commands.keep("order.named", named ? "0" : "1");
        y += kit.px(42);
        const std::int64_t quantity = std::strtoll(state.kept("order.quantity").c_str(), nullptr, 10);
        std::string no_order = why;
        if (no_order.empty() && state.kept("order.number").empty()) no_order = state.say("order.no_number");
        if (no_order.empty() && quantity <= 0) no_order = state.say("offer.no_quantity");
        const std::string& number = state.kept("order.number");
        if (no_order.empty() &&
            std::any_of(state.desk.orders.begin(), state.desk.orders.end(), [&](const auto& o) { return o.id == number; }))
            no_order = state.say("order.number_taken", number);
        const std::string product = order_product(state);
        const ButtonSpec put{"order.put", state.say("order.put", product), state.say("help.order.put"), no_order, "", Icon::plus,
                             Tone::accent};
        if (kit.button({x, y, std::min(width, kit.button_width(put)), kit.px(36)}, put)) {
            desk::Order order;
            order.id = state.kept("order.number");
            order.product = product;
            order.buyer = state.kept("order.buyer");
            order.place = state.kept("order.place");
            order.quantity = quantity;
            order.name_allowed = named;
            commands.ask_desk(desk::PutOrder{order});
            // Leave to show a name was given for this order alone.
            for (const char* each : {"order.number", "order.quantity", "order.buyer", "order.place", "order.product", "order.named"})
                commands.keep(each, "");
        }
        return y + kit.px(40) - first;
    });
}

}  // namespace

void points_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    const auto& points = state.desk.points;
    if (points.empty()) return draw_nothing(kit, {list.x, list.y, detail.x + detail.w - list.x, list.h}, state.say("points.none"));
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (points[i].id == state.kept("buyers.points")) chosen = i;
    scrolling(kit, "points", list, [&](float x, float first, float width) {
        float y = first;
        for (std::size_t i = 0; i < points.size(); ++i) {
            ListItem item{"point:" + points[i].id, name_of(state.desk, points[i].person),
                          points[i].note.empty() ? state.say("inbox.point") : points[i].note, std::to_string(i + 1), Icon::target};
            item.chosen = i == chosen;
            item.done = points[i].state == PointState::done;
            if (list_item(state, {x, y, width, kit.px(list_item_px - 2)}, item, state.say("help.point")))
                commands.keep("buyers.points", points[i].id);
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    point_detail(state, points[chosen], chosen + 1, detail, commands);
}

void orders_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    scrolling(kit, "orders", list, [&](float x, float first, float width) {
        float y = first;
        if (state.desk.orders.empty())
            y += kit.paragraph(x + kit.px(8), y, Type::body, kit.color(Tone::ink_2), state.say("orders.none"), width - kit.px(16));
        for (auto order = state.desk.orders.rbegin(); order != state.desk.orders.rend(); ++order) {
            const bool over = order->state == OrderState::delivered || order->state == OrderState::cancelled;
            const ButtonSpec next{"order.next:" + order->id,
                                  over ? "" : state.say(order_key(static_cast<OrderState>(static_cast<int>(order->state) + 1))),
                                  state.say("help.order.next"),
                                  why,
                                  "",
                                  Icon::next};
            const float w = over ? 0 : kit.button_width(next);
            kit.content(x + kit.px(8), y + kit.px(8), Type::caption, kit.color(Tone::ink_2),
                        order->id + " · " + state.say(order_key(order->state)) + (order->buyer.empty() ? "" : " · " + order->buyer),
                        width - w - kit.px(20));
            kit.content(x + kit.px(8), y + kit.px(25), Type::body, kit.color(over ? Tone::ink_2 : Tone::ink),
                        count_text(order->quantity) + " · " + order->product + (order->place.empty() ? "" : " · " + order->place),
                        width - w - kit.px(20));
            if (!over && kit.button({x + width - w, y + kit.px(5), w, kit.px(36)}, next)) {
                desk::PutOrder act{*order};
                act.order.state = static_cast<OrderState>(static_cast<int>(order->state) + 1);
                commands.ask_desk(act);
            }
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    new_order(state, detail, commands);
}

void poll_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    const auto words = [&](const LocalText& text) { return text.in(state.ui.language); };
    scrolling(kit, "poll", list, [&](float x, float first, float width) {
        float y = first;
        if (!state.desk.poll)
            return kit.paragraph(x + kit.px(8), y, Type::body, kit.color(Tone::ink_2), state.say("poll.none"), width - kit.px(16));
        const desk::Poll& poll = *state.desk.poll;
        y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink), words(poll.question), width) + kit.px(6);
        int total = 0;
        for (const int votes : poll.votes) total += votes;
        for (std::size_t i = 0; i < poll.options.size(); ++i) {
            const int votes = i < poll.votes.size() ? poll.votes[i] : 0;
            const float share = total > 0 ? static_cast<float>(votes) / static_cast<float>(total) : 0;
            const Area bar{x, y, width, kit.px(26)};
            auto* draw = ImGui::GetWindowDrawList();
            draw->AddRectFilled(bar.min(), bar.max(), kit.color(kit.palette.raised), kit.px(4));
            draw->AddRectFilled(bar.min(), {bar.x + bar.w * share, bar.y + bar.h}, kit.color(Tone::info, 0.35f), kit.px(4));
            const std::string count = std::to_string(votes);
            const float w =
                kit.text(x + width - kit.measure(Type::body, count).x - kit.px(8), y + kit.px(6), Type::body, kit.color(Tone::ink), count);
            kit.content(x + kit.px(8), y + kit.px(6), Type::body, kit.color(Tone::ink), words(poll.options[i]), width - w - kit.px(28));
            y += kit.px(30);
        }
        if (poll.open) {
            const ButtonSpec close{"poll.close", state.say("poll.close"), state.say("help.poll.close"), why, "", Icon::check};
            const Question sure_close{state.say("confirm.poll.close"), "poll.close:" + poll.id, state.say("ask.poll.close")};
            if (asking_button(state, {x, y + kit.px(4), asking_width(state, close, sure_close), kit.px(36)}, close, sure_close, commands))
                commands.ask_desk(desk::ClosePoll{poll.id, true});
            y += kit.px(44);
        } else {
            kit.text(x, y + kit.px(4), Type::caption, kit.color(Tone::ink_2), state.say("poll.closed"), width);
            y += kit.px(24);
        }
        return y - first;
    });
    scrolling(kit, "new_poll", detail, [&](float x, float first, float width) {
        float y = first;
        kept_field(state, {x, y, width, kit.px(36)}, "poll.question", state.say("poll.question"), state.say("help.poll.question"), commands,
                   why);
        y += kit.px(42);
        const float half = std::floor((width - kit.px(8)) / 2);
        std::vector<std::string> options;
        for (int i = 0; i < 4; ++i) {
            const std::string key = "poll.option" + std::to_string(i);
            kept_field(state, {x + (i % 2 ? half + kit.px(8) : 0), y, half, kit.px(36)}, key,
                       state.say("poll.option", std::to_string(i + 1)), state.say("help.poll.option"), commands, why);
            if (!state.kept(key).empty()) options.push_back(state.kept(key));
            if (i % 2) y += kit.px(42);
        }
        std::string no_poll = why;
        if (no_poll.empty() && (state.kept("poll.question").empty() || options.size() < 2)) no_poll = state.say("poll.incomplete");
        const ButtonSpec open{"poll.open", state.say("poll.open"), state.say("help.poll.open"), no_poll, "", Icon::send, Tone::accent};
        const Question sure_open{state.say("confirm.poll.open"), "poll.open:" + state.kept("poll.question"),
                                 state.say("ask.poll.open", state.kept("poll.question"))};
        if (asking_button(state, {x, y, asking_width(state, open, sure_open), kit.px(36)}, open, sure_open, commands)) {
            // In the language it was typed in: buyers of other languages read it as it is.
            const std::string language = state.ui.language;
            desk::OpenPoll act;
            act.question.by_language[language] = state.kept("poll.question");
            for (const std::string& option : options) act.options.push_back(LocalText{{{language, option}}});
            commands.ask_desk(act);
            for (const char* key : {"poll.question", "poll.option0", "poll.option1", "poll.option2", "poll.option3"})
                commands.keep(key, "");
        }
        return y + kit.px(40) - first;
    });
}

}  // namespace vitrine::panel::views
