#include "overlays/reading/font_check.h"

#include <ft2build.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#include "engine/printable.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::string_view another = "give another .ttf or .otf file, or take the key out";
constexpr unsigned trial_px = 32;
constexpr int most_em = 16;
constexpr std::uint64_t most_components = 1000;

using Bytes = std::span<const std::uint8_t>;

std::uint32_t big32(Bytes bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}
std::uint32_t big16(Bytes bytes, std::size_t at) { return std::uint32_t{bytes[at]} << 8 | bytes[at + 1]; }

/// The number of glyphs that "maxp" claims: FreeType quietly makes do with fewer.
Result<std::uint32_t> judge_tables(Bytes bytes) {
    if (bytes.size() < 12) return refuse("is cut off: it ends inside its header", another);
    const std::string magic(bytes.begin(), bytes.begin() + 4);
    if (magic == "ttcf") return refuse("is a collection of fonts", "give a .ttf or .otf with one face");
    if (magic != std::string("\0\1\0\0", 4) && magic != "OTTO" && magic != "true")
        return refuse("is not a TrueType or OpenType font", "give a .ttf or .otf file");
    const std::size_t count = big16(bytes, 4);
    if (count == 0 || count > 100) return refuse("is damaged: it claims " + std::to_string(count) + " tables", another);
    if (bytes.size() - 12 < count * 16) return refuse("is cut off: its list of tables is not whole", another);
    std::set<std::string> tables;
    std::uint32_t glyphs = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = 12 + i * 16;
        const std::string name(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at) + 4);
        const std::uint64_t start = big32(bytes, at + 8), length = big32(bytes, at + 12);
        if (start > bytes.size() || length > bytes.size() - start)
            return refuse("is damaged: its table \"" + printable(name) + "\" reaches past the end of the file", another);
        if (!tables.insert(name).second) return refuse("is damaged: it has the table \"" + printable(name) + "\" twice", another);
        if (name == "maxp" && length >= 6) glyphs = big16(bytes, start + 4);
    }
    for (const char* needed : {"cmap", "head", "hhea", "hmtx", "maxp"})
        if (!tables.count(needed)) return refuse(std::string("is damaged: its table \"") + needed + "\" is missing", another);
    const bool true_type = tables.count("glyf") && tables.count("loca");
    if (!true_type && !tables.count("CFF ") && !tables.count("CFF2")) return refuse("holds no outlines of letters", another);
    if (glyphs == 0) return refuse("is damaged: it has no glyphs", another);
    return glyphs;
}

/// How many glyphs each composite glyph comes to, parts of parts counted as often as they are drawn (14496-22, 5.3.3.1): FreeType draws
/// them all, and a few hundred bytes can ask for more than a day has time for.
class Composites {
  public:
    Composites(Bytes outlines, const std::vector<std::uint64_t>& starts)
        : outlines_(outlines), starts_(starts), counts_(starts.size() - 1) {}
    /// Of any glyph; endless for one that holds itself.
    std::uint64_t worst() {
        std::uint64_t worst = 0;
        for (std::size_t glyph = 0; glyph < counts_.size(); ++glyph) worst = std::max(worst, count(glyph, 0));
        return worst;
    }

  private:
    static constexpr std::uint64_t endless = 1'000'000'000;
    static constexpr int deepest = 64;

    std::uint64_t count(std::size_t glyph, int depth) {
        if (glyph >= counts_.size()) return 1;
        if (depth > deepest) return endless;
        if (counts_[glyph] != 0) return counts_[glyph];
        counts_[glyph] = endless;  // while it is counted: meeting it again means a circle
        const Bytes outline = outlines_.subspan(starts_[glyph], starts_[glyph + 1] - starts_[glyph]);
        std::uint64_t total = 1;
        if (outline.size() >= 10 && (outline[0] & 0x80) != 0) {
            bool more = true;
            for (std::size_t at = 10; more && at < outline.size() && outline.size() - at >= 4;) {
                const std::uint32_t flags = big16(outline, at);
                total = std::min(endless, total + count(big16(outline, at + 2), depth + 1));
                at += 4 + (flags & 0x0001 ? 4 : 2) + (flags & 0x0008 ? 2 : flags & 0x0040 ? 4 : flags & 0x0080 ? 8 : 0);
                more = (flags & 0x0020) != 0;
            }
        }
        return counts_[glyph] = total;
    }

    Bytes outlines_;
    const std::vector<std::uint64_t>& starts_;
    std::vector<std::uint64_t> counts_;
};

