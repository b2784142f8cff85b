#include "overlays/sim/texture_warp.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace vitrine::sim {

namespace {

constexpr double ratio = 1.25;  // between two sizes

using Matrix = cv::Matx33d;

std::uint32_t byte_of(double v) { return static_cast<std::uint32_t>(std::clamp(v + 0.5, 0.0, 255.0)); }

/// Two 8-bit lanes (bits 0…7 and 16…23) between a and b; `weight` of b, 0…256.
inline std::uint32_t between(std::uint32_t a, std::uint32_t b, std::uint32_t weight) {
    return ((a * (256 - weight) + b * weight + 0x00800080u) >> 8) & 0x00FF00FFu;
}

/// Where a row of pixels meets the texture: calls put(x, u, v) with texel coordinates in 1/256, all inside.
template <class Put>
void scan_row(const Matrix& to_texel, int y, int from, int to, const Texture::Plane& plane, Put put) {
    constexpr int run = 8;  // exact every 8 px, straight between: under 0.01 texel off for the tilts in use
    const double a = to_texel(0, 1) * y + to_texel(0, 2), b = to_texel(1, 1) * y + to_texel(1, 2), c = to_texel(2, 1) * y + to_texel(2, 2);
    const auto exact = [&](int x, double& u, double& v) {
        const double w = 1.0 / (to_texel(2, 0) * x + c);
        u = (to_texel(0, 0) * x + a) * w * 256, v = (to_texel(1, 0) * x + b) * w * 256;
    };
    const double u_end = (plane.width - 1) * 256.0 - 1, v_end = (plane.height - 1) * 256.0 - 1;
    double u0, v0, u1, v1;
    exact(from, u0, v0);
    for (int x = from; x < to; x += run, u0 = u1, v0 = v1) {
        exact(x + run, u1, v1);
        if ((u0 < 0 && u1 < 0) || (v0 < 0 && v1 < 0) || (u0 > u_end && u1 > u_end) || (v0 > v_end && v1 > v_end)) continue;
        // A run is shorter than a tile, and tiles know of their neighbours: where this one is empty, so is all of the run.
        const int tile_x = std::clamp(static_cast<int>(u0) / (256 * Texture::Plane::tile), 0, plane.tiles_across - 1);
        const int tile_y = std::clamp(static_cast<int>(v0) / (256 * Texture::Plane::tile), 0,
                                      static_cast<int>(plane.tiles.size()) / plane.tiles_across - 1);
        if (plane.tiles[static_cast<std::size_t>(tile_y) * plane.tiles_across + tile_x] == 0) continue;
        const double du = (u1 - u0) / run, dv = (v1 - v0) / run;
        const int end = std::min(run, to - x);
        const bool inside = u0 >= 0 && v0 >= 0 && u1 >= 0 && v1 >= 0 && u0 <= u_end && u1 <= u_end && v0 <= v_end && v1 <= v_end;
        // 24.8 fixed point with 8 more bits for the steps.
        int u = static_cast<int>(u0 * 256), v = static_cast<int>(v0 * 256);
        const int step_u = static_cast<int>(du * 256), step_v = static_cast<int>(dv * 256);
        for (int i = 0; i < end; ++i, u += step_u, v += step_v) {
            const int tu = u >> 8, tv = v >> 8;
            if (!inside && (tu < 0 || tv < 0 || tu > u_end || tv > v_end)) continue;
            put(x + i, tu, tv);
        }
    }
}

inline std::uint32_t sample(const Texture::Plane& plane, int u, int v, std::uint32_t shift, std::uint32_t mask) {
    const std::uint32_t* at = &plane.texels[static_cast<std::size_t>(v >> 8) * plane.width + (u >> 8)];
    const auto fu = static_cast<std::uint32_t>(u & 255), fv = static_cast<std::uint32_t>(v & 255);
    const auto lane = [&](std::uint32_t t) { return (t >> shift) & mask; };
    return between(between(lane(at[0]), lane(at[1]), fu), between(lane(at[plane.width]), lane(at[plane.width + 1]), fu), fv);
}

inline std::uint8_t over(std::uint8_t below, std::uint32_t colour, std::uint32_t coverage) {
    const std::uint32_t kept = below * (255 - coverage) + 127;
    return static_cast<std::uint8_t>(std::min(255u, colour + ((kept + (kept >> 8) + 1) >> 8)));
}

/// The half-open box of pixels that the texture may touch.
cv::Rect box_of(const Matrix& to_px, const cv::Rect2d& area, int width, int height) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const auto& p : {area.tl(), area.tl() + cv::Point2d(area.width, 0), area.br(), area.tl() + cv::Point2d(0, area.height)}) {
        const cv::Vec3d h = to_px * cv::Vec3d(p.x, p.y, 1);
        if (h[2] <= 1e-9) return {0, 0, width, height};
        left = std::min(left, h[0] / h[2]), right = std::max(right, h[0] / h[2]);
        top = std::min(top, h[1] / h[2]), bottom = std::max(bottom, h[1] / h[2]);
    }
    const int x0 = static_cast<int>(std::clamp(std::floor(left), 0.0, double(width))),
              x1 = static_cast<int>(std::clamp(std::ceil(right) + 1, 0.0, double(width)));
    const int y0 = static_cast<int>(std::clamp(std::floor(top), 0.0, double(height))),
              y1 = static_cast<int>(std::clamp(std::ceil(bottom) + 1, 0.0, double(height)));
    return {x0, y0, std::max(0, x1 - x0), std::max(0, y1 - y0)};
}

}  // namespace

