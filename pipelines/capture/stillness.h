#pragma once
// Tells a frozen source from a still one. A sensor's noise makes practically every picture differ from the one before; a slide or a
// computer screen repeats pictures all the time. So repeated pictures count as a freeze only when the source was restless a moment
// ago: of 64 pictures in a row (at least 30) nine in ten differed. Four in five repeats are enough, because a hung picture that
// is sent through an encoder changes a little after each keyframe. Once frozen it stays frozen until ten pictures in a row differ.

#include <cstddef>
#include <deque>

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
    /// Whether a restless source has been repeating itself for most of the last `limit`, and has not moved since.
    bool frozen(Nanoseconds now, Nanoseconds limit);

  private:
    struct Seen {
        Nanoseconds at = 0;
        bool repeated = false;
    };
    static constexpr std::size_t judged = 64, fewest = 30, moves_to_thaw = 10;
    static constexpr Nanoseconds kept_for = 10'500'000'000, restless_for = 4'000'000'000;

    std::deque<Seen> seen_;
    std::size_t moves_ = 0;  ///< in a row
    bool was_restless_ = false, frozen_ = false;
    Nanoseconds restless_at_ = 0;  ///< when it last was
};

}  // namespace vitrine
