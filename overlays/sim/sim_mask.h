#pragma once
// "sim:mask": a test picture for privacy masks. Squares of 1/80 of the width in two saturated colours, magenta (Y 78, U 214, V 230) and
// green (Y 173, U 42, V 26), move over the whole picture, two px a frame to the right and one down: what a mask must hide is
// high in contrast in all three planes and never still.

#include <memory>

#include "engine/frame_stage.h"

namespace vitrine {

/// Size in px (even), frames per second. `code`: draws the frame code.
std::unique_ptr<SimulatedCamera> make_sim_mask(int width, int height, int fps, bool code = true);

}  // namespace vitrine
