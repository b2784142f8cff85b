#include "overlays/sim/moving_picture.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/sim/solid.h"

namespace vitrine::sim {

namespace {

constexpr double focal = 1050, shutter = 0.5;  // px; of the time between two frames
constexpr double distance_mm = 420;            // where 120 mm are 300 px
constexpr double pi = CV_PI;

cv::Matx33d turn(double x, double y, double z) {
    cv::Matx33d rx, ry, rz;
    cv::Rodrigues(cv::Vec3d(x, 0, 0), rx), cv::Rodrigues(cv::Vec3d(0, y, 0), ry), cv::Rodrigues(cv::Vec3d(0, 0, z), rz);
    return rz * ry * rx;
}

double wave(double seconds, double period, double phase = 0) { return std::sin(2 * pi * (seconds / period + phase)); }

/// A desk with things on it: features enough to be mistaken for.
cv::Mat draw_clutter(int width, int height, std::uint64_t seed, int things) {
    cv::RNG random(seed);
    cv::Mat out(height, width, CV_8U, cv::Scalar(110));
    for (int i = 0; i < things; ++i) {
        const cv::Point at(random.uniform(0, width), random.uniform(0, height));
        const cv::Size size(random.uniform(8, 140), random.uniform(8, 90));
        const cv::Scalar grey(random.uniform(30, 225));
        switch (random.uniform(0, 4)) {
            case 0:
                cv::rectangle(out, cv::Rect(at, size), grey, cv::FILLED, cv::LINE_AA);
                break;
            case 1:
                cv::ellipse(out, at, size / 2, random.uniform(0, 180), 0, 360, grey, cv::FILLED, cv::LINE_AA);
                break;
            case 2:
                cv::line(out, at, at + cv::Point(size.width, random.uniform(-90, 90)), grey, random.uniform(1, 5), cv::LINE_AA);
                break;
            default:
                cv::putText(out, std::to_string(random.uniform(100, 99999)), at, cv::FONT_HERSHEY_SIMPLEX, random.uniform(0.4, 1.4), grey,
                            random.uniform(1, 3), cv::LINE_AA);
        }
    }
    cv::GaussianBlur(out, out, cv::Size(), 0.8);
    return out;
}

/// Of a picture with a rim of one texel; all coordinates inside.
inline float sample(const cv::Mat& m, float x, float y) {
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    const float fx = x - float(ix), fy = y - float(iy);
    const float *p = m.ptr<float>(iy) + ix, *q = m.ptr<float>(iy + 1) + ix;
    const float a = p[0] + fx * (p[1] - p[0]), b = q[0] + fx * (q[1] - q[0]);
    return a + fy * (b - a);
}

}  // namespace

const char* name_of(PictureMotion motion) {
    switch (motion) {
        case PictureMotion::still:
            return "still";
        case PictureMotion::pan:
            return "pan";
        case PictureMotion::zoom:
            return "zoom";
        case PictureMotion::tilt:
            return "tilt";
        case PictureMotion::fast:
            return "fast";
        case PictureMotion::covered:
            return "covered";
        case PictureMotion::gone:
            break;
    }
    return "gone";
}

Calibration MovingPicture::camera() {
    Calibration c;
    c.width = width, c.height = height;
    c.fx = c.fy = focal, c.cx = (width - 1) / 2.0, c.cy = (height - 1) / 2.0;
    return c;
}

MovingPicture::MovingPicture(PictureScene scene)
    : scene_(std::move(scene)), height_mm_(scene_.solid ? scene_.height_mm : scene_.width_mm * scene_.luma.rows / scene_.luma.cols) {
    cv::Mat finest;
    if (!scene_.solid) scene_.luma.convertTo(finest, CV_32F);
    for (double by = 1; !scene_.solid && std::min(finest.cols, finest.rows) * by > 16; by /= std::sqrt(2.0)) {
        levels_.emplace_back();
        cv::Mat& level = levels_.back();
        cv::resize(finest, level, cv::Size(cvRound(finest.cols * by), cvRound(finest.rows * by)), 0, 0, cv::INTER_AREA);
        cv::copyMakeBorder(level, level, 1, 1, 1, 1, cv::BORDER_REPLICATE);
    }
    background_ = draw_clutter(width, height, scene_.seed, 170);
    hand_ = draw_clutter(420, 520, scene_.seed + 7, 25);
    cv::GaussianBlur(hand_, hand_, cv::Size(), 4);
    noise_.create(height + 128, width + 128, CV_16S);
    cv::RNG random(scene_.seed + 13);
    random.fill(noise_, cv::RNG::NORMAL, 0, std::max(1e-6, scene_.noise));
}

TargetPose MovingPicture::pose_at(double t) const {
    double x = 0, y = 0, scale = 1;
    cv::Matx33d r = turn(0.2, -0.15, 0.08);
    switch (scene_.motion) {
        case PictureMotion::still:
            break;
        case PictureMotion::pan:
            x = 95 * wave(t, 5, 0.1), y = 30 * wave(t, 3.3);
            r = turn(0.2, -0.15 + 0.1 * wave(t, 4), 0.08);
            break;
        case PictureMotion::zoom:
            scale = std::exp(0.5 * std::log(2.5 * 0.4) + 0.5 * std::log(2.5 / 0.4) * wave(t, 2.4, 0.03));
            break;
        case PictureMotion::tilt: {
            // The axis of the tilt wanders; the tilt itself goes to 55° and back.
            const double most = 55 * pi / 180, a = most * 0.5 * (1 - std::cos(2 * pi * t / 2)), axis = 0.9 * t + 0.3;
            cv::Matx33d tilt;
            cv::Rodrigues(cv::Vec3d(std::cos(axis), std::sin(axis), 0) * a, tilt);
            r = tilt * turn(0, 0, 0.5 * wave(t, 3));
            break;
        }
        case PictureMotion::fast:
            x = 62 * wave(t, 0.72), y = 12 * wave(t, 0.9, 0.2);
            break;
        case PictureMotion::covered:
            x = 20 * wave(t, 3), y = 10 * wave(t, 2);
            r = turn(0.25 * wave(t, 2.7), 0.3 * wave(t, 3.1), 0.1);
            break;
        case PictureMotion::gone:
            // It is elsewhere between two frames, not within one's exposure.
            x = t < 1.517 ? -60 + 8 * t : 55 - 8 * t, y = t < 1.517 ? 0 : 15;
            if (t >= 1.517) r = turn(-0.25, 0.3, -0.2);
            break;
    }
    const cv::Vec3d middle(x, y, distance_mm / scale), origin = middle - r * cv::Vec3d(scene_.width_mm / 2, height_mm_ / 2, 0);
    cv::Vec3d v;
    cv::Rodrigues(r, v);
    return {{v[0], v[1], v[2]}, {origin[0], origin[1], origin[2]}};
}

PictureTruth MovingPicture::truth_of(const TargetPose& pose) const {
    PictureTruth out;
    out.pose = pose;
    out.plane = normalised(plane_of(pose, camera()));
    const double w = scene_.width_mm, h = height_mm_;
    const std::array<Point2, 4> outline{{{0, 0}, {w, 0}, {w, h}, {0, h}}};
    for (int i = 0; i < 4; ++i) out.corners[i] = map_point(out.plane, outline[i]).value_or(Point2{});
    return out;
}

PictureTruth MovingPicture::truth_at(double seconds) const {
    PictureTruth out = truth_of(pose_at(seconds));
    if (scene_.motion == PictureMotion::covered && seconds >= scene_.covered_from) out.covered = 0.5;
    if (scene_.motion == PictureMotion::gone && seconds >= 1 && seconds < 2) out.covered = 1;
    return out;
}

TargetPose MovingPicture::tilted(double width_mm, double height_mm, double size, double degrees, double axis) {
    const cv::Vec3d v = cv::Vec3d(std::cos(axis), std::sin(axis), 0) * (degrees * pi / 180);
    cv::Matx33d r;
    cv::Rodrigues(v, r);
    const cv::Vec3d origin = cv::Vec3d(0, 0, distance_mm / size) - r * cv::Vec3d(width_mm / 2, height_mm / 2, 0);
    return {{v[0], v[1], v[2]}, {origin[0], origin[1], origin[2]}};
}

void MovingPicture::draw(cv::Mat& picture, const std::vector<PictureTruth>& moments) const {
    if (scene_.solid) {
        std::vector<TargetPose> poses;
        for (const auto& moment : moments) poses.push_back(moment.pose);
        scene_.solid->draw(picture, poses, camera());
    } else {
        std::vector<Plane> planes;
        for (const auto& moment : moments) planes.push_back(moment.plane);
        draw_print(picture, planes);
    }
}

void MovingPicture::draw_print(cv::Mat& picture, const std::vector<Plane>& moments) const {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const Plane& plane : moments)
        for (const Point2& corner :
             {Point2{0, 0}, Point2{scene_.width_mm, 0}, Point2{scene_.width_mm, height_mm_}, Point2{0, height_mm_}}) {
            const Point2 p = map_point(plane, corner).value_or(Point2{});
            left = std::min(left, p[0]), right = std::max(right, p[0]), top = std::min(top, p[1]), bottom = std::max(bottom, p[1]);
        }
    const cv::Rect box =
        cv::Rect(cvFloor(left) - 1, cvFloor(top) - 1, cvCeil(right - left) + 4, cvCeil(bottom - top) + 4) & cv::Rect(0, 0, width, height);
    if (box.empty()) return;
    const int grid = moments.size() > 4 || box.area() > 200'000 ? 2 : 3;  // samples across a pixel
    cv::Mat sum(box.size(), CV_32F, cv::Scalar(0)), cover(box.size(), CV_32F, cv::Scalar(0));
    for (const Plane& plane : moments) {
        // The copy with about 1.5 texels per px where the print is largest.
        const double per_mm = std::sqrt(std::abs(plane[0] * plane[4] - plane[1] * plane[3])) * 1.3;
        const cv::Mat* level = &levels_.front();
        for (const auto& l : levels_)
            if ((l.cols - 2) / scene_.width_mm >= 1.5 * per_mm) level = &l;
        const double u_end = level->cols - 2, v_end = level->rows - 2, sx = u_end / scene_.width_mm, sy = v_end / height_mm_;
        const cv::Matx33d back = cv::Matx33d(plane.data()).inv();
        for (int y = 0; y < box.height; ++y)
            for (int part = 0; part < grid * grid; ++part) {
                const double px = box.x + (part % grid + 0.5) / grid - 0.5, py = box.y + y + (part / grid + 0.5) / grid - 0.5;
                double a = back(0, 0) * px + back(0, 1) * py + back(0, 2), b = back(1, 0) * px + back(1, 1) * py + back(1, 2),
                       c = back(2, 0) * px + back(2, 1) * py + back(2, 2);
                float *s = sum.ptr<float>(y), *k = cover.ptr<float>(y);
                for (int x = 0; x < box.width; ++x, a += back(0, 0), b += back(1, 0), c += back(2, 0)) {
                    const double to = 1 / c, u = a * to * sx, v = b * to * sy;
                    if (!(u >= 0 && v >= 0 && u < u_end && v < v_end)) continue;
                    s[x] += sample(*level, float(u + 0.5), float(v + 0.5)), k[x] += 1;
                }
            }
    }
    const float share = 1.0f / float(static_cast<int>(moments.size()) * grid * grid);
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x) {
            std::uint8_t& p = picture.at<std::uint8_t>(box.y + y, box.x + x);
            p = cv::saturate_cast<std::uint8_t>(sum.at<float>(y, x) * share + float(p) * (1 - cover.at<float>(y, x) * share));
        }
}

