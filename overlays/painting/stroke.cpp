#include "overlays/painting/stroke.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace vitrine {

namespace {

/// Share of a pixel that is within `radius` of something `distance` away from its centre.
float cover(float distance, float radius) { return std::clamp(radius + 0.5F - distance, 0.0F, 1.0F); }

std::uint8_t lerp(std::uint8_t from, std::uint8_t to, float share) {
    const float value = static_cast<float>(from) + static_cast<float>(to - from) * share;
    return static_cast<std::uint8_t>(value + 0.5F);
}

/// A stroke in coordinates along it and across it.
struct Shape {
    float x, y;              ///< where it begins
    float along_x, along_y;  ///< unit vector
    float length, r0, slope;
    bool flat;
    double left, right, top, bottom, widest;  ///< box round all that it covers; how far it reaches from its axis
    double x0, y0, dx, dy;

    explicit Shape(const Stroke& s)
        : x(static_cast<float>(s.x0)),
          y(static_cast<float>(s.y0)),
          r0(static_cast<float>(s.r0)),
          flat(s.flat),
          x0(s.x0),
          y0(s.y0),
          dx(s.x1 - s.x0),
          dy(s.y1 - s.y0) {
        const double l = std::hypot(dx, dy);
        length = static_cast<float>(l);
        along_x = l > 0 ? static_cast<float>(dx / l) : 1;
        along_y = l > 0 ? static_cast<float>(dy / l) : 0;
        slope = l > 0 ? static_cast<float>((s.r1 - s.r0) / l) : 0;
        widest = std::max(s.r0, s.r1) + 1;
        left = std::min(s.x0, s.x1) - widest;
        right = std::max(s.x0, s.x1) + widest;
        top = std::min(s.y0, s.y1) - widest;
        bottom = std::max(s.y0, s.y1) + widest;
    }

    float coverage(float px, float py) const {
        const float qx = px - x, qy = py - y;
        const float along = qx * along_x + qy * along_y, across = qy * along_x - qx * along_y;
        const float on = std::clamp(along, 0.0F, length), radius = r0 + slope * on;
        if (flat) {
            const float past = std::max(-along, along - length);
            return cover(std::abs(across), radius) * std::clamp(0.5F - past, 0.0F, 1.0F);
        }
        const float past = along - on, square = across * across + past * past, reach = radius + 0.5F;
        return square >= reach * reach ? 0 : cover(std::sqrt(square), radius);
    }

    /// Columns near the part of the axis whose rows are near [y, y + 2); empty: first ≥ second.
    std::pair<double, double> columns(int row) const {
        double t0 = 0, t1 = 1;
        if (std::abs(dy) > 1e-9) {
            const double a = (row - widest - y0) / dy, b = (row + 2 + widest - y0) / dy;
            t0 = std::max(0.0, std::min(a, b));
            t1 = std::min(1.0, std::max(a, b));
        } else if (row + 2 + widest < y0 || row - widest > y0) {
            return {1, 0};
        }
        if (t0 > t1) return {1, 0};
        const double xa = x0 + t0 * dx, xb = x0 + t1 * dx;
        return {std::min(xa, xb) - widest, std::max(xa, xb) + widest};
    }
};

int bound(double v, int limit) { return static_cast<int>(std::clamp(std::floor(v), 0.0, double(limit))); }

}  // namespace

void draw_strokes(const I420View& picture, std::span<const Stroke> strokes, Ycc colour, std::uint8_t opacity) {
    if (opacity == 0) return;
    std::vector<Shape> shapes;
    for (const Stroke& s : strokes)
        if (std::isfinite(s.x0 + s.y0 + s.x1 + s.y1 + s.r0 + s.r1)) shapes.emplace_back(s);
    if (shapes.empty()) return;
    double first = 1e9, last = -1e9;
    for (const Shape& shape : shapes) {
        first = std::min(first, shape.top);
        last = std::max(last, shape.bottom);
    }
    const float strength = static_cast<float>(opacity) / 255;
    std::vector<std::pair<int, int>> runs;
    // Rows in pairs, so that each pair's chroma is known; of each pair only the columns near a stroke are looked at.
    const int top = bound(first, picture.height) & ~1, bottom = bound(last + 1, picture.height);
    for (int y = top; y + 1 < picture.height && y < bottom; y += 2) {
        runs.clear();
        for (const Shape& shape : shapes) {
            const auto [from, to] = shape.columns(y);
            if (from > to) continue;
            const int begin = bound(from, picture.width) & ~1, end = bound(to + 2, picture.width);
            if (begin < end) runs.emplace_back(begin, end);
        }
        std::sort(runs.begin(), runs.end());
        int done = 0;
        for (const auto& [begin, end] : runs) {
            for (int x = std::max(begin, done); x + 1 < picture.width && x < end; x += 2) {
                float sum = 0;
                for (int k = 0; k < 4; ++k) {
                    const int px = x + (k & 1), py = y + (k >> 1);
                    float share = 0;
                    for (const Shape& shape : shapes)
                        share = std::max(share, shape.coverage(static_cast<float>(px) + 0.5F, static_cast<float>(py) + 0.5F));
                    if (share <= 0) continue;
                    share *= strength;
                    sum += share;
                    std::uint8_t& luma = picture.y[static_cast<std::ptrdiff_t>(py) * picture.stride_y + px];
                    luma = lerp(luma, colour.y, share);
                }
                if (sum <= 0) continue;
                const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y / 2) * picture.stride_uv + x / 2;
                picture.u[at] = lerp(picture.u[at], colour.u, sum / 4);
                picture.v[at] = lerp(picture.v[at], colour.v, sum / 4);
            }
            done = std::max(done, (end + 1) & ~1);
        }
    }
}

void draw_leader(const I420View& picture, const Leader& l, std::uint8_t opacity) {
    if (!std::isfinite(l.x0 + l.y0 + l.x1 + l.y1)) return;
    const std::array strokes{Stroke{l.x0, l.y0, l.x1, l.y1, l.width / 2, l.width / 2},
                             Stroke{l.x1, l.y1, l.x1, l.y1, l.dot / 2, l.dot / 2}};
    draw_strokes(picture, strokes, l.colour, opacity);
}

}  // namespace vitrine
