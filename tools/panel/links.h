#pragma once
// Links that let buyers in, as the panel reads them. Reentrant.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/desk/desk.h"

namespace vitrine::panel {

/// How many an open link in the show's own name is for: the show's own limit holds all the same.
inline constexpr int anybody = 100'000;

/// The link names this computer itself (127.0.0.1, ::1, localhost), so no other one can open it.
bool only_here(std::string_view link);
/// The invitation's id; empty when the link has none.
std::string invite_of(std::string_view link);
/// Lets people in at that time, as far as the desk knows.
bool lets_in(const desk::InviteRecord& invite, std::int64_t utc_us);
/// The open link to hand out: the show's own while it lets people in, else the newest that does; null when there is none.
const desk::InviteRecord* open_link(const desk::DeskView& desk, std::string_view shows_own, std::int64_t utc_us);

}  // namespace vitrine::panel
