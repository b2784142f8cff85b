#include "overlays/painting/brand.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "engine/log.h"
#include "engine/printable.h"
#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"
#include "overlays/reading/picture_reader.h"

namespace vitrine {

std::optional<LogoPicture> load_logo(const std::filesystem::path& file) {
    auto picture = read_picture(file);
    if (!picture) {
        log::warn("painting", "The logo " + printable(file.filename().string(), 100) + " " + picture.error().message);
        return std::nullopt;
    }
    try {
        cv::Mat image(picture->height, picture->width, CV_8UC4, picture->rgba.data());
        constexpr int most = 1024;  // more than any picture shows of a logo
        const double shrink = std::min(1.0, double{most} / std::max(image.cols, image.rows));
        for (int y = 0; y < image.rows; ++y)
            for (int x = 0; x < image.cols;
                 ++x) {  // premultiplied before it is scaled, so that colours do not bleed out of what is transparent
                auto& p = image.at<cv::Vec4b>(y, x);
                for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>((p[c] * p[3] + 127) / 255);
            }
        cv::Mat scaled = image;
        if (shrink < 1) cv::resize(image, scaled, {}, shrink, shrink, cv::INTER_AREA);
        LogoPicture logo{scaled.cols, scaled.rows, {}};
        for (int y = 0; y < scaled.rows; ++y)
            for (int x = 0; x < scaled.cols; ++x) {
                const auto p = scaled.at<cv::Vec4b>(y, x);
                const std::uint32_t word = std::uint32_t{p[3]} << 24 | std::uint32_t{p[0]} << 16 | std::uint32_t{p[1]} << 8 | p[2];
                const auto* bytes = reinterpret_cast<const std::uint8_t*>(&word);
                logo.argb32.insert(logo.argb32.end(), bytes, bytes + 4);
            }
        return logo;
    } catch (const cv::Exception&) {
        return std::nullopt;
    }
}

void draw_logo(const Canvas& canvas, const LogoPicture& logo, double x, double y, double factor) {
    LogoPicture copy = logo;  // cairo wants to be able to write
    cairo_surface_t* source =
        cairo_image_surface_create_for_data(copy.argb32.data(), CAIRO_FORMAT_ARGB32, copy.width, copy.height, copy.width * 4);
    cairo_save(canvas.cr());
    cairo_translate(canvas.cr(), x, y);
    cairo_scale(canvas.cr(), factor, factor);
    cairo_set_source_surface(canvas.cr(), source, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(canvas.cr()), CAIRO_FILTER_BEST);
    cairo_paint(canvas.cr());
    cairo_restore(canvas.cr());  // also lets go of the surface
    cairo_surface_finish(source);
    cairo_surface_destroy(source);
}

namespace {

/// WCAG 2.1, relative luminance.
double luminance(Rgb c) {
    const auto linear = [](std::uint8_t v) {
        const double s = v / 255.0;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

Rgb readable_accent(const BrandConfig& brand) {
    const Rgb own = parse_rgb(brand.accent).value_or(look().dark.accent);
    const double ground = luminance(look().dark.surface);
    for (int white = 0; white < 16; ++white) {
        const auto mixed = [&](std::uint8_t v) { return static_cast<std::uint8_t>(v + (255 - v) * white / 16); };
        const Rgb colour{mixed(own.r), mixed(own.g), mixed(own.b)};
        if ((luminance(colour) + 0.05) / (ground + 0.05) >= 4.5) return colour;
    }
    return {255, 255, 255};
}

PlateSprite render_brand(const BrandConfig& brand, const LogoPicture* logo, const PictureLanguages& languages, const PictureScale& scale) {
    PlateSprite plate;
    const double height = look().picture.logo_height * std::min(scale.width, scale.height);
    if (logo) {
        const double factor = std::min(height / logo->height, scale.safe.width / (scale.portrait() ? 2.0 : 3.0) / logo->width);
        const Canvas canvas(PictureScale::even(logo->width * factor), PictureScale::even(logo->height * factor));
        draw_logo(canvas, *logo, 0, 0, factor);
        plate.sprite = canvas.sprite(false);
        return plate;
    }
    const BilingualText name = bilingual(brand.factory, languages);
    const double room = scale.safe.width / (scale.portrait() ? 2.0 : 3.0) - scale.px(24);
    FontBook& book = FontBook::of_this_thread();
    const TextBlock first = book.set(name.first, languages.first, {scale.text(22), true, look().dark.ink, room, 1});
    if (first.empty()) return plate;
    const TextBlock second = book.set(name.second, languages.second, {scale.least(), false, look().dark.ink_2, room, 1});
    const double text_height = first.height() + second.height(), width = std::max(first.width(), second.width()), pad = scale.px(12),
                 reach = scale.px(6);
    plate.margin = PictureScale::even(reach) + 2;
    const int plate_width = PictureScale::even(width + 2 * pad),
              plate_height = PictureScale::even(std::max(text_height + scale.px(8), height));
    const Canvas canvas(plate_width + 2 * plate.margin, plate_height + 2 * plate.margin);
    canvas.plate(plate.margin, plate.margin, plate_width, plate_height, scale.px(look().shape.radius_card), look().dark.surface,
                 look().picture.surface_opacity, reach);
    const TextAlign start = is_right_to_left(languages.first) ? TextAlign::right : TextAlign::left;
    const double y = plate.margin + (plate_height - text_height) / 2;
    first.draw(canvas.cr(), plate.margin + pad, y, start, plate_width - 2 * pad);
    second.draw(canvas.cr(), plate.margin + pad, y + first.height(), start, plate_width - 2 * pad);
    plate.sprite = canvas.sprite(false);
    return plate;
}

}  // namespace vitrine
