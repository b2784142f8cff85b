#pragma once
// Owns the show's state on a thread of its own, the show thread. Every other thread posts commands and reports and reads
// snapshots. Listeners are called on the show thread, without any lock held; they must return at once and may post but not wait
// for a command's result (it would wait for itself).

#include <functional>
#include <future>
#include <memory>

#include "engine/commands.h"
#include "engine/snapshot.h"

namespace vitrine {

class Show {
  public:
    using Listener = std::function<void(const SnapshotPtr&)>;

    explicit Show(std::shared_ptr<const ShowConfig> config);
    /// Stops the show thread; commands not yet applied answer "the show is closing".
    ~Show();
    Show(const Show&) = delete;
    Show& operator=(const Show&) = delete;

    /// Thread-safe. The future holds the version of the snapshot in which the command is visible, or why it was refused.
    std::future<Result<std::uint64_t>> post(Command command);
    /// Thread-safe; like post(), but answers by callback on the show thread. For threads that must not wait.
    void post(Command command, std::function<void(Result<std::uint64_t>)> done);
    /// Thread-safe. Reports that change nothing make no new snapshot; audio reports make at most ten a second.
    void report(Report report);
    /// Thread-safe, never null.
    SnapshotPtr snapshot() const;
    /// Thread-safe. The listener is called with the newest snapshot after each change until the returned handle is destroyed;
    /// destroying it waits for a call under way (so not from inside the listener).
    std::shared_ptr<void> listen(Listener listener);

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
