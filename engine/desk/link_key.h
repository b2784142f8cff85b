#pragma once
// A link's secret is made from the link's id and a key of this show, so that an invitation can be copied again without any secret being
// kept: the store has only its SHA-256. The key lies beside the store in a file for its owner alone; without it links go on letting people
// in, but cannot be shown again. Whoever has the key and the store can make every link, as whoever has a link can.

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace vitrine::desk {

/// Reentrant. Random, 64 hexadecimal digits.
std::string new_link_key();
/// Reentrant. 32 hexadecimal digits: BLAKE2b of the id with that key.
std::string link_secret(const std::string& key, const std::string& invite);
/// Reentrant. The key in `folder`, made (0600) when there is none. A damaged one is replaced.
Result<std::string> read_link_key(const std::filesystem::path& folder);

}  // namespace vitrine::desk