void MovingPicture::light(const cv::Mat& picture, cv::Mat& luma, std::uint64_t frame, const PictureTruth& truth) const {
    const double t = double(frame) / fps;
    cv::Mat lit;
    picture.convertTo(lit, CV_16S, 1 + scene_.exposure_swing * wave(t, 2));
    if (scene_.glare > 0) {
        const double gx = (truth.corners[0][0] + truth.corners[2][0]) / 2 + 90 * wave(t, 2.3),
                     gy = (truth.corners[0][1] + truth.corners[2][1]) / 2 + 40 * wave(t, 1.7);
        for (int y = 0; y < height; ++y)
            for (int x = std::max(0, int(gx) - 160); x < std::min(width, int(gx) + 160); ++x) {
                const double dx = (x - gx) / 55, dy = (y - gy) / 35;
                lit.at<std::int16_t>(y, x) += cv::saturate_cast<std::int16_t>(scene_.glare * std::exp(-dx * dx - dy * dy));
            }
    }
    cv::RNG random(scene_.seed * 7919 + frame + 1);
    const int right = random.uniform(0, 128), down = random.uniform(0, 128);
    cv::add(lit, noise_(cv::Rect(right, down, width, height)), lit);
    lit.convertTo(luma, CV_8U);
}

PictureTruth MovingPicture::render_at(cv::Mat& luma, const TargetPose& pose, std::uint64_t frame) const {
    const PictureTruth out = truth_of(pose);
    cv::Mat picture = background_.clone();
    draw(picture, {out});
    light(picture, luma, frame, out);
    return out;
}

