#include "overlays/sim/sim_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "engine/frame_code.h"
#include "overlays/sim/canvas.h"
#include "overlays/sim/drawn_once.h"

namespace vitrine {

namespace {

using namespace sim;

// Everything is laid out for 1280 × 720 and drawn at twice that.
constexpr int scale = 2;
constexpr double base_width = 1280, base_height = 720;
constexpr double spacing = 360;  // between two pieces
constexpr double count_x = line_count_column * base_width;
constexpr double test_x = 452;           // pieces right of it are lit
const cv::Rect lamp{470, 56, 552, 304};  // 18 % of the picture
constexpr int belt_top = 462, belt_bottom = 612;
constexpr double slat = spacing / 10;

cv::Rect at(double x, double y, double w, double h) {
    return {cvRound(x * scale), cvRound(y * scale), cvRound(w * scale), cvRound(h * scale)};
}
cv::Point pt(double x, double y) { return {cvRound(x * scale), cvRound(y * scale)}; }

void box(cv::Mat& bgr, double x, double y, double w, double h, unsigned colour) {
    cv::rectangle(bgr, at(x, y, w, h), rgb(colour), cv::FILLED);
}

void text(cv::Mat& bgr, const char* what, double x, double y, double size, bool bold, unsigned colour, double opacity = 1) {
    write_text(bgr, what, x * scale, y * scale, cvRound(size * scale), bold, rgb(colour), opacity);
}

void draw_wall(cv::Mat& bgr) {
    box(bgr, 0, 0, 1280, 440, 0x56636D);
    shade_down(bgr, at(0, 0, 1280, 440), 0.55, 1.05);
    for (int x = 0; x <= 1280; x += 160) {
        box(bgr, x, 0, 1.5, 440, 0x3E4951);
        box(bgr, x + 1.5, 0, 1, 440, 0x76848E);
    }
    // Painted base of the wall.
    box(bgr, 0, 372, 1280, 68, 0x33505A);
    shade_down(bgr, at(0, 372, 1280, 68), 1.0, 0.7);
    box(bgr, 0, 370, 1280, 3, 0xC9D2D6);
    // Cable tray and pipes under the ceiling.
    box(bgr, 0, 20, 1280, 14, 0x2A3238);
    box(bgr, 0, 20, 1280, 2, 0x8794A0);
    for (int x = 8; x < 1280; x += 24) box(bgr, x, 24, 12, 6, 0x1A2024);
    for (int i = 0; i < 2; ++i) {
        const double y = 4 + i * 8;
        box(bgr, 0, y, 1280, 5, i ? 0x8A4B2C : 0x3F7480);
        box(bgr, 0, y, 1280, 1.5, i ? 0xC07A55 : 0x6FA7B2);
    }
}

/// A press behind the line, left: body, safety window with light inside, control cabinet, signal tower.
void draw_press(cv::Mat& bgr) {
    rounded(bgr, cv::Rect2d(at(36, 76, 300, 372)), 10 * scale, rgb(0x2E5F74));
    shade_down(bgr, at(36, 76, 300, 372), 1.12, 0.72);
    box(bgr, 36, 92, 300, 4, 0x7FB4C6);
    text(bgr, "PRESS 2", 60, 98, 25, true, 0xE9F1F3);
    text(bgr, "DIE CAST 250T", 60, 130, 12, false, 0xA9CBD6);
    rounded(bgr, cv::Rect2d(at(64, 164, 176, 190)), 6 * scale, rgb(0x12181C));
    cv::Mat window = bgr(at(70, 170, 164, 178));
    for (int y = 0; y < window.rows; ++y)
        for (int x = 0; x < window.cols; ++x) {
            const double dx = (x - window.cols * 0.5) / window.cols, dy = (y - window.rows * 0.86) / window.rows;
            const double glow = std::exp(-(dx * dx * 7 + dy * dy * 4));
            window.at<cv::Vec3b>(y, x) = cv::Vec3b(cv::saturate_cast<uchar>(26 + 62 * glow), cv::saturate_cast<uchar>(30 + 118 * glow),
                                                   cv::saturate_cast<uchar>(32 + 196 * glow));
        }
    // Ram, mould halves and guide columns seen through the window.
    box(bgr, 84, 170, 9, 178, 0x7E8C94);
    box(bgr, 211, 170, 9, 178, 0x7E8C94);
    box(bgr, 116, 170, 72, 52, 0x59666E);
    box(bgr, 104, 222, 96, 24, 0x8A979E);
    box(bgr, 104, 244, 96, 3, 0x2C343A);
    box(bgr, 96, 312, 112, 36, 0x3A444B);
    box(bgr, 120, 300, 64, 13, 0xC8862F);
    for (int i = 0; i < 3; ++i) cv::line(bgr, pt(78 + i * 34, 346), pt(112 + i * 34, 172), rgb(0xAFC3CB), scale, cv::LINE_AA);
    hazard(bgr, at(64, 358, 176, 12), 10 * scale);
    // Operator's cabinet.
    rounded(bgr, cv::Rect2d(at(254, 164, 70, 150)), 5 * scale, rgb(0xC9CFD2));
    shade_down(bgr, at(254, 164, 70, 150), 1.0, 0.8);
    rounded(bgr, cv::Rect2d(at(261, 172, 56, 40)), 3 * scale, rgb(0x0E2A33));
    for (int i = 0; i < 5; ++i) box(bgr, 266, 178 + i * 6, 20 + (i * 17) % 24, 3, i == 1 ? 0x63D48A : 0x49B3C4);
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column) {
            const unsigned colours[3] = {0x3FA66B, 0xD9A21B, 0x66727A};
            cv::circle(bgr, pt(268 + column * 21, 228 + row * 20), 6 * scale, rgb(0x50595F), cv::FILLED, cv::LINE_AA);
            cv::circle(bgr, pt(268 + column * 21, 227.5 + row * 20), 5 * scale, rgb(colours[(row + column) % 3]), cv::FILLED, cv::LINE_AA);
        }
    cv::circle(bgr, pt(289, 296), 12 * scale, rgb(0xE3B21A), cv::FILLED, cv::LINE_AA);
    cv::circle(bgr, pt(289, 295), 8 * scale, rgb(0xB3261E), cv::FILLED, cv::LINE_AA);
    // Signal tower.
    box(bgr, 352, 70, 4, 24, 0xB8C0C4);
    const unsigned tower[3] = {0x5A2220, 0x6B5417, 0x35E07A};
    for (int i = 0; i < 3; ++i) rounded(bgr, cv::Rect2d(at(346, 94 + i * 17, 16, 16)), 3 * scale, rgb(tower[i]));
    box(bgr, 350, 145, 8, 240, 0x9BA5AA);
}

/// Cabinet, shelves with boxes, right.
void draw_right(cv::Mat& bgr) {
    box(bgr, 1058, 96, 200, 350, 0x39444B);
    box(bgr, 1066, 104, 184, 340, 0x222A2F);
    const unsigned cartons[4] = {0xB58A5A, 0xA67C4E, 0xC19A6B, 0x9C7448};
    for (int shelf = 0; shelf < 4; ++shelf) {
        const double floor = 180 + shelf * 84;
        for (int i = 0; i < 4; ++i) {
            const double w = 36 + (i * 7 + shelf * 5) % 9, h = 44 + (i * 13 + shelf * 11) % 18, x = 1072 + i * 44;
            box(bgr, x, floor - h, w, h, cartons[(i + shelf) % 4]);
            shade_down(bgr, at(x, floor - h, w, h), 0.95, 0.68);
            box(bgr, x + w / 2 - 3, floor - h, 6, h, 0xD8BE93);
            box(bgr, x + 5, floor - h + 10, 13, 9, 0xEFEAE0);
        }
        box(bgr, 1058, floor, 200, 7, 0xD06A22);
        box(bgr, 1058, floor + 5, 200, 2, 0x6E3810);
    }
    for (double x : {1058.0, 1250.0}) box(bgr, x, 84, 8, 362, 0x2C5E9E);
}

void draw_lamp_off(cv::Mat& bgr) {
    rounded(bgr, cv::Rect2d(at(lamp.x - 10, lamp.y - 10, lamp.width + 20, lamp.height + 20)), 8 * scale, rgb(0x9AA4AA));
    rounded(bgr, cv::Rect2d(at(lamp.x - 7, lamp.y - 7, lamp.width + 14, lamp.height + 14)), 6 * scale, rgb(0x4A545A));
    box(bgr, lamp.x, lamp.y, lamp.width, lamp.height, 0x1B2329);
    for (int row = 0; row < 11; ++row)
        for (int column = 0; column < 20; ++column) {
            const cv::Point centre = pt(lamp.x + 14 + column * 27.6, lamp.y + 14 + row * 27.6);
            cv::circle(bgr, centre, 5 * scale, rgb(0x2A343B), cv::FILLED, cv::LINE_AA);
            cv::circle(bgr, centre, 2 * scale, rgb(0x4C4A36), cv::FILLED, cv::LINE_AA);
        }
    text(bgr, "LUMINOUS FLUX TEST PANEL", lamp.x + 176, lamp.y + lamp.height + 14, 13, true, 0xD9E1E4);
}

/// Conveyor without its belt: rear rail, front frame with hazard stripes, legs, floor.
void draw_conveyor(cv::Mat& bgr) {
    box(bgr, 0, 440, 1280, 22, 0xAEB7BC);
    shade_down(bgr, at(0, 440, 1280, 22), 1.12, 0.62);
    for (int x = 20; x < 1280; x += 120) cv::circle(bgr, pt(x, 450), 3 * scale, rgb(0x59636A), cv::FILLED, cv::LINE_AA);
    box(bgr, 0, belt_bottom, 1280, 46, 0xC3CBCF);
    shade_down(bgr, at(0, belt_bottom, 1280, 46), 1.1, 0.66);
    box(bgr, 0, belt_bottom + 14, 1280, 3, 0x6B767D);
    box(bgr, 0, belt_bottom + 17, 1280, 2, 0xE8EDEF);
    hazard(bgr, at(0, 658, 1280, 18), 16 * scale);
    shade_down(bgr, at(0, 658, 1280, 18), 1.0, 0.85);
    box(bgr, 0, 676, 1280, 44, 0x2B3034);
    shade_down(bgr, at(0, 676, 1280, 44), 1.1, 0.6);
    for (int x = 130; x < 1280; x += 340) {
        box(bgr, x, 658, 46, 62, 0x7D888E);
        shade_down(bgr, at(x, 658, 46, 62), 1.05, 0.6);
    }
    text(bgr, "LINE 3", 40, belt_bottom + 16, 19, true, 0x24424C);
    text(bgr, "DOWNLIGHT ASSEMBLY", 116, belt_bottom + 20, 13, false, 0x3A4A52);
    // The count line, printed on both rails.
    for (double y : {441.0, belt_bottom + 1.0}) box(bgr, count_x - 3, y, 6, y < 500 ? 20 : 44, 0xC62828);
    text(bgr, "COUNT LINE", count_x + 12, belt_bottom + 18, 15, true, 0xB3261E);
    // Photo eye.
    rounded(bgr, cv::Rect2d(at(count_x - 9, 408, 18, 34)), 3 * scale, rgb(0x23282C));
    cv::circle(bgr, pt(count_x, 430), 5 * scale, rgb(0xFF4A3D), cv::FILLED, cv::LINE_AA);
}

/// Counter on the wall: its case; digits are sprites.
constexpr double counter_x = 880, counter_y = 384;
void draw_counter(cv::Mat& bgr) {
    rounded(bgr, cv::Rect2d(at(counter_x, counter_y, 150, 46)), 5 * scale, rgb(0x0B0E10));
    text(bgr, "PCS", counter_x + 112, counter_y + 14, 14, true, 0x9AA7AE);
}

Sprite digit_sprite(int digit, double sx, double sy) {
    static constexpr std::array<int, 10> segments{0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F};
    cv::Mat picture(34 * 4, 24 * 4, CV_8UC4, rgb(0x0B0E10));
    const double x0 = 12, x1 = 76, y0 = 8, y1 = 66, y2 = 124;
    const std::array<std::array<double, 4>, 7> lines{
        {{x0, y0, x1, y0}, {x1, y0, x1, y1}, {x1, y1, x1, y2}, {x0, y2, x1, y2}, {x0, y1, x0, y2}, {x0, y0, x0, y1}, {x0, y1, x1, y1}}};
    for (int i = 0; i < 7; ++i) {
        const bool on = segments[digit] >> i & 1;
        const auto& l = lines[i];
        const double length = std::hypot(l[2] - l[0], l[3] - l[1]), ux = (l[2] - l[0]) / length * 9, uy = (l[3] - l[1]) / length * 9;
        cv::line(picture, cv::Point(cvRound(l[0] + ux), cvRound(l[1] + uy)), cv::Point(cvRound(l[2] - ux), cvRound(l[3] - uy)),
                 on ? rgb(0xFF5A36) : rgb(0x2A1410), 10, cv::LINE_AA);
    }
    return to_sprite(picture, cvRound(24 * sx), cvRound(34 * sy));
}

/// One downlight seen at about 45°: heat sink with fins under a white trim ring, a diffuser that is lit after the test.
Sprite product_sprite(bool lit, double sx, double sy) {
    constexpr int k = 4;  // drawn at 4×
    constexpr double w = 176, h = 148, cx = 88;
    cv::Mat picture(cvRound(h * k), cvRound(w * k), CV_8UC4, rgb(0x000000, 0));
    const auto ellipse = [&](double y, double rx, double ry, const cv::Scalar& colour, int thickness = cv::FILLED) {
        cv::ellipse(picture, cv::Point(cvRound(cx * k), cvRound(y * k)), cv::Size(cvRound(rx * k), cvRound(ry * k)), 0, 0, 360, colour,
                    thickness, cv::LINE_AA);
    };
    // Shadow on the belt.
    cv::Mat shadow(picture.size(), CV_8U, cv::Scalar(0));
    cv::ellipse(shadow, cv::Point(cvRound((cx + 8) * k), cvRound(108 * k)), cv::Size(66 * k, 32 * k), 0, 0, 360, cv::Scalar(150),
                cv::FILLED, cv::LINE_AA);
    cv::GaussianBlur(shadow, shadow, cv::Size(), 5 * k);
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) picture.at<cv::Vec4b>(y, x)[3] = shadow.at<uchar>(y, x);
    // Heat sink: a stack of discs; a fin at every angle, lighter on the left where the light comes from.
    for (double y = 104; y >= 62; y -= 0.25) ellipse(y, 54, 27, rgb(0x4E585F));
    for (int i = 0; i <= 36; ++i) {
        const double angle = CV_PI * i / 36, x = cx - std::cos(angle) * 54, y = std::sin(angle) * 27;
        const double light = 0.5 + 0.5 * std::cos(angle - 0.9);
        const auto tone = static_cast<unsigned>(70 + 130 * light);
        cv::line(picture, cv::Point(cvRound(x * k), cvRound((66 + y) * k)), cv::Point(cvRound(x * k), cvRound((104 + y) * k)),
                 cv::Scalar(tone * 1.04, tone, tone * 0.96, 255), k + 2, cv::LINE_AA);
        cv::line(picture, cv::Point(cvRound((x + 2) * k), cvRound((66 + y) * k)), cv::Point(cvRound((x + 2) * k), cvRound((104 + y) * k)),
                 rgb(0x22282C), k, cv::LINE_AA);
    }
    // Trim ring: a thin white cylinder with a bright lip.
    for (double y = 66; y >= 56; y -= 0.25) ellipse(y, 76, 39, rgb(y > 57 ? 0xA9B1B6 : 0xF4F6F7));
    ellipse(56, 75, 38, rgb(0xEDF0F2));
    ellipse(57, 57, 28, rgb(0xBFC7CC));
    // Reflector cone and diffuser.
    for (int i = 0; i < 12; ++i) {
        const double t = i / 11.0;
        const double tone = lit ? 205 + 50 * t : 118 + 70 * t;
        ellipse(58 + t * 3, 55 - 11 * t, 27 - 6 * t, cv::Scalar(lit ? tone * 0.80 : tone, lit ? tone * 0.95 : tone, tone, 255));
    }
    ellipse(61.5, 42, 20, lit ? rgb(0xFFF6DC) : rgb(0xD9DDDD));
    if (!lit) ellipse(59, 26, 10, rgb(0xE9ECEC));
    ellipse(56, 75, 38, rgb(0xFFFFFF), k);
    if (lit) {  // glow around it
        cv::Mat glow(picture.size(), CV_8U, cv::Scalar(0));
        cv::ellipse(glow, cv::Point(cvRound(cx * k), cvRound(58 * k)), cv::Size(60 * k, 34 * k), 0, 0, 360, cv::Scalar(160), cv::FILLED,
                    cv::LINE_AA);
        cv::GaussianBlur(glow, glow, cv::Size(), 12 * k);
        for (int y = 0; y < picture.rows; ++y)
            for (int x = 0; x < picture.cols; ++x) {
                auto& p = picture.at<cv::Vec4b>(y, x);
                const double g = glow.at<uchar>(y, x) / 255.0, a = p[3] / 255.0, sum = a + g * (1 - a) * 0.6;
                if (sum <= 0) continue;
                const double warm[3] = {150, 222, 255};
                for (int c = 0; c < 3; ++c)
                    p[c] = cv::saturate_cast<uchar>((p[c] * a * (1 - 0.35 * g) + warm[c] * (a * 0.35 * g + g * (1 - a) * 0.6)) / sum);
                p[3] = cv::saturate_cast<uchar>(sum * 255);
            }
    }
    return to_sprite(picture, cvRound(w * sx), cvRound(h * sy));
}

