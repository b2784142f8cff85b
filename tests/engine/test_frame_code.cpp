#include "engine/frame_code.h"

#include <random>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// CRC-8/0x07 as a division of polynomials over the whole message, bit by bit: another way than the code's.
std::uint32_t remainder_of(std::uint32_t number) {
    std::uint64_t message = static_cast<std::uint64_t>(number) << 8;
    for (int bit = 31; bit >= 8; --bit) {
        if ((message >> bit & 1) != 0) message ^= std::uint64_t{0x107} << (bit - 8);
    }
    return static_cast<std::uint32_t>(message & 0xff);
}

int luma_of_cell(const ConstI420View& view, int cell, int index, int top) {
    return view.y[(top + cell / 2) * view.stride_y + index * cell + cell / 2];
}

void box_blur(const I420View& view, int radius) {
    const std::vector<std::uint8_t> before(view.y, view.y + view.stride_y * view.height);
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x) {
            int sum = 0, count = 0;
            for (int dy = -radius; dy <= radius; ++dy) {
                for (int dx = -radius; dx <= radius; ++dx) {
                    if (y + dy < 0 || y + dy >= view.height || x + dx < 0 || x + dx >= view.width) continue;
                    sum += before[static_cast<std::size_t>((y + dy) * view.stride_y + x + dx)];
                    ++count;
                }
            }
            view.y[y * view.stride_y + x] = static_cast<std::uint8_t>(sum / count);
        }
    }
}

}  // namespace

TEST_CASE("frame code cells are as wide as the contract says", "[frame_code]") {
    CHECK(frame_code_cell(320) == 8);
    CHECK(frame_code_cell(640) == 8);
    CHECK(frame_code_cell(1000) == 12);
    CHECK(frame_code_cell(1040) == 12);  // 13, rounded down to even
    CHECK(frame_code_cell(1280) == 16);
    CHECK(frame_code_cell(1920) == 24);
}

TEST_CASE("a frame code has the written layout", "[frame_code]") {
    struct Case {
        std::uint32_t number, crc;
    };
    // CRC-8 with 0x07: one set bit shifts the polynomial through.
    for (const auto& [number, crc] :
         {Case{0, 0x00}, {1, 0x07}, {2, 0x0e}, {0x80, 0x89}, {0xa5c3f0, remainder_of(0xa5c3f0)}, {0xffffff, remainder_of(0xffffff)}}) {
        CAPTURE(number);
        VideoFrame frame(640, 360);
        fill(frame.view(), 90, 30, 220);
        draw_frame_code(frame.view(), number, CodeCorner::bottom_left);
        const int top = 360 - 8;
        CHECK(luma_of_cell(frame.view(), 8, 0, top) == 235);
        CHECK(luma_of_cell(frame.view(), 8, 1, top) == 16);
        const std::uint32_t bits = number << 8 | crc;
        for (int i = 0; i < 32; ++i) {
            CAPTURE(i);
            CHECK(luma_of_cell(frame.view(), 8, 2 + i, top) == ((bits >> (31 - i) & 1) != 0 ? 235 : 16));
        }
        // Nothing but the strip is touched; the strip is grey.
        const I420View v = frame.view();
        CHECK(v.y[(top - 1) * v.stride_y] == 90);
        CHECK(v.y[top * v.stride_y + 34 * 8] == 90);
        CHECK(v.y[top * v.stride_y + 34 * 8 - 1] != 90);
        CHECK(v.u[top / 2 * v.stride_uv] == 128);
        CHECK(v.v[359 / 2 * v.stride_uv + 34 * 4 - 1] == 128);
        CHECK(v.u[top / 2 * v.stride_uv + 34 * 4] == 30);
        CHECK(v.v[(top / 2 - 1) * v.stride_uv] == 220);
        CHECK(read_frame_code(frame.view(), CodeCorner::bottom_left) == number);
    }
}

TEST_CASE("what is no frame code is not read as one", "[frame_code]") {
    VideoFrame frame(640, 360);
    fill(frame.view(), 16, 128, 128);
    CHECK_FALSE(read_frame_code(frame.view(), CodeCorner::top_left));
    fill(frame.view(), 235, 128, 128);
    CHECK_FALSE(read_frame_code(frame.view(), CodeCorner::top_left));
    draw_frame_code(frame.view(), 4711, CodeCorner::top_left);
    CHECK_FALSE(read_frame_code(frame.view(), CodeCorner::bottom_left));
    // Each single cell inverted is noticed.
    for (int cell = 0; cell < 34; ++cell) {
        CAPTURE(cell);
        VideoFrame damaged(640, 360);
        copy(frame.view(), damaged.view());
        const I420View v = damaged.view();
        for (int row = 0; row < 8; ++row)
            for (int x = 0; x < 8; ++x)
                v.y[row * v.stride_y + cell * 8 + x] = static_cast<std::uint8_t>(251 - v.y[row * v.stride_y + cell * 8 + x]);
        CHECK_FALSE(read_frame_code(damaged.view(), CodeCorner::top_left));
    }
}

TEST_CASE("pictures too small for a code are left alone", "[frame_code]") {
    VideoFrame narrow(270, 100);
    fill(narrow.view(), 90, 128, 128);
    draw_frame_code(narrow.view(), 1, CodeCorner::top_left);
    CHECK(narrow.view().y[0] == 90);
    CHECK_FALSE(read_frame_code(narrow.view(), CodeCorner::top_left));
    VideoFrame low(640, 6);
    fill(low.view(), 90, 128, 128);
    draw_frame_code(low.view(), 1, CodeCorner::bottom_left);
    CHECK(low.view().y[0] == 90);
    CHECK_FALSE(read_frame_code(low.view(), CodeCorner::bottom_left));
    VideoFrame just(272, 8);
    draw_frame_code(just.view(), 0xabcdef, CodeCorner::bottom_left);
    CHECK(read_frame_code(just.view(), CodeCorner::bottom_left) == 0xabcdefU);
}

TEST_CASE("a frame code survives what codecs and scalers do", "[frame_code]") {
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        const auto number = static_cast<std::uint32_t>(random() & 0xffffff);
        CAPTURE(number);
        VideoFrame frame(640, 40);
        fill(frame.view(), 130, 128, 128);
        draw_frame_code(frame.view(), number, CodeCorner::top_left);
        box_blur(frame.view(), 1);
        std::uniform_int_distribution<int> noise(-35, 35);
        const I420View v = frame.view();
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 640; ++x) {
                const int pixel = v.y[y * v.stride_y + x] * 7 / 10 + 20 + noise(random);  // paler, and noisy
                v.y[y * v.stride_y + x] = static_cast<std::uint8_t>(std::max(0, std::min(255, pixel)));
            }
        CHECK(read_frame_code(frame.view(), CodeCorner::top_left) == number);
    }
}

TEST_CASE("a frame code holds the low 24 bits", "[frame_code]") {
    VideoFrame frame(1280, 720);
    draw_frame_code(frame.view(), 0x12'3456'789aULL, CodeCorner::top_left);
    CHECK(read_frame_code(frame.view(), CodeCorner::top_left) == 0x56789aU);
}