PictureTruth MovingPicture::render(cv::Mat& luma, std::uint64_t frame) const {
    const double t = double(frame) / fps;
    const PictureTruth out = truth_at(t);
    // As many moments of the exposure as the corners move px in it; fewer for what is large, which is slow to draw.
    const PictureTruth opens = truth_at(t - shutter / 2 / fps), closes = truth_at(t + shutter / 2 / fps);
    double travel = 0;
    for (int i = 0; i < 4; ++i)
        travel = std::max(travel, std::hypot(opens.corners[i][0] - closes.corners[i][0], opens.corners[i][1] - closes.corners[i][1]));
    const double across = std::hypot(out.corners[2][0] - out.corners[0][0], out.corners[2][1] - out.corners[0][1]);
    const int count = std::clamp(static_cast<int>(std::ceil(travel)), 1, across > 500 ? 5 : 11);
    std::vector<PictureTruth> moments;
    for (int m = 0; m < count; ++m) moments.push_back(truth_at(t + shutter / fps * ((m + 0.5) / count - 0.5)));
    cv::Mat picture = background_.clone();
    draw(picture, moments);

    if (out.covered > 0) {
        // Over one half of the target, or over all of it, and moving by itself.
        const double cx = (out.corners[0][0] + out.corners[2][0]) / 2, cy = (out.corners[0][1] + out.corners[2][1]) / 2;
        const cv::Size size(hand_.size());
        const int x = out.covered == 1 ? cvRound(cx) - size.width / 2 : cvRound(cx + 12 * wave(t, 1.1)),
                  y = cvRound(cy) - size.height / 2 + cvRound(9 * wave(t, 1.7));
        const cv::Rect there = cv::Rect(cv::Point(x, y), size) & cv::Rect(0, 0, width, height);
        if (!there.empty()) hand_(cv::Rect(there.tl() - cv::Point(x, y), there.size())).copyTo(picture(there));
    }
    light(picture, luma, frame, out);
    return out;
}

