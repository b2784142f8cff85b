#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cmath>
#include <random>

#include "overlays/painting/blend.h"
#include "overlays/painting/callout.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr std::uint32_t red = 0xFFFF0000, green = 0xFF00FF00, blue = 0xFF0000FF;

/// Planes with padding between rows, so that a write past a row's end shows.
struct Picture {
    static constexpr int padding = 13;
    int width, height;
    std::vector<std::uint8_t> y, u, v;
    Picture(int w, int h) : width(w), height(h), y((w + padding) * h), u((w / 2 + padding) * h / 2), v(u.size()) {}
    I420View view() { return {y.data(), u.data(), v.data(), width + padding, width / 2 + padding, width, height}; }
    void noise(std::mt19937& random) {
        for (auto* plane : {&y, &u, &v})
            for (auto& b : *plane) b = static_cast<std::uint8_t>(random());
    }
    void plain(std::uint8_t py, std::uint8_t pu, std::uint8_t pv) {
        std::fill(y.begin(), y.end(), py);
        std::fill(u.begin(), u.end(), pu);
        std::fill(v.begin(), v.end(), pv);
    }
    int luma(int px, int py) const { return y[py * (width + padding) + px]; }
    int cb(int px, int py) const { return u[py * (width / 2 + padding) + px]; }
    int cr(int px, int py) const { return v[py * (width / 2 + padding) + px]; }
    bool operator==(const Picture&) const = default;
};

Sprite sprite_of(const std::vector<std::uint32_t>& pixels, int width, bool any_position = true) {
    return {reinterpret_cast<const std::uint8_t*>(pixels.data()), width * 4, width, static_cast<int>(pixels.size()) / width, any_position};
}

std::uint32_t premultiplied(std::uint32_t a, std::uint32_t r, std::uint32_t g, std::uint32_t b) {
    return a << 24 | (r * a + 127) / 255 << 16 | (g * a + 127) / 255 << 8 | (b * a + 127) / 255;
}

Sprite random_sprite(std::mt19937& random) {
    const int width = 1 + static_cast<int>(random() % 150), height = 1 + static_cast<int>(random() % 20);
    std::vector<std::uint32_t> pixels;
    for (int i = 0; i < width * height; ++i) {
        const std::uint32_t kind = random() % 4;
        const std::uint32_t alpha = kind == 0 ? 0 : kind == 1 ? 255 : random() % 256;
        pixels.push_back(premultiplied(alpha, random() % 256, random() % 256, random() % 256));
    }
    return sprite_of(pixels, width);
}

}  // namespace

TEST_CASE("the reference divides by 255 as its text says: to nearest", "[blend]") {
    for (unsigned n = 0; n <= 65025; ++n) REQUIRE((((n + 128) + ((n + 128) >> 8)) >> 8) == static_cast<unsigned>(std::lround(n / 255.0)));
}

TEST_CASE("every instruction set gives the reference's bytes, at every alignment and clipped on every side", "[blend]") {
    for (std::int64_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
        hwy::SetSupportedTargetsForTest(targets & -targets);
        INFO(blend_target());
        std::mt19937 random(7);
        for (int round = 0; round < 150; ++round) {
            const Sprite sprite = random_sprite(random);
            Picture fast(96, 24);
            fast.noise(random);
            Picture plain = fast;
            const int x = static_cast<int>(random() % 280) - 160, y = static_cast<int>(random() % 50) - 24;
            const auto opacity = static_cast<std::uint8_t>(round % 3 == 0 ? 255 : random() % 256);
            blend(fast.view(), sprite, x, y, opacity);
            blend_reference(plain.view(), sprite, x, y, opacity);
            REQUIRE(fast == plain);
        }
    }
    hwy::SetSupportedTargetsForTest(0);
}

