#include "overlays/painting/rgba_blend.h"

#include <random>
#include <vector>

#include "overlays/painting/blend.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

struct Rgba {
    int width, height;
    std::vector<std::uint8_t> bytes;
    RgbaView view() const { return {bytes.data(), width * 4, width, height}; }
};

/// Premultiplied noise with clear rows, clear ends and opaque stretches.
Rgba noise(int width, int height, unsigned seed) {
    std::mt19937 random(seed);
    Rgba out{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4)};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const unsigned alpha = y % 5 == 3 || x < 3 || x > width - 6 ? 0 : x % 11 < 4 ? 255 : random() % 256;
            std::uint8_t* p = &out.bytes[4 * static_cast<std::size_t>(y * width + x)];
            for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>(random() % (alpha + 1));
            p[3] = static_cast<std::uint8_t>(alpha);
        }
    return out;
}

void fill_with_ramps(const I420View& view) {
    const int width = view.width, height = view.height;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) view.y[y * view.stride_y + x] = static_cast<std::uint8_t>(16 + (x * 7 + y * 13) % 220);
    for (int y = 0; y < height / 2; ++y)
        for (int x = 0; x < width / 2; ++x) {
            view.u[y * view.stride_uv + x] = static_cast<std::uint8_t>(16 + (x * 5 + y) % 224);
            view.v[y * view.stride_uv + x] = static_cast<std::uint8_t>(16 + (x + y * 9) % 224);
        }
}

struct Ramps : VideoFrame {
    Ramps(int width, int height) : VideoFrame(width, height) { fill_with_ramps(view()); }
};

int most_apart(VideoFrame& a, VideoFrame& b) {
    const I420View p = a.view(), q = b.view();
    int most = 0;
    for (int y = 0; y < p.height; ++y)
        for (int x = 0; x < p.width; ++x) most = std::max(most, std::abs(p.y[y * p.stride_y + x] - q.y[y * q.stride_y + x]));
    for (int y = 0; y < p.height / 2; ++y)
        for (int x = 0; x < p.width / 2; ++x)
            most = std::max({most, std::abs(p.u[y * p.stride_uv + x] - q.u[y * q.stride_uv + x]),
                             std::abs(p.v[y * p.stride_uv + x] - q.v[y * q.stride_uv + x])});
    return most;
}

}  // namespace

TEST_CASE("a rendered picture is blended to the same bytes by every way", "[blend]") {
    for (const auto& [x, y] : {std::pair(0, 0), {30, 18}, {-14, -6}, {180, 100}, {-400, 0}, {31, 19}})
        for (const int opacity : {255, 128, 1, 0})
            for (const int width : {2, 34, 66, 130}) {
                CAPTURE(x, y, opacity, width);
                const Rgba source = noise(width, 40, static_cast<unsigned>(width));
                Ramps fast(200, 120), plain(200, 120);
                blend_rgba(fast.view(), source.view(), x, y, static_cast<std::uint8_t>(opacity));
                blend_rgba_reference(plain.view(), source.view(), x, y, static_cast<std::uint8_t>(opacity));
                REQUIRE(most_apart(fast, plain) == 0);
            }
}

TEST_CASE("a rendered picture and a sprite of it look the same", "[blend]") {
    const Rgba source = noise(96, 60, 7);
    std::vector<std::uint8_t> argb(source.bytes);
    for (std::size_t i = 0; i < argb.size(); i += 4) std::swap(argb[i], argb[i + 2]);  // cairo's order, little-endian
    Ramps rendered(200, 120), sprite(200, 120);
    blend_rgba(rendered.view(), source.view(), 20, 30);
    blend(sprite.view(), Sprite(argb.data(), 96 * 4, 96, 60, false), 20, 30);
    CHECK(most_apart(rendered, sprite) <= 1);
}

TEST_CASE("opaque white, black and red come out as BT.709 says", "[blend]") {
    const auto blended = [](std::array<std::uint8_t, 4> colour) {
        Rgba source{2, 2, {}};
        for (int i = 0; i < 4; ++i) source.bytes.insert(source.bytes.end(), colour.begin(), colour.end());
        Ramps frame(16, 16);
        blend_rgba(frame.view(), source.view(), 4, 4);
        const I420View v = frame.view();
        return std::array<int, 3>{v.y[4 * v.stride_y + 4], v.u[2 * v.stride_uv + 2], v.v[2 * v.stride_uv + 2]};
    };
    CHECK(blended({255, 255, 255, 255}) == std::array{235, 128, 128});
    CHECK(blended({0, 0, 0, 255}) == std::array{16, 128, 128});
    CHECK(blended({255, 0, 0, 255}) == std::array{63, 102, 240});
}