/// The tunnel in which pieces are lit: stands over the belt.
Sprite tunnel_sprite(double sx, double sy) {
    constexpr int w = 132, h = 262;
    cv::Mat bgr(h * scale, w * scale, CV_8UC3, rgb(0x394349)), coverage(h * scale, w * scale, CV_8U, cv::Scalar(0));
    const auto part = [&](int x, int y, int pw, int ph, unsigned colour) {
        box(bgr, x, y, pw, ph, colour);
        cv::rectangle(coverage, at(x, y, pw, ph), cv::Scalar(255), cv::FILLED);
    };
    part(0, 0, w, 108, 0xE6EAEC);
    shade_down(bgr, at(0, 0, w, 108), 1.0, 0.78);
    box(bgr, 0, 0, 3, 108, 0xFFFFFF);
    box(bgr, w - 4, 0, 4, 108, 0x9AA5AB);
    rounded(bgr, cv::Rect2d(at(12, 12, 108, 40)), 4 * scale, rgb(0x1F6F6A));
    text(bgr, "TEST 3", 25, 17, 22, true, 0xFFFFFF);
    text(bgr, "230 V  12 W", 26, 60, 14, false, 0x33464E);
    hazard(bgr, at(0, 88, w, 20), 12 * scale);
    // Curtain of rubber strips that pieces push through.
    for (int x = 6; x < w - 6; x += 12) {
        part(x, 108, 11, 104, x / 12 % 2 ? 0x23292D : 0x2B3237);
        box(bgr, x, 108, 2, 104, 0x434D53);
    }
    part(0, 108, 6, 154, 0x8E999F);
    part(w - 6, 108, 6, 154, 0x76828A);
    cv::Mat bgra;
    std::vector<cv::Mat> planes;
    cv::split(bgr, planes);
    planes.push_back(coverage);
    cv::merge(planes, bgra);
    return to_sprite(bgra, cvRound(w * sx), cvRound(h * sy));
}

