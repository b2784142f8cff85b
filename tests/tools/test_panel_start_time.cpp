#include <stdlib.h>
#include <time.h>

#include "tests/support/catch.h"
#include "tools/panel/start_time.h"

using namespace vitrine::panel;

namespace {

/// This test's own time zone.
struct Zone {
    explicit Zone(const char* name) {
        setenv("TZ", name, 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
};

constexpr std::int64_t s = 1'000'000, hour = 3600 * s;
constexpr std::int64_t noon = 1'795'665'600 * s;  // 2026-11-26 04:00:00 UTC, noon in China

}  // namespace

TEST_CASE("the start of a show is read as people type it", "[panel]") {
    const Zone china("CST-8");
    for (const char* typed : {"14:30", "14：30", "1430", "14.30", " 14:30 ", "2026-11-26 14:30", "2026/11/26 14：30"}) {
        CAPTURE(typed);
        CHECK(start_time_of(typed, noon) == noon + 2 * hour + hour / 2);
    }
    CHECK(start_time_of("9.05", noon) == noon + 21 * hour + 300 * s);  // tomorrow
    CHECK(start_time_of("12:00", noon) == noon + 24 * hour);
    CHECK(start_time_of("2026-12-01 08:00", noon) == noon + 116 * hour);
    for (const char* typed : {"", "soon", "25:00", "14:60", "14", "9", "2026-11-26 11:59", "2026-02-30 10:00", "14:30pm", "123456789012",
                              "1:2:3", "99999", "-"})
        CHECK_FALSE(start_time_of(typed, noon));
}

TEST_CASE("an hour that the clock leaves out is no time, and tomorrow is a day of the calendar", "[panel]") {
    const Zone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
    constexpr std::int64_t evening = 1'774'724'400 * s;  // 2026-03-28 20:00 CET; the clock goes from 2 to 3 in the night
    CHECK_FALSE(start_time_of("2:30", evening));
    CHECK(start_time_of("10:00", evening) == evening + 13 * hour);
}

TEST_CASE("the start of a show is told with its date when it is not near", "[panel]") {
    const Zone china("CST-8");
    CHECK(start_time_text(noon + 3 * hour, noon) == "15:00");
    CHECK(start_time_text(noon + 21 * hour, noon) == "09:00");
    CHECK(start_time_text(noon + 48 * hour, noon) == "2026-11-28 12:00");
    CHECK(start_time_text(noon - 24 * hour, noon) == "2026-11-25 12:00");
}
