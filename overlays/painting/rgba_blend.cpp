#include "overlays/painting/rgba_blend.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "overlays/painting/blend.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "overlays/painting/rgba_blend.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#ifndef VITRINE_RGBA_BLEND_ONCE
#define VITRINE_RGBA_BLEND_ONCE
namespace vitrine::rgba {

// ITU-R BT.709 in steps of 2^-15, with studio range's gains; A carries the offsets, 16 and 128, which are premultiplied too.
struct Weights {
    std::int32_t r, g, b, a;
};
constexpr double kr = 0.2126, kb = 0.0722, kg = 1 - kr - kb, y_gain = 219.0 / 255, c_gain = 224.0 / 255;
constexpr std::int32_t fixed(double v) { return static_cast<std::int32_t>(v * 32768 + (v < 0 ? -0.5 : 0.5)); }
constexpr Weights y_of{fixed(y_gain * kr), fixed(y_gain* kg), fixed(y_gain* kb), fixed(16.0 / 255)};
constexpr double u_gain = c_gain / (2 * (1 - kb)), v_gain = c_gain / (2 * (1 - kr));
constexpr Weights u_of{fixed(-u_gain * kr), fixed(-u_gain* kg), fixed(u_gain*(1 - kb)), fixed(128.0 / 255)};
constexpr Weights v_of{fixed(v_gain * (1 - kr)), fixed(-v_gain* kg), fixed(-v_gain* kb), fixed(128.0 / 255)};

template <int shift>
std::uint8_t weigh(const Weights& w, std::int32_t r, std::int32_t g, std::int32_t b, std::int32_t a) {
    return static_cast<std::uint8_t>(std::clamp((w.r * r + w.g * g + w.b * b + w.a * a + (1 << (shift - 1))) >> shift, 0, 255));
}

inline void luma_plain(const std::uint8_t* p, std::size_t n, std::uint8_t* value, std::uint8_t* alpha) {
    for (std::size_t i = 0; i < n; ++i, p += 4) {
        value[i] = weigh<15>(y_of, p[0], p[1], p[2], p[3]);
        alpha[i] = p[3];
    }
}
/// n chroma pixels of two rows.
inline void chroma_plain(const std::uint8_t* p, const std::uint8_t* q, std::size_t n, std::uint8_t* u, std::uint8_t* v,
                         std::uint8_t* alpha) {
    for (std::size_t i = 0; i < n; ++i, p += 8, q += 8) {
        const auto sum = [&](int c) { return std::int32_t{p[c]} + p[c + 4] + q[c] + q[c + 4]; };
        u[i] = weigh<17>(u_of, sum(0), sum(1), sum(2), sum(3));
        v[i] = weigh<17>(v_of, sum(0), sum(1), sum(2), sum(3));
        alpha[i] = static_cast<std::uint8_t>((sum(3) + 2) >> 2);
    }
}

}  // namespace vitrine::rgba
#endif

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR
using D32 = hn::ScalableTag<std::int32_t>;
using V32 = hn::Vec<D32>;

struct Channels {
    V32 r, g, b, a;
};
HWY_INLINE Channels channels(hn::Vec<hn::ScalableTag<std::uint32_t>> pixels) {
    const hn::ScalableTag<std::uint32_t> du;
    const D32 d;
    const auto byte = hn::Set(du, 255U);
    return {hn::BitCast(d, hn::And(pixels, byte)), hn::BitCast(d, hn::And(hn::ShiftRight<8>(pixels), byte)),
            hn::BitCast(d, hn::And(hn::ShiftRight<16>(pixels), byte)), hn::BitCast(d, hn::ShiftRight<24>(pixels))};
}
HWY_INLINE Channels add(const Channels& a, const Channels& b) {
    return {hn::Add(a.r, b.r), hn::Add(a.g, b.g), hn::Add(a.b, b.b), hn::Add(a.a, b.a)};
}
template <int shift>
HWY_INLINE V32 weigh(const rgba::Weights& w, const Channels& c) {
    const D32 d;
    const V32 sum = hn::Add(hn::Add(hn::Mul(c.r, hn::Set(d, w.r)), hn::Mul(c.g, hn::Set(d, w.g))),
                            hn::Add(hn::Mul(c.b, hn::Set(d, w.b)), hn::Mul(c.a, hn::Set(d, w.a))));
    return hn::ShiftRight<shift>(hn::Add(sum, hn::Set(d, 1 << (shift - 1))));
}
HWY_INLINE void store(V32 v, std::uint8_t* to) {
    const hn::Rebind<std::uint8_t, D32> bytes;
    hn::StoreU(hn::DemoteTo(bytes, v), bytes, to);
}
#endif

void luma(const std::uint8_t* p, std::size_t n, std::uint8_t* value, std::uint8_t* alpha) {
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const hn::ScalableTag<std::uint32_t> du;
    const std::size_t lanes = hn::Lanes(du);
    for (; i + lanes <= n; i += lanes) {
        const Channels c = channels(hn::BitCast(du, hn::LoadU(d8, p + 4 * i)));
        store(weigh<15>(rgba::y_of, c), value + i);
        store(c.a, alpha + i);
    }
#endif
    rgba::luma_plain(p + 4 * i, n - i, value + i, alpha + i);
}

