#include "overlays/painting/blend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "overlays/painting/blend.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

// Once, whatever the number of targets: what the rows of a plane are made from.
#ifndef VITRINE_OVERLAYS_PAINTING_BLEND_ROWS
#define VITRINE_OVERLAYS_PAINTING_BLEND_ROWS
namespace vitrine::blending {

/// Weights of the pixel itself, the one before it, the one above and the one before that, in 1/256; all on the first: no shift.
struct Weights {
    std::uint16_t here = 256, left = 0, up = 0, up_left = 0;
    bool none() const { return here == 256; }
};

/// One row of a sprite's plane from some column on. [-1] and, with a shift, `up` are readable too.
struct Source {
    const std::uint8_t *here, *up;
};

/// n bytes to be changed, and how many there are to the end of the picture's row.
struct Extent {
    std::size_t n, room;
};

}  // namespace vitrine::blending
#endif

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR
// Bytes are worked on as the even and the odd halves of 16-bit lanes, which crosses no lane on any instruction set. A product of two bytes
// fits 16 bits, and so does every step of div255; so does a weighted sum whose weights sum to 256.

/// The high bytes hold round(n / 255), the low ones rubbish.
template <class V16>
HWY_INLINE V16 div255_high(V16 n) {
    const hn::DFromV<V16> d;
    const V16 m = hn::Add(n, hn::Set(d, 128));
    return hn::Add(m, hn::ShiftRight<8>(m));
}

/// round(a · b / 255) of bytes; b as its even and its odd bytes in 16-bit lanes.
template <class D8, class V8, class V16>
HWY_INLINE V8 multiply(D8 d8, V8 a, V16 b_even, V16 b_odd) {
    const hn::Repartition<std::uint16_t, D8> d16;
    const V16 low = hn::Set(d16, 0x00FF);
    const V16 a16 = hn::BitCast(d16, a);
    const V16 even = hn::ShiftRight<8>(div255_high(hn::Mul(hn::And(a16, low), b_even)));
    const V16 odd = hn::AndNot(low, div255_high(hn::Mul(hn::ShiftRight<8>(a16), b_odd)));
    return hn::BitCast(d8, hn::Or(even, odd));
}

/// s + round(dst · (255 - a) / 255).
template <class D8, class V8>
HWY_INLINE V8 mix(D8 d8, V8 dst, V8 s, V8 a) {
    const hn::Repartition<std::uint16_t, D8> d16;
    const auto rest = hn::BitCast(d16, hn::Not(a));  // 255 - a
    return hn::SaturatedAdd(multiply(d8, dst, hn::And(rest, hn::Set(d16, 0x00FF)), hn::ShiftRight<8>(rest)), s);
}

/// The four weighted neighbours of each byte.
template <class D8>
HWY_INLINE hn::Vec<D8> shifted(D8 d8, blending::Source s, std::size_t i, const blending::Weights& w) {
    const hn::Repartition<std::uint16_t, D8> d16;
    const auto low = hn::Set(d16, 0x00FF);
    auto even = hn::Set(d16, 128), odd = even;
    const auto add = [&](const std::uint8_t* from, std::uint16_t weight) HWY_ATTR {
        const auto v = hn::BitCast(d16, hn::LoadU(d8, from));
        const auto by = hn::Set(d16, weight);
        even = hn::Add(even, hn::Mul(hn::And(v, low), by));
        odd = hn::Add(odd, hn::Mul(hn::ShiftRight<8>(v), by));
    };
    add(s.here + i, w.here);
    add(s.here + i - 1, w.left);
    add(s.up + i, w.up);
    add(s.up + i - 1, w.up_left);
    return hn::BitCast(d8, hn::Or(hn::ShiftRight<8>(even), hn::AndNot(low, odd)));
}
#endif