/// Red laser across the belt above the printed line.
Sprite laser_sprite(double sx, double sy) {
    cv::Mat picture((belt_bottom - belt_top) * 2, 24, CV_8UC4, rgb(0xFF2A1C, 0));
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) {
            const double d = std::abs(x - 11.5);
            picture.at<cv::Vec4b>(y, x)[3] = cv::saturate_cast<uchar>(d < 3 ? 210 : 120 * std::exp(-(d - 3) * 0.45));
        }
    return to_sprite(picture, std::max(4, cvRound(12 * sx)), cvRound((belt_bottom - belt_top) * sy));
}

/// The belt's surface, one slat wider than the picture, so that any phase is a copy.
cv::Mat belt_picture() {
    cv::Mat bgr((belt_bottom - belt_top) * scale, cvRound((base_width + slat) * scale), CV_8UC3, rgb(0x353B40));
    const int period = cvRound(slat * scale), slant = 26;
    for (int y = 0; y < bgr.rows; ++y)
        for (int x = 0; x < bgr.cols; ++x) {
            const double phase = std::fmod(x + slant * double(y) / bgr.rows, period) / period;  // 0…1 within a slat
            double tone = 50 + 16 * std::sin(phase * CV_PI);
            if (phase < 0.05)
                tone = 20;
            else if (phase < 0.10)
                tone = 84;
            const double depth = double(y) / bgr.rows;
            tone *= 0.78 + 0.5 * depth;
            if ((x % period) % 18 < 3 && y % 22 < 3) tone *= 0.8;  // moulded grip
            bgr.at<cv::Vec3b>(y, x) = cv::Vec3b(cv::saturate_cast<uchar>(tone * 1.10), cv::saturate_cast<uchar>(tone * 1.03),
                                                cv::saturate_cast<uchar>(tone * 0.96));
        }
    shade_down(bgr, cv::Rect(0, 0, bgr.cols, 36), 0.45, 1.0);
    return bgr;
}

