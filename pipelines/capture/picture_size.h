#pragma once
// How large a camera's pictures may be. Judged by what a stream says of itself, before a decoder or anybody else asks for memory.

#include <optional>
#include <string>

namespace vitrine {

inline constexpr int most_picture_side = 8192, most_picture_pixels = 8192 * 4320;

/// Why pictures of that size are not taken, for explain_failure(); nothing when they are.
inline std::optional<std::string> refused_size(int width, int height) {
    if (width <= most_picture_side && height <= most_picture_side && static_cast<long long>(width) * height <= most_picture_pixels)
        return std::nullopt;
    return "its pictures are " + std::to_string(width) + " × " + std::to_string(height) + " pixels, which is more than " +
           std::to_string(most_picture_side) + " × 4320. Choose a smaller size in the camera or the program that sends them";
}

}  // namespace vitrine
