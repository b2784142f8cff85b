#pragma once
// The row of badges of a product: certificates, the energy label, the carbon footprint. Reentrant, but see FontBook.

#include <vector>

#include "overlays/painting/brand.h"
#include "overlays/painting/callout.h"

namespace vitrine {

/// Colour of a class of the European energy label, A to G (Regulation (EU) 2017/1369 and its delegated acts: dark green to red).
Rgb energy_colour(char grade);

/// One plate per badge, side by side from the start edge in the order given, as high as the logo; those that do not fit in `width` are
/// left out from the end. Texts in the first language. `marks`: the picture of each certificate that has one, else nothing.
PlateSprite render_badges(const std::vector<BadgeConfig>& badges, const std::vector<std::optional<LogoPicture>>& marks,
                          const PictureLanguages& languages, const PictureScale& scale, int width);

}  // namespace vitrine
