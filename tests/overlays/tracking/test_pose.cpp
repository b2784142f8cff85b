#include "overlays/tracking/pose.h"

#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("camera pixels map to the program through crop and rectangle", "[pose]") {
    PlacedCamera placed;
    placed.camera_width = 1280, placed.camera_height = 720;
    // The whole picture fills the program: outer edges go to 0 and 1.
    CHECK((*map_point(to_program(placed), {-0.5, -0.5}))[0] == Approx(0).margin(1e-12));
    CHECK((*map_point(to_program(placed), {1279.5, 719.5}))[0] == Approx(1));
    CHECK((*map_point(to_program(placed), {1279.5, 719.5}))[1] == Approx(1));
    // The right half of the picture in the lower right quarter of the program.
    placed.rect = {0.5f, 0.5f, 0.5f, 0.5f};
    placed.crop = {0.5f, 0, 0.5f, 1};
    const auto left_top = *map_point(to_program(placed), {639.5, -0.5}), right_bottom = *map_point(to_program(placed), {1279.5, 719.5});
    CHECK(left_top[0] == Approx(0.5));
    CHECK(left_top[1] == Approx(0.5));
    CHECK(right_bottom[0] == Approx(1));
    CHECK(right_bottom[1] == Approx(1));
}

TEST_CASE("the plane and the pose with program intrinsics put a point at the same place", "[pose]") {
    Calibration c;
    c.width = 1280, c.height = 720, c.fx = 1100, c.fy = 1090, c.cx = 650, c.cy = 350;
    const TargetPose pose{{0.2, -0.3, 0.1}, {-40, 12, 480}};
    PlacedCamera placed;
    placed.camera_width = 640, placed.camera_height = 360;  // the camera delivers a smaller picture than it was calibrated with
    placed.rect = {0.62f, 0.04f, 0.34f, 0.34f};
    placed.crop = {0.1f, 0.05f, 0.8f, 0.9f};
    const Calibration small = scaled(c, 640, 360);
    CHECK(small.cx == Approx((650.5) / 2 - 0.5));
    const Plane plane = normalised(multiply(to_program(placed), plane_of(pose, small)));
    Anchor by_plane, by_pose;
    for (int i = 0; i < 9; ++i) by_plane.homography[i] = static_cast<float>(plane[i]);
    by_pose.pose = std::array<float, 6>{0.2f, -0.3f, 0.1f, -40, 12, 480};
    by_pose.intrinsics = program_intrinsics(c, placed);
    for (const Point2 mm : {Point2{0, 0}, Point2{120, 0}, Point2{120, 80}, Point2{33, 57}}) {
        const auto a = project(by_plane, {mm[0], mm[1], 0}), b = project(by_pose, {mm[0], mm[1], 0});
        REQUIRE((a && b));
        CHECK((*a)[0] == Approx((*b)[0]).margin(1e-5));
        CHECK((*a)[1] == Approx((*b)[1]).margin(1e-5));
        const auto camera_px = *project_point(pose, small, {mm[0], mm[1], 0});
        const auto there = *map_point(to_program(placed), camera_px);
        CHECK(there[0] == Approx((*b)[0]).margin(1e-5));
        CHECK(there[1] == Approx((*b)[1]).margin(1e-5));
    }
}

TEST_CASE("points behind the camera are not projected", "[pose]") {
    Calibration c;
    c.width = 1280, c.height = 720, c.fx = c.fy = 1100, c.cx = 639.5, c.cy = 359.5;
    CHECK_FALSE(project_point({{0, 0, 0}, {0, 0, 100}}, c, {0, 0, -200}));
    CHECK(project_point({{0, 0, 0}, {0, 0, 100}}, c, {0, 0, 0}));
    // A plane tilted by 80° round its y axis: far to one side it is behind.
    const Plane plane = plane_of({{0, 1.4, 0}, {0, 0, 100}}, c);
    CHECK(map_point(plane, {0, 0}));
    CHECK_FALSE(map_point(plane, {300, 0}));
}
