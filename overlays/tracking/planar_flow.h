#pragma once
// Where a target went since the frame before, by pyramidal optical flow of places of it (Bouguet 2000) and a homography that most of them
// agree on. Internal to tracking: includes OpenCV.

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "overlays/tracking/planar_lens.h"

namespace vitrine {

/// A picture at reduced size and what flow needs of it; made once per frame for all targets.
struct FlowPicture {
    cv::Mat luma;
    std::vector<cv::Mat> pyramid;
    /// `luma` is kept, not copied.
    static FlowPicture of(const cv::Mat& luma);
    cv::Mat half() const;  ///< the next smaller size
};

/// Reentrant. `places` are seen in `before` where `was` puts them; `expected` is a first guess of where they are in `now` (mm → ideal px).
/// Nothing when too few of them agree.
std::optional<cv::Matx33d> follow_flow(const FlowPicture& before, const FlowPicture& now, const Lens& lens,
                                       const std::vector<cv::Point2d>& places, const cv::Matx33d& was, const cv::Matx33d& expected);

}  // namespace vitrine
