#pragma once
// Photos and drawings as brightness, for the tools: files that the user names and vouches for.

#include <filesystem>

#include "engine/luma_picture.h"
#include "engine/result.h"

namespace vitrine {

/// Reentrant. Whether the file's first bytes are those of a picture that read_still() knows (PNG, JPEG, WebP, TIFF, BMP, PGM …).
bool is_still(const std::filesystem::path& file);

/// Reentrant. A JPEG's luma comes as it was coded; its Exif orientation is applied. bad_input: no such file, no picture, damaged, or
/// smaller than 16 × 16 px.
Result<LumaPicture> read_still(const std::filesystem::path& file);

}  // namespace vitrine
