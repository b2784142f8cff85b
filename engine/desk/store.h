#pragma once
// The show's memory on disk: one SQLite file (WAL, synchronous=FULL), written by one thread, "store". A write is acknowledged after its
// commit, so what was acknowledged survives kill -9 and a full disk; what was not is as if it had never been. Writes that wait are
// committed together. A file that fails its integrity check at the start is put aside with its date in its name, never overwritten, and the
// presenter is told.

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/desk/kept_time.h"
#include "engine/desk/records.h"
#include "engine/result.h"

namespace vitrine::desk {

/// An event for the factory's own systems, delivered at least once and in order per person (pipelines/deliver/webhooks).
struct OutboxEntry {
    std::int64_t number = 0;  ///< ascending
    std::string hook;         ///< for which receiver: WebhookConfig::id
    std::string person;       ///< order holds per hook and person; empty: what is about nobody, a line of its own
    std::string type;         ///< CloudEvents type, "com.vitrine.quote.requested"
    std::string data;         ///< the whole CloudEvent as it is sent, so that every try has the same bytes and the same id
    std::int64_t made_us = 0, next_try_us = 0;
    int tries = 0;
    bool dead = false;  ///< given up; kept to be looked at and sent again by hand
};

struct Acknowledged {
    std::string person, client_id;
    std::string result;  ///< what was answered, JSON
};

class Store {
  public:
    /// Opens or makes `folder`/show.db, migrates it, checks it. Errors: in use by another show, not writable, from a newer version.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, SightSource sights = look_at_clocks);
    /// Everything that is kept, oldest first, without writing anything: also while a show runs. missing: there is no show.db.
    static Result<std::vector<Record>> read(const std::filesystem::path& folder, bool also_what_is_aside = false);
    virtual ~Store() = default;

    /// Everything that is kept, oldest first. Called once, before the first write.
    virtual Result<std::vector<Record>> load() = 0;
    virtual Result<std::vector<Acknowledged>> load_acknowledged() = 0;
    virtual Result<std::vector<Upload>> load_uploads() = 0;
    /// A sentence for the presenter when a damaged file was put aside at the start; else empty.
    virtual const std::string& notice() const = 0;

    /// After a write that failed every further one fails too, until one says that its maker knows (`afresh`): what waits behind a failed
    /// write was decided on the strength of it.
    struct Write {
        std::vector<Record> records;
        std::vector<OutboxEntry> outbox;
        std::optional<Acknowledged> acknowledged;
        bool afresh = false;
    };
    /// Thread-safe, returns at once. `done` on the store thread, in the order of the calls: after the commit, or with why nothing was kept.
    virtual void write(Write write, std::function<void(Result<void>)> done) = 0;

    // Attachments are kept apart from records; at most 5 MiB each, `most_attachment_bytes` in all.
    virtual void put_attachment(Attachment attachment, std::string person, std::string bytes, std::function<void(Result<void>)> done) = 0;
    virtual void get_attachment(std::string id, std::function<void(Result<std::string>)> done) = 0;
    /// `bytes` of it from `at`; no more than that is read into memory. not_found: no such file, or it is shorter.
    virtual void read_attachment(std::string id, std::uint64_t at, std::size_t bytes, std::function<void(Result<std::string>)> done) = 0;

    // The outbox. `done` on the store thread. Due is the oldest entry of each line (hook and person) that is not dead, if its time has
    // come: one that waits holds back those behind it in its line and nobody else's. Of each hook come the `most_of_each` oldest, so that a
    // hook with many lines leaves the others theirs. An Erasure takes the person's unsent entries away, but for those written with it.
    virtual void outbox_due(std::int64_t now_us, int most_of_each, std::function<void(std::vector<OutboxEntry>)> done) = 0;
    virtual void outbox_sent(std::int64_t number) = 0;
    virtual void outbox_failed(std::int64_t number, std::int64_t next_try_us, bool dead) = 0;
    struct Outbox {
        std::int64_t waiting = 0;       ///< not dead
        std::vector<OutboxEntry> dead;  ///< newest first, at most `most`
    };
    virtual void outbox(int most, std::function<void(Outbox)> done) = 0;
    /// A dead entry becomes due at once, its tries forgotten. False: there is none of that number.
    virtual void outbox_again(std::int64_t number, std::function<void(bool)> done) = 0;

    /// Days that must be seen to pass, and days of them on which the data must have been open, before what was put aside is erased.
    static constexpr std::int64_t grace_days = 30, grace_openings = 3;
    struct Swept {
        std::vector<Removal> records;           ///< put aside now; seats, happenings and tallies are not named
        std::size_t put_aside = 0, erased = 0;  ///< rows, now
        std::size_t aside = 0;                  ///< rows that can be brought back
        std::int64_t up_us = 0, now_us = 0;     ///< KeptTime::up_us; the wall clock
        std::int64_t before_us = 0;             ///< the wall clock when it was last looked at; 0: never
        std::int64_t clock_ahead_us = 0;        ///< how far it went ahead since, of what is known to have passed taken off; below 0: back
        bool clock_certain = false;             ///< the machine was up all the time, so it did jump
    };
    /// Looks at the clocks, and puts aside what is older than that, by the wall clock and by what has been seen to pass (kept_time.h); what
    /// has been aside for the grace period is erased for good. Said in the log; when the disk does not take it, nothing is. `done` on the
    /// store thread. Before load(), and once an hour.
    virtual void sweep(int keep_days, std::function<void(const Swept&)> done) = 0;
    /// All that is aside is there again after the next load(), as if it were kept today; how many rows.
    virtual Result<std::size_t> bring_back() = 0;
    /// Who is aside: unknown to the desk, and can be forgotten.
    virtual Result<std::set<std::string>> load_aside_people() = 0;
    virtual const std::filesystem::path& file() const = 0;
};

}  // namespace vitrine::desk
