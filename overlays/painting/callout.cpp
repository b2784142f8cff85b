#include "overlays/painting/callout.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

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

namespace {

/// Share of a pixel that is within `radius` of something `distance` away from its centre.
double cover(double distance, double radius) { return std::clamp(radius + 0.5 - distance, 0.0, 1.0); }

std::uint8_t lerp(std::uint8_t from, std::uint8_t to, double share) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * share));
}

}  // namespace

void draw_leader(const I420View& picture, const Leader& l, std::uint8_t opacity) {
    if (opacity == 0 || !std::isfinite(l.x0 + l.y0 + l.x1 + l.y1)) return;
    const double dx = l.x1 - l.x0, dy = l.y1 - l.y0, length2 = dx * dx + dy * dy;
    const double half = l.width / 2, dot = l.dot / 2, reach = half + 1;
    const auto coverage = [&](double px, double py) {
        const double t = length2 > 0 ? std::clamp(((px - l.x0) * dx + (py - l.y0) * dy) / length2, 0.0, 1.0) : 1.0;
        const double to_line = std::hypot(px - (l.x0 + t * dx), py - (l.y0 + t * dy)), to_dot = std::hypot(px - l.x1, py - l.y1);
        return std::max(cover(to_line, half), cover(to_dot, dot)) * opacity / 255;
    };
    // Rows in pairs, so that each pair's chroma is known; of each pair only the columns near the line or the dot are looked at.
    const auto bound = [](double v, int limit) { return static_cast<int>(std::clamp(std::floor(v), 0.0, double(limit))); };
    const double widest = std::max(reach, dot + 1);
    const int top = bound(std::min(l.y0 - reach, std::min(l.y0, l.y1) - widest), picture.height) & ~1;
    const int bottom = bound(std::max(l.y0, l.y1) + widest + 1, picture.height);
    for (int y = top; y + 1 < picture.height && y < bottom; y += 2) {
        double from = 1e9, to = -1e9;
        // The part of the line whose rows are within reach of these two.
        double t0 = 0, t1 = 1;
        const double band_top = y - widest, band_bottom = y + 2 + widest;
        if (std::abs(dy) > 1e-9) {
            const double a = (band_top - l.y0) / dy, b = (band_bottom - l.y0) / dy;
            t0 = std::max(0.0, std::min(a, b));
            t1 = std::min(1.0, std::max(a, b));
        }
        if (t0 <= t1) {
            const double xa = l.x0 + t0 * dx, xb = l.x0 + t1 * dx;
            from = std::min(xa, xb) - widest;
            to = std::max(xa, xb) + widest;
        }
        if (from > to) continue;
        const int begin = bound(from, picture.width) & ~1, end = std::min(picture.width, bound(to + 2, picture.width));
        for (int x = begin; x + 1 < picture.width && x < end; x += 2) {
            double sum = 0;
            for (int k = 0; k < 4; ++k) {
                const int px = x + (k & 1), py = y + (k >> 1);
                const double share = coverage(px + 0.5, py + 0.5);
                if (share <= 0) continue;
                sum += share;
                std::uint8_t& luma = picture.y[static_cast<std::ptrdiff_t>(py) * picture.stride_y + px];
                luma = lerp(luma, l.colour.y, share);
            }
            if (sum <= 0) continue;
            const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y / 2) * picture.stride_uv + x / 2;
            picture.u[at] = lerp(picture.u[at], l.colour.u, sum / 4);
            picture.v[at] = lerp(picture.v[at], l.colour.v, sum / 4);
        }
    }
}

}  // namespace vitrine
