#include "overlays/tracking/planar_align.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitrine {

namespace {

constexpr int inner = 9, outer = inner + 2, half = outer / 2;  // a patch and the rim that its gradients need, px
constexpr int inner_area = inner * inner, outer_area = outer * outer;
constexpr double least_contrast = 2.5;  // grey levels, standard deviation within a patch, of the target's picture
constexpr double least_seen = 1.2;      // the same of what is seen
constexpr double alike = 0.6;           // correlation from which a patch counts as seen
constexpr double even = 2.2;            // by how much the contrast of a patch may differ from the others'
constexpr float rim = 0.01f;            // px, for rounding, between what is sampled and a picture's edge
constexpr double correlated = 6;        // neighbouring pixels err together: so many stand for one

/// One patch of the reference drawing.
struct Patch {
    cv::Point2d mm;         // the place in the target that it stands for
    cv::Point2d ideal;      // its middle, ideal px
    cv::Matx22d bend;       // derivative of the lens there
    cv::Matx22d straight;   // its inverse
    cv::Vec2d smear{0, 0};  // px it moves while the shutter is open
    std::array<float, outer_area> drawn;
    std::array<float, inner_area> dx, dy;
    float mean = 0, deviation = 0;
    float likeness = 0, contrast = 1;
};

float mean_of(const std::array<float, outer_area>& p, float& deviation) {
    float sum = 0, squares = 0;
    for (int y = 1; y <= inner; ++y)
        for (int x = 1; x <= inner; ++x) {
            const float v = p[y * outer + x];
            sum += v, squares += v * v;
        }
    const float mean = sum / inner_area;
    deviation = std::sqrt(std::max(0.0f, squares / inner_area - mean * mean));
    return mean;
}

inline float sample(const cv::Mat& m, float x, float y) {
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    const float fx = x - float(ix), fy = y - float(iy);
    const std::uint8_t* p = m.data + static_cast<std::size_t>(iy) * m.step + ix;
    const std::uint8_t* q = p + m.step;
    const float a = float(p[0]) + fx * float(p[1] - p[0]), b = float(q[0]) + fx * float(q[1] - q[0]);
    return a + fy * (b - a);
}

/// Draws the target as it must look round `patch.ideal`; false where the patch reaches over the target's edge or has no texture.
bool draw(Patch& patch, const PlanarModel::Core& model, const cv::Matx33d& to_mm) {
    const auto at = through(to_mm, patch.ideal);
    if (!at) return false;
    const cv::Matx22d per_px = slope(to_mm, patch.ideal) * patch.straight;  // mm per px
    // A pixel's footprint: `narrow` decides on the level, along the longer axis several samples are averaged.
    const double a = per_px(0, 0), b = per_px(0, 1), c = per_px(1, 0), d = per_px(1, 1);
    const double sum = a * a + b * b + c * c + d * d, det = std::abs(a * d - b * c);
    const double root = std::sqrt(std::max(0.0, sum * sum / 4 - det * det));
    const double wide = std::sqrt(sum / 2 + root), narrow = std::sqrt(std::max(1e-12, sum / 2 - root));
    const PlanarLevel& level = model.level_for(1 / narrow);
    const double sx = level.scale_x, sy = level.scale_y;
    const float ux = float(a * sx), uy = float(c * sy), vx = float(b * sx), vy = float(d * sy);
    const float x0 = float(at->x * sx - 0.5), y0 = float(at->y * sy - 0.5);
    const int taps = std::clamp(static_cast<int>(std::ceil(wide * std::max(sx, sy) - 0.25)), 1, 6);
    // Direction of the longer axis in mm, of one pixel's length.
    cv::Vec2d axis = a * a + b * b > c * c + d * d ? cv::Vec2d(wide * wide - c * c - d * d, a * c + b * d)
                                                   : cv::Vec2d(a * c + b * d, wide * wide - a * a - b * b);
    if (cv::norm(axis) < 1e-12) axis = {1, 0};
    axis *= wide / cv::norm(axis);
    const float tx = float(axis[0] * sx / taps), ty = float(axis[1] * sy / taps), first = -0.5f * float(taps - 1);

    // The movement's blur: the mean along its path, in texels.
    const double path = cv::norm(patch.smear);
    const int moments = path < 1 ? 1 : std::clamp(static_cast<int>(std::ceil(path / 1.5)), 2, 16);
    const float bx = float((a * patch.smear[0] + b * patch.smear[1]) * sx / moments),
                by = float((c * patch.smear[0] + d * patch.smear[1]) * sy / moments);
    const float opens = -0.5f * float(moments - 1);

    const float rim_x = half * (std::abs(ux) + std::abs(vx)) + std::abs(tx * first) + std::abs(bx * opens),
                rim_y = half * (std::abs(uy) + std::abs(vy)) + std::abs(ty * first) + std::abs(by * opens);
    if (!(x0 - rim_x >= rim && y0 - rim_y >= rim && x0 + rim_x < float(level.luma.cols - 1) - rim &&
          y0 + rim_y < float(level.luma.rows - 1) - rim))
        return false;
    for (int y = 0; y < outer; ++y)
        for (int x = 0; x < outer; ++x) {
            const float px = x0 + ux * float(x - half) + vx * float(y - half), py = y0 + uy * float(x - half) + vy * float(y - half);
            float v = 0;
            for (int m = 0; m < moments; ++m) {
                const float qx = px + bx * (opens + float(m)), qy = py + by * (opens + float(m));
                for (int t = 0; t < taps; ++t) v += sample(level.luma, qx + tx * (first + float(t)), qy + ty * (first + float(t)));
            }
            patch.drawn[y * outer + x] = v / float(taps * moments);
        }
    patch.mean = mean_of(patch.drawn, patch.deviation);
    if (patch.deviation < least_contrast) return false;
    for (int y = 0; y < inner; ++y)
        for (int x = 0; x < inner; ++x) {
            const float* p = &patch.drawn[(y + 1) * outer + x + 1];
            patch.dx[y * inner + x] = 0.5f * (p[1] - p[-1]);
            patch.dy[y * inner + x] = 0.5f * (p[outer] - p[-outer]);
        }
    return true;
}

/// What a patch says of its place: sums over its pixels, in the reference drawing's px.
struct Evidence {
    double xx = 0, xy = 0, yy = 0, bx = 0, by = 0;
};

/// Compares a patch with the picture under the present warp. False outside the picture or where it is flat.
bool compare(Patch& patch, const cv::Mat& luma, const Lens& lens, const cv::Matx33d& warp, Evidence& out) {
    patch.likeness = 0;
    const auto moved = through(warp, patch.ideal);
    if (!moved) return false;
    const cv::Point2d at = lens.bend(*moved);
    const cv::Matx22d m = (lens.bent() ? lens.slope(*moved) : cv::Matx22d::eye()) * slope(warp, patch.ideal) * patch.straight;
    const float rim_x = half * float(std::abs(m(0, 0)) + std::abs(m(0, 1))), rim_y = half * float(std::abs(m(1, 0)) + std::abs(m(1, 1)));
    const float x0 = float(at.x), y0 = float(at.y);
    if (!(x0 - rim_x >= rim && y0 - rim_y >= rim && x0 + rim_x < float(luma.cols - 1) - rim && y0 + rim_y < float(luma.rows - 1) - rim))
        return false;
    const float ux = float(m(0, 0)), uy = float(m(1, 0)), vx = float(m(0, 1)), vy = float(m(1, 1));
    std::array<float, outer_area> seen;
    for (int y = 0; y < outer; ++y)
        for (int x = 0; x < outer; ++x)
            seen[y * outer + x] =
                sample(luma, x0 + ux * float(x - half) + vx * float(y - half), y0 + uy * float(x - half) + vy * float(y - half));
    float deviation = 0;
    const float mean = mean_of(seen, deviation);
    if (deviation < least_seen) return false;
    const float gain = patch.deviation / deviation;
    float xx = 0, xy = 0, yy = 0, bx = 0, by = 0, squares = 0;
    for (int y = 0; y < inner; ++y)
        for (int x = 0; x < inner; ++x) {
            const float* p = &seen[(y + 1) * outer + x + 1];
            const float r = (patch.drawn[(y + 1) * outer + x + 1] - patch.mean) - gain * (p[0] - mean);
            const float gx = 0.5f * (patch.dx[y * inner + x] + gain * 0.5f * (p[1] - p[-1]));
            const float gy = 0.5f * (patch.dy[y * inner + x] + gain * 0.5f * (p[outer] - p[-outer]));
            xx += gx * gx, xy += gx * gy, yy += gy * gy, bx += gx * r, by += gy * r, squares += r * r;
        }
    patch.likeness = 1 - squares / (2 * inner_area * patch.deviation * patch.deviation);
    patch.contrast = 1 / gain;
    out = {xx, xy, yy, bx, by};
    return true;
}

/// 1 / variance of a pixel's residual, from how alike the patch is; correlated pixels counted.
double certainty(const Patch& p) {
    const double unlike = 1 - double(p.likeness);
    return 1 / (correlated * (2 * unlike + 0.02) * double(p.deviation) * double(p.deviation));
}

}  // namespace

