// The pure parts of the frame path: repeats, ranges, sound blocks, the simulated voice; and the gate.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "engine/frame_stage.h"
#include "pipelines/capture/audio_blocks.h"
#include "pipelines/capture/gate.h"
#include "pipelines/capture/picture_copy.h"
#include "pipelines/capture/sim_voice.h"
#include "pipelines/capture/stillness.h"
#include "pipelines/gst.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

ConstI420View seen(const VideoFrame& frame) { return frame.view(); }

GstSample* sample_of(const char* caps_text, const std::vector<std::uint8_t>& bytes) {
    gst::init();
    GstCaps* caps = gst_caps_from_string(caps_text);
    GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
    GstSample* sample = gst_sample_new(buffer, caps, nullptr, nullptr);
    gst_buffer_unref(buffer);
    gst_caps_unref(caps);
    return sample;
}

}  // namespace

TEST_CASE("A picture repeats only when every luma pixel is the same", "[capture]") {
    VideoFrame frame(640, 360);
    fill(frame.view(), 90, 128, 128);
    RepeatDetector detector;
    CHECK_FALSE(detector.repeats(seen(frame)));
    CHECK(detector.repeats(seen(frame)));
    CHECK(detector.repeats(seen(frame)));
    frame.view().y[frame.view().stride_y * 101 + 333] ^= 1;  // not on the sparse grid
    CHECK_FALSE(detector.repeats(seen(frame)));
    CHECK(detector.repeats(seen(frame)));
    frame.view().y[frame.view().stride_y * 80 + 320] ^= 1;  // on it
    CHECK_FALSE(detector.repeats(seen(frame)));
    detector.forget();
    CHECK_FALSE(detector.repeats(seen(frame)));
    VideoFrame other(320, 180);
    fill(other.view(), 90, 128, 128);
    CHECK_FALSE(detector.repeats(seen(other)));
}

TEST_CASE("Full range becomes studio range", "[capture]") {
    std::vector<std::uint8_t> all(256), luma(256), chroma(256);
    for (int i = 0; i < 256; ++i) all[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
    to_studio_range(all.data(), luma.data(), 256, true);
    to_studio_range(all.data(), chroma.data(), 256, false);
    for (int i = 0; i < 256; ++i) {
        CHECK(luma[static_cast<std::size_t>(i)] == std::lround(16 + i * 219.0 / 255));
        CHECK(chroma[static_cast<std::size_t>(i)] == std::lround(128 + (i - 128) * 224.0 / 255));
    }
}

TEST_CASE("A decoded picture is copied plane by plane, odd sizes filled up", "[capture]") {
    // 5 × 3, I420 as GStreamer lays it out: strides 8 and 4, chroma 3 × 2.
    std::vector<std::uint8_t> bytes(8 * 4 + 2 * 4 * 2, 7);
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 5; ++column)
            bytes[static_cast<std::size_t>(row * 8 + column)] = static_cast<std::uint8_t>(20 + 10 * row + column);
    }
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 3; ++column) {
            bytes[static_cast<std::size_t>(32 + row * 4 + column)] = static_cast<std::uint8_t>(100 + 10 * row + column);
            bytes[static_cast<std::size_t>(40 + row * 4 + column)] = static_cast<std::uint8_t>(200 + 10 * row + column);
        }
    }
    FramePool pool;
    GstSample* sample = sample_of("video/x-raw,format=I420,width=5,height=3,framerate=30/1,colorimetry=bt709", bytes);
    const auto frame = copy_picture(sample, pool);
    gst_sample_unref(sample);
    REQUIRE(frame);
    CHECK(frame->width() == 6);
    CHECK(frame->height() == 4);
    const I420View view = frame->view();
    CHECK(view.y[4] == 24);
    CHECK(view.y[5] == 24);
    CHECK(view.y[3 * view.stride_y] == 40);
    CHECK(view.u[2] == 102);
    CHECK(view.u[view.stride_uv] == 110);
    CHECK(view.v[view.stride_uv + 2] == 212);

    GstSample* wrong = sample_of("video/x-raw,format=RGB,width=2,height=2,framerate=30/1", std::vector<std::uint8_t>(16));
    CHECK(copy_picture(wrong, pool) == nullptr);
    gst_sample_unref(wrong);
}

TEST_CASE("Sound is cut into blocks of 10 ms by time stamp", "[capture]") {
    const auto tap = AudioTap::create();
    const auto reader = tap->read(100);
    AudioBlocks blocks(tap);
    std::vector<std::int16_t> samples(2 * 700);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(i);
    blocks.put(samples.data(), 700, 1'000'000'000);
    const auto first = reader->try_pop();
    REQUIRE(first);
    CHECK(first->pts == 1'000'000'000);
    CHECK(first->samples->size() == 960);
    CHECK(first->samples->at(959) == 959);
    CHECK_FALSE(reader->try_pop());
    blocks.put(samples.data(), 260, 1'000'000'000 + 700 * 1'000'000'000ll / 48'000);
    const auto second = reader->try_pop();
    REQUIRE(second);
    CHECK(std::abs(second->pts - 1'010'000'000) < 1000);
    CHECK(second->samples->at(0) == 960);
    CHECK(second->samples->at(2 * 220) == 0);
    blocks.put(samples.data(), 100, 1'020'000'000);
    blocks.put(samples.data(), 480, 5'000'000'000);  // a jump: the 100 before it are given up
    const auto third = reader->try_pop();
    REQUIRE(third);
    CHECK(third->pts == 5'000'000'000);
}

TEST_CASE("The simulated voice beeps exactly while the simulated cameras flash", "[capture]") {
    const auto samples = sim_voice(0, 4 * 48'000);
    const auto peak = [&](std::size_t from, std::size_t to) {
        int most = 0;
        for (std::size_t i = from; i < to; ++i) most = std::max(most, std::abs(static_cast<int>(samples[2 * i])));
        return most;
    };
    for (std::uint64_t frame = 0; frame < 120; ++frame) {  // at 30 fps
        const std::size_t from = frame * 1600;
        if (sim_flash(frame, 30))
            CHECK(peak(from, from + 1600) > 8000);
        else
            CHECK(peak(from, from + 1600) < 200);
    }
    CHECK(sim_voice(100'000, 480) == std::vector<std::int16_t>(samples.begin() + 200'000, samples.begin() + 200'960));
    // 1 kHz: 100 rising zero crossings in the beep's 100 ms
    int crossings = 0;
    for (std::size_t i = 1; i < 4800; ++i) crossings += samples[2 * (i - 1)] <= 0 && samples[2 * i] > 0;
    CHECK(crossings >= 99);
    CHECK(crossings <= 101);
}

TEST_CASE("A closed gate lets nobody in and waits for those inside", "[capture]") {
    Gate gate;
    std::atomic<bool> inside{false}, leave{false}, left{false};
    std::thread guest([&] {
        const auto pass = gate.enter();
        inside = true;
        while (!leave) std::this_thread::yield();
        left = true;
    });
    while (!inside) std::this_thread::yield();
    std::thread closer([&] { leave = true; });
    gate.close();
    CHECK(left);
    CHECK_FALSE(gate.enter());
    guest.join();
    closer.join();
}