TEST_CASE("all values of destination, source and alpha agree with exact arithmetic", "[blend]") {
    std::vector<std::uint8_t> dst(256), value(256), alpha(256);
    for (int a = 0; a < 256; ++a) {
        for (int i = 0; i < 256; ++i) {
            dst[i] = static_cast<std::uint8_t>(i);
            alpha[i] = static_cast<std::uint8_t>(a);
            value[i] = static_cast<std::uint8_t>(std::lround(235 * a / 255.0));
        }
        blend_row(dst.data(), value.data(), alpha.data(), 256, 255);
        for (int i = 0; i < 256; ++i) REQUIRE(dst[i] == value[i] + std::lround(i * (255 - a) / 255.0));
    }
}

TEST_CASE("colours keep their channels: BT.709 studio range", "[sprite]") {
    // Y = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B); Cb, Cr = 128 + 224 (B - Y') / 1.8556, (R - Y') / 1.5748
    CHECK(to_ycc({255, 0, 0}) == Ycc{63, 102, 240});
    CHECK(to_ycc({0, 255, 0}) == Ycc{173, 42, 26});
    CHECK(to_ycc({0, 0, 255}) == Ycc{32, 240, 118});
    CHECK(to_ycc({255, 255, 255}) == Ycc{235, 128, 128});
    CHECK(to_ycc({0, 0, 0}) == Ycc{16, 128, 128});

    Picture picture(8, 4);
    picture.plain(16, 128, 128);
    blend(picture.view(), sprite_of({red, red, green, green, blue, blue, red, red, green, green, blue, blue}, 6), 0, 0);
    CHECK(picture.luma(0, 0) == 63);
    CHECK(picture.luma(3, 1) == 173);
    CHECK(picture.luma(4, 0) == 32);
    CHECK(picture.luma(6, 0) == 16);
    CHECK(picture.cb(0, 0) == 102);
    CHECK(picture.cr(0, 0) == 240);
    CHECK(picture.cb(1, 0) == 42);
    CHECK(picture.cr(1, 0) == 26);
    CHECK(picture.cb(2, 0) == 240);
    CHECK(picture.cr(2, 0) == 118);
    CHECK(picture.cb(3, 0) == 128);
    CHECK(picture.cb(0, 1) == 128);
}

TEST_CASE("half-transparent red over blue is halfway between them", "[sprite]") {
    Picture picture(4, 4);
    picture.plain(32, 240, 118);
    const std::uint32_t half_red = premultiplied(128, 255, 0, 0);
    blend(picture.view(), sprite_of(std::vector<std::uint32_t>(16, half_red), 4), 0, 0);
    const double share = 128 / 255.0;
    CHECK(std::abs(picture.luma(2, 2) - (63 * share + 32 * (1 - share))) <= 1);
    CHECK(std::abs(picture.cb(1, 1) - (102 * share + 240 * (1 - share))) <= 1);
    CHECK(std::abs(picture.cr(1, 1) - (240 * share + 118 * (1 - share))) <= 1);
}

TEST_CASE("at odd positions chroma is shared between the pixels that the sprite covers in part", "[sprite]") {
    Picture picture(8, 8);
    picture.plain(16, 128, 128);
    blend(picture.view(), sprite_of({red, red, red, red}, 2), 3, 1);
    CHECK(picture.luma(3, 1) == 63);
    CHECK(picture.luma(4, 2) == 63);
    CHECK(picture.luma(2, 1) == 16);
    CHECK(picture.luma(5, 2) == 16);
    for (const auto& [x, y] : {std::pair(1, 0), {2, 0}, {1, 1}, {2, 1}}) {  // a quarter each
        CHECK(std::abs(picture.cb(x, y) - (128 + (102.34 - 128) / 4)) <= 1.5);
        CHECK(std::abs(picture.cr(x, y) - (128 + 112 / 4.0)) <= 1.5);
    }
    CHECK(picture.cr(0, 0) == 128);
    CHECK(picture.cr(3, 1) == 128);
    CHECK(picture.cr(1, 2) == 128);
}

