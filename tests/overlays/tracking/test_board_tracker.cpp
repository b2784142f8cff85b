#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/tracking/board_tracker.h"
#include "overlays/tracking/flat_pose.h"
#include "overlays/tracking/marker_family.h"
#include "overlays/tracking/track_thread.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

const Calibration camera{1280, 720, 1100, 1100, 639.5, 359.5, {}, 0};
const BoardTarget sheet{"LX-200", {"apriltag36h11", 4, 3, 30, 6, 10}, {15, 12}};  // on a label of 170 × 126 mm
constexpr double label_width = 170, label_height = 126, px_per_mm = 8;

/// The printed label.
const cv::Mat& print() {
    static const cv::Mat all = [] {
        cv::Mat out(int(label_height * px_per_mm), int(label_width * px_per_mm), CV_8U, cv::Scalar(235));
        const auto family = MarkerFamily::named(sheet.board.family);
        const int edge = int(sheet.board.size_mm * px_per_mm);
        for (int n = 0; n < sheet.board.count(); ++n) {
            const MarkedTarget marker = sheet.marker(n);
            family->draw(marker.marker.id, edge)
                .copyTo(out(cv::Rect(int(marker.marker_at[0] * px_per_mm), int(marker.marker_at[1] * px_per_mm), edge, edge)));
        }
        return out;
    }();
    return all;
}

TargetPose pose_at(double frame) {
    const cv::Vec3d turn(0.5 * std::sin(frame / 17), 0.6 * std::cos(frame / 23), 0.2 * std::sin(frame / 11));
    cv::Matx33d r;
    cv::Rodrigues(turn, r);
    const cv::Vec3d t = cv::Vec3d(40 * std::sin(frame / 19), 20 * std::cos(frame / 13), 420 + 80 * std::sin(frame / 29)) -
                        r * cv::Vec3d(label_width / 2, label_height / 2, 0);
    return {{turn[0], turn[1], turn[2]}, {t[0], t[1], t[2]}};
}

cv::Mat photo(const TargetPose& pose, int seed) {
    const Plane plane = plane_of(pose, camera);
    cv::Matx33d to_px(plane.data());
    // Pixels of the print to mm: centres at integers.
    const cv::Matx33d from_print(1 / px_per_mm, 0, 0.5 / px_per_mm, 0, 1 / px_per_mm, 0.5 / px_per_mm, 0, 0, 1);
    // Drawn at twice the size and averaged, as a sensor does.
    const cv::Matx33d twice(2, 0, 0.5, 0, 2, 0.5, 0, 0, 1);
    cv::Mat fine(1440, 2560, CV_8U), out, grain(720, 1280, CV_16S);
    cv::warpPerspective(print(), fine, twice * to_px * from_print, fine.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(110));
    cv::resize(fine, out, cv::Size(1280, 720), 0, 0, cv::INTER_AREA);
    cv::RNG random(static_cast<std::uint64_t>(seed) + 1);
    random.fill(grain, cv::RNG::NORMAL, 0, 3);
    cv::addWeighted(out, 0.7, grain, 1, 25, out, CV_8U);
    return out;
}

ConstI420View luma_of(const cv::Mat& m) {
    ConstI420View v;
    v.y = m.data, v.stride_y = static_cast<int>(m.step), v.width = m.cols, v.height = m.rows;
    return v;
}

double distance(const TargetPose& pose) {
    cv::Matx33d r;
    cv::Rodrigues(cv::Vec3d(pose.rvec.data()), r);
    return cv::norm(r * cv::Vec3d(label_width / 2, label_height / 2, 0) + cv::Vec3d(pose.tvec.data()));
}

struct Errors {
    double corners = 0, distance = 0, angle = 0;  // means: px of the label's corners, %, degrees
    int found = 0;
};

/// Covers a part of the label, in mm of it, with grey.
void cover(cv::Mat& picture, const TargetPose& pose, const cv::Rect2d& part) {
    std::vector<cv::Point> polygon;
    for (const Point2 p : {Point2{part.x, part.y}, Point2{part.x + part.width, part.y}, Point2{part.x + part.width, part.y + part.height},
                           Point2{part.x, part.y + part.height}}) {
        const auto at = map_point(plane_of(pose, camera), p);
        REQUIRE(at);
        polygon.emplace_back(cvRound((*at)[0]), cvRound((*at)[1]));
    }
    cv::fillConvexPoly(picture, polygon, cv::Scalar(140));
}

