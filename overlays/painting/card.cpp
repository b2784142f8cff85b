#include "overlays/painting/card.h"

#include <cairo.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

namespace {

/// One strip of the card, as high as it needs, drawn at a y given later.
struct Strip {
    double height = 0;
    std::function<void(const Canvas&, double x, double y)> draw;
};

class Setter {
  public:
    Setter(const CardContent& content, const PictureScale& scale, double inner, bool stack_labels)
        : content_(content),
          scale_(scale),
          inner_(inner),
          stack_labels_(stack_labels),
          rtl_(is_right_to_left(content.languages.first)),
          start_(rtl_ ? TextAlign::right : TextAlign::left) {}

    void gap(double at_720) { strips.push_back({scale_.px(at_720), nullptr}); }

    void rule() {
        const double thick = std::max(1.0, scale_.px(1)), inner = inner_;
        strips.push_back({thick, [=](const Canvas& canvas, double x, double y) {
                              canvas.colour(look().dark.line);
                              cairo_rectangle(canvas.cr(), x, y, inner, thick);
                              cairo_fill(canvas.cr());
                          }});
    }

    void text(const std::string& utf8, const std::string& language, double size, bool bold, Rgb colour, int lines) {
        const TextBlock block = FontBook::of_this_thread().set(utf8, language, {size, bold, colour, inner_, lines});
        strips.push_back({block.height(), [block, start = start_, inner = inner_](const Canvas& canvas, double x, double y) {
                              block.draw(canvas.cr(), x, y, start, inner);
                          }});
    }

    void both(const BilingualText& t, double size, bool bold, Rgb colour, int lines) {
        text(t.first, content_.languages.first, size, bold, colour, lines);
        if (!t.second.empty()) text(t.second, content_.languages.second, scale_.second(size), false, look().dark.ink_2, lines);
    }

    /// A label at the start, a figure with its small part at the end, on one baseline. `figure` and `small` are read in that order when
    /// `figure_first`, and from left to right in every script.
    void row(const BilingualText& label, double label_size, Rgb label_colour, const std::string& figure, const std::string& small,
             bool figure_first, double figure_size, Rgb figure_colour) {
        FontBook& book = FontBook::of_this_thread();
        const std::string& language = content_.languages.first;
        const TextBlock extra = book.set(small, language, {scale_.text(20), false, look().dark.ink_2, inner_ * 0.3, 1});
        const double extra_gap = extra.empty() ? 0 : scale_.px(6);
        const double room = inner_ * 0.62 - extra.width() - extra_gap;
        TextBlock value = book.set(figure, language, {figure_size, true, figure_colour, 0, 1});
        if (value.width() > room) value = book.set(figure, language, {scale_.text(20), true, figure_colour, room, 2});
        const double taken = value.width() + extra_gap + extra.width();
        const double label_room = inner_ - taken - scale_.px(12);
        const TextBlock first = book.set(label.first, language, {label_size, false, label_colour, label_room, 2});
        TextBlock second = book.set(label.second, content_.languages.second, {scale_.least(), false, look().dark.ink_2, label_room, 1});
        // The second language goes behind the first where there is room, else below it.
        const double second_gap = scale_.px(8);
        const bool inline_second = first.width() + second_gap + second.width() <= label_room && first.height() < 2 * label_size;
        if (!inline_second && !stack_labels_) second = TextBlock();

        const double labels = inline_second ? first.height() : first.height() + second.height(), height = std::max(labels, value.height());
        const double inner = inner_;
        const bool rtl = rtl_;
        const TextAlign start = start_;
        strips.push_back({height, [=](const Canvas& canvas, double x, double y) {
                              const double label_x = rtl ? x + inner - label_room : x, value_x = rtl ? x : x + inner - taken;
                              const double label_y = y + (height - labels) / 2, value_y = y + (height - value.height()) / 2;
                              first.draw(canvas.cr(), label_x, label_y, start, label_room);
                              const double behind = first.width() + second_gap;
                              if (inline_second)
                                  second.draw(canvas.cr(), rtl ? label_x : label_x + behind, label_y + first.baseline() - second.baseline(),
                                              start, label_room - behind);
                              else
                                  second.draw(canvas.cr(), label_x, label_y + first.height(), start, label_room);
                              const double figure_x = figure_first ? value_x : value_x + extra.width() + extra_gap;
                              const double extra_x = figure_first ? value_x + value.width() + extra_gap : value_x;
                              value.draw(canvas.cr(), figure_x, value_y, rtl ? TextAlign::left : TextAlign::right, value.width());
                              extra.draw(canvas.cr(), extra_x, value_y + value.baseline() - extra.baseline(), TextAlign::left,
                                         extra.width());
                          }});
    }

    std::vector<Strip> strips;

