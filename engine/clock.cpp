#include "engine/clock.h"

#include <ctime>

namespace vitrine {
namespace {

Nanoseconds read_clock(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<Nanoseconds>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

/// UTC minus monotonic, ns. Of several tries the one whose two monotonic readings lie closest together, so that being
/// interrupted between the clocks does not end up in every capture time.
Nanoseconds measure_offset() {
    Nanoseconds best_gap = INT64_MAX;
    Nanoseconds offset = 0;
    for (int i = 0; i < 16; ++i) {
        const Nanoseconds before = read_clock(CLOCK_MONOTONIC);
        const Nanoseconds utc = read_clock(CLOCK_REALTIME);
        const Nanoseconds after = read_clock(CLOCK_MONOTONIC);
        if (after - before < best_gap) {
            best_gap = after - before;
            offset = utc - (before + (after - before) / 2);
        }
    }
    return offset;
}

}  // namespace

Nanoseconds steady_now() { return read_clock(CLOCK_MONOTONIC); }

std::int64_t utc_now_us() { return read_clock(CLOCK_REALTIME) / 1000; }

std::int64_t run_utc_us() { return utc_us_of(steady_now()); }

std::int64_t set_back_us() {
    const std::int64_t back = run_utc_us() - utc_now_us();
    return back < 1'000'000 ? 0 : back;
}

std::int64_t utc_us_of(Nanoseconds steady) {
    static const Nanoseconds offset = measure_offset();
    return (steady + offset) / 1000;
}

}  // namespace vitrine
