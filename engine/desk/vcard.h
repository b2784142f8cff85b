#pragma once
// Buyers as vCard 4.0 (RFC 6350): what a phone or an address book takes in.

#include <string>

#include "engine/config.h"
#include "engine/desk/history.h"

namespace vitrine::desk {

/// One card for each buyer who has a name and did not ask to be forgotten, in order of joining. Text escaped, lines folded at 75 bytes
/// without cutting a letter, CRLF.
std::string vcards(const History& history, const ShowConfig& show);

}  // namespace vitrine::desk
