#pragma once
// Two clocks, never mixed: media time is monotonic (CLOCK_MONOTONIC, the same that GStreamer's system clock reads),
// wall time is UTC and may jump. Only the scene frame's capture time is wall time, converted once, when it is made.

#include <cstdint>

namespace vitrine {

using Nanoseconds = std::int64_t;

/// Thread-safe. CLOCK_MONOTONIC in ns.
Nanoseconds steady_now();
/// Thread-safe. UTC in µs since 1970, as the machine says now.
std::int64_t utc_now_us();
/// Thread-safe. The run's own UTC: what the machine said at the first call, and what has passed since. It never jumps: how long somebody
/// has been idle is told by it.
std::int64_t run_utc_us();
/// Thread-safe. How far the machine's clock has been set back since then, in µs; below a second, or forward: 0.
std::int64_t set_back_us();
/// Thread-safe. The UTC time (µs) at which the monotonic clock showed `steady`. The offset between the clocks is taken
/// at the first call and kept, so that a wall clock that jumps moves no frame.
std::int64_t utc_us_of(Nanoseconds steady);

}  // namespace vitrine
