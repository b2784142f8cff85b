#pragma once
// What a frame of the panel has drawn, for programs that press for a person: `vitrine panel --controls`. Reentrant.

#include <string>
#include <vector>

#include "tools/panel/kit.h"

namespace vitrine::panel {

/// {"controls":[{id, text, help, x, y, w, h, enabled, focused, hovered, held, selected, in_sight}], "texts":[…], "marks":[{id, x, y, w,
/// h}]}
std::string description(const std::vector<Drawn>& drawn);

}  // namespace vitrine::panel
