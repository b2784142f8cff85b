#include "overlays/painting/stroke.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "overlays/painting/stroke.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#ifndef VITRINE_OVERLAYS_PAINTING_STROKE_AXIS
#define VITRINE_OVERLAYS_PAINTING_STROKE_AXIS
namespace vitrine::stroking {

/// A stroke in coordinates along it and across it.
struct Axis {
    float x, y;              ///< where it begins
    float along_x, along_y;  ///< unit vector
    float length, r0, slope;
    bool flat;
};

/// What is laid on the picture: first the halo, as far as `reach` outside the outline, then the line itself.
struct Ink {
    Ycc halo, line;
    float reach, halo_strength, strength;  ///< px; shares
};

/// Two rows of a picture and their chroma, from an even column on. Nothing at `room` columns or beyond is read or written.
struct PairOfRows {
    std::uint8_t *luma[2], *u, *v;
    std::size_t room;
};

}  // namespace vitrine::stroking
#endif

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// out[i] = max(out[i], how far inside the stroke's outline the point (px + i, py) lies), below 0 outside. `out` has room for whole
/// vectors.
void depths(const stroking::Axis& axis, float px, float py, std::size_t n, float* HWY_RESTRICT out) {
    const hn::ScalableTag<float> d;
    const auto along_x = hn::Set(d, axis.along_x), along_y = hn::Set(d, axis.along_y), length = hn::Set(d, axis.length),
               r0 = hn::Set(d, axis.r0), slope = hn::Set(d, axis.slope), zero = hn::Zero(d), qy = hn::Set(d, py - axis.y);
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        const auto qx = hn::Add(hn::Iota(d, static_cast<float>(i)), hn::Set(d, px - axis.x));
        const auto along = hn::Add(hn::Mul(qx, along_x), hn::Mul(qy, along_y)),
                   across = hn::Sub(hn::Mul(qy, along_x), hn::Mul(qx, along_y));
        const auto on = hn::Min(hn::Max(along, zero), length), radius = hn::Add(r0, hn::Mul(slope, on));
        auto depth = radius;
        if (axis.flat) {
            depth = hn::Min(hn::Sub(radius, hn::Abs(across)), hn::Min(along, hn::Sub(length, along)));
        } else {
            const auto past = hn::Sub(along, on);
            depth = hn::Sub(radius, hn::Sqrt(hn::Add(hn::Mul(across, across), hn::Mul(past, past))));
        }
        hn::StoreU(hn::Max(depth, hn::LoadU(d, out + i)), d, out + i);
    }
}

/// A vector of the bytes at `bytes`, `room` of which may be touched: change(them as floats) gives their new values as int32.
template <class D, class Change>
HWY_INLINE void change_bytes(D d, std::uint8_t* bytes, std::size_t room, Change change) {
    const hn::RebindToSigned<D> whole;
    const hn::Rebind<std::uint8_t, D> d8;
    const auto changed = [&](const std::uint8_t* from)
                             HWY_ATTR { return hn::DemoteTo(d8, change(hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(d8, from))))); };
    if (hn::Lanes(d) <= room) return hn::StoreU(changed(bytes), d8, bytes);
    HWY_ALIGN std::uint8_t last[hn::MaxLanes(D())] = {};
    std::memcpy(last, bytes, room);
    hn::Store(changed(last), d8, last);
    std::memcpy(bytes, last, room);
}

