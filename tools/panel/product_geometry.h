#pragma once
// From a place in the program picture back to the product: the reverse of project() in engine/scene_frame.h. Reentrant.

#include <array>
#include <optional>

#include "engine/scene_frame.h"

namespace vitrine::panel {

/// x, y in mm on the product's plane at height `z_mm` (towards the camera), seen at `x`, `y` of the normalised program. Nothing when the
/// line of sight does not meet the plane in front of the camera.
std::optional<std::array<double, 2>> point_on_product(const Anchor& anchor, double x, double y, double z_mm);
/// The product's anchor if it is in the picture well enough to be worked on; else null.
const Anchor* find_anchor(const std::optional<SceneFrame>& scene, const std::string& product);

}  // namespace vitrine::panel
