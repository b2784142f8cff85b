#include "overlays/painting/lower_third.h"

#include <cairo.h>

#include <algorithm>
#include <vector>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

namespace {

/// A speech bubble in outline: what stands beside it is a language.
void draw_bubble(const Canvas& canvas, double x, double y, double size) {
    cairo_t* cr = canvas.cr();
    const double h = size * 0.72, r = size * 0.16;
    canvas.colour(look().dark.ink_2);
    cairo_set_line_width(cr, std::max(1.0, size / 11));
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    constexpr double quarter = 1.5707963267948966;
    cairo_new_path(cr);
    cairo_arc(cr, x + size - r, y + r, r, -quarter, 0);
    cairo_arc(cr, x + size - r, y + h - r, r, 0, quarter);
    cairo_line_to(cr, x + size * 0.48, y + h);
    cairo_line_to(cr, x + size * 0.26, y + size);
    cairo_line_to(cr, x + size * 0.26, y + h);
    cairo_arc(cr, x + r, y + h - r, r, quarter, 2 * quarter);
    cairo_arc(cr, x + r, y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(cr);
    cairo_stroke(cr);
}

}  // namespace

PlateSprite render_lower_third(const SpeakerConfig& speaker, const PictureLanguages& languages, const PictureScale& scale, Rgb accent,
                               int width) {
    const Palette& palette = look().dark;
    FontBook& book = FontBook::of_this_thread();
    const double bar = std::max(3.0, scale.px(6)), pad_x = scale.px(18), pad_y = scale.px(10), reach = scale.px(9);
    const double room = width - bar - 2 * pad_x;
    PlateSprite plate;
    if (room < scale.px(80)) return plate;

    struct Line {
        TextBlock block;
        double gap;
    };
    std::vector<Line> lines;
    const auto add = [&](const std::string& text, const std::string& language, double size, bool bold, Rgb colour, double gap) {
        TextBlock block = book.set(text, language, {size, bold, colour, room, 1});
        if (!block.empty()) lines.push_back({std::move(block), lines.empty() ? 0 : gap});
    };
    const BilingualText name = bilingual(speaker.name, languages);
    add(name.first, languages.first, scale.text(36), true, palette.ink, 0);
    add(name.second, languages.second, scale.second(scale.text(36)), false, palette.ink_2, 0);
    if (speaker.role) {
        const BilingualText role = bilingual(*speaker.role, languages);
        add(role.first, languages.first, scale.text(24), false, palette.ink, scale.px(2));
        add(role.second, languages.second, scale.second(scale.text(24)), false, palette.ink_2, 0);
    }
    if (lines.empty()) return plate;
    const std::string spoken = speaker.language.empty() ? "" : language_name(speaker.language);
    const double bubble = scale.px(18), bubble_gap = scale.px(8);
    const TextBlock language = book.set(spoken, speaker.language, {scale.text(20), false, palette.ink_2, room - bubble - bubble_gap, 1});
    const double language_gap = language.empty() ? 0 : scale.px(5);

    double inner = language.empty() ? 0 : bubble + bubble_gap + language.width(), height = language_gap + language.height();
    for (const Line& line : lines) {
        inner = std::max(inner, line.block.width());
        height += line.gap + line.block.height();
    }
    plate.margin = PictureScale::even(reach) + 2;
    const int plate_width = std::min(width & ~1, PictureScale::even(inner + bar + 2 * pad_x)),
              plate_height = PictureScale::even(height + 2 * pad_y);
    const Canvas canvas(plate_width + 2 * plate.margin, plate_height + 2 * plate.margin);
    const double radius = scale.px(look().shape.radius_card);
    canvas.plate(plate.margin, plate.margin, plate_width, plate_height, radius, palette.surface, look().picture.surface_opacity, reach);

    const bool rtl = is_right_to_left(languages.first);
    cairo_t* cr = canvas.cr();
    cairo_save(cr);  // the bar takes the plate's own rounded corners
    canvas.rounded(plate.margin, plate.margin, plate_width, plate_height, radius);
    cairo_clip(cr);
    canvas.colour(accent);
    cairo_rectangle(cr, rtl ? plate.margin + plate_width - bar : plate.margin, plate.margin, bar, plate_height);
    cairo_fill(cr);
    cairo_restore(cr);

    const TextAlign start = rtl ? TextAlign::right : TextAlign::left;
    const double x = plate.margin + pad_x + (rtl ? 0 : bar), box = plate_width - bar - 2 * pad_x;
    double y = plate.margin + pad_y;
    for (const Line& line : lines) {
        y += line.gap;
        line.block.draw(cr, x, y, start, box);
        y += line.block.height();
    }
    if (!language.empty()) {
        y += language_gap;
        draw_bubble(canvas, rtl ? x + box - bubble : x, y + (language.height() - bubble) / 2, bubble);
        language.draw(cr, rtl ? x : x + bubble + bubble_gap, y, start, box - bubble - bubble_gap);
    }
    plate.sprite = canvas.sprite(false);
    return plate;
}

}  // namespace vitrine
