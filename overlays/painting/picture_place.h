#pragma once
// Where the large parts of the picture stand, and how they come and go. Values carry state from frame to frame: thread-bound.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/scene_frame.h"
#include "overlays/painting/blend.h"
#include "overlays/painting/label_layout.h"

namespace vitrine {

std::int64_t shared_area(const LabelRect& a, const LabelRect& b);

/// Cameras that stand small in front of another one, px of a picture of that size: nothing should cover them.
std::vector<LabelRect> insets_of(const SceneFrame& scene, int width, int height);

/// The highest part of `column` that keeps `spacing` from all of `taken`; even edges; without height when there is none.
LabelRect free_part(const LabelRect& column, const std::vector<LabelRect>& taken, int spacing);

/// Comes and goes in five frames; at once in the first frame of all.
class Fade {
  public:
    std::uint8_t next(bool visible);

  private:
    bool fresh_ = true;
    int opacity_ = 0;
};

/// Which side the card stands on: home, unless the product is behind it there. It leaves a side within a third of a second of the product
/// coming behind it, if the other side is clearly better, and fades out and in again. It goes home once the product has kept clear of home
/// for three seconds: a product that swings to and fro crosses the card's way once each way, not twice.
class CardSide {
  public:
    /// Gives (on the end side, opacity) for this frame.
    std::pair<bool, std::uint8_t> next(const std::optional<LabelRect>& product, const LabelRect& at_end, const LabelRect& at_start,
                                       bool home_is_end);
    void reset() { *this = {}; }

  private:
    static constexpr int patience = 5, longing = 90, out = 85, in = 51;
    bool at_end_ = true, fresh_ = true, leaving_ = false;
    int crowded_ = 0, clear_ = 0, opacity_ = 255;
};

/// Where a moving label is drawn: exactly where it is while it moves. Once it has stood still (within 1/8 px, 10 frames) it glides, 1/16 px
/// per frame, to the nearest whole pixel, where its text is sharpest, and rests there until it is 3/4 px off; then it catches up as slowly.
class RestingPlace {
  public:
    SpritePlace next(SpritePlace wanted);

  private:
    static constexpr int patience = 10;
    bool fresh_ = true, resting_ = true;
    SpritePlace reference_, before_, rest_, drawn_;
    int still_ = 0;
};

}  // namespace vitrine
