#pragma once
// Text whose letters change with their neighbours or run from right to left (Arabic, Hebrew, Thai, Devanagari …): ordered by FriBidi
// (UAX #9), shaped by HarfBuzz, drawn by FreeType. ImGui knows only one glyph per character, so such lines are drawn from here and all
// others by ImGui. Thread-bound.

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::panel {

/// Reentrant. True when ImGui would draw it wrongly.
bool needs_shaping(std::string_view utf8);

struct GlyphName {
    std::uint32_t face = 0, glyph = 0;
    auto operator<=>(const GlyphName&) const = default;
};

/// A glyph with its pen position: px from the line's left end and from its baseline, y down.
struct PlacedGlyph {
    GlyphName name;
    float x = 0, y = 0;
};

struct ShapedLine {
    std::vector<PlacedGlyph> glyphs;  ///< from left to right as drawn
    float width = 0;
    bool right_to_left = false;  ///< the paragraph's own direction
};

/// 8 bit coverage; `left`, `top` from the pen position to the first pixel, top upwards.
struct GlyphBitmap {
    int width = 0, height = 0, left = 0, top = 0;
    std::vector<std::uint8_t> pixels;
};

class Shaper {
  public:
    Shaper();
    ~Shaper();
    /// In order of preference; the memory outlives the shaper. Returns false when FreeType cannot read it.
    bool add_face(const void* data, std::size_t size, int index, bool bold);
    ShapedLine shape(std::string_view utf8, bool bold, float em_px) const;
    GlyphBitmap draw(GlyphName name, float em_px) const;

  private:
    struct Face;
    std::vector<std::unique_ptr<Face>> faces_;
    struct Library;
    std::unique_ptr<Library> library_;
};

}  // namespace vitrine::panel
