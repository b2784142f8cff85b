#pragma once
// One line of text as coverage, for pictures that are drawn by other means (labels of the simulated cameras). Thread-safe.

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine {

/// Rows from the top, no padding between them; 0 is paper, 255 is full ink.
struct GrayPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> ink;
};

/// `pixel_height` is the type size (em) in px: capitals are about 0.71 of it high, the picture about 1.4 of it (the whole line, so that
/// pictures of different texts in one size share a baseline). Empty text or a size below 1 gives an empty picture.
GrayPicture render_text(const std::string& utf8, int pixel_height, bool bold);

}  // namespace vitrine
