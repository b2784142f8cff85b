#pragma once
// Blends a rendered picture straight into I420: premultiplied, sRGB-encoded RGBA in, BT.709 studio range out, SIMD chosen at run time. For
// pictures that are new in every frame; what stays the same is a Sprite. Defined exactly, so that every instruction set gives the same
// bytes: each luma value is (Σ w·c + 2^14) >> 15 of the pixel's R, G, B, A, each chroma value (Σ w·c + 2^16) >> 17 of the sums over its
// four pixels, its alpha (Σ A + 2) >> 2, clamped to a byte; then as in blend.h.

#include <cstdint>

#include "engine/frame.h"

namespace vitrine {

struct RgbaView {
    const std::uint8_t* pixels = nullptr;  ///< R, G, B, A
    int stride = 0;                        ///< bytes
    int width = 0, height = 0;             ///< even
};

/// Reentrant. (x, y), even, is where the first pixel comes to lie; what lies outside the picture is left out.
void blend_rgba(const I420View& picture, const RgbaView& source, int x, int y, std::uint8_t opacity = 255);
/// The same, written plainly: what the fast one is checked against.
void blend_rgba_reference(const I420View& picture, const RgbaView& source, int x, int y, std::uint8_t opacity = 255);

}  // namespace vitrine
