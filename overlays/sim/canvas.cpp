#include "overlays/sim/canvas.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "overlays/painting/text_picture.h"

namespace vitrine::sim {

namespace {

/// BT.709, studio range; in 0…255 B, G, R.
cv::Vec3d yuv_of(double b, double g, double r) {
    return {16 + 0.18259 * r + 0.61423 * g + 0.06201 * b, 128 - 0.10064 * r - 0.33857 * g + 0.43922 * b,
            128 + 0.43922 * r - 0.39894 * g - 0.04027 * b};
}

std::uint8_t clamped(double v) { return static_cast<std::uint8_t>(std::clamp(v + 0.5, 0.0, 255.0)); }

}  // namespace

cv::Scalar rgb(unsigned hex, double alpha) { return {double(hex & 255), double(hex >> 8 & 255), double(hex >> 16 & 255), alpha}; }

int write_text(cv::Mat& picture, const std::string& utf8, double x, double y, int size, bool bold, const cv::Scalar& colour,
               double opacity) {
    const GrayPicture text = render_text(utf8, size, bold);
    const int x0 = static_cast<int>(std::lround(x)), y0 = static_cast<int>(std::lround(y)), channels = picture.channels();
    for (int row = 0; row < text.height; ++row) {
        if (y0 + row < 0 || y0 + row >= picture.rows) continue;
        auto* to = picture.ptr<std::uint8_t>(y0 + row);
        for (int column = 0; column < text.width; ++column) {
            const int at = x0 + column;
            const double ink = text.ink[static_cast<std::size_t>(row) * text.width + column] / 255.0 * opacity;
            if (at < 0 || at >= picture.cols || ink <= 0) continue;
            for (int c = 0; c < std::min(channels, 3); ++c)
                to[at * channels + c] = clamped(to[at * channels + c] * (1 - ink) + colour[c] * ink);
        }
    }
    return text.width;
}

void add_noise(cv::Mat& bgr, double deviation, cv::Size grain, std::uint64_t seed) {
    // 128 stands for no noise, so that everything stays in bytes.
    cv::Mat noise(std::max(2, bgr.rows / grain.height + 1), std::max(2, bgr.cols / grain.width + 1), CV_8U), full, colour;
    cv::RNG generator(seed);
    generator.fill(noise, cv::RNG::NORMAL, 128, deviation);
    cv::resize(noise, full, bgr.size(), 0, 0, cv::INTER_CUBIC);
    cv::cvtColor(full, colour, cv::COLOR_GRAY2BGR);
    cv::addWeighted(bgr, 1, colour, 1, -128, bgr);
}

void shade_down(cv::Mat& bgr, const cv::Rect& area, double from, double to) {
    const cv::Rect inside = area & cv::Rect(0, 0, bgr.cols, bgr.rows);
    for (int y = inside.y; y < inside.y + inside.height; ++y) {
        cv::Mat row = bgr.row(y).colRange(inside.x, inside.x + inside.width);
        row.convertTo(row, -1, from + (to - from) * (y - area.y) / std::max(1, area.height - 1));
    }
}

void rounded(cv::Mat& picture, const cv::Rect2d& at, double radius, const cv::Scalar& colour) {
    constexpr int shift = 4;
    std::vector<cv::Point> outline;
    const double r = std::min({radius, at.width / 2, at.height / 2});
    for (int quarter = 0; quarter < 4; ++quarter) {
        const double cx = quarter == 0 || quarter == 3 ? at.x + at.width - r : at.x + r, cy = quarter < 2 ? at.y + at.height - r : at.y + r;
        for (int i = 0; i <= 12; ++i) {
            const double angle = (quarter + i / 12.0) * CV_PI / 2;
            outline.emplace_back(cvRound((cx + r * std::cos(angle)) * (1 << shift)), cvRound((cy + r * std::sin(angle)) * (1 << shift)));
        }
    }
    cv::fillPoly(picture, std::vector<std::vector<cv::Point>>{outline}, colour, cv::LINE_AA, shift);
}

void hazard(cv::Mat& bgr, const cv::Rect& area, int width) {
    cv::Mat part = bgr(area & cv::Rect(0, 0, bgr.cols, bgr.rows));
    part.setTo(rgb(0xE8B416));
    for (int x = -area.height - 2 * width; x < area.width + area.height; x += 2 * width) {
        const std::vector<cv::Point> stripe{{x, area.height}, {x + width, area.height}, {x + width + area.height, 0}, {x + area.height, 0}};
        cv::fillPoly(part, std::vector<std::vector<cv::Point>>{stripe}, rgb(0x17181A), cv::LINE_AA);
    }
}

std::shared_ptr<VideoFrame> to_i420(const cv::Mat& bgr, int width, int height) {
    auto frame = std::make_shared<VideoFrame>(width, height);
    const I420View view = frame->view();
    cv::Mat full, half;
    cv::resize(bgr, full, cv::Size(view.width, view.height), 0, 0, cv::INTER_AREA);
    cv::resize(full, half, cv::Size(view.width / 2, view.height / 2), 0, 0, cv::INTER_AREA);
    for (int y = 0; y < view.height; ++y) {
        const auto* from = full.ptr<cv::Vec3b>(y);
        for (int x = 0; x < view.width; ++x) view.y[y * view.stride_y + x] = clamped(yuv_of(from[x][0], from[x][1], from[x][2])[0]);
    }
    for (int y = 0; y < view.height / 2; ++y) {
        const auto* from = half.ptr<cv::Vec3b>(y);
        for (int x = 0; x < view.width / 2; ++x) {
            const cv::Vec3d yuv = yuv_of(from[x][0], from[x][1], from[x][2]);
            view.u[y * view.stride_uv + x] = clamped(yuv[1]);
            view.v[y * view.stride_uv + x] = clamped(yuv[2]);
        }
    }
    return frame;
}

Sprite to_sprite(const cv::Mat& bgra, int width, int height) {
    Sprite out;
    out.width = (width + 1) / 2 * 2, out.height = (height + 1) / 2 * 2;
    cv::Mat premultiplied(bgra.size(), CV_32FC4), full, half;
    for (int y = 0; y < bgra.rows; ++y)
        for (int x = 0; x < bgra.cols; ++x) {
            const auto& p = bgra.at<cv::Vec4b>(y, x);
            const float a = p[3] / 255.0f;
            premultiplied.at<cv::Vec4f>(y, x) = {p[0] * a, p[1] * a, p[2] * a, a};
        }
    cv::resize(premultiplied, full, cv::Size(out.width, out.height), 0, 0, cv::INTER_AREA);
    cv::resize(full, half, cv::Size(out.width / 2, out.height / 2), 0, 0, cv::INTER_AREA);
    out.y.create(full.size(), CV_8U), out.rest_y.create(full.size(), CV_8U);
    out.u.create(half.size(), CV_8U), out.v.create(half.size(), CV_8U), out.rest_uv.create(half.size(), CV_8U);
    const auto convert = [](const cv::Vec4f& p) {
        const double a = std::max(p[3], 1e-6f);
        return yuv_of(p[0] / a, p[1] / a, p[2] / a) * double(p[3]);
    };
    for (int y = 0; y < full.rows; ++y)
        for (int x = 0; x < full.cols; ++x) {
            const auto& p = full.at<cv::Vec4f>(y, x);
            out.y.at<std::uint8_t>(y, x) = clamped(convert(p)[0]);
            out.rest_y.at<std::uint8_t>(y, x) = clamped(255 * (1 - p[3]));
        }
    for (int y = 0; y < half.rows; ++y)
        for (int x = 0; x < half.cols; ++x) {
            const auto& p = half.at<cv::Vec4f>(y, x);
            const cv::Vec3d yuv = convert(p);
            out.u.at<std::uint8_t>(y, x) = clamped(yuv[1]);
            out.v.at<std::uint8_t>(y, x) = clamped(yuv[2]);
            out.rest_uv.at<std::uint8_t>(y, x) = clamped(255 * (1 - p[3]));
        }
    return out;
}

namespace {

void blend_plane(std::uint8_t* onto, int stride, int width, int height, const cv::Mat& ink, const cv::Mat& rest, int x, int y) {
    const int from = std::max(0, -x), to = std::min(ink.cols, width - x);
    if (from >= to) return;
    for (int row = std::max(0, -y); row < std::min(ink.rows, height - y); ++row) {
        std::uint8_t* target = onto + static_cast<std::ptrdiff_t>(y + row) * stride + x;
        const std::uint8_t* colour = ink.ptr<std::uint8_t>(row);
        const std::uint8_t* keep = rest.ptr<std::uint8_t>(row);
        for (int i = from; i < to; ++i) target[i] = static_cast<std::uint8_t>(std::min(255, colour[i] + (target[i] * keep[i] + 127) / 255));
    }
}

}  // namespace

void blend(const I420View& onto, const Sprite& sprite, int x, int y) {
    x &= ~1, y &= ~1;
    blend_plane(onto.y, onto.stride_y, onto.width, onto.height, sprite.y, sprite.rest_y, x, y);
    blend_plane(onto.u, onto.stride_uv, onto.width / 2, onto.height / 2, sprite.u, sprite.rest_uv, x / 2, y / 2);
    blend_plane(onto.v, onto.stride_uv, onto.width / 2, onto.height / 2, sprite.v, sprite.rest_uv, x / 2, y / 2);
}

}  // namespace vitrine::sim