int even(double v) { return static_cast<int>(std::floor(v / 2 + 0.5)) * 2; }

struct LinePictures {
    LinePictures(int width, int height)
        : sx(width / base_width),
          sy(height / base_height),
          off(product_sprite(false, sx, sy)),
          on(product_sprite(true, sx, sy)),
          tunnel(tunnel_sprite(sx, sy)),
          laser(laser_sprite(sx, sy)),
          slat_px(std::max(2, cvRound(slat * sx / 2) * 2)),
          belt_y(cvRound(belt_top * sy / 2) * 2) {
        cv::Mat scene(cvRound(base_height * scale), cvRound(base_width * scale), CV_8UC3, rgb(0x33393D));
        draw_wall(scene);
        draw_press(scene);
        draw_right(scene);
        draw_lamp_off(scene);
        draw_counter(scene);
        draw_conveyor(scene);
        add_noise(scene, 2.5, cv::Size(3, 3), 1);
        add_noise(scene, 4, cv::Size(90, 60), 2);
        background = to_i420(scene, width, height);
        belt = to_i420(belt_picture(), width + slat_px, std::max(2, cvRound((belt_bottom - belt_top) * sy / 2) * 2));
        for (int digit = 0; digit < 10; ++digit) digits[digit] = digit_sprite(digit, sx, sy);
    }