#if HWY_TARGET != HWY_SCALAR
/// The last n bytes of a row, fewer than a vector: change(vector) gives their new values. Of `room` bytes from dst on those behind n may be
/// written, with what they hold.
template <class D8, class Change>
HWY_INLINE void rest_of_row(D8 d8, std::uint8_t* dst, std::size_t n, std::size_t room, Change change) {
    if (hn::Lanes(d8) <= room) {
        const auto before = hn::LoadU(d8, dst);
        return hn::StoreU(hn::IfThenElse(hn::FirstN(d8, n), change(before), before), d8, dst);
    }
    HWY_ALIGN std::uint8_t bytes[hn::MaxLanes(D8())] = {};
    std::memcpy(bytes, dst, n);
    hn::Store(change(hn::Load(d8, bytes)), d8, bytes);
    std::memcpy(dst, bytes, n);
}
#endif

inline std::uint8_t mix_one(std::uint8_t dst, std::uint8_t s, std::uint8_t a, std::uint32_t opacity) {
    const auto divided = [](std::uint32_t n) { return ((n + 128) + ((n + 128) >> 8)) >> 8; };
    return static_cast<std::uint8_t>(std::min<std::uint32_t>(255, divided(s * opacity) + divided(dst * (255 - divided(a * opacity)))));
}

inline std::uint8_t shifted_one(blending::Source s, std::size_t i, const blending::Weights& w) {
    return static_cast<std::uint8_t>((s.here[i] * w.here + s.here[i - 1] * w.left + s.up[i] * w.up + s.up[i - 1] * w.up_left + 128) >> 8);
}

void row(std::uint8_t* HWY_RESTRICT dst, const std::uint8_t* HWY_RESTRICT value, const std::uint8_t* HWY_RESTRICT alpha, std::size_t n,
         std::uint8_t opacity) {
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const std::size_t lanes = hn::Lanes(d8);
    const auto by = hn::Set(hn::Repartition<std::uint16_t, decltype(d8)>(), opacity);
    if (opacity == 255) {
        for (; i + lanes <= n; i += lanes)
            hn::StoreU(mix(d8, hn::LoadU(d8, dst + i), hn::LoadU(d8, value + i), hn::LoadU(d8, alpha + i)), d8, dst + i);
    } else {
        for (; i + lanes <= n; i += lanes)
            hn::StoreU(mix(d8, hn::LoadU(d8, dst + i), multiply(d8, hn::LoadU(d8, value + i), by, by),
                           multiply(d8, hn::LoadU(d8, alpha + i), by, by)),
                       d8, dst + i);
    }
    if (i < n) {
        HWY_ALIGN std::uint8_t last[2][hn::MaxLanes(d8)] = {};
        std::memcpy(last[0], value + i, n - i);
        std::memcpy(last[1], alpha + i, n - i);
        rest_of_row(d8, dst + i, n - i, n - i, [&](hn::Vec<decltype(d8)> v) HWY_ATTR {
            return mix(d8, v, multiply(d8, hn::Load(d8, last[0]), by, by), multiply(d8, hn::Load(d8, last[1]), by, by));
        });
    }
#else
    for (; i < n; ++i) dst[i] = mix_one(dst[i], value[i], alpha[i], opacity);
#endif
}

/// The same where value and alpha are the same everywhere; opacity is in them already.
void flat_row(std::uint8_t* HWY_RESTRICT dst, std::uint8_t value, std::uint8_t alpha, blending::Extent extent) {
    const std::size_t n = extent.n;
    [[maybe_unused]] const std::size_t room = extent.room;
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const hn::Repartition<std::uint16_t, decltype(d8)> d16;
    const std::size_t lanes = hn::Lanes(d8);
    const auto s = hn::Set(d8, value);
    const auto rest = hn::Set(d16, static_cast<std::uint16_t>(255 - alpha));
    const auto mixed = [&](hn::Vec<decltype(d8)> v) HWY_ATTR { return hn::SaturatedAdd(multiply(d8, v, rest, rest), s); };
    for (; i + lanes <= n; i += lanes) hn::StoreU(mixed(hn::LoadU(d8, dst + i)), d8, dst + i);
    if (i < n) rest_of_row(d8, dst + i, n - i, room - i, mixed);
#else
    for (; i < n; ++i) dst[i] = mix_one(dst[i], value, alpha, 255);
#endif
}