cv::Mat draw_label() {
    cv::Mat m(640, 960, CV_8U, cv::Scalar(236));
    const auto text = [&](const std::string& s, int x, int y, double size, int thick, int grey = 25) {
        cv::putText(m, s, cv::Point(x, y), cv::FONT_HERSHEY_DUPLEX, size, cv::Scalar(grey), thick, cv::LINE_AA);
    };
    cv::rectangle(m, cv::Rect(0, 0, 960, 118), cv::Scalar(60), cv::FILLED);
    text("NORDLICHT", 36, 82, 2.1, 4, 240);
    text("LED PANEL 600", 560, 78, 1.4, 2, 240);
    const char* rows[][2] = {
        {"Luminous flux", "4000 lm"}, {"Power", "36 W"}, {"Colour temp.", "4000 K"}, {"Beam angle", "110 deg"}, {"Rated life", "50 000 h"}};
    for (int i = 0; i < 5; ++i) {
        const int y = 186 + 58 * i;
        text(rows[i][0], 40, y, 1.0, 2);
        text(rows[i][1], 350, y, 1.0, 2);
        cv::line(m, cv::Point(36, y + 16), cv::Point(560, y + 16), cv::Scalar(150), 2, cv::LINE_AA);
    }
    text("Made for indoor use. Do not open. Dispose of as electronic waste.", 40, 500, 0.62, 1, 70);
    text("Ningbo Nordlicht Lighting Co. / Lot 2417-B / 230 V~ 50 Hz", 40, 530, 0.62, 1, 70);
    cv::RNG random(3);
    for (int x = 620; x < 910;) {
        const int w = random.uniform(2, 9);
        cv::rectangle(m, cv::Rect(x, 470, w, 110), cv::Scalar(20), cv::FILLED);
        x += w + random.uniform(3, 9);
    }
    text("4 006381 333931", 630, 614, 0.8, 1, 40);
    cv::circle(m, cv::Point(740, 290), 120, cv::Scalar(90), 8, cv::LINE_AA);
    cv::circle(m, cv::Point(740, 290), 86, cv::Scalar(120), cv::FILLED, cv::LINE_AA);
    for (int i = 0; i < 12; ++i) {
        const double a = i * pi / 6;
        cv::line(m, cv::Point(740 + int(40 * std::cos(a)), 290 + int(40 * std::sin(a))),
                 cv::Point(740 + int((i % 3 ? 70 : 104) * std::cos(a)), 290 + int((i % 3 ? 70 : 104) * std::sin(a))), cv::Scalar(235), 7,
                 cv::LINE_AA);
    }
    text("CE", 884, 420, 1.4, 3);
    text("IP44", 600, 430, 1.0, 2);
    cv::GaussianBlur(m, m, cv::Size(), 0.7);
    return m;
}

