#pragma once
// The panel's letters: Noto Sans and its companions for other scripts, found through fontconfig, drawn by FreeType into ImGui's atlas. Only
// the glyphs that are needed are drawn; text that brings new ones asks for a rebuild between two frames. Thread-bound.
// Lines in scripts that need shaping (Arabic, Thai, Devanagari) are shaped whole; their glyphs lie in the same atlas (shaped_text.h).

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "tools/panel/shaped_text.h"

struct ImFont;
struct ImFontAtlas;

namespace vitrine::panel {

enum class Type { caption, body, strong, control, title, figure };
inline constexpr std::size_t type_count = 6;

/// px at 1×, from the look.
int type_px(Type type);
/// ImGui measures letters from ascender to descender, type sizes are in em: Noto Sans has 1.362 of these to the em.
inline constexpr float line_per_em = 1.362f;

class Fonts {
  public:
    Fonts();
    ~Fonts();

    /// True when `utf8` holds characters that were not asked for before.
    bool want(std::string_view utf8);
    /// Fills the atlas for `scale` pixels per px; what was in it is gone. Without any Noto font ImGui's own is used.
    void build(ImFontAtlas& atlas, float scale);
    ImFont* operator[](Type type) const { return fonts_[static_cast<std::size_t>(type)]; }
    /// True when Noto Sans itself was found.
    bool complete() const;

    /// A glyph in the atlas: where its picture lies from the pen position, in pixels of the atlas, and its texture coordinates.
    struct Placed {
        float x = 0, y = 0, w = 0, h = 0;
        float u0 = 0, v0 = 0, u1 = 0, v1 = 0;
    };
    /// A line that needs_shaping(), in pixels of the atlas. Valid until the next call of any method.
    const ShapedLine& shaped(Type type, std::string_view utf8) const;
    /// Null when it is not in the atlas: blank, or its text was never wanted.
    const Placed* find(Type type, GlyphName name) const;

  private:
    struct Faces;
    float em_px(Type type) const;

    std::unique_ptr<Faces> faces_;
    std::set<char32_t> wanted_;
    std::array<ImFont*, type_count> fonts_{};
    float scale_ = 1;
    Shaper shaper_;
    std::set<GlyphName> wanted_shapes_[2];  // regular, bold
    std::array<std::map<GlyphName, Placed>, type_count> placed_;
    mutable std::array<std::map<std::string, ShapedLine, std::less<>>, type_count> lines_;
};

}  // namespace vitrine::panel
