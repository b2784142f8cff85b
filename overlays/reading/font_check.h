#pragma once
// A TrueType or OpenType font in memory, tried out in the calling process: for the reading process and fuzzers. FreeType and Pango will
// read the same bytes in the show; what would make them fail, or cost much, fails here.

#include <cstdint>
#include <span>
#include <string>

#include "engine/result.h"

namespace vitrine {

struct FontFacts {
    std::string family;
    int glyphs = 0;
};

/// Judges the table directory (ISO/IEC 14496-22, 5.2.1), then loads every glyph and renders those of Basic Latin. A face must be scalable
/// and have Unicode characters; no glyph may reach further than 16 em.
Result<FontFacts> check_font(std::span<const std::uint8_t> bytes);

}  // namespace vitrine
