#pragma once
// Draws a flat picture, given by millimetres, through a homography into I420. Pixel centres are at integers; texel centres too, so that an
// edge at a known place in mm lies at its exact projection, to a few hundredths of a pixel.

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "engine/frame.h"

namespace vitrine::sim {

/// mm → px, row-major.
using Homography = std::array<double, 9>;

class Texture {
  public:
    /// `bgra` (straight alpha) shows the rectangle `area` of the plane, in mm. Copies in falling sizes are made down to
    /// `least` px per mm, the finest has `most`.
    Texture(const cv::Mat& bgra, const cv::Rect2d& area, double least, double most);

    /// Blends it in; `to_px` maps mm to luma pixels. Without colour only brightness is touched, as by a shadow.
    void draw(const I420View& onto, const Homography& to_px, bool colour = true) const;

    /// Packed for bilinear sampling of two lanes at once; colour is premultiplied.
    struct Plane {
        int width = 0, height = 0;
        std::vector<std::uint32_t> texels;  ///< luma: Y | A << 16; chroma: U | A << 8 | V << 16
        int tiles_across = 0;
        std::vector<std::uint8_t> tiles;  ///< per square of 16 texels: whether it or a neighbour covers anything
        static constexpr int tile = 16;
        /// Fills `tiles`; `alpha` is where coverage lies in a texel.
        void mark_tiles(int alpha);
    };

  private:
    struct Level {
        Plane luma, chroma;
        double scale_x, scale_y;  ///< luma texels per mm; chroma has half
    };
    cv::Rect2d area_;
    std::vector<Level> levels_;  ///< finest first
};

}  // namespace vitrine::sim