  private:
    const CardContent& content_;
    const PictureScale& scale_;
    double inner_;
    bool stack_labels_;
    bool rtl_;
    TextAlign start_;
};

std::string with_number(std::string sentence, int n) {
    const auto at = sentence.find("{n}");
    return at == std::string::npos ? sentence : sentence.replace(at, 3, std::to_string(n));
}

/// What is left of a content when it must be shortened.
struct Shown {
    CardContent content;
    bool stack_labels = true;  ///< false: a label's second language only where it fits behind the first
};

std::vector<Strip> set_card(const Shown& shown, const PictureScale& scale, double inner) {
    const Palette& palette = look().dark;
    const CardContent& c = shown.content;
    Setter card(c, scale, inner, shown.stack_labels);
    card.both(c.name, scale.text(32), true, palette.ink, 2);
    if (!c.description.first.empty()) {
        card.gap(6);
        card.both(c.description, scale.text(21), false, palette.ink_2, 2);
    }
    if (!c.specs.empty()) {
        card.gap(12);
        for (const auto& spec : c.specs) {
            card.rule();
            card.gap(5);
            card.row(spec.label, scale.text(22), palette.ink, spec.value, spec.unit, true, scale.text(28), palette.ink);
            card.gap(5);
        }
    }
    if (c.specs_left_out > 0) {
        card.rule();
        card.gap(5);
        card.text(with_number(message("card.and_more", c.languages.first), c.specs_left_out), c.languages.first, scale.text(20), false,
                  palette.ink_2, 1);
        card.gap(5);
    }
    if (!c.tiers.empty()) {
        card.rule();
        card.gap(10);
        const BilingualText title = bilingual_message("card.price_tiers", c.languages);
        const bool one_line = !title.second.empty() && is_right_to_left(c.languages.first) == is_right_to_left(c.languages.second);
        if (one_line)
            card.text(title.first + " · " + title.second, c.languages.first, scale.text(20), false, palette.ink_2, 1);
        else
            card.both(title, scale.text(20), false, palette.ink_2, 1);
        card.gap(2);
        for (const auto& tier : c.tiers)
            card.row({tier.quantity + "+ " + message("card.pieces", c.languages.first), ""}, scale.text(22), palette.ink, tier.price,
                     tier.currency, false, scale.text(30), c.accent);
        if (c.tiers_left_out > 0)
            card.text(with_number(message("card.and_more", c.languages.first), c.tiers_left_out), c.languages.first, scale.text(20), false,
                      palette.ink_2, 1);
    }
    return std::move(card.strips);
}

double height_of(const std::vector<Strip>& strips) {
    double sum = 0;
    for (const Strip& strip : strips) sum += strip.height;
    return sum;
}

/// Leaves out the next thing; false when only the name is left.
bool reduce(Shown& shown) {
    CardContent& c = shown.content;
    if (!c.description.second.empty()) {
        c.description.second.clear();
        return true;
    }
    if (shown.stack_labels) {
        shown.stack_labels = false;
        return true;
    }
    if (!c.description.first.empty()) {
        c.description.first.clear();
        return true;
    }
    constexpr std::size_t both = 2;  // a card of prices alone, or of properties alone, says too little
    if (c.tiers.size() > both && c.specs.size() <= both) {
        c.tiers.pop_back();
        ++c.tiers_left_out;
        return true;
    }
    if (!c.specs.empty()) {
        c.specs.pop_back();
        ++c.specs_left_out;
        return true;
    }
    if (c.specs_left_out > 0) {  // no room to say even that
        c.specs_left_out = 0;
        return true;
    }
    if (!c.tiers.empty()) {
        c.tiers.pop_back();
        ++c.tiers_left_out;
        return true;
    }
    return false;
}

}  // namespace

CardContent card_content(const ProductConfig& product, const PictureLanguages& languages) {
    CardContent c{bilingual(product.name, languages), {}, {}, {}, 0, 0, languages};
    if (product.description) c.description = bilingual(*product.description, languages);
    for (const Spec& spec : product.specs) {
        if (c.specs.size() == CardContent::most_specs) {
            ++c.specs_left_out;
            continue;
        }
        c.specs.push_back({bilingual(spec.label, languages), spec.value, spec.unit});
    }
    for (const PriceTier& tier : product.prices) {
        if (!tier.group.empty()) continue;  // everybody sees the picture
        if (c.tiers.size() == CardContent::most_tiers) {
            ++c.tiers_left_out;
            continue;
        }
        c.tiers.push_back({number_text(tier.min, 0, languages.first), price_text(tier.unit, languages.first), tier.currency});
    }
    return c;
}