/// The same between pixels. Where alpha is even it is not shifted: its first one stands for all.
void shifted_row(std::uint8_t* HWY_RESTRICT dst, blending::Source value, blending::Source alpha, [[maybe_unused]] bool even_alpha,
                 blending::Extent extent, const blending::Weights& weights, std::uint8_t opacity) {
    const std::size_t n = extent.n;
    [[maybe_unused]] const std::size_t room = extent.room;
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    using V = hn::Vec<decltype(d8)>;
    const hn::Repartition<std::uint16_t, decltype(d8)> d16;
    const std::size_t lanes = hn::Lanes(d8);
    const auto by = hn::Set(d16, opacity);
    const auto faded = [&](V x) HWY_ATTR { return opacity == 255 ? x : multiply(d8, x, by, by); };
    const auto whole_row = [&](auto mixed) HWY_ATTR {
        for (; i + lanes <= n; i += lanes) hn::StoreU(mixed(hn::LoadU(d8, dst + i)), d8, dst + i);
        if (i < n) rest_of_row(d8, dst + i, n - i, room - i, mixed);
    };
    if (even_alpha) {
        const auto rest = hn::ShiftRight<8>(hn::BitCast(d16, hn::Not(faded(hn::Set(d8, alpha.here[0])))));  // 255 - a
        whole_row([&](V v) HWY_ATTR { return hn::SaturatedAdd(multiply(d8, v, rest, rest), faded(shifted(d8, value, i, weights))); });
    } else {
        whole_row([&](V v) HWY_ATTR { return mix(d8, v, faded(shifted(d8, value, i, weights)), faded(shifted(d8, alpha, i, weights))); });
    }
#else
    for (; i < n; ++i) dst[i] = mix_one(dst[i], shifted_one(value, i, weights), shifted_one(alpha, i, weights), opacity);
#endif
}

/// I420's chroma between pixels: u and v share their alpha, which is shifted once.
void shifted_rows(std::uint8_t* HWY_RESTRICT dst_u, std::uint8_t* HWY_RESTRICT dst_v, blending::Source u, blending::Source v,
                  blending::Source alpha, blending::Extent extent, const blending::Weights& weights, std::uint8_t opacity) {
    const std::size_t n = extent.n;
    [[maybe_unused]] const std::size_t room = extent.room;
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    using V = hn::Vec<decltype(d8)>;
    const std::size_t lanes = hn::Lanes(d8);
    const auto by = hn::Set(hn::Repartition<std::uint16_t, decltype(d8)>(), opacity);
    const auto faded = [&](V x) HWY_ATTR { return opacity == 255 ? x : multiply(d8, x, by, by); };
    for (; i < n; i += lanes) {
        const V a = faded(shifted(d8, alpha, i, weights));
        const auto mixed_u = [&](V x) HWY_ATTR { return mix(d8, x, faded(shifted(d8, u, i, weights)), a); };
        const auto mixed_v = [&](V x) HWY_ATTR { return mix(d8, x, faded(shifted(d8, v, i, weights)), a); };
        if (i + lanes <= n) {
            hn::StoreU(mixed_u(hn::LoadU(d8, dst_u + i)), d8, dst_u + i);
            hn::StoreU(mixed_v(hn::LoadU(d8, dst_v + i)), d8, dst_v + i);
        } else {
            rest_of_row(d8, dst_u + i, n - i, room - i, mixed_u);
            rest_of_row(d8, dst_v + i, n - i, room - i, mixed_v);
        }
    }
#else
    for (; i < n; ++i) {
        const std::uint8_t a = shifted_one(alpha, i, weights);
        dst_u[i] = mix_one(dst_u[i], shifted_one(u, i, weights), a, opacity);
        dst_v[i] = mix_one(dst_v[i], shifted_one(v, i, weights), a, opacity);
    }
#endif
}

