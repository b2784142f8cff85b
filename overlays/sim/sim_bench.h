#pragma once
// "sim:bench": a label plate, 120 × 80 mm, moved by hand in front of a camera with known intrinsics, over a workbench. It carries print and
// AprilTag 36h11 id 5, whose black square is 40 mm with its top left corner at (72, 20) mm. The label's frame is x right, y down (as
// printed), origin in its top left corner; its pose is OpenCV's, so its z points away from the reader. Pixel centres are at integers. A
// frame is a pure function of its number, size and rate; the same moment of time has the same pose at every rate.

#include <memory>

#include "engine/config.h"
#include "engine/frame_stage.h"

namespace vitrine {

inline constexpr double bench_label_width_mm = 120, bench_label_height_mm = 80;
inline constexpr double bench_marker_mm = 40, bench_marker_x_mm = 72, bench_marker_y_mm = 20;
inline constexpr int bench_marker_id = 5;

/// Reentrant. fx = fy = 1100 at 1280 × 720, in proportion else; no distortion.
Calibration bench_calibration(int width, int height);
/// Reentrant. Pose and corners without drawing anything. `still`: the pose of one moment, for ever.
SimTruth bench_truth(std::uint64_t sequence, int fps, int width, int height, bool still = false);

/// Size in px (even), frames per second. `code`: draws the frame code.
std::unique_ptr<SimulatedCamera> make_sim_bench(int width, int height, int fps, bool still = false, bool code = true);

}  // namespace vitrine
