#pragma once
// Hides parts of a camera's picture before anything else sees it. Fails closed: when apply() returns an error the picture may still show
// what must be hidden, or be half done, and must not be used.
// A polygon covers every pixel it touches and 2 px around it; one that crosses itself covers everything it winds around. What lies outside
// the picture is cut off; a polygon that covers no pixel at all is an error, because somebody wanted something hidden.
// Mosaic and blur keep, of what they hide, one mean per plane and cell of at least 1/40 of the picture's width, in steps of 16 from the
// middle one of them: pictures with the same cell means give the same output, whatever was in them, and a flat colour stays what it is.

#include <cstdint>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/result.h"

namespace vitrine {

/// Thread-bound.
class PrivacyMasks {
  public:
    explicit PrivacyMasks(std::vector<PrivacyMask> masks) : masks_(std::move(masks)) {}

    /// In place, on all three planes. Polygons are rasterised anew when the picture's size changes.
    Result<void> apply(const I420View& picture);

    /// Pixels [from, to) of row `y` of a plane.
    struct Span {
        int y, from, to;
    };
    /// One polygon rasterised for one picture size.
    struct Area {
        MaskFill fill = MaskFill::solid;
        std::vector<Span> luma, chroma;                ///< ascending by y, then from; chroma covers every sample that luma touches
        int left = 0, top = 0, right = 0, bottom = 0;  ///< half-open luma box round it, even
    };
    /// Reentrant. bad_input when the polygon covers nothing or holds a number that is none.
    static Result<Area> rasterise(const PrivacyMask& mask, int width, int height);
    /// Reentrant. Edge in px of the cells of mosaic and blur; even.
    static int cell(int width);

  private:
    std::vector<PrivacyMask> masks_;
    std::vector<Area> areas_;
    std::vector<std::uint8_t> means_, sorted_;
    int width_ = 0, height_ = 0;
};

}  // namespace vitrine
