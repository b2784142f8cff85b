#pragma once
// How much time a show's data has been seen to pass: what is erased for good is erased by this and not by a clock that may be a year wrong.
// While the machine stays up its own uptime counts, whatever the wall clock says. Over a restart of the machine the wall clock is all there
// is: from the last time that was seen before now, and never more than `most_gap_us` at once. So a jump of any length counts for one gap, a
// clock that is set right again counts nothing twice, and data that nobody opens for years grows old late instead of early.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace vitrine::desk {

inline constexpr std::int64_t us_per_day = 86'400'000'000;

/// A look at the machine's clocks.
struct Sight {
    std::int64_t utc_us = 0;
    std::int64_t boot_us = 0;  ///< since the machine came up, also asleep (CLOCK_BOOTTIME)
    std::string boot;          ///< names this boot; empty: not known
};
/// Thread-safe.
Sight look_at_clocks();
/// So that tests own the clocks. Called on the store thread.
using SightSource = std::function<Sight()>;

struct KeptTime {
    std::int64_t age_us = 0;  ///< what the data was seen to pass, gaps among it: for erasing
    std::int64_t up_us = 0;   ///< the part of it that is certain: for links
    Sight last;
    std::map<std::int64_t, std::int64_t> days;  ///< UTC day -> the last time (UTC µs) at which the data was open on it

    void see(const Sight& now, std::int64_t most_gap_us);
};

/// The most that one gap counts for data that is kept so many days: one jump of the clock is never enough.
std::int64_t most_gap_us(int keep_days);

}  // namespace vitrine::desk
