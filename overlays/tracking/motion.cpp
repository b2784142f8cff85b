#include "overlays/tracking/motion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

namespace vitrine {

namespace {

// Root mean square distance of the corners from where they were expected, px: up to `quiet` only a fifth is followed, from
// `loud` on everything.
constexpr double quiet = 0.08, loud = 0.30, least_gain = 0.2;

cv::Matx33d rotation_of(const std::array<double, 3>& r) {
    cv::Matx33d out;
    cv::Rodrigues(cv::Vec3d(r[0], r[1], r[2]), out);
    return out;
}

std::array<double, 3> vector_of(const cv::Matx33d& r) {
    cv::Vec3d out;
    cv::Rodrigues(r, out);
    return {out[0], out[1], out[2]};
}

cv::Vec3d vec(const std::array<double, 3>& a) { return {a[0], a[1], a[2]}; }
std::array<double, 3> arr(const cv::Vec3d& v) { return {v[0], v[1], v[2]}; }

double distance(const std::array<Point2, 4>& a, const std::array<Point2, 4>& b) {
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += (a[i][0] - b[i][0]) * (a[i][0] - b[i][0]) + (a[i][1] - b[i][1]) * (a[i][1] - b[i][1]);
    return std::sqrt(sum / 4);
}

double gain_of(double residual) { return least_gain + (1 - least_gain) * std::clamp((residual - quiet) / (loud - quiet), 0.0, 1.0); }
/// Of the velocity, for a critically damped pair with that gain of the position.
double velocity_gain(double gain) { return std::min(0.7, gain * gain / (2 - gain)); }

}  // namespace

std::array<Point2, 4> Motion::outline() const {
    const auto [x, y, w, h] = measured_;
    return {{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
}

TargetPose Motion::carried_pose(double seconds) const {
    // The middle of what is measured moves straight and the rest turns round it.
    const cv::Matx33d before = rotation_of(pose_->rvec), after = rotation_of(arr(vec(spin_) * seconds)) * before;
    const cv::Vec3d middle(measured_[0] + measured_[2] / 2, measured_[1] + measured_[3] / 2, 0);
    const cv::Vec3d where = before * middle + vec(pose_->tvec) + vec(velocity_) * seconds;
    return {vector_of(after), arr(where - after * middle)};
}

std::array<Point2, 4> Motion::carried_corners(double seconds) const {
    std::array<Point2, 4> out = corners_;
    for (int i = 0; i < 4; ++i)
        for (int axis = 0; axis < 2; ++axis) out[i][axis] += corner_velocity_[i][axis] * seconds;
    return out;
}

void Motion::sighted(const Sighting& s, Nanoseconds at, const std::optional<Calibration>& camera) {
    const double dt = double(at - at_) * 1e-9;
    const bool fresh = !seen_ || at <= at_ || at - at_ > gone_after || s.pose.has_value() != pose_.has_value();
    index_ = s.target;
    visibility_ = std::clamp(s.visibility / seen_enough, 0.0f, 1.0f);
    camera_ = camera;
    if (fresh) {
        pose_ = s.pose, corners_ = s.corners;
        spin_ = velocity_ = {}, corner_velocity_ = {};
        seen_ = true, moving_ = false, at_ = at;
        return;
    }
    if (s.pose) {
        const TargetPose expected = carried_pose(dt);
        std::array<Point2, 4> there{};
        const auto corners = outline();
        for (int i = 0; i < 4; ++i)
            there[i] = project_point(expected, *camera_, {corners[i][0], corners[i][1], 0}).value_or(Point2{1e6, 1e6});
        // The second sighting of all gives the first velocity, whole.
        const double gain = moving_ ? gain_of(distance(there, s.corners)) : 1, follow = moving_ ? velocity_gain(gain) : 1;
        const cv::Matx33d was = rotation_of(expected.rvec), is = rotation_of(s.pose->rvec);
        const cv::Vec3d turn = vec(vector_of(is * was.t()));
        const cv::Vec3d middle(measured_[0] + measured_[2] / 2, measured_[1] + measured_[3] / 2, 0);
        const cv::Vec3d was_at = was * middle + vec(expected.tvec), is_at = is * middle + vec(s.pose->tvec);
        spin_ = arr(vec(spin_) + turn * (follow / dt));
        velocity_ = arr(vec(velocity_) + (is_at - was_at) * (follow / dt));
        const cv::Matx33d now = rotation_of(arr(turn * gain)) * was;
        pose_ = TargetPose{vector_of(now), arr(was_at + (is_at - was_at) * gain - now * middle)};
        corners_ = s.corners;
    } else {
        const auto expected = carried_corners(dt);
        const double gain = moving_ ? gain_of(distance(expected, s.corners)) : 1, follow = moving_ ? velocity_gain(gain) : 1;
        for (int i = 0; i < 4; ++i)
            for (int axis = 0; axis < 2; ++axis) {
                const double off = s.corners[i][axis] - expected[i][axis];
                corners_[i][axis] = expected[i][axis] + gain * off;
                corner_velocity_[i][axis] += follow * off / dt;
            }
        pose_.reset();
    }
    moving_ = true, at_ = at;
}

std::optional<CarriedTarget> Motion::at(Nanoseconds when) const {
    if (!seen_) return std::nullopt;
    const Nanoseconds age = when - at_;
    if (age >= gone_after || age <= -gone_after) return std::nullopt;
    const double seconds = double(std::clamp(age, -carry_most, carry_most)) * 1e-9;
    CarriedTarget out;
    out.target = index_;
    out.visibility =
        visibility_ * static_cast<float>(std::clamp(double(gone_after - std::abs(age)) / double(gone_after - fade_after), 0.0, 1.0));
    if (pose_) {
        const TargetPose pose = carried_pose(seconds);
        if (pose.tvec[2] <= 0) return std::nullopt;
        const SeenTarget seen = as_seen(pose, *camera_, box_);
        out.pose = seen.pose, out.plane = seen.plane;
        return out;
    }
    std::array<cv::Point2f, 4> from, to;
    const auto corners = outline(), there = carried_corners(seconds);
    for (int i = 0; i < 4; ++i)
        from[i] = cv::Point2f(float(corners[i][0]), float(corners[i][1])), to[i] = cv::Point2f(float(there[i][0]), float(there[i][1]));
    const cv::Mat plane = cv::getPerspectiveTransform(from.data(), to.data());
    for (int i = 0; i < 9; ++i) out.plane[i] = plane.at<double>(i / 3, i % 3);
    out.plane = normalised(out.plane);
    return out;
}

}  // namespace vitrine
