#include "overlays/models/model_placement.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

using Point = std::array<double, 3>;

Point placed(const ModelPlacement& placement, const Point& model) { return transform(model_to_target(placement), model); }

void check(const Point& got, const Point& wanted) {
    CAPTURE(got[0], got[1], got[2], wanted[0], wanted[1], wanted[2]);
    for (int i = 0; i < 3; ++i) CHECK(std::abs(got[i] - wanted[i]) < 1e-9);
}

Anchor posed(std::array<float, 6> pose) {
    Anchor anchor;
    anchor.pose = pose;
    anchor.intrinsics = std::array<float, 4>{0.9F, 1.6F, 0.49F, 0.52F};
    return anchor;
}

}  // namespace

TEST_CASE("a model's metre is 1000 mm of the target, its y up, its z towards the camera", "[models]") {
    check(placed({{60, 40, 0}}, {0, 0, 0}), {60, 40, 0});
    check(placed({{60, 40, 5}}, {0.01, 0.02, 0.03}), {70, 20, 35});
    check(placed({{60, 40, 0}, {}, 0.5}, {0.01, 0.02, 0.03}), {65, 30, 15});
}

TEST_CASE("a model is turned about its own axes, right-handed, x first", "[models]") {
    check(placed({{}, {90, 0, 0}}, {0, 0.001, 0}), {0, 0, 1});   // y goes to z: up comes to the front
    check(placed({{}, {0, 90, 0}}, {0, 0, 0.001}), {1, 0, 0});   // z goes to x
    check(placed({{}, {0, 0, 90}}, {0.001, 0, 0}), {0, -1, 0});  // x goes to y, which is up
    check(placed({{}, {90, 0, 90}}, {0, 0.001, 0}), {0, 0, 1});  // x first: y to z, which z leaves alone
    check(placed({{}, {30, 0, 0}}, {0, 0.001, 0}), {0, -std::sqrt(0.75), 0.5});
}

TEST_CASE("through the camera's frame a point comes to lie where project() puts it", "[models]") {
    for (const auto& anchor : {posed({0, 0, 0, -60, -40, 500}), posed({0.4F, -0.7F, 0.3F, 10, -20, 600}), posed({1e-8F, 0, 0, 0, 0, 300}),
                               posed({2.2F, 2.2F, 0.1F, -30, 0, 900})}) {
        const auto to_camera = target_to_camera(anchor);
        REQUIRE(to_camera);
        const auto& k = *anchor.intrinsics;
        for (const Point& point : {Point{0, 0, 0}, Point{120, 80, 0}, Point{60, 40, 45}, Point{-20, 100, -30}}) {
            const Point at = transform(*to_camera, point);
            const auto wanted = project(anchor, point);
            REQUIRE(wanted);
            CHECK(std::abs(k[0] * at[0] / at[2] + k[2] - (*wanted)[0]) < 1e-6);
            CHECK(std::abs(k[1] * at[1] / at[2] + k[3] - (*wanted)[1]) < 1e-6);
        }
    }
}

TEST_CASE("an anchor without a pose, or with one that is not finite, has no camera frame", "[models]") {
    CHECK_FALSE(target_to_camera(Anchor{}));
    auto anchor = posed({0, 0, 0, 0, 0, 500});
    anchor.intrinsics.reset();
    CHECK_FALSE(target_to_camera(anchor));
    CHECK_FALSE(target_to_camera(posed({NAN, 0, 0, 0, 0, 500})));
}
