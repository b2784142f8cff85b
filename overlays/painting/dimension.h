#pragma once
// A dimension as in a technical drawing (ISO 129-1): extension lines from the two points, a line with arrows between them, and a plate
// with the length that breaks the line. The lines follow the product in perspective; plate and arrows keep their size, so that they can
// be read. Reentrant, but see FontBook.

#include <array>
#include <optional>
#include <vector>

#include "engine/scene_frame.h"
#include "overlays/painting/callout.h"
#include "overlays/painting/stroke.h"

namespace vitrine {

/// "120 mm", "120.0 ± 0.5 mm", or the dimension's own text; in the first language.
std::string dimension_text(const DimensionConfig& dimension, const PictureLanguages& languages);

PlateSprite render_dimension(const std::string& text, const PictureLanguages& languages, const PictureScale& scale);

/// One dimension in the picture, px, pixel centres at halves.
struct PlacedDimension {
    std::vector<Stroke> strokes;
    std::array<double, 2> plate{};  ///< the plate's middle
};

/// Nothing when an end lies behind the camera or the line would be shorter than its arrows. Where the line has no room for plate and
/// arrows, the arrows come from outside and the plate stands off, away from the product.
std::optional<PlacedDimension> place_dimension(const DimensionConfig& dimension, const Anchor& anchor, const PictureScale& scale,
                                               int plate_width, int plate_height);

void draw_dimension(const I420View& picture, const PlacedDimension& placed, const PictureScale& scale, std::uint8_t opacity);

}  // namespace vitrine
