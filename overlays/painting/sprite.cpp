#include "overlays/painting/sprite.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace vitrine {

namespace {

// ITU-R BT.709: Kr 0.2126, Kb 0.0722; studio range 219 and 224 steps.
constexpr double kr = 0.2126, kb = 0.0722, kg = 1 - kr - kb;
constexpr double y_gain = 219.0 / 255, c_gain = 224.0 / 255;

struct YccValue {
    double y, u, v;
};

/// Of premultiplied colours 0…255 with alpha 0…255: the offsets 16 and 128 are premultiplied as well.
YccValue ycc_of(double r, double g, double b, double a) {
    const double luma = kr * r + kg * g + kb * b;
    return {16 * a / 255 + y_gain * luma, 128 * a / 255 + c_gain * (b - luma) / (2 * (1 - kb)),
            128 * a / 255 + c_gain * (r - luma) / (2 * (1 - kr))};
}

std::uint8_t to_byte(double v) { return static_cast<std::uint8_t>(std::clamp(std::floor(v + 0.5), 0.0, 255.0)); }

/// The same in whole numbers, 2^-20 steps, for the million pixels of a card: of sums over `count` pixels, count a power of two.
struct Weights {
    std::int64_t r, g, b, a;
};
constexpr std::int64_t fixed(double v) { return static_cast<std::int64_t>(v * (1 << 20) + (v < 0 ? -0.5 : 0.5)); }
constexpr double u_gain = c_gain / (2 * (1 - kb)), v_gain = c_gain / (2 * (1 - kr));
constexpr Weights y_of{fixed(y_gain * kr), fixed(y_gain* kg), fixed(y_gain* kb), fixed(16.0 / 255)};
constexpr Weights u_of{fixed(-u_gain * kr), fixed(-u_gain* kg), fixed(u_gain*(1 - kb)), fixed(128.0 / 255)};
constexpr Weights v_of{fixed(v_gain * (1 - kr)), fixed(-v_gain* kg), fixed(-v_gain* kb), fixed(128.0 / 255)};

template <int count_log2>
std::uint8_t weigh(const Weights& w, std::uint32_t r, std::uint32_t g, std::uint32_t b, std::uint32_t a) {
    constexpr int shift = 20 + count_log2;
    const std::int64_t sum = w.r * r + w.g * g + w.b * b + w.a * a + (std::int64_t{1} << (shift - 1));
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> shift, 0, 255));
}

struct Pixels {
    const std::uint8_t* rows;
    int stride, width, height;
    std::uint32_t at(int x, int y) const {
        if (x < 0 || y < 0 || x >= width || y >= height) return 0;
        std::uint32_t p;
        std::memcpy(&p, rows + static_cast<std::ptrdiff_t>(y) * stride + 4 * static_cast<std::ptrdiff_t>(x), 4);
        return p;
    }
};

std::vector<SpriteSpan> spans_of(const Sprite::Plane& plane) {
    std::vector<SpriteSpan> spans;
    for (int y = 0; y < plane.height; ++y) {
        const std::uint8_t* row = plane.alpha.data() + plane.at(0, y);
        const std::uint8_t* end = row + plane.width;
        const auto covered = [](std::uint8_t a) { return a != 0; };
        const std::uint8_t* first = std::find_if(row, end, covered);
        if (first == end) {
            spans.push_back({});
            continue;
        }
        const std::uint8_t* last = end;
        while (last[-1] == 0) --last;
        spans.push_back({static_cast<int>(first - row), static_cast<int>(last - row)});
    }
    return spans;
}