/// NV12's chroma: dst holds n pairs. Weights may be none.
void pair_row(std::uint8_t* HWY_RESTRICT dst, blending::Source u, blending::Source v, blending::Source alpha, std::size_t n,
              const blending::Weights& weights, std::uint8_t opacity) {
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const std::size_t lanes = hn::Lanes(d8);
    const auto by = hn::Set(hn::Repartition<std::uint16_t, decltype(d8)>(), opacity);
    for (; i + lanes <= n; i += lanes) {
        hn::Vec<decltype(d8)> dst_u, dst_v;
        hn::LoadInterleaved2(d8, dst + 2 * i, dst_u, dst_v);
        const auto a = multiply(d8, shifted(d8, alpha, i, weights), by, by);
        hn::StoreInterleaved2(mix(d8, dst_u, multiply(d8, shifted(d8, u, i, weights), by, by), a),
                              mix(d8, dst_v, multiply(d8, shifted(d8, v, i, weights), by, by), a), d8, dst + 2 * i);
    }
#endif
    for (; i < n; ++i) {
        const std::uint8_t a = shifted_one(alpha, i, weights);
        dst[2 * i] = mix_one(dst[2 * i], shifted_one(u, i, weights), a, opacity);
        dst[2 * i + 1] = mix_one(dst[2 * i + 1], shifted_one(v, i, weights), a, opacity);
    }
}

const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

