#include "tools/panel/shaped_text.h"

#include <ft2build.h>
#include <utility>
#include <vector>
#include FT_FREETYPE_H
#include <fribidi.h>
#include <hb-ft.h>
#include <hb.h>

#include <algorithm>
#include <cmath>

#include "engine/printable.h"

namespace vitrine::panel {
namespace {

constexpr std::uint32_t nothing = 0xffffffff;

bool complex(char32_t c) {
    return (c >= 0x0590 && c <= 0x08ff) || (c >= 0x0900 && c <= 0x0fff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) ||
           (c >= 0x200e && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xfb1d && c <= 0xfdff) ||
           (c >= 0xfe70 && c <= 0xfeff);
}

std::vector<FriBidiChar> decode(std::string_view utf8) {
    std::vector<FriBidiChar> result;
    while (!utf8.empty()) {
        const std::size_t length = utf8_sequence(utf8);
        if (length == 0) {
            utf8.remove_prefix(1);
            result.push_back(0xfffd);
            continue;
        }
        const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(utf8[i])); };
        char32_t c = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
        for (std::size_t i = 1; i < length; ++i) c = c << 6 | (byte(i) & 0x3f);
        utf8.remove_prefix(length);
        result.push_back(c);
    }
    return result;
}

}  // namespace

bool needs_shaping(std::string_view utf8) {
    if (std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) < 0xd6; })) return false;
    const auto characters = decode(utf8);
    return std::any_of(characters.begin(), characters.end(), [](FriBidiChar c) { return complex(c); });
}

struct Shaper::Library {
    FT_Library handle = nullptr;
    Library() { FT_Init_FreeType(&handle); }
    ~Library() { FT_Done_FreeType(handle); }
};

struct Shaper::Face {
    FT_Face face = nullptr;
    hb_font_t* font = nullptr;
    bool bold = false;
    float em = 0;

    ~Face() {
        if (font) hb_font_destroy(font);
        if (face) FT_Done_Face(face);
    }
    void resize(float em_px) {
        if (em_px == em) return;
        em = em_px;
        FT_Set_Char_Size(face, 0, static_cast<FT_F26Dot6>(std::lround(em_px * 64)), 72, 72);
        hb_ft_font_changed(font);
    }
};

Shaper::Shaper() : library_(std::make_unique<Library>()) {}
Shaper::~Shaper() { faces_.clear(); }

bool Shaper::add_face(const void* data, std::size_t size, int index, bool bold) {
    auto face = std::make_unique<Face>();
    if (FT_New_Memory_Face(library_->handle, static_cast<const FT_Byte*>(data), static_cast<FT_Long>(size), index, &face->face) != 0)
        return false;
    face->font = hb_ft_font_create_referenced(face->face);
    face->bold = bold;
    hb_ft_font_set_load_flags(face->font, FT_LOAD_TARGET_LIGHT);
    faces_.push_back(std::move(face));
    return true;
}

ShapedLine Shaper::shape(std::string_view utf8, bool bold, float em_px) const {
    ShapedLine line;
    const std::vector<FriBidiChar> text = decode(utf8);
    const auto length = static_cast<FriBidiStrIndex>(text.size());
    if (length == 0 || faces_.empty()) return line;
    std::vector<FriBidiCharType> types(text.size());
    std::vector<FriBidiBracketType> brackets(text.size());
    std::vector<FriBidiLevel> levels(text.size());
    fribidi_get_bidi_types(text.data(), length, types.data());
    fribidi_get_bracket_types(text.data(), length, types.data(), brackets.data());
    FriBidiParType direction = FRIBIDI_PAR_ON;
    const FriBidiLevel highest = fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), length, &direction, levels.data());
    line.right_to_left = FRIBIDI_IS_RTL(direction);

    // Runs of one level and one face, in logical order. A character that no face has stays with the first.
    struct Run {
        unsigned first, count;
        std::uint32_t face;
        FriBidiLevel level;
    };
    const auto face_for = [&](FriBidiChar c, std::uint32_t before) {
        const bool joins = FRIBIDI_IS_SPACE(fribidi_get_bidi_type(c)) || fribidi_get_bidi_type(c) == FRIBIDI_TYPE_NSM;
        if (joins && before != nothing && (c == ' ' || FT_Get_Char_Index(faces_[before]->face, c))) return before;
        std::uint32_t any = 0;
        for (const bool same_weight : {true, false})
            for (std::uint32_t i = 0; i < faces_.size(); ++i) {
                if ((faces_[i]->bold == bold) != same_weight) continue;
                if (FT_Get_Char_Index(faces_[i]->face, c)) return i;
                if (same_weight && faces_[any]->bold != bold) any = i;
            }
        return any;
    };
    std::vector<Run> runs;
    std::uint32_t face = nothing;
    for (unsigned i = 0; i < text.size(); ++i) {
        face = face_for(text[i], face);
        if (runs.empty() || runs.back().face != face || runs.back().level != levels[i]) runs.push_back({i, 0, face, levels[i]});
        ++runs.back().count;
    }
    // UAX #9, L2: reversed from the highest level down to the lowest odd one.
    for (int level = highest - 1; level >= 1; --level)
        for (auto begin = runs.begin(); begin != runs.end();) {
            if (begin->level < level) {
                ++begin;
                continue;
            }
            auto end = begin;
            while (end != runs.end() && end->level >= level) ++end;
            std::reverse(begin, end);
            begin = end;
        }

    hb_buffer_t* buffer = hb_buffer_create();
    float pen = 0;
    for (const Run& run : runs) {
        faces_[run.face]->resize(em_px);
        hb_buffer_clear_contents(buffer);
        hb_buffer_add_utf32(buffer, text.data(), static_cast<int>(text.size()), run.first, static_cast<int>(run.count));
        hb_buffer_set_direction(buffer, run.level % 2 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
        hb_buffer_guess_segment_properties(buffer);
        hb_shape(faces_[run.face]->font, buffer, nullptr, 0);
        unsigned count = 0;
        const hb_glyph_info_t* glyphs = hb_buffer_get_glyph_infos(buffer, &count);
        const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer, &count);
        for (unsigned i = 0; i < count; ++i) {
            const auto px = [](hb_position_t v) { return static_cast<float>(v) / 64; };
            line.glyphs.push_back({{run.face, glyphs[i].codepoint}, pen + px(places[i].x_offset), -px(places[i].y_offset)});
            pen += px(places[i].x_advance);
        }
    }
    hb_buffer_destroy(buffer);
    line.width = pen;
    return line;
}

GlyphBitmap Shaper::draw(GlyphName name, float em_px) const {
    GlyphBitmap bitmap;
    if (name.face >= faces_.size()) return bitmap;
    Face& face = *faces_[name.face];
    face.resize(em_px);
    if (FT_Load_Glyph(face.face, name.glyph, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) != 0) return bitmap;
    const FT_GlyphSlot slot = face.face->glyph;
    if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) return bitmap;
    bitmap.width = static_cast<int>(slot->bitmap.width);
    bitmap.height = static_cast<int>(slot->bitmap.rows);
    bitmap.left = slot->bitmap_left;
    bitmap.top = slot->bitmap_top;
    bitmap.pixels.resize(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height));
    for (int y = 0; y < bitmap.height; ++y)
        std::copy_n(slot->bitmap.buffer + static_cast<std::ptrdiff_t>(y) * slot->bitmap.pitch, bitmap.width,
                    bitmap.pixels.data() + static_cast<std::ptrdiff_t>(y) * bitmap.width);
    return bitmap;
}

}  // namespace vitrine::panel
