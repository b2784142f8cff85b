#include "tests/tools/held_clock.h"

#include <atomic>
#include <ctime>

namespace {

constexpr vitrine::Nanoseconds second = 1'000'000'000;

std::atomic<bool> held{false};
std::atomic<vitrine::Nanoseconds> utc{0}, offset{0};  // UTC, and how far the monotonic clock is behind it

}  // namespace

// The linker puts these in the place of the system's for this program's own objects (--wrap in tests/CMakeLists.txt).
extern "C" {
int __real_clock_gettime(clockid_t clock, timespec* now);
int __wrap_clock_gettime(clockid_t clock, timespec* now);
}

int __wrap_clock_gettime(clockid_t clock, timespec* now) {
    if (!held || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)) return __real_clock_gettime(clock, now);
    const vitrine::Nanoseconds at = clock == CLOCK_REALTIME ? utc.load() : utc - offset;
    now->tv_sec = static_cast<time_t>(at / second);
    now->tv_nsec = static_cast<long>(at % second);
    return 0;
}

namespace vitrine::test {

HeldClock::HeldClock(std::int64_t utc_us) {
    // The engine measures once per run how far its two clocks are apart; held, they stay that far apart.
    offset = utc_us_of(0) * 1000;
    utc = utc_us * 1000;
    held = true;
}

HeldClock::~HeldClock() { held = false; }

void HeldClock::pass(Nanoseconds time) { utc += time; }

}  // namespace vitrine::test
