#include <cmath>
#include <cstring>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "overlays/sim/sim_bench.h"
#include "overlays/tracking/marker_family.h"
#include "overlays/tracking/marker_tracker.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

const MarkedTarget label{"LX-200", {"apriltag36h11", bench_marker_id, bench_marker_mm}, {bench_marker_x_mm, bench_marker_y_mm}};
const std::array<Point2, 4> label_corners{{{0, 0}, {120, 0}, {120, 80}, {0, 80}}};

double corner_error(const Plane& plane, const SimTruth& truth) {
    double sum = 0;
    for (int i = 0; i < 4; ++i) {
        const auto p = map_point(plane, label_corners[i]);
        REQUIRE(p);
        sum += std::hypot((*p)[0] - truth.corners[i][0], (*p)[1] - truth.corners[i][1]) / 4;
    }
    return sum;
}

double degrees_between(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    cv::Matx33d ra, rb;
    cv::Rodrigues(cv::Vec3d(a[0], a[1], a[2]), ra);
    cv::Rodrigues(cv::Vec3d(b[0], b[1], b[2]), rb);
    const cv::Matx33d r = ra.t() * rb;
    return std::acos(std::clamp((r(0, 0) + r(1, 1) + r(2, 2) - 1) / 2, -1.0, 1.0)) * 180 / M_PI;
}

double length(const std::array<double, 3>& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

std::unique_ptr<MarkerTracker> tracker(std::vector<MarkedTarget> targets, std::optional<Calibration> calibration,
                                       MarkerTracker::Options options = {}) {
    auto made = MarkerTracker::create(std::move(targets), std::move(calibration), options);
    REQUIRE(made);
    return std::move(*made);
}

Nanoseconds frame_time(std::uint64_t n, int fps) { return static_cast<Nanoseconds>(n) * 1'000'000'000 / fps; }

ConstI420View luma_of(const cv::Mat& m) {
    ConstI420View v;
    v.y = m.data, v.stride_y = static_cast<int>(m.step), v.width = m.cols, v.height = m.rows;
    return v;
}

}  // namespace

TEST_CASE("the label is found in every frame, at its true place and pose", "[track]") {
    struct Setting {
        int width, height;
        double px, percent, degrees;  // means allowed
    };
    for (const auto& [width, height, px, percent, degrees] : {Setting{1280, 720, 0.15, 0.1, 0.2}, Setting{640, 360, 0.25, 0.2, 0.5}}) {
        auto bench = make_sim_bench(width, height, 30);
        auto markers = tracker({label}, bench_calibration(width, height));
        VideoFrame frame(width, height);
        double corners = 0, distance = 0, angle = 0, worst = 0;
        constexpr int frames = 120;
        for (std::uint64_t n = 0; n < frames; ++n) {
            const SimTruth truth = bench->render(frame.view(), n);
            const auto found = markers->find(std::as_const(frame).view(), frame_time(n, 30));
            INFO(width << " frame " << n);
            REQUIRE(found.size() == 1);
            REQUIRE(found[0].pose);
            const double error = corner_error(found[0].plane, truth);
            corners += error / frames, worst = std::max(worst, error);
            distance += std::abs(length(found[0].pose->tvec) / length(truth.tvec) - 1) * 100 / frames;
            angle += degrees_between(found[0].pose->rvec, truth.rvec) / frames;
            CHECK(std::abs(length(found[0].pose->tvec) / length(truth.tvec) - 1) < 0.005);
            CHECK(found[0].error_px < 0.5);
        }
        CHECK(corners < px);
        CHECK(worst < 1);
        CHECK(distance < percent);
        CHECK(angle < degrees);
        // Once seen, the whole picture is not searched again.
        CHECK(markers->counts().searches == 1);
        CHECK(markers->counts().by_edges > 100);
    }
}

TEST_CASE("without a calibration the plane alone is found", "[track]") {
    auto bench = make_sim_bench(1280, 720, 30);
    auto markers = tracker({label}, std::nullopt);
    VideoFrame frame(1280, 720);
    double corners = 0;
    for (std::uint64_t n = 0; n < 60; ++n) {
        const SimTruth truth = bench->render(frame.view(), n);
        const auto found = markers->find(std::as_const(frame).view(), frame_time(n, 30));
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found[0].pose);
        corners += corner_error(found[0].plane, truth) / 60;
    }
    CHECK(corners < 0.6);
}

