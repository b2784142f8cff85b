#pragma once
// Who is speaking: name, role and language, for the bottom start corner. Reentrant, but see FontBook.

#include "overlays/painting/callout.h"

namespace vitrine {

/// At most `width` wide. `accent`: the bar at its start edge.
PlateSprite render_lower_third(const SpeakerConfig& speaker, const PictureLanguages& languages, const PictureScale& scale, Rgb accent,
                               int width);

}  // namespace vitrine
