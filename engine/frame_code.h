#pragma once
// A machine-readable frame number drawn in the luma plane, so that a test can read back from decoded or displayed pixels
// which frame it is looking at. 34 square cells in one row: white, black, 24 bits of the number (most significant
// first), 8 bits CRC-8 (polynomial 0x07, initial 0) of those three bytes. White is Y 235, black Y 16, chroma 128.
// A cell is max(8, width/80) px rounded down to even. Simulated cameras draw it in the top left corner; a program with
// `frame_code = true` draws its own number in the bottom left corner.

#include <cstdint>
#include <optional>

#include "engine/frame.h"

namespace vitrine {

enum class CodeCorner { top_left, bottom_left };

/// Draws the low 24 bits of `number`.
void draw_frame_code(const I420View& frame, std::uint64_t number, CodeCorner corner);
/// The number, or nothing when sync cells or CRC do not fit.
std::optional<std::uint32_t> read_frame_code(const ConstI420View& frame, CodeCorner corner);
/// Cell edge in px for a picture of that width.
int frame_code_cell(int width);

}  // namespace vitrine
