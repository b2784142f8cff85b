// The figures of engine/README.md: test_engine "[figures]". Hidden, because a benchmark is never a timed test.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>

#include "engine/frame_code.h"
#include "engine/preview.h"
#include "engine/scene_frame.h"
#include "engine/show.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// Prints the median of many runs.
void measure(const char* what, const std::function<void()>& work) {
    std::vector<Nanoseconds> times;
    for (int i = 0; i < 301; ++i) {
        const Nanoseconds start = steady_now();
        work();
        times.push_back(steady_now() - start);
    }
    std::nth_element(times.begin(), times.begin() + 150, times.end());
    std::printf("%-48s %9.1f us\n", what, static_cast<double>(times[150]) / 1000);
}

SceneFrame typical() {
    SceneFrame f;
    f.number = 123456;
    f.capture_utc_us = 1'760'000'000'123'456;
    f.state_version = 42;
    f.sources = {{"line", 99, {0, 0, 1, 1}, 1}, {"bench", 100, {0.7F, 0.04F, 0.28F, 0.28F}, 1}};
    for (int i = 0; i < 3; ++i) {
        Anchor a;
        a.product = "LX-20" + std::to_string(i);
        a.visibility = 0.9F;
        a.homography = {0.002F, 0.0001F, 0.25F, 0.0003F, 0.004F, 0.125F, 0.00001F, 0.00002F, 1};
        a.pose = {0.1F, 0.2F, 0.3F, 10, 20, 600};
        a.intrinsics = {0.8F, 1.4F, 0.5F, 0.5F};
        f.anchors.push_back(a);
    }
    f.values = {{"line3/press/cycle_time", 2.1, 0.5F}};
    return f;
}

}  // namespace

TEST_CASE("figures", "[.][figures]") {
    VideoFrame hd(1280, 720), hd2(1280, 720), full(1920, 1080);
    fill(hd.view(), 41, 240, 110);
    fill(full.view(), 41, 240, 110);
    measure("copy of a 1280x720 frame", [&] { copy(hd.view(), hd2.view()); });
    FramePool pool;
    { const auto idle = pool.take(1280, 720); }
    measure("take and give back a pooled frame", [&] { pool.take(1280, 720); });
    measure("draw a frame code, 1280x720", [&] { draw_frame_code(hd.view(), 1, CodeCorner::bottom_left); });

    const SceneFrame frame = typical();
    auto bytes = to_cbor(frame);
    std::printf("a scene frame with 2 sources, 3 posed anchors, 1 value: %zu bytes\n", bytes.size());
    measure("  to CBOR", [&] { bytes = to_cbor(frame); });
    SceneFrame read;
    measure("  from CBOR", [&] { read = scene_frame_from_cbor(bytes).value(); });

    const auto writer = PreviewWriter::create({"a"}).value();
    const auto reader = PreviewReader::open(writer->name()).value();
    std::uint64_t n = 0, last = 0;
    std::shared_ptr<VideoFrame> into;
    measure("preview: write 1280x720", [&] { writer->write(0, hd.view(), ++n); });
    measure("preview: write 1920x1080", [&] { writer->write(0, full.view(), ++n); });
    measure("preview: read (640x360)", [&] {
        last = 0;
        reader->read(0, into, last);
    });

    auto config = std::make_shared<ShowConfig>();
    config->scenes.resize(2);
    config->scenes[0].id = "a";
    config->scenes[1].id = "b";
    Show show(config);
    measure("show: a command and its answer", [&, b = true]() mutable { show.post(SwitchScene{std::exchange(b, !b) ? "b" : "a"}).wait(); });
    CHECK(read == frame);
}
