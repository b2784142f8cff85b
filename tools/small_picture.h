#pragma once
// Thumbnails as JPEG files, for panels and people to look at. A file appears whole or not at all.

#include <filesystem>

#include "engine/frame.h"
#include "engine/result.h"

namespace vitrine {

inline constexpr int small_width = 480;

Result<void> write_small_picture(const ConstI420View& picture, const std::filesystem::path& file);
/// Of a PNG or JPEG that nobody vouches for: it is decoded in the reading process.
Result<void> write_small_picture(const std::filesystem::path& picture, const std::filesystem::path& file);

}  // namespace vitrine
