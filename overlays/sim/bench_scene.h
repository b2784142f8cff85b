#pragma once
// The parts of "sim:bench" that are drawn once: the workbench, the label plate with the hand that holds it, and its shadow.

#include <opencv2/core.hpp>
#include <span>

namespace vitrine::sim {

/// BGR, 2560 × 1440.
cv::Mat bench_background();
/// BGRA over bench_label_area(), which is in mm of the label's frame and reaches further than the label: the hand comes from below.
cv::Mat bench_label();
/// What the label says, line by line. It is the demo's LX-200, so it says what that product's card says.
std::span<const char* const> bench_label_lines();
cv::Rect2d bench_label_area();
/// BGRA, black with soft coverage.
cv::Mat bench_shadow();
cv::Rect2d bench_shadow_area();

}  // namespace vitrine::sim
