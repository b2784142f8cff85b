#include "tools/panel/buyers_desk.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/desk/money.h"

namespace vitrine::panel {
namespace {

using desk::DeskView;
using desk::Message;
using desk::MessageKind;
using desk::MessageState;
using desk::Quote;
using desk::QuoteState;

bool open_question(const Message& message) {
    return message.kind == MessageKind::question && (message.state == MessageState::waiting || message.state == MessageState::shown);
}

}  // namespace

int waiting_for_answer(const DeskView& desk) {
    auto count = std::count_if(desk.messages.begin(), desk.messages.end(), open_question);
    count += std::count_if(desk.quotes.begin(), desk.quotes.end(), our_turn);
    count += static_cast<std::ptrdiff_t>(raised_hands(desk).size());
    count += std::count_if(desk.points.begin(), desk.points.end(), [](const auto& p) { return p.state == desk::PointState::open; });
    return static_cast<int>(count);
}

std::vector<const Message*> question_queue(const DeskView& desk) {
    std::vector<const Message*> queue;
    for (const Message& message : desk.messages)
        if (message.kind == MessageKind::question && message.state != MessageState::hidden) queue.push_back(&message);
    std::stable_sort(queue.begin(), queue.end(), [](const Message* a, const Message* b) {
        const bool x = open_question(*a), y = open_question(*b);
        if (x != y) return x;
        if (!x) return a->answered_us > b->answered_us;
        return std::tuple(-a->priority, -a->likes, a->made_us) < std::tuple(-b->priority, -b->likes, b->made_us);
    });
    return queue;
}

bool our_turn(const Quote& quote) {
    if (quote.state != QuoteState::requested && quote.state != QuoteState::countered) return false;
    return quote.rounds.empty() || quote.rounds.back().by == desk::Role::buyer;
}

std::optional<desk::Money> price_of(const Quote& quote) {
    for (auto round = quote.rounds.rbegin(); round != quote.rounds.rend(); ++round)
        if (round->unit_price) return round->unit_price;
    return quote.list_price;
}

std::int64_t value_of(const Quote& quote) {
    const auto price = price_of(quote);
    const std::int64_t quantity = quote.rounds.empty() ? quote.quantity : quote.rounds.back().quantity;
    if (!price || quantity <= 0) return 0;
    const auto value = desk::sum_of(price, quantity);
    return value ? value->e4 : INT64_MAX;
}

std::vector<const Quote*> quotes_by_value(const DeskView& desk) {
    std::vector<const Quote*> quotes;
    for (const Quote& quote : desk.quotes) quotes.push_back(&quote);
    // Currencies are not converted; a cent more or less decides nothing here.
    std::stable_sort(quotes.begin(), quotes.end(), [](const Quote* a, const Quote* b) {
        return std::tuple(!our_turn(*a), -value_of(*a), a->made_us) < std::tuple(!our_turn(*b), -value_of(*b), b->made_us);
    });
    return quotes;
}

std::vector<const desk::Person*> raised_hands(const DeskView& desk) {
    std::vector<std::pair<std::int64_t, const desk::Person*>> hands;
    for (const auto& [id, presence] : desk.presence)
        if (const auto person = desk.people.find(id); presence.hand && person != desk.people.end())
            hands.emplace_back(presence.hand_us, &person->second);
    std::sort(hands.begin(), hands.end());
    std::vector<const desk::Person*> result;
    for (const auto& [since, person] : hands) result.push_back(person);
    return result;
}

std::vector<const desk::Person*> people_here(const DeskView& desk) {
    std::vector<const desk::Person*> people;
    for (const auto& [id, presence] : desk.presence)
        if (const auto person = desk.people.find(id); presence.sockets > 0 && person != desk.people.end() && !person->second.erased)
            people.push_back(&person->second);
    std::sort(people.begin(), people.end(), [](const auto* a, const auto* b) { return a->joined_us < b->joined_us; });
    return people;
}

std::string name_of(const DeskView& desk, const std::string& person) {
    const auto found = desk.people.find(person);
    if (found == desk.people.end()) return person;
    std::string name = found->second.name.empty() ? found->second.company : found->second.name;
    if (name.empty()) name = person;
    if (!found->second.country.empty()) name += " · " + found->second.country;
    return name;
}

std::string count_text(std::int64_t count) {
    std::string digits = std::to_string(std::llabs(count));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
    return count < 0 ? "-" + digits : digits;
}

std::string money_text(const desk::Money& money) {
    std::string text = desk::plain_money(money);
    const std::size_t first = text.front() == '-' ? 1 : 0;
    for (auto at = std::min(text.find('.'), text.size()); at > first + 3;) text.insert(at -= 3, ",");
    return text + " " + money.currency;
}

std::optional<desk::Money> money_from(const std::string& typed, const std::string& currency) {
    std::string plain;
    for (const char c : typed)
        if (c != ' ') plain += c == ',' ? '.' : c;
    const auto e4 = desk::e4_from(plain);
    if (!e4 || *e4 == 0) return std::nullopt;
    return desk::Money{*e4, currency};
}

int quality_bars(const desk::Presence& presence) {
    if (presence.rtt_ms <= 0 && presence.fps <= 0) return 0;
    if (presence.loss > 0.08 || presence.rtt_ms > 700 || (presence.fps > 0 && presence.fps < 12)) return 1;
    if (presence.loss > 0.03 || presence.rtt_ms > 400 || (presence.fps > 0 && presence.fps < 20)) return 2;
    if (presence.loss > 0.01 || presence.rtt_ms > 200) return 3;
    return 4;
}

}  // namespace vitrine::panel
