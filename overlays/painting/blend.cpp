#include "overlays/painting/blend.h"

#include <algorithm>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "overlays/painting/blend.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR
// Bytes are worked on as the even and the odd halves of 16-bit lanes, which crosses no lane on any instruction set. A product of two bytes
// fits 16 bits, and so does every step of div255.

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
#endif

inline std::uint8_t mix_one(std::uint8_t dst, std::uint8_t s, std::uint8_t a, std::uint32_t opacity) {
    const auto divided = [](std::uint32_t n) { return ((n + 128) + ((n + 128) >> 8)) >> 8; };
    return static_cast<std::uint8_t>(std::min<std::uint32_t>(255, divided(s * opacity) + divided(dst * (255 - divided(a * opacity)))));
}

void row(std::uint8_t* HWY_RESTRICT dst, const std::uint8_t* HWY_RESTRICT value, const std::uint8_t* HWY_RESTRICT alpha, std::size_t n,
         std::uint8_t opacity) {
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::ScalableTag<std::uint8_t> d8;
    const std::size_t lanes = hn::Lanes(d8);
    if (opacity == 255) {
        for (; i + lanes <= n; i += lanes)
            hn::StoreU(mix(d8, hn::LoadU(d8, dst + i), hn::LoadU(d8, value + i), hn::LoadU(d8, alpha + i)), d8, dst + i);
    } else {
        const auto by = hn::Set(hn::Repartition<std::uint16_t, decltype(d8)>(), opacity);
        for (; i + lanes <= n; i += lanes)
            hn::StoreU(mix(d8, hn::LoadU(d8, dst + i), multiply(d8, hn::LoadU(d8, value + i), by, by),
                           multiply(d8, hn::LoadU(d8, alpha + i), by, by)),
                       d8, dst + i);
    }
#endif
    for (; i < n; ++i) dst[i] = mix_one(dst[i], value[i], alpha[i], opacity);
}

const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

namespace {

HWY_EXPORT(row);
HWY_EXPORT(target_name);

void plain_row(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity) {
    const auto div255 = [](unsigned k) { return ((k + 128) + ((k + 128) >> 8)) >> 8; };
    for (int i = 0; i < n; ++i) {
        const unsigned s = div255(value[i] * unsigned{opacity}), a = div255(alpha[i] * unsigned{opacity});
        dst[i] = static_cast<std::uint8_t>(std::min(255U, s + div255(dst[i] * (255 - a))));
    }
}

/// Blends one of a plane's value arrays; (x, y) in that plane's pixels.
template <class Row>
void blend_plane(std::uint8_t* dst, int stride, int width, int height, const Sprite::Plane& plane, const std::vector<std::uint8_t>& values,
                 int x, int y, std::uint8_t opacity, Row row) {
    const int first = std::max(0, -y), last = std::min(plane.height, height - y);
    for (int r = first; r < last; ++r) {
        const SpriteSpan span = plane.spans[static_cast<std::size_t>(r)];
        const int begin = std::max(span.begin, -x), end = std::min(span.end, width - x);
        if (begin >= end) continue;
        const std::size_t at = static_cast<std::size_t>(r) * static_cast<std::size_t>(plane.width) + static_cast<std::size_t>(begin);
        row(dst + static_cast<std::ptrdiff_t>(y + r) * stride + (x + begin), values.data() + at, plane.alpha.data() + at, end - begin,
            opacity);
    }
}

template <class Row>
void blend_all(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity, Row row) {
    if (sprite.empty() || opacity == 0) return;
    if (!sprite.any_position()) {
        x &= ~1;
        y &= ~1;
    }
    // Two's complement: the remainder of a negative odd position is 1 as well, and the shift rounds down.
    const int phase = (x & 1) + 2 * (y & 1);
    const Sprite::Plane& chroma = sprite.chroma(phase);
    blend_plane(picture.y, picture.stride_y, picture.width, picture.height, sprite.luma(), sprite.luma().value, x, y, opacity, row);
    blend_plane(picture.u, picture.stride_uv, picture.width / 2, picture.height / 2, chroma, chroma.value, x >> 1, y >> 1, opacity, row);
    blend_plane(picture.v, picture.stride_uv, picture.width / 2, picture.height / 2, chroma, chroma.second, x >> 1, y >> 1, opacity, row);
}

}  // namespace

void blend_row(std::uint8_t* dst, const std::uint8_t* value, const std::uint8_t* alpha, int n, std::uint8_t opacity) {
    HWY_DYNAMIC_DISPATCH(row)(dst, value, alpha, static_cast<std::size_t>(std::max(0, n)), opacity);
}

void blend(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity) {
    blend_all(picture, sprite, x, y, opacity, blend_row);
}

void blend_reference(const I420View& picture, const Sprite& sprite, int x, int y, std::uint8_t opacity) {
    blend_all(picture, sprite, x, y, opacity, plain_row);
}

const char* blend_target() { return HWY_DYNAMIC_DISPATCH(target_name)(); }

}  // namespace vitrine
#endif  // HWY_ONCE
