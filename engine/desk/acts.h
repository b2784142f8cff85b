#pragma once
// Everything that people at the desk can do. Buyers' pages, helpers, panel and command line send the same acts; who may do which stands in
// allowed(). JSON form: an object with "act" and the fields below by name, e.g.
// {"act":"say","kind":"question","text":"IP65 version?","moment":{"frame":812,"capture_us":…,"product":"LX-200"}}.
// Each act of a buyer carries a client id (1 to 64 letters, digits, '-'); the same id of the same person again gives the first result
// again and does nothing, so a page may send until it is answered.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/desk/records.h"
#include "engine/result.h"

namespace vitrine::desk {

struct Actor {
    Role role = Role::buyer;
    std::string person;     ///< empty: the presenter
    std::string client_id;  ///< empty: the presenter's commands may go without
};

// A person about themself.
struct Introduce {
    std::optional<std::string> name, company, country, email, phone, language;
};  // "introduce"; at most 200 bytes each
struct ForgetMe {
    std::string person;
};  // "forget"; a buyer: themself only (person left out); the presenter: anybody

// Talk.
struct Say {
    MessageKind kind = MessageKind::chat;
    std::string text, language, reply_to, to;
    bool is_private = false;
    SceneMoment moment;
};  // "say"; text at most 500 letters; `to` for presenter and helpers
struct Like {
    std::string message;
};  // "like"; once a person
struct AnswerMessage {
    std::string message, text, language;
    bool is_private = false;
};  // "answer"; helpers and presenter
struct Moderate {
    std::string message;
    std::optional<MessageState> state;
    std::optional<int> priority;
    std::optional<bool> pinned;
};  // "moderate"; helpers and presenter
struct React {
    std::string kind;
};  // "react"; one of heart, clap, wow, question_mark, thumb; kept as counts by minute and product
struct RaiseHand {
    bool up = true;
    std::string person;
};  // "hand"; with `person` the presenter lowers somebody's

// On the picture.
struct PlacePoint {
    std::string product, note;
    std::array<double, 3> at_mm{};
    SceneMoment moment;
};  // "point"; a person has at most 3, a fourth takes the place of the first
struct SetPoint {
    std::string point;
    PointState state = PointState::done;
};  // "set_point"; a buyer may only take their own away (done)

// Polls.
struct OpenPoll {
    LocalText question;
    std::vector<LocalText> options;
};  // "open_poll"; 2 to 6 options; the one before closes
struct ClosePoll {
    std::string poll;
    bool results_shown = true;
};  // "close_poll"
struct CastVote {
    std::string poll;
    int option = 0;
};  // "vote"; again: changes it

// Quotes.
struct RequestQuote {
    std::string product, variant;
    bool sample = false;
    std::int64_t quantity = 0;
    std::optional<Money> target_price;
    std::string incoterm, destination, wanted_by, notes, language;
    std::vector<SpecChange> changes;
    std::vector<std::string> attachments;  ///< ids that this person has uploaded
    std::string snapshot;
    SceneMoment moment;
};  // "request_quote"
struct CounterQuote {
    std::string quote;
    std::int64_t quantity = 0;
    std::optional<Money> unit_price;
    std::string lead_time, note;
};  // "counter_quote"; presenter and buyer by turns
struct DecideQuote {
    std::string quote;
    QuoteState state = QuoteState::accepted;
};  // "decide_quote"; accepted, declined by whose turn it is; withdrawn by the buyer
struct DecideChange {
    std::string quote, change;
    ChangeState state = ChangeState::accepted;
    std::string counter;
};  // "decide_change"; presenter; a buyer accepts or declines a counter

// Orders.
struct PutOrder {
    Order order;
};  // "put_order"; presenter; new or changed by its id
struct RemoveOrder {
    std::string order;
};  // "remove_order"

// Access.
struct MakeInvite {
    Role role = Role::buyer;
    std::string name, company, language, group;
    bool open = false;  ///< a link for many, with max_people
    int max_people = 1, max_devices = 2;
    std::int64_t not_before_us = 0, expires_us = 0;  ///< 0: from now; the default of the show
};                                                   // "make_invite"; presenter. The secret is in the result only
struct ShowLink {
    std::string invite;
};  // "show_link"; presenter: the secret of a link that was made before and still lets people in
struct RevokeInvite {
    std::string invite;
};                          // "revoke_invite"; presenter
struct RevokeEverybody {};  // "revoke_everybody"
struct EndSeat {
    std::string person;
};  // "end_person"; presenter: this person is out, their link too if it is theirs alone

using Act = std::variant<Introduce, ForgetMe, Say, Like, AnswerMessage, Moderate, React, RaiseHand, PlacePoint, SetPoint, OpenPoll,
                         ClosePoll, CastVote, RequestQuote, CounterQuote, DecideQuote, DecideChange, PutOrder, RemoveOrder, MakeInvite,
                         ShowLink, RevokeInvite, RevokeEverybody, EndSeat>;

/// What the doer is told: the id of what came about, and for an invite its secret.
struct ActResult {
    std::string id;
    std::string number;  ///< a quote's
    std::string secret;  ///< an invite's; never kept, never logged
};

/// Reentrant. Refuses unknown acts, unknown or missing fields, wrong types, too much text and control characters with a sentence.
/// In free texts line breaks and tabs become spaces. "client_id" is taken into `client_id`; left out, it stays empty.
Result<Act> act_from_json(std::string_view json, std::string* client_id = nullptr);
/// Reentrant.
std::string act_to_json(const Act& act);
/// Reentrant. Whether somebody of that role may do such an act at all; details (whose turn, whose message) are the desk's.
bool allowed(const Act& act, Role role);

}  // namespace vitrine::desk
