#include "pipelines/program/mixer.h"

#include "pipelines/gst.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

// Saturated, asymmetric colours (BT.709 studio range): a swapped plane cannot pass.
struct Colour {
    std::uint8_t y, u, v;
};
constexpr Colour red{63, 102, 240}, blue{32, 240, 118};

std::shared_ptr<VideoFrame> plain(int w, int h, Colour c) {
    auto frame = std::make_shared<VideoFrame>(w, h);
    fill(frame->view(), c.y, c.u, c.v);
    return frame;
}

Colour at(const ConstI420View& v, int x, int y) {
    return {v.y[y * v.stride_y + x], v.u[y / 2 * v.stride_uv + x / 2], v.v[y / 2 * v.stride_uv + x / 2]};
}

bool is(Colour a, Colour b, int tolerance = 0) {
    return std::abs(a.y - b.y) <= tolerance && std::abs(a.u - b.u) <= tolerance && std::abs(a.v - b.v) <= tolerance;
}

}  // namespace

TEST_CASE("pictures lie where they are placed, in their own colours, over the ground", "[mixer]") {
    gst::init();
    Mixer mixer(320, 180);
    VideoFrame out(320, 180);
    const auto a = plain(640, 360, red), b = plain(100, 100, blue);
    const Mixer::Input inputs[] = {{a->view(), {{0, 0, 160, 180}, {0, 0, 640, 360}}}, {b->view(), {{200, 40, 100, 100}, {0, 0, 100, 100}}}};
    mixer.mix(inputs, out.view());
    const ConstI420View v = std::as_const(out).view();
    CHECK(is(at(v, 80, 90), red, 1));
    CHECK(is(at(v, 158, 2), red, 1));
    CHECK(is(at(v, 200, 40), blue));
    CHECK(is(at(v, 298, 138), blue));
    CHECK(is(at(v, 180, 10), {ground_y, ground_u, ground_v}));
    CHECK(is(at(v, 310, 170), {ground_y, ground_u, ground_v}));
}

TEST_CASE("a cut-out of the picture is scaled, not the whole", "[mixer]") {
    gst::init();
    auto picture = plain(400, 200, red);
    // The right half is blue.
    for (int y = 0; y < 200; ++y)
        for (int x = 200; x < 400; ++x) picture->view().y[y * picture->view().stride_y + x] = blue.y;
    for (int y = 0; y < 100; ++y)
        for (int x = 100; x < 200; ++x) {
            picture->view().u[y * picture->view().stride_uv + x] = blue.u;
            picture->view().v[y * picture->view().stride_uv + x] = blue.v;
        }
    Mixer mixer(100, 100);
    VideoFrame out(100, 100);
    const Mixer::Input inputs[] = {{picture->view(), {{0, 0, 100, 100}, {200, 0, 200, 200}}}};
    mixer.mix(inputs, out.view());
    const ConstI420View v = std::as_const(out).view();
    CHECK(is(at(v, 50, 50), blue, 1));
    CHECK(is(at(v, 10, 90), blue, 1));
}

TEST_CASE("a fade is the weighted mean of its ends", "[mixer]") {
    const auto a = plain(64, 64, red), b = plain(64, 64, blue);
    VideoFrame out(64, 64);
    Mixer::fade(a->view(), b->view(), 0, out.view());
    CHECK(is(at(std::as_const(out).view(), 30, 30), red));
    Mixer::fade(a->view(), b->view(), 256, out.view());
    CHECK(is(at(std::as_const(out).view(), 30, 30), blue));
    Mixer::fade(a->view(), b->view(), 64, out.view());
    CHECK(is(at(std::as_const(out).view(), 63, 63), {55, 137, 210}));  // (3·red + blue) / 4, rounded
}
