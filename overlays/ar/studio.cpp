#include "overlays/ar/studio.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine {

namespace {

constexpr float pi = std::numbers::pi_v<float>;
constexpr float exposure = 0.62F;  // white paint that faces the camera comes out just below white

float dot(const Direction& a, const Direction& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Direction cross(const Direction& a, const Direction& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Direction unit(const Direction& v) {
    const float length = std::sqrt(dot(v, v));
    return {v[0] / length, v[1] / length, v[2] / length};
}

struct PlacedBox {
    SoftBox box;
    Direction right, up;
};

PlacedBox placed(SoftBox box) {
    box.middle = unit(box.middle);
    const Direction right = std::abs(box.middle[1]) > 0.999F ? Direction{1, 0, 0} : unit(cross({0, 1, 0}, box.middle));
    return {box, right, cross(box.middle, right)};
}

const std::vector<PlacedBox>& placed_boxes() {
    static const std::vector<PlacedBox> boxes = [] {
        std::vector<PlacedBox> out;
        for (const SoftBox& box : studio_boxes()) out.push_back(placed(box));
        return out;
    }();
    return boxes;
}

/// From 0 at x = −1 to 1 at x = 1, smoothly.
float ramp(float x) {
    const float t = std::clamp(0.5F * x + 0.5F, 0.0F, 1.0F);
    return t * t * (3 - 2 * t);
}
float covered(float at, float half, float soft) { return ramp((at + half) / soft) - ramp((at - half) / soft); }

/// The radical inverse in base 2: the second coordinate of Hammersley's points.
float radical_inverse(std::uint32_t bits) {
    bits = (bits << 16) | (bits >> 16);
    bits = ((bits & 0x55555555U) << 1) | ((bits & 0xAAAAAAAAU) >> 1);
    bits = ((bits & 0x33333333U) << 2) | ((bits & 0xCCCCCCCCU) >> 2);
    bits = ((bits & 0x0F0F0F0FU) << 4) | ((bits & 0xF0F0F0F0U) >> 4);
    bits = ((bits & 0x00FF00FFU) << 8) | ((bits & 0xFF00FF00U) >> 8);
    return static_cast<float>(bits) * 0x1p-32F;
}

/// A half vector of GGX around z; α = roughness².
Direction ggx_half(float u, float v, float alpha) {
    const float phi = 2 * pi * u, cosine = std::sqrt((1 - v) / (1 + (alpha * alpha - 1) * v)),
                sine = std::sqrt(std::max(0.0F, 1 - cosine * cosine));
    return {sine * std::cos(phi), sine * std::sin(phi), cosine};
}

/// GL's cube map: the direction of a texel's middle.
Direction cube_direction(int face, float s, float t) {
    const float a = 2 * s - 1, b = 2 * t - 1;
    switch (face) {
        case 0:
            return unit({1, -b, -a});
        case 1:
            return unit({-1, -b, a});
        case 2:
            return unit({a, 1, b});
        case 3:
            return unit({a, -1, -b});
        case 4:
            return unit({a, -b, 1});
        default:
            return unit({-a, -b, -1});
    }
}

Radiance mirrored(const Direction& normal, float roughness) {
    if (roughness == 0) return studio_radiance(normal);
    constexpr std::uint32_t samples = 64;
    const float alpha = roughness * roughness;
    const Direction side = unit(std::abs(normal[2]) < 0.9F ? cross({0, 0, 1}, normal) : cross({1, 0, 0}, normal)),
                    top = cross(normal, side);
    Radiance sum{};
    float weight = 0;
    for (std::uint32_t i = 0; i < samples; ++i) {
        const Direction h = ggx_half((static_cast<float>(i) + 0.5F) / samples, radical_inverse(i), alpha);
        const float n_l = 2 * h[2] * h[2] - 1;  // the viewer is taken to look along the normal
        if (n_l <= 0) continue;
        Direction light;
        for (int k = 0; k < 3; ++k) light[k] = 2 * h[2] * (side[k] * h[0] + top[k] * h[1] + normal[k] * h[2]) - normal[k];
        const float d = h[2] * h[2] * (alpha * alpha - 1) + 1, density = alpha * alpha / (pi * d * d) / 4;
        const Radiance seen = studio_radiance(light, std::sqrt(1 / (samples * density) / pi));
        for (int k = 0; k < 3; ++k) sum[k] += seen[k] * n_l;
        weight += n_l;
    }
    for (float& value : sum) value /= weight;
    return sum;
}

}  // namespace

const std::vector<SoftBox>& studio_boxes() {
    static const std::vector<SoftBox> boxes = {
        {{0, 1, 0.30F}, 0.95F, 0.50F, 0.10F, {3.2F, 3.2F, 3.2F}},           // over the product
        {{-0.80F, 0.42F, 0.62F}, 0.42F, 0.62F, 0.07F, {5.6F, 5.5F, 5.3F}},  // the key light, left of the camera
        {{0.88F, 0.18F, 0.52F}, 0.30F, 0.75F, 0.12F, {1.7F, 1.75F, 1.9F}},  // fill, right
        {{0.72F, 0.30F, -0.66F}, 0.14F, 0.90F, 0.05F, {7.0F, 7.0F, 7.2F}},  // two strips behind draw the edges
        {{-0.78F, 0.25F, -0.60F}, 0.12F, 0.90F, 0.05F, {5.0F, 5.0F, 5.0F}},
        {{0, -0.75F, 0.66F}, 0.80F, 0.28F, 0.20F, {0.55F, 0.55F, 0.55F}},  // a white card below
    };
    return boxes;
}

Radiance studio_radiance(const Direction& d, float blur) {
    const float y = d[1];
    const float room = y > 0 ? 0.34F + 0.26F * y : 0.34F + 0.22F * y;
    Radiance out{exposure * room, exposure * room, exposure * room};
    for (const PlacedBox& p : placed_boxes()) {
        const float along = dot(d, p.box.middle);
        if (along < 0.05F) continue;
        const float soft = p.box.softness + blur;
        const float light =
            covered(dot(d, p.right) / along, p.box.half_width, soft) * covered(dot(d, p.up) / along, p.box.half_height, soft);
        for (int k = 0; k < 3; ++k) out[k] += exposure * light * p.box.radiance[k];
    }
    return out;
}

std::array<Radiance, 9> studio_irradiance() {
    constexpr int points = 8192;
    // Of the real harmonics: their constants, squared, times the cosine lobe's share of each band over π (1, 2/3, 1/4).
    constexpr std::array<float, 9> constant{0.282095F, 0.488603F, 0.488603F, 0.488603F, 1.092548F,
                                            1.092548F, 0.315392F, 1.092548F, 0.546274F};
    constexpr std::array<float, 9> lobe{1, 2.0F / 3, 2.0F / 3, 2.0F / 3, 0.25F, 0.25F, 0.25F, 0.25F, 0.25F};
    std::array<std::array<double, 3>, 9> sum{};
    const double golden = std::numbers::pi * (3 - std::sqrt(5.0));
    for (int i = 0; i < points; ++i) {
        const double z = 1 - (2 * i + 1.0) / points, r = std::sqrt(1 - z * z), phi = golden * i;
        const auto x = static_cast<float>(r * std::cos(phi)), y = static_cast<float>(r * std::sin(phi)), w = static_cast<float>(z);
        const Radiance seen = studio_radiance({x, y, w});
        const std::array<float, 9> basis{1, y, w, x, x * y, y * w, 3 * w * w - 1, x * w, x * x - y * y};
        for (int j = 0; j < 9; ++j)
            for (int k = 0; k < 3; ++k) sum[j][k] += double{seen[k]} * basis[j];
    }
    std::array<Radiance, 9> out;
    for (int j = 0; j < 9; ++j)
        for (int k = 0; k < 3; ++k)
            out[j][k] = static_cast<float>(sum[j][k] * 4 * std::numbers::pi / points) * constant[j] * constant[j] * lobe[j];
    return out;
}

PrefilteredStudio prefilter_studio(int size, int levels) {
    PrefilteredStudio out;
    for (int level = 0; level < levels; ++level) {
        PrefilteredStudio::Level one{std::max(1, size >> level), {}};
        const float roughness = static_cast<float>(level) / static_cast<float>(levels - 1), n = static_cast<float>(one.size);
        for (int face = 0; face < 6; ++face) {
            auto& texels = one.faces[static_cast<std::size_t>(face)];
            for (int row = 0; row < one.size; ++row)
                for (int column = 0; column < one.size; ++column) {
                    const Radiance seen = mirrored(
                        cube_direction(face, (static_cast<float>(column) + 0.5F) / n, (static_cast<float>(row) + 0.5F) / n), roughness);
                    texels.insert(texels.end(), seen.begin(), seen.end());
                }
        }
        out.levels.push_back(std::move(one));
    }
    return out;
}

std::vector<float> split_sum_table(int size) {
    constexpr std::uint32_t samples = 128;
    std::vector<float> out;
    for (int row = 0; row < size; ++row)
        for (int column = 0; column < size; ++column) {
            const float n_v = (static_cast<float>(column) + 0.5F) / static_cast<float>(size);
            const float roughness = (static_cast<float>(row) + 0.5F) / static_cast<float>(size), alpha = roughness * roughness;
            const Direction view{std::sqrt(1 - n_v * n_v), 0, n_v};
            const float k = alpha / 2;  // Smith's term for light from all around
            const auto smith = [&](float cosine) { return cosine / (cosine * (1 - k) + k); };
            float scale = 0, bias = 0;
            for (std::uint32_t i = 0; i < samples; ++i) {
                const Direction h = ggx_half((static_cast<float>(i) + 0.5F) / samples, radical_inverse(i), alpha);
                const float v_h = std::max(0.0F, dot(view, h)), n_h = std::max(1e-4F, h[2]), n_l = 2 * dot(view, h) * h[2] - view[2];
                if (n_l <= 0) continue;
                const float visible = smith(n_v) * smith(n_l) * v_h / (n_h * n_v), fresnel = std::pow(1 - v_h, 5.0F);
                scale += (1 - fresnel) * visible;
                bias += fresnel * visible;
            }
            out.push_back(scale / samples);
            out.push_back(bias / samples);
        }
    return out;
}

}  // namespace vitrine
