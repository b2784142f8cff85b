#pragma once
// From an anchor to a camera for the renderer. Everything here is reentrant.

#include <array>
#include <optional>
#include <vector>

#include "engine/scene_frame.h"
#include "overlays/ar/model_shape.h"
#include "overlays/models/model_placement.h"

namespace vitrine {

/// Half-open rectangle of program pixels.
struct PixelRect {
    int x = 0, y = 0, width = 0, height = 0;
    bool empty() const { return width <= 0 || height <= 0; }
    bool operator==(const PixelRect&) const = default;
};

struct ModelCamera {
    Matrix4 target_to_camera{};          ///< target mm, z towards the camera → OpenCV's camera, mm
    std::array<double, 4> intrinsics{};  ///< fx, fy, cx, cy in normalised program coordinates
    bool operator==(const ModelCamera&) const = default;
};

/// With a pose the anchor's own camera, so that what is drawn agrees with project() in every pixel. With a homography alone: a lens of
/// 53° across (width = focal length) looking through the picture's middle, the first two columns taken from the homography as they are, so
/// that the target's plane agrees with project() exactly, the third at right angles to them and of their mean length, so that heights are
/// an estimate. Nothing when the anchor holds numbers that no camera has.
std::optional<ModelCamera> camera_of(const Anchor& anchor, int width, int height);

/// The pixels that `points` (target mm) may touch, with a margin of 2 px, even in position and size, within `bounds`; the whole of
/// `bounds` when some points lie behind the camera and some before, empty when all lie behind.
PixelRect bounds_of(const std::vector<std::array<double, 3>>& points, const ModelCamera& camera, int width, int height,
                    const PixelRect& bounds);

/// The part of the program that shows the anchor's camera: the frontmost source under `point` (normalised); what lies before it is
/// `covered`. The whole picture when the scene names no sources.
struct VisibleRegion {
    PixelRect shown;
    std::vector<PixelRect> covered;
};
VisibleRegion visible_region(const SceneFrame& scene, const std::array<double, 2>& point, int width, int height);

}  // namespace vitrine
