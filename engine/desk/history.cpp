#include "engine/desk/history.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/desk/money.h"
#include "engine/desk/printing.h"

namespace vitrine::desk {
namespace {

using nlohmann::json;

/// A list in which a later value of a record takes the place of the earlier one.
template <class T>
struct Latest {
    std::vector<T>& list;
    std::map<std::string, std::size_t> place;
    void put(const std::string& id, const T& value) {
        const auto [it, fresh] = place.emplace(id, list.size());
        if (fresh)
            list.push_back(value);
        else
            list[it->second] = value;
    }
};

json moment(const SceneMoment& m) { return {{"frame", m.frame}, {"product", m.product}, {"at", iso_time(m.capture_us)}}; }

json money(const std::optional<Money>& m) {
    if (!m) return nullptr;
    return {{"amount", plain_money(*m)}, {"currency", m->currency}};
}

json about(const Quote& q) {
    json rounds = json::array(), changes = json::array(), attachments = json::array();
    for (const QuoteRound& r : q.rounds)
        rounds.push_back({{"by", r.by == Role::buyer ? "buyer" : "factory"},
                          {"at", iso_time(r.at_us)},
                          {"quantity", r.quantity},
                          {"unit_price", money(r.unit_price)},
                          {"lead_time", r.lead_time},
                          {"note", r.note}});
    for (const SpecChange& c : q.changes)
        changes.push_back(
            {{"key", c.key}, {"from", c.from}, {"to", c.to}, {"note", c.note}, {"state", name_of(c.state)}, {"counter", c.counter}});
    for (const Attachment& a : q.attachments)
        attachments.push_back({{"id", a.id}, {"name", a.name}, {"type", a.type}, {"bytes", a.bytes}, {"sha256", a.sha256}});
    return {{"number", q.number},
            {"product", q.product},
            {"variant", q.variant},
            {"state", name_of(q.state)},
            {"sample", q.sample},
            {"quantity", q.quantity},
            {"list_price", money(q.list_price)},
            {"incoterm", q.incoterm},
            {"destination", q.destination},
            {"wanted_by", q.wanted_by},
            {"notes", q.notes},
            {"changes", changes},
            {"attachments", attachments},
            {"rounds", rounds},
            {"at", iso_time(q.made_us)}};
}

}  // namespace

History history_of(const std::vector<Record>& records) {
    History h;
    Latest<Message> messages{h.messages, {}};
    Latest<Point> points{h.points, {}};
    Latest<Poll> polls{h.polls, {}};
    Latest<Vote> votes{h.votes, {}};
    Latest<Quote> quotes{h.quotes, {}};
    Latest<Order> orders{h.orders, {}};
    std::map<std::tuple<std::int64_t, std::string, std::string>, int> tallies;
    for (const Record& record : records) {
        if (const auto* p = std::get_if<Person>(&record)) h.people.insert_or_assign(p->id, *p);
        if (const auto* i = std::get_if<InviteRecord>(&record)) h.invites.insert_or_assign(i->id, *i);
        if (const auto* m = std::get_if<Message>(&record)) messages.put(m->id, *m);
        if (const auto* p = std::get_if<Point>(&record)) points.put(p->id, *p);
        if (const auto* p = std::get_if<Poll>(&record)) polls.put(p->id, *p);
        if (const auto* v = std::get_if<Vote>(&record)) votes.put(v->poll + '\n' + v->person, *v);
        if (const auto* q = std::get_if<Quote>(&record)) quotes.put(q->id, *q);
        if (const auto* o = std::get_if<Order>(&record)) orders.put(o->id, *o);
        if (const auto* e = std::get_if<Happening>(&record)) h.happenings.push_back(*e);
        if (const auto* t = std::get_if<Tally>(&record)) tallies[{t->minute_us, t->product, t->what}] = t->count;
    }
    for (const auto& [key, count] : tallies) h.tallies.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    const auto by_time = [](const auto& a, const auto& b) { return a.made_us < b.made_us; };
    std::stable_sort(h.messages.begin(), h.messages.end(), by_time);
    std::stable_sort(h.points.begin(), h.points.end(), by_time);
    std::stable_sort(h.quotes.begin(), h.quotes.end(), by_time);
    std::stable_sort(h.orders.begin(), h.orders.end(), by_time);
    std::stable_sort(h.happenings.begin(), h.happenings.end(), [](const Happening& a, const Happening& b) { return a.at_us < b.at_us; });
    return h;
}

std::string data_of_person(const History& history, const std::string& id) {
    const auto found = history.people.find(id);
    if (found == history.people.end()) return {};
    const Person& p = found->second;
    json all{{"person",
              {{"id", p.id},
               {"name", p.name},
               {"company", p.company},
               {"country", p.country},
               {"language", p.language},
               {"email", p.email},
               {"phone", p.phone},
               {"group", p.group},
               {"joined", iso_time(p.joined_us)},
               {"erased", p.erased}}},
             {"messages", json::array()},
             {"points", json::array()},
             {"votes", json::array()},
             {"quotes", json::array()},
             {"presence", json::array()}};
    for (const Message& m : history.messages) {
        if (m.person != id && m.to != id) continue;
        json one{{"text", m.text},
                 {"language", m.language},
                 {"private", m.is_private},
                 {"at", iso_time(m.made_us)},
                 {"moment", moment(m.moment)}};
        one["by"] = m.person == id ? "you" : "factory";
        if (!m.answer.empty()) one["answer"] = m.answer;
        all["messages"].push_back(std::move(one));
    }
    for (const Point& point : history.points)
        if (point.person == id)
            all["points"].push_back(
                {{"product", point.product}, {"at_mm", point.at_mm}, {"note", point.note}, {"at", iso_time(point.made_us)}});
    for (const Vote& v : history.votes)
        if (v.person == id) all["votes"].push_back({{"poll", v.poll}, {"option", v.option}});
    for (const Quote& q : history.quotes)
        if (q.person == id) all["quotes"].push_back(about(q));
    for (const Happening& e : history.happenings)
        if (e.what == id && (e.kind == "came" || e.kind == "went"))
            all["presence"].push_back({{"at", iso_time(e.at_us)}, {"what", e.kind}});
    return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace vitrine::desk