TEST_CASE("a sprite for even positions is rounded down to one, also left of the picture", "[sprite]") {
    const Sprite sprite = sprite_of({red, red, red, red}, 2, false);
    Picture odd(8, 8), even(8, 8);
    odd.plain(16, 128, 128);
    even.plain(16, 128, 128);
    blend(odd.view(), sprite, 5, 3);
    blend(even.view(), sprite, 4, 2);
    CHECK(odd == even);
    CHECK(odd.luma(4, 2) == 63);
    Picture untouched = even;
    blend(even.view(), sprite, -1, 0);  // stands at -2: outside
    CHECK(even == untouched);
}

TEST_CASE("what is transparent, empty or outside touches nothing", "[sprite]") {
    std::mt19937 random(3);
    Picture picture(16, 16);
    picture.noise(random);
    const Picture before = picture;
    blend(picture.view(), Sprite(), 0, 0);
    blend(picture.view(), sprite_of(std::vector<std::uint32_t>(64, 0), 8), 2, 2);
    const Sprite solid = sprite_of(std::vector<std::uint32_t>(64, red), 8);
    blend(picture.view(), solid, 16, 0);
    blend(picture.view(), solid, -8, 3);
    blend(picture.view(), solid, 0, -8);
    blend(picture.view(), solid, 5, 1000000);
    blend(picture.view(), solid, 4, 4, 0);
    CHECK(picture == before);
}

TEST_CASE("a leader is as wide as asked, ends in its dot and covers nothing else", "[leader]") {
    const Ycc colour = to_ycc({255, 0, 0});
    Picture picture(64, 32);
    picture.plain(16, 128, 128);
    draw_leader(picture.view(), {8, 16, 48, 16, 2, 8, colour}, 255);  // rows 15 and 16, fully
    CHECK(picture.luma(20, 15) == colour.y);
    CHECK(picture.luma(20, 16) == colour.y);
    CHECK(picture.luma(20, 14) == 16);
    CHECK(picture.luma(20, 17) == 16);
    CHECK(picture.luma(48, 13) == colour.y);  // inside the dot
    CHECK(picture.luma(48, 10) == 16);
    CHECK(picture.cr(24, 7) == 240);                            // the dot covers this chroma pixel
    CHECK(std::abs(picture.cr(10, 7) - (128 + 112 / 2)) <= 1);  // the line covers one of its two rows
    CHECK(picture.luma(4, 16) == 16);
    CHECK(picture.luma(55, 16) == 16);

    // A slanting line covers its area: length × width, plus the ends and the dot.
    Picture slanted(200, 200);
    slanted.plain(0, 128, 128);
    draw_leader(slanted.view(), {20.3, 30.7, 170.2, 140.9, 1.5, 6, {200, 128, 128}}, 255);
    double area = 0;
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 200; ++x) area += slanted.luma(x, y) / 200.0;
    const double expected = std::hypot(149.9, 110.2) * 1.5 + 3.14159 * 9 - 3 * 1.5 + 3.14159 * 0.75 * 0.75 / 2;
    CHECK(area == Approx(expected).epsilon(0.03));
}

TEST_CASE("leaders outside, upright, without length or not finite do no harm", "[leader]") {
    Picture picture(32, 16);
    picture.plain(16, 128, 128);
    const Picture before = picture;
    const Ycc colour{200, 90, 90};
    draw_leader(picture.view(), {-50, -50, -20, -30, 2, 6, colour}, 255);
    draw_leader(picture.view(), {100, 100, 200, 150, 2, 6, colour}, 255);
    draw_leader(picture.view(), {NAN, 0, 10, 10, 2, 6, colour}, 255);
    draw_leader(picture.view(), {0, 0, 10, 10, 2, 6, colour}, 0);
    CHECK(picture == before);
    draw_leader(picture.view(), {5, -1e6, 5, 1e6, 2, 6, colour}, 255);
    CHECK(picture.luma(5, 8) == 200);
    CHECK(picture.luma(12, 8) == 16);
    draw_leader(picture.view(), {20, 8, 20, 8, 2, 6, colour}, 255);
    CHECK(picture.luma(20, 8) == 200);
}
