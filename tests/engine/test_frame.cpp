#include "engine/frame.h"

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

bool aligned(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer) % 64 == 0; }

/// A view of w × h pixels inside a buffer with a guard of known bytes around every row.
struct Padded {
    static constexpr std::uint8_t guard = 0x77;
    int width, height, stride;
    std::vector<std::uint8_t> y, u, v;

    Padded(int w, int h) : width(w), height(h), stride(w + 10) {
        y.assign(static_cast<std::size_t>(stride * h), guard);
        u.assign(static_cast<std::size_t>(stride * h / 2), guard);
        v = u;
    }
    I420View view() { return {y.data(), u.data(), v.data(), stride, stride, width, height}; }
    bool guards_hold() const {
        const auto plane = [&](const std::vector<std::uint8_t>& p, int w) {
            for (std::size_t i = 0; i < p.size(); ++i) {
                if (static_cast<int>(i) % stride >= w && p[i] != guard) return false;
            }
            return true;
        };
        return plane(y, width) && plane(u, width / 2) && plane(v, width / 2);
    }
};

}  // namespace

TEST_CASE("a frame's planes are aligned, apart and inside one allocation", "[frame]") {
    for (const auto& [w, h] : {std::pair{1280, 720}, {1920, 1080}, {642, 362}, {2, 2}, {66, 4}}) {
        CAPTURE(w, h);
        VideoFrame frame(w, h);
        const I420View view = frame.view();
        CHECK(frame.width() == w);
        CHECK(frame.height() == h);
        CHECK(aligned(view.y));
        CHECK(aligned(view.u));
        CHECK(aligned(view.v));
        CHECK(view.stride_y % 64 == 0);
        CHECK(view.stride_uv % 64 == 0);
        CHECK(view.stride_y >= w);
        CHECK(view.stride_uv >= w / 2);
        CHECK(view.u == view.y + view.stride_y * h);
        CHECK(view.v == view.u + view.stride_uv * (h / 2));
        CHECK(frame.byte_size() == static_cast<std::size_t>(view.v + view.stride_uv * (h / 2) - view.y));
        std::memset(view.y, 1, frame.byte_size());  // for the address sanitizer
    }
}

TEST_CASE("odd and impossible sizes become even ones", "[frame]") {
    CHECK(VideoFrame(641, 359).width() == 642);
    CHECK(VideoFrame(641, 359).height() == 360);
    CHECK(VideoFrame(0, -5).width() == 2);
    CHECK(VideoFrame(0, -5).height() == 2);
}

TEST_CASE("fill writes every pixel and nothing beside them", "[frame]") {
    Padded p(20, 6);
    fill(p.view(), 41, 240, 110);
    CHECK(p.guards_hold());
    for (int row = 0; row < 6; ++row)
        for (int x = 0; x < 20; ++x) REQUIRE(p.y[static_cast<std::size_t>(row * p.stride + x)] == 41);
    for (int row = 0; row < 3; ++row) {
        for (int x = 0; x < 10; ++x) {
            REQUIRE(p.u[static_cast<std::size_t>(row * p.stride + x)] == 240);
            REQUIRE(p.v[static_cast<std::size_t>(row * p.stride + x)] == 110);
        }
    }
}

TEST_CASE("copy keeps planes apart and each stride its own", "[frame]") {
    VideoFrame source(36, 10);
    const I420View from = source.view();
    for (int row = 0; row < 10; ++row)
        for (int x = 0; x < 36; ++x) from.y[row * from.stride_y + x] = static_cast<std::uint8_t>(3 * x + 11 * row);
    for (int row = 0; row < 5; ++row) {
        for (int x = 0; x < 18; ++x) {
            from.u[row * from.stride_uv + x] = static_cast<std::uint8_t>(200 - 5 * x - row);
            from.v[row * from.stride_uv + x] = static_cast<std::uint8_t>(7 * row + x);
        }
    }
    Padded p(36, 10);
    copy(from, p.view());
    CHECK(p.guards_hold());
    for (int row = 0; row < 10; ++row)
        for (int x = 0; x < 36; ++x)
            REQUIRE(p.y[static_cast<std::size_t>(row * p.stride + x)] == static_cast<std::uint8_t>(3 * x + 11 * row));
    for (int row = 0; row < 5; ++row) {
        for (int x = 0; x < 18; ++x) {
            REQUIRE(p.u[static_cast<std::size_t>(row * p.stride + x)] == static_cast<std::uint8_t>(200 - 5 * x - row));
            REQUIRE(p.v[static_cast<std::size_t>(row * p.stride + x)] == static_cast<std::uint8_t>(7 * row + x));
        }
    }
}

TEST_CASE("the pool gives a returned frame out again, clean", "[frame]") {
    FramePool pool;
    auto frame = pool.take(640, 360);
    const std::uint8_t* memory = frame->view().y;
    frame->sequence = 77;
    frame->capture_ns = 99;
    VideoFramePtr reader = frame;
    frame.reset();
    auto other = pool.take(640, 360);
    CHECK(other->view().y != memory);  // still with the reader
    reader.reset();
    frame = pool.take(640, 360);
    CHECK(frame->view().y == memory);
    CHECK(frame->sequence == 0);
    CHECK(frame->capture_ns == 0);
}

TEST_CASE("the pool gives the size that is asked for, also after another", "[frame]") {
    FramePool pool;
    const auto late = pool.take(640, 360);
    { const auto frame = pool.take(640, 360); }
    for (int i = 0; i < 3; ++i) {
        const auto big = pool.take(1279, 719);
        CHECK(big->width() == 1280);
        CHECK(big->height() == 720);
    }
    CHECK(pool.take(640, 360)->width() == 640);
}

TEST_CASE("frames outlive their pool", "[frame]") {
    std::shared_ptr<VideoFrame> frame;
    {
        FramePool pool(2);
        frame = pool.take(64, 64);
        { const auto idle = pool.take(64, 64); }
    }
    fill(frame->view(), 1, 2, 3);
    CHECK(frame->view().y[64 * 63 + 63] == 1);
}

TEST_CASE("a pool serves many threads, each frame to one of them", "[frame]") {
    FramePool pool(3);
    std::vector<std::thread> threads;
    std::atomic<int> clashes = 0;
    for (std::uint8_t t = 1; t <= 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                const auto frame = pool.take(64, 32);
                fill(frame->view(), t, t, t);
                for (int x = 0; x < 64; ++x) clashes += frame->view().y[x] != t ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(clashes == 0);
}
