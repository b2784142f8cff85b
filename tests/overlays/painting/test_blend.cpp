#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cmath>
#include <random>

#include "overlays/painting/blend.h"
#include "overlays/painting/stroke.h"
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

/// The same pixels with U and V by turns, and padding of its own.
struct Nv12 {
    int width, height;
    std::vector<std::uint8_t> y, uv;
    explicit Nv12(const Picture& p)
        : width(p.width), height(p.height), y(p.y), uv(static_cast<std::size_t>((p.width + Picture::padding) * p.height / 2), 77) {
        for (int r = 0; r < height / 2; ++r)
            for (int c = 0; c < width / 2; ++c) {
                uv[r * (width + Picture::padding) + 2 * c] = static_cast<std::uint8_t>(p.cb(c, r));
                uv[r * (width + Picture::padding) + 2 * c + 1] = static_cast<std::uint8_t>(p.cr(c, r));
            }
    }
    Nv12View view() { return {y.data(), uv.data(), width + Picture::padding, width + Picture::padding, width, height}; }
    bool operator==(const Nv12&) const = default;
};

Sprite sprite_of(const std::vector<std::uint32_t>& pixels, int width, bool any_position = true) {
    return {reinterpret_cast<const std::uint8_t*>(pixels.data()), width * 4, width, static_cast<int>(pixels.size()) / width, any_position};
}

std::uint32_t premultiplied(std::uint32_t a, std::uint32_t r, std::uint32_t g, std::uint32_t b) {
    return a << 24 | (r * a + 127) / 255 << 16 | (g * a + 127) / 255 << 8 | (b * a + 127) / 255;
}

