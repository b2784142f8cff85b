#include "overlays/ar/model_camera.h"

#include <algorithm>
#include <cmath>

namespace vitrine {

namespace {

using Vector = std::array<double, 3>;

double length(const Vector& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
Vector cross(const Vector& a, const Vector& b) { return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}; }

std::optional<ModelCamera> from_homography(const std::array<float, 9>& h, int width, int height) {
    ModelCamera camera;
    camera.intrinsics = {1, static_cast<double>(width) / height, 0.5, 0.5};
    const auto& [fx, fy, cx, cy] = camera.intrinsics;
    std::array<Vector, 3> columns;
    for (std::size_t c = 0; c < 3; ++c) {
        const double z = h[6 + c];
        columns[c] = {(h[c] - cx * z) / fx, (h[3 + c] - cy * z) / fy, z};
    }
    const double mean = (length(columns[0]) + length(columns[1])) / 2;
    Vector out = cross(columns[0], columns[1]);  // into the target, as x is right and y down
    const double size = length(out);
    if (!(mean > 0) || !(size > 0) || !std::isfinite(mean + size)) return std::nullopt;
    // Whatever its scale, a homography maps the target's origin to a point before the camera.
    const double sign = columns[2][2] < 0 ? -1 : 1;
    Matrix4& m = camera.target_to_camera;
    for (std::size_t k = 0; k < 3; ++k) {
        m[k] = sign * columns[0][k] / mean;
        m[4 + k] = sign * columns[1][k] / mean;
        m[8 + k] = -out[k] / size;
        m[12 + k] = sign * columns[2][k] / mean;
    }
    m[15] = 1;
    return camera;
}

int even_below(double v) { return static_cast<int>(std::floor(v / 2)) * 2; }
int even_above(double v) { return static_cast<int>(std::ceil(v / 2)) * 2; }

PixelRect pixels_of(const std::array<float, 4>& rect, int width, int height) {
    const auto px = [](float v, int size) { return static_cast<int>(std::lround(std::clamp(v, 0.0F, 1.0F) * static_cast<float>(size))); };
    const int x = px(rect[0], width), y = px(rect[1], height);
    return {x, y, px(rect[0] + rect[2], width) - x, px(rect[1] + rect[3], height) - y};
}

}  // namespace

std::optional<ModelCamera> camera_of(const Anchor& anchor, int width, int height) {
    if (width <= 0 || height <= 0) return std::nullopt;
    std::optional<ModelCamera> camera;
    if (const auto posed = target_to_camera(anchor)) {
        camera = ModelCamera{*posed, {}};
        for (std::size_t k = 0; k < 4; ++k) camera->intrinsics[k] = (*anchor.intrinsics)[k];
    } else if (!anchor.pose || !anchor.intrinsics) {
        camera = from_homography(anchor.homography, width, height);
    }
    if (!camera) return std::nullopt;
    for (const double value : camera->target_to_camera)
        if (!(std::abs(value) < 1e7)) return std::nullopt;
    const auto& k = camera->intrinsics;
    if (!(k[0] > 1e-3 && k[0] < 1e3 && k[1] > 1e-3 && k[1] < 1e3 && std::abs(k[2]) < 1e3 && std::abs(k[3]) < 1e3)) return std::nullopt;
    return camera;
}

PixelRect bounds_of(const std::vector<Vector>& points, const ModelCamera& camera, int width, int height, const PixelRect& bounds) {
    constexpr double margin = 2, near_mm = 1;
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    bool before = false, behind = false;
    for (const Vector& point : points) {
        const Vector p = transform(camera.target_to_camera, point);
        if (!(p[2] > near_mm)) {
            behind = true;
            continue;
        }
        before = true;
        const double x = (camera.intrinsics[0] * p[0] / p[2] + camera.intrinsics[2]) * width;
        const double y = (camera.intrinsics[1] * p[1] / p[2] + camera.intrinsics[3]) * height;
        left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
    }
    if (!before) return {};
    const int x0 = behind ? bounds.x : std::max(bounds.x, even_below(std::max(left - margin, -1e6)));
    const int y0 = behind ? bounds.y : std::max(bounds.y, even_below(std::max(top - margin, -1e6)));
    const int x1 = behind ? bounds.x + bounds.width : std::min(bounds.x + bounds.width, even_above(std::min(right + margin, 1e6)));
    const int y1 = behind ? bounds.y + bounds.height : std::min(bounds.y + bounds.height, even_above(std::min(bottom + margin, 1e6)));
    const int x = (x0 + 1) & ~1, y = (y0 + 1) & ~1;
    return {x, y, (x1 & ~1) - x, (y1 & ~1) - y};
}

VisibleRegion visible_region(const SceneFrame& scene, const std::array<double, 2>& point, int width, int height) {
    const auto holds = [&](const SceneSource& s) {
        return point[0] >= s.rect[0] && point[1] >= s.rect[1] && point[0] <= s.rect[0] + s.rect[2] && point[1] <= s.rect[1] + s.rect[3];
    };
    const auto front = std::find_if(scene.sources.rbegin(), scene.sources.rend(), holds);
    if (front == scene.sources.rend()) return {{0, 0, width, height}, {}};
    VisibleRegion out{pixels_of(front->rect, width, height), {}};
    for (auto before = scene.sources.rbegin(); before != front; ++before)
        if (before->opacity > 0.5F) out.covered.push_back(pixels_of(before->rect, width, height));
    return out;
}

}  // namespace vitrine
