#pragma once
// When a keyframe may be forced: at most one every `gap` of media time, natural ones counted; requests in between are kept and become one.
// Thread-safe.

#include <mutex>
#include <optional>

#include "engine/clock.h"

namespace vitrine {

class KeyframeGate {
  public:
    explicit KeyframeGate(Nanoseconds gap = 300'000'000) : gap_(gap) {}

    void request() {
        std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    /// Asked before the frame of that time is encoded: whether it has to become a keyframe. Answers true once per keyframe.
    bool due(Nanoseconds pts) {
        std::lock_guard lock(mutex_);
        if (!wanted_ || (last_ && pts - *last_ < gap_ && pts >= *last_)) return false;
        wanted_ = false;
        last_ = pts;
        return true;
    }
    /// The encoder made one; whoever had asked is served.
    void made(Nanoseconds pts) {
        std::lock_guard lock(mutex_);
        wanted_ = false;
        if (!last_ || pts > *last_) last_ = pts;
    }

  private:
    std::mutex mutex_;
    const Nanoseconds gap_;
    bool wanted_ = false;
    std::optional<Nanoseconds> last_;
};

}  // namespace vitrine
