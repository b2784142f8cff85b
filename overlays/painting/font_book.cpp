#include "overlays/painting/font_book.h"

#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "overlays/painting/brand_font.h"

namespace vitrine {

namespace {

constexpr double line_ascent = 0.95, line_descent = 0.27;  // of the em, when the ink needs no more

struct GObjectDeleter {
    void operator()(void* object) const { g_object_unref(object); }
};

std::string clean(const std::string& utf8) {
    char* valid = g_utf8_make_valid(utf8.data(), static_cast<gssize>(utf8.size()));
    std::string text(valid);
    g_free(valid);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return text;
}

/// `text`, which is what `layout` holds, without the grapheme clusters for which no font here has a glyph, and without the double spaces
/// that they leave.
std::string without_unknown(PangoLayout* layout, const std::string& text) {
    std::vector<bool> unknown(text.size());
    PangoLayoutIter* iter = pango_layout_get_iter(layout);
    do {
        const PangoLayoutRun* run = pango_layout_iter_get_run_readonly(iter);
        if (!run) continue;
        for (int g = 0; g < run->glyphs->num_glyphs; ++g)
            if (const auto at = static_cast<std::size_t>(run->item->offset + run->glyphs->log_clusters[g]);
                (run->glyphs->glyphs[g].glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 && at < unknown.size())
                unknown[at] = true;
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);

    // A cluster that shows a box goes as a whole: with its joiners, variation selectors and marks.
    int count = 0;
    const PangoLogAttr* attributes = pango_layout_get_log_attrs_readonly(layout, &count);
    std::string kept, cluster;
    bool bad = false;
    const auto close = [&] {
        if (!bad && !(cluster == " " && (kept.empty() || kept.back() == ' '))) kept += cluster;
        cluster.clear();
        bad = false;
    };
    int index = 0;
    for (const char* at = text.c_str(); *at != '\0'; at = g_utf8_next_char(at), ++index) {
        if (index < count && attributes[index].is_cursor_position) close();
        cluster.append(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
        bad = bad || unknown[static_cast<std::size_t>(at - text.c_str())];
    }
    close();
    while (!kept.empty() && kept.back() == ' ') kept.pop_back();
    return kept;
}

/// The look's families, those made for `language` moved to the front of their script: Han characters differ by country.
std::string families_for(const std::string& language) {
    std::vector<std::string> families = look().type.families;
    const std::string own = language == "ja" ? "Noto Sans CJK JP" : language == "ko" ? "Noto Sans CJK KR" : "";
    const auto at = std::find(families.begin(), families.end(), own);
    const auto chinese = std::find(families.begin(), families.end(), "Noto Sans CJK SC");
    if (at != families.end() && chinese < at) std::rotate(chinese, at, at + 1);
    std::string list = brand_family();
    for (const auto& family : families) list += (list.empty() ? "" : ",") + family;
    return list;
}

}  // namespace

bool is_right_to_left(const std::string& language) {
    static constexpr std::array rtl{"ar", "he", "fa", "ur", "ps", "ckb", "yi"};
    const std::string primary = language.substr(0, language.find('-'));
    return std::find(rtl.begin(), rtl.end(), primary) != rtl.end();
}

struct FontBook::Core {
    std::unique_ptr<PangoFontMap, GObjectDeleter> map{pango_cairo_font_map_new()};
    std::unique_ptr<PangoContext, GObjectDeleter> context{pango_font_map_create_context(map.get())};
    std::set<std::string> families;
    unsigned brand_changes = brand_font_changes();
};

FontBook::FontBook() : core_(std::make_unique<Core>()) {
    pango_cairo_context_set_resolution(core_->context.get(), 96);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(core_->context.get(), options);
    cairo_font_options_destroy(options);
}

FontBook::~FontBook() = default;

FontBook& FontBook::of_this_thread() {
    thread_local FontBook book;
    return book;
}

bool FontBook::has_family(const std::string& family) const {
    if (core_->families.empty()) {  // only when somebody asks: it takes a while
        PangoFontFamily** list = nullptr;
        int count = 0;
        pango_font_map_list_families(core_->map.get(), &list, &count);
        for (int i = 0; i < count; ++i) core_->families.insert(pango_font_family_get_name(list[i]));
        g_free(list);
    }
    return core_->families.count(family) != 0;
}

std::vector<std::string> FontBook::problems() const {
    struct Needed {
        const char *family, *script, *package;
    };
    static constexpr Needed needed[] = {{"Noto Sans", "Latin", "fonts-noto-core"},
                                        {"Noto Sans CJK SC", "Chinese", "fonts-noto-cjk"},
                                        {"Noto Naskh Arabic", "Arabic", "fonts-noto-core"}};
    std::vector<std::string> sentences;
    for (const Needed& n : needed)
        if (!has_family(n.family))
            sentences.push_back(std::string("The font family ") + n.family + " is missing, so " + n.script +
                                " text in the picture may look wrong or show boxes: install the package " + n.package + ".");
    return sentences;
}

TextBlock FontBook::set(const std::string& utf8, const std::string& language, const TextStyle& style) {
    TextBlock block;
    std::string text = clean(utf8);
    if (text.empty() || style.size < 1) return block;

    if (const unsigned changes = brand_font_changes(); changes != core_->brand_changes) {
        core_->brand_changes = changes;
        pango_fc_font_map_config_changed(PANGO_FC_FONT_MAP(core_->map.get()));
    }
    pango_context_set_language(core_->context.get(), pango_language_from_string(language.c_str()));
    const std::shared_ptr<PangoLayout> layout(pango_layout_new(core_->context.get()), GObjectDeleter());
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, families_for(language).c_str());
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
    if (style.max_width > 0) {
        pango_layout_set_width(layout.get(), static_cast<int>(std::ceil(style.max_width)) * PANGO_SCALE);
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
        pango_layout_set_height(layout.get(), -std::max(1, style.max_lines));
    } else {
        pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    }
    pango_layout_set_text(layout.get(), text.c_str(), -1);
    // Again while there are some: what had been behind an ellipsis may have come to light.
    for (int round = 0; round < 8 && pango_layout_get_unknown_glyphs_count(layout.get()) > 0; ++round) {
        text = without_unknown(layout.get(), text);
        if (text.empty()) return block;
        pango_layout_set_text(layout.get(), text.c_str(), -1);
    }

    block.colour_ = style.colour;
    const int count = pango_layout_get_line_count(layout.get());
    for (int i = 0; i < count; ++i) {
        PangoRectangle ink, logical;
        pango_layout_line_get_extents(pango_layout_get_line_readonly(layout.get(), i), &ink, &logical);
        const double ascent = std::max(line_ascent * style.size, -ink.y / double{PANGO_SCALE});
        const double descent = std::max(line_descent * style.size, (ink.y + ink.height) / double{PANGO_SCALE});
        const double width = logical.width / double{PANGO_SCALE};
        block.lines_.push_back({i, logical.x / double{PANGO_SCALE}, width, block.height_ + ascent});
        block.height_ += ascent + descent;
        block.width_ = std::max(block.width_, width);
    }
    block.layout_ = layout;
    return block;
}

void TextBlock::outline(cairo_t* cr, double x, double y, Rgb colour, double width) const {
    if (lines_.empty()) return;
    cairo_save(cr);
    cairo_move_to(cr, x - lines_.front().left, y + lines_.front().baseline);
    pango_cairo_layout_line_path(cr, pango_layout_get_line_readonly(layout_.get(), lines_.front().index));
    cairo_set_source_rgb(cr, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
    cairo_set_line_width(cr, width);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
    cairo_restore(cr);
}

void TextBlock::draw(cairo_t* cr, double x, double y, TextAlign align, double box_width) const {
    cairo_set_source_rgb(cr, colour_.r / 255.0, colour_.g / 255.0, colour_.b / 255.0);
    for (const Line& line : lines_) {
        const double spare = box_width - line.width;
        const double shift = align == TextAlign::left ? 0 : align == TextAlign::right ? spare : spare / 2;
        cairo_move_to(cr, x + shift - line.left, y + line.baseline);
        pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout_.get(), line.index));
    }
}

}  // namespace vitrine