TEST_CASE("noise, blur and a darker picture cost accuracy, not the marker", "[track]") {
    auto bench = make_sim_bench(1280, 720, 30);
    auto markers = tracker({label}, bench_calibration(1280, 720));
    VideoFrame frame(1280, 720);
    cv::RNG random(4);
    double corners = 0;
    for (std::uint64_t n = 0; n < 40; ++n) {
        const SimTruth truth = bench->render(frame.view(), n);
        cv::Mat luma(720, 1280, CV_8U, frame.view().y, static_cast<std::size_t>(frame.view().stride_y)), bad, noise(720, 1280, CV_16S);
        cv::GaussianBlur(luma, bad, cv::Size(), 1.2);
        random.fill(noise, cv::RNG::NORMAL, 0, 6);
        cv::addWeighted(bad, 0.45, noise, 1, 12, bad, CV_8U);
        const auto found = markers->find(luma_of(bad), frame_time(n, 30));
        INFO("frame " << n);
        REQUIRE(found.size() == 1);
        corners += corner_error(found[0].plane, truth) / 40;
    }
    CHECK(corners < 1);
}

TEST_CASE("a marker that was gone is found again, within the time between two searches", "[track]") {
    auto bench = make_sim_bench(1280, 720, 30);
    auto markers = tracker({label}, bench_calibration(1280, 720));
    VideoFrame frame(1280, 720);
    const cv::Mat empty(720, 1280, CV_8U, cv::Scalar(90));
    for (std::uint64_t n = 0; n < 10; ++n) {
        bench->render(frame.view(), n);
        REQUIRE(markers->find(std::as_const(frame).view(), frame_time(n, 30)).size() == 1);
    }
    for (std::uint64_t n = 10; n < 40; ++n) REQUIRE(markers->find(luma_of(empty), frame_time(n, 30)).empty());
    // It comes back elsewhere.
    int missed = 0;
    for (std::uint64_t n = 100; n < 110; ++n, ++missed) {
        const SimTruth truth = bench->render(frame.view(), n);
        const auto found = markers->find(std::as_const(frame).view(), frame_time(n - 60, 30));
        if (found.empty()) continue;
        CHECK(corner_error(found[0].plane, truth) < 1);
        break;
    }
    CHECK(missed <= 3);
    // While it was gone the whole picture was searched ten times a second, not thirty.
    CHECK(markers->counts().searches <= 13);
}

TEST_CASE("every family is found upright as it is drawn, and no other number of it is taken for it", "[track]") {
    CHECK(MarkerFamily::names().size() == 21);
    for (const std::string& name : MarkerFamily::names()) {
        auto family = MarkerFamily::named(name);
        REQUIRE(family);
        // A sheet with marker 7, 96 px, and marker 3 beside it, on a grey ground.
        cv::Mat sheet(360, 640, CV_8U, cv::Scalar(120));
        cv::rectangle(sheet, cv::Rect(70, 70, 136, 136), cv::Scalar(235), cv::FILLED);
        cv::rectangle(sheet, cv::Rect(370, 90, 136, 136), cv::Scalar(235), cv::FILLED);
        const int edge = 12 * (family->bits() + 2);
        family->draw(7, edge).copyTo(sheet(cv::Rect(90, 90, edge, edge)));
        family->draw(3, edge).copyTo(sheet(cv::Rect(390, 110, edge, edge)));
        auto markers = tracker({{"a", {name, 7, 40}, {0, 0}}, {"b", {name, 2, 40}, {0, 0}}}, std::nullopt);
        std::vector<Sighting> found;
        for (int n = 0; n < 4; ++n) found = markers->find(luma_of(sheet), frame_time(static_cast<std::uint64_t>(n), 30));
        INFO(name);
        REQUIRE(found.size() == 1);
        CHECK(found[0].target == 0);
        // Pixel centres are at integers, so the square's outer corner lies half a pixel before its first pixel.
        const std::array<Point2, 4> there{{{89.5, 89.5}, {89.5 + edge, 89.5}, {89.5 + edge, 89.5 + edge}, {89.5, 89.5 + edge}}};
        for (int i = 0; i < 4; ++i) {
            CHECK(found[0].corners[i][0] == Approx(there[i][0]).margin(0.05));
            CHECK(found[0].corners[i][1] == Approx(there[i][1]).margin(0.05));
        }
    }
}

