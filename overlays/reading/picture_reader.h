#pragma once
// Reads a PNG or JPEG that nobody vouches for, decoded in a process of its own: see model_reader.h. A JPEG's Exif orientation is applied,
// as browsers do.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// sRGB, 8 bits, straight alpha; rows top to bottom, R G B A, no padding.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};

struct PictureLimits {
    std::uint64_t file_bytes = std::uint64_t{64} << 20;
    std::uint64_t pixels = 40'000'000;
    std::uint64_t child_bytes = std::uint64_t{512} << 20;  ///< address space of the reading process
    std::chrono::milliseconds deadline{10'000};
};

/// Errors as read_model. Reentrant; blocks while decoding.
Result<Picture> read_picture(const std::filesystem::path& file, const PictureLimits& limits = {});

}  // namespace vitrine
