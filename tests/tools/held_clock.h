#pragma once
// A clock for tests that want the same to happen at any load: while one lives, the engine's clocks (engine/clock.h) stand and move only
// when told. Waits are not touched: a thread that waits for a time wakes up by the real clock and finds that nothing is due. One at a time.

#include <cstdint>

#include "engine/clock.h"

namespace vitrine::test {

class HeldClock {
  public:
    /// Stands at that time (UTC µs); it must lie after the machine came up.
    explicit HeldClock(std::int64_t utc_us);
    ~HeldClock();
    HeldClock(const HeldClock&) = delete;
    HeldClock& operator=(const HeldClock&) = delete;

    /// Thread-safe.
    void pass(Nanoseconds time);
};

}  // namespace vitrine::test
