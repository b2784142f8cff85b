#include "overlays/tracking/pose.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <vector>

namespace vitrine {

Plane multiply(const Plane& a, const Plane& b) {
    Plane out{};
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            for (int i = 0; i < 3; ++i) out[r * 3 + c] += a[r * 3 + i] * b[i * 3 + c];
    return out;
}

Plane normalised(const Plane& plane) {
    if (std::abs(plane[8]) < 1e-12) return plane;
    Plane out = plane;
    for (auto& v : out) v /= plane[8];
    return out;
}

std::optional<Point2> map_point(const Plane& h, const Point2& p) {
    const double w = h[6] * p[0] + h[7] * p[1] + h[8];
    if (w * (h[8] < 0 ? -1 : 1) <= 1e-12) return std::nullopt;
    return Point2{(h[0] * p[0] + h[1] * p[1] + h[2]) / w, (h[3] * p[0] + h[4] * p[1] + h[5]) / w};
}

Calibration scaled(const Calibration& c, int width, int height) {
    if (c.width <= 0 || c.height <= 0 || (c.width == width && c.height == height)) return c;
    const double sx = double(width) / c.width, sy = double(height) / c.height;
    Calibration out = c;
    out.width = width, out.height = height;
    out.fx = c.fx * sx, out.fy = c.fy * sy;
    out.cx = (c.cx + 0.5) * sx - 0.5, out.cy = (c.cy + 0.5) * sy - 0.5;
    return out;
}

Plane plane_of(const TargetPose& pose, const Calibration& c) {
    cv::Matx33d r;
    cv::Rodrigues(cv::Vec3d(pose.rvec[0], pose.rvec[1], pose.rvec[2]), r);
    const auto& t = pose.tvec;
    return multiply(Plane{c.fx, 0, c.cx, 0, c.fy, c.cy, 0, 0, 1},
                    Plane{r(0, 0), r(0, 1), t[0], r(1, 0), r(1, 1), t[1], r(2, 0), r(2, 1), t[2]});
}

std::optional<Point2> project_point(const TargetPose& pose, const Calibration& c, const std::array<double, 3>& point) {
    cv::Matx33d r;
    cv::Rodrigues(cv::Vec3d(pose.rvec[0], pose.rvec[1], pose.rvec[2]), r);
    const cv::Vec3d at = r * cv::Vec3d(point[0], point[1], point[2]) + cv::Vec3d(pose.tvec[0], pose.tvec[1], pose.tvec[2]);
    if (at[2] <= 1e-9) return std::nullopt;
    const double x = at[0] / at[2], y = at[1] / at[2], r2 = x * x + y * y;
    const auto& [k1, k2, p1, p2, k3] = c.distortion;
    const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
    const double dx = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), dy = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
    return Point2{c.fx * dx + c.cx, c.fy * dy + c.cy};
}

SeenTarget as_seen(const TargetPose& pose, const Calibration& c, const std::array<double, 4>& box) {
    SeenTarget seen{pose, normalised(plane_of(pose, c))};
    if (std::all_of(c.distortion.begin(), c.distortion.end(), [](double d) { return d == 0; })) return seen;
    std::vector<cv::Point2d> from, to;
    std::vector<cv::Point3d> solid;
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column) {
            const double x = box[0] + box[2] * column / 3, y = box[1] + box[3] * row / 3;
            if (const auto at = project_point(pose, c, {x, y, 0}))
                from.emplace_back(x, y), solid.emplace_back(x, y, 0), to.emplace_back((*at)[0], (*at)[1]);
        }
    if (from.size() < 6) return seen;
    const cv::Mat fitted = cv::findHomography(from, to);
    if (!fitted.empty()) {
        for (int i = 0; i < 9; ++i) seen.plane[i] = fitted.at<double>(i / 3, i % 3);
        seen.plane = normalised(seen.plane);
    }
    cv::Mat r(3, 1, CV_64F), t(3, 1, CV_64F);
    for (int i = 0; i < 3; ++i) r.at<double>(i) = pose.rvec[i], t.at<double>(i) = pose.tvec[i];
    cv::solvePnPRefineLM(solid, to, cv::Matx33d(c.fx, 0, c.cx, 0, c.fy, c.cy, 0, 0, 1), cv::noArray(), r, t);
    for (int i = 0; i < 3; ++i) seen.pose.rvec[i] = r.at<double>(i), seen.pose.tvec[i] = t.at<double>(i);
    return seen;
}

Plane to_program(const PlacedCamera& placed) {
    const double w = placed.camera_width, h = placed.camera_height;
    const double sx = placed.rect[2] / (placed.crop[2] * w), sy = placed.rect[3] / (placed.crop[3] * h);
    return {sx, 0, placed.rect[0] + sx * (0.5 - placed.crop[0] * w), 0, sy, placed.rect[1] + sy * (0.5 - placed.crop[1] * h), 0, 0, 1};
}

std::array<float, 4> program_intrinsics(const Calibration& calibration, const PlacedCamera& placed) {
    const Calibration c = scaled(calibration, placed.camera_width, placed.camera_height);
    const Plane m = to_program(placed);
    return {static_cast<float>(c.fx * m[0]), static_cast<float>(c.fy * m[4]), static_cast<float>(c.cx * m[0] + m[2]),
            static_cast<float>(c.cy * m[4] + m[5])};
}

}  // namespace vitrine
