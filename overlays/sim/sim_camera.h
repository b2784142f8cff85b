#pragma once
// The simulated cameras by name: what follows "sim:" in a camera's source.

#include <memory>
#include <string_view>

#include "engine/frame_stage.h"

namespace vitrine {

/// Reentrant. "line", "bench" or "mask", then optionally "?" and options joined by "&": width and height (even, 160 … 3840 and 90 … 2160,
/// default 1280 and 720), fps (1 … 120, default 30), code (on or off: whether the frame code is drawn, default on), still (0 or 1, bench
/// only). bad_input with a sentence for everything else.
Result<std::unique_ptr<SimulatedCamera>> open_sim_camera(std::string_view name);

}  // namespace vitrine