std::optional<cv::Point2d> through(const cv::Matx33d& h, const cv::Point2d& p) {
    const double w = h(2, 0) * p.x + h(2, 1) * p.y + h(2, 2);
    if (!(w > 1e-9)) return std::nullopt;
    return cv::Point2d((h(0, 0) * p.x + h(0, 1) * p.y + h(0, 2)) / w, (h(1, 0) * p.x + h(1, 1) * p.y + h(1, 2)) / w);
}

cv::Matx22d slope(const cv::Matx33d& h, const cv::Point2d& p) {
    const double w = h(2, 0) * p.x + h(2, 1) * p.y + h(2, 2);
    const double x = (h(0, 0) * p.x + h(0, 1) * p.y + h(0, 2)) / w, y = (h(1, 0) * p.x + h(1, 1) * p.y + h(1, 2)) / w;
    return {(h(0, 0) - x * h(2, 0)) / w, (h(0, 1) - x * h(2, 1)) / w, (h(1, 0) - y * h(2, 0)) / w, (h(1, 1) - y * h(2, 1)) / w};
}

void IncrementFit::add(const cv::Point2d& p, double xx, double xy, double yy, const cv::Vec2d& pull) {
    const double x = (p.x - middle_.x) / radius_, y = (p.y - middle_.y) / radius_, s = radius_;
    const double rows[2][8] = {{x * s, y * s, s, 0, 0, 0, -x * x * s, -x * y * s}, {0, 0, 0, x * s, y * s, s, -x * y * s, -y * y * s}};
    for (int i = 0; i < 8; ++i) {
        const double a = xx * rows[0][i] + xy * rows[1][i], b = xy * rows[0][i] + yy * rows[1][i];
        for (int j = i; j < 8; ++j) information_(i, j) += a * rows[0][j] + b * rows[1][j];
        pull_(i, 0) += rows[0][i] * pull[0] + rows[1][i] * pull[1];
    }
}

