#pragma once
// A show folder that cannot be started, told to who started it.

#include <vector>

#include "engine/config.h"

namespace vitrine {

/// A sentence each and their number to standard error; with `json` an event each to standard output as well.
void print_problems(const std::vector<Problem>& problems, bool json);

}  // namespace vitrine