    double sx, sy;
    std::shared_ptr<const VideoFrame> background, belt;
    Sprite off, on, tunnel, laser;
    std::array<Sprite, 10> digits;
    int slat_px, belt_y;
};

std::shared_ptr<const LinePictures> line_pictures(int width, int height) {
    static DrawnOnce<LinePictures> drawn;
    return drawn.of(width, height);
}

class SimLine : public SimulatedCamera {
  public:
    SimLine(int width, int height, int fps, bool code)
        : width_(width), height_(height), fps_(fps), code_(code), drawn_(line_pictures(width, height)) {}

    int width() const override { return width_; }
    int height() const override { return height_; }
    int fps() const override { return fps_; }

    SimTruth render(const I420View& picture, std::uint64_t sequence) override {
        const SimTruth truth = line_truth(sequence, fps_);
        copy(drawn_->background->view(), picture);
        // Pieces since frame 0 that have entered, as a number with fraction: one per 1.5 s.
        const double run = std::fmod(2.0 * double(sequence) / (3.0 * fps_) + 0.5, 1.0);
        draw_belt(picture, run);
        // A piece that is `run` past the line, and all before and after it.
        for (int piece = -3; piece <= 2; ++piece) {
            const double x = count_x + (run + piece) * spacing;
            if (x < -100 || x > base_width + 100) continue;
            const Sprite& sprite = x > test_x ? drawn_->on : drawn_->off;
            blend(picture, sprite, even(x * drawn_->sx) - sprite.width / 2, even((belt_bottom - 148) * drawn_->sy) + even(14 * drawn_->sy));
        }
        blend(picture, drawn_->laser, even(count_x * drawn_->sx) - drawn_->laser.width / 2, drawn_->belt_y);
        blend(picture, drawn_->tunnel, even(test_x * drawn_->sx) - drawn_->tunnel.width / 2, even(360 * drawn_->sy));
        int count = truth.pieces_passed;
        for (int i = 3; i >= 0; --i, count /= 10)
            blend(picture, drawn_->digits[count % 10], even((counter_x + 8 + i * 25) * drawn_->sx), even((counter_y + 6) * drawn_->sy));
        if (truth.flash) flash(picture);
        if (code_) draw_frame_code(picture, sequence, CodeCorner::top_left);
        return truth;
    }

