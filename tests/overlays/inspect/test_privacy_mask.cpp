#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "overlays/inspect/privacy_mask.h"
#include "overlays/sim/sim_mask.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

PrivacyMask rectangle(float x0, float y0, float x1, float y1, MaskFill fill) { return {{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, fill}; }

void paint_with(const I420View& v, const std::function<std::array<int, 3>(int, int)>& colour) {
    for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x) {
            const auto c = colour(x, y);
            v.y[y * v.stride_y + x] = static_cast<std::uint8_t>(c[0]);
            if (x % 2 == 0 && y % 2 == 0) {
                v.u[y / 2 * v.stride_uv + x / 2] = static_cast<std::uint8_t>(c[1]);
                v.v[y / 2 * v.stride_uv + x / 2] = static_cast<std::uint8_t>(c[2]);
            }
        }
}

struct Sample {
    std::uint8_t y, u, v;
    bool operator==(const Sample&) const = default;
};
Sample at(const ConstI420View& v, int x, int y) {
    return {v.y[y * v.stride_y + x], v.u[y / 2 * v.stride_uv + x / 2], v.v[y / 2 * v.stride_uv + x / 2]};
}

/// Greatest difference between neighbours, in the part of a plane that the mask surely covers.
int roughness(const ConstI420View& v, int x0, int y0, int x1, int y1) {
    int most = 0;
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x + 1 < x1; ++x) {
            const Sample a = at(v, x, y), b = at(v, x + 1, y);
            most = std::max({most, std::abs(a.y - b.y), std::abs(a.u - b.u), std::abs(a.v - b.v)});
        }
    return most;
}

}  // namespace

TEST_CASE("a masked area holds nothing of a moving pattern, in any plane", "[mask]") {
    auto camera = make_sim_mask(640, 360, 30);
    VideoFrame frame(640, 360);
    // The pattern, unmasked, is as rough as can be.
    camera->render(frame.view(), 3);
    REQUIRE(roughness(std::as_const(frame).view(), 160, 90, 480, 270) > 150);

    for (const MaskFill fill : {MaskFill::solid, MaskFill::mosaic, MaskFill::blur}) {
        PrivacyMasks masks({rectangle(0.25f, 0.25f, 0.75f, 0.75f, fill)});
        for (std::uint64_t sequence : {0, 1, 5, 11}) {
            camera->render(frame.view(), sequence);
            REQUIRE(masks.apply(frame.view()));
            const ConstI420View v = std::as_const(frame).view();
            INFO("fill " << static_cast<int>(fill) << " frame " << sequence);
            // Squares of 8 px average out over cells of 24 px: what remains is the rounded mean's own steps.
            CHECK(roughness(v, 158, 88, 482, 272) <= (fill == MaskFill::mosaic ? 64 : fill == MaskFill::blur ? 16 : 0));
            // Next to the mask the pattern is whole.
            CHECK(roughness(v, 20, 300, 150, 350) > 90);
        }
    }
}

