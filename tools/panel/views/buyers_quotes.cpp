// Quotes by value: what was asked, at which tier, what was said in each round, changes to the product, and our offer.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/desk/money.h"
#include "tools/panel/views/buyers_parts.h"

namespace vitrine::panel::views {
namespace {

using desk::ChangeState;
using desk::QuoteState;

std::string key_of(QuoteState state) {
    constexpr const char* names[] = {"requested", "countered", "accepted", "declined", "withdrawn"};
    return std::string("quote.") + names[static_cast<std::size_t>(state)];
}

std::string change_key(ChangeState state) {
    constexpr const char* names[] = {"proposed", "accepted", "countered", "declined"};
    return std::string("change.") + names[static_cast<std::size_t>(state)];
}

std::string round_text(const PanelState& state, const desk::QuoteRound& round) {
    std::string words = state.say(round.by == desk::Role::buyer ? "quote.they" : "quote.we") + ": " + count_text(round.quantity);
    words += round.unit_price ? " × " + money_text(*round.unit_price) : " · " + state.say("quote.tell_me");
    if (!round.lead_time.empty()) words += " · " + round.lead_time;
    if (!round.note.empty()) words += " · " + round.note;
    return words;
}

/// "2,000 × 3.90 USD = 7,800.00 USD".
std::string sum_text(std::int64_t quantity, const desk::Money& price) {
    const auto sum = desk::sum_of(price, quantity);
    return count_text(quantity) + " × " + money_text(price) + (sum ? " = " + money_text(*sum) : "");
}

/// One proposed change with its answers; the height it took.
float change(const PanelState& state, const desk::Quote& quote, const desk::SpecChange& what, float x, float y, float width,
             Commands& commands) {
    const Kit& kit = *state.kit;
    const float first = y;
    std::string words = what.key + ": " + what.from + " → " + what.to;
    if (!what.note.empty()) words += " (" + what.note + ")";
    y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink), words, width) + kit.px(2);
    if (what.state != ChangeState::proposed) {
        const Tone tone = what.state == ChangeState::accepted   ? Tone::ready
                          : what.state == ChangeState::declined ? Tone::ink_2
                                                                : Tone::info;
        y += kit.px(18);
        kit.content(x, y - kit.px(18), Type::caption, kit.color(tone),
                    state.say(change_key(what.state)) + (what.counter.empty() ? "" : ": " + what.counter), width);
        return y - first + kit.px(4);
    }
    const std::string why = why_no_command(state), draft = "change:" + quote.id + ":" + what.id;
    const auto decide = [&](ChangeState to, std::string counter) {
        commands.ask_desk(desk::DecideChange{quote.id, what.id, to, std::move(counter)});
        commands.keep(draft, "");
    };
    const ButtonSpec accept{draft + ":accept", state.say("change.accept"), state.say("help.change.accept"), why, "", Icon::check};
    const ButtonSpec decline{draft + ":decline", state.say("change.decline"), state.say("help.change.decline"), why, "", Icon::cross};
    const ButtonSpec counter{draft + ":counter", state.say("change.counter"), state.say("help.change.counter"),
                             why.empty() && state.kept(draft).empty() ? state.say("change.counter.empty") : why};
    Row row{kit, x, y, x + width};
    const std::string who = name_of(state.desk, quote.person), to = what.key + ": " + what.to;
    const Question sure_accept{state.say("confirm.change.accept"), draft + ":accept", say_both(state, "ask.change.accept", to, who)};
    const Question sure_decline{state.say("confirm.change.decline"), draft + ":decline", say_both(state, "ask.change.decline", to, who)};
    if (asking_button(state, row.place(asking_width(state, accept, sure_accept)), accept, sure_accept, commands))
        decide(ChangeState::accepted, "");
    if (asking_button(state, row.place(asking_width(state, decline, sure_decline)), decline, sure_decline, commands))
        decide(ChangeState::declined, "");
    const float counter_w = kit.button_width(counter);
    const float field = x + width - row.x - counter_w - kit.px(8);
    bool go = kept_field(state, row.place(std::max(field, kit.px(80))), draft, state.say("change.hint"), state.say("help.change.hint"),
                         commands, why);
    go = kit.button({x + width - counter_w, y, counter_w, kit.px(36)}, counter) || go;
    if (go && counter.why_not.empty()) decide(ChangeState::countered, state.kept(draft));
    return y + kit.px(42) - first;
}

