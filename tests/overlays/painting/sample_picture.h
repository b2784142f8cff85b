#pragma once
// A product, pictures to paint it into, and ways to look at what was painted.

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "engine/snapshot.h"

namespace vitrine::painting_test {

/// One product, "LX-200", with six specifications, four callouts ("c0" … "c3"), three prices, target 120 × 90 mm.
std::shared_ptr<ShowConfig> sample_show(std::vector<std::string> languages);

/// The target lies upright in the picture, its box in normalised coordinates.
SceneFrame scene_at(double x, double y, double width, double height, float visibility = 1);
Snapshot pinned(bool card_visible = true);

/// A soft ramp with a paler plate where the product is.
void draw_background(VideoFrame& frame, bool bright, double x, double y, double width, double height);

/// Every byte of the three planes, rows without padding.
std::vector<std::uint8_t> bytes_of(const VideoFrame& frame);
/// BGR, by the inverse of BT.709 studio range.
cv::Mat to_bgr(const VideoFrame& frame);

}  // namespace vitrine::painting_test
