#pragma once
// Reads a PNG or JPEG that nobody vouches for, decoded in a process of its own (reader_process.h).

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "engine/result.h"
#include "overlays/reading/picture.h"
#include "overlays/reading/reader_process.h"

namespace vitrine {

struct PictureLimits {
    std::uint64_t file_bytes = std::uint64_t{64} << 20;
    std::uint64_t pixels = 40'000'000;
    int side = 65'535;
    std::uint64_t child_bytes = std::uint64_t{512} << 20;  ///< address space of the reading process
    std::chrono::milliseconds deadline{10'000};            ///< of the whole reading, by the clock and in processor time
};

/// A JPEG's Exif orientation is applied, as browsers do. Errors as read_model. Reentrant; blocks while decoding.
Result<Picture> read_picture(const std::filesystem::path& file, const PictureLimits& limits = {}, ReaderUsage* usage = nullptr);

}  // namespace vitrine
