#pragma once
// Blends sprites into I420 and NV12 pictures, SIMD chosen at run time. Defined exactly, so that every instruction set gives the same bytes:
//   div255(n) = (m + (m >> 8)) >> 8 with m = n + 128, which is n / 255 rounded to nearest for 0 ≤ n ≤ 65025
//   s' = div255(s · opacity), a' = div255(a · opacity)      (opacity 255 changes nothing)
//   out = min(255, s' + div255(dst · (255 - a')))
// for each byte of each plane, s and a being the sprite's premultiplied value and alpha. Rows and the ends of rows that are
// transparent are not touched, nor is anything outside the picture.
//
// Between pixels: a sprite may stand at sixteenths of a pixel, so that what moves slowly glides. Its planes are then shifted by bilinear
// interpolation before they are blended: with (fx, fy) the sixteenths past the whole pixel, P the value or the alpha,
//   P'(x, y) = (P(x,y)·(16-fx)(16-fy) + P(x-1,y)·fx(16-fy) + P(x,y-1)·(16-fx)fy + P(x-1,y-1)·fx·fy + 128) >> 8
// The weights sum to 256, so brightness does not depend on the phase. Chroma is shifted by fx / 2, fy / 2 sixteenths of its own pixels,
// rounded down, from the chroma planes of the whole pixel's phase.

#include <cstdint>

#include "engine/frame.h"
#include "overlays/painting/sprite.h"

namespace vitrine {

/// Borrowed planes of one NV12 picture: `uv` holds U and V by turns, (width/2) pairs in each of height/2 rows. Strides in bytes.
struct Nv12View {
    std::uint8_t* y = nullptr;
    std::uint8_t* uv = nullptr;
    int stride_y = 0, stride_uv = 0;
    int width = 0, height = 0;
};

/// Where a sprite's top left pixel comes to lie, in sixteenths of a pixel; may be outside the picture.
struct SpritePlace {
    static constexpr int steps = 16;
    int x = 0, y = 0;
    static SpritePlace at(int x, int y) { return {x * steps, y * steps}; }
    /// To the nearest sixteenth. Finite, of magnitude under 2^26.
    static SpritePlace at(double x, double y);
};

/// Reentrant. A sprite made for even positions only is rounded down to one.
void blend(const I420View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity = 255);
void blend(const Nv12View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity = 255);
inline void blend(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity = 255) {
    blend(picture, sprite, SpritePlace::at(x, y), opacity);
}
/// The same, written plainly: what the fast ones are checked against.
void blend_reference(const I420View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity = 255);

/// One row, the fast way: dst[i] of n.
void blend_row(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity);
/// The name of the instruction set in use.
const char* blend_target();

}  // namespace vitrine
