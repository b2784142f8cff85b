#pragma once
// Where a flat target is, and how that is carried from one picture into another. Two kinds of coordinates meet here:
//   px          of one camera's picture, pixel centres at integers (OpenCV's), so the picture's outer edges are at −0.5 and width − 0.5;
//   normalised  of the program or of a camera's picture, outer edges at 0 and 1: x = (px + 0.5) / width.
// A target's frame is x right and y down as printed, in mm, origin in its top left corner. Its pose is OpenCV's, so its third axis, right
// handed, points into the target, away from the reader. Everything here is reentrant.

#include <array>
#include <optional>

#include "engine/config.h"
#include "engine/frame_stage.h"

namespace vitrine {

using Point2 = std::array<double, 2>;
/// Row-major homography; [8] is 1 where it says so.
using Plane = std::array<double, 9>;

struct TargetPose {
    std::array<double, 3> rvec{}, tvec{};  ///< Rodrigues vector; mm
};

/// a after b.
Plane multiply(const Plane& a, const Plane& b);
/// Scaled so that [8] is 1, when it is not 0.
Plane normalised(const Plane& plane);
/// Nothing when the point lies behind the camera (its scale is not of the sign of [8]).
std::optional<Point2> map_point(const Plane& plane, const Point2& point);

/// The same camera for pictures of another size.
Calibration scaled(const Calibration& calibration, int width, int height);
/// Target mm → camera px, without distortion.
Plane plane_of(const TargetPose& pose, const Calibration& calibration);
/// What a reader without a lens model must be told: the plane and the pinhole pose that put the points of `box` (x, y, width, height, mm)
/// where the lens shows them. Without distortion these are plane_of() and the pose itself.
struct SeenTarget {
    TargetPose pose;
    Plane plane{};
};
SeenTarget as_seen(const TargetPose& pose, const Calibration& calibration, const std::array<double, 4>& box);
/// A point of the target (mm, third axis away from the reader) in px, with distortion. Nothing behind the camera.
std::optional<Point2> project_point(const TargetPose& pose, const Calibration& calibration, const std::array<double, 3>& point);

/// Camera px → normalised program coordinates, of a camera as it is laid out.
Plane to_program(const PlacedCamera& placed);
/// fx, fy, cx, cy in normalised program coordinates, of a camera as it is laid out. Distortion is not carried.
std::array<float, 4> program_intrinsics(const Calibration& calibration, const PlacedCamera& placed);

}  // namespace vitrine
