#pragma once
// A show that was started again is put back to where it was. Going on air is not part of it: that stays the presenter's.

#include <vector>

#include "engine/commands.h"
#include "tools/panel/show_view.h"

namespace vitrine::panel {

/// Reentrant. What makes the show `now` be as `was`: masks first, because they hide something; scene, product and what stands on it,
/// sound, holding picture, recording. What the show does not have any more is left out.
std::vector<Command> commands_back(const ShowView& was, const ShowView& now);

}  // namespace vitrine::panel
