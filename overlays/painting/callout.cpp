#include "overlays/painting/callout.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

Halo line_halo(const PictureScale& scale) { return {std::max(1.0, scale.px(1.6)), to_ycc(look().dark.ground), 0.65}; }

PlateSprite render_callout(const CalloutContent& content, const PictureScale& scale) {
    const Palette& palette = look().dark;
    FontBook& book = FontBook::of_this_thread();
    const double first_size = scale.text(24), value_size = scale.text(30);
    const double widest = 0.24 * std::min(scale.width, scale.safe.width * 16 / 9);

    struct Part {
        TextBlock block;
        double gap;
    };
    std::vector<Part> parts;
    parts.push_back({book.set(content.text.first, content.languages.first, {first_size, true, palette.ink, widest, 2}), 0});
    if (!content.text.second.empty())
        parts.push_back(
            {book.set(content.text.second, content.languages.second, {scale.second(first_size), false, palette.ink_2, widest, 2}),
             scale.px(1)});
    TextBlock value, unit;
    if (!content.value.empty()) {
        value = book.set(content.value, content.languages.first, {value_size, true, palette.ink, widest, 1});
        unit = book.set(content.unit, content.languages.first, {scale.text(20), false, palette.ink_2, 0, 1});
    }
    const double unit_gap = unit.empty() ? 0 : scale.px(6);

    double width = value.width() + unit_gap + unit.width(), height = 0;
    for (const Part& part : parts) {
        width = std::max(width, part.block.width());
        height += part.gap + part.block.height();
    }
    const double value_gap = value.empty() ? 0 : scale.px(2);
    height += value_gap + value.height();

    const double pad_x = scale.px(14), pad_y = scale.px(8), reach = scale.px(9);
    PlateSprite plate;
    plate.margin = PictureScale::even(reach) + 2;
    const int plate_width = PictureScale::even(width + 2 * pad_x), plate_height = PictureScale::even(height + 2 * pad_y);
    const Canvas canvas(plate_width + 2 * plate.margin, plate_height + 2 * plate.margin);
    canvas.plate(plate.margin, plate.margin, plate_width, plate_height, scale.px(look().shape.radius_card), palette.surface,
                 look().picture.surface_opacity, reach);

    const bool rtl = is_right_to_left(content.languages.first);
    const TextAlign start = rtl ? TextAlign::right : TextAlign::left;
    const double x = plate.margin + pad_x, inner = plate_width - 2 * pad_x;
    double y = plate.margin + pad_y;
    for (const Part& part : parts) {
        y += part.gap;
        part.block.draw(canvas.cr(), x, y, start, inner);
        y += part.block.height();
    }
    if (!value.empty()) {  // figures and units read from left to right in every script; the pair stands at the start
        const double at = rtl ? x + inner - (value.width() + unit_gap + unit.width()) : x;
        value.draw(canvas.cr(), at, y + value_gap, TextAlign::left, value.width());
        unit.draw(canvas.cr(), at + value.width() + unit_gap, y + value_gap + value.baseline() - unit.baseline(), TextAlign::left,
                  unit.width());
    }
    plate.sprite = canvas.sprite(true);
    return plate;
}

}  // namespace vitrine
