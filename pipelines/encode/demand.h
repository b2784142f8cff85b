#pragma once
// A worker that runs only while somebody wants its work, and `linger` longer. Whoever counts the demand calls set() from any thread and
// never waits: starting and stopping happen on the worker's own thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace vitrine {

/// Shared with the tap's callback, which may outlive the worker. Thread-safe.
class Demand {
  public:
    explicit Demand(std::chrono::milliseconds linger) : linger_(linger) {}

    void set(std::size_t readers) {
        {
            std::lock_guard lock(mutex_);
            if (readers_ > 0 && readers == 0) idle_since_ = std::chrono::steady_clock::now();
            readers_ = readers;
        }
        changed_.notify_all();
    }
    void close() {
        {
            std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_all();
    }
    /// True: there are readers. False: closed.
    bool wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return closed_ || readers_ > 0; });
        return !closed_;
    }
    /// Waits while the work goes on; true when `timeout` has passed, false once it should stop.
    bool pause(std::chrono::milliseconds timeout) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, timeout, [&] { return !wanted(); });
        return wanted();
    }
    /// Whether the work should go on.
    bool go_on() const {
        std::lock_guard lock(mutex_);
        return wanted();
    }
    bool closed() const {
        std::lock_guard lock(mutex_);
        return closed_;
    }

  private:
    bool wanted() const { return !closed_ && (readers_ > 0 || std::chrono::steady_clock::now() - idle_since_ < linger_); }

    const std::chrono::milliseconds linger_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t readers_ = 0;
    std::chrono::steady_clock::time_point idle_since_{};
    bool closed_ = false;
};

}  // namespace vitrine