  private:
    void draw_belt(const I420View& picture, double run) const {
        // The belt moves to the right by spacing per piece; spacing is a whole number of slats, so only the phase matters.
        const int offset = even((1 - std::fmod(run * spacing / slat, 1.0)) * drawn_->slat_px) % drawn_->slat_px;
        const ConstI420View belt = std::as_const(*drawn_->belt).view();
        const int rows = std::min(belt.height, picture.height - drawn_->belt_y);
        for (int y = 0; y < rows; ++y)
            std::memcpy(picture.y + std::ptrdiff_t(drawn_->belt_y + y) * picture.stride_y,
                        belt.y + std::ptrdiff_t(y) * belt.stride_y + offset, width_);
        for (int y = 0; y < rows / 2; ++y) {
            const std::ptrdiff_t to = std::ptrdiff_t(drawn_->belt_y / 2 + y) * picture.stride_uv,
                                 from = std::ptrdiff_t(y) * belt.stride_uv + offset / 2;
            std::memcpy(picture.u + to, belt.u + from, width_ / 2);
            std::memcpy(picture.v + to, belt.v + from, width_ / 2);
        }
    }

    void flash(const I420View& picture) const {
        const int x0 = even(lamp.x * drawn_->sx), x1 = even((lamp.x + lamp.width) * drawn_->sx), y0 = even(lamp.y * drawn_->sy),
                  y1 = even((lamp.y + lamp.height) * drawn_->sy);
        for (int y = y0; y < y1; ++y) std::memset(picture.y + std::ptrdiff_t(y) * picture.stride_y + x0, 232, x1 - x0);
        for (int y = y0 / 2; y < y1 / 2; ++y) {
            std::memset(picture.u + std::ptrdiff_t(y) * picture.stride_uv + x0 / 2, 122, (x1 - x0) / 2);
            std::memset(picture.v + std::ptrdiff_t(y) * picture.stride_uv + x0 / 2, 130, (x1 - x0) / 2);
        }
    }

    int width_, height_, fps_;
    bool code_;
    std::shared_ptr<const LinePictures> drawn_;
};

}  // namespace

SimTruth line_truth(std::uint64_t sequence, int fps) {
    SimTruth truth;
    truth.sequence = sequence;
    const auto rate = static_cast<std::uint64_t>(fps);
    truth.pieces_passed = static_cast<int>((4 * sequence + 3 * rate) / (6 * rate));
    truth.flash = sim_flash(sequence, fps);
    return truth;
}

std::unique_ptr<SimulatedCamera> make_sim_line(int width, int height, int fps, bool code) {
    return std::make_unique<SimLine>(width, height, fps, code);
}

}  // namespace vitrine
