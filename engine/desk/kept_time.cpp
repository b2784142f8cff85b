#include "engine/desk/kept_time.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>

#include "engine/clock.h"

namespace vitrine::desk {

Sight look_at_clocks() {
    Sight now;
    now.utc_us = utc_now_us();
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    now.boot_us = static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::getline(file, now.boot);
    return now;
}

void KeptTime::see(const Sight& now, std::int64_t most_gap_us) {
    if (!now.boot.empty() && now.boot == last.boot && now.boot_us >= last.boot_us) {
        const std::int64_t passed = now.boot_us - last.boot_us;
        age_us += passed;
        up_us += passed;
    } else {
        // The last time that was seen before this one; those in the future are of a clock that was wrong then or is now.
        // What has been seen of this day up to now or beyond has been counted.
        const auto today = days.find(now.utc_us / us_per_day);
        const bool counted = today != days.end() && today->second >= now.utc_us;
        std::int64_t before = 0;
        for (const auto& [day, at] : days)
            if (at < now.utc_us) before = std::max(before, at);
        if (before > 0 && !counted) age_us += std::min(now.utc_us - before, most_gap_us);
    }
    last = now;
    std::int64_t& at = days[now.utc_us / us_per_day];
    at = std::max(at, now.utc_us);
}

std::int64_t most_gap_us(int keep_days) { return std::clamp(keep_days / 4, 1, 31) * us_per_day; }

}  // namespace vitrine::desk
