#include "overlays/sim/sim_mask.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "engine/frame_code.h"

namespace vitrine {

namespace {

class SimMask : public SimulatedCamera {
  public:
    SimMask(int width, int height, int fps, bool code)
        : width_(width), height_(height), fps_(fps), code_(code), edge_(std::max(2, width / 80)) {}
    int width() const override { return width_; }
    int height() const override { return height_; }
    int fps() const override { return fps_; }

    SimTruth render(const I420View& picture, std::uint64_t sequence) override {
        const auto period = static_cast<std::uint64_t>(2 * edge_);
        const int across = static_cast<int>(2 * sequence % period), down = static_cast<int>(sequence % period);
        const auto is_green = [&](int x, int y) { return ((x + 2 * edge_ - across) / edge_ + (y + 2 * edge_ - down) / edge_) % 2 != 0; };
        // Only two different rows occur: one that starts on either colour.
        std::array<std::vector<std::uint8_t>, 2> ys, us, vs;
        for (int other = 0; other < 2; ++other)
            for (int x = 0; x < width_; ++x) {
                const bool green = is_green(x, down) != (other != 0);
                ys[other].push_back(green ? 173 : 78);
                if (x % 2 == 0) us[other].push_back(green ? 42 : 214), vs[other].push_back(green ? 26 : 230);
            }
        const auto which = [&](int y) { return is_green(0, y) != is_green(0, down) ? 1 : 0; };
        for (int y = 0; y < height_; ++y) std::memcpy(picture.y + std::ptrdiff_t(y) * picture.stride_y, ys[which(y)].data(), width_);
        for (int y = 0; y < height_ / 2; ++y) {
            std::memcpy(picture.u + std::ptrdiff_t(y) * picture.stride_uv, us[which(2 * y)].data(), width_ / 2);
            std::memcpy(picture.v + std::ptrdiff_t(y) * picture.stride_uv, vs[which(2 * y)].data(), width_ / 2);
        }
        if (code_) draw_frame_code(picture, sequence, CodeCorner::top_left);
        SimTruth truth;
        truth.sequence = sequence;
        return truth;
    }

  private:
    int width_, height_, fps_;
    bool code_;
    int edge_;
};

}  // namespace

std::unique_ptr<SimulatedCamera> make_sim_mask(int width, int height, int fps, bool code) {
    return std::make_unique<SimMask>(width, height, fps, code);
}

}  // namespace vitrine