void chroma(const std::uint8_t* p, const std::uint8_t* q, std::size_t n, std::uint8_t* u, std::uint8_t* v, std::uint8_t* alpha) {
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const hn::ScalableTag<std::uint32_t> du;
    const D32 d;
    const std::size_t lanes = hn::Lanes(du);
    const auto pairs = [&](const std::uint8_t* row) {
        const auto low = hn::BitCast(du, hn::LoadU(d8, row)), high = hn::BitCast(du, hn::LoadU(d8, row + 4 * lanes));
        return add(channels(hn::ConcatEven(du, high, low)), channels(hn::ConcatOdd(du, high, low)));
    };
    for (; i + lanes <= n; i += lanes) {
        const Channels c = add(pairs(p + 8 * i), pairs(q + 8 * i));
        store(weigh<17>(rgba::u_of, c), u + i);
        store(weigh<17>(rgba::v_of, c), v + i);
        store(hn::ShiftRight<2>(hn::Add(c.a, hn::Set(d, 2))), alpha + i);
    }
#endif
    rgba::chroma_plain(p + 8 * i, q + 8 * i, n - i, u + i, v + i, alpha + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

namespace {

HWY_EXPORT(luma);
HWY_EXPORT(chroma);

void row_plain(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity) {
    const auto div255 = [](unsigned k) { return ((k + 128) + ((k + 128) >> 8)) >> 8; };
    for (int i = 0; i < n; ++i)
        dst[i] = static_cast<std::uint8_t>(
            std::min(255U, div255(value[i] * unsigned{opacity}) + div255(dst[i] * (255 - div255(alpha[i] * unsigned{opacity})))));
}

/// Columns [begin, end) of two rows outside which both are transparent, even; begin = end when they are everywhere.
std::pair<int, int> covered(const std::uint8_t* p, const std::uint8_t* q, int begin, int end) {
    const auto clear = [&](int x) {
        std::uint64_t a, b;
        std::memcpy(&a, p + 4 * std::ptrdiff_t{x}, 8);
        std::memcpy(&b, q + 4 * std::ptrdiff_t{x}, 8);
        return (a | b) == 0;
    };
    while (begin < end && clear(begin)) begin += 2;
    while (begin < end && clear(end - 2)) end -= 2;
    return {begin, end};
}

template <class Luma, class Chroma, class Row>
void blend_with(const I420View& picture, const RgbaView& source, int x, int y, std::uint8_t opacity, Luma to_luma, Chroma to_chroma,
                Row row) {
    x &= ~1;
    y &= ~1;
    const int left = std::max(0, -x), right = std::min(source.width & ~1, (picture.width & ~1) - x);
    const int top = std::max(0, -y), bottom = std::min(source.height & ~1, (picture.height & ~1) - y);
    if (left >= right || top >= bottom || opacity == 0) return;
    static thread_local std::vector<std::uint8_t> line;
    const auto most = static_cast<std::size_t>(right - left);
    line.resize(5 * most);
    std::uint8_t *value = line.data(), *alpha = value + most, *u = alpha + most, *v = u + most, *thin = v + most;
    for (int r = top; r < bottom; r += 2) {
        const std::uint8_t *p = source.pixels + static_cast<std::ptrdiff_t>(r) * source.stride, *q = p + source.stride;
        const auto [begin, end] = covered(p, q, left, right);
        if (begin == end) continue;
        const int n = end - begin;
        for (const auto& [pixels, line_of] : {std::pair(p, y + r), std::pair(q, y + r + 1)}) {
            to_luma(pixels + 4 * std::ptrdiff_t{begin}, static_cast<std::size_t>(n), value, alpha);
            row(picture.y + static_cast<std::ptrdiff_t>(line_of) * picture.stride_y + x + begin, value, alpha, n, opacity);
        }
        to_chroma(p + 4 * std::ptrdiff_t{begin}, q + 4 * std::ptrdiff_t{begin}, static_cast<std::size_t>(n / 2), u, v, thin);
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>((y + r) / 2) * picture.stride_uv + (x + begin) / 2;
        row(picture.u + at, u, thin, n / 2, opacity);
        row(picture.v + at, v, thin, n / 2, opacity);
    }
}

}  // namespace

void blend_rgba(const I420View& picture, const RgbaView& source, int x, int y, std::uint8_t opacity) {
    blend_with(
        picture, source, x, y, opacity,
        [](auto... a) {
            HWY_DYNAMIC_DISPATCH(luma)
            (a...);
        },
        [](auto... a) {
            HWY_DYNAMIC_DISPATCH(chroma)
            (a...);
        },
        blend_row);
}

void blend_rgba_reference(const I420View& picture, const RgbaView& source, int x, int y, std::uint8_t opacity) {
    blend_with(picture, source, x, y, opacity, rgba::luma_plain, rgba::chroma_plain, row_plain);
}

}  // namespace vitrine
#endif  // HWY_ONCE
