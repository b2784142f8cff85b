#pragma once
// Where a lens puts what a pinhole would put elsewhere. Internal to tracking: includes OpenCV.

#include <algorithm>
#include <opencv2/core.hpp>
#include <optional>

#include "engine/config.h"

namespace vitrine {

/// Ideal px (of a pinhole) → px, for pictures of one size. Without a calibration, or without distortion, both are the same.
class Lens {
  public:
    Lens() = default;
    explicit Lens(const Calibration& calibration) : camera_(calibration) {
        bent_ = std::any_of(camera_.distortion.begin(), camera_.distortion.end(), [](double d) { return d != 0; });
    }
    bool bent() const { return bent_; }
    cv::Point2d bend(const cv::Point2d& ideal) const {
        if (!bent_) return ideal;
        const double x = (ideal.x - camera_.cx) / camera_.fx, y = (ideal.y - camera_.cy) / camera_.fy, r2 = x * x + y * y;
        const auto& [k1, k2, p1, p2, k3] = camera_.distortion;
        const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
        return {camera_.fx * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + camera_.cx,
                camera_.fy * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + camera_.cy};
    }
    /// Derivative of bend().
    cv::Matx22d slope(const cv::Point2d& ideal) const {
        if (!bent_) return cv::Matx22d::eye();
        const cv::Point2d dx = bend(ideal + cv::Point2d(0.5, 0)) - bend(ideal - cv::Point2d(0.5, 0)),
                          dy = bend(ideal + cv::Point2d(0, 0.5)) - bend(ideal - cv::Point2d(0, 0.5));
        return {dx.x, dy.x, dx.y, dy.y};
    }
    /// The inverse of bend(), by Newton's steps.
    cv::Point2d straighten(const cv::Point2d& seen) const {
        cv::Point2d ideal = seen;
        for (int i = 0; bent_ && i < 8; ++i) {
            const cv::Point2d off = seen - bend(ideal);
            const cv::Vec2d step = slope(ideal).solve(cv::Vec2d(off.x, off.y), cv::DECOMP_LU);
            ideal += cv::Point2d(step[0], step[1]);
            if (off.dot(off) < 1e-8) break;
        }
        return ideal;
    }

  private:
    Calibration camera_;
    bool bent_ = false;
};

}  // namespace vitrine