TEST_CASE("a turned marker keeps its own corners", "[track]") {
    const auto family = MarkerFamily::named("apriltag36h11");
    cv::Mat sheet(480, 640, CV_8U, cv::Scalar(230));
    family->draw(11, 160).copyTo(sheet(cv::Rect(200, 150, 160, 160)));
    for (const int quarter : {1, 2, 3}) {
        cv::Mat turned;
        cv::rotate(sheet, turned, quarter == 1 ? cv::ROTATE_90_CLOCKWISE : quarter == 2 ? cv::ROTATE_180 : cv::ROTATE_90_COUNTERCLOCKWISE);
        auto markers = tracker({{"a", {"apriltag36h11", 11, 40}, {0, 0}}}, std::nullopt);
        const auto found = markers->find(luma_of(turned), 0);
        REQUIRE(found.size() == 1);
        // Where the printed top left corner went.
        const double x = 199.5, y = 149.5, w = 639, h = 479;
        const Point2 there = quarter == 1 ? Point2{h - y, x} : quarter == 2 ? Point2{w - x, h - y} : Point2{y, w - x};
        CHECK(found[0].corners[0][0] == Approx(there[0]).margin(0.1));
        CHECK(found[0].corners[0][1] == Approx(there[1]).margin(0.1));
    }
}

TEST_CASE("a lens that bends is calculated with", "[track]") {
    // The bench's picture, bent by a known lens: the pose must come out as without it.
    const Calibration straight = bench_calibration(1280, 720);
    Calibration bent = straight;
    bent.distortion = {-0.25, 0.08, 0.001, -0.0005, 0};
    const cv::Matx33d k(straight.fx, 0, straight.cx, 0, straight.fy, straight.cy, 0, 0, 1);
    const cv::Mat distortion(1, 5, CV_64F, bent.distortion.data());
    cv::Mat map(720, 1280, CV_32FC2);
    std::vector<cv::Point2f> points, ideal;
    for (int y = 0; y < 720; ++y)
        for (int x = 0; x < 1280; ++x) points.emplace_back(float(x), float(y));
    cv::undistortPoints(points, ideal, k, distortion, cv::noArray(), k);
    for (std::size_t i = 0; i < ideal.size(); ++i) map.at<cv::Point2f>(static_cast<int>(i / 1280), static_cast<int>(i % 1280)) = ideal[i];
    auto bench = make_sim_bench(1280, 720, 30);
    auto markers = tracker({label}, bent);
    VideoFrame frame(1280, 720);
    for (std::uint64_t n = 0; n < 90; n += 10) {
        const SimTruth truth = bench->render(frame.view(), n);
        cv::Mat luma(720, 1280, CV_8U, frame.view().y, static_cast<std::size_t>(frame.view().stride_y)), seen;
        cv::remap(luma, seen, map, cv::noArray(), cv::INTER_LINEAR);
        const auto found = markers->find(luma_of(seen), frame_time(n, 30));
        INFO("frame " << n);
        REQUIRE(found.size() == 1);
        REQUIRE(found[0].pose);
        CHECK(std::abs(length(found[0].pose->tvec) / length(truth.tvec) - 1) < 0.005);
        CHECK(degrees_between(found[0].pose->rvec, truth.rvec) < 1);
        // And what a reader without a lens model is told puts the marker's middle and corners where they are in the bent picture.
        const SeenTarget told = as_seen(*found[0].pose, bent, label.box());
        for (const Point2 p : {Point2{72, 20}, Point2{112, 20}, Point2{112, 60}, Point2{92, 40}}) {
            const auto there = project_point(*found[0].pose, bent, {p[0], p[1], 0}), plane = map_point(told.plane, p),
                       pose = project_point(told.pose, straight, {p[0], p[1], 0});
            REQUIRE((there && plane && pose));
            CHECK(std::hypot((*there)[0] - (*plane)[0], (*there)[1] - (*plane)[1]) < 0.8);
            CHECK(std::hypot((*there)[0] - (*pose)[0], (*there)[1] - (*pose)[1]) < 1.5);
        }
    }
}

TEST_CASE("what cannot be followed is refused", "[track]") {
    CHECK_FALSE(MarkerTracker::create({{"a", {"qr", 1, 40}, {0, 0}}}, std::nullopt));
    CHECK_FALSE(MarkerTracker::create({{"a", {"apriltag36h11", 587, 40}, {0, 0}}}, std::nullopt));
    CHECK_FALSE(MarkerTracker::create({{"a", {"apriltag36h11", -1, 40}, {0, 0}}}, std::nullopt));
    CHECK_FALSE(MarkerTracker::create({{"a", {"apriltag36h11", 1, 0}, {0, 0}}}, std::nullopt));
    const auto refused = MarkerTracker::create({{"a", {"apriltag36h12", 1, 40}, {0, 0}}}, std::nullopt);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("apriltag36h11") != std::string::npos);
    auto markers = tracker({label}, std::nullopt);
    CHECK(markers->find(ConstI420View(), 0).empty());
}
