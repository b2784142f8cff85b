// Acts from and to JSON, and which roles may do them.

#include <array>
#include <functional>
#include <utility>

#include "engine/desk/act_fields.h"
#include "engine/desk/acts.h"
#include "engine/desk/text_rules.h"
#include "engine/printable.h"

namespace vitrine::desk {
namespace {

using nlohmann::json;

constexpr std::size_t most_message_letters = 500;
constexpr std::size_t most_note_letters = 200;
constexpr std::size_t most_notes_letters = 2000;
constexpr std::size_t longest_name = 200;
constexpr std::int64_t most_pieces = 1'000'000'000;

Introduce introduce(ActFields& f) {
    Introduce act;
    act.name = f.maybe_text("name", longest_name);
    act.company = f.maybe_text("company", longest_name);
    act.country = f.maybe_text("country", longest_name);
    act.email = f.maybe_text("email", longest_name);
    act.phone = f.maybe_text("phone", longest_name);
    act.language = f.maybe_text("language", longest_name);
    return act;
}
ForgetMe forget(ActFields& f) { return {f.id("person", Must::be_optional)}; }
Say say(ActFields& f) {
    Say act;
    act.kind = f.word<MessageKind>("kind").value_or(MessageKind::chat);
    act.text = f.text("text", most_message_letters, Must::be_there);
    act.language = f.language("language");
    act.reply_to = f.id("reply_to", Must::be_optional);
    act.to = f.id("to", Must::be_optional);
    act.is_private = f.flag("is_private", false);
    act.moment = f.moment("moment");
    return act;
}
Like like(ActFields& f) { return {f.id("message")}; }
AnswerMessage answer(ActFields& f) {
    AnswerMessage act{f.id("message"), f.text("text", most_notes_letters, Must::be_there), f.language("language")};
    act.is_private = f.flag("is_private", false);
    return act;
}
Moderate moderate(ActFields& f) {
    Moderate act{f.id("message"), f.word<MessageState>("state")};
    if (const auto priority = f.whole("priority", INT64_MIN, -100, 100); priority != INT64_MIN) act.priority = static_cast<int>(priority);
    act.pinned = f.maybe_flag("pinned");
    return act;
}
React react(ActFields& f) { return {f.id("kind")}; }
RaiseHand hand(ActFields& f) {
    RaiseHand act;
    act.up = f.flag("up", true);
    act.person = f.id("person", Must::be_optional);
    return act;
}
PlacePoint point(ActFields& f) {
    PlacePoint act;
    act.product = f.id("product");
    act.note = f.text("note", most_note_letters);
    act.at_mm = f.point("at_mm");
    act.moment = f.moment("moment");
    return act;
}
SetPoint set_point(ActFields& f) { return {f.id("point"), f.word<PointState>("state", Must::be_there).value_or(PointState::done)}; }
OpenPoll open_poll(ActFields& f) {
    OpenPoll act{f.local_text("question", 300), f.local_texts("options", 120)};
    if (act.options.size() < 2 || act.options.size() > 6) f.complain("options", "must be 2 to 6 answers to choose from");
    return act;
}
ClosePoll close_poll(ActFields& f) {
    ClosePoll act{f.id("poll")};
    act.results_shown = f.flag("results_shown", true);
    return act;
}
CastVote vote(ActFields& f) { return {f.id("poll"), static_cast<int>(f.whole("option", 0, 0, 5, Must::be_there))}; }

SpecChange change(ActFields& f) {
    SpecChange change;
    change.id = f.id("id", Must::be_optional);
    change.key = f.id("key");
    change.from = f.text("from", longest_name);
    change.to = f.text("to", longest_name, Must::be_there);
    change.note = f.text("note", most_note_letters);
    return change;
}
RequestQuote request_quote(ActFields& f) {
    RequestQuote act;
    act.product = f.id("product");
    act.variant = f.text("variant", longest_name);
    act.sample = f.flag("sample", false);
    act.quantity = f.whole("quantity", 0, 1, most_pieces, Must::be_there);
    act.target_price = f.money("target_price");
    act.incoterm = f.text("incoterm", longest_name);
    if (!act.incoterm.empty() && !is_incoterm(act.incoterm)) f.complain("incoterm", "must be a rule of Incoterms 2020 such as \"FOB\"");
    act.destination = f.text("destination", longest_name);
    act.wanted_by = f.text("wanted_by", 10);
    if (!act.wanted_by.empty() && !is_date(act.wanted_by)) f.complain("wanted_by", "must be a day such as \"2027-02-28\"");
    act.notes = f.text("notes", most_notes_letters);
    act.language = f.language("language");
    for (ActFields& part : f.objects("changes", 20)) {
        act.changes.push_back(change(part));
        f.take_problem(part);
    }
    act.attachments = f.ids("attachments", 5);
    act.snapshot = f.id("snapshot", Must::be_optional);
    act.moment = f.moment("moment");
    return act;
}
CounterQuote counter_quote(ActFields& f) {
    CounterQuote act;
    act.quote = f.id("quote");
    act.quantity = f.whole("quantity", 0, 0, most_pieces);
    act.unit_price = f.money("unit_price");
    act.lead_time = f.text("lead_time", longest_name);
    act.note = f.text("note", most_notes_letters);
    return act;
}
DecideQuote decide_quote(ActFields& f) {
    return {f.id("quote"), f.word<QuoteState>("state", Must::be_there).value_or(QuoteState::accepted)};
}
DecideChange decide_change(ActFields& f) {
    DecideChange act{f.id("quote"), f.id("change"), f.word<ChangeState>("state", Must::be_there).value_or(ChangeState::accepted)};
    act.counter = f.text("counter", most_note_letters);
    return act;
}
PutOrder put_order(ActFields& f) {
    PutOrder act;
    auto part = f.object("order");
    if (!part) {
        f.complain("order", "must be there");
        return act;
    }
    act.order.id = part->text("id", 64, Must::be_there);
    act.order.product = part->text("product", longest_name);
    act.order.buyer = part->text("buyer", longest_name);
    act.order.place = part->text("place", longest_name);
    act.order.slot = part->text("slot", 60);
    act.order.person = part->text("person", 64);
    act.order.state = part->word<OrderState>("state").value_or(OrderState::placed);
    act.order.quantity = part->whole("quantity", 0, 0, most_pieces);
    act.order.name_allowed = part->flag("name_allowed", false);
    act.order.made_us = part->whole("made_us", 0, 0, INT64_MAX);
    act.order.changed_us = part->whole("changed_us", 0, 0, INT64_MAX);
    f.take_problem(*part);
    return act;
}
RemoveOrder remove_order(ActFields& f) { return {f.text("order", 64, Must::be_there)}; }
MakeInvite make_invite(ActFields& f) {
    MakeInvite act;
    act.role = f.word<Role>("role").value_or(Role::buyer);
    act.name = f.text("name", longest_name);
    act.company = f.text("company", longest_name);
    act.language = f.language("language");
    act.group = f.id("group", Must::be_optional);
    act.open = f.flag("open", false);
    act.max_people = static_cast<int>(f.whole("max_people", 1, 1, 100'000));
    act.max_devices = static_cast<int>(f.whole("max_devices", 2, 1, 10));
    act.not_before_us = f.whole("not_before_us", 0, 0, INT64_MAX);
    act.expires_us = f.whole("expires_us", 0, 0, INT64_MAX);
    return act;
}
ShowLink show_link(ActFields& f) { return {f.id("invite")}; }
RevokeInvite revoke_invite(ActFields& f) { return {f.id("invite")}; }
RevokeEverybody revoke_everybody(ActFields&) { return {}; }
EndSeat end_person(ActFields& f) { return {f.id("person")}; }

struct Kind {
    std::string_view name;
    bool buyer, helper;
    Act (*read)(ActFields&);
};

template <auto read>
Act reader(ActFields& fields) {
    return read(fields);
}

// In the order of Act. The presenter may do all that is not about oneself.
constexpr std::array<Kind, std::variant_size_v<Act>> kinds{{
    {"introduce", true, true, reader<introduce>},
    {"forget", true, true, reader<forget>},
    {"say", true, true, reader<say>},
    {"like", true, true, reader<like>},
    {"answer", false, true, reader<answer>},
    {"moderate", false, true, reader<moderate>},
    {"react", true, true, reader<react>},
    {"hand", true, true, reader<hand>},
    {"point", true, true, reader<point>},
    {"set_point", true, true, reader<set_point>},
    {"open_poll", false, true, reader<open_poll>},
    {"close_poll", false, true, reader<close_poll>},
    {"vote", true, true, reader<vote>},
    {"request_quote", true, false, reader<request_quote>},
    {"counter_quote", true, false, reader<counter_quote>},
    {"decide_quote", true, false, reader<decide_quote>},
    {"decide_change", true, false, reader<decide_change>},
    {"put_order", false, false, reader<put_order>},
    {"remove_order", false, false, reader<remove_order>},
    {"make_invite", false, false, reader<make_invite>},
    {"show_link", false, false, reader<show_link>},
    {"revoke_invite", false, false, reader<revoke_invite>},
    {"revoke_everybody", false, false, reader<revoke_everybody>},
    {"end_person", false, false, reader<end_person>},
}};

std::string all_names() {
    std::string names;
    for (const Kind& kind : kinds) names += (names.empty() ? "" : ", ") + std::string(kind.name);
    return names;
}

// The JSON of each act; what is empty is left out where empty means not given.
struct Writer {
    json object;
    void put(const char* name, const std::optional<std::string>& text) {
        if (text) object[name] = *text;
    }
    void given(const char* name, const std::string& text) {
        if (!text.empty()) object[name] = text;
    }
    void moment(const SceneMoment& moment) { object["moment"] = value_to_json(moment); }

    void operator()(const Introduce& a) {
        put("name", a.name), put("company", a.company), put("country", a.country);
        put("email", a.email), put("phone", a.phone), put("language", a.language);
    }
    void operator()(const ForgetMe& a) { given("person", a.person); }
    void operator()(const Say& a) {
        object["kind"] = name_of(a.kind), object["text"] = a.text, object["is_private"] = a.is_private;
        given("language", a.language), given("reply_to", a.reply_to), given("to", a.to), moment(a.moment);
    }
    void operator()(const Like& a) { object["message"] = a.message; }
    void operator()(const AnswerMessage& a) {
        object["message"] = a.message, object["text"] = a.text, object["is_private"] = a.is_private;
        given("language", a.language);
    }
    void operator()(const Moderate& a) {
        object["message"] = a.message;
        if (a.state) object["state"] = name_of(*a.state);
        if (a.priority) object["priority"] = *a.priority;
        if (a.pinned) object["pinned"] = *a.pinned;
    }
    void operator()(const React& a) { object["kind"] = a.kind; }
    void operator()(const RaiseHand& a) { object["up"] = a.up, given("person", a.person); }
    void operator()(const PlacePoint& a) {
        object["product"] = a.product, object["at_mm"] = a.at_mm, given("note", a.note), moment(a.moment);
    }
    void operator()(const SetPoint& a) { object["point"] = a.point, object["state"] = name_of(a.state); }
    void operator()(const OpenPoll& a) { object["question"] = value_to_json(a.question), object["options"] = value_to_json(a.options); }
    void operator()(const ClosePoll& a) { object["poll"] = a.poll, object["results_shown"] = a.results_shown; }
    void operator()(const CastVote& a) { object["poll"] = a.poll, object["option"] = a.option; }
    void operator()(const RequestQuote& a) {
        object["product"] = a.product, object["sample"] = a.sample, object["quantity"] = a.quantity;
        object["target_price"] = value_to_json(a.target_price), object["attachments"] = a.attachments;
        given("variant", a.variant), given("incoterm", a.incoterm), given("destination", a.destination);
        given("wanted_by", a.wanted_by), given("notes", a.notes), given("language", a.language), given("snapshot", a.snapshot);
        moment(a.moment);
        json& changes = object["changes"] = json::array();
        for (const SpecChange& c : a.changes) {
            json one{{"key", c.key}, {"from", c.from}, {"to", c.to}, {"note", c.note}};
            if (!c.id.empty()) one["id"] = c.id;
            changes.push_back(std::move(one));
        }
    }
    void operator()(const CounterQuote& a) {
        object["quote"] = a.quote, object["quantity"] = a.quantity, object["unit_price"] = value_to_json(a.unit_price);
        given("lead_time", a.lead_time), given("note", a.note);
    }
    void operator()(const DecideQuote& a) { object["quote"] = a.quote, object["state"] = name_of(a.state); }
    void operator()(const DecideChange& a) {
        object["quote"] = a.quote, object["change"] = a.change, object["state"] = name_of(a.state), given("counter", a.counter);
    }
    void operator()(const PutOrder& a) { object["order"] = value_to_json(a.order); }
    void operator()(const RemoveOrder& a) { object["order"] = a.order; }
    void operator()(const MakeInvite& a) {
        object["role"] = name_of(a.role), object["open"] = a.open, object["max_people"] = a.max_people;
        object["max_devices"] = a.max_devices, object["not_before_us"] = a.not_before_us, object["expires_us"] = a.expires_us;
        given("name", a.name), given("company", a.company), given("language", a.language), given("group", a.group);
    }
    void operator()(const ShowLink& a) { object["invite"] = a.invite; }
    void operator()(const RevokeInvite& a) { object["invite"] = a.invite; }
    void operator()(const RevokeEverybody&) {}
    void operator()(const EndSeat& a) { object["person"] = a.person; }
};

}  // namespace

Result<Act> act_from_json(std::string_view text, std::string* client_id) {
    const auto refuse = [](std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); };
    auto object = bounded_json(text);
    if (!object) return tl::unexpected<Error>(object.error());
    try {
        const auto named = object->find("act");
        if (named == object->end() || !named->is_string()) return refuse("the field \"act\" names one of: " + all_names());
        const std::string name = named->get<std::string>();
        object->erase(named);
        if (const auto id = object->find("client_id"); id != object->end()) {
            if (!id->is_string() || !is_client_id(id->get_ref<const std::string&>()))
                return refuse("the field \"client_id\" must have 1 to 64 letters, digits and '-'");
            if (client_id) *client_id = id->get<std::string>();
            object->erase(id);
        }
        for (const Kind& kind : kinds) {
            if (kind.name != name) continue;
            ActFields fields(std::move(*object), "the act \"" + name + "\"");
            Act act = kind.read(fields);
            if (const std::string& problem = fields.finish(); !problem.empty()) return refuse(problem);
            return act;
        }
        return refuse("there is no act \"" + printable(name, 60) + "\"; there are: " + all_names());
    } catch (const std::exception& problem) {
        return refuse("the act cannot be read: " + printable(problem.what(), 100));
    }
}

std::string act_to_json(const Act& act) {
    Writer writer;
    writer.object = {{"act", kinds[act.index()].name}};
    std::visit(writer, act);
    return writer.object.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool allowed(const Act& act, Role role) {
    const Kind& kind = kinds[act.index()];
    if (role == Role::buyer) return kind.buyer;
    if (role == Role::helper) return kind.helper;
    return !std::holds_alternative<Introduce>(act) && !std::holds_alternative<React>(act) && !std::holds_alternative<RequestQuote>(act) &&
           !std::holds_alternative<Like>(act) && !std::holds_alternative<CastVote>(act);
}

}  // namespace vitrine::desk
