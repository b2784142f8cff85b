#pragma once
// The orders that come in, one at a time along the bottom of the picture: "#48291 · São Paulo · confirmed · slot 14:30". A buyer's name is
// there only when the order allows it. Reentrant, but see FontBook.

#include "engine/desk/records.h"
#include "overlays/painting/callout.h"

namespace vitrine {

/// The line in that language; each part keeps its own writing direction.
std::string order_line(const desk::Order& order, const std::string& language);

/// At most `width` wide; what is longer ends in an ellipsis.
PlateSprite render_ticker(const std::string& line, const PictureLanguages& languages, const PictureScale& scale, Rgb accent, int width);

/// Which of `count` orders is shown at that time.
std::size_t ticker_turn(std::int64_t capture_us, std::size_t count);

}  // namespace vitrine