TEST_CASE("pictures with the same cell means give the same masked picture", "[mask]") {
    constexpr int width = 640, height = 360;
    const int cell = PrivacyMasks::cell(width);
    REQUIRE(cell >= width / 40);
    // A cell's 576 px in random order and sorted: the same means, nothing else in common.
    std::mt19937 random(7);
    VideoFrame noise(width, height), sorted(width, height);
    std::map<std::pair<int, int>, std::vector<std::array<int, 3>>> cells;
    paint_with(noise.view(), [&](int x, int y) {
        std::array<int, 3> c{static_cast<int>(random() % 220 + 16), static_cast<int>(random() % 220 + 16),
                             static_cast<int>(random() % 220 + 16)};
        cells[{x / cell, y / cell}].push_back(c);
        return c;
    });
    // Chroma is taken from every second pixel of every second row, so luma and chroma are kept apart: sort each plane by itself.
    const ConstI420View n = std::as_const(noise).view();
    I420View s = sorted.view();
    const auto sort_plane = [](const std::uint8_t* from, int from_stride, std::uint8_t* to, int to_stride, int w, int h, int edge) {
        for (int cy = 0; cy < h; cy += edge)
            for (int cx = 0; cx < w; cx += edge) {
                std::vector<std::uint8_t> all;
                for (int y = cy; y < std::min(h, cy + edge); ++y)
                    for (int x = cx; x < std::min(w, cx + edge); ++x) all.push_back(from[y * from_stride + x]);
                std::sort(all.begin(), all.end());
                auto next = all.begin();
                for (int y = cy; y < std::min(h, cy + edge); ++y)
                    for (int x = cx; x < std::min(w, cx + edge); ++x) to[y * to_stride + x] = *next++;
            }
    };
    sort_plane(n.y, n.stride_y, s.y, s.stride_y, width, height, cell);
    sort_plane(n.u, n.stride_uv, s.u, s.stride_uv, width / 2, height / 2, cell / 2);
    sort_plane(n.v, n.stride_uv, s.v, s.stride_uv, width / 2, height / 2, cell / 2);

    for (const MaskFill fill : {MaskFill::solid, MaskFill::mosaic, MaskFill::blur}) {
        VideoFrame a(width, height), b(width, height);
        copy(std::as_const(noise).view(), a.view());
        copy(std::as_const(sorted).view(), b.view());
        PrivacyMasks masks({{{{0.2f, 0.1f}, {0.9f, 0.3f}, {0.6f, 0.95f}}, fill}});
        REQUIRE(masks.apply(a.view()));
        REQUIRE(masks.apply(b.view()));
        const auto area = *PrivacyMasks::rasterise({{{0.2f, 0.1f}, {0.9f, 0.3f}, {0.6f, 0.95f}}, fill}, width, height);
        int different = 0, covered = 0;
        for (const auto& span : area.luma)
            for (int x = span.from; x < span.to; ++x, ++covered)
                different += a.view().y[span.y * a.view().stride_y + x] != b.view().y[span.y * b.view().stride_y + x];
        for (const auto& span : area.chroma)
            for (int x = span.from; x < span.to; ++x) {
                const int i = span.y * a.view().stride_uv + x;
                different += a.view().u[i] != b.view().u[i] || a.view().v[i] != b.view().v[i];
            }
        CHECK(covered > 40000);
        CHECK(different == 0);
    }
}

TEST_CASE("mosaic and blur show few values, mosaic one per cell", "[mask]") {
    VideoFrame frame(1280, 720);
    std::mt19937 random(3);
    paint_with(frame.view(), [&](int x, int) { return std::array<int, 3>{static_cast<int>(x * 200 / 1280 + random() % 40), 90, 200}; });
    PrivacyMasks masks({rectangle(0, 0, 1, 1, MaskFill::mosaic)});
    REQUIRE(masks.apply(frame.view()));
    const ConstI420View v = std::as_const(frame).view();
    const int cell = PrivacyMasks::cell(1280);
    CHECK(cell == 32);
    std::set<int> values;
    for (int y = 0; y < 720; ++y)
        for (int x = 0; x < 1280; ++x) {
            values.insert(at(v, x, y).y);
            REQUIRE(at(v, x, y) == at(v, x / cell * cell, y / cell * cell));
        }
    CHECK(values.size() <= 256 / 16 + 1);
    for (const int value : values) CHECK((value - *values.begin()) % 16 == 0);
    CHECK(at(v, 640, 360).u == 90);
    CHECK(at(v, 640, 360).v == 200);
}

TEST_CASE("a flat colour under mosaic or blur stays that colour", "[mask]") {
    for (const MaskFill fill : {MaskFill::mosaic, MaskFill::blur})
        for (const auto& colour : {std::array{90, 90, 200}, std::array{16, 128, 128}, std::array{235, 99, 141}, std::array{250, 5, 251}}) {
            VideoFrame frame(1280, 720);
            paint_with(frame.view(), [&](int, int) { return colour; });
            PrivacyMasks masks({{{{0.13f, 0.11f}, {0.81f, 0.27f}, {0.55f, 0.93f}}, fill}});
            REQUIRE(masks.apply(frame.view()));
            const ConstI420View v = std::as_const(frame).view();
            int changed = 0;
            for (int y = 0; y < 720; ++y)
                for (int x = 0; x < 1280; ++x) {
                    const Sample s = at(v, x, y);
                    changed += s.y != colour[0] || s.u != colour[1] || s.v != colour[2];
                }
            CHECK(changed == 0);
        }
}