namespace {

/// A plate with strips below each other in columns of `inner` px, `gap` apart, the first column at the start edge; `head` above them all.
PlateSprite plate_of(const std::vector<Strip>& head, const std::vector<std::vector<Strip>>& columns, const PictureScale& scale,
                     double inner, double gap, int width, int height, bool rtl) {
    const double pad_x = scale.px(18), pad_y = scale.px(14), reach = scale.px(12);
    PlateSprite plate;
    double rows = 0;
    for (const auto& column : columns) rows = std::max(rows, height_of(column));
    plate.margin = PictureScale::even(reach) + 2;
    const int plate_height = std::min(height, PictureScale::even(height_of(head) + rows + 2 * pad_y));
    const Canvas canvas(width + 2 * plate.margin, plate_height + 2 * plate.margin);
    canvas.plate(plate.margin, plate.margin, width, plate_height, scale.px(look().shape.radius_card), look().dark.surface,
                 look().picture.surface_opacity, reach);
    const auto draw = [&](const std::vector<Strip>& strips, double x, double from) {
        for (const Strip& strip : strips) {
            if (strip.draw) strip.draw(canvas, x, from);
            from += strip.height;
        }
        return from;
    };
    const double y = draw(head, plate.margin + pad_x, plate.margin + pad_y);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t place = rtl ? columns.size() - 1 - i : i;
        draw(columns[i], plate.margin + pad_x + static_cast<double>(place) * (inner + gap), y);
    }
    plate.sprite = canvas.sprite(false);
    return plate;
}

}  // namespace

PlateSprite render_spec_table(const ProductConfig& product, const PictureLanguages& languages, const PictureScale& scale, int width,
                              int widest, int height) {
    const Palette& palette = look().dark;
    const double pad_x = scale.px(18), pad_y = scale.px(14), gap = scale.px(28);
    CardContent content{bilingual(product.name, languages), {}, {}, {}, 0, 0, languages};
    const bool rtl = is_right_to_left(languages.first);
    const auto heading = [&](double inner) {
        Setter setter(content, scale, inner, true);
        setter.both(content.name, scale.text(32), true, palette.ink, 2);
        setter.gap(10);
        return std::move(setter.strips);
    };
    const auto rows = [&](double inner, bool stack, std::size_t first, std::size_t last, std::size_t left_out) {
        Setter setter(content, scale, inner, stack);
        for (std::size_t i = first; i < last; ++i) {
            const Spec& spec = product.specs[i];
            setter.rule();
            setter.gap(5);
            setter.row(bilingual(spec.label, languages), scale.text(22), palette.ink, spec.value, spec.unit, true, scale.text(28),
                       palette.ink);
            setter.gap(5);
        }
        if (left_out > 0) {
            setter.rule();
            setter.gap(5);
            setter.text(with_number(message("card.and_more", languages.first), static_cast<int>(left_out)), languages.first, scale.text(20),
                        false, palette.ink_2, 1);
        }
        return std::move(setter.strips);
    };
    if (width - 2 * pad_x < scale.px(80)) return {};
    const std::size_t count = product.specs.size();
    const auto attempt = [&](std::size_t columns, bool stack, std::size_t shown) -> std::optional<PlateSprite> {
        const int whole = columns == 1 ? width : widest;
        const double inner = columns == 1 ? whole - 2 * pad_x : (whole - 2 * pad_x - gap) / 2;
        const std::vector<Strip> head = heading(whole - 2 * pad_x);
        const std::size_t first = (shown + columns - 1) / columns;
        std::vector<std::vector<Strip>> set{rows(inner, stack, 0, first, columns == 1 ? count - shown : 0)};
        if (columns == 2) set.push_back(rows(inner, stack, first, shown, count - shown));
        double most = 0;
        for (const auto& column : set) most = std::max(most, height_of(column));
        if (height_of(head) + most + 2 * pad_y > height) return std::nullopt;
        return plate_of(head, set, scale, inner, gap, whole, height, rtl);
    };
    const bool wide = widest >= width * 5 / 4;
    for (const std::size_t columns : {std::size_t{1}, std::size_t{2}})
        for (const bool stack : {true, false})
            if (columns == 1 || wide)
                if (auto plate = attempt(columns, stack, count)) return std::move(*plate);
    for (std::size_t shown = count; shown-- > 0;)
        if (auto plate = attempt(wide ? 2 : 1, false, shown)) return std::move(*plate);
    return {};
}

PlateSprite render_card(const CardContent& content, const PictureScale& scale, int width, int height) {
    const double pad_x = scale.px(18), pad_y = scale.px(14), inner = width - 2 * pad_x;
    if (inner < scale.px(80)) return {};
    Shown shown{content};
    std::vector<Strip> strips = set_card(shown, scale, inner);
    while (height_of(strips) + 2 * pad_y > height) {
        if (!reduce(shown)) return {};
        strips = set_card(shown, scale, inner);
    }
    return plate_of({}, {strips}, scale, inner, 0, width, height, is_right_to_left(content.languages.first));
}

}  // namespace vitrine
