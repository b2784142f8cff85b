#pragma once
// The light that models stand in: a photographer's studio, made by a formula so that the buyer page can make the same one (README.md
// gives it). Directions are those of the camera as OpenGL sees it: x right, y up, z towards the viewer; the studio turns with the camera,
// not with the product. Radiance is linear, Rec. 709 primaries. Everything here is reentrant and uses no GL.

#include <array>
#include <cstdint>
#include <vector>

namespace vitrine {

using Direction = std::array<float, 3>;
using Radiance = std::array<float, 3>;

/// A rectangle of light at infinity: the directions d with |d·right / d·middle| ≤ half_width, the same upwards. right = (0,1,0) × middle
/// (z for a middle straight up), up = middle × right, all of unit length. Its edges run out over `softness` on either side.
struct SoftBox {
    Direction middle;
    float half_width, half_height, softness;
    Radiance radiance;
};
const std::vector<SoftBox>& studio_boxes();

/// What comes from `direction` (unit length). `blur` widens the boxes' edges, in the units of half_width, without changing their power.
Radiance studio_radiance(const Direction& direction, float blur = 0);

/// Irradiance over π as nine coefficients of spherical harmonics, cosine lobe included: for a normal n the sum over
/// {1, y, z, x, xy, yz, 3z²−1, xz, x²−y²}. Ramamoorthi and Hanrahan, "An Efficient Representation for Irradiance Environment Maps", 2001.
std::array<Radiance, 9> studio_irradiance();

/// The studio as rough mirrors see it. Faces in GL's order (+x −x +y −y +z −z), rows as GL wants them, RGB. Level 0 is a perfect mirror,
/// the last one has roughness 1, those between are evenly spaced. Karis, "Real Shading in Unreal Engine 4", 2013; the samples' footprint
/// after Křivánek and Colbert, "Real-time Shading with Filtered Importance Sampling", 2008.
struct PrefilteredStudio {
    struct Level {
        int size = 0;
        std::array<std::vector<float>, 6> faces;
    };
    std::vector<Level> levels;
};
PrefilteredStudio prefilter_studio(int size, int levels);

/// Scale and bias of F0 by n·v (columns, texel middles from 0 to 1) and roughness (rows): GGX, Smith, Schlick. Karis 2013. Two floats a
/// texel.
std::vector<float> split_sum_table(int size);

}  // namespace vitrine
