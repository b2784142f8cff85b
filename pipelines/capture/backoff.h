#pragma once
// How long to wait before the next try: doubles from first to most, for ever; reset once the thing has held for a while.

#include <algorithm>

#include "engine/clock.h"

namespace vitrine {

class Backoff {
  public:
    Backoff(Nanoseconds first, Nanoseconds most) : first_(first), most_(most), next_(first) {}
    Nanoseconds next() {
        const Nanoseconds pause = std::min(next_, most_);
        next_ = std::min(next_ * 2, most_);
        return pause;
    }
    void reset() { next_ = first_; }

  private:
    Nanoseconds first_, most_, next_;
};

}  // namespace vitrine
