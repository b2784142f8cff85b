#include "overlays/tracking/planar_flow.h"

#include <algorithm>
#include <cmath>
#include <opencv2/video/tracking.hpp>

#include "overlays/tracking/planar_align.h"

namespace vitrine {

namespace {

const cv::Size window(13, 13);
constexpr int levels = 3;
constexpr std::size_t most = 36, least = 6;

double median_of(std::vector<double> all) {
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return all[all.size() / 2];
}

}  // namespace

FlowPicture FlowPicture::of(const cv::Mat& luma) {
    FlowPicture out;
    out.luma = luma;
    cv::buildOpticalFlowPyramid(luma, out.pyramid, window, levels, true);
    return out;
}

cv::Mat FlowPicture::half() const { return pyramid.size() > 2 ? pyramid[2] : cv::Mat(); }

std::optional<cv::Matx33d> follow_flow(const FlowPicture& before, const FlowPicture& now, const Lens& lens,
                                       const std::vector<cv::Point2d>& places, const cv::Matx33d& was, const cv::Matx33d& expected) {
    std::vector<cv::Point2f> from, to;
    std::vector<cv::Point2d> guess;
    for (const auto& place : places) {
        const auto a = through(was, place), b = through(expected, place);
        if (!a || !b) continue;
        const cv::Point2d there = lens.bend(*b);
        if (there.x < 2 || there.y < 2 || there.x > now.luma.cols - 3 || there.y > now.luma.rows - 3) continue;
        from.emplace_back(lens.bend(*a)), to.emplace_back(there), guess.push_back(*b);
        if (from.size() >= most) break;
    }
    if (from.size() < least) return std::nullopt;
    std::vector<std::uint8_t> status;
    cv::calcOpticalFlowPyrLK(before.pyramid, now.pyramid, from, to, status, cv::noArray(), window, levels,
                             cv::TermCriteria(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 12, 0.02), cv::OPTFLOW_USE_INITIAL_FLOW,
                             1e-4);

    struct Shift {
        cv::Point2d at, by;
    };
    std::vector<Shift> shifts;
    cv::Point2d middle(0, 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!status[i]) continue;
        shifts.push_back({guess[i], lens.straighten(to[i]) - guess[i]});
        middle += guess[i];
    }
    if (shifts.size() < least) return std::nullopt;
    middle *= 1.0 / double(shifts.size());
    double radius = 1;
    for (const auto& s : shifts) radius = std::max(radius, cv::norm(s.at - middle));

    // Reweighted least squares (Tukey's biweight), from the median shift on.
    std::vector<double> xs, ys;
    for (const auto& s : shifts) xs.push_back(s.by.x), ys.push_back(s.by.y);
    const double mx = median_of(xs), my = median_of(ys);
    cv::Matx33d moved(1, 0, mx, 0, 1, my, 0, 0, 1);
    for (int round = 0; round < 5; ++round) {
        std::vector<double> off;
        for (const auto& s : shifts) off.push_back(cv::norm(s.at + s.by - through(moved, s.at).value_or(s.at)));
        const double cut = std::max(1.0, 4.685 * 1.48 * median_of(off));
        IncrementFit fit(middle, radius);
        std::size_t agreeing = 0;
        for (std::size_t i = 0; i < shifts.size(); ++i) {
            if (off[i] >= cut) continue;
            const double u = off[i] / cut, weight = (1 - u * u) * (1 - u * u);
            fit.add(shifts[i].at, cv::Vec2d(shifts[i].by.x, shifts[i].by.y), weight);
            agreeing += weight > 0.2;
        }
        if (agreeing < std::max(least, shifts.size() / 3)) return std::nullopt;
        // A weak hold on the mean shift: few places on a line must not bend the plane.
        for (int c = 0; c < 4; ++c)
            fit.add(middle + cv::Point2d(c & 1 ? radius : -radius, c & 2 ? radius : -radius), cv::Vec2d(mx, my), 1e-3);
        const auto solved = fit.solve();
        if (!solved) return std::nullopt;
        moved = *solved;
    }
    return moved * expected;
}

}  // namespace vitrine
