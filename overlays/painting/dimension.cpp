#include "overlays/painting/dimension.h"

#include <algorithm>
#include <cmath>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

namespace {

struct Point {
    double x = 0, y = 0;
    Point operator+(const Point& o) const { return {x + o.x, y + o.y}; }
    Point operator-(const Point& o) const { return {x - o.x, y - o.y}; }
    Point operator*(double k) const { return {x * k, y * k}; }
    double length() const { return std::hypot(x, y); }
};

constexpr double line_width = 1.5, arrow_length = 13, arrow_width = 6, gap = 3, overshoot = 6;  // px at 720

Stroke line(const Point& from, const Point& to, double half) { return {from.x, from.y, to.x, to.y, half, half, true}; }

Stroke arrow(const Point& tip, const Point& base, double half) { return {tip.x, tip.y, base.x, base.y, 0, half, true}; }

}  // namespace

std::string dimension_text(const DimensionConfig& dimension, const PictureLanguages& languages) {
    if (dimension.text) return bilingual(*dimension.text, languages).first;
    const int decimals = dimension.decimals();
    std::string text = number_text(dimension.length_mm(), decimals, languages.first);
    if (dimension.tolerance_mm) text += " \u00B1 " + number_text(*dimension.tolerance_mm, decimals, languages.first);
    return "\u2066" + text + "\u00A0mm\u2069";  // read from left to right in every script
}

PlateSprite render_dimension(const std::string& text, const PictureLanguages& languages, const PictureScale& scale) {
    const TextBlock block =
        FontBook::of_this_thread().set(text, languages.first, {scale.text(22), true, look().dark.ink, scale.safe.width * 0.25, 1});
    PlateSprite plate;
    if (block.empty()) return plate;
    const double pad_x = scale.px(9), pad_y = scale.px(2), reach = scale.px(5);
    plate.margin = PictureScale::even(reach) + 2;
    const int width = PictureScale::even(block.width() + 2 * pad_x), height = PictureScale::even(block.height() + 2 * pad_y);
    const Canvas canvas(width + 2 * plate.margin, height + 2 * plate.margin);
    canvas.plate(plate.margin, plate.margin, width, height, scale.px(look().shape.radius_control), look().dark.surface,
                 look().picture.surface_opacity, reach);
    block.draw(canvas.cr(), plate.margin, plate.margin + (height - block.height()) / 2, TextAlign::centre, width);
    plate.sprite = canvas.sprite(true);
    return plate;
}

std::optional<PlacedDimension> place_dimension(const DimensionConfig& dimension, const Anchor& anchor, const PictureScale& scale,
                                               int plate_width, int plate_height) {
    const auto ends = dimension.line_mm();
    const auto in_picture = [&](const std::array<double, 3>& mm) -> std::optional<Point> {
        const auto at = project(anchor, mm);
        // Far outside the picture a line would cost time and nobody would see it.
        if (!at || !(std::abs((*at)[0]) < 8) || !(std::abs((*at)[1]) < 8)) return std::nullopt;
        return Point{(*at)[0] * scale.width, (*at)[1] * scale.height};
    };
    const auto from = in_picture(dimension.from_mm), to = in_picture(dimension.to_mm), a = in_picture(ends[0]), b = in_picture(ends[1]);
    if (!from || !to || !a || !b) return std::nullopt;
    const Point run = *b - *a;
    const double length = run.length(), head = scale.px(arrow_length);
    if (length < 2 * head) return std::nullopt;
    const Point u = run * (1 / length);
    const double half = std::max(0.6, scale.px(line_width) / 2), wing = std::max(2.0, scale.px(arrow_width) / 2);

    PlacedDimension placed;
    const auto extension = [&](const Point& foot, const Point& end) {
        const Point out = end - foot;
        if (out.length() < scale.px(gap + overshoot)) return;
        const Point v = out * (1 / out.length());
        placed.strokes.push_back(line(foot + v * scale.px(gap), end + v * scale.px(overshoot), half));
    };
    extension(*from, *a);
    extension(*to, *b);

    // How much of the line the plate hides: the plate's extent along the line's direction.
    const double along =
        std::min(std::abs(u.x) > 1e-9 ? plate_width / std::abs(u.x) : 1e9, std::abs(u.y) > 1e-9 ? plate_height / std::abs(u.y) : 1e9);
    Point middle = (*a + *b) * 0.5;
    if (length >= along + 2 * head + scale.px(16)) {
        const double cut = along / 2 + scale.px(4);
        placed.strokes.push_back(line(*a + u * (head * 0.8), middle - u * cut, half));
        placed.strokes.push_back(line(middle + u * cut, *b - u * (head * 0.8), half));
        placed.strokes.push_back(arrow(*a, *a + u * head, wing));
        placed.strokes.push_back(arrow(*b, *b - u * head, wing));
    } else {
        placed.strokes.push_back(line(*a - u * (2.2 * head), *b + u * (2.2 * head), half));
        placed.strokes.push_back(arrow(*a, *a - u * head, wing));
        placed.strokes.push_back(arrow(*b, *b + u * head, wing));
        // Away from the product; for a line on the product itself, up or to the right.
        Point out = middle - (*from + *to) * 0.5;
        if (out.length() < 1) out = u.x * u.x > u.y * u.y ? Point{0, -1} : Point{1, 0};
        out = out * (1 / out.length());
        const double reach = (std::abs(out.x) * plate_width + std::abs(out.y) * plate_height) / 2 + scale.px(8);
        middle = middle + out * reach;
    }
    placed.plate = {middle.x, middle.y};
    return placed;
}

void draw_dimension(const I420View& picture, const PlacedDimension& placed, const PictureScale& scale, std::uint8_t opacity) {
    draw_strokes(picture, placed.strokes, to_ycc(look().dark.ink), opacity, line_halo(scale));
}

}  // namespace vitrine
