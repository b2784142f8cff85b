#pragma once
// A picture with transparency, ready to be blended into I420: rendered once, blended many times.
// All values are premultiplied: a luma pixel holds round(Y·a/255), a chroma pixel its own mean alpha and round(C·a/255), Y 16…235 and
// C 16…240 in BT.709 studio range. A sprite may stand at odd positions: then its chroma pixels pair other columns or rows of it, so it
// keeps one set of chroma planes for each of the four phases (x odd + 2·y odd).

#include <array>
#include <cstdint>
#include <vector>

#include "engine/look.h"

namespace vitrine {

/// Half-open range of columns of one row outside which everything is transparent.
struct SpriteSpan {
    int begin = 0, end = 0;
};

/// Half-open range of columns of one row, by what its pixels share with their neighbours to the left, above and above left, and so keep
/// whatever the part of a pixel they are shifted by.
struct SpriteRun {
    enum class Even : std::uint8_t { nothing, alpha, all };  ///< a plate's ink is even in its alpha, the plate itself in all
    int begin = 0, end = 0;
    Even even = Even::nothing;
};

class Sprite {
  public:
    /// An empty sprite: blending it does nothing.
    Sprite() = default;
    /// From rows of premultiplied 0xAARRGGBB in the machine's byte order (cairo's ARGB32), `stride` bytes apart. `any_position` false
    /// keeps the even phase only: the sprite then stands at even positions (odd ones are rounded down).
    Sprite(const std::uint8_t* argb32, int stride, int width, int height, bool any_position);

    /// Rows are width + 1 bytes apart and have a transparent one before, after, above and below them, so that a shift by less than a
    /// pixel may read its neighbours: at(x, y) is valid for x from -1 to width, y from -1 to height. Behind the last there is room for a
    /// vector to be read.
    struct Plane {
        int width = 0, height = 0;
        std::vector<std::uint8_t> value, alpha;  ///< for chroma `value` is U
        std::vector<std::uint8_t> second;        ///< V; empty for luma
        std::vector<SpriteSpan> spans;           ///< one per row
        /// Of row y those from first_run[y] to first_run[y + 1], in order, without gaps, over all that this row or the one above covers and
        /// one column more; y up to and with height.
        std::vector<SpriteRun> runs;
        std::vector<std::uint32_t> first_run;
        std::size_t at(int x, int y) const {
            return static_cast<std::size_t>(y + 1) * static_cast<std::size_t>(width + 1) + static_cast<std::size_t>(x + 1);
        }
    };

    int width() const { return luma_.width; }
    int height() const { return luma_.height; }
    bool empty() const { return luma_.value.empty(); }
    bool any_position() const { return any_position_; }
    const Plane& luma() const { return luma_; }
    const Plane& chroma(int phase) const { return chroma_[static_cast<std::size_t>(phase)]; }

  private:
    Plane luma_;
    std::array<Plane, 4> chroma_;
    bool any_position_ = false;
};

/// Y'CbCr of a colour in BT.709 studio range, rounded.
struct Ycc {
    std::uint8_t y = 16, u = 128, v = 128;
    bool operator==(const Ycc&) const = default;
};
Ycc to_ycc(Rgb colour);

}  // namespace vitrine
