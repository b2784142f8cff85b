#include "engine/clock.h"

#include <cstdlib>

#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("the steady clock never goes back and counts nanoseconds", "[clock]") {
    const Nanoseconds first = steady_now();
    Nanoseconds last = first;
    for (int i = 0; i < 1000; ++i) {
        const Nanoseconds now = steady_now();
        REQUIRE(now >= last);
        last = now;
    }
    CHECK(last > first);
    CHECK(last - first < 10'000'000'000);
}

TEST_CASE("monotonic time is converted with one offset, kept for good", "[clock]") {
    const Nanoseconds t = 86'400'000'000'000;
    const std::int64_t utc = utc_us_of(t);
    CHECK(utc_us_of(t + 1'000'000) == utc + 1000);
    CHECK(utc_us_of(t + 3'600'000'000'000) == utc + 3'600'000'000);
    CHECK(utc_us_of(t) == utc);
}

TEST_CASE("the monotonic now is the UTC now", "[clock]") {
    const std::int64_t before = utc_now_us();
    const std::int64_t converted = utc_us_of(steady_now());
    const std::int64_t after = utc_now_us();
    // One millisecond for a wall clock that is being adjusted since the offset was taken.
    CHECK(converted >= before - 1000);
    CHECK(converted <= after + 1000);
    CHECK(before > 1'700'000'000'000'000);
}
