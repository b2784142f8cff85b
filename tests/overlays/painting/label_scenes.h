#pragma once
// Twelve callouts on a product that is posed, turned and shaken, in integers only: assets/buyer/tests/label_scenes.ts makes the very same
// inputs, and both layouts are held to the same figures (tests/fixtures/label_layout/summary/figures.json).

#include <cstdint>
#include <vector>

#include "overlays/painting/label_layout.h"

namespace vitrine {

/// The same numbers everywhere (Numerical Recipes' 32-bit generator), unlike the library's distributions.
class Lcg {
  public:
    explicit Lcg(std::uint32_t seed) : state_(seed) {}
    int between(int low, int high) {
        state_ = state_ * 1664525U + 1013904223U;
        return low + static_cast<int>((state_ >> 8) % static_cast<std::uint32_t>(high - low + 1));
    }

  private:
    std::uint32_t state_;
};

/// Of a box of 1500 × 1000 × depth units round its middle. Angles in quarter degrees; first turned in its own plane, then about the
/// upright and the level axis; seen by a pinhole of 1500 px from `distance` units.
struct BoxPose {
    int roll = 0, yaw = 0, pitch = 0;
    int distance = 4000;
    int x = 960, y = 540;  ///< its middle in the picture, px
    int depth = 0;
};

/// 1080 lines with a safe area of 5 %: bounds, product and anchors of the pose; sizes of labels drawn from `sizes`.
LabelLayoutInput posed_input(const BoxPose& pose, Lcg sizes);

/// A random pose with, by chance, the card's third taken off the bounds, brand, lower third and a presenter's inset as obstacles.
LabelLayoutInput random_pose_input(Lcg& random);

struct LayoutFigures {
    int frames = 0, labels = 0, shown = 0;
    int crossings = 0;       ///< pairs of leaders
    int side_flips = 0;      ///< a label shown in two frames that follow each other, on different sides
    int most_flips = 0;      ///< of one label
    int comings = 0;         ///< hidden, then shown, or the other way
    int jumps = 0;           ///< on its side, but more than 24 px from one frame to the next
    std::uint32_t hash = 0;  ///< FNV-1a of (shown, side, x, y) of every label of every frame
    bool operator==(const LayoutFigures&) const = default;
};

LayoutFigures random_poses();  ///< 1,000 of them, each for itself
/// A full turn in 1,440 steps, each frame given the one before: flat on a table seen from above at 50°, or upright about its own axis.
LayoutFigures table_turn();
LayoutFigures upright_turn();
/// The table's turn with anchors and box off by up to 2 px, each for itself, in every frame.
LayoutFigures shaken_turn();
/// The table held at every second degree for 12 frames, shaken in the same way; each time begun with nothing shown before.
LayoutFigures shaken_stills();

/// What is wrong with a layout: "" or a sentence. Labels, product, obstacles, bounds, and leaders over labels.
const char* fault_of(const LabelLayoutInput& in, const std::vector<LabelPlacement>& placements);

}  // namespace vitrine
