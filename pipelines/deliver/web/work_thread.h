#pragma once
// Threads for work that may block, so that the net thread never does.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/barrier.h"

namespace vitrine::web {

class WorkThreads {
  public:
    explicit WorkThreads(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) threads_.push_back(barrier::thread("web work", [this] { run(); }));
    }
    /// Does what is waiting first.
    ~WorkThreads() {
        {
            std::lock_guard lock(mutex_);
            closing_ = true;
        }
        woken_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    /// Thread-safe.
    void post(std::function<void()> work) {
        {
            std::lock_guard lock(mutex_);
            queue_.push_back(std::move(work));
        }
        woken_.notify_one();
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            woken_.wait(lock, [&] { return closing_ || !queue_.empty(); });
            if (queue_.empty()) return;
            std::function<void()> work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            barrier::run("web work item", work);
            work = nullptr;  // what it holds is destroyed here, without the lock
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable woken_;
    std::deque<std::function<void()>> queue_;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace vitrine::web
