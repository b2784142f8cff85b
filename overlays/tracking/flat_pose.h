#pragma once
// The pose of a flat target from points of it: IPPE (Collins and Bartoli 2014) and a Levenberg-Marquardt step. Of its two answers, when
// they fit about equally well, the one nearer to the pose before.

#include <optional>
#include <vector>

#include "overlays/tracking/pose.h"

namespace vitrine {

struct FlatPose {
    TargetPose pose;
    double error_px = 0;  ///< root mean square over the points
};

/// Reentrant. At least four points not on a line, mm in the target and px in the camera's picture (lens included). Nothing when no pose
/// puts them before the camera.
std::optional<FlatPose> solve_flat_pose(const std::vector<Point2>& mm, const std::vector<Point2>& px, const Calibration& camera,
                                        const std::optional<TargetPose>& before);

/// Radians between two orientations.
double turn_between(const TargetPose& a, const TargetPose& b);

}  // namespace vitrine
