#include "overlays/ar/studio.h"

#include <cmath>

#include "overlays/ar/model_camera.h"
#include "overlays/ar/model_motion.h"
#include "tests/overlays/ar/sample_models.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// The mean over the hemisphere of n, weighed by the cosine: irradiance over π, by brute force.
double summed(const Direction& n, std::size_t channel) {
    double sum = 0, weight = 0;
    constexpr int points = 40000;
    for (int i = 0; i < points; ++i) {
        const double z = 1 - (2 * i + 1.0) / points, r = std::sqrt(1 - z * z), phi = 2.399963229728653 * i;
        const Direction d{float(r * std::cos(phi)), float(r * std::sin(phi)), float(z)};
        const double cosine = d[0] * n[0] + d[1] * n[1] + d[2] * n[2];
        if (cosine <= 0) continue;
        sum += studio_radiance(d)[channel] * cosine;
        weight += cosine;
    }
    return sum / weight;
}

double by_harmonics(const Direction& n, std::size_t c) {
    const auto l = studio_irradiance();
    return l[0][c] + l[1][c] * n[1] + l[2][c] * n[2] + l[3][c] * n[0] + l[4][c] * n[0] * n[1] + l[5][c] * n[1] * n[2] +
           l[6][c] * (3 * n[2] * n[2] - 1) + l[7][c] * n[0] * n[2] + l[8][c] * (n[0] * n[0] - n[1] * n[1]);
}

}  // namespace

TEST_CASE("nine harmonics hold the studio's irradiance", "[ar]") {
    for (const Direction& n : {Direction{0, 0, 1}, Direction{0, 1, 0}, Direction{-0.6F, 0.48F, 0.64F}, Direction{0.8F, 0, 0.6F}}) {
        CAPTURE(n[0], n[1], n[2]);
        CHECK(std::abs(by_harmonics(n, 0) / summed(n, 0) - 1) < 0.06);
    }
    // White paint that faces the viewer comes out as white paint in a picture: bright, not burnt out.
    CHECK(by_harmonics({0, 0, 1}, 1) > 0.7);
    CHECK(by_harmonics({0, 0, 1}, 1) < 1.2);
}

TEST_CASE("mirrors see the studio, rough ones ever less of its edges, and none loses light", "[ar]") {
    const PrefilteredStudio studio = prefilter_studio(32, 4);
    REQUIRE(studio.levels.size() == 4);
    CHECK(studio.levels[3].size == 4);
    const auto& face = studio.levels[0].faces[2];  // straight up: the middle of the face
    CHECK(std::abs(face[3 * (16 * 32 + 16)] - studio_radiance({0.031F, 1, 0.031F})[0]) < 0.3F);
    std::array<double, 4> mean{}, spread{};
    for (std::size_t level = 0; level < 4; ++level) {
        double n = 0, square = 0;
        for (const auto& f : studio.levels[level].faces)
            for (std::size_t i = 0; i < f.size(); i += 3) {
                REQUIRE(std::isfinite(f[i]));
                mean[level] += f[i];
                square += double{f[i]} * f[i];
                ++n;
            }
        mean[level] /= n;
        spread[level] = std::sqrt(square / n - mean[level] * mean[level]);
        CHECK(std::abs(mean[level] / mean[0] - 1) < 0.2);  // of texels, not of solid angles
    }
    CHECK(spread[1] < spread[0]);
    CHECK(spread[2] < spread[1]);
    CHECK(spread[3] < spread[2]);
}

TEST_CASE("the split sum keeps energy: nothing is lost by a mirror, nothing won by any", "[ar]") {
    const auto table = split_sum_table(32);
    for (std::size_t i = 0; i < table.size(); i += 2) {
        REQUIRE(table[i] >= 0);
        REQUIRE(table[i + 1] >= 0);
        REQUIRE(table[i] + table[i + 1] < 1.02F);
    }
    for (std::size_t column = 4; column < 32; ++column) CHECK(table[2 * column] + table[2 * column + 1] > 0.95F);
    CHECK(table[2 * (31 * 32 + 31)] + table[2 * (31 * 32 + 31) + 1] < 0.75F);  // rough: the rest goes between the microfacets
}

TEST_CASE("a homography without a pose puts the plane exactly where it says, and heights on the camera's side", "[ar]") {
    Anchor anchor = ar_test::looked_at(25, -35, 320);
    // The plane of the pose, as the tracker would say it.
    const auto to_camera = target_to_camera(anchor).value();
    const auto& k = *anchor.intrinsics;
    for (std::size_t column = 0; column < 3; ++column) {
        const std::size_t from = column == 2 ? 12 : 4 * column;
        anchor.homography[column] = static_cast<float>(k[0] * to_camera[from] + k[2] * to_camera[from + 2]);
        anchor.homography[3 + column] = static_cast<float>(k[1] * to_camera[from + 1] + k[3] * to_camera[from + 2]);
        anchor.homography[6 + column] = static_cast<float>(to_camera[from + 2]);
    }
    for (float scale : {1 / anchor.homography[8], -1 / anchor.homography[8]}) {
        Anchor flat = anchor;
        flat.pose.reset();
        flat.intrinsics.reset();
        for (float& v : flat.homography) v *= scale;
        const auto camera = camera_of(flat, 1280, 720);
        REQUIRE(camera);
        const auto seen = [&](const std::array<double, 3>& p) {
            const auto at = transform(camera->target_to_camera, p);
            CHECK(at[2] > 0);
            return std::array{camera->intrinsics[0] * at[0] / at[2] + camera->intrinsics[2],
                              camera->intrinsics[1] * at[1] / at[2] + camera->intrinsics[3]};
        };
        for (const std::array<double, 3>& p : {std::array{0.0, 0.0, 0.0}, {100.0, 0.0, 0.0}, {30.0, 90.0, 0.0}}) {
            const auto at = seen(p), wanted = project(flat, p).value();
            CHECK(std::hypot(at[0] - wanted[0], at[1] - wanted[1]) < 1e-5);
        }
        // Estimated: within a quarter of the height's own length in the picture.
        const auto top = seen({50, 50, 40}), foot = seen({50, 50, 0}), wanted = project(anchor, {50, 50, 40}).value();
        CHECK(std::hypot(top[0] - wanted[0], top[1] - wanted[1]) < 0.35 * std::hypot(top[0] - foot[0], top[1] - foot[1]));
    }
}

