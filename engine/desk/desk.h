#pragma once
// What acts do, without threads, disk or network: decide() judges an act against what is there and says which records come of it; apply()
// puts a record into its place. A record is applied only by apply(), whether it comes from an act, from another's act or from the disk, so
// a desk loaded from its records is the desk that was. Thread-bound (Show owns it on the show thread); the caller says what time it is.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/desk/acts.h"
#include "engine/desk/link_clock.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

/// What the presenter's side sees of somebody, beyond the record. Not kept.
struct Presence {
    int sockets = 0;
    bool hand = false;
    std::int64_t hand_us = 0, seen_us = 0;
    double rtt_ms = 0, loss = 0, fps = 0;  ///< as their page says; 0: not told
    double delay_ms = 0, delay95_ms = 0;   ///< camera to screen, median and 95 %, as their page measures it; 0: not told
    double path_kbps = 0;                  ///< how fast a download from here came to their page before the show; 0: not told
};

/// Everything on the desk, immutable, shared, numbered on its own (Snapshot::desk). Lists are in order of `made_us`.
struct DeskView {
    std::uint64_t version = 0;
    std::map<std::string, InviteRecord> invites;
    std::map<std::string, Person> people;
    std::map<std::string, Presence> presence;  ///< by person id; those who were here since the start
    std::vector<Message> messages;             ///< the newest 500 and every unanswered question
    std::vector<Point> points;                 ///< not done
    std::optional<Poll> poll;                  ///< open, or the last one closed
    std::vector<Quote> quotes;                 ///< all of this show
    std::vector<Order> orders;
    std::map<std::string, int> reactions;  ///< counts since going live
};
using DeskViewPtr = std::shared_ptr<const DeskView>;

/// Somebody comes in by a link; Buyers has checked its secret.
struct Arrival {
    std::string invite, seat, token_sha256, language, device;
    std::vector<std::string> idle_seats;   ///< of that invite, that may give way, the first of them when all seats are taken
    std::vector<std::string> quiet_seats;  ///< of open links, the same when the show is full
    LinkClock clock;                       ///< by which the invite was found open; 0: by the time of the decision
};

/// A file that a buyer has put up, from which a quote may be made.
struct Upload {
    Attachment attachment;
    std::string person;
    std::int64_t made_us = 0;
};

struct Decided {
    std::vector<Record> records;  ///< to be kept and applied, all or none
    ActResult result;
};

/// One of many orders that the desk does not take.
struct OrderRefusal {
    std::size_t index = 0;
    std::string why;
};

class Desk {
  public:
    explicit Desk(std::shared_ptr<const ShowConfig> config);
    Desk(const Desk& other);  ///< a desk of its own
    Desk& operator=(const Desk& other);
    Desk(Desk&&) noexcept;
    Desk& operator=(Desk&&) noexcept;
    ~Desk();

    /// Judges an act by what has been applied so far. Changes nothing. Errors are sentences for the doer.
    Result<Decided> decide(const Act& act, const Actor& actor, std::int64_t now_us) const;
    /// Many at once, all or none: with any refusal there is nothing to apply.
    Decided decide_orders(const std::vector<Order>& orders, std::int64_t now_us, std::vector<OrderRefusal>& refused) const;
    /// The same for what no act does: the result's id is the seat's.
    Result<Decided> decide_arrival(const Arrival& arrival, std::int64_t now_us) const;
    Result<Decided> decide_leave(const std::string& seat, std::int64_t now_us) const;
    /// Whether that person may put up one more file.
    Result<void> decide_upload(const std::string& person, std::int64_t bytes) const;

    /// From which the secrets of links are made from now on; until then a key of this desk's own.
    void use_link_key(std::string key);

    void apply(const Record& record);

    // What is not kept: it has no record and is gone with the show.
    void react(const std::string& kind);
    void clear_reactions();
    bool raise_hand(const std::string& person, bool up, std::int64_t now_us);  ///< false: it was so already
    void present(const std::string& person, const Presence& now);              ///< `hand` and `hand_us` stay as they are
    void uploaded(Upload upload);
    /// What the store has put aside (Store::sweep) is not here any more. Its people can still be forgotten.
    void put_aside(const std::vector<Removal>& records);
    void aside(std::set<std::string> people);  ///< who was put aside before

    /// A view of what is there now; the same pointer until something changes.
    DeskViewPtr view() const;
    /// Every record from which this desk could be made again, oldest first of each kind.
    std::vector<Record> records() const;

    // Null when there is none. Until the next change.
    const InviteRecord* invite(const std::string& id) const;
    const Person* person(const std::string& id) const;
    const Message* message(const std::string& id) const;
    const Quote* quote(const std::string& id) const;
    const Order* order(const std::string& id) const;
    const Upload* upload(const std::string& id) const;
    /// What has been counted in that minute.
    int tally(std::int64_t minute_us, const std::string& product, const std::string& what) const;

  private:
    struct Core;
    std::unique_ptr<Core> core_;
    friend class Judge;
};

/// Whether that person may see the record, and how: private words, other people's quotes, prices and addresses are taken out. Nothing: not
/// for them. `viewer.role` presenter and helper see everything but secrets.
std::optional<Record> as_seen_by(const Record& record, const Actor& viewer);

}  // namespace vitrine::desk
