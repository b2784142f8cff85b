#pragma once
// What only a look into a target's files can tell of whether it can be followed. `vitrine check` asks; a show goes on without such a model.

#include <vector>

#include "engine/config.h"

namespace vitrine {

/// Models that targets are followed by and cannot be: glass alone, too many triangles. Each is read in a process of its own, some tenths of
/// a second. Those that cannot be read at all are the business of judge_assets().
std::vector<Problem> judge_targets(const ShowConfig& show);

}  // namespace vitrine
