#pragma once

#include <cstdint>
#include <vector>

namespace vitrine {

/// sRGB, 8 bits, straight alpha; rows top to bottom, R G B A, no padding.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};

}  // namespace vitrine