std::optional<cv::Matx33d> IncrementFit::solve() const {
    cv::Matx<double, 8, 8> whole = information_;
    for (int i = 0; i < 8; ++i)
        for (int j = 0; j < i; ++j) whole(i, j) = whole(j, i);
    cv::Matx<double, 8, 1> d;
    if (!cv::solve(whole, pull_, d, cv::DECOMP_CHOLESKY)) return std::nullopt;
    for (int i = 0; i < 8; ++i)
        if (!std::isfinite(d(i, 0))) return std::nullopt;
    const cv::Matx33d in(1 / radius_, 0, -middle_.x / radius_, 0, 1 / radius_, -middle_.y / radius_, 0, 0, 1),
        out(radius_, 0, middle_.x, 0, radius_, middle_.y, 0, 0, 1);
    return out * cv::Matx33d(1 + d(0, 0), d(1, 0), d(2, 0), d(3, 0), 1 + d(4, 0), d(5, 0), d(6, 0), d(7, 0), 1) * in;
}

double IncrementFit::sigma(const cv::Point2d& p) const {
    cv::Matx<double, 8, 8> whole = information_;
    for (int i = 0; i < 8; ++i)
        for (int j = 0; j < i; ++j) whole(i, j) = whole(j, i);
    const double x = (p.x - middle_.x) / radius_, y = (p.y - middle_.y) / radius_, s = radius_;
    const cv::Matx<double, 8, 2> rows(x * s, 0, y * s, 0, s, 0, 0, x * s, 0, y * s, 0, s, -x * x * s, -x * y * s, -x * y * s, -y * y * s);
    cv::Matx<double, 8, 2> spread;
    if (!cv::solve(whole, rows, spread, cv::DECOMP_CHOLESKY)) return 1e9;
    const cv::Matx22d covariance = rows.t() * spread;
    const double variance = covariance(0, 0) + covariance(1, 1);
    return variance >= 0 ? std::sqrt(variance) : 1e9;
}