namespace {

using blending::Extent;
using blending::Source;
using blending::Weights;
using Even = SpriteRun::Even;

HWY_EXPORT(row);
HWY_EXPORT(flat_row);
HWY_EXPORT(shifted_row);
HWY_EXPORT(shifted_rows);
HWY_EXPORT(pair_row);
HWY_EXPORT(target_name);

unsigned div255(unsigned n) { return ((n + 128) + ((n + 128) >> 8)) >> 8; }

/// A sprite's place in one plane: whole pixels and sixteenths past them.
struct PlanePlace {
    int x, y, fx, fy;
    Weights weights() const {
        const auto weight = [](int a, int b) { return static_cast<std::uint16_t>(a * b); };
        return {weight(16 - fx, 16 - fy), weight(fx, 16 - fy), weight(16 - fx, fy), weight(fx, fy)};
    }
};

/// `place` in the luma plane and in the chroma planes, and which set of those it takes.
struct Places {
    PlanePlace luma, chroma;
    int phase;
};

Places places_of(const Sprite& sprite, SpritePlace place) {
    int x = place.x >> 4, y = place.y >> 4;  // rounds down, also below zero
    int fx = place.x & 15, fy = place.y & 15;
    if (!sprite.any_position()) {
        x &= ~1;
        y &= ~1;
        fx = fy = 0;
    }
    // Two's complement: the remainder of a negative odd position is 1 as well, and the shift rounds down.
    return {{x, y, fx, fy}, {x >> 1, y >> 1, fx / 2, fy / 2}, (x & 1) + 2 * (y & 1)};
}

/// Calls row(begin, end, sprite row, what is even) for each run of the picture that the plane covers, columns and rows counted in the
/// sprite, clipped. A shift covers what the row and the one above it cover, and a column more. Without a shift a row is one run.
template <class Row>
void each_run(const Sprite::Plane& plane, const PlanePlace& place, int width, int height, Row row) {
    const bool shifted = place.fx > 0 || place.fy > 0;
    const int first = std::max(0, -place.y), last = std::min(plane.height + (place.fy > 0 ? 1 : 0), height - place.y);
    const auto clipped = [&](int begin, int end, int r, Even even) {
        begin = std::max(begin, -place.x);
        end = std::min(end, width - place.x);
        if (begin < end) row(begin, end, r, even);
    };
    for (int r = first; r < last; ++r) {
        if (!shifted) {
            const SpriteSpan span = plane.spans[static_cast<std::size_t>(r)];
            clipped(span.begin, span.end, r, Even::nothing);
            continue;
        }
        for (auto i = plane.first_run[static_cast<std::size_t>(r)]; i < plane.first_run[static_cast<std::size_t>(r) + 1]; ++i)
            clipped(plane.runs[i].begin, plane.runs[i].end, r, plane.runs[i].even);
    }
}

/// Without a shift upwards the row above is not looked at: any readable row will do.
Source source(const Sprite::Plane& plane, const std::vector<std::uint8_t>& values, const PlanePlace& place, int x, int r) {
    const std::uint8_t* here = values.data() + plane.at(x, r);
    return {here, place.fy > 0 ? values.data() + plane.at(x, r - 1) : here};
}

void blend_plane(std::uint8_t* dst, int stride, int width, int height, const Sprite::Plane& plane, const std::vector<std::uint8_t>& values,
                 const PlanePlace& place, std::uint8_t opacity) {
    const Weights weights = place.weights();
    const auto row = HWY_DYNAMIC_DISPATCH(row);
    const auto shifted_row = HWY_DYNAMIC_DISPATCH(shifted_row);
    const auto flat_row = HWY_DYNAMIC_DISPATCH(flat_row);
    each_run(plane, place, width, height, [&](int begin, int end, int r, Even even) {
        std::uint8_t* to = dst + static_cast<std::ptrdiff_t>(place.y + r) * stride + (place.x + begin);
        const Extent extent{static_cast<std::size_t>(end - begin), static_cast<std::size_t>(width - place.x - begin)};
        const std::size_t at = plane.at(begin, r);
        if (even == Even::all)
            flat_row(to, static_cast<std::uint8_t>(div255(unsigned{values[at]} * opacity)),
                     static_cast<std::uint8_t>(div255(unsigned{plane.alpha[at]} * opacity)), extent);
        else if (weights.none())
            row(to, values.data() + at, plane.alpha.data() + at, extent.n, opacity);
        else
            shifted_row(to, source(plane, values, place, begin, r), source(plane, plane.alpha, place, begin, r), even == Even::alpha,
                        extent, weights, opacity);
    });
}

void blend_plane_reference(std::uint8_t* dst, int stride, int width, int height, const Sprite::Plane& plane,
                           const std::vector<std::uint8_t>& values, const PlanePlace& place, std::uint8_t opacity) {
    const auto shifted = [&](const std::vector<std::uint8_t>& p, int x, int y) -> unsigned {
        const auto at = [&](int px, int py) -> unsigned {
            return px < 0 || py < 0 || px >= plane.width || py >= plane.height ? 0 : p[plane.at(px, py)];
        };
        const unsigned fx = static_cast<unsigned>(place.fx), fy = static_cast<unsigned>(place.fy);
        return (at(x, y) * (16 - fx) * (16 - fy) + at(x - 1, y) * fx * (16 - fy) + at(x, y - 1) * (16 - fx) * fy +
                at(x - 1, y - 1) * fx * fy + 128) >>
               8;
    };
    const bool whole = place.fx == 0 && place.fy == 0;
    const int last_x = std::min(plane.width + (whole ? 0 : 1), width - place.x),
              last_y = std::min(plane.height + (whole ? 0 : 1), height - place.y);
    for (int y = std::max(0, -place.y); y < last_y; ++y) {
        std::uint8_t* to = dst + static_cast<std::ptrdiff_t>(place.y + y) * stride + place.x;
        const std::uint8_t *value = values.data() + plane.at(0, y), *alpha = plane.alpha.data() + plane.at(0, y);
        for (int x = std::max(0, -place.x); x < last_x; ++x) {
            const unsigned s = div255((whole ? value[x] : shifted(values, x, y)) * opacity),
                           a = div255((whole ? alpha[x] : shifted(plane.alpha, x, y)) * opacity);
            to[x] = static_cast<std::uint8_t>(std::min(255U, s + div255(to[x] * (255 - a))));
        }
    }
}

template <class Plane>
void blend_i420(const I420View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity, Plane plane) {
    if (sprite.empty() || opacity == 0) return;
    const Places at = places_of(sprite, place);
    const Sprite::Plane& chroma = sprite.chroma(at.phase);
    plane(picture.y, picture.stride_y, picture.width, picture.height, sprite.luma(), sprite.luma().value, at.luma, opacity);
    plane(picture.u, picture.stride_uv, picture.width / 2, picture.height / 2, chroma, chroma.value, at.chroma, opacity);
    plane(picture.v, picture.stride_uv, picture.width / 2, picture.height / 2, chroma, chroma.second, at.chroma, opacity);
}

}  // namespace

