#pragma once
// The brightness of one picture, owned: what trackers and calibration read when the picture comes from a file. Unlike a VideoFrame its size
// may be odd, as that of a photo may.

#include <cstdint>
#include <vector>

#include "engine/frame.h"

namespace vitrine {

struct LumaPicture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;  ///< rows top to bottom, no padding

    /// Only y, stride_y, width and height are set. Holds as long as the picture.
    ConstI420View view() const {
        ConstI420View out;
        out.y = pixels.data(), out.stride_y = width, out.width = width, out.height = height;
        return out;
    }
};

}  // namespace vitrine
