#pragma once
// The factory's logo, or its name where there is no logo, for the top end corner. Reentrant, but see FontBook.

#include <filesystem>
#include <optional>
#include <vector>

#include "engine/config.h"
#include "overlays/painting/callout.h"

namespace vitrine {

/// Premultiplied 0xAARRGGBB, rows without padding.
struct LogoPicture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> argb32;
};

/// PNG, JPEG, WebP … whatever OpenCV reads; transparent where the file is. Nothing when it cannot be read.
std::optional<LogoPicture> load_logo(const std::filesystem::path& file);

class Canvas;
/// With its top left corner at (x, y), `factor` times its own size.
void draw_logo(const Canvas& canvas, const LogoPicture& logo, double x, double y, double factor);

/// The show's accent, with white added until it stands out 4.5:1 from the cards.
Rgb readable_accent(const BrandConfig& brand);

/// The logo at the look's height, else the name on a plate. Empty when there is neither.
PlateSprite render_brand(const BrandConfig& brand, const LogoPicture* logo, const PictureLanguages& languages, const PictureScale& scale);

}  // namespace vitrine
