#include "engine/desk/record_json.h"

#include "engine/desk/json_fields.h"
#include "engine/printable.h"

namespace vitrine::desk {
namespace {

using nlohmann::json;

template <class T>
json by_id(const std::map<std::string, T>& map) {
    json object = json::object();
    for (const auto& [id, value] : map) object[id] = to_json(value);
    return object;
}

template <std::size_t I = 0>
Record named_record(const std::string& kind, const json& from) {
    if constexpr (I < std::variant_size_v<Record>) {
        using T = std::variant_alternative_t<I, Record>;
        if (kind != kind_name<T>()) return named_record<I + 1>(kind, from);
        T record;
        value_from_json(from, record);
        return record;
    } else {
        throw std::invalid_argument("there is no record of the kind \"" + kind + "\"");
    }
}

void presence_from_json(const json& from, Presence& presence) {
    presence.sockets = from.value("sockets", 0);
    presence.hand = from.value("hand", false);
    presence.hand_us = from.value("hand_us", std::int64_t{0});
    presence.seen_us = from.value("seen_us", std::int64_t{0});
    presence.rtt_ms = from.value("rtt_ms", 0.0);
    presence.loss = from.value("loss", 0.0);
    presence.fps = from.value("fps", 0.0);
    presence.delay_ms = from.value("delay_ms", 0.0);
    presence.delay95_ms = from.value("delay95_ms", 0.0);
    presence.path_kbps = from.value("path_kbps", 0.0);
}

tl::unexpected<Error> unreadable(const std::exception& problem) {
    return fail("This is no record of the desk: " + printable(problem.what(), 200), ErrorKind::bad_input);
}

}  // namespace

json record_to_json(const Record& record) {
    return std::visit(
        [](const auto& r) {
            json object = value_to_json(r);
            object["record"] = kind_name<std::remove_cvref_t<decltype(r)>>();
            return object;
        },
        record);
}

Result<Record> record_from_json(const json& from) {
    try {
        return named_record(from.at("record").get<std::string>(), from);
    } catch (const std::exception& problem) {
        return unreadable(problem);
    }
}

json to_json(const InviteRecord& invite) { return value_to_json(invite); }
json to_json(const Person& person) { return value_to_json(person); }
json to_json(const Message& message) { return value_to_json(message); }
json to_json(const Point& point) { return value_to_json(point); }
json to_json(const Poll& poll) { return value_to_json(poll); }
json to_json(const Quote& quote) { return value_to_json(quote); }
json to_json(const Order& order) { return value_to_json(order); }
json to_json(const Attachment& attachment) { return value_to_json(attachment); }
json to_json(const Presence& p) {
    return {{"sockets", p.sockets}, {"hand", p.hand}, {"hand_us", p.hand_us},   {"seen_us", p.seen_us},       {"rtt_ms", p.rtt_ms},
            {"loss", p.loss},       {"fps", p.fps},   {"delay_ms", p.delay_ms}, {"delay95_ms", p.delay95_ms}, {"path_kbps", p.path_kbps}};
}

json desk_view_to_json(const DeskView& view) {
    return {{"version", view.version},          {"invites", by_id(view.invites)},           {"people", by_id(view.people)},
            {"presence", by_id(view.presence)}, {"messages", value_to_json(view.messages)}, {"points", value_to_json(view.points)},
            {"poll", value_to_json(view.poll)}, {"quotes", value_to_json(view.quotes)},     {"orders", value_to_json(view.orders)},
            {"reactions", view.reactions}};
}

Result<DeskView> desk_view_from_json(const json& from) {
    try {
        DeskView view;
        view.version = from.at("version").get<std::uint64_t>();
        for (const auto& [id, value] : from.at("invites").items()) value_from_json(value, view.invites[id]);
        for (const auto& [id, value] : from.at("people").items()) value_from_json(value, view.people[id]);
        for (const auto& [id, value] : from.at("presence").items()) presence_from_json(value, view.presence[id]);
        value_from_json(from.at("messages"), view.messages);
        value_from_json(from.at("points"), view.points);
        value_from_json(from.at("poll"), view.poll);
        value_from_json(from.at("quotes"), view.quotes);
        value_from_json(from.at("orders"), view.orders);
        view.reactions = from.at("reactions").get<std::map<std::string, int>>();
        return view;
    } catch (const std::exception& problem) {
        return unreadable(problem);
    }
}

json act_result_to_json(const ActResult& result) {
    json object{{"id", result.id}};
    if (!result.number.empty()) object["number"] = result.number;
    if (!result.secret.empty()) object["secret"] = result.secret;
    return object;
}

}  // namespace vitrine::desk