TEST_CASE("a mask covers every pixel its polygon touches and two around it", "[mask]") {
    VideoFrame frame(640, 360);
    fill(frame.view(), 200, 60, 190);
    PrivacyMasks masks({rectangle(100 / 640.0f, 50 / 360.0f, 200 / 640.0f, 150 / 360.0f, MaskFill::solid)});
    REQUIRE(masks.apply(frame.view()));
    const ConstI420View v = std::as_const(frame).view();
    const Sample hidden{45, 128, 128};
    for (int y = 48; y < 152; ++y)
        for (int x = 98; x < 202; ++x) REQUIRE(at(v, x, y) == hidden);
    CHECK(at(v, 94, 100).y == 200);
    CHECK(at(v, 206, 100).y == 200);
    CHECK(at(v, 150, 44).y == 200);
    CHECK(at(v, 150, 156).y == 200);

    SECTION("also at the picture's own edges, and cut off beyond them") {
        PrivacyMasks all({rectangle(-0.5f, -0.5f, 1.5f, 1.5f, MaskFill::solid)});
        REQUIRE(all.apply(frame.view()));
        for (int y = 0; y < 360; ++y)
            for (int x = 0; x < 640; ++x) REQUIRE(at(v, x, y) == hidden);
    }
    SECTION("a polygon that crosses itself hides all it winds around") {
        // A five-pointed star in one stroke: its middle is wound around twice.
        VideoFrame other(640, 360);
        fill(other.view(), 200, 60, 190);
        PrivacyMasks star({{{{0.5f, 0.1f}, {0.7f, 0.9f}, {0.2f, 0.4f}, {0.8f, 0.4f}, {0.3f, 0.9f}}, MaskFill::solid}});
        REQUIRE(star.apply(other.view()));
        CHECK(at(std::as_const(other).view(), 320, 190) == hidden);
        CHECK(at(std::as_const(other).view(), 320, 60) == hidden);
        CHECK(at(std::as_const(other).view(), 20, 20).y == 200);
    }
}

TEST_CASE("masks fail closed", "[mask]") {
    VideoFrame frame(640, 360);
    fill(frame.view(), 200, 60, 190);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<PrivacyMask> useless{
        {{{0.1f, 0.1f}, {0.9f, 0.9f}}, MaskFill::solid},                 // two corners
        {{{0.1f, 0.5f}, {0.5f, 0.5f}, {0.9f, 0.5f}}, MaskFill::blur},    // no area
        {{{0.5f, 0.5f}, {0.5f, 0.5f}, {0.5f, 0.5f}}, MaskFill::mosaic},  // a point
        {{{1.2f, 0.1f}, {1.9f, 0.1f}, {1.9f, 0.9f}}, MaskFill::solid},   // outside the picture
        {{{0.1f, 0.1f}, {nan, 0.1f}, {0.5f, 0.9f}}, MaskFill::solid},
    };
    for (const auto& mask : useless) {
        // A good mask does not make up for a bad one; and the error comes for every frame.
        PrivacyMasks masks({rectangle(0.1f, 0.1f, 0.4f, 0.4f, MaskFill::solid), mask});
        for (int again = 0; again < 3; ++again) {
            const auto done = masks.apply(frame.view());
            REQUIRE_FALSE(done);
            CHECK_FALSE(done.error().message.empty());
        }
    }
    SECTION("also when the picture changes to a size that cannot be masked, and back") {
        PrivacyMasks masks({rectangle(0.1f, 0.1f, 0.4f, 0.4f, MaskFill::solid)});
        REQUIRE(masks.apply(frame.view()));
        I420View odd = frame.view();
        odd.width = 639;
        REQUIRE_FALSE(masks.apply(odd));
        REQUIRE(masks.apply(frame.view()));
    }
}

TEST_CASE("a mask follows the picture's size", "[mask]") {
    PrivacyMasks masks({rectangle(0.5f, 0.0f, 1.0f, 1.0f, MaskFill::solid)});
    for (const auto& [w, h] : {std::pair(640, 360), std::pair(1280, 720), std::pair(320, 240)}) {
        VideoFrame frame(w, h);
        fill(frame.view(), 200, 60, 190);
        REQUIRE(masks.apply(frame.view()));
        CHECK(at(std::as_const(frame).view(), w - 1, h / 2).y == 45);
        CHECK(at(std::as_const(frame).view(), w / 2 + 1, 0).y == 45);
        CHECK(at(std::as_const(frame).view(), w / 4, h / 2).y == 200);
    }
}
