#pragma once
// Sizes inside the program picture. Everything is given in px of a picture whose shorter edge is 720 and scaled from there; text never
// falls under the look's least share of that edge, so that it can be read when the picture is 360 lines on a phone.

#include <algorithm>
#include <cmath>

#include "engine/look.h"
#include "overlays/painting/label_layout.h"

namespace vitrine {

struct PictureScale {
    int width = 0, height = 0;
    double unit = 1;  ///< px per px at 720
    LabelRect safe;   ///< even edges

    PictureScale(int picture_width, int picture_height) : width(picture_width), height(picture_height) {
        unit = std::min(width, height) / 720.0;
        const int x = even(std::ceil(look().picture.safe_area * width)), y = even(std::ceil(look().picture.safe_area * height));
        safe = {x, y, width - 2 * x, height - 2 * y};
    }
    double px(double at_720) const { return at_720 * unit; }
    double text(double at_720) const { return std::max(px(at_720), least()); }
    double least() const { return look().picture.least_text * std::min(width, height); }
    /// Of the second language below a first one of that size.
    double second(double first_px) const { return std::max(first_px * look().picture.second_language, least()); }
    bool portrait() const { return height > width; }
    /// Rounded up to even.
    static int even(double v) { return (static_cast<int>(std::ceil(v)) + 1) & ~1; }
};

}  // namespace vitrine
