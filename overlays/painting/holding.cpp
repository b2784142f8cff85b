#include "overlays/painting/holding.h"

#include <cairo.h>

#include <algorithm>
#include <vector>

#include "overlays/painting/blend.h"
#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/show_text.h"

namespace vitrine {

std::shared_ptr<const VideoFrame> render_holding(const ShowConfig& show, const LogoPicture* logo, int width, int height) {
    const auto frame = std::make_shared<VideoFrame>(width, height);
    const Palette& palette = look().dark;
    const Ycc ground = to_ycc(palette.ground);
    fill(frame->view(), ground.y, ground.u, ground.v);

    const PictureScale scale(frame->width(), frame->height());
    const PictureLanguages languages(show.languages);
    FontBook& book = FontBook::of_this_thread();
    const int room = scale.safe.width & ~1;

    struct Part {
        TextBlock block;
        double gap;
    };
    std::vector<Part> above, below;
    double total = 0;
    const auto put = [&](std::vector<Part>& parts, TextBlock block, double gap) {
        if (block.empty()) return;
        total += gap + block.height();
        parts.push_back({std::move(block), gap});
    };
    const auto add = [&](std::vector<Part>& parts, const BilingualText& text, double size, bool bold, double gap) {
        put(parts, book.set(text.first, languages.first, {size, bold, palette.ink, double(room), 2}), gap);
        put(parts, book.set(text.second, languages.second, {scale.second(size), false, palette.ink_2, double(room), 2}), scale.px(4));
    };

    const double emblem = logo ? std::min(scale.px(110) / logo->height, room / 2.0 / logo->width) : 0;
    if (logo) total += logo->height * emblem;
    // Whose show: small over the title; in its place where there is no title.
    const BilingualText factory = bilingual(show.brand.factory, languages), title = bilingual(show.title, languages);
    if (title.first.empty()) {
        add(above, factory, scale.text(52), true, scale.px(24));
    } else {
        put(above, book.set(factory.first, languages.first, {scale.text(24), false, palette.ink_2, double(room), 1}), scale.px(24));
        add(above, title, scale.text(52), true, scale.px(14));
    }
    add(below, bilingual_message("holding.back_soon", languages), scale.text(30), false, scale.px(28));
    const double bar = std::max(2.0, scale.px(4));
    total += scale.px(30) + bar;

    const Canvas canvas(room, std::min(frame->height() & ~1, PictureScale::even(total + 2 * scale.px(12))));
    double y = std::max(0.0, (canvas.height() - total) / 2);
    if (logo) {
        draw_logo(canvas, *logo, (room - logo->width * emblem) / 2, y, emblem);
        y += logo->height * emblem;
    }
    const auto draw = [&](const std::vector<Part>& parts) {
        for (const Part& part : parts) {
            y += part.gap;
            part.block.draw(canvas.cr(), 0, y, TextAlign::centre, room);
            y += part.block.height();
        }
    };
    draw(above);
    y += scale.px(30);
    canvas.colour(parse_rgb(show.brand.accent).value_or(palette.accent));
    canvas.rounded((room - scale.px(72)) / 2, y, scale.px(72), bar, bar / 2);
    cairo_fill(canvas.cr());
    y += bar;
    draw(below);
    blend(frame->view(), canvas.sprite(false), scale.safe.x, (frame->height() - canvas.height()) / 2);
    return frame;
}

}  // namespace vitrine
