#include "overlays/painting/badge.h"

#include <cairo.h>

#include <algorithm>
#include <functional>
#include <string>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

namespace {

/// A badge's inside: how wide it is and how it is drawn with its left edge at x, in the row's height from y.
struct Inside {
    double width = 0;
    std::function<void(const Canvas&, double x, double y)> draw;
};

class Setter {
  public:
    Setter(const PictureLanguages& languages, const PictureScale& scale, double height)
        : languages_(languages), scale_(scale), height_(height), rtl_(is_right_to_left(languages.first)) {}

    Inside certificate(const BadgeConfig& badge, const std::optional<LogoPicture>& mark) const {
        if (mark) {
            const double factor = (height_ - scale_.px(16)) / mark->height;
            Inside inside{mark->width * factor, [mark, factor, this](const Canvas& canvas, double x, double y) {
                              draw_logo(canvas, *mark, x, y + scale_.px(8), factor);
                          }};
            return badge.label ? beside(inside, words(bilingual(*badge.label, languages_).first, "")) : inside;
        }
        const TextBlock text = set(badge.text, badge.label ? 22 : 28, true, look().dark.ink);
        const TextBlock label = badge.label ? set(bilingual(*badge.label, languages_).first, 20, false, look().dark.ink_2) : TextBlock();
        return stack(text, label);
    }

    Inside energy(const BadgeConfig& badge) const {
        const Inside arrow = energy_arrow(badge.grade);
        const std::string label = badge.label ? bilingual(*badge.label, languages_).first : message("badge.energy", languages_.first);
        return beside(arrow, words(label, badge.scheme));
    }

    Inside carbon(const BadgeConfig& badge) const {
        const std::string label = badge.label ? bilingual(*badge.label, languages_).first : message("badge.carbon", languages_.first);
        const TextBlock above = set(badge.scheme.empty() ? label : label + " · " + badge.scheme, 20, false, look().dark.ink_2);
        const TextBlock value = set(amount_text(badge.value, languages_.first), 22, true, look().dark.ink),
                        unit = set(badge.unit, 20, false, look().dark.ink_2);
        const double gap = unit.empty() ? 0 : scale_.px(5), pair = value.width() + gap + unit.width();
        const double width = std::max(above.width(), pair);
        return {width, [=, this](const Canvas& canvas, double x, double y) {
                    const double top = y + (height_ - above.height() - value.height()) / 2, at = rtl_ ? x + width - pair : x;
                    above.draw(canvas.cr(), x, top, start(), width);
                    value.draw(canvas.cr(), at, top + above.height(), TextAlign::left, value.width());
                    unit.draw(canvas.cr(), at + value.width() + gap, top + above.height() + value.baseline() - unit.baseline(),
                              TextAlign::left, unit.width());
                }};
    }

  private:
    TextAlign start() const { return rtl_ ? TextAlign::right : TextAlign::left; }

    TextBlock set(const std::string& text, double size, bool bold, Rgb colour) const {
        return FontBook::of_this_thread().set(text, languages_.first, {scale_.text(size), bold, colour, scale_.safe.width * 0.3, 1});
    }

    Inside stack(const TextBlock& above, const TextBlock& below) const {
        const double width = std::max(above.width(), below.width());
        return {width, [=, this](const Canvas& canvas, double x, double y) {
                    const double top = y + (height_ - above.height() - below.height()) / 2;
                    const TextAlign align = below.empty() ? TextAlign::centre : start();
                    above.draw(canvas.cr(), x, top, align, width);
                    below.draw(canvas.cr(), x, top + above.height(), align, width);
                }};
    }

    Inside words(const std::string& above, const std::string& below) const {
        return stack(set(above, 20, false, look().dark.ink), set(below, 20, false, look().dark.ink_2));
    }

    /// The first nearer the start.
    Inside beside(const Inside& first, const Inside& second) const {
        const double gap = scale_.px(10), width = first.width + gap + second.width;
        return {width, [=, this](const Canvas& canvas, double x, double y) {
                    first.draw(canvas, rtl_ ? x + second.width + gap : x, y);
                    second.draw(canvas, rtl_ ? x : x + first.width + gap, y);
                }};
    }