/// FreeType is lenient here: letters past the end of "loca" or "glyf" come out empty. 14496-22, 5.3.3.
Result<void> judge_outlines(FT_Face face, std::uint32_t glyphs) {
    FT_ULong loca = 0, glyf = 0;
    if (FT_Load_Sfnt_Table(face, FT_MAKE_TAG('l', 'o', 'c', 'a'), 0, nullptr, &loca) != 0) return {};  // CFF
    if (FT_Load_Sfnt_Table(face, FT_MAKE_TAG('g', 'l', 'y', 'f'), 0, nullptr, &glyf) != 0) glyf = 0;
    const auto* head = static_cast<const TT_Header*>(FT_Get_Sfnt_Table(face, FT_SFNT_HEAD));
    if (!head) return refuse("is damaged: its head cannot be read", another);
    const FT_ULong width = head->Index_To_Loc_Format == 0 ? 2 : 4, needed = (FT_ULong{glyphs} + 1) * width;
    if (loca < needed)
        return refuse("is damaged: it claims " + std::to_string(glyphs) + " glyphs and has places for " +
                          std::to_string(loca / width == 0 ? 0 : loca / width - 1),
                      another);
    std::vector<FT_Byte> places(needed);
    FT_ULong length = needed;
    if (FT_Load_Sfnt_Table(face, FT_MAKE_TAG('l', 'o', 'c', 'a'), 0, places.data(), &length) != 0)
        return refuse("is damaged: its places of glyphs cannot be read", another);
    const Bytes bytes(places);
    std::uint64_t last = 0;
    for (FT_ULong i = 0; i * width < needed; ++i) {
        const std::uint64_t place = width == 2 ? std::uint64_t{big16(bytes, i * 2)} * 2 : big32(bytes, i * 4);
        if (place < last || place > glyf)
            return refuse("is damaged: the place of glyph " + std::to_string(i) + " lies outside of its outlines", another);
        last = place;
    }
    std::vector<FT_Byte> outlines(glyf);
    if (glyf > 0 && FT_Load_Sfnt_Table(face, FT_MAKE_TAG('g', 'l', 'y', 'f'), 0, outlines.data(), &glyf) != 0)
        return refuse("is damaged: its outlines cannot be read", another);
    std::vector<std::uint64_t> starts(needed / width);
    for (std::size_t i = 0; i < starts.size(); ++i) starts[i] = width == 2 ? std::uint64_t{big16(bytes, i * 2)} * 2 : big32(bytes, i * 4);
    if (auto made = Composites(outlines, starts).worst(); made > most_components)
        return refuse("is damaged: a glyph is made of " + (made > 1'000'000 ? std::string("millions of") : std::to_string(made)) +
                          " others, or of itself",
                      another);
    return {};
}

}  // namespace

Result<FontFacts> check_font(Bytes bytes) {
    const auto glyphs = judge_tables(bytes);
    if (!glyphs) return tl::unexpected(glyphs.error());
    struct Library {
        FT_Library it = nullptr;
        ~Library() {
            if (it) FT_Done_FreeType(it);
        }
    } library;
    if (FT_Init_FreeType(&library.it) != 0) return fail("cannot be read: FreeType does not start");
    struct Face {
        FT_Face it = nullptr;
        ~Face() {
            if (it) FT_Done_Face(it);
        }
    } owner;
    if (const int error = FT_New_Memory_Face(library.it, bytes.data(), static_cast<FT_Long>(bytes.size()), 0, &owner.it); error != 0)
        return refuse("is damaged: it cannot be opened (FreeType error " + std::to_string(error) + ")", another);
    FT_Face face = owner.it;
    if (!FT_IS_SCALABLE(face)) return refuse("holds no outlines of letters", another);
    if (FT_Select_Charmap(face, FT_ENCODING_UNICODE) != 0) return refuse("does not say which letters it has (no Unicode cmap)", another);
    if (face->units_per_EM < 16 || face->units_per_EM > 16384)
        return refuse("is damaged: its em is " + std::to_string(face->units_per_EM) + " units", another);
    FontFacts facts{face->family_name ? printable(face->family_name, 200) : std::string(), static_cast<int>(face->num_glyphs)};
    if (facts.family.empty()) return refuse("has no name", another);
    if (auto judged = judge_outlines(face, *glyphs); !judged) return tl::unexpected(judged.error());

    if (FT_Set_Pixel_Sizes(face, 0, trial_px) != 0) return refuse("is damaged: it cannot be scaled", another);
    const FT_Pos most = FT_Pos{most_em} * trial_px * 64;
    for (FT_Long i = 0; i < face->num_glyphs; ++i) {
        const std::string which = "glyph " + std::to_string(i);
        if (const int error = FT_Load_Glyph(face, static_cast<FT_UInt>(i), FT_LOAD_NO_BITMAP | FT_LOAD_NO_HINTING); error != 0)
            return refuse("is damaged: " + which + " cannot be loaded (FreeType error " + std::to_string(error) + ")", another);
        if (face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) continue;
        FT_BBox box{};
        FT_Outline_Get_CBox(&face->glyph->outline, &box);
        if (std::min(box.xMin, box.yMin) < -most || std::max(box.xMax, box.yMax) > most)
            return refuse("is damaged: " + which + " is more than " + std::to_string(most_em) + " em large", another);
    }
    int letters = 0;
    FT_UInt first = 0;
    for (FT_ULong character = 0x20; character < 0x7f; ++character) {
        const FT_UInt glyph = FT_Get_Char_Index(face, character);
        if (glyph == 0) continue;
        ++letters;
        // Hinted and rendered as text in the picture is.
        if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT) != 0 ||
            FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0)
            return refuse("is damaged: the letter \"" + std::string(1, static_cast<char>(character)) + "\" cannot be drawn", another);
    }
    if (letters == 0 && FT_Get_First_Char(face, &first) == 0) return refuse("has no letters", another);
    return facts;
}

}  // namespace vitrine
