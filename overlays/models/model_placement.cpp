#include "overlays/models/model_placement.h"

#include <cmath>
#include <numbers>

namespace vitrine {

namespace {

Matrix4 identity() { return {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}; }

/// By `degrees` about axis 0, 1 or 2; quarter turns are exact.
Matrix4 turned(int axis, double degrees) {
    const double radians = degrees * std::numbers::pi / 180;
    const double quarters = degrees / 90;
    double c = std::cos(radians), s = std::sin(radians);
    if (quarters == std::floor(quarters)) c = std::round(c), s = std::round(s);
    Matrix4 m = identity();
    const int a = (axis + 1) % 3, b = (axis + 2) % 3;
    m[4 * a + a] = c, m[4 * b + b] = c;
    m[4 * a + b] = s, m[4 * b + a] = -s;
    return m;
}

}  // namespace

ModelPlacement placement_of(const ProductConfig& product) { return {product.model_at_mm, product.model_turn_deg, product.model_scale}; }

Matrix4 multiply(const Matrix4& a, const Matrix4& b) {
    Matrix4 out{};
    for (int column = 0; column < 4; ++column)
        for (int row = 0; row < 4; ++row)
            for (int k = 0; k < 4; ++k) out[4 * column + row] += a[4 * k + row] * b[4 * column + k];
    return out;
}

std::array<double, 3> transform(const Matrix4& m, const std::array<double, 3>& p) {
    return {m[0] * p[0] + m[4] * p[1] + m[8] * p[2] + m[12], m[1] * p[0] + m[5] * p[1] + m[9] * p[2] + m[13],
            m[2] * p[0] + m[6] * p[1] + m[10] * p[2] + m[14]};
}

Matrix4 model_to_target(const ModelPlacement& placement) {
    const auto& [x, y, z] = placement.turn_deg;
    const Matrix4 turn = multiply(turned(2, z), multiply(turned(1, y), turned(0, x)));
    const double mm = 1000 * placement.scale;
    const auto& at = placement.at_mm;
    return multiply({mm, 0, 0, 0, 0, -mm, 0, 0, 0, 0, mm, 0, at[0], at[1], at[2], 1}, turn);
}

std::optional<Matrix4> target_to_camera(const Anchor& anchor) {
    if (!anchor.pose || !anchor.intrinsics) return std::nullopt;
    const auto& p = *anchor.pose;
    // Rodrigues' formula; series near zero, where the axis is not known.
    const double rx = p[0], ry = p[1], rz = p[2], angle2 = rx * rx + ry * ry + rz * rz, angle = std::sqrt(angle2);
    const double s = angle > 1e-6 ? std::sin(angle) / angle : 1 - angle2 / 6, c = angle > 1e-6 ? (1 - std::cos(angle)) / angle2 : 0.5;
    Matrix4 m{1 - c * (ry * ry + rz * rz),
              c * rx * ry + s * rz,
              c * rx * rz - s * ry,
              0,
              c * rx * ry - s * rz,
              1 - c * (rx * rx + rz * rz),
              c * ry * rz + s * rx,
              0,
              c * rx * rz + s * ry,
              c * ry * rz - s * rx,
              1 - c * (rx * rx + ry * ry),
              0,
              p[3],
              p[4],
              p[5],
              1};
    for (int row = 0; row < 3; ++row) m[8 + row] = -m[8 + row];  // z towards the camera
    for (const double value : m)
        if (!std::isfinite(value)) return std::nullopt;
    return m;
}

}  // namespace vitrine
