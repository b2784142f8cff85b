// Quotes, their changes, and orders.

#include <algorithm>
#include <cstdio>
#include <set>

#include "engine/buyers.h"
#include "engine/desk/judge.h"
#include "engine/desk/money.h"
#include "engine/desk/record_fields.h"
#include "engine/desk/text_rules.h"

namespace vitrine::desk {
namespace {

constexpr std::int64_t most_pieces = 1'000'000'000;
constexpr std::size_t most_changes = 20, most_attachments = 5;

bool fits(const std::string& text, std::size_t most_letters) {
    const auto clean = clean_text(text);
    return clean && *clean == text && letters(text) <= most_letters;
}

bool closed(QuoteState state) { return state == QuoteState::accepted || state == QuoteState::declined || state == QuoteState::withdrawn; }

Result<void> judge_price(const std::optional<Money>& price) {
    if (!price) return {};
    if (price->e4 <= 0) return refuse("A price is above 0.");
    if (price->e4 > most_money_e4) return refuse("That price is too high.");
    if (!minor_digits(price->currency)) return refuse("The currency must be an ISO 4217 code such as \"USD\".");
    return {};
}

const Money* last_price(const Quote& quote) {
    for (auto round = quote.rounds.rbegin(); round != quote.rounds.rend(); ++round)
        if (round->unit_price) return &*round->unit_price;
    return nullptr;
}

/// A price is agreed together with everything that was to be different, so nothing of that may be open. Who has to move is told which.
Result<void> judge_open_changes(const Quote& quote, Role role) {
    const auto is = [](ChangeState state) { return [state](const SpecChange& change) { return change.state == state; }; };
    const bool proposed = std::any_of(quote.changes.begin(), quote.changes.end(), is(ChangeState::proposed));
    const bool countered = std::any_of(quote.changes.begin(), quote.changes.end(), is(ChangeState::countered));
    if (role == Role::buyer) {
        if (countered) return conflict("Accept or decline the change that the factory offers first.");
        if (proposed) return conflict("The factory has not answered a change that you proposed yet.");
    } else {
        if (proposed) return conflict("Answer the changes that the buyer proposes first.");
        if (countered) return conflict("The buyer has not answered a change that you offered yet.");
    }
    return {};
}

/// Whether the quote waits for that side.
bool turn_of(const Quote& quote, Role role) {
    const bool buyer_spoke = quote.rounds.empty() || quote.rounds.back().by == Role::buyer;
    return (role == Role::buyer) != buyer_spoke;
}

}  // namespace

void Judge::price(Quote& quote) const {
    const ProductConfig* of = product(quote.product);
    const Person* buyer = person(quote.person);
    quote.list_price.reset();
    quote.below_minimum = false;
    if (!of) return;
    const auto tiers = tiers_for(*of, buyer ? buyer->group : std::string());
    if (const PriceTier* tier = tier_at(tiers, quote.quantity)) {
        quote.list_price = exact_money(tier->unit, tier->currency);
    } else {
        quote.below_minimum = !tiers.empty() && !quote.sample;
    }
}

Result<Decided> Judge::operator()(const RequestQuote& act) const {
    const ProductConfig* of = product(act.product);
    if (!of) return not_found("There is no such product in this show.");
    if (act.quantity < 1 || act.quantity > most_pieces) return refuse("Say how many pieces: from 1 to 1000000000.");
    if (auto price = judge_price(act.target_price); !price) return tl::unexpected<Error>(price.error());
    if (!act.incoterm.empty() && !is_incoterm(act.incoterm)) return refuse("The delivery term must be a rule of Incoterms 2020.");
    if (!act.wanted_by.empty() && !is_date(act.wanted_by)) return refuse("The day must be written as 2027-02-28.");
    if (!act.language.empty() && !is_language(act.language)) return refuse("The language must be a tag such as \"en\".");
    if (!fits(act.variant, 200) || !fits(act.incoterm, 200) || !fits(act.destination, 200) || !fits(act.notes, 2000))
        return refuse("A text of the request is too long or holds control characters.");
    if (auto moment = judge_moment(act.moment); !moment) return tl::unexpected<Error>(moment.error());
    if (c_.quotes.size() >= (guest(actor_.person) ? for_guests(most_quotes) : most_quotes))
        return refuse("This show takes no more requests. Please write to the factory.");
    const auto theirs = std::count_if(c_.quotes.by_id.begin(), c_.quotes.by_id.end(),
                                      [&](const auto& entry) { return entry.second.person == actor_.person; });
    if (static_cast<std::size_t>(theirs) >= most_quotes_of_one)
        return refuse("You have made as many requests as one person can in a show.");

    Quote quote;
    quote.id = random_hex(8);
    quote.person = actor_.person;
    quote.product = act.product;
    quote.variant = act.variant;
    char number[24];
    std::snprintf(number, sizeof number, "Q-%04d", c_.last_quote_number + 1);
    quote.number = number;
    quote.sample = act.sample;
    quote.quantity = act.quantity;
    price(quote);
    if (quote.below_minimum && !of->moq_negotiable) {
        const Person* buyer = person(actor_.person);
        const auto tiers = tiers_for(*of, buyer ? buyer->group : std::string());
        return refuse("The smallest order is " + std::to_string(tiers.front().min) + " pieces.");
    }
    quote.incoterm = act.incoterm;
    quote.destination = act.destination;
    quote.wanted_by = act.wanted_by;
    quote.notes = act.notes;
    quote.language = act.language;
    quote.moment = act.moment;
    quote.made_us = quote.changed_us = now_;

    if (act.changes.size() > most_changes) return refuse("At most 20 changes, please.");
    std::set<std::string> ids;
    for (SpecChange change : act.changes) {
        if (change.id.empty())
            for (int i = 1; change.id.empty() || ids.contains(change.id); ++i) change.id = "c" + std::to_string(i);
        if (!is_id(change.id) || !ids.insert(change.id).second) return refuse("Each change needs an id of its own.");
        if (!is_id(change.key) || !fits(change.from, 200) || !fits(change.to, 200) || !fits(change.note, 200) || change.to.empty())
            return refuse("A change says what it is about and what is wanted, in at most 200 letters.");
        change.state = ChangeState::proposed;
        change.counter.clear();
        quote.changes.push_back(std::move(change));
    }
    if (act.attachments.size() > most_attachments) return refuse("At most 5 files, please.");
    std::vector<std::string> files = act.attachments;
    if (!act.snapshot.empty() && std::find(files.begin(), files.end(), act.snapshot) == files.end()) files.push_back(act.snapshot);
    for (const std::string& id : files) {
        const auto found = c_.uploads.find(id);
        if (found == c_.uploads.end() || found->second.person != actor_.person) return not_found("A file is missing. Please add it again.");
        quote.attachments.push_back(found->second.attachment);
    }
    quote.snapshot = act.snapshot;
    quote.rounds.push_back({Role::buyer, now_, act.quantity, act.target_price, {}, {}});
    Decided decided = one(quote);
    decided.result.number = quote.number;
    return decided;
}

Result<Quote> Judge::open_quote(const std::string& id) const {
    const Quote* found = c_.quotes.find(id);
    if (!found || (!presents() && found->person != actor_.person)) return not_found("There is no such request.");
    if (closed(found->state)) return conflict("This request is " + std::string(name_of(found->state)) + " already.");
    return *found;
}

Result<Decided> Judge::operator()(const CounterQuote& act) const {
    auto found = open_quote(act.quote);
    if (!found) return tl::unexpected<Error>(found.error());
    Quote& quote = *found;
    if (!turn_of(quote, actor_.role)) return conflict(presents() ? "It is the buyer's turn." : "The factory has not answered yet.");
    if (quote.rounds.size() >= most_rounds) return refuse("This has gone back and forth long enough; please talk to each other.");
    if (act.quantity < 0 || act.quantity > most_pieces) return refuse("Say how many pieces: from 1 to 1000000000.");
    if (auto price = judge_price(act.unit_price); !price) return tl::unexpected<Error>(price.error());
    if (!act.unit_price && presents()) return refuse("Name a price.");
    const Money* before = last_price(quote);
    if (act.unit_price && before && before->currency != act.unit_price->currency)
        return refuse("Stay with one currency: this request is in " + before->currency + ".");
    if (!fits(act.lead_time, 200) || !fits(act.note, 2000)) return refuse("A text is too long or holds control characters.");
    if (act.quantity > 0) quote.quantity = act.quantity;
    const bool was_below = quote.below_minimum;
    price(quote);
    if (!presents() && quote.below_minimum && !was_below && !product(quote.product)->moq_negotiable)
        return refuse("That is below the smallest order.");
    quote.rounds.push_back({presents() ? Role::presenter : Role::buyer, now_, quote.quantity, act.unit_price, act.lead_time, act.note});
    quote.state = QuoteState::countered;
    quote.changed_us = now_;
    return one(std::move(quote));
}

Result<Decided> Judge::operator()(const DecideQuote& act) const {
    auto found = open_quote(act.quote);
    if (!found) return tl::unexpected<Error>(found.error());
    Quote& quote = *found;
    switch (act.state) {
        case QuoteState::requested:
        case QuoteState::countered:
            return refuse("A request is accepted, declined or withdrawn.");
        case QuoteState::withdrawn:
            if (presents()) return not_allowed("The buyer can withdraw it; you can decline it.");
            break;
        case QuoteState::accepted:
            if (turn_of(quote, actor_.role) && !quote.rounds.back().unit_price)
                return conflict(presents() ? "The buyer named no price: make an offer." : "There is no price yet.");
            if (!turn_of(quote, actor_.role)) return conflict(presents() ? "It is the buyer's turn." : "The factory has not answered yet.");
            if (auto changes = judge_open_changes(quote, actor_.role); !changes) return tl::unexpected<Error>(changes.error());
            break;
        case QuoteState::declined:
            if (!turn_of(quote, actor_.role)) return conflict(presents() ? "It is the buyer's turn." : "The factory has not answered yet.");
            break;
    }
    quote.state = act.state;
    quote.changed_us = now_;
    return one(std::move(quote));
}

Result<Decided> Judge::operator()(const DecideChange& act) const {
    auto found = open_quote(act.quote);
    if (!found) return tl::unexpected<Error>(found.error());
    Quote& quote = *found;
    const auto change = std::find_if(quote.changes.begin(), quote.changes.end(), [&](const SpecChange& c) { return c.id == act.change; });
    if (change == quote.changes.end()) return not_found("There is no such change in this request.");
    if (act.state == ChangeState::proposed) return refuse("A change is accepted, countered or declined.");
    if (!presents()) {
        if (act.state == ChangeState::countered) return not_allowed("Accept the factory's offer or decline it.");
        if (change->state != ChangeState::countered) return conflict("The factory has not answered this change yet.");
    }
    if (act.state == ChangeState::countered && act.counter.empty()) return refuse("Say what you offer instead.");
    if (!fits(act.counter, 200)) return refuse("A text is too long or holds control characters.");
    change->state = act.state;
    if (act.state == ChangeState::countered) change->counter = act.counter;
    quote.changed_us = now_;
    return one(std::move(quote));
}

Result<Order> Judge::kept_order(Order order, std::size_t& fresh) const {
    if (order.id.empty() || !fits(order.id, 64)) return refuse("An order has a number of 1 to 64 letters.");
    if (!fits(order.product, 200) || !fits(order.buyer, 200) || !fits(order.place, 200) || !fits(order.slot, 60))
        return refuse("A text of order " + order.id + " is too long or holds control characters.");
    if (order.quantity < 0 || order.quantity > most_pieces) return refuse("Order " + order.id + ": pieces go from 0 to 1000000000.");
    const Order* before = c_.orders.find(order.id);
    if (!before && c_.orders.size() + fresh >= most_orders) return refuse("There is room for 5000 orders; remove old ones first.");
    if (!order.person.empty() && !person(order.person))
        return not_found("Order " + order.id + " is for somebody who is not here any more.");
    if (!before) ++fresh;
    if (before && order.person.empty()) order.person = before->person;  // a table of orders knows nobody's id
    order.made_us = before ? before->made_us : now_;
    order.changed_us = now_;
    return order;
}

Result<Decided> Judge::operator()(const PutOrder& act) const {
    std::size_t fresh = 0;
    auto order = kept_order(act.order, fresh);
    if (!order) return tl::unexpected<Error>(order.error());
    return one(std::move(*order));
}

Decided Judge::orders(const std::vector<Order>& orders, std::vector<OrderRefusal>& refused) const {
    Decided decided;
    std::set<std::string> ids;
    std::size_t fresh = 0;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        auto order = ids.insert(orders[i].id).second ? kept_order(orders[i], fresh)
                                                     : Result<Order>(refuse("Order " + orders[i].id + " is there twice."));
        if (order) {
            decided.records.emplace_back(std::move(*order));
        } else {
            refused.push_back({i, order.error().message});
        }
    }
    if (!refused.empty()) decided.records.clear();
    return decided;
}

Result<Decided> Judge::operator()(const RemoveOrder& act) const {
    if (!c_.orders.find(act.order)) return not_found("There is no such order.");
    return one(Removal{"order", act.order});
}

}  // namespace vitrine::desk