SpritePlace SpritePlace::at(double x, double y) {
    return {static_cast<int>(std::lround(x * steps)), static_cast<int>(std::lround(y * steps))};
}

void blend_row(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity) {
    HWY_DYNAMIC_DISPATCH(row)(dst, value, alpha, static_cast<std::size_t>(std::max(0, n)), opacity);
}

void blend(const I420View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity) {
    if (sprite.empty() || opacity == 0) return;
    const Places at = places_of(sprite, place);
    const Weights weights = at.chroma.weights();
    if (weights.none()) return blend_i420(picture, sprite, place, opacity, blend_plane);
    blend_plane(picture.y, picture.stride_y, picture.width, picture.height, sprite.luma(), sprite.luma().value, at.luma, opacity);
    const Sprite::Plane& plane = sprite.chroma(at.phase);
    const auto shifted_rows = HWY_DYNAMIC_DISPATCH(shifted_rows);
    const auto flat_row = HWY_DYNAMIC_DISPATCH(flat_row);
    each_run(plane, at.chroma, picture.width / 2, picture.height / 2, [&](int begin, int end, int r, Even even) {
        const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(at.chroma.y + r) * picture.stride_uv + (at.chroma.x + begin);
        const Extent extent{static_cast<std::size_t>(end - begin), static_cast<std::size_t>(picture.width / 2 - at.chroma.x - begin)};
        if (even == Even::all) {
            const std::size_t i = plane.at(begin, r);
            const auto faded = [&](std::uint8_t v) { return static_cast<std::uint8_t>(div255(unsigned{v} * opacity)); };
            flat_row(picture.u + to, faded(plane.value[i]), faded(plane.alpha[i]), extent);
            flat_row(picture.v + to, faded(plane.second[i]), faded(plane.alpha[i]), extent);
        } else {
            shifted_rows(picture.u + to, picture.v + to, source(plane, plane.value, at.chroma, begin, r),
                         source(plane, plane.second, at.chroma, begin, r), source(plane, plane.alpha, at.chroma, begin, r), extent, weights,
                         opacity);
        }
    });
}

void blend_reference(const I420View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity) {
    blend_i420(picture, sprite, place, opacity, blend_plane_reference);
}

void blend(const Nv12View& picture, const Sprite& sprite, SpritePlace place, std::uint8_t opacity) {
    if (sprite.empty() || opacity == 0) return;
    const Places at = places_of(sprite, place);
    blend_plane(picture.y, picture.stride_y, picture.width, picture.height, sprite.luma(), sprite.luma().value, at.luma, opacity);
    const Sprite::Plane& plane = sprite.chroma(at.phase);
    const Weights weights = at.chroma.weights();
    each_run(plane, at.chroma, picture.width / 2, picture.height / 2, [&](int begin, int end, int r, Even) {
        std::uint8_t* to = picture.uv + static_cast<std::ptrdiff_t>(at.chroma.y + r) * picture.stride_uv + 2 * (at.chroma.x + begin);
        HWY_DYNAMIC_DISPATCH(pair_row)
        (to, source(plane, plane.value, at.chroma, begin, r), source(plane, plane.second, at.chroma, begin, r),
         source(plane, plane.alpha, at.chroma, begin, r), static_cast<std::size_t>(end - begin), weights, opacity);
    });
}

const char* blend_target() { return HWY_DYNAMIC_DISPATCH(target_name)(); }

}  // namespace vitrine
#endif  // HWY_ONCE
