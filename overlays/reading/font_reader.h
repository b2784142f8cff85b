#pragma once
// Tries out a font that nobody vouches for in a process of its own (reader_process.h).

#include <filesystem>

#include "engine/result.h"
#include "overlays/reading/font_check.h"
#include "overlays/reading/reader_process.h"

namespace vitrine {

/// Errors as read_model. Reentrant; blocks, for a font with 60 000 glyphs about a second.
Result<FontFacts> read_font(const std::filesystem::path& file, ReaderUsage* usage = nullptr);

}  // namespace vitrine
