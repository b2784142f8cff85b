#pragma once
// "sim:line": a conveyor with downlights that pass a count line at a known rate, one every 1.5 s, the first 0.75 s after frame 0. A lamp
// panel on the wall fills more than a sixth of the picture; it is dark (Y < 100) but for the frames of sim_flash(), when its Y is at least
// 220. A frame is a pure function of its number, size and rate.

#include <memory>

#include "engine/frame_stage.h"

namespace vitrine {

/// Reentrant. Without drawing anything.
SimTruth line_truth(std::uint64_t sequence, int fps);

/// Size in px (even), frames per second. `code`: draws the frame code.
std::unique_ptr<SimulatedCamera> make_sim_line(int width, int height, int fps, bool code = true);

/// Where the count line crosses the belt in the picture: its column, normalised. Pieces move to the right.
inline constexpr double line_count_column = 0.66;

}  // namespace vitrine
