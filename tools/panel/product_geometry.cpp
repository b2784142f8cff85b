#include "tools/panel/product_geometry.h"

#include <array>
#include <cmath>
#include <optional>

namespace vitrine::panel {
namespace {

constexpr float least_visibility = 0.25f;

using Vector = std::array<double, 3>;

/// The transpose of the rotation matrix of Rodrigues' vector `r`, times `v`: turned back.
Vector turn_back(const std::array<float, 6>& pose, const Vector& v) {
    const Vector r{pose[0], pose[1], pose[2]};
    const double angle = std::sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    if (angle < 1e-12) return v;
    const Vector k{r[0] / angle, r[1] / angle, r[2] / angle};
    const double c = std::cos(angle), s = -std::sin(angle);
    const Vector cross{k[1] * v[2] - k[2] * v[1], k[2] * v[0] - k[0] * v[2], k[0] * v[1] - k[1] * v[0]};
    const double along = (k[0] * v[0] + k[1] * v[1] + k[2] * v[2]) * (1 - c);
    return {v[0] * c + cross[0] * s + k[0] * along, v[1] * c + cross[1] * s + k[1] * along, v[2] * c + cross[2] * s + k[2] * along};
}

}  // namespace

std::optional<std::array<double, 2>> point_on_product(const Anchor& anchor, double x, double y, double z_mm) {
    if (anchor.pose && anchor.intrinsics) {
        const auto& [fx, fy, cx, cy] = *anchor.intrinsics;
        if (fx == 0 || fy == 0) return std::nullopt;
        const auto& pose = *anchor.pose;
        const Vector ray = turn_back(pose, {(x - cx) / fx, (y - cy) / fy, 1});
        const Vector origin = turn_back(pose, {-pose[3], -pose[4], -pose[5]});
        // The third axis goes into the target: its height z lies at -z.
        if (std::abs(ray[2]) < 1e-9) return std::nullopt;
        const double depth = (-z_mm - origin[2]) / ray[2];
        if (depth <= 0) return std::nullopt;
        return std::array{origin[0] + depth * ray[0], origin[1] + depth * ray[1]};
    }
    const auto& h = anchor.homography;
    const double a = h[0] - h[6] * x, b = h[1] - h[7] * x, c = h[8] * x - h[2];
    const double d = h[3] - h[6] * y, e = h[4] - h[7] * y, f = h[8] * y - h[5];
    const double determinant = a * e - b * d;
    if (std::abs(determinant) < 1e-15) return std::nullopt;
    return std::array{(c * e - b * f) / determinant, (a * f - c * d) / determinant};
}

const Anchor* find_anchor(const std::optional<SceneFrame>& scene, const std::string& product) {
    if (!scene || product.empty()) return nullptr;
    for (const Anchor& anchor : scene->anchors)
        if (anchor.product == product && anchor.visibility >= least_visibility) return &anchor;
    return nullptr;
}

}  // namespace vitrine::panel
