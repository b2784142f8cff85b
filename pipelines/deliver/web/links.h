#pragma once
// What buyers' links begin with.

#include <string>

#include "engine/config.h"

namespace vitrine {

/// The show's public address, else the listener's own with `port`. Reentrant.
std::string link_origin(const ShowConfig& show, int port);

}  // namespace vitrine