Texture::Texture(const cv::Mat& bgra, const cv::Rect2d& area, double least, double most) : area_(area) {
    cv::Mat source(bgra.size(), CV_32FC4);  // premultiplied Y, U, V, A in 0…255
    for (int y = 0; y < bgra.rows; ++y)
        for (int x = 0; x < bgra.cols; ++x) {
            const auto& p = bgra.at<cv::Vec4b>(y, x);
            const double a = p[3] / 255.0, b = p[0], g = p[1], r = p[2];
            source.at<cv::Vec4f>(y, x) = {float((16 + 0.18259 * r + 0.61423 * g + 0.06201 * b) * a),
                                          float((128 - 0.10064 * r - 0.33857 * g + 0.43922 * b) * a),
                                          float((128 + 0.43922 * r - 0.39894 * g - 0.04027 * b) * a), float(p[3])};
        }
    double scale = most;
    do {
        Level level;
        const cv::Size size(std::max(4, cvRound(area.width * scale / 2) * 2), std::max(4, cvRound(area.height * scale / 2) * 2));
        level.scale_x = size.width / area.width, level.scale_y = size.height / area.height;
        cv::Mat full, half;
        cv::resize(source, full, size, 0, 0, cv::INTER_AREA);
        cv::resize(full, half, size / 2, 0, 0, cv::INTER_AREA);
        level.luma.width = full.cols, level.luma.height = full.rows;
        level.chroma.width = half.cols, level.chroma.height = half.rows;
        for (int y = 0; y < full.rows; ++y)
            for (int x = 0; x < full.cols; ++x)
                level.luma.texels.push_back(byte_of(full.at<cv::Vec4f>(y, x)[0]) | byte_of(full.at<cv::Vec4f>(y, x)[3]) << 16);
        for (int y = 0; y < half.rows; ++y)
            for (int x = 0; x < half.cols; ++x) {
                const auto& p = half.at<cv::Vec4f>(y, x);
                level.chroma.texels.push_back(byte_of(p[1]) | byte_of(p[3]) << 8 | byte_of(p[2]) << 16);
            }
        level.luma.mark_tiles(16);
        level.chroma.mark_tiles(8);
        levels_.push_back(std::move(level));
        scale /= ratio;
    } while (scale > least / ratio * 1.001);
}

