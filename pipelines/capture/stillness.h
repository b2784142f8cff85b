#pragma once
// Tells a frozen source from a still one. A sensor's noise makes practically every picture differ from the one before; a slide or a
// computer screen repeats pictures all the time. So a run of identical pictures counts as a freeze only when the source was restless
// before it: of its last pictures (up to 64, at least 30) nine in ten differed. A few pictures that differ do not end a run: a hung
// picture sent through an encoder changes a little at each keyframe. Once frozen it stays frozen until ten pictures
// in a row differ: an encoder that sends a hung picture again improves it for a few frames after each keyframe, which is no life.

#include <bitset>
#include <cstddef>

#include "engine/clock.h"
#include "engine/frame.h"

namespace vitrine {

/// Thread-bound. Whether a picture equals the one before: a cheap fingerprint (every 8th pixel of every 8th row of the luma plane)
/// decides most cases, the hash of the whole luma plane the rest. Keeps no pixels, so it may see pictures before their masks.
class RepeatDetector {
  public:
    bool repeats(const ConstI420View& picture);
    void forget() { known_ = whole_known_ = false; }

  private:
    bool known_ = false, whole_known_ = false;
    std::uint64_t sparse_ = 0, whole_ = 0;
    int width_ = 0, height_ = 0;
};

/// Pure; times are passed in.
class Stillness {
  public:
    void see(Nanoseconds now, bool repeated);
    /// A new connection: its first picture has nothing to be compared with. What is known of the source stays.
    void reconnected();
    /// Whether the source has been repeating itself for `limit` though it was restless, and has not moved since.
    bool frozen(Nanoseconds now, Nanoseconds limit);

  private:
    static constexpr std::size_t window = 64, fewest = 30, moves_to_thaw = 10;
    bool restless() const { return seen_ >= fewest && changes_.count() * 10 >= seen_ * 9; }

    std::bitset<window> changes_;
    std::size_t seen_ = 0;
    std::size_t moves_ = 0;
    bool running_ = false, restless_before_ = false, frozen_ = false;
    std::size_t run_pictures_ = 0, run_moves_ = 0;
    Nanoseconds run_start_ = 0;
};

}  // namespace vitrine
