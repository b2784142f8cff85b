#pragma once
// A small depth picture of triangles, for telling what hides what. Internal to tracking: includes OpenCV.

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

namespace vitrine {

/// Pixel centres at integers. Holds 1/z, which is linear in the picture; 0 where there is nothing.
class DepthPicture {
  public:
    DepthPicture(int width, int height) : width_(width), height_(height), near_(static_cast<std::size_t>(width) * height, 0.0f) {}

    /// x and y in px, the third 1/z. A triangle that meets no pixel's centre leaves no trace.
    void add(const cv::Vec3f& a, const cv::Vec3f& b, const cv::Vec3f& c) {
        const float area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if (!(std::abs(area) > 1e-9f)) return;
        const int left = std::max(0, cvCeil(std::min({a[0], b[0], c[0]}))),
                  right = std::min(width_ - 1, cvFloor(std::max({a[0], b[0], c[0]})));
        const int top = std::max(0, cvCeil(std::min({a[1], b[1], c[1]}))),
                  bottom = std::min(height_ - 1, cvFloor(std::max({a[1], b[1], c[1]})));
        if (left > right || top > bottom) return;
        const float by = 1 / area;
        // Shares of b and c, linear in x and y.
        const float bx = (c[1] - a[1]) * by, bdy = -(c[0] - a[0]) * by, cx = -(b[1] - a[1]) * by, cdy = (b[0] - a[0]) * by;
        for (int y = top; y <= bottom; ++y) {
            float share_b = (float(left) - a[0]) * bx + (float(y) - a[1]) * bdy,
                  share_c = (float(left) - a[0]) * cx + (float(y) - a[1]) * cdy;
            float* row = &near_[static_cast<std::size_t>(y) * width_];
            for (int x = left; x <= right; ++x, share_b += bx, share_c += cx) {
                constexpr float slack = -1e-4f;
                if (share_b < slack || share_c < slack || share_b + share_c > 1 - slack) continue;
                row[x] = std::max(row[x], a[2] + share_b * (b[2] - a[2]) + share_c * (c[2] - a[2]));
            }
        }
    }
    /// 1/z of what is seen there; 0 for nothing, and outside.
    float at(double x, double y) const {
        const int ix = cvRound(x), iy = cvRound(y);
        return ix < 0 || iy < 0 || ix >= width_ || iy >= height_ ? 0.0f : near_[static_cast<std::size_t>(iy) * width_ + ix];
    }

  private:
    int width_, height_;
    std::vector<float> near_;
};

}  // namespace vitrine
