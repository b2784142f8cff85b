#pragma once
// The panel's letters: Noto Sans and its companions for other scripts, found through fontconfig, drawn by FreeType into ImGui's atlas. Only
// the glyphs that are needed are drawn; text that brings new ones asks for a rebuild between two frames. Thread-bound.
// Scripts that need shaping (Arabic, Thai, Devanagari) are drawn letter by letter; a show's names in English or Chinese are preferred.

#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>

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

  private:
    struct Faces;
    std::unique_ptr<Faces> faces_;
    std::set<char32_t> wanted_;
    std::array<ImFont*, type_count> fonts_{};
};

}  // namespace vitrine::panel