/// Lays ink on n columns, an even number, of two rows, by the depths of their pixels; `shares` has room for twice n floats and
/// four vectors. The pixels' four shares make that of their chroma.
void ink_rows(const stroking::PairOfRows& rows, const float* const depth[2], std::size_t n, const stroking::Ink& ink,
              float* HWY_RESTRICT shares) {
    const hn::ScalableTag<float> d;
    const hn::RebindToSigned<decltype(d)> whole;
    using V = hn::Vec<decltype(d)>;
    const std::size_t lanes = hn::Lanes(d);
    float *const shade = shares, *const cover = shares + n + 2 * lanes;
    const auto zero = hn::Zero(d), one = hn::Set(d, 1.0F), half = hn::Set(d, 0.5F), reach = hn::Set(d, ink.reach);
    const auto share = [&](V inside, V past, float strength)
                           HWY_ATTR { return hn::Mul(hn::Min(hn::Max(hn::Add(inside, past), zero), one), hn::Set(d, strength)); };
    for (float* behind : {shade + n, cover + n}) {
        hn::StoreU(zero, d, behind);
        hn::StoreU(zero, d, behind + lanes);
    }
    // To nearest: halo and line are each rounded, as if drawn one after the other.
    const auto laid = [&](V from, std::uint8_t colour, V by)
                          HWY_ATTR { return hn::ConvertTo(whole, hn::Add(hn::MulAdd(hn::Sub(hn::Set(d, colour), from), by, from), half)); };
    for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t i = 0; i < n; i += lanes) {
            const auto inside = hn::LoadU(d, depth[k] + i);
            const V shaded = share(inside, reach, ink.halo_strength), covered = share(inside, half, ink.strength);
            hn::StoreU(k == 0 ? shaded : hn::Add(shaded, hn::LoadU(d, shade + i)), d, shade + i);
            hn::StoreU(k == 0 ? covered : hn::Add(covered, hn::LoadU(d, cover + i)), d, cover + i);
            change_bytes(d, rows.luma[k] + i, rows.room - i,
                         [&](V luma) HWY_ATTR { return laid(hn::ConvertTo(d, laid(luma, ink.halo.y, shaded)), ink.line.y, covered); });
        }
    const auto quarter = hn::Set(d, 0.25F);
    for (std::size_t i = 0; i < n / 2; i += lanes) {
        V left, right;
        hn::LoadInterleaved2(d, shade + 2 * i, left, right);
        const V shaded = hn::Mul(hn::Add(left, right), quarter);
        hn::LoadInterleaved2(d, cover + 2 * i, left, right);
        const V covered = hn::Mul(hn::Add(left, right), quarter);
        const auto lay = [&](std::uint8_t* chroma, std::uint8_t halo, std::uint8_t line) HWY_ATTR {
            change_bytes(d, chroma + i, rows.room / 2 - i,
                         [&](V from) HWY_ATTR { return laid(hn::ConvertTo(d, laid(from, halo, shaded)), line, covered); });
        };
        lay(rows.u, ink.halo.u, ink.line.u);
        lay(rows.v, ink.halo.v, ink.line.v);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

namespace {

HWY_EXPORT(depths);
HWY_EXPORT(ink_rows);

constexpr std::size_t longest_vector = 64;  // floats

struct Shape {
    stroking::Axis axis;
    double widest;  ///< how far it reaches from its axis, with its halo
    double x0, y0, dx, dy;
    int begin = 0, end = 0;  ///< columns in the two rows being drawn

    // The corners of a flat end's halo are farther away than its sides.
    Shape(const Stroke& s, double halo)
        : widest(std::max(s.r0, s.r1) + (s.flat ? 1.4143 : 1) * (halo + 0.5)), x0(s.x0), y0(s.y0), dx(s.x1 - s.x0), dy(s.y1 - s.y0) {
        const double l = std::hypot(dx, dy);
        const auto f = [](double v) { return static_cast<float>(v); };
        axis = {f(s.x0), f(s.y0), l > 0 ? f(dx / l) : 1, l > 0 ? f(dy / l) : 0, f(l), f(s.r0), l > 0 ? f((s.r1 - s.r0) / l) : 0, s.flat};
    }

    /// Sets the columns whose centres may be near the stroke in rows [row, row + 2): near the part of the axis that is near those rows, and
    /// in the band along it.
    void look_at(int row, int width) {
        begin = end = 0;
        const double top = row + 0.5 - widest, bottom = row + 1.5 + widest;
        double t0 = 0, t1 = 1;
        if (std::abs(dy) > 1e-9) {
            const double a = (top - y0) / dy, b = (bottom - y0) / dy;
            t0 = std::max(0.0, std::min(a, b));
            t1 = std::min(1.0, std::max(a, b));
        } else if (bottom < y0 || top > y0) {
            return;
        }
        if (t0 > t1) return;
        const double xa = x0 + t0 * dx, xb = x0 + t1 * dx;
        double from = std::min(xa, xb) - widest, to = std::max(xa, xb) + widest;
        const double l = std::hypot(dx, dy);
        if (std::abs(dy) > 1e-3 * l && l > 0) {
            const double half = widest * l / std::abs(dy), one = x0 + (row + 0.5 - y0) * dx / dy, other = x0 + (row + 1.5 - y0) * dx / dy;
            from = std::max(from, std::min(one, other) - half);
            to = std::min(to, std::max(one, other) + half);
        }
        if (from > to) return;
        const auto bound = [&](double v) { return static_cast<int>(std::clamp(std::floor(v), 0.0, double(width))); };
        begin = bound(from - 0.5) & ~1;
        end = bound(to + 1.5);
    }
};

}  // namespace

void draw_strokes(const I420View& picture, std::span<const Stroke> strokes, Ycc colour, std::uint8_t opacity, const Halo& halo) {
    if (opacity == 0) return;
    const bool has_halo = halo.width > 0 && halo.opacity > 0;
    const double wider = has_halo ? halo.width : 0;
    std::vector<Shape> shapes;
    double first = 1e9, last = -1e9;
    for (const Stroke& s : strokes) {
        if (!std::isfinite(s.x0 + s.y0 + s.x1 + s.y1 + s.r0 + s.r1)) continue;
        const Shape& shape = shapes.emplace_back(s, wider);
        first = std::min(first, std::min(s.y0, s.y1) - shape.widest);
        last = std::max(last, std::max(s.y0, s.y1) + shape.widest);
    }
    if (shapes.empty()) return;
    const float strength = static_cast<float>(opacity) / 255;
    const stroking::Ink ink{halo.colour, colour, static_cast<float>(wider) + 0.5F,
                            has_halo ? strength * static_cast<float>(halo.opacity) : 0, strength};
    const auto row_of = [&](double v) { return static_cast<int>(std::clamp(std::floor(v), 0.0, double(picture.height))); };
    const auto depths = HWY_DYNAMIC_DISPATCH(depths);
    const auto ink_rows = HWY_DYNAMIC_DISPATCH(ink_rows);
    std::vector<const Shape*> near;
    std::array<std::vector<float>, 2> depth;  // of the two rows
    std::vector<float> shares;
    // Rows in pairs, so that each pair's chroma is known; of each pair only the columns near a stroke are looked at.
    for (int y = row_of(first) & ~1, bottom = row_of(last + 1); y + 1 < picture.height && y < bottom; y += 2) {
        near.clear();
        for (Shape& shape : shapes) {
            shape.look_at(y, picture.width);
            if (shape.begin < shape.end) near.push_back(&shape);
        }
        std::sort(near.begin(), near.end(), [](const Shape* a, const Shape* b) { return a->begin < b->begin; });
        std::uint8_t* luma = picture.y + static_cast<std::ptrdiff_t>(y) * picture.stride_y;
        const std::ptrdiff_t chroma = static_cast<std::ptrdiff_t>(y / 2) * picture.stride_uv;
        for (std::size_t n = 0; n < near.size();) {
            // Strokes whose columns meet are drawn together.
            const int begin = near[n]->begin;
            int end = near[n]->end;
            std::size_t last_near = n;
            for (; last_near < near.size() && near[last_near]->begin <= end; ++last_near) end = std::max(end, near[last_near]->end);
            const auto columns = static_cast<std::size_t>(std::min(end - begin + 1, picture.width - begin)) & ~std::size_t{1};
            const auto room = static_cast<std::size_t>(picture.width - begin) & ~std::size_t{1};
            for (int k = 0; k < 2; ++k) {
                auto& row = depth[static_cast<std::size_t>(k)];
                row.assign(columns + 2 * longest_vector, -ink.reach);
                for (std::size_t i = n; i < last_near; ++i)
                    depths(near[i]->axis, static_cast<float>(near[i]->begin) + 0.5F, static_cast<float>(y + k) + 0.5F,
                           static_cast<std::size_t>(near[i]->end - near[i]->begin), row.data() + (near[i]->begin - begin));
            }
            n = last_near;
            shares.resize(std::max(shares.size(), 2 * (columns + 2 * longest_vector)));
            const stroking::PairOfRows rows{
                {luma + begin, luma + picture.stride_y + begin}, picture.u + chroma + begin / 2, picture.v + chroma + begin / 2, room};
            const float* const depth_rows[2] = {depth[0].data(), depth[1].data()};
            ink_rows(rows, depth_rows, columns, ink, shares.data());
        }
    }
}

void draw_leader(const I420View& picture, const Leader& l, std::uint8_t opacity, const Halo& halo) {
    if (!std::isfinite(l.x0 + l.y0 + l.x1 + l.y1)) return;
    const std::array strokes{Stroke{l.x0, l.y0, l.x1, l.y1, l.width / 2, l.width / 2},
                             Stroke{l.x1, l.y1, l.x1, l.y1, l.dot / 2, l.dot / 2}};
    draw_strokes(picture, strokes, l.colour, opacity, halo);
}

}  // namespace vitrine
#endif  // HWY_ONCE
