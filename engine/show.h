#pragma once
// Owns the show's state on a thread of its own, the show thread. Every other thread posts commands and reports and reads
// snapshots. Listeners are called on the show thread, without any lock held; they must return at once and may post but not wait
// for a command's result (it would wait for itself).

#include <functional>
#include <future>
#include <memory>

#include "engine/commands.h"
#include "engine/desk/acts.h"
#include "engine/desk/desk.h"
#include "engine/desk/store.h"
#include "engine/snapshot.h"

namespace vitrine {

class Show {
  public:
    using Listener = std::function<void(const SnapshotPtr&)>;

    /// What happens at the desk lasts as long as the show.
    explicit Show(std::shared_ptr<const ShowConfig> config);
    /// What happens at the desk is kept in `store`, and what it holds is there again. Errors: it cannot be read.
    static Result<std::unique_ptr<Show>> open(std::shared_ptr<const ShowConfig> config, std::unique_ptr<desk::Store> store);
    /// Stops the show thread, after what was being kept has been; commands and acts not yet applied answer "the show is closing".
    ~Show();
    Show(const Show&) = delete;
    Show& operator=(const Show&) = delete;

    /// Thread-safe. The future holds the version of the snapshot in which the command is visible, or why it was refused.
    std::future<Result<std::uint64_t>> post(Command command);
    /// Thread-safe; like post(), but answers by callback on the show thread. For threads that must not wait. `by`: for the log.
    void post(Command command, std::function<void(Result<std::uint64_t>)> done, Doer by = {});
    /// Thread-safe. Reports that change nothing make no new snapshot; audio reports make at most ten a second.
    void report(Report report);
    /// Thread-safe, never null.
    SnapshotPtr snapshot() const;
    /// Thread-safe. The listener is called with the newest snapshot after each change until the returned handle is destroyed;
    /// destroying it waits for a call under way (so not from inside the listener).
    std::shared_ptr<void> listen(Listener listener);

    // The desk. An act is decided on the show thread, kept by the store, then settled: shown in Snapshot::desk, told to the listeners,
    // answered. What could not be kept (no_space) has not happened.

    /// Thread-safe; `done` on the show thread. The same client id of the same person gives the first result again, also after a restart.
    void act(desk::Act act, desk::Actor actor, std::function<void(Result<desk::ActResult>)> done);
    /// `settled`: what has come about, in order; empty when only presence or reactions are new. On the show thread; at most every 20 ms.
    using DeskListener = std::function<void(const std::vector<desk::Record>& settled, const desk::DeskViewPtr& view)>;
    std::shared_ptr<void> listen_desk(DeskListener listener);
    /// Called on the show thread as soon as somebody's access ends (revoked invites, ended seats, erasures), before the store has it.
    using EndingListener = std::function<void(const std::vector<desk::Record>& decided)>;
    std::shared_ptr<void> listen_endings(EndingListener listener);
    /// Thread-safe; `done` on the show thread with every settled record.
    void records(std::function<void(std::vector<desk::Record>)> done);
    /// Makes the events that are kept together with the records that they speak of. `before`: the desk without them. On the show thread.
    using EventMaker = std::function<std::vector<desk::OutboxEntry>(const std::vector<desk::Record>& records, const desk::Desk& before)>;
    void make_events(EventMaker maker);

    /// Thread-safe; `done` on the show thread. Many orders, all kept or, with any refusal, none.
    void put_orders(std::vector<desk::Order> orders, std::function<void(Result<std::vector<desk::OrderRefusal>>)> done);

    // Thread-safe; `done` on the show thread.
    void arrive(desk::Arrival arrival, std::function<void(Result<desk::ActResult>)> done);
    void leave(std::string seat, std::function<void(Result<void>)> done);
    /// Keeps a file of that person's; its id and SHA-256 are made here. The type has been judged by the caller.
    void attach(std::string name, std::string type, std::string bytes, desk::Actor actor,
                std::function<void(Result<desk::Attachment>)> done);
    /// A file and what it is: one's own; helpers and the presenter get any.
    struct AttachmentFile {
        desk::Attachment attachment;
        std::string bytes;
    };
    void attachment(std::string id, desk::Actor actor, std::function<void(Result<AttachmentFile>)> done);
    /// What it is, without its bytes: for those who read them from the store piece by piece.
    void find_attachment(std::string id, desk::Actor actor, std::function<void(Result<desk::Attachment>)> done);

    /// Thread-safe. What has been seen to pass since the show's data was begun (desk/kept_time.h), in µs; without a store since the start.
    std::int64_t up_us() const;
    /// Null without one. For the outbox; writes go through acts.
    desk::Store* store() const;

  private:
    struct Core;
    explicit Show(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
