#pragma once
// The fields of every record by name, once: JSON, database columns and comparisons are made from these lists. The names are those of the
// members and of the database's columns, so a name changed here needs a migration (store_schema.h).

#include <array>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

#include "engine/desk/records.h"

namespace vitrine::desk {

template <class E>
struct EnumNames;
template <>
struct EnumNames<Role> {
    static constexpr std::array<std::string_view, 3> names{"buyer", "helper", "presenter"};
};
template <>
struct EnumNames<MessageKind> {
    static constexpr std::array<std::string_view, 3> names{"chat", "question", "announcement"};
};
template <>
struct EnumNames<MessageState> {
    static constexpr std::array<std::string_view, 4> names{"waiting", "shown", "answered", "hidden"};
};
template <>
struct EnumNames<PointState> {
    static constexpr std::array<std::string_view, 3> names{"open", "shown", "done"};
};
template <>
struct EnumNames<ChangeState> {
    static constexpr std::array<std::string_view, 4> names{"proposed", "accepted", "countered", "declined"};
};
template <>
struct EnumNames<QuoteState> {
    static constexpr std::array<std::string_view, 5> names{"requested", "countered", "accepted", "declined", "withdrawn"};
};
template <>
struct EnumNames<OrderState> {
    static constexpr std::array<std::string_view, 6> names{"placed", "confirmed", "in_production", "shipped", "delivered", "cancelled"};
};

template <class E>
concept NamedEnum = requires {
    EnumNames<E>::names;
};

template <NamedEnum E>
std::string_view name_of(E value) {
    return EnumNames<E>::names.at(static_cast<std::size_t>(value));
}
template <NamedEnum E>
std::optional<E> named(std::string_view name) {
    for (std::size_t i = 0; i < EnumNames<E>::names.size(); ++i)
        if (EnumNames<E>::names[i] == name) return static_cast<E>(i);
    return std::nullopt;
}

/// What a record is called in JSON.
template <class T>
constexpr std::string_view kind_name() {
    if constexpr (std::is_same_v<T, InviteRecord>) return "invite";
    if constexpr (std::is_same_v<T, Person>) return "person";
    if constexpr (std::is_same_v<T, Seat>) return "seat";
    if constexpr (std::is_same_v<T, Message>) return "message";
    if constexpr (std::is_same_v<T, Liking>) return "liking";
    if constexpr (std::is_same_v<T, Point>) return "point";
    if constexpr (std::is_same_v<T, Poll>) return "poll";
    if constexpr (std::is_same_v<T, Vote>) return "vote";
    if constexpr (std::is_same_v<T, Quote>) return "quote";
    if constexpr (std::is_same_v<T, Order>) return "order";
    if constexpr (std::is_same_v<T, Happening>) return "happening";
    if constexpr (std::is_same_v<T, Tally>) return "tally";
    if constexpr (std::is_same_v<T, Erasure>) return "erasure";
    if constexpr (std::is_same_v<T, Removal>) return "removal";
    return {};
}

/// Calls visit(name, member) for each member. R may be const.
template <class R, class Visit>
void each_field(R& r, Visit&& visit) {
    using T = std::remove_const_t<R>;
    if constexpr (std::is_same_v<T, SceneMoment>) {
        visit("frame", r.frame), visit("capture_us", r.capture_us), visit("product", r.product);
    } else if constexpr (std::is_same_v<T, InviteRecord>) {
        visit("id", r.id), visit("secret_sha256", r.secret_sha256), visit("role", r.role), visit("name", r.name);
        visit("company", r.company), visit("language", r.language), visit("group", r.group), visit("person", r.person);
        visit("made_us", r.made_us), visit("not_before_us", r.not_before_us), visit("expires_us", r.expires_us);
        visit("max_devices", r.max_devices), visit("max_people", r.max_people), visit("revoked_us", r.revoked_us);
        visit("made_up_us", r.made_up_us);
    } else if constexpr (std::is_same_v<T, Person>) {
        visit("id", r.id), visit("invite", r.invite), visit("role", r.role), visit("name", r.name), visit("company", r.company);
        visit("country", r.country), visit("language", r.language), visit("email", r.email), visit("phone", r.phone);
        visit("group", r.group), visit("joined_us", r.joined_us), visit("erased", r.erased);
    } else if constexpr (std::is_same_v<T, Seat>) {
        visit("id", r.id), visit("person", r.person), visit("invite", r.invite), visit("token_sha256", r.token_sha256);
        visit("language", r.language), visit("device", r.device), visit("made_us", r.made_us), visit("ended_us", r.ended_us);
        visit("gave_way", r.gave_way);
    } else if constexpr (std::is_same_v<T, Message>) {
        visit("id", r.id), visit("person", r.person), visit("kind", r.kind), visit("state", r.state);
        visit("is_private", r.is_private), visit("to", r.to), visit("text", r.text), visit("language", r.language);
        visit("reply_to", r.reply_to), visit("moment", r.moment), visit("likes", r.likes), visit("priority", r.priority);
        visit("pinned", r.pinned), visit("answer", r.answer), visit("answer_language", r.answer_language);
        visit("answered_by", r.answered_by), visit("made_us", r.made_us), visit("answered_us", r.answered_us);
    } else if constexpr (std::is_same_v<T, Liking>) {
        visit("message", r.message), visit("person", r.person);
    } else if constexpr (std::is_same_v<T, Point>) {
        visit("id", r.id), visit("person", r.person), visit("product", r.product), visit("note", r.note), visit("state", r.state);
        visit("at_mm", r.at_mm), visit("moment", r.moment), visit("made_us", r.made_us);
    } else if constexpr (std::is_same_v<T, Poll>) {
        visit("id", r.id), visit("question", r.question), visit("options", r.options), visit("open", r.open);
        visit("results_shown", r.results_shown), visit("votes", r.votes), visit("made_us", r.made_us), visit("closed_us", r.closed_us);
    } else if constexpr (std::is_same_v<T, Vote>) {
        visit("poll", r.poll), visit("person", r.person), visit("option", r.option);
    } else if constexpr (std::is_same_v<T, SpecChange>) {
        visit("id", r.id), visit("key", r.key), visit("from", r.from), visit("to", r.to), visit("note", r.note);
        visit("state", r.state), visit("counter", r.counter);
    } else if constexpr (std::is_same_v<T, QuoteRound>) {
        visit("by", r.by), visit("at_us", r.at_us), visit("quantity", r.quantity), visit("unit_price", r.unit_price);
        visit("lead_time", r.lead_time), visit("note", r.note);
    } else if constexpr (std::is_same_v<T, Attachment>) {
        visit("id", r.id), visit("name", r.name), visit("type", r.type), visit("bytes", r.bytes), visit("sha256", r.sha256);
    } else if constexpr (std::is_same_v<T, Quote>) {
        visit("id", r.id), visit("person", r.person), visit("product", r.product), visit("variant", r.variant);
        visit("number", r.number), visit("state", r.state), visit("sample", r.sample), visit("quantity", r.quantity);
        visit("below_minimum", r.below_minimum), visit("list_price", r.list_price), visit("incoterm", r.incoterm);
        visit("destination", r.destination), visit("wanted_by", r.wanted_by), visit("notes", r.notes);
        visit("changes", r.changes), visit("attachments", r.attachments), visit("snapshot", r.snapshot), visit("moment", r.moment);
        visit("rounds", r.rounds), visit("made_us", r.made_us), visit("changed_us", r.changed_us), visit("language", r.language);
    } else if constexpr (std::is_same_v<T, Order>) {
        visit("id", r.id), visit("product", r.product), visit("buyer", r.buyer), visit("place", r.place), visit("slot", r.slot);
        visit("state", r.state), visit("quantity", r.quantity), visit("name_allowed", r.name_allowed);
        visit("made_us", r.made_us), visit("changed_us", r.changed_us), visit("person", r.person);
    } else if constexpr (std::is_same_v<T, Happening>) {
        visit("at_us", r.at_us), visit("kind", r.kind), visit("what", r.what), visit("more", r.more);
    } else if constexpr (std::is_same_v<T, Tally>) {
        visit("minute_us", r.minute_us), visit("product", r.product), visit("what", r.what), visit("count", r.count);
    } else if constexpr (std::is_same_v<T, Erasure>) {
        visit("person", r.person), visit("at_us", r.at_us);
    } else if constexpr (std::is_same_v<T, Removal>) {
        visit("kind", r.kind), visit("id", r.id);
    } else {
        static_assert(!sizeof(T), "not a record");
    }
}

template <class T, class... Some>
concept one_of = (std::is_same_v<T, Some> || ...);
template <class T>
concept Fielded = one_of<T, SceneMoment, SpecChange, QuoteRound, Attachment, InviteRecord, Person, Seat, Message, Liking, Point, Poll, Vote,
                         Quote, Order, Happening, Tally, Erasure, Removal>;

}  // namespace vitrine::desk