std::optional<Alignment> align(const cv::Mat& luma, const PlanarModel::Core& model, const Lens& lens, const cv::Matx33d& start,
                               const AlignOptions& options) {
    const cv::Point2d middle_mm(model.target.width_mm / 2, model.target.height_mm / 2);
    std::array<cv::Point2d, 4> corners;
    const auto outline = model.outline();
    for (int i = 0; i < 4; ++i) {
        const auto p = through(start, outline[i]);
        if (!p || !(std::abs(p->x) < 1e5 && std::abs(p->y) < 1e5)) return std::nullopt;
        corners[i] = *p;
    }
    const cv::Matx22d scale = slope(start, middle_mm);
    const double area = scale(0, 0) * scale(1, 1) - scale(0, 1) * scale(1, 0);
    if (!(area > 1e-9)) return std::nullopt;  // mirrored or edge on

    // Back from px: of the sign that makes the target's own side positive, wherever the picture's origin lies.
    cv::Matx33d to_mm = start.inv();
    if (const auto there = through(start, middle_mm); !there || to_mm(2, 0) * there->x + to_mm(2, 1) * there->y + to_mm(2, 2) < 0)
        to_mm *= -1;

    // The reference: patches in the picture, drawn as they must look.
    static thread_local std::vector<Patch> patches;
    patches.clear();
    cv::Point2d middle(0, 0);
    for (const auto& place : model.level_for(std::sqrt(area)).places) {
        if (static_cast<int>(patches.size()) >= options.patches) break;
        const auto ideal = through(start, place);
        if (!ideal) continue;
        const cv::Point2d px = lens.bend(*ideal);
        if (px.x < half + 1 || px.y < half + 1 || px.x > luma.cols - half - 3 || px.y > luma.rows - half - 3) continue;
        patches.emplace_back();
        Patch& patch = patches.back();
        patch.mm = place, patch.ideal = *ideal;
        patch.bend = lens.slope(*ideal);
        patch.straight = lens.bent() ? patch.bend.inv() : patch.bend;
        if (options.before && options.shutter > 0)
            if (const auto was = through(*options.before, place)) {
                const cv::Point2d moved = lens.bend(*was) - px;
                patch.smear = cv::Vec2d(moved.x, moved.y) * options.shutter;
            }
        if (!draw(patch, model, to_mm)) {
            patches.pop_back();
            continue;
        }
        middle += patch.ideal;
    }
    if (patches.size() < 4) return std::nullopt;
    middle *= 1.0 / double(patches.size());
    double radius = 1;
    for (const auto& p : patches) radius = std::max(radius, cv::norm(p.ideal - middle));

    cv::Matx33d warp = cv::Matx33d::eye();
    Evidence e;
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        IncrementFit fit(middle, radius);
        for (auto& patch : patches) {
            if (!compare(patch, luma, lens, warp, e)) continue;
            const double like = std::max(0.03, double(patch.likeness) - 0.25);
            const double weight = certainty(patch) * like * like;
            // From the patch's px to ideal px.
            const cv::Matx22d& b = patch.bend;
            const cv::Matx22d g = b.t() * cv::Matx22d(e.xx, e.xy, e.xy, e.yy) * b;
            fit.add(patch.ideal, weight * g(0, 0), weight * g(0, 1), weight * g(1, 1), b.t() * cv::Vec2d(e.bx, e.by) * weight);
        }
        const double held = 1 / (options.prior_px * options.prior_px);
        for (const auto& c : corners) {
            const auto now = through(warp, c);
            if (!now) return std::nullopt;
            fit.add(c, cv::Vec2d(c.x - now->x, c.y - now->y), held);
        }
        const auto step = fit.solve();
        if (!step) return std::nullopt;
        warp = warp * *step;
        warp *= 1 / warp(2, 2);
        double moved = 0;
        for (const auto& c : corners) {
            const auto p = through(*step, c);
            if (!p) return std::nullopt;
            moved = std::max(moved, cv::norm(*p - c));
        }
        if (moved < 0.01) break;
    }

    Alignment out;
    out.plane = warp * start;
    out.plane *= 1 / out.plane(2, 2);
    IncrementFit fit(middle, radius);
    double likeness = 0;
    std::vector<float> contrasts;
    std::vector<Evidence> evidence;
    for (auto& patch : patches) {
        if (!compare(patch, luma, lens, warp, e)) patch.likeness = 0;
        ++out.expected;
        if (patch.likeness >= alike) contrasts.push_back(patch.contrast);
        evidence.push_back(e);
    }
    if (!contrasts.empty()) {
        const auto middle_one = contrasts.begin() + static_cast<std::ptrdiff_t>(contrasts.size() / 2);
        std::nth_element(contrasts.begin(), middle_one, contrasts.end());
        out.contrast = *middle_one;
    }
    for (std::size_t i = 0; i < patches.size(); ++i) {
        // One light falls on all of it: something else that happens to look alike has another contrast.
        const Patch& patch = patches[i];
        if (patch.likeness < alike || patch.contrast > even * out.contrast || patch.contrast * even < out.contrast) continue;
        ++out.seen;
        likeness += patch.likeness;
        out.seen_mm.push_back(patch.mm);
        const double weight = certainty(patch);
        fit.add(patch.ideal, weight * evidence[i].xx, weight * evidence[i].xy, weight * evidence[i].yy, {0, 0});
    }
    if (out.seen == 0) return out;
    out.likeness = likeness / out.seen;
    out.corner_sigma = 0;
    const double held = 1 / (options.prior_px * options.prior_px);
    for (const auto& c : corners) fit.add(c, {0, 0}, held);
    for (const auto& c : corners) out.corner_sigma = std::max(out.corner_sigma, fit.sigma(c));
    return out;
}

}  // namespace vitrine
