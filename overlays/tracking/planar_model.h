#pragma once
// The inside of PlanarModel: the target's picture in falling sizes, the places of it worth following, its features seen from several sides.
// Internal to tracking: includes OpenCV.

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "overlays/tracking/planar_features.h"
#include "overlays/tracking/planar_tracker.h"

namespace vitrine {

/// One size of the target's picture. A place x mm from its left edge lies at texel x · scale_x − 0.5.
struct PlanarLevel {
    cv::Mat luma;
    double scale_x = 1, scale_y = 1;  ///< texels per mm
    std::vector<cv::Point2d> places;  ///< mm, of patches with texture; every beginning of the list is spread over the picture
};

struct PlanarModel::Core {
    PlanarTarget target;
    std::vector<PlanarLevel> levels;  ///< finest first, each 1/√2 of the one before
    TargetFeatures features;

    cv::Size2d size() const { return {target.width_mm, target.height_mm}; }
    std::array<cv::Point2d, 4> outline() const {
        const double w = target.width_mm, h = target.height_mm;
        return {cv::Point2d(0, 0), cv::Point2d(w, 0), cv::Point2d(w, h), cv::Point2d(0, h)};
    }
    /// The coarsest level that still has about `texels_per_mm`.
    const PlanarLevel& level_for(double texels_per_mm) const;
};

}  // namespace vitrine
