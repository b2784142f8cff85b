#include "overlays/painting/ticker.h"

#include <cairo.h>

#include <algorithm>

#include "engine/messages.h"
#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"

namespace vitrine {

namespace {

constexpr std::int64_t each_us = 6'000'000;

/// First strong isolate … pop directional isolate (UAX #9): a Latin name in an Arabic line stays whole.
std::string isolated(const std::string& text) { return "\u2068" + text + "\u2069"; }

std::string_view state_key(desk::OrderState state) {
    switch (state) {
        case desk::OrderState::placed:
            return "order.placed";
        case desk::OrderState::confirmed:
            return "order.confirmed";
        case desk::OrderState::in_production:
            return "order.in_production";
        case desk::OrderState::shipped:
            return "order.shipped";
        case desk::OrderState::delivered:
            return "order.delivered";
        case desk::OrderState::cancelled:
            return "order.cancelled";
    }
    return "order.placed";
}

}  // namespace

std::string order_line(const desk::Order& order, const std::string& language) {
    std::vector<std::string> parts{"#" + order.id};
    if (order.name_allowed && !order.buyer.empty()) parts.push_back(order.buyer);
    if (!order.place.empty()) parts.push_back(order.place);
    parts.push_back(message(state_key(order.state), language));
    if (!order.slot.empty()) {
        std::string slot = message("order.slot", language);
        if (const std::size_t at = slot.find("{slot}"); at != std::string::npos) slot.replace(at, 6, isolated(order.slot));
        parts.push_back(std::move(slot));
    }
    // What stands inside isolates does not say which way the line itself runs (UAX #9, P2): a mark in front does.
    std::string line = is_right_to_left(language) ? "\u200F" : "";
    for (std::size_t i = 0; i < parts.size(); ++i) line += (i == 0 ? "" : " · ") + isolated(parts[i]);
    return line;
}

PlateSprite render_ticker(const std::string& line, const PictureLanguages& languages, const PictureScale& scale, Rgb accent, int width) {
    const Palette& palette = look().dark;
    const double pad_x = scale.px(16), pad_y = scale.px(7), reach = scale.px(9), dot = scale.px(9), gap = scale.px(12);
    PlateSprite plate;
    const double room = width - 2 * pad_x - dot - gap;
    if (room < scale.px(80)) return plate;
    const TextBlock text = FontBook::of_this_thread().set(line, languages.first, {scale.text(24), false, palette.ink, room, 1});
    if (text.empty()) return plate;
    plate.margin = PictureScale::even(reach) + 2;
    const int plate_width = std::min(width & ~1, PictureScale::even(text.width() + dot + gap + 2 * pad_x)),
              plate_height = PictureScale::even(text.height() + 2 * pad_y);
    const Canvas canvas(plate_width + 2 * plate.margin, plate_height + 2 * plate.margin);
    canvas.plate(plate.margin, plate.margin, plate_width, plate_height, scale.px(look().shape.radius_control), palette.surface,
                 look().picture.surface_opacity, reach);
    const bool rtl = is_right_to_left(languages.first);
    const double x = plate.margin + pad_x, box = plate_width - 2 * pad_x, y = plate.margin + pad_y;
    cairo_t* cr = canvas.cr();
    canvas.colour(accent);
    cairo_new_path(cr);
    cairo_arc(cr, rtl ? x + box - dot / 2 : x + dot / 2, plate.margin + plate_height / 2.0, dot / 2, 0, 6.283185307179586);
    cairo_fill(cr);
    text.draw(cr, rtl ? x : x + dot + gap, y, rtl ? TextAlign::right : TextAlign::left, box - dot - gap);
    plate.sprite = canvas.sprite(false);
    return plate;
}

std::size_t ticker_turn(std::int64_t capture_us, std::size_t count) {
    if (count == 0) return 0;
    const std::int64_t turn = capture_us / each_us;
    return static_cast<std::size_t>((turn % static_cast<std::int64_t>(count) + static_cast<std::int64_t>(count)) %
                                    static_cast<std::int64_t>(count));
}

}  // namespace vitrine