void Texture::Plane::mark_tiles(int alpha) {
    tiles_across = (width + tile - 1) / tile;
    const int down = (height + tile - 1) / tile;
    tiles.assign(static_cast<std::size_t>(tiles_across) * down, 0);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            if ((texels[static_cast<std::size_t>(y) * width + x] >> alpha & 0xFF) == 0) continue;
            for (int ty = std::max(0, y / tile - 1); ty <= std::min(down - 1, y / tile + 1); ++ty)
                for (int tx = std::max(0, x / tile - 1); tx <= std::min(tiles_across - 1, x / tile + 1); ++tx)
                    tiles[static_cast<std::size_t>(ty) * tiles_across + tx] = 1;
        }
}

void Texture::draw(const I420View& onto, const Homography& h, bool colour) const {
    const Matrix to_px(h.data());
    const cv::Rect box = box_of(to_px, area_, onto.width, onto.height);
    if (box.empty()) return;

    // The coarsest copy that is still at least as fine as the picture in the middle of the plane.
    const cv::Point2d middle(area_.x + area_.width / 2, area_.y + area_.height / 2);
    const cv::Vec3d m = to_px * cv::Vec3d(middle.x, middle.y, 1);
    double need = 0;
    for (const cv::Vec2d& step : {cv::Vec2d(1, 0), cv::Vec2d(0, 1)}) {
        const cv::Vec3d n = to_px * cv::Vec3d(middle.x + step[0], middle.y + step[1], 1);
        need = std::max(need, std::hypot(n[0] / n[2] - m[0] / m[2], n[1] / n[2] - m[1] / m[2]));
    }
    const Level* level = &levels_.front();
    for (const auto& candidate : levels_)
        if (candidate.scale_x >= need) level = &candidate;

    const Matrix to_mm = to_px.inv();
    const Matrix luma_texel =
        Matrix(level->scale_x, 0, -area_.x * level->scale_x - 0.5, 0, level->scale_y, -area_.y * level->scale_y - 0.5, 0, 0, 1) * to_mm;
    const Plane& luma = level->luma;
    for (int y = box.y; y < box.y + box.height; ++y) {
        std::uint8_t* row = onto.y + static_cast<std::ptrdiff_t>(y) * onto.stride_y;
        scan_row(luma_texel, y, box.x, box.x + box.width, luma, [&](int x, int u, int v) {
            const std::uint32_t t = sample(luma, u, v, 0, 0x00FF00FFu);
            if (t >> 16 == 0) return;
            row[x] = over(row[x], t & 0xFFFF, t >> 16);
        });
    }

    if (!colour) return;
    // A chroma sample stands for a square of four pixels: its centre is half a pixel further.
    const Matrix from_chroma(2, 0, 0.5, 0, 2, 0.5, 0, 0, 1);
    const double sx = level->scale_x / 2, sy = level->scale_y / 2;
    const Matrix chroma_texel = Matrix(sx, 0, -area_.x * sx - 0.5, 0, sy, -area_.y * sy - 0.5, 0, 0, 1) * to_mm * from_chroma;
    const Plane& chroma = level->chroma;
    for (int y = box.y / 2; y < (box.y + box.height + 1) / 2 && y < onto.height / 2; ++y) {
        std::uint8_t* row_u = onto.u + static_cast<std::ptrdiff_t>(y) * onto.stride_uv;
        std::uint8_t* row_v = onto.v + static_cast<std::ptrdiff_t>(y) * onto.stride_uv;
        scan_row(chroma_texel, y, box.x / 2, std::min(onto.width / 2, (box.x + box.width + 1) / 2), chroma, [&](int x, int u, int v) {
            const std::uint32_t a = sample(chroma, u, v, 8, 0xFFu);
            if (a == 0) return;
            const std::uint32_t uv = sample(chroma, u, v, 0, 0x00FF00FFu);
            row_u[x] = over(row_u[x], uv & 0xFFFF, a);
            row_v[x] = over(row_v[x], uv >> 16, a);
        });
    }
}

}  // namespace vitrine::sim
