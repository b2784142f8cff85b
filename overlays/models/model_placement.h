#pragma once
// Lays a 3D model into the frame of the product's target, and through an anchor into the program picture. Three frames meet:
//   model   glTF's: metres, x right, y up, z towards the reader of the front, right-handed;
//   target  engine/scene_frame.h's: mm, x right, y DOWN, z TOWARDS the camera, so left-handed: model_to_target() mirrors;
//   camera  OpenCV's: mm, x right, y down, z away from the camera, right-handed.
// target = at + scale · 1000 · diag(1, −1, 1) · Rz · Ry · Rx · model, the turns about the model's own axes, x first.
// Matrices are column-major as GL's: element (row, column) is [4 · column + row]. Everything here is reentrant.

#include <array>
#include <optional>

#include "engine/config.h"
#include "engine/scene_frame.h"

namespace vitrine {

using Matrix4 = std::array<double, 16>;

struct ModelPlacement {
    std::array<double, 3> at_mm{};     ///< of the model's origin, in the target's frame
    std::array<double, 3> turn_deg{};  ///< about x, then y, then z
    double scale = 1;
    bool operator==(const ModelPlacement&) const = default;
};

ModelPlacement placement_of(const ProductConfig& product);

/// a after b.
Matrix4 multiply(const Matrix4& a, const Matrix4& b);
std::array<double, 3> transform(const Matrix4& matrix, const std::array<double, 3>& point);

/// Model, metres → target, mm.
Matrix4 model_to_target(const ModelPlacement& placement);
/// Target, mm → camera, mm: a rotation, a shift and the change of the third axis' sign. Nothing without a pose and its intrinsics.
std::optional<Matrix4> target_to_camera(const Anchor& anchor);

}  // namespace vitrine
