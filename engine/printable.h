#pragma once
// Makes any bytes fit for a terminal, a log line or JSON. What could forge a line or drive a terminal (control characters, line and
// paragraph separators, direction overrides) is written out as \n, \x1b or \u202e; bytes that are not UTF-8 become \xff.

#include <cstddef>
#include <string>
#include <string_view>

namespace vitrine {

/// Reentrant. The result is valid UTF-8 of at most `longest` bytes; what is cut off is marked with "…".
std::string printable(std::string_view bytes, std::size_t longest = 400);

/// Reentrant. Length in bytes of the UTF-8 sequence at the start of `bytes` (RFC 3629: no overlong forms, no surrogates), 0 when there is
/// none.
std::size_t utf8_sequence(std::string_view bytes);
/// Nothing else is in it. Reentrant.
bool is_utf8(std::string_view bytes);

}  // namespace vitrine
