#pragma once
// Two clocks, never mixed: media time is monotonic (CLOCK_MONOTONIC, the same that GStreamer's system clock reads),
// wall time is UTC and may jump. Only the scene frame's capture time is wall time, converted once, when it is made.

#include <cstdint>

namespace vitrine {

using Nanoseconds = std::int64_t;

/// Thread-safe. CLOCK_MONOTONIC in ns.
Nanoseconds steady_now();
/// Thread-safe. UTC in µs since 1970.
std::int64_t utc_now_us();
/// Thread-safe. The UTC time (µs) at which the monotonic clock showed `steady`. The offset between the clocks is taken
/// at the first call and kept, so that a wall clock that jumps moves no frame.
std::int64_t utc_us_of(Nanoseconds steady);

}  // namespace vitrine
