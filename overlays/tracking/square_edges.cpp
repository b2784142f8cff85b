#include "overlays/tracking/square_edges.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace vitrine {

namespace {

constexpr double least_step = 12;  // brightness between dark and light

bool inside(const cv::Mat& luma, const cv::Point2d& p) {
    return p.x >= 0 && p.y >= 0 && p.x <= luma.cols - 1.001 && p.y <= luma.rows - 1.001;
}

double bilinear(const cv::Mat& luma, const cv::Point2d& p) {
    const int x = static_cast<int>(p.x), y = static_cast<int>(p.y);
    const double fx = p.x - x, fy = p.y - y;
    const auto* a = luma.ptr<std::uint8_t>(y) + x;
    const auto* b = luma.ptr<std::uint8_t>(y + 1) + x;
    return (a[0] * (1 - fx) + a[1] * fx) * (1 - fy) + (b[0] * (1 - fx) + b[1] * fx) * fy;
}

/// Where, along `outward` from `base`, dark turns to light: the centre of gravity of the rising steps round the steepest.
std::optional<double> step_at(const cv::Mat& luma, const cv::Point2d& base, const cv::Point2d& outward, int reach) {
    std::array<double, 40> rise{};
    const int count = 2 * reach;
    if (!inside(luma, base + outward * double(reach)) || !inside(luma, base - outward * double(reach))) return std::nullopt;
    double before = bilinear(luma, base - outward * double(reach));
    int steepest = 0;
    for (int i = 0; i < count; ++i) {
        const double value = bilinear(luma, base + outward * double(i + 1 - reach));
        rise[i] = value - before;
        before = value;
        if (rise[i] > rise[steepest]) steepest = i;
    }
    double sum = 0, moment = 0;
    const double floor = std::max(0.06 * rise[steepest], 1.0);
    for (int direction : {-1, 1})
        for (int i = direction < 0 ? steepest : steepest + 1; i >= 0 && i < count && std::abs(i - steepest) <= 3 && rise[i] > floor;
             i += direction) {
            sum += rise[i];
            moment += rise[i] * (i + 0.5 - reach);
        }
    if (sum < least_step) return std::nullopt;
    return moment / sum;
}

struct Line {
    cv::Point2d point, direction;
};

/// Total least squares; points far from the line are left out in a second and third pass.
std::optional<Line> fit(std::vector<cv::Point2d> points, std::size_t least) {
    Line line;
    for (int pass = 0; pass < 3; ++pass) {
        if (points.size() < least) return std::nullopt;
        cv::Point2d mean(0, 0);
        for (const auto& p : points) mean += p;
        mean *= 1.0 / double(points.size());
        double xx = 0, xy = 0, yy = 0;
        for (const auto& p : points) {
            const cv::Point2d d = p - mean;
            xx += d.x * d.x, xy += d.x * d.y, yy += d.y * d.y;
        }
        const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
        line = {mean, {std::cos(angle), std::sin(angle)}};
        double spread = 0;
        const auto off = [&](const cv::Point2d& p) { return std::abs((p - line.point).cross(line.direction)); };
        for (const auto& p : points) spread += off(p) * off(p);
        const double limit = std::max(0.15, 2.2 * std::sqrt(spread / double(points.size())));
        std::erase_if(points, [&](const cv::Point2d& p) { return off(p) > limit; });
    }
    return line;
}

std::optional<cv::Point2d> meet(const Line& a, const Line& b) {
    const double cross = a.direction.cross(b.direction);
    if (std::abs(cross) < 0.15) return std::nullopt;
    return a.point + a.direction * ((b.point - a.point).cross(b.direction) / cross);
}

std::optional<Quad> once(const cv::Mat& luma, const Quad& quad, int reach) {
    std::array<Line, 4> sides;
    for (int side = 0; side < 4; ++side) {
        const cv::Point2d from = quad[side], along = quad[(side + 1) % 4] - from;
        const double length = std::hypot(along.x, along.y);
        if (length < 6) return std::nullopt;
        const cv::Point2d outward(along.y / length, -along.x / length);
        const int count = std::clamp(static_cast<int>(length / 2), 8, 40);
        std::vector<cv::Point2d> points;
        for (int i = 0; i < count; ++i) {
            const cv::Point2d base = from + along * (0.08 + 0.84 * (i + 0.5) / count);
            if (const auto at = step_at(luma, base, outward, reach)) points.push_back(base + outward * *at);
        }
        const auto line = fit(std::move(points), static_cast<std::size_t>(std::max(4, count / 2)));
        if (!line) return std::nullopt;
        sides[side] = *line;
    }
    Quad out;
    for (int corner = 0; corner < 4; ++corner) {
        const auto at = meet(sides[(corner + 3) % 4], sides[corner]);
        if (!at) return std::nullopt;
        out[corner] = *at;
    }
    return out;
}

bool square_like(const Quad& quad) {
    double shortest = 1e9, longest = 0;
    for (int i = 0; i < 4; ++i) {
        const cv::Point2d a = quad[(i + 1) % 4] - quad[i], b = quad[(i + 2) % 4] - quad[(i + 1) % 4];
        if (a.cross(b) <= 0) return false;
        shortest = std::min(shortest, cv::norm(a)), longest = std::max(longest, cv::norm(a));
    }
    return shortest >= 6 && longest < 8 * shortest;
}

}  // namespace

