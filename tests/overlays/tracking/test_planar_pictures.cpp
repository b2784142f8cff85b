// Real pictures that nobody here made: the pairs of Debian's package opencv-doc.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/tracking/planar_tracker.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

const std::filesystem::path samples = "/usr/share/doc/opencv-doc/examples/data";

/// False, with the reason printed, when the package is not there.
bool have(const char* name) {
    if (std::filesystem::exists(samples / name)) return true;
    WARN("SKIPPED: there is no " << (samples / name).string() << "; apt-get install opencv-doc (and let dpkg keep /usr/share/doc)");
    return false;
}

ConstI420View view_of(const cv::Mat& luma) {
    ConstI420View v;
    v.y = luma.data, v.stride_y = static_cast<int>(luma.step), v.width = luma.cols, v.height = luma.rows;
    return v;
}

std::vector<Sighting> seen_in(const char* target, const cv::Mat& scene) {
    const cv::Mat print = cv::imread((samples / target).string(), cv::IMREAD_GRAYSCALE);
    // In units of its own pixels.
    const auto tracker =
        PlanarTracker::create(std::vector<PlanarTarget>{{target, samples / target, double(print.cols), 0}}, std::nullopt, {0, true});
    REQUIRE(tracker);
    return (*tracker)->find(view_of(scene), 0);
}

}  // namespace

TEST_CASE("the graffiti is found from the side where the published homography puts it", "[planar]") {
    if (!have("graf1.png") || !have("graf3.png") || !have("H1to3p.xml")) return;
    cv::Mat published;
    cv::FileStorage((samples / "H1to3p.xml").string(), cv::FileStorage::READ)["H13"] >> published;
    const cv::Mat print = cv::imread((samples / "graf1.png").string(), cv::IMREAD_GRAYSCALE),
                  scene = cv::imread((samples / "graf3.png").string(), cv::IMREAD_GRAYSCALE);
    const auto found = seen_in("graf1.png", scene);
    REQUIRE(found.size() == 1);
    double corners = 0, worst = 0, inside = 0;
    int count = 0;
    const auto there = [&](double x, double y) {
        const cv::Mat p = published * (cv::Mat_<double>(3, 1) << x, y, 1);
        return cv::Point2d(p.at<double>(0) / p.at<double>(2), p.at<double>(1) / p.at<double>(2));
    };
    for (int i = 0; i < 4; ++i) {
        // The target's frame begins at the picture's outer edge, pixels at their centres.
        const cv::Point2d p = there((i == 1 || i == 2 ? print.cols : 0) - 0.5, (i > 1 ? print.rows : 0) - 0.5);
        const double off = std::hypot(found[0].corners[i][0] - p.x, found[0].corners[i][1] - p.y);
        corners += off / 4, worst = std::max(worst, off);
    }
    for (int y = 40; y < print.rows; y += 80)
        for (int x = 40; x < print.cols; x += 80) {
            const cv::Point2d p = there(x, y);
            if (p.x < 0 || p.y < 0 || p.x > scene.cols - 1 || p.y > scene.rows - 1) continue;
            const auto q = map_point(found[0].plane, {x + 0.5, y + 0.5});
            REQUIRE(q);
            inside += std::hypot((*q)[0] - p.x, (*q)[1] - p.y), ++count;
        }
    std::printf("graf1 in graf3: corners %.2f px mean, %.2f worst; inside the picture %.2f px mean\n", corners, worst, inside / count);
    CHECK(corners < 3);
    CHECK(inside / count < 1);
}

TEST_CASE("the box is found among other things", "[planar]") {
    if (!have("box.png") || !have("box_in_scene.png")) return;
    const cv::Mat scene = cv::imread((samples / "box_in_scene.png").string(), cv::IMREAD_GRAYSCALE);
    const auto found = seen_in("box.png", scene);
    REQUIRE(found.size() == 1);
    CHECK(found[0].visibility > 0.6);
    // Two corners of the frame printed on it, measured by hand in both pictures, to about a pixel; the other two are covered.
    const Point2 print_at[]{{22.4, 10.9}, {313.5, 210.9}}, scene_at[]{{126.8, 166.1}, {262.9, 289.9}};
    double worst = 0;
    for (int i = 0; i < 2; ++i) {
        const auto p = map_point(found[0].plane, print_at[i]);
        REQUIRE(p);
        worst = std::max(worst, std::hypot((*p)[0] - scene_at[i][0], (*p)[1] - scene_at[i][1]));
    }
    CHECK(worst < 1.5);
    // What the scene shows there, brought back to the print, looks like the print: most of it is not covered.
    const cv::Mat print = cv::imread((samples / "box.png").string(), cv::IMREAD_GRAYSCALE);
    cv::Mat back;
    const cv::Matx33d to_print_px = cv::Matx33d(1, 0, -0.5, 0, 1, -0.5, 0, 0, 1) * cv::Matx33d(found[0].plane.data()).inv();
    cv::warpPerspective(scene, back, to_print_px, print.size(), cv::INTER_LINEAR);
    cv::Mat soft;
    cv::GaussianBlur(print, soft, cv::Size(), 1);
    std::vector<double> alike;
    for (int y = 10; y + 40 < print.rows; y += 40)
        for (int x = 10; x + 40 < print.cols; x += 40) {
            cv::Mat score;
            cv::matchTemplate(soft(cv::Rect(x, y, 40, 40)), back(cv::Rect(x, y, 40, 40)), score, cv::TM_CCOEFF_NORMED);
            alike.push_back(score.at<float>(0, 0));
        }
    std::nth_element(alike.begin(), alike.begin() + static_cast<std::ptrdiff_t>(alike.size() / 2), alike.end());
    std::printf("box in its scene: %.2f px at two hand-measured places, correlation %.2f (median of %zu squares)\n", worst,
                alike[alike.size() / 2], alike.size());
    CHECK(alike[alike.size() / 2] > 0.8);
}

TEST_CASE("a picture that is not in the scene is not found in it", "[planar]") {
    for (const char* name : {"box.png", "graf1.png", "graf3.png", "box_in_scene.png", "fruits.jpg", "building.jpg"})
        if (!have(name)) return;
    for (const char* scene : {"graf3.png", "fruits.jpg", "building.jpg"})
        CHECK(seen_in("box.png", cv::imread((samples / scene).string(), cv::IMREAD_GRAYSCALE)).empty());
    for (const char* scene : {"box_in_scene.png", "fruits.jpg", "building.jpg"})
        CHECK(seen_in("graf1.png", cv::imread((samples / scene).string(), cv::IMREAD_GRAYSCALE)).empty());
}
