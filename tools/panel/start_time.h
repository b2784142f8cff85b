#pragma once
// When the show begins, as people type and read it: in this computer's time zone. Reentrant.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::panel {

/// "14:30", "14：30", "1430", "9.05": the next time the clock says so; "2026-12-01 14:30": then. UTC, µs; nothing when it is no time, or
/// a date that is over.
std::optional<std::int64_t> start_time_of(std::string_view typed, std::int64_t now_us);
/// "14:30" within a day from now, else "2026-12-01 14:30".
std::string start_time_text(std::int64_t at_us, std::int64_t now_us);

}  // namespace vitrine::panel