/// Fills runs and first_run; spans are there.
void find_runs(Sprite::Plane& plane) {
    constexpr int block = 32;  // bytes of the longest vectors in wide use: a run of whole ones has no remainder
    const auto same = [&](const std::vector<std::uint8_t>& p, std::size_t i) {
        const std::size_t up = i - static_cast<std::size_t>(plane.width + 1);
        return p.empty() || (p[i] == p[i - 1] && p[i] == p[up] && p[i] == p[up - 1]);
    };
    for (int y = 0; y <= plane.height; ++y) {
        plane.first_run.push_back(static_cast<std::uint32_t>(plane.runs.size()));
        const SpriteSpan here = y < plane.height ? plane.spans[static_cast<std::size_t>(y)] : SpriteSpan{},
                         above = y > 0 ? plane.spans[static_cast<std::size_t>(y - 1)] : SpriteSpan{};
        if (here.begin >= here.end && above.begin >= above.end) continue;
        const int begin = here.begin >= here.end ? above.begin : above.begin >= above.end ? here.begin : std::min(here.begin, above.begin);
        const int end = std::max(here.end, above.end) + 1;
        for (int x = begin; x < end; x += block) {
            bool alpha = x + block < end, all = alpha;  // the last column is the neighbour of the last covered one: never even
            for (int k = 0; alpha && k < block; ++k) {
                const std::size_t i = plane.at(x + k, y);
                alpha = same(plane.alpha, i);
                all = all && alpha && same(plane.value, i) && same(plane.second, i);
            }
            using Even = SpriteRun::Even;
            const Even even = !alpha ? Even::nothing : all ? Even::all : Even::alpha;
            const int to = std::min(x + block, end);
            if (plane.runs.size() > plane.first_run.back() && plane.runs.back().even == even)
                plane.runs.back().end = to;
            else
                plane.runs.push_back({x, to, even});
        }
    }
    plane.first_run.push_back(static_cast<std::uint32_t>(plane.runs.size()));
}

Sprite::Plane empty_plane(int width, int height, bool two) {
    Sprite::Plane plane;
    plane.width = width;
    plane.height = height;
    constexpr std::size_t longest_vector = 256;
    const std::size_t size = plane.at(width, height) + 1 + longest_vector;
    plane.value.resize(size);
    plane.alpha.resize(size);
    if (two) plane.second.resize(size);
    return plane;
}

Sprite::Plane luma_of(const Pixels& pixels) {
    Sprite::Plane plane = empty_plane(pixels.width, pixels.height, false);
    for (int y = 0; y < pixels.height; ++y)
        for (int x = 0; x < pixels.width; ++x) {
            const std::uint32_t p = pixels.at(x, y);
            if (p == 0) continue;
            const std::size_t i = plane.at(x, y);
            plane.alpha[i] = static_cast<std::uint8_t>(p >> 24);
            plane.value[i] = weigh<0>(y_of, p >> 16 & 255, p >> 8 & 255, p & 255, p >> 24);
        }
    plane.spans = spans_of(plane);
    find_runs(plane);
    return plane;
}

Sprite::Plane chroma_of(const Pixels& pixels, int phase_x, int phase_y) {
    Sprite::Plane plane = empty_plane((pixels.width + phase_x + 1) / 2, (pixels.height + phase_y + 1) / 2, true);
    for (int y = 0; y < plane.height; ++y)
        for (int x = 0; x < plane.width; ++x) {
            const std::size_t i = plane.at(x, y);
            std::uint32_t r = 0, g = 0, b = 0, a = 0;
            for (int k = 0; k < 4; ++k) {
                const std::uint32_t p = pixels.at(2 * x - phase_x + (k & 1), 2 * y - phase_y + (k >> 1));
                r += p >> 16 & 255;
                g += p >> 8 & 255;
                b += p & 255;
                a += p >> 24;
            }
            if (a == 0) continue;
            plane.alpha[i] = static_cast<std::uint8_t>((a + 2) / 4);
            if (plane.alpha[i] == 0) continue;
            plane.value[i] = weigh<2>(u_of, r, g, b, a);
            plane.second[i] = weigh<2>(v_of, r, g, b, a);
        }
    plane.spans = spans_of(plane);
    find_runs(plane);
    return plane;
}

}  // namespace

Sprite::Sprite(const std::uint8_t* argb32, int stride, int width, int height, bool any_position) : any_position_(any_position) {
    if (width <= 0 || height <= 0) return;
    const Pixels pixels{argb32, stride, width, height};
    luma_ = luma_of(pixels);
    for (int phase = 0; phase < (any_position ? 4 : 1); ++phase)
        chroma_[static_cast<std::size_t>(phase)] = chroma_of(pixels, phase & 1, phase >> 1);
}

Ycc to_ycc(Rgb c) {
    const YccValue v = ycc_of(c.r, c.g, c.b, 255);
    return {to_byte(v.y), to_byte(v.u), to_byte(v.v)};
}

}  // namespace vitrine
