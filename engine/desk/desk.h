#pragma once
// What acts do, without threads, disk or network: decide() judges an act against what is there and says which records come of it; apply()
// puts a record into its place. A record is applied only by apply(), whether it comes from an act, from another's act or from the disk, so
// a desk loaded from its records is the desk that was. Thread-bound (Show owns it on the show thread); the caller says what time it is.

#include <memory>
#include <string>
#include <vector>

#include "engine/desk/acts.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

/// What the presenter's side sees of somebody, beyond the record. Not kept.
struct Presence {
    int sockets = 0;
    bool hand = false;
    std::int64_t hand_us = 0, seen_us = 0;
    double rtt_ms = 0, loss = 0, fps = 0;  ///< as their page says; 0: not told
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

struct Decided {
    std::vector<Record> records;  ///< to be kept and applied, all or none
    ActResult result;
};

class Desk {
  public:
    explicit Desk(std::shared_ptr<const ShowConfig> config);

    /// Judges an act by what has been applied so far. Changes nothing. Errors are sentences for the doer.
    Result<Decided> decide(const Act& act, const Actor& actor, std::int64_t now_us) const;
    void apply(const Record& record);
    /// A view of what is there now; the same pointer until something changes.
    DeskViewPtr view() const;

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

/// Whether that person may see the record, and how: private words, other people's quotes, prices and addresses are taken out. Nothing: not
/// for them. `viewer.role` presenter and helper see everything but secrets.
std::optional<Record> as_seen_by(const Record& record, const Actor& viewer);

}  // namespace vitrine::desk
