#include "overlays/painting/canvas.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine {

Canvas::Canvas(int width, int height) : width_(std::max(1, width)), height_(std::max(1, height)) {
    surface_ = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width_, height_);
    cr_ = cairo_create(surface_);
}

Canvas::~Canvas() {
    cairo_destroy(cr_);
    cairo_surface_destroy(surface_);
}

void Canvas::colour(Rgb c, double alpha) const { cairo_set_source_rgba(cr_, c.r / 255.0, c.g / 255.0, c.b / 255.0, alpha); }

void Canvas::rounded(double x, double y, double width, double height, double radius) const {
    constexpr double right_angle = std::numbers::pi / 2;
    const double r = std::min({radius, width / 2, height / 2});
    cairo_new_sub_path(cr_);
    cairo_arc(cr_, x + width - r, y + r, r, -right_angle, 0);
    cairo_arc(cr_, x + width - r, y + height - r, r, 0, right_angle);
    cairo_arc(cr_, x + r, y + height - r, r, right_angle, 2 * right_angle);
    cairo_arc(cr_, x + r, y + r, r, 2 * right_angle, 3 * right_angle);
    cairo_close_path(cr_);
}

void Canvas::plate(double x, double y, double width, double height, double radius, Rgb fill, double opacity, double reach) const {
    const int rings = std::clamp(static_cast<int>(std::lround(reach)), 1, 10);
    const double below = radius + 1;  // hollow where the plate will lie: its middle need not be filled ten times
    cairo_set_fill_rule(cr_, CAIRO_FILL_RULE_EVEN_ODD);
    for (int ring = rings; ring > 0; --ring) {  // each ring adds a little: together a falling slope
        const double grow = reach * 2 / 3 * ring / rings;
        rounded(x - grow, y - grow + reach / 3, width + 2 * grow, height + 2 * grow, radius + grow);
        if (width > 2 * below && height > 2 * below) cairo_rectangle(cr_, x + below, y + below, width - 2 * below, height - 2 * below);
        cairo_set_source_rgba(cr_, 0, 0, 0, 0.30 / rings);
        cairo_fill(cr_);
    }
    cairo_set_fill_rule(cr_, CAIRO_FILL_RULE_WINDING);
    cairo_save(cr_);
    cairo_set_operator(cr_, CAIRO_OPERATOR_SOURCE);
    rounded(x, y, width, height, radius);
    colour(fill, opacity);
    cairo_fill(cr_);
    cairo_restore(cr_);
}

const std::uint8_t* Canvas::pixels() const {
    cairo_surface_flush(surface_);
    return cairo_image_surface_get_data(surface_);
}

int Canvas::stride() const { return cairo_image_surface_get_stride(surface_); }

Sprite Canvas::sprite(bool any_position) const {
    const std::uint8_t* data = pixels();
    return data ? Sprite(data, stride(), width_, height_, any_position) : Sprite();  // null: cairo had no memory for it
}

}  // namespace vitrine