/// Our offer; the height it took.
float offer(const PanelState& state, const desk::Quote& quote, float x, float y, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    const float first = y, gap = kit.px(8);
    const std::string why = why_no_command(state), key = "offer:" + quote.id;
    const auto price = price_of(quote);
    const ProductItem* product = state.show.find_product(quote.product);
    const PriceItem* tier = product ? product->tier(quote.quantity) : nullptr;
    const std::string currency = price ? price->currency : tier ? tier->currency : "USD";
    const std::int64_t asked = quote.rounds.empty() ? quote.quantity : quote.rounds.back().quantity;

    const float part = std::floor((width - 2 * gap) / 3);
    kept_field(state, {x, y, part, kit.px(36)}, key + ":price", state.say("offer.price", currency), state.say("help.offer.price"), commands,
               why);
    kept_field(state, {x + part + gap, y, part, kit.px(36)}, key + ":quantity", state.say("offer.quantity", count_text(asked)),
               state.say("help.offer.quantity"), commands, why);
    kept_field(state, {x + 2 * (part + gap), y, part, kit.px(36)}, key + ":lead", state.say("offer.lead"), state.say("help.offer.lead"),
               commands, why);
    y += kit.px(42);
    kept_field(state, {x, y, width, kit.px(36)}, key + ":note", state.say("offer.note"), state.say("help.offer.note"), commands, why);
    y += kit.px(42);

    const auto offered = money_from(state.kept(key + ":price"), currency);
    const std::string& typed = state.kept(key + ":quantity");
    const std::int64_t quantity = typed.empty() ? asked : std::strtoll(typed.c_str(), nullptr, 10);
    std::string why_no_offer = why;
    if (why_no_offer.empty() && !offered) why_no_offer = state.say("offer.no_price", currency);
    if (why_no_offer.empty() && quantity <= 0) why_no_offer = state.say("offer.no_quantity");
    Row row{kit, x, y, x + width};
    const std::string who = name_of(state.desk, quote.person);
    const ButtonSpec send{"offer.send", state.say("offer.send"), state.say("help.offer.send"), why_no_offer, "", Icon::send, Tone::accent};
    // What is asked about is what was typed: other figures ask anew.
    const std::string sum = offered ? sum_text(quantity, *offered) : "";
    const Question sure_send{state.say("confirm.offer"), "offer:" + quote.id + ":" + sum, say_both(state, "ask.offer", sum, who)};
    if (asking_button(state, row.place(asking_width(state, send, sure_send)), send, sure_send, commands)) {
        desk::CounterQuote act;
        act.quote = quote.id;
        act.quantity = quantity;
        act.unit_price = offered;
        act.lead_time = state.kept(key + ":lead");
        act.note = state.kept(key + ":note");
        commands.ask_desk(act);
        for (const char* each : {":price", ":quantity", ":lead", ":note"}) commands.keep(key + each, "");
    }
    const bool undecided = std::any_of(quote.changes.begin(), quote.changes.end(),
                                       [](const desk::SpecChange& each) { return each.state == ChangeState::proposed; });
    std::string why_no_accept = why.empty() && !price ? state.say("offer.nothing_to_accept") : why;
    if (why_no_accept.empty() && undecided) why_no_accept = state.say("offer.changes_first");
    const std::string theirs = price ? sum_text(asked, *price) : state.say("ask.no_price");
    const ButtonSpec accept{"offer.accept", state.say("offer.accept"), state.say("help.offer.accept"), why_no_accept, "", Icon::check};
    const Question sure_accept{state.say("confirm.accept"), "accept:" + quote.id + ":" + theirs,
                               say_both(state, "ask.accept", theirs, who)};
    if (asking_button(state, row.place(asking_width(state, accept, sure_accept)), accept, sure_accept, commands))
        commands.ask_desk(desk::DecideQuote{quote.id, QuoteState::accepted});
    const ButtonSpec decline{"offer.decline", state.say("offer.decline"), state.say("help.offer.decline"), why, "", Icon::cross};
    const Question sure_decline{state.say("confirm.decline"), "decline:" + quote.id, say_both(state, "ask.decline", theirs, who)};
    if (asking_button(state, row.place(asking_width(state, decline, sure_decline)), decline, sure_decline, commands))
        commands.ask_desk(desk::DecideQuote{quote.id, QuoteState::declined});
    return y + kit.px(40) - first;
}

