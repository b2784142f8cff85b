#pragma once
// How a model goes from one state to the next: fades in and out, comes apart and together. Time is that of the scene frames, so the same
// recording gives the same pictures. One thread at a time.

#include <cstdint>
#include <optional>

#include "engine/snapshot.h"

namespace vitrine {

/// A value that follows what is asked of it in a fixed time, with a smooth start and end.
class Eased {
  public:
    explicit Eased(std::int64_t duration_us) : duration_us_(duration_us) {}
    /// The first call jumps.
    float towards(float wanted, std::int64_t now_us);

  private:
    std::int64_t duration_us_, began_us_ = 0;
    float from_ = 0, to_ = 0, value_ = 0;
    bool fresh_ = true;
};

class ModelMotion {
  public:
    struct Now {
        float presence = 0;  ///< 0 … 1: the fade
        float explode = 0;
    };
    /// Of one product, frame by frame.
    Now next(const ModelState& state, std::int64_t now_us);

  private:
    Eased presence_{250'000}, explode_{600'000};
    bool begun_ = false;
};

}  // namespace vitrine