TEST_CASE("anchors that no camera has give no camera", "[ar]") {
    Anchor anchor;
    anchor.homography = {1, 1, 0, 1, 1, 0, 0, 0, 1};
    CHECK_FALSE(camera_of(anchor, 1280, 720));
    anchor.homography = {NAN, 0, 0, 0, 1, 0, 0, 0, 1};
    CHECK_FALSE(camera_of(anchor, 1280, 720));
    anchor = ar_test::looked_at(0, 0, 300);
    (*anchor.intrinsics)[0] = 0;
    CHECK_FALSE(camera_of(anchor, 1280, 720));
    anchor = ar_test::looked_at(0, 0, 300);
    (*anchor.pose)[2] = INFINITY;
    CHECK_FALSE(camera_of(anchor, 1280, 720));
    CHECK_FALSE(camera_of(ar_test::looked_at(0, 0, 300), 0, 720));
}

TEST_CASE("bounds are even, inside what is allowed, and hold every point", "[ar]") {
    const ModelView view = ar_test::view_of(ar_test::looked_at(20, 20, 300));
    const PixelRect all{0, 0, 640, 360};
    const PixelRect rect = bounds_of({{40, 40, 0}, {60, 60, 20}}, view.camera, 640, 360, all);
    for (const int v : {rect.x, rect.y, rect.width, rect.height}) CHECK(v % 2 == 0);
    for (const std::array<double, 3>& p : {std::array{40.0, 40.0, 0.0}, {60.0, 60.0, 20.0}}) {
        const auto at = project(ar_test::looked_at(20, 20, 300), p).value();
        CHECK(at[0] * 640 > rect.x);
        CHECK(at[0] * 640 < rect.x + rect.width);
        CHECK(at[1] * 360 > rect.y);
        CHECK(at[1] * 360 < rect.y + rect.height);
    }
    CHECK(bounds_of({{50, 50, 400}}, view.camera, 640, 360, all).empty());
    CHECK(bounds_of({{50, 50, 400}, {50, 50, 0}}, view.camera, 640, 360, all) == all);
    const PixelRect odd = bounds_of({{-500, -500, 0}, {500, 500, 0}}, view.camera, 640, 360, {101, 51, 99, 77});
    CHECK(odd == PixelRect{102, 52, 98, 76});
}

TEST_CASE("a model stays in its camera's rectangle and behind what lies before it", "[ar]") {
    SceneFrame scene;
    scene.sources = {{"line", 0, {0, 0, 1, 1}, 1}, {"bench", 0, {0.6F, 0.6F, 0.3F, 0.3F}, 1}, {"phone", 0, {0.8F, 0.5F, 0.15F, 0.2F}, 1}};
    const VisibleRegion bench = visible_region(scene, {0.7, 0.7}, 1000, 500);
    CHECK(bench.shown == PixelRect{600, 300, 300, 150});
    REQUIRE(bench.covered.size() == 1);
    CHECK(bench.covered[0] == PixelRect{800, 250, 150, 100});
    CHECK(visible_region(scene, {0.1, 0.1}, 1000, 500).covered.size() == 2);
    scene.sources.clear();
    CHECK(visible_region(scene, {0.1, 0.1}, 1000, 500).shown == PixelRect{0, 0, 1000, 500});
}

TEST_CASE("a model fades in, comes apart smoothly and arrives", "[ar]") {
    ModelMotion motion;
    ModelState state;
    CHECK(motion.next(state, 0).presence == 0);
    state.shown = true;
    state.explode = 1;
    CHECK(motion.next(state, 1'000'000).presence == 0);
    const auto half = motion.next(state, 1'125'000);
    CHECK(half.presence == 0.5F);
    float before = 0;
    for (std::int64_t t = 1'000'000; t <= 1'600'000; t += 33'333) {
        const float now = motion.next(state, t).explode;
        CHECK(now >= before);
        CHECK(now - before < 0.12F);
        before = now;
    }
    CHECK(motion.next(state, 1'700'000).explode == 1);
    CHECK(motion.next(state, 1'700'000).presence == 1);
    state.explode = 0.5F;  // turned round half way
    motion.next(state, 2'000'000);
    CHECK(motion.next(state, 2'300'000).explode == Approx(0.75F));
    state.explode = 1;
    CHECK(motion.next(state, 2'300'000).explode == Approx(0.75F));
    CHECK(motion.next(state, 2'900'000).explode == 1);
    // Time that goes back, as when a recording is played again, leaves the range nowhere.
    CHECK(motion.next(state, 0).explode <= 1);
}
