#pragma once
// One structured log to standard error: a line per event with UTC time, level, room and a sentence, then key=value. Secrets are
// registered once, never printed; control characters are escaped, so no input can forge a line. A line is at most 4 KiB; one that standard
// error does not take at once is counted and told later, so a full pipe holds nobody up. Of one sentence 60 lines come at once, then 12 a
// minute, the rest are counted (log_rate.h): what varies belongs in the fields, not in the sentence.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vitrine::log {

enum class Level { debug, info, warn, error };

using Field = std::pair<std::string_view, std::string>;

/// Before the first line. `json`: JSON lines instead of text.
void set_up(Level lowest, bool json);
/// Thread-safe. Every later occurrence of `secret` (at least 8 bytes) in a line is printed as "[secret]".
void hide(std::string secret);
/// Thread-safe.
void write(Level level, std::string_view room, std::string_view sentence, std::initializer_list<Field> fields = {});
/// Reentrant. The line that write() would print, without hiding.
std::string format(Level level, std::string_view room, std::string_view sentence, std::initializer_list<Field> fields, bool json,
                   std::int64_t utc_us);

inline void debug(std::string_view room, std::string_view s, std::initializer_list<Field> f = {}) { write(Level::debug, room, s, f); }
inline void info(std::string_view room, std::string_view s, std::initializer_list<Field> f = {}) { write(Level::info, room, s, f); }
inline void warn(std::string_view room, std::string_view s, std::initializer_list<Field> f = {}) { write(Level::warn, room, s, f); }
inline void error(std::string_view room, std::string_view s, std::initializer_list<Field> f = {}) { write(Level::error, room, s, f); }

}  // namespace vitrine::log
