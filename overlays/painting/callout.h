#pragma once
// The text plate of a callout; a leader line (stroke.h) joins it to a dot on the part. Reentrant, but see FontBook.

#include "overlays/painting/picture_scale.h"
#include "overlays/painting/show_text.h"
#include "overlays/painting/sprite.h"
#include "overlays/painting/stroke.h"

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

/// Below leaders and dimension lines.
Halo line_halo(const PictureScale& scale);

PlateSprite render_callout(const CalloutContent& content, const PictureScale& scale);

}  // namespace vitrine
