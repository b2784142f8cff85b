#pragma once
// What the desk keeps: who is there, what they say, point at, ask a price for and order. A record is a value with an id; a change is a new
// value of the same record. Times are UTC µs. Free text is UTF-8 without control characters, as its writer wrote it: nobody trusts it,
// whoever shows it escapes it.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/config.h"

namespace vitrine::desk {

enum class Role { buyer, helper, presenter };

/// An exact amount: a piece may cost 0.035 USD. Adding, multiplying and rounding are in money.h.
struct Money {
    std::int64_t e4 = 0;   ///< ten-thousandths of the currency's unit, whatever the currency: 42000 is 4.20
    std::string currency;  ///< ISO 4217
    bool operator==(const Money&) const = default;
};

/// A link that lets people in. Only the SHA-256 of its secret is kept.
struct InviteRecord {
    std::string id, secret_sha256;
    Role role = Role::buyer;
    std::string name, company, language, group;  ///< group: whose private prices hold; may be empty
    std::string person;  ///< the one person a personal link is for; empty: an open link, a person for each who joins
    std::int64_t made_us = 0, not_before_us = 0, expires_us = 0;
    int max_devices = 2;          ///< of one person
    int max_people = 1;           ///< open links: how many people
    std::int64_t revoked_us = 0;  ///< 0: not
    std::int64_t made_up_us = 0;  ///< what had been seen to pass when it was made (kept_time.h)
};

/// Somebody who came in by a link.
struct Person {
    std::string id, invite;
    Role role = Role::buyer;
    std::string name, company, country, language, email, phone, group;  ///< country: ISO 3166-1 alpha-2; empty: not said
    std::int64_t joined_us = 0;
    bool erased = false;  ///< asked to be forgotten: the texts above are empty, what is kept for the books has no name on it
};

/// One device of a person: a reference token, checked at each request. Only the token's SHA-256 is kept.
struct Seat {
    std::string id, person, invite, token_sha256, language;
    std::string device;                      ///< what it calls itself: "iPhone"; may be empty
    std::int64_t made_us = 0, ended_us = 0;  ///< ended: revoked, left for good, or gave way
    bool gave_way = false;                   ///< ended because another device was to be let in
};

/// What a thing speaks of: the program frame that its writer saw.
struct SceneMoment {
    std::uint64_t frame = 0;
    std::int64_t capture_us = 0;  ///< UTC, from the scene frame; 0: not known
    std::string product;          ///< may be empty
};

enum class MessageKind { chat, question, announcement };
enum class MessageState { waiting, shown, answered, hidden };  ///< waiting: held back for the presenter; hidden: moderated away
struct Message {
    std::string id, person;  ///< person empty: the presenter
    MessageKind kind = MessageKind::chat;
    MessageState state = MessageState::shown;
    bool is_private = false;  ///< between this person and the presenter's side only
    std::string to;           ///< person id: a private word of the presenter's to one buyer
    std::string text, language;
    std::string reply_to;  ///< message id; may be empty
    SceneMoment moment;
    int likes = 0;                                     ///< "I want to know that too"
    int priority = 0;                                  ///< set by the presenter; higher first
    bool pinned = false;                               ///< stands at the top for everybody
    std::string answer, answer_language, answered_by;  ///< answered_by: person id of a helper; empty: the presenter
    std::int64_t made_us = 0, answered_us = 0;
};

/// A spot on a product, marked by a buyer.
enum class PointState { open, shown, done };  ///< shown: the presenter shows it to everybody
struct Point {
    std::string id, person, product, note;
    PointState state = PointState::open;
    std::array<double, 3> at_mm{};  ///< in the target's frame; z towards the camera
    SceneMoment moment;
    std::int64_t made_us = 0;
};

struct Poll {
    std::string id;
    LocalText question;
    std::vector<LocalText> options;
    bool open = true, results_shown = true;
    std::vector<int> votes;  ///< per option
    std::int64_t made_us = 0, closed_us = 0;
};
struct Vote {
    std::string poll, person;
    int option = 0;
};
/// Somebody wants to know that too. Counted in Message::likes.
struct Liking {
    std::string message, person;
};

/// One proposed change to what the product is: co-design as a list of differences.
enum class ChangeState { proposed, accepted, countered, declined };
struct SpecChange {
    std::string id;        ///< distinct in its quote
    std::string key;       ///< a spec's key, or "colour", "size", "logo", "packing", "other"
    std::string from, to;  ///< from: what it is now, as shown to the buyer
    std::string note;
    ChangeState state = ChangeState::proposed;
    std::string counter;  ///< what the factory offers instead
};

enum class QuoteState { requested, countered, accepted, declined, withdrawn };
/// One round of bargaining. Who made the last round waits for the other.
struct QuoteRound {
    Role by = Role::buyer;
    std::int64_t at_us = 0;
    std::int64_t quantity = 0;
    std::optional<Money> unit_price;  ///< the buyer's target, or the factory's offer; nothing: "tell me"
    std::string lead_time, note;
};
struct Attachment {
    std::string id, name, type;  ///< name: as the buyer called it, without a path
    std::int64_t bytes = 0;
    std::string sha256;
};
struct Quote {
    std::string id, person, product, variant;
    std::string number;  ///< short and speakable, "Q-0042"
    QuoteState state = QuoteState::requested;
    bool sample = false;  ///< a sample is asked for, not a series
    std::int64_t quantity = 0;
    bool below_minimum = false;                           ///< asked for less than the first tier: open to talk
    std::optional<Money> list_price;                      ///< of this person's tier at this quantity when it was asked
    std::string incoterm, destination, wanted_by, notes;  ///< wanted_by: ISO 8601 date; may be empty
    std::vector<SpecChange> changes;
    std::vector<Attachment> attachments;
    std::string snapshot;  ///< id of the attachment that is the picture the buyer kept; may be empty
    SceneMoment moment;
    std::vector<QuoteRound> rounds;  ///< at least one
    std::int64_t made_us = 0, changed_us = 0;
    std::string language;  ///< the buyer's
};

enum class OrderState { placed, confirmed, in_production, shipped, delivered, cancelled };
struct Order {
    std::string id;                           ///< the factory's own number, "48291"
    std::string product, buyer, place, slot;  ///< buyer: a name, shown only when name_allowed; slot: "14:30"
    OrderState state = OrderState::placed;
    std::int64_t quantity = 0;
    bool name_allowed = false;
    std::int64_t made_us = 0, changed_us = 0;
    std::string person;  ///< whose order it is, if they are one of the people here; empty: not said. Forgetting them takes the name off it
};

/// Something that happened in the show, for the report and the replay: what was on air when.
struct Happening {
    std::int64_t at_us = 0;
    std::string kind;  ///< "session" "pinned" "scene" "chapter" "came" "went"
    std::string what;  ///< state, product, scene, title or person
    std::string more;  ///< came, went: seat id
};

/// How often buyers reacted or raised a hand while a product was pinned, minute by minute: counts, nobody's name.
struct Tally {
    std::int64_t minute_us = 0;  ///< where the minute begins
    std::string product;         ///< may be empty
    std::string what;            ///< "hand", or the reaction's kind
    int count = 0;
};

/// A person is gone for good from all records (GDPR, Art. 17). What must stay for the books stays without a name.
struct Erasure {
    std::string person;
    std::int64_t at_us = 0;
};

/// A record taken away as a whole.
struct Removal {
    std::string kind;  ///< "order", "person"
    std::string id;
};

using Record =
    std::variant<InviteRecord, Person, Seat, Message, Liking, Point, Poll, Vote, Quote, Order, Happening, Tally, Erasure, Removal>;

}  // namespace vitrine::desk
