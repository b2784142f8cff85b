#include "overlays/sim/bench_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "overlays/sim/canvas.h"
#include "overlays/sim/sim_bench.h"
#include "overlays/tracking/marker_family.h"

namespace vitrine::sim {

namespace {

// The bench is laid out for 1280 × 720 and drawn at twice that.
constexpr int scale = 2;
cv::Rect at(double x, double y, double w, double h) {
    return {cvRound(x * scale), cvRound(y * scale), cvRound(w * scale), cvRound(h * scale)};
}
cv::Point pt(double x, double y) { return {cvRound(x * scale), cvRound(y * scale)}; }

/// Darkens what `paint` marks, blurred and moved: a thing's shadow on the bench. Soft, so an eighth of the size is enough for it.
template <class Paint>
void cast_shadow(cv::Mat& bgr, double dx, double dy, double soft, double strength, Paint paint) {
    constexpr double small = 8.0 / scale;
    cv::Mat mark(bgr.size(), CV_8U, cv::Scalar(0)), reduced, moved, full;
    paint(mark);
    cv::resize(mark, reduced, mark.size() / 8, 0, 0, cv::INTER_AREA);
    cv::warpAffine(reduced, moved, cv::Matx23d(1, 0, dx / small, 0, 1, dy / small), reduced.size());
    cv::GaussianBlur(moved, moved, cv::Size(), soft * 0.4 / small);
    moved.convertTo(moved, CV_8U, -strength, 255);
    cv::resize(moved, full, bgr.size(), 0, 0, cv::INTER_LINEAR);
    cv::cvtColor(full, full, cv::COLOR_GRAY2BGR);
    cv::multiply(bgr, full, bgr, 1 / 255.0);
}

void draw_wood(cv::Mat& bgr) {
    cv::Mat half(bgr.rows / 2, bgr.cols / 2, CV_8UC3);
    for (int y = 0; y < half.rows; ++y) {
        const int board = y / 144;
        for (int x = 0; x < half.cols; ++x) {
            const double grain = std::sin((y + 4.5 * std::sin(x * 0.0042 + board) + 2 * std::sin(x * 0.0166)) * 0.42 + board * 7) * 0.5 +
                                 std::sin((y + 7 * std::sin(x * 0.0026 + 2 * board)) * 0.094 + board * 3) * 0.5;
            const double tone = (1 + 0.055 * grain + 0.03 * ((board * 37) % 5 - 2)) * (y % 144 == 0 ? 0.55 : y % 144 == 1 ? 1.1 : 1);
            half.at<cv::Vec3b>(y, x) =
                cv::Vec3b(cv::saturate_cast<uchar>(92 * tone), cv::saturate_cast<uchar>(136 * tone), cv::saturate_cast<uchar>(178 * tone));
        }
    }
    cv::resize(half, bgr, bgr.size(), 0, 0, cv::INTER_LINEAR);
    add_noise(bgr, 4, cv::Size(40, 2), 5);
}

void draw_mat(cv::Mat& bgr) {
    cast_shadow(bgr, 3, 5, 10, 0.5, [](cv::Mat& m) { rounded(m, cv::Rect2d(at(196, 62, 868, 626)), 18 * scale, cv::Scalar::all(255)); });
    rounded(bgr, cv::Rect2d(at(196, 62, 868, 626)), 18 * scale, rgb(0x1D5B57));
    rounded(bgr, cv::Rect2d(at(206, 72, 848, 606)), 12 * scale, rgb(0x236B66));
    for (int i = 0; i <= 40; ++i) {
        const double x = 230 + i * 20;
        cv::line(bgr, pt(x, 96), pt(x, 656), rgb(i % 5 ? 0x2C7771 : 0x4E9992), i % 5 ? 1 : 2, cv::LINE_AA);
        if (i % 5 == 0) write_text(bgr, std::to_string(i), (x - 5) * scale, 78 * scale, 11 * scale, false, rgb(0xA9D5CF), 0.8);
    }
    for (int i = 0; i <= 28; ++i) {
        const double y = 96 + i * 20;
        cv::line(bgr, pt(230, y), pt(1030, y), rgb(i % 5 ? 0x2C7771 : 0x4E9992), i % 5 ? 1 : 2, cv::LINE_AA);
        if (i % 5 == 0) write_text(bgr, std::to_string(i), 211 * scale, (y - 8) * scale, 11 * scale, false, rgb(0xA9D5CF), 0.8);
    }
    write_text(bgr, "ESD SAFE  A2", 912 * scale, 655 * scale, 15 * scale, true, rgb(0xA9D5CF), 0.75);
}

void handle(cv::Mat& m, cv::Point from, cv::Point to, int thick, const cv::Scalar& colour) {
    cv::line(m, from, to, colour, thick * scale, cv::LINE_AA);
}

void draw_screwdriver(cv::Mat& bgr, double x, double y, unsigned colour) {
    const auto shape = [&](cv::Mat& m, bool mark) {
        const auto tone = [&](unsigned c) { return mark ? cv::Scalar::all(255) : rgb(c); };
        handle(m, pt(x, y), pt(x + 2, y + 112), 22, tone(colour));
        handle(m, pt(x + 2, y + 120), pt(x + 5, y + 252), 7, tone(0xB9C2C8));
        if (mark) return;
        handle(m, pt(x - 6, y + 2), pt(x - 4, y + 108), 3, rgb(0xFFFFFF, 255));
        for (int i = -1; i <= 1; ++i) handle(m, pt(x + i * 6.5 + 2, y + 12), pt(x + i * 6.5 + 3, y + 96), 2, rgb(0x20262A));
        handle(m, pt(x + 1.5, y + 122), pt(x + 3, y + 246), 2, rgb(0xF0F4F6));
        handle(m, pt(x + 4.6, y + 232), pt(x + 5.2, y + 256), 9, rgb(0x6E787E));
    };
    cast_shadow(bgr, 7, 6, 7, 0.55, [&](cv::Mat& m) { shape(m, true); });
    shape(bgr, false);
}

void draw_calliper(cv::Mat& bgr, double x, double y) {
    const auto shape = [&](cv::Mat& m, bool mark) {
        const auto tone = [&](unsigned c) { return mark ? cv::Scalar::all(255) : rgb(c); };
        cv::rectangle(m, at(x, y, 26, 400), tone(0xBFC7CC), cv::FILLED);
        const std::vector<cv::Point> jaw{pt(x, y), pt(x + 96, y), pt(x + 96, y + 8), pt(x + 40, y + 34), pt(x, y + 34)};
        const std::vector<cv::Point> slider{pt(x - 6, y + 92), pt(x + 96, y + 119), pt(x + 44, y + 132), pt(x + 44, y + 214),
                                            pt(x - 6, y + 214)};
        cv::fillPoly(m, std::vector<std::vector<cv::Point>>{jaw}, tone(0xAEB7BD), cv::LINE_AA);
        cv::fillPoly(m, std::vector<std::vector<cv::Point>>{slider}, tone(0x2C3338), cv::LINE_AA);
        if (mark) return;
        cv::rectangle(m, at(x, y, 3, 400), rgb(0xF2F5F6), cv::FILLED);
        for (int i = 0; i < 44; ++i)
            cv::rectangle(m, at(x + (i % 5 ? 17 : 12), y + 222 + i * 4, i % 5 ? 9 : 14, 1), rgb(0x38424A), cv::FILLED);
        rounded(m, cv::Rect2d(at(x + 2, y + 134, 36, 52)), 3 * scale, rgb(0xAFC1AE));
        write_text(m, "74.02", (x + 5) * scale, (y + 151) * scale, 9 * scale, true, rgb(0x1E2A22));
    };
    cast_shadow(bgr, 7, 6, 7, 0.55, [&](cv::Mat& m) { shape(m, true); });
    shape(bgr, false);
}

/// A tray with screws and drivers' parts.
void draw_tray(cv::Mat& bgr, double x, double y) {
    const auto body = [&](cv::Mat& m, unsigned c, bool mark) {
        rounded(m, cv::Rect2d(at(x, y, 174, 214)), 12 * scale, mark ? cv::Scalar::all(255) : rgb(c));
    };
    cast_shadow(bgr, 8, 8, 10, 0.6, [&](cv::Mat& m) { body(m, 0, true); });
    body(bgr, 0x2A5DA8, false);
    rounded(bgr, cv::Rect2d(at(x + 4, y + 4, 166, 206)), 9 * scale, rgb(0x3B75C6));
    for (int cell = 0; cell < 4; ++cell) {
        const double cx = x + 11 + (cell % 2) * 78, cy = y + 11 + (cell / 2) * 98;
        rounded(bgr, cv::Rect2d(at(cx, cy, 74, 92)), 6 * scale, rgb(0x1F477F));
        cv::RNG random(40 + static_cast<std::uint64_t>(cell));
        for (int i = 0; i < 26; ++i) {
            const double px = cx + 9 + random.uniform(0.0, 56.0), py = cy + 9 + random.uniform(0.0, 74.0),
                         angle = random.uniform(0.0, CV_PI);
            const double dx = std::cos(angle) * 7, dy = std::sin(angle) * 7;
            if (cell == 0 || cell == 3) {
                const unsigned tone = cell ? 0xD2B25A : 0xC3CBD0;
                handle(bgr, pt(px + 1.5, py + 2), pt(px + dx + 1.5, py + dy + 2), 4, rgb(0x10233F));
                handle(bgr, pt(px, py), pt(px + dx, py + dy), 3, rgb(tone));
                cv::circle(bgr, pt(px, py), 4 * scale, rgb(tone), cv::FILLED, cv::LINE_AA);
                cv::line(bgr, pt(px - 2, py), pt(px + 2, py), rgb(0x4A545A), scale, cv::LINE_AA);
            } else {
                cv::circle(bgr, pt(px + 1, py + 1.5), 5 * scale, rgb(0x10233F), cv::FILLED, cv::LINE_AA);
                cv::circle(bgr, pt(px, py), 5 * scale, rgb(cell == 1 ? 0xE9ECEE : 0xCF4B3A), cv::FILLED, cv::LINE_AA);
                cv::circle(bgr, pt(px, py), 2 * scale, rgb(0x1F477F), cv::FILLED, cv::LINE_AA);
            }
        }
    }
}

/// A finished downlight, seen from above.
void draw_downlight(cv::Mat& bgr, double x, double y) {
    cast_shadow(bgr, 9, 10, 12, 0.65,
                [&](cv::Mat& m) { cv::circle(m, pt(x, y), 82 * scale, cv::Scalar::all(255), cv::FILLED, cv::LINE_AA); });
    for (int i = 0; i < 60; ++i) {
        const double r = 84 - i * 0.35, lift = i / 60.0;
        cv::circle(bgr, pt(x - lift * 1.5, y - lift * 1.5), cvRound(r * scale), rgb(0x010101 * static_cast<unsigned>(200 + 50 * lift)),
                   cv::FILLED, cv::LINE_AA);
    }
    for (int i = 0; i < 40; ++i) {
        const double t = i / 39.0;
        cv::circle(bgr, pt(x + 2 * (1 - t), y + 2 * (1 - t)), cvRound((62 - 18 * t) * scale),
                   rgb(0x010101 * static_cast<unsigned>(150 + 80 * t)), cv::FILLED, cv::LINE_AA);
    }
    cv::circle(bgr, pt(x, y), 44 * scale, rgb(0xE4E6E2), cv::FILLED, cv::LINE_AA);
    for (int ring = 0; ring < 3; ++ring)
        for (int i = 0; i < 6 * ring + 1 + (ring == 0 ? 0 : -1); ++i) {
            const double angle = 2 * CV_PI * i / std::max(1, 6 * ring);
            cv::circle(bgr, pt(x + std::cos(angle) * ring * 15, y + std::sin(angle) * ring * 15), 4 * scale, rgb(0xE9D58A), cv::FILLED,
                       cv::LINE_AA);
        }
}

void light(cv::Mat& bgr) {
    cv::Mat gain(90, 160, CV_8U), full;
    for (int y = 0; y < gain.rows; ++y)
        for (int x = 0; x < gain.cols; ++x) {
            const double dx = (x + 0.5) / gain.cols - 0.42, dy = (y + 0.5) / gain.rows - 0.36;
            gain.at<uchar>(y, x) = cv::saturate_cast<uchar>(200 * (1.06 - 0.95 * (dx * dx + 0.7 * dy * dy)));
        }
    cv::resize(gain, full, bgr.size(), 0, 0, cv::INTER_CUBIC);
    cv::cvtColor(full, full, cv::COLOR_GRAY2BGR);
    cv::multiply(bgr, full, bgr, 1 / 200.0);
}

// The label: drawn at this many px per mm.
constexpr double mm = 8;
const cv::Rect2d area{-8, -6, 136, 266};
cv::Rect2d label_at(double x, double y, double w, double h) { return {(x - area.x) * mm, (y - area.y) * mm, w * mm, h * mm}; }
cv::Point label_pt(double x, double y) { return {cvRound((x - area.x) * mm), cvRound((y - area.y) * mm)}; }

void bar(cv::Mat& bgra, double x, double y, double w, double h, unsigned colour) {
    const cv::Rect2d r = label_at(x, y, w, h);
    cv::rectangle(bgra, cv::Rect(cvRound(r.x), cvRound(r.y), cvRound(r.width), cvRound(r.height)), rgb(colour), cv::FILLED);
}

void print(cv::Mat& bgra, const char* what, double x, double y, double size, bool bold, unsigned colour) {
    const cv::Rect2d r = label_at(x, y, 0, 0);
    write_text(bgra, what, r.x, r.y, cvRound(size * mm), bold, rgb(colour));
}

/// A limb of the glove: a thick line with a lighter ridge.
void finger(cv::Mat& bgra, double x0, double y0, double x1, double y1, double thick, unsigned base) {
    const double steps = 14;
    for (int i = 0; i <= steps; ++i) {
        const double t = i / steps, tone = 0.62 + 0.42 * std::sin(t * CV_PI * 0.62);
        const auto part = [&](int bits) { return std::min(255.0, (base >> bits & 255) * tone); };
        cv::line(bgra, label_pt(x0 - t * thick * 0.16, y0), label_pt(x1 - t * thick * 0.16, y1),
                 cv::Scalar(part(0), part(8), part(16), 255), std::max(1, cvRound(thick * mm * (1 - 0.72 * t))), cv::LINE_AA);
    }
}

void draw_arm(cv::Mat& bgra) {
    // Sleeve, cuff, back of the hand and the fingers behind the plate.
    const std::vector<cv::Point> sleeve{label_pt(8, 168), label_pt(82, 160), label_pt(92, 262), label_pt(4, 262)};
    cv::fillPoly(bgra, std::vector<std::vector<cv::Point>>{sleeve}, rgb(0x2B3F5C), cv::LINE_AA);
    for (int i = 0; i < 9; ++i)
        cv::line(bgra, label_pt(13 + i * 8, 174 + (i % 3) * 5), label_pt(9 + i * 9, 262), rgb(i % 2 ? 0x243651 : 0x35507A),
                 cvRound(3.2 * mm), cv::LINE_AA);
    const std::vector<cv::Point> palm{label_pt(14, 88),  label_pt(30, 74),  label_pt(72, 74),  label_pt(78, 92),
                                      label_pt(78, 128), label_pt(72, 166), label_pt(20, 170), label_pt(12, 126)};
    cv::fillPoly(bgra, std::vector<std::vector<cv::Point>>{palm}, rgb(0x1F66A8), cv::LINE_AA);
    const std::vector<cv::Point> bright{label_pt(22, 96),  label_pt(36, 84),  label_pt(62, 84),
                                        label_pt(66, 100), label_pt(60, 140), label_pt(28, 146)};
    cv::Mat soft = bgra.clone();
    cv::fillPoly(soft, std::vector<std::vector<cv::Point>>{bright}, rgb(0x3585CC), cv::LINE_AA);
    cv::Mat blurred;
    cv::blur(soft, blurred, cv::Size(cvRound(9 * mm), cvRound(9 * mm)));
    cv::Mat inside(bgra.size(), CV_8U, cv::Scalar(0));
    cv::fillPoly(inside, std::vector<std::vector<cv::Point>>{palm}, cv::Scalar(255));
    for (int y = 0; y < bgra.rows; ++y)
        for (int x = 0; x < bgra.cols; ++x)
            if (inside.at<uchar>(y, x))
                for (int c = 0; c < 3; ++c) bgra.at<cv::Vec4b>(y, x)[c] = blurred.at<cv::Vec4b>(y, x)[c];
    rounded(bgra, label_at(10, 158, 70, 14), 6 * mm, rgb(0x174F86));
    for (int i = 0; i < 12; ++i)
        cv::line(bgra, label_pt(14 + i * 5.6, 160), label_pt(14 + i * 5.6, 170), rgb(0x123F6C), cvRound(0.8 * mm), cv::LINE_AA);
    for (int i = 0; i < 3; ++i) finger(bgra, 40 + i * 15, 104, 42 + i * 15, 70, 15, 0x2C78BD);
}

constexpr const char* label_lines[] = {"HARBOUR LIGHT WORKS", "LX-200", "Downlight 12 W", "1200 lm  3000 K", "220-240 V  IP65"};

void draw_plate(cv::Mat& bgra) {
    rounded(bgra, label_at(0, 0, 120, 80), 4 * mm, rgb(0xAEB7BC));
    rounded(bgra, label_at(0.5, 0.5, 119, 79), 3.6 * mm, rgb(0xF3F4F1));
    // Header; stays clear of the marker's white margin, which begins at y = 14.
    rounded(bgra, label_at(0.5, 0.5, 119, 11.5), 3.6 * mm, rgb(0x14716B));
    bar(bgra, 0.5, 6, 119, 6, 0x14716B);
    print(bgra, label_lines[0], 4.5, 1.2, 6.2, true, 0xFFFFFF);
    print(bgra, "LED", 106, 1.6, 6, true, 0xF6C64A);
    print(bgra, label_lines[1], 4.5, 12.8, 15.5, true, 0x17242A);
    print(bgra, label_lines[2], 5, 32.5, 7, false, 0x2C3B42);
    print(bgra, label_lines[3], 5, 41.5, 5.6, false, 0x43535B);
    print(bgra, label_lines[4], 5, 49, 5.6, false, 0x43535B);
    bar(bgra, 5, 57.5, 56, 0.5, 0x9AA5AA);
    // Bars, as of an article number.
    const int widths[] = {1, 1, 3, 2, 1, 2, 1, 1, 4, 1, 2, 1, 3, 1, 1, 2, 2, 1, 1, 3,
                          1, 4, 1, 1, 2, 1, 1, 3, 2, 1, 1, 1, 4, 2, 1, 1, 2, 3, 1, 1};
    double x = 66;
    for (std::size_t i = 0; i < std::size(widths); ++i) {
        if (i % 2 == 0) bar(bgra, x, 68, widths[i] * 0.64, 7, 0x101416);
        x += widths[i] * 0.64;
    }
    print(bgra, "6 901234 567892", 78, 74.6, 3.4, false, 0x2C3B42);
    // The marker, exactly 8 × 8 cells of 5 mm.
    cv::Mat marker = MarkerFamily::named("apriltag36h11")->draw(bench_marker_id, cvRound(bench_marker_mm * mm)), coloured;
    cv::cvtColor(marker, coloured, cv::COLOR_GRAY2BGRA);
    const cv::Mat darkness = coloured * 0.92 + cv::Scalar(14, 14, 14, 255);
    const cv::Rect2d r = label_at(bench_marker_x_mm, bench_marker_y_mm, bench_marker_mm, bench_marker_mm);
    darkness.copyTo(bgra(cv::Rect(cvRound(r.x), cvRound(r.y), darkness.cols, darkness.rows)));
}

}  // namespace

cv::Mat bench_background() {
    cv::Mat bgr(720 * scale, 1280 * scale, CV_8UC3);
    draw_wood(bgr);
    draw_mat(bgr);
    draw_screwdriver(bgr, 60, 70, 0xC8401F);
    draw_screwdriver(bgr, 112, 96, 0xE0A516);
    draw_calliper(bgr, 1130, 300);
    draw_tray(bgr, 34, 440);
    draw_downlight(bgr, 1152, 152);
    light(bgr);
    add_noise(bgr, 2.2, cv::Size(3, 3), 6);
    return bgr;
}

cv::Rect2d bench_label_area() { return area; }

std::span<const char* const> bench_label_lines() { return label_lines; }

cv::Mat bench_label() {
    cv::Mat bgra(cvRound(area.height * mm), cvRound(area.width * mm), CV_8UC4, rgb(0x1A5A96, 0));
    draw_arm(bgra);
    draw_plate(bgra);
    // The thumb, in front of the plate's lower edge.
    finger(bgra, 30, 104, 37, 73, 17, 0x2F7FC6);
    return bgra;
}

cv::Rect2d bench_shadow_area() { return {-30, -30, 180, 150}; }

cv::Mat bench_shadow() {
    constexpr double px = 3;
    cv::Mat coverage(cvRound(150 * px), cvRound(180 * px), CV_8U, cv::Scalar(0));
    cv::rectangle(coverage, cv::Rect(cvRound(30 * px), cvRound(30 * px), cvRound(120 * px), cvRound(80 * px)), cv::Scalar(118), cv::FILLED);
    cv::GaussianBlur(coverage, coverage, cv::Size(), 9 * px);
    const cv::Mat black(coverage.size(), CV_8U, cv::Scalar(0));
    cv::Mat bgra;
    cv::merge(std::vector<cv::Mat>{black, black, black, coverage}, bgra);
    return bgra;
}

}  // namespace vitrine::sim
