#include "overlays/tracking/flat_pose.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>

namespace vitrine {

namespace {

constexpr double as_good = 0.06;  // px of error within which two answers fit about equally well

}  // namespace

double turn_between(const TargetPose& a, const TargetPose& b) {
    cv::Matx33d ra, rb;
    cv::Rodrigues(cv::Vec3d(a.rvec.data()), ra);
    cv::Rodrigues(cv::Vec3d(b.rvec.data()), rb);
    const cv::Matx33d r = ra.t() * rb;
    return std::acos(std::clamp((r(0, 0) + r(1, 1) + r(2, 2) - 1) / 2, -1.0, 1.0));
}

std::optional<FlatPose> solve_flat_pose(const std::vector<Point2>& mm, const std::vector<Point2>& px, const Calibration& camera,
                                        const std::optional<TargetPose>& before) {
    // Round the points' own middle, where the answer is best conditioned.
    cv::Vec3d middle(0, 0, 0);
    for (const auto& p : mm) middle += cv::Vec3d(p[0], p[1], 0) / double(mm.size());
    std::vector<cv::Point3d> solid;
    std::vector<cv::Point2d> seen;
    for (std::size_t i = 0; i < mm.size(); ++i) {
        solid.emplace_back(mm[i][0] - middle[0], mm[i][1] - middle[1], 0);
        seen.emplace_back(px[i][0], px[i][1]);
    }
    const cv::Matx33d k(camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1);
    const cv::Mat distortion(1, 5, CV_64F, const_cast<double*>(camera.distortion.data()));
    std::vector<cv::Mat> rvecs, tvecs;
    cv::solvePnPGeneric(solid, seen, k, distortion, rvecs, tvecs, false, cv::SOLVEPNP_IPPE);
    std::vector<FlatPose> answers;
    for (std::size_t n = 0; n < rvecs.size(); ++n) {
        cv::Mat r = rvecs[n].clone(), t = tvecs[n].clone();
        cv::solvePnPRefineLM(solid, seen, k, distortion, r, t);
        if (!(t.at<double>(2) > 0)) continue;
        cv::Matx33d rotation;
        cv::Rodrigues(r, rotation);
        const cv::Vec3d origin = cv::Vec3d(t.at<double>(0), t.at<double>(1), t.at<double>(2)) - rotation * middle;
        std::vector<cv::Point2d> again;
        cv::projectPoints(solid, r, t, k, distortion, again);
        double sum = 0;
        for (std::size_t i = 0; i < seen.size(); ++i) sum += (again[i] - seen[i]).dot(again[i] - seen[i]);
        answers.push_back({{{r.at<double>(0), r.at<double>(1), r.at<double>(2)}, {origin[0], origin[1], origin[2]}},
                           std::sqrt(sum / double(seen.size()))});
    }
    if (answers.empty()) return std::nullopt;
    std::sort(answers.begin(), answers.end(), [](const FlatPose& a, const FlatPose& b) { return a.error_px < b.error_px; });
    if (answers.size() > 1 && before && answers[1].error_px < answers[0].error_px + as_good &&
        turn_between(answers[1].pose, *before) < turn_between(answers[0].pose, *before))
        return answers[1];
    return answers[0];
}

}  // namespace vitrine