    /// As products are advertised with it: the range of classes in a box, and the arrow with the product's class.
    Inside energy_arrow(char grade) const {
        const double inset = scale_.px(6), h = height_ - 2 * inset, box = h * 0.46, arrow = h * 1.15;
        FontBook& book = FontBook::of_this_thread();
        const TextBlock letter = book.set(std::string(1, grade), "en", {h * 0.78, true, {255, 255, 255}, 0, 1});
        const TextBlock best = book.set("A", "en", {h * 0.42, true, {0, 0, 0}, 0, 1}),
                        worst = book.set("G", "en", {h * 0.42, true, {0, 0, 0}, 0, 1});
        return {box + arrow, [=](const Canvas& canvas, double x, double y0) {
                    cairo_t* cr = canvas.cr();
                    const double y = y0 + inset, tip = h * 0.42, line = std::max(1.0, h / 40);
                    cairo_rectangle(cr, x, y, box, h);
                    canvas.colour({255, 255, 255});
                    cairo_fill(cr);
                    best.draw(cr, x, y + h * 0.02, TextAlign::centre, box);
                    worst.draw(cr, x, y + h * 0.48, TextAlign::centre, box);
                    const double left = x + box;
                    cairo_move_to(cr, left, y);
                    cairo_line_to(cr, left + arrow - tip, y);
                    cairo_line_to(cr, left + arrow, y + h / 2);
                    cairo_line_to(cr, left + arrow - tip, y + h);
                    cairo_line_to(cr, left, y + h);
                    cairo_close_path(cr);
                    canvas.colour(energy_colour(grade));
                    cairo_fill(cr);
                    const double lx = left + (arrow - tip * 0.6 - letter.width()) / 2, ly = y + (h - letter.height()) / 2;
                    letter.outline(cr, lx, ly, {0, 0, 0}, 2.5 * line);
                    letter.draw(cr, lx, ly, TextAlign::left, letter.width());
                }};
    }

    const PictureLanguages& languages_;
    const PictureScale& scale_;
    double height_;
    bool rtl_;
};

}  // namespace

Rgb energy_colour(char grade) { return look().energy[static_cast<std::size_t>(std::clamp(grade - 'A', 0, 6))]; }

PlateSprite render_badges(const std::vector<BadgeConfig>& badges, const std::vector<std::optional<LogoPicture>>& marks,
                          const PictureLanguages& languages, const PictureScale& scale, int width) {
    const int height = PictureScale::even(look().picture.logo_height * std::min(scale.width, scale.height));
    const double pad = scale.px(12), gap = scale.px(8), reach = scale.px(6);
    const Setter setter(languages, scale, height);
    std::vector<Inside> insides;
    double total = 0;
    for (std::size_t i = 0; i < badges.size(); ++i) {
        const BadgeConfig& badge = badges[i];
        const Inside inside = badge.kind == BadgeKind::energy   ? setter.energy(badge)
                              : badge.kind == BadgeKind::carbon ? setter.carbon(badge)
                                                                : setter.certificate(badge, i < marks.size() ? marks[i] : std::nullopt);
        const double more = inside.width + 2 * pad + (insides.empty() ? 0 : gap);
        if (total + more > width) break;
        total += more;
        insides.push_back(inside);
    }
    PlateSprite row;
    if (insides.empty()) return row;
    row.margin = PictureScale::even(reach) + 2;
    const int row_width = PictureScale::even(total);
    const Canvas canvas(row_width + 2 * row.margin, height + 2 * row.margin);
    const bool rtl = is_right_to_left(languages.first);
    double x = rtl ? row.margin + row_width : row.margin;
    for (const Inside& inside : insides) {
        const double plate = inside.width + 2 * pad;
        if (rtl) x -= plate;
        canvas.plate(x, row.margin, plate, height, scale.px(look().shape.radius_control), look().dark.surface,
                     look().picture.surface_opacity, reach);
        inside.draw(canvas, x + pad, row.margin);
        x += rtl ? -gap : plate + gap;
    }
    row.sprite = canvas.sprite(false);
    return row;
}

}  // namespace vitrine