/// A plate with ink on a part of it: what is even in its alpha, or in all, is blended by ways of its own.
Sprite random_plate(std::mt19937& random) {
    const int width = 100 + static_cast<int>(random() % 150), height = 3 + static_cast<int>(random() % 20);
    const std::uint32_t alpha = random() % 2 ? 255 : random() % 256, inked = random() % static_cast<std::uint32_t>(width);
    std::vector<std::uint32_t> pixels;
    for (int i = 0; i < width * height; ++i)
        pixels.push_back(static_cast<std::uint32_t>(i % width) < inked
                             ? premultiplied(alpha, random() % 256, random() % 256, random() % 256)
                             : premultiplied(alpha, 40, 90, 200));
    return sprite_of(pixels, width);
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
        for (int round = 0; round < 300; ++round) {
            const Sprite sprite = round % 4 < 2 ? random_sprite(random) : random_plate(random);
            Picture fast(round % 4 < 2 ? 96 : 260, 24);
            fast.noise(random);
            Picture plain = fast;
            Nv12 pairs(plain);
            SpritePlace place = SpritePlace::at(static_cast<int>(random() % 280) - 160, static_cast<int>(random() % 50) - 24);
            if (round % 2 == 1) {  // between pixels: in one direction, the other, or both
                place.x += static_cast<int>(random() % 16) * (round % 8 != 3);
                place.y += static_cast<int>(random() % 16) * (round % 8 != 5);
            }
            const auto opacity = static_cast<std::uint8_t>(round % 3 == 0 ? 255 : random() % 256);
            blend(fast.view(), sprite, place, opacity);
            blend_reference(plain.view(), sprite, place, opacity);
            blend(pairs.view(), sprite, place, opacity);
            REQUIRE(fast == plain);
            REQUIRE(pairs == Nv12(plain));
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

TEST_CASE("a plate that moves by parts of a pixel moves evenly and keeps its brightness", "[blend]") {
    // A plate with soft edges and dark writing, as a callout has.
    constexpr int w = 48, h = 24;
    std::vector<std::uint32_t> pixels;
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            const bool inside = x >= 4 && x < w - 4 && y >= 4 && y < h - 4, ink = inside && y > 8 && y < 16 && x % 5 < 2;
            const std::uint32_t v = ink ? 20 : 220;
            pixels.push_back(inside ? premultiplied(255, v, v, v) : premultiplied((x + y) % 2 ? 40 : 20, 220, 220, 220));
        }
    const Sprite sprite = sprite_of(pixels, w);
    struct Seen {
        double x, y, sum, chroma_sum;
    };
    const auto seen = [&](double x, double y) {
        Picture picture(96, 64);
        picture.plain(16, 100, 100);
        blend(picture.view(), sprite, SpritePlace::at(x, y));
        Seen s{0, 0, 0, 0};
        for (int py = 0; py < picture.height; ++py)
            for (int px = 0; px < picture.width; ++px) {
                const double v = picture.luma(px, py) - 16;
                s.sum += v;
                s.x += v * px;
                s.y += v * py;
            }
        for (int py = 0; py < picture.height / 2; ++py)
            for (int px = 0; px < picture.width / 2; ++px) s.chroma_sum += picture.cb(px, py) - 100;
        s.x /= s.sum;
        s.y /= s.sum;
        return s;
    };
    const Seen still = seen(10, 12);
    double worst = 0, darkest = still.sum, brightest = still.sum;
    for (int i = 0; i <= 100; ++i) {
        const double dx = 0.07 * i, dy = 0.03 * i;
        const Seen moved = seen(10 + dx, 12 + dy);
        worst = std::max({worst, std::abs(moved.x - still.x - dx), std::abs(moved.y - still.y - dy)});
        darkest = std::min(darkest, moved.sum);
        brightest = std::max(brightest, moved.sum);
        CHECK(std::abs(moved.chroma_sum - still.chroma_sum) < 0.5 * w * h / 4);  // half a level
    }
    INFO("centroid off by up to " << worst << " px, brightness from " << darkest << " to " << brightest);
    CHECK(worst < 0.05);
    CHECK(brightest - darkest < 0.004 * still.sum);  // less than a grey level
    // At whole pixels only, as a check of the check: half a pixel off.
    double rounded = 0;
    for (int i = 0; i <= 100; ++i) rounded = std::max(rounded, std::abs(seen(std::round(10 + 0.07 * i), 12).x - still.x - 0.07 * i));
    CHECK(rounded > 0.4);
}

TEST_CASE("between pixels nothing is touched but what the sprite covers and its next column and row", "[blend]") {
    const Sprite solid = sprite_of(std::vector<std::uint32_t>(64, 0xFFFFFFFF), 8);
    Picture picture(32, 32);
    picture.plain(16, 100, 100);
    blend(picture.view(), solid, SpritePlace{10 * 16 + 4, 12 * 16 + 12});
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x) {
            const bool covered = x >= 10 && x <= 18 && y >= 12 && y <= 20;
            CHECK((picture.luma(x, y) != 16) == covered);
        }
    CHECK(picture.luma(14, 16) == 235);
    CHECK(std::abs(picture.luma(10, 16) - (16 + 219 * 0.75)) <= 1);
    CHECK(std::abs(picture.luma(18, 16) - (16 + 219 * 0.25)) <= 1);
    CHECK(std::abs(picture.luma(14, 12) - (16 + 219 * 0.25)) <= 1);
    CHECK(std::abs(picture.luma(14, 20) - (16 + 219 * 0.75)) <= 1);
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

TEST_CASE("strokes that meet cover nothing twice, arrows taper, flat ends end", "[leader]") {
    const Ycc colour{216, 128, 128};
    const auto drawn = [&](const std::vector<Stroke>& strokes, std::uint8_t opacity) {
        Picture picture(64, 32);
        picture.plain(16, 128, 128);
        draw_strokes(picture.view(), strokes, colour, opacity);
        return picture;
    };
    const Stroke flat{8, 16, 48, 16, 2, 2, true}, upright{30, 4, 30, 28, 2, 2, true};
    const Picture one = drawn({flat}, 128), cross = drawn({flat, upright}, 128);
    CHECK(one.luma(20, 15) == Approx(16 + 200 * 128 / 255.0).margin(1));
    CHECK(cross.luma(30, 15) == one.luma(20, 15));
    CHECK(one.luma(8, 15) > 100);
    CHECK(one.luma(7, 15) == 16);
    CHECK(one.luma(48, 15) == 16);
    const Picture arrow = drawn({{10, 16, 40, 16, 0, 6, true}}, 255);
    const auto thick = [&](int x) {
        double sum = 0;
        for (int y = 0; y < 32; ++y) sum += (arrow.luma(x, y) - 16) / 200.0;
        return sum;
    };
    for (int x = 14; x < 39; ++x) CHECK(thick(x) == Approx(2 * 6 * (x + 0.5 - 10) / 30).margin(0.35));
    CHECK(thick(41) == 0);
    CHECK(drawn({}, 255) == drawn({{NAN, 0, 1, 1, 1, 1, false}}, 255));
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
    // Out of the last corner: nothing is written behind a row's end, nor behind the last.
    Picture corner(38, 16);
    corner.plain(16, 128, 128);
    const Picture untouched = corner;
    draw_leader(corner.view(), {30, 14, 60, 17, 3, 6, colour}, 255, {2, {16, 128, 128}, 0.5});
    CHECK(corner.luma(36, 14) == 200);
    for (int y = 0; y < corner.height; ++y)
        for (int x = 0; x < Picture::padding; ++x) {
            const auto at = static_cast<std::size_t>(y * (corner.width + Picture::padding) + corner.width + x);
            CHECK(corner.y[at] == untouched.y[at]);
            const auto chroma = static_cast<std::size_t>(y / 2 * (corner.width / 2 + Picture::padding) + corner.width / 2 + x);
            CHECK(corner.u[chroma] == untouched.u[chroma]);
            CHECK(corner.v[chroma] == untouched.v[chroma]);
        }
}

TEST_CASE("every instruction set draws the same strokes, within a step of rounding", "[leader]") {
    const auto drawn = [](std::int64_t target) {
        hwy::SetSupportedTargetsForTest(target);
        std::mt19937 random(11);
        Picture picture(198, 60);
        picture.noise(random);
        const auto at = [&](double most) { return static_cast<double>(random() % 1000) / 1000 * most - 10; };
        for (int i = 0; i < 30; ++i) {
            const Ycc colour{static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random())};
            const Stroke strokes[] = {{at(230), at(90), at(230), at(90), 1.0 + i % 3, 0.5 + i % 4, i % 2 == 1},
                                      {at(230), at(90), 40, 30, 2, 2}};
            draw_strokes(picture.view(), strokes, colour, static_cast<std::uint8_t>(55 + random() % 200),
                         {i % 3 * 2.5, {16, 128, 128}, 0.5});
        }
        return picture;
    };
    const std::int64_t all = hwy::SupportedTargets();
    const Picture best = drawn(all & -all);
    for (std::int64_t targets = all & (all - 1); targets != 0; targets &= targets - 1) {
        const Picture other = drawn(targets & -targets);
        INFO(blend_target());
        int apart = 0, most = 0;
        for (const auto plane : {&Picture::y, &Picture::u, &Picture::v})
            for (std::size_t i = 0; i < (best.*plane).size(); ++i) {
                const int d = std::abs(int{(best.*plane)[i]} - int{(other.*plane)[i]});
                apart += d != 0;
                most = std::max(most, d);
            }
        CHECK(most <= 2);  // of thirty strokes one over the other
        CHECK(apart < 60);
    }
    hwy::SetSupportedTargetsForTest(0);
}
