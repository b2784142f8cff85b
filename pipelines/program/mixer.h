#pragma once
// Puts pictures into a program picture: scales planes in I420, never through RGB. Thread-bound. Scalers are kept between frames and
// dropped when a scene no longer uses them.

#include <memory>
#include <span>

#include "engine/frame.h"
#include "pipelines/program/layout.h"

namespace vitrine {

class Mixer {
  public:
    struct Input {
        ConstI420View picture;
        Placement placement;
    };

    Mixer(int width, int height);
    ~Mixer();
    /// Draws the ground where no input lies, then the inputs back to front.
    void mix(std::span<const Input> inputs, const I420View& into);
    /// into = a·(256 − weight) + b·weight, over 256, weight 0 … 256. All of one size; `into` may be `a` or `b`.
    static void fade(const ConstI420View& a, const ConstI420View& b, int weight, const I420View& into);

  private:
    struct Scaler;
    int width_, height_;
    std::vector<std::unique_ptr<Scaler>> scalers_;
    std::uint64_t frame_ = 0;
};

/// The ground colour of LOOK (dark), studio range BT.709.
inline constexpr std::uint8_t ground_y = 31, ground_u = 130, ground_v = 127;

}  // namespace vitrine