std::optional<Quad> refine_square(const cv::Mat& luma, const Quad& near, double reach) {
    double edge = 1e9;
    for (int i = 0; i < 4; ++i) edge = std::min(edge, cv::norm(near[(i + 1) % 4] - near[i]));
    const int fine = edge < 40 ? 2 : 3;
    Quad quad = near;
    const double far = std::clamp(reach, 2.0, std::min(18.0, edge / 4));
    for (int step : {static_cast<int>(std::ceil(far)), fine, fine}) {
        const auto better = once(luma, quad, step);
        if (!better || !square_like(*better)) return std::nullopt;
        quad = *better;
    }
    for (int i = 0; i < 4; ++i)
        if (cv::norm(quad[i] - near[i]) > 2 * far + 4) return std::nullopt;
    return quad;
}

cv::Mat sample_bits(const cv::Mat& luma, const Quad& corners, int bits) {
    const int cells = bits + 2;
    const std::array<cv::Point2f, 4> from{{{0, 0}, {float(cells), 0}, {float(cells), float(cells)}, {0, float(cells)}}};
    std::array<cv::Point2f, 4> to;
    for (int i = 0; i < 4; ++i) to[i] = corners[i];
    const cv::Matx33d h = cv::getPerspectiveTransform(from.data(), to.data());
    const auto value = [&](double x, double y) {
        const cv::Vec3d p = h * cv::Vec3d(x, y, 1);
        const cv::Point2d at(std::clamp(p[0] / p[2], 0.0, luma.cols - 1.01), std::clamp(p[1] / p[2], 0.0, luma.rows - 1.01));
        return bilinear(luma, at);
    };
    double ground = 0, border = 0;
    for (int i = 0; i < cells; ++i) {
        const double along = i + 0.5;
        ground += value(along, -0.4) + value(along, cells + 0.4) + value(-0.4, along) + value(cells + 0.4, along);
        border += value(along, 0.5) + value(along, cells - 0.5) + value(0.5, along) + value(cells - 0.5, along);
    }
    ground /= 4 * cells, border /= 4 * cells;
    if (ground - border < least_step) return {};
    const double middle = (ground + border) / 2;
    int light = 0;
    for (int i = 0; i < cells; ++i)
        for (double v : {value(i + 0.5, 0.5), value(i + 0.5, cells - 0.5), value(0.5, i + 0.5), value(cells - 0.5, i + 0.5)})
            light += v > middle;
    if (light > cells / 2) return {};
    cv::Mat out(bits, bits, CV_8U);
    for (int y = 0; y < bits; ++y)
        for (int x = 0; x < bits; ++x) {
            double sum = 0;
            for (double dy : {0.3, 0.7})
                for (double dx : {0.3, 0.7}) sum += value(x + 1 + dx, y + 1 + dy);
            out.at<std::uint8_t>(y, x) = sum / 4 > middle ? 1 : 0;
        }
    return out;
}

}  // namespace vitrine
