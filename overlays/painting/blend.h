#pragma once
// Blends sprites into I420 pictures, SIMD chosen at run time. Defined exactly, so that every instruction set gives the same bytes:
//   div255(n) = (m + (m >> 8)) >> 8 with m = n + 128, which is n / 255 rounded to nearest for 0 ≤ n ≤ 65025
//   s' = div255(s · opacity), a' = div255(a · opacity)      (opacity 255 changes nothing)
//   out = min(255, s' + div255(dst · (255 - a')))
// for each byte of each plane, s and a being the sprite's premultiplied value and alpha. Rows and the ends of rows that are
// transparent are not touched, nor is anything outside the picture.

#include <cstdint>

#include "engine/frame.h"
#include "overlays/painting/sprite.h"

namespace vitrine {

/// Reentrant. (x, y): where the sprite's top left pixel comes to lie; may be outside.
void blend(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity = 255);
/// The same, written plainly: what the fast one is checked against.
void blend_reference(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity = 255);

/// One row, the fast way: dst[i] of n.
void blend_row(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity);
/// The name of the instruction set in use.
const char* blend_target();

}  // namespace vitrine