cv::Mat draw_sparse_label() {
    cv::Mat m(640, 960, CV_8U, cv::Scalar(205));
    cv::putText(m, "Nordlicht", cv::Point(120, 240), cv::FONT_HERSHEY_TRIPLEX, 3.6, cv::Scalar(80), 6, cv::LINE_AA);
    cv::line(m, cv::Point(120, 290), cv::Point(840, 290), cv::Scalar(120), 6, cv::LINE_AA);
    cv::circle(m, cv::Point(250, 440), 80, cv::Scalar(100), 14, cv::LINE_AA);
    cv::putText(m, "600", cv::Point(560, 480), cv::FONT_HERSHEY_DUPLEX, 2.8, cv::Scalar(110), 5, cv::LINE_AA);
    cv::GaussianBlur(m, m, cv::Size(), 0.8);
    return m;
}

cv::Mat draw_rich_picture() {
    // Octaves of smooth noise, and leaves on it.
    cv::RNG random(21);
    cv::Mat sum(720, 960, CV_32F, cv::Scalar(118));
    for (int octave = 0; octave < 6; ++octave) {
        cv::Mat coarse(6 << octave, 8 << octave, CV_32F), fine;
        random.fill(coarse, cv::RNG::NORMAL, 0, 34.0 / (1 + 0.55 * octave));
        cv::resize(coarse, fine, sum.size(), 0, 0, cv::INTER_CUBIC);
        sum += fine;
    }
    cv::Mat m;
    sum.convertTo(m, CV_8U);
    for (int i = 0; i < 60; ++i)
        cv::ellipse(m, cv::Point(random.uniform(0, 960), random.uniform(0, 720)), cv::Size(random.uniform(12, 60), random.uniform(5, 16)),
                    random.uniform(0, 180), 0, 360, cv::Scalar(random.uniform(40, 210)), cv::FILLED, cv::LINE_AA);
    cv::GaussianBlur(m, m, cv::Size(), 0.8);
    return m;
}

}  // namespace vitrine::sim
