#pragma once
// Where the renderer draws: a multisampled picture with depth and stencil that grows as asked, resolved and read back. Inner header of
// overlays/ar; thread-bound like its context.

#include <cstdint>
#include <vector>

#include "overlays/ar/gl.h"

namespace vitrine {

class FrameTarget {
  public:
    /// Ready to draw width × height pixels with `samples` (1: none), everything transparent and far. False when the driver refuses.
    bool begin(int width, int height, int samples);
    /// What was drawn, enlarged to full_width × full_height, as RGBA rows in GL's order. False when the driver refuses.
    bool read(int full_width, int full_height, std::vector<std::uint8_t>& rgba);

  private:
    struct Storage {
        gl::Framebuffer framebuffer;
        gl::Renderbuffer colour, depth;
        int width = 0, height = 0, samples = 0;
        bool fit(int width, int height, int samples, bool with_depth);
    };
    Storage drawn_, resolved_, enlarged_;
    int width_ = 0, height_ = 0;
};

}  // namespace vitrine
