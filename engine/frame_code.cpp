#include "engine/frame_code.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace vitrine {
namespace {

constexpr int cells = 34;
constexpr int number_bits = 24;
constexpr int crc_bits = 8;
constexpr std::uint8_t white = 235, black = 16, grey_chroma = 128;
/// Less contrast than this between the two sync cells is not a code (Y' steps; drawn are 219).
constexpr int least_contrast = 64;

/// CRC-8, polynomial x^8 + x^2 + x + 1 (0x07), initial 0, no reflection, no final xor, over the three bytes of `number`.
std::uint32_t crc8(std::uint32_t number) {
    std::uint32_t crc = 0;
    for (int shift = number_bits - 8; shift >= 0; shift -= 8) {
        crc ^= (number >> shift) & 0xff;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80) != 0 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
    }
    return crc;
}

bool fits(int width, int height, int cell) { return width >= cells * cell && height >= cell; }

int top_of(int height, int cell, CodeCorner corner) { return corner == CodeCorner::top_left ? 0 : (height - cell) & ~1; }

}  // namespace

int frame_code_cell(int width) { return std::max(8, width / 80) & ~1; }

void draw_frame_code(const I420View& frame, std::uint64_t number, CodeCorner corner) {
    const int cell = frame_code_cell(frame.width);
    if (!fits(frame.width, frame.height, cell)) return;
    const auto low = static_cast<std::uint32_t>(number & 0xffffff);
    const std::uint64_t pattern = (std::uint64_t{0b10} << (number_bits + crc_bits)) | (std::uint64_t{low} << crc_bits) | crc8(low);

    const int top = top_of(frame.height, cell, corner);
    std::uint8_t* first = frame.y + static_cast<std::ptrdiff_t>(top) * frame.stride_y;
    for (int i = 0; i < cells; ++i) {
        const bool bit = ((pattern >> (cells - 1 - i)) & 1) != 0;
        std::memset(first + i * cell, bit ? white : black, static_cast<std::size_t>(cell));
    }
    const auto row_bytes = static_cast<std::size_t>(cells * cell);
    for (int row = 1; row < cell; ++row) std::memcpy(first + static_cast<std::ptrdiff_t>(row) * frame.stride_y, first, row_bytes);
    for (int row = top / 2; row < (top + cell) / 2; ++row) {
        std::memset(frame.u + static_cast<std::ptrdiff_t>(row) * frame.stride_uv, grey_chroma, row_bytes / 2);
        std::memset(frame.v + static_cast<std::ptrdiff_t>(row) * frame.stride_uv, grey_chroma, row_bytes / 2);
    }
}

std::optional<std::uint32_t> read_frame_code(const ConstI420View& frame, CodeCorner corner) {
    const int cell = frame_code_cell(frame.width);
    if (!fits(frame.width, frame.height, cell)) return std::nullopt;
    const int top = top_of(frame.height, cell, corner);

    // The middle half of each cell: what a codec or a scaler smears lies at the edges.
    std::array<int, cells> mean{};
    const int from = cell / 4, to = cell - cell / 4;
    for (int i = 0; i < cells; ++i) {
        int sum = 0;
        for (int row = from; row < to; ++row) {
            const std::uint8_t* line = frame.y + static_cast<std::ptrdiff_t>(top + row) * frame.stride_y + i * cell;
            for (int column = from; column < to; ++column) sum += line[column];
        }
        mean[static_cast<std::size_t>(i)] = sum / ((to - from) * (to - from));
    }
    if (mean[0] - mean[1] < least_contrast) return std::nullopt;
    const int threshold = (mean[0] + mean[1]) / 2;
    std::uint64_t pattern = 0;
    for (int value : mean) pattern = pattern << 1 | (value > threshold ? 1U : 0U);
    const auto number = static_cast<std::uint32_t>(pattern >> crc_bits & 0xffffff);
    if ((pattern & 0xff) != crc8(number)) return std::nullopt;
    return number;
}

}  // namespace vitrine
