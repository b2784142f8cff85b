#include "overlays/painting/slate.h"

#include <cairo.h>

#include <algorithm>
#include <string>
#include <vector>

#include "overlays/painting/blend.h"
#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/show_text.h"

namespace vitrine {

namespace {

const char* sentence_key(CameraState state) {
    switch (state) {
        case CameraState::connecting:
            return "slate.connecting";
        case CameraState::live:
            return "slate.live";
        case CameraState::frozen:
            return "slate.frozen";
        case CameraState::lost:
            return "slate.lost";
        case CameraState::mask_failed:
            return "slate.mask_failed";
    }
    return "slate.connecting";
}

bool is_trouble(CameraState state) {
    return state == CameraState::frozen || state == CameraState::lost || state == CameraState::mask_failed;
}

/// A camera in outline, `size` wide and 0.7 of it high, with a dot for its state; struck through when it is held back.
void draw_camera(const Canvas& canvas, double x, double y, double size, CameraState state) {
    cairo_t* cr = canvas.cr();
    const double stroke = size / 18;
    cairo_set_line_width(cr, stroke);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    canvas.colour(look().dark.ink_2);
    canvas.rounded(x, y, size * 0.68, size * 0.7, size * 0.1);
    cairo_stroke(cr);
    cairo_move_to(cr, x + size * 0.68, y + size * 0.28);
    cairo_line_to(cr, x + size, y + size * 0.1);
    cairo_line_to(cr, x + size, y + size * 0.6);
    cairo_line_to(cr, x + size * 0.68, y + size * 0.42);
    cairo_stroke(cr);
    if (state == CameraState::mask_failed) {
        canvas.colour(look().dark.warn);
        cairo_move_to(cr, x + size * 0.06, y + size * 0.76);
        cairo_line_to(cr, x + size * 0.94, y - size * 0.06);
        cairo_stroke(cr);
        return;
    }
    canvas.colour(is_trouble(state) ? look().dark.warn : look().dark.accent);
    cairo_arc(cr, x + size * 0.34, y + size * 0.35, size * 0.1, 0, 6.2832);
    cairo_fill(cr);
}

}  // namespace

std::shared_ptr<const VideoFrame> render_slate(const ShowConfig& show, const CameraConfig& camera, CameraState state, int width,
                                               int height) {
    const auto frame = std::make_shared<VideoFrame>(width, height);
    const Palette& palette = look().dark;
    const Ycc ground = to_ycc(palette.ground);
    fill(frame->view(), ground.y, ground.u, ground.v);

    const PictureScale scale(frame->width(), frame->height());
    const PictureLanguages languages(show.languages);
    FontBook& book = FontBook::of_this_thread();
    const double room = scale.safe.width;
    BilingualText name = bilingual(camera.name, languages);
    if (name.first.empty()) name.first = camera.id;
    const BilingualText sentence = bilingual_message(sentence_key(state), languages);

    struct Part {
        TextBlock block;
        double gap;
    };
    std::vector<Part> above, below;
    const auto add = [&](std::vector<Part>& parts, const BilingualText& text, double size, bool bold, Rgb first, double gap) {
        parts.push_back({book.set(text.first, languages.first, {size, bold, first, room, 2}), gap});
        if (!text.second.empty())
            parts.push_back({book.set(text.second, languages.second, {scale.second(size), false, palette.ink_2, room, 2}), scale.px(2)});
    };
    add(above, name, scale.text(48), true, palette.ink, scale.px(24));
    add(below, sentence, scale.text(28), false, palette.ink, scale.px(20));

    const double icon = scale.px(96), bar = std::max(2.0, scale.px(4));
    double total = icon * 0.7 + scale.px(24) + bar;
    for (const auto* parts : {&above, &below})
        for (const Part& part : *parts) total += part.gap + part.block.height();

    const Canvas canvas(PictureScale::even(room), std::min(frame->height(), PictureScale::even(total + 2 * scale.px(12))));
    double y = (canvas.height() - total) / 2;
    draw_camera(canvas, (canvas.width() - icon) / 2, y, icon, state);
    y += icon * 0.7;
    const auto draw = [&](const std::vector<Part>& parts) {
        for (const Part& part : parts) {
            y += part.gap;
            part.block.draw(canvas.cr(), 0, y, TextAlign::centre, room);
            y += part.block.height();
        }
    };
    draw(above);
    y += scale.px(24);
    canvas.colour(is_trouble(state) ? palette.warn : parse_rgb(show.brand.accent).value_or(palette.accent));
    canvas.rounded((room - scale.px(72)) / 2, y, scale.px(72), bar, bar / 2);
    cairo_fill(canvas.cr());
    y += bar;
    draw(below);
    blend(frame->view(), canvas.sprite(false), scale.safe.x, (frame->height() - canvas.height()) / 2);

    const BilingualText factory = bilingual(show.brand.factory, languages);
    const TextBlock foot = book.set(factory.first, languages.first, {scale.text(20), false, palette.ink_2, room, 1});
    if (!foot.empty()) {
        const Canvas line(PictureScale::even(room), PictureScale::even(foot.height()));
        foot.draw(line.cr(), 0, 0, TextAlign::centre, room);
        blend(frame->view(), line.sprite(false), scale.safe.x, scale.safe.y + scale.safe.height - line.height());
    }
    return frame;
}

}  // namespace vitrine