Errors follow(BoardTracker& tracker, int frames, const std::optional<cv::Rect2d>& covered, float least, float most) {
    Errors out;
    for (int n = 0; n < frames; ++n) {
        const TargetPose truth = pose_at(n);
        cv::Mat picture = photo(truth, n);
        if (covered) cover(picture, truth, *covered);
        const auto found = tracker.find(luma_of(picture), Nanoseconds(n) * 1'000'000'000 / 30);
        INFO("frame " << n);
        REQUIRE(found.size() <= 1);
        if (found.empty()) continue;
        ++out.found;
        REQUIRE(found[0].pose);
        CHECK((found[0].visibility >= least && found[0].visibility <= most));
        const Plane there = plane_of(truth, camera);
        for (const Point2 p : {Point2{0, 0}, Point2{label_width, 0}, Point2{label_width, label_height}, Point2{0, label_height}}) {
            const auto a = map_point(there, p), b = map_point(found[0].plane, p);
            REQUIRE((a && b));
            out.corners += std::hypot((*a)[0] - (*b)[0], (*a)[1] - (*b)[1]) / 4;
        }
        out.distance += std::abs(distance(*found[0].pose) / distance(truth) - 1) * 100;
        out.angle += turn_between(*found[0].pose, truth) * 180 / M_PI;
    }
    out.corners /= out.found, out.distance /= out.found, out.angle /= out.found;
    return out;
}

std::unique_ptr<BoardTracker> tracker(std::optional<Calibration> calibration) {
    auto made = BoardTracker::create({sheet}, std::move(calibration), {});
    REQUIRE(made);
    return std::move(*made);
}

}  // namespace

TEST_CASE("a marker board is found in every frame at its true pose", "[track]") {
    const auto errors = follow(*tracker(camera), 40, std::nullopt, 0.9f, 1);
    CHECK(errors.found == 40);
    CHECK(errors.corners < 0.1);
    CHECK(errors.distance < 0.05);
    CHECK(errors.angle < 0.1);
}

TEST_CASE("a marker board of which half is covered keeps its pose", "[track]") {
    const auto errors = follow(*tracker(camera), 25, cv::Rect2d(0, 0, 84, label_height), 0.45f, 0.55f);
    CHECK(errors.found == 25);
    CHECK(errors.corners < 0.4);
    CHECK(errors.distance < 0.1);
    CHECK(errors.angle < 0.4);
}

TEST_CASE("a marker that does not belong to the sheet does not bend it", "[track]") {
    // Marker 15 of the sheet also lies somewhere else, nearer and so larger, and its own place is covered.
    const TargetPose truth = pose_at(3);
    cv::Mat picture = photo(truth, 1);
    const auto own = sheet.marker(5).square();
    cover(picture, truth, {own[0] - 2, own[1] - 2, own[2] + 4, own[3] + 4});
    picture(cv::Rect(20, 20, 180, 180)) = 230;
    MarkerFamily::named(sheet.board.family)->draw(15, 140).copyTo(picture(cv::Rect(40, 40, 140, 140)));
    const auto found = tracker(camera)->find(luma_of(picture), 0);
    REQUIRE(found.size() == 1);
    CHECK(std::abs(distance(*found[0].pose) / distance(truth) - 1) < 0.001);
    CHECK(found[0].visibility == Approx(11 / 12.0));
}

TEST_CASE("without a calibration a board tells its plane", "[track]") {
    const TargetPose truth = pose_at(8);
    const auto found = tracker(std::nullopt)->find(luma_of(photo(truth, 2)), 0);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].pose);
    const auto [x, y, width, height] = sheet.outline();
    const auto there = map_point(plane_of(truth, camera), {x + width, y + height});
    REQUIRE(there);
    CHECK(std::hypot(found[0].corners[2][0] - (*there)[0], found[0].corners[2][1] - (*there)[1]) < 0.15);
    CHECK(tracker(camera)->find(luma_of(cv::Mat(720, 1280, CV_8U, cv::Scalar(90))), 0).empty());
    CHECK(tracker(camera)->find(ConstI420View(), 0).empty());
}

TEST_CASE("boards that cannot be are refused", "[track]") {
    for (const MarkerBoard& wrong : {MarkerBoard{"apriltag36h11", 4, 3, 30, 6, 580}, MarkerBoard{"qr", 4, 3, 30, 6, 0},
                                     MarkerBoard{"apriltag36h11", 1, 1, 30, 6, 0}, MarkerBoard{"apriltag36h11", 4, 3, 0, 6, 0},
                                     MarkerBoard{"apriltag36h11", 4, 3, 30, 0, 0}, MarkerBoard{"apriltag36h11", 0, 3, 30, 6, 0}})
        CHECK_FALSE(BoardTracker::create({{"a", wrong, {0, 0}}}, std::nullopt, {}));
}

TEST_CASE("the track thread follows a board", "[track]") {
    TrackThread thread({FollowedTarget(sheet)});
    REQUIRE(thread.targets().size() == 1);
    thread.open("bench", camera);
    const TargetPose truth = pose_at(5);
    const cv::Mat picture = photo(truth, 4);
    thread.submit("bench", luma_of(picture), 0, 1'000'000'000);
    REQUIRE(thread.wait_for("bench", 0, 20'000'000'000));
    const auto seen = thread.at("bench", 0, 1'000'000'000);
    REQUIRE(seen.size() == 1);
    REQUIRE(seen[0].pose);
    CHECK(std::abs(distance(*seen[0].pose) / distance(truth) - 1) < 0.002);
}
