#include "engine/desk/export_csv.h"

#include <algorithm>

#include "engine/desk/csv.h"
#include "engine/desk/money.h"
#include "engine/desk/printing.h"

namespace vitrine::desk {
namespace {

const Person& person_of(const History& history, const std::string& id) {
    static const Person nobody;
    const auto found = history.people.find(id);
    return found == history.people.end() ? nobody : found->second;
}

std::string changes_text(const std::vector<SpecChange>& changes) {
    std::string text;
    for (const SpecChange& c : changes) {
        if (!text.empty()) text += "; ";
        text += c.key + ": " + c.from + " -> " + (c.state == ChangeState::countered ? c.counter : c.to) + " (" +
                std::string(name_of(c.state)) + ")";
    }
    return text;
}

}  // namespace

std::string quotes_csv(const History& history, const ShowConfig& show) {
    CsvWriter csv({"number",          "state",         "name",      "company",  "country",     "email",           "phone",    "product",
                   "product name",    "variant",       "sample",    "quantity", "last by",     "last unit price", "currency", "last sum",
                   "list unit price", "below minimum", "lead time", "incoterm", "destination", "wanted by",       "changes",  "notes",
                   "last note",       "attachments",   "rounds",    "language", "asked at",    "changed at"});
    const std::string& language = show.languages.front();
    for (const Quote& q : history.quotes) {
        const Person& p = person_of(history, q.person);
        const QuoteRound last = q.rounds.empty() ? QuoteRound{} : q.rounds.back();
        const ProductConfig* product = show.product(q.product);
        csv.text(q.number).text(name_of(q.state)).text(p.name).text(p.company).text(p.country).text(p.email).text(p.phone);
        csv.text(q.product).text(product ? product->name.in(language) : "").text(q.variant).text(q.sample ? "yes" : "no");
        csv.number(last.quantity > 0 ? last.quantity : q.quantity)
            .text(q.rounds.empty()         ? ""
                  : last.by == Role::buyer ? "buyer"
                                           : "factory");
        const auto sum = sum_of(last.unit_price, last.quantity);
        const std::optional<Money> any = last.unit_price ? last.unit_price : q.list_price;
        csv.number(last.unit_price ? plain_money(*last.unit_price) : "").text(any ? any->currency : "");
        csv.number(sum ? plain_money(*sum) : "")
            .number(q.list_price ? plain_money(*q.list_price) : "")
            .text(q.below_minimum ? "yes" : "no");
        csv.text(last.lead_time)
            .text(q.incoterm)
            .text(q.destination)
            .text(q.wanted_by)
            .text(changes_text(q.changes))
            .text(q.notes)
            .text(last.note);
        csv.number(static_cast<std::int64_t>(q.attachments.size())).number(static_cast<std::int64_t>(q.rounds.size()));
        csv.text(q.language).text(iso_time(q.made_us)).text(iso_time(q.changed_us));
        csv.end_row();
    }
    return csv.take();
}

std::string buyers_csv(const History& history) {
    CsvWriter csv({"id", "role", "name", "company", "country", "language", "email", "phone", "group", "joined at", "questions", "messages",
                   "points", "quotes", "erased"});
    std::vector<const Person*> people;
    for (const auto& [id, person] : history.people) people.push_back(&person);
    std::stable_sort(people.begin(), people.end(), [](const Person* a, const Person* b) { return a->joined_us < b->joined_us; });
    for (const Person* p : people) {
        std::int64_t questions = 0, messages = 0;
        for (const Message& m : history.messages)
            if (m.person == p->id) ++(m.kind == MessageKind::question ? questions : messages);
        const auto theirs = [&](const auto& list) {
            return static_cast<std::int64_t>(std::count_if(list.begin(), list.end(), [&](const auto& one) { return one.person == p->id; }));
        };
        csv.text(p->id)
            .text(name_of(p->role))
            .text(p->name)
            .text(p->company)
            .text(p->country)
            .text(p->language)
            .text(p->email)
            .text(p->phone);
        csv.text(p->group).text(iso_time(p->joined_us)).number(questions).number(messages).number(theirs(history.points));
        csv.number(theirs(history.quotes)).text(p->erased ? "yes" : "no");
        csv.end_row();
    }
    return csv.take();
}

std::string questions_csv(const History& history) {
    CsvWriter csv({"asked at", "name", "company", "product", "question", "language", "private", "state", "likes", "answer", "answered at"});
    for (const Message& m : history.messages) {
        if (m.kind != MessageKind::question) continue;
        const Person& p = person_of(history, m.person);
        csv.text(iso_time(m.made_us)).text(p.name).text(p.company).text(m.moment.product).text(m.text).text(m.language);
        csv.text(m.is_private ? "yes" : "no").text(name_of(m.state)).number(m.likes).text(m.answer).text(iso_time(m.answered_us));
        csv.end_row();
    }
    return csv.take();
}

std::string orders_csv(const History& history) {
    CsvWriter csv({"id", "product", "buyer", "place", "state", "slot", "quantity", "name_allowed"});
    for (const Order& o : history.orders) {
        csv.text(o.id).text(o.product).text(o.buyer).text(o.place).text(name_of(o.state)).text(o.slot).number(o.quantity);
        csv.text(o.name_allowed ? "yes" : "no");
        csv.end_row();
    }
    return csv.take();
}

}  // namespace vitrine::desk
