#pragma once
// A callout: a text plate beside the product and a leader line to a dot on the part. Reentrant, but see FontBook.

#include "engine/frame.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/show_text.h"
#include "overlays/painting/sprite.h"

namespace vitrine {

struct CalloutContent {
    BilingualText text;
    std::string value, unit;  ///< of the spec shown with it; may be empty
    PictureLanguages languages;
    bool operator==(const CalloutContent&) const = default;
};

/// The plate's pixels and where the plate itself (without its shadow) lies in them.
struct PlateSprite {
    Sprite sprite;
    int margin = 0;  ///< of shadow on every side
    int width() const { return sprite.width() - 2 * margin; }
    int height() const { return sprite.height() - 2 * margin; }
};

PlateSprite render_callout(const CalloutContent& content, const PictureScale& scale);

/// Antialiased, straight into the picture: a line with rounded ends and, at (x1, y1), a dot. Positions in px, pixel centres at halves.
struct Leader {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    double width = 1.5, dot = 6;  ///< px across
    Ycc colour;
};
void draw_leader(const I420View& picture, const Leader& leader, std::uint8_t opacity);

}  // namespace vitrine
