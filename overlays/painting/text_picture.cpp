#include "overlays/painting/text_picture.h"

#include <cairo.h>

#include <cmath>
#include <cstring>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

GrayPicture render_text(const std::string& utf8, int pixel_height, bool bold) {
    // Room for the tallest of the fonts in use, the same for every text of a size.
    constexpr double ascent = 1.05, height = 1.4;
    GrayPicture picture;
    if (pixel_height < 1) return picture;
    const TextBlock text = FontBook::of_this_thread().set(utf8, "en", {double(pixel_height), bold, {255, 255, 255}, 0, 1});
    if (text.empty()) return picture;
    const Canvas canvas(static_cast<int>(std::ceil(text.width())) + 2, static_cast<int>(std::ceil(height * pixel_height)));
    text.draw(canvas.cr(), 1, ascent * pixel_height - text.baseline(), TextAlign::left, text.width());
    picture.width = canvas.width();
    picture.height = canvas.height();
    const std::uint8_t* rows = canvas.pixels();
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            std::uint32_t pixel;
            std::memcpy(&pixel, rows + static_cast<std::ptrdiff_t>(y) * canvas.stride() + 4 * static_cast<std::ptrdiff_t>(x), 4);
            picture.ink.push_back(static_cast<std::uint8_t>(pixel >> 24));
        }
    return picture;
}

}  // namespace vitrine
