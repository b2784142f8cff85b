#include "engine/desk/events.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/desk/json_fields.h"
#include "engine/desk/money.h"
#include "engine/desk/printing.h"
#include "engine/desk/record_json.h"

namespace vitrine::desk {

using nlohmann::json;

/// One call: the records, the desk before them, and what has come of them so far.
struct EventMaker::Batch {
    EventMaker& maker;
    const std::vector<Record>& records;
    const Desk& before;
    const std::int64_t now_us;
    std::vector<OutboxEntry> out;

    /// As these records leave them, else as they were; null when unknown.
    const Person* person(const std::string& id) const {
        for (const Record& record : records)
            if (const auto* p = std::get_if<Person>(&record); p && p->id == id) return p;
        return before.person(id);
    }

    json about(const std::string& id) const {
        const Person* p = person(id);
        if (!p) return nullptr;
        return {{"id", p->id},       {"name", p->name},   {"company", p->company}, {"country", p->country}, {"language", p->language},
                {"email", p->email}, {"phone", p->phone}, {"group", p->group}};
    }

    json product(const std::string& id) const {
        const ProductConfig* p = maker.show_->product(id);
        return {{"id", id}, {"name", p ? json(p->name.by_language) : json::object()}};
    }

    void add(std::string_view name, const std::string& person, const std::string& subject, json data) {
        const bool wanted =
            std::any_of(maker.show_->webhooks.begin(), maker.show_->webhooks.end(), [&](const auto& h) { return h.wants(name); });
        if (!wanted) return;
        const json event{{"specversion", "1.0"},
                         {"id", maker.new_id_()},
                         {"source", maker.source_},
                         {"type", "com.vitrine." + std::string(name)},
                         {"subject", subject},
                         {"time", iso_time(now_us)},
                         {"datacontenttype", "application/json"},
                         {"data", std::move(data)}};
        const std::string text = event.dump(-1, ' ', false, json::error_handler_t::replace);
        for (const WebhookConfig& hook : maker.show_->webhooks) {
            if (!hook.wants(name)) continue;
            OutboxEntry entry;
            entry.hook = hook.id;
            entry.person = person;
            entry.type = "com.vitrine." + std::string(name);
            entry.data = text;
            entry.made_us = now_us;
            out.push_back(std::move(entry));
        }
    }

    void take(const Person& p) {
        if (p.role != Role::buyer || p.erased) return;
        const Person* old = before.person(p.id);
        if (!old) return add("buyer.joined", p.id, "buyer/" + p.id, {{"buyer", about(p.id)}});
        const auto told = [](const Person& one) {
            return std::tie(one.name, one.company, one.country, one.language, one.email, one.phone);
        };
        if (told(*old) != told(p)) add("buyer.changed", p.id, "buyer/" + p.id, {{"buyer", about(p.id)}});
    }

    void take(const Erasure& e) { add("buyer.erased", e.person, "buyer/" + e.person, {{"buyer", {{"id", e.person}}}}); }

    void take(const Message& m) {
        if (m.kind != MessageKind::question) return;
        const Message* old = before.message(m.id);
        const auto data = [&] { return json{{"buyer", about(m.person)}, {"question", to_json(m)}}; };
        if (!old) add("question.asked", m.person, "question/" + m.id, data());
        const bool answered = !m.answer.empty() && (!old || old->answer != m.answer);
        if (answered) add("question.answered", m.person, "question/" + m.id, data());
    }

    void take(const Point& p) {
        const auto view = before.view();
        if (p.state == PointState::done ||
            std::any_of(view->points.begin(), view->points.end(), [&](const Point& o) { return o.id == p.id; }))
            return;
        add("point.placed", p.person, "point/" + p.id,
            {{"buyer", about(p.person)}, {"product", product(p.product)}, {"point", to_json(p)}});
    }

    void take(const Quote& q) {
        const Quote* old = before.quote(q.id);
        std::string_view name;
        if (!old)
            name = "quote.requested";
        else if (old->state != q.state && q.state == QuoteState::accepted)
            name = "quote.accepted";
        else if (old->state != q.state && q.state == QuoteState::declined)
            name = "quote.declined";
        else if (old->state != q.state && q.state == QuoteState::withdrawn)
            name = "quote.withdrawn";
        else if (old->rounds.size() < q.rounds.size())
            name = "quote.countered";
        else
            name = "quote.changed";
        // A quote whose buyer has been forgotten is rewritten without a name: no news.
        if (name == "quote.changed" &&
            std::any_of(records.begin(), records.end(), [](const Record& r) { return std::holds_alternative<Erasure>(r); }))
            return;
        const QuoteRound last = q.rounds.empty() ? QuoteRound{} : q.rounds.back();
        json data{{"buyer", about(q.person)}, {"product", product(q.product)}, {"quote", to_json(q)}};
        if (last.unit_price) {
            data["unit_price"] = value_to_json(*last.unit_price);
            if (const auto sum = sum_of(last.unit_price, last.quantity > 0 ? last.quantity : q.quantity)) data["sum"] = value_to_json(*sum);
        }
        add(name, q.person, "quote/" + q.id, std::move(data));
    }

    void take(const Order& o) { add("order.changed", "", "order/" + o.id, {{"order", to_json(o)}, {"removed", false}}); }
    void take(const Removal& r) {
        if (r.kind == "order") add("order.changed", "", "order/" + r.id, {{"order", {{"id", r.id}}}, {"removed", true}});
    }

    void take(const Happening& h) {
        if (h.kind != "session") return;
        const json data{{"show", {{"title", maker.show_->title.by_language}}}};
        if (h.what == "live" && !maker.on_air_) {
            maker.on_air_ = true;
            add("show.started", "", "show", data);
        } else if (h.what == "ended" && maker.on_air_) {
            maker.on_air_ = false;
            add("show.ended", "", "show", data);
        }
    }

    template <class Other>
    void take(const Other&) {}
};

EventMaker::EventMaker(std::shared_ptr<const ShowConfig> show, std::string source, std::function<std::int64_t()> clock,
                       std::function<std::string()> new_id)
    : show_(std::move(show)), source_(std::move(source)), clock_(std::move(clock)), new_id_(std::move(new_id)) {}

std::vector<OutboxEntry> EventMaker::operator()(const std::vector<Record>& records, const Desk& before) {
    if (show_->webhooks.empty()) return {};
    Batch batch{*this, records, before, clock_(), {}};
    for (const Record& record : records) std::visit([&](const auto& one) { batch.take(one); }, record);
    return std::move(batch.out);
}

}  // namespace vitrine::desk