/// What was agreed, as an order to look over and put in; the height it took.
float to_order(const PanelState& state, const desk::Quote& quote, float x, float y, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    const bool there =
        std::any_of(state.desk.orders.begin(), state.desk.orders.end(), [&](const desk::Order& order) { return order.id == quote.number; });
    const ButtonSpec make{"quote.order",
                          state.say("quote.order"),
                          state.say("help.quote.order"),
                          there ? state.say("quote.ordered", quote.number) : why_no_command(state),
                          "",
                          Icon::order,
                          Tone::accent};
    if (kit.button({x, y, std::min(width, kit.button_width(make)), kit.px(36)}, make)) {
        const auto person = state.desk.people.find(quote.person);
        const bool known = person != state.desk.people.end();
        const std::int64_t quantity = quote.rounds.empty() ? quote.quantity : quote.rounds.back().quantity;
        std::vector<Keep> from;
        const std::vector<Keep> to{{"order.number", quote.number},
                                   {"order.product", quote.product},
                                   {"order.quantity", std::to_string(quantity)},
                                   {"order.buyer", !known                           ? ""
                                                   : person->second.company.empty() ? person->second.name
                                                                                    : person->second.company},
                                   {"order.place", !quote.destination.empty() ? quote.destination
                                                   : known                    ? person->second.country
                                                                              : ""},
                                   {"order.named", "0"}};
        for (const Keep& each : to) {
            from.push_back({each.key, state.kept(each.key)});
            commands.keep(each.key, each.value);
        }
        commands.kept_edits.push_back({"undo.order_filled", quote.number, from, to});
        commands.keep("buyers.tab", "orders");
    }
    return kit.px(40);
}

void quote_detail(const PanelState& state, const desk::Quote& quote, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const About about(kit.hand, quote.id);
    scrolling(kit, "quote", area, [&](float x, float first, float width) {
        float y = first;
        const ProductItem* product = state.show.find_product(quote.product);
        kit.content(x, y, Type::caption, kit.color(Tone::ink_2), quote.number + " · " + who_is(state, quote.person), width);
        y += kit.px(20);
        std::string what = (product ? product->name : quote.product) + (quote.variant.empty() ? "" : " · " + quote.variant);
        if (quote.sample) what += " · " + state.say("quote.sample");
        kit.content(x, y, Type::strong, kit.color(Tone::ink), what, width);
        y += kit.px(22);
        std::string terms;
        if (quote.list_price)
            terms = state.say("quote.list", money_text(*quote.list_price));
        else if (const PriceItem* tier = product ? product->tier(quote.quantity) : nullptr)
            terms = state.say("quote.list", desk::plain_price(tier->unit, tier->currency) + " " + tier->currency);
        if (quote.below_minimum) terms += (terms.empty() ? "" : " · ") + state.say("quote.below");
        for (const std::string& more : {quote.incoterm, quote.destination, quote.wanted_by})
            if (!more.empty()) terms += (terms.empty() ? "" : " · ") + more;
        if (!terms.empty()) {
            y += kit.paragraph(x, y, Type::caption, kit.color(quote.below_minimum ? Tone::warn : Tone::ink_2), terms, width) + kit.px(4);
        }
        if (!quote.notes.empty()) y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink), quote.notes, width) + kit.px(4);
        for (const desk::QuoteRound& round : quote.rounds)
            y += kit.paragraph(x, y, Type::body, kit.color(&round == &quote.rounds.back() ? Tone::ink : Tone::ink_2),
                               round_text(state, round), width) +
                 kit.px(2);
        y += kit.px(6);
        for (const desk::SpecChange& each : quote.changes) y += change(state, quote, each, x, y, width, commands);
        if (our_turn(quote))
            y += offer(state, quote, x, y, width, commands);
        else
            y += kit.paragraph(x, y, Type::body, kit.color(quote.state == QuoteState::accepted ? Tone::ready : Tone::ink_2),
                               state.say(key_of(quote.state) + ".what"), width);
        if (quote.state == QuoteState::accepted) y += kit.px(8) + to_order(state, quote, x, y + kit.px(8), width, commands);
        return y - first;
    });
}

}  // namespace

void quotes_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    const auto quotes = quotes_by_value(state.desk);
    if (quotes.empty()) return draw_nothing(kit, {list.x, list.y, detail.x + detail.w - list.x, list.h}, state.say("quotes.none"));
    const desk::Quote* chosen = quotes.front();
    for (const desk::Quote* quote : quotes)
        if (quote->id == state.kept("buyers.quotes")) chosen = quote;
    scrolling(kit, "quotes", list, [&](float x, float first, float width) {
        float y = first;
        for (const desk::Quote* quote : quotes) {
            const auto price = price_of(*quote);
            ListItem item{"quote:" + quote->id, quote->number + " · " + name_of(state.desk, quote->person),
                          count_text(quote->quantity) + " · " + quote->product, "", Icon::money};
            if (price) item.second = money_text({value_of(*quote), price->currency}) + "  ·  " + item.second;
            item.done = !our_turn(*quote);
            item.note = state.say(key_of(quote->state));
            item.chosen = quote == chosen;
            if (list_item(state, {x, y, width, kit.px(list_item_px - 2)}, item, state.say("help.quote")))
                commands.keep("buyers.quotes", quote->id);
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    quote_detail(state, *chosen, detail, commands);
}

}  // namespace vitrine::panel::views
