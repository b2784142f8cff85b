#pragma once
// Lets callbacks of foreign threads through until it is closed. close() returns when nobody is inside any more, so whatever the callbacks
// use may then be destroyed. No lock is held while somebody is inside. Do not close from inside.

#include <condition_variable>
#include <mutex>
#include <utility>

namespace vitrine {

class Gate {
  public:
    class Pass {
      public:
        Pass() = default;
        explicit Pass(Gate* gate) : gate_(gate) {}
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_) gate_->leave();
        }
        explicit operator bool() const { return gate_ != nullptr; }

      private:
        Gate* gate_ = nullptr;
    };

    /// Empty once the gate is closed.
    Pass enter() {
        std::lock_guard lock(mutex_);
        if (closed_) return {};
        ++inside_;
        return Pass(this);
    }
    void close() {
        std::unique_lock lock(mutex_);
        closed_ = true;
        empty_.wait(lock, [&] { return inside_ == 0; });
    }

  private:
    void leave() {
        std::lock_guard lock(mutex_);
        if (--inside_ == 0) empty_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable empty_;
    int inside_ = 0;
    bool closed_ = false;
};

}  // namespace vitrine
