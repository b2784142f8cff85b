#pragma once
// Follows rendered moving pictures and holds every answer against their truth: what tests assert and what benchmarks print.

#include <functional>
#include <vector>

#include "engine/clock.h"
#include "engine/frame.h"
#include "overlays/sim/moving_picture.h"
#include "overlays/tracking/sighting.h"

namespace vitrine {

struct SequenceReport {
    int frames = 0;                                  ///< from the first in which it was seen on
    int first = -1;                                  ///< the frame it was first seen in
    int claimed = 0;                                 ///< of `frames`, those with a sighting
    int wild = 0;                                    ///< sightings over 10 px off at a corner
    double mean_px = 0;                              ///< of the sightings' corners
    double worst_px = 0;                             ///< of all corners
    double raw_jitter_px = 0;                        ///< root mean square of the sightings' corners round their own mean; for still targets
    double jitter_px = 0;                            ///< the same of what the motion model gives for the frame
    double shown_px = 0;                             ///< mean error of what the motion model gives for the frame
    double lag_frames = 0;                           ///< of the motion model, along the movement; for moving targets
    double distance_percent = 0, degrees = 0;        ///< mean error of the pose
    double follow_ms_median = 0, follow_ms_max = 0;  ///< thread processor time of frames followed without a search
    double search_ms_median = 0;                     ///< of frames with a search
    double refound_ms = -1;  ///< of picture time, from the first frame it is uncovered in; −1 when it was never covered or not found
};

/// What is held against the truth, whatever it recognises its target by.
struct FollowedBy {
    std::function<std::vector<Sighting>(const ConstI420View&, Nanoseconds)> find;
    std::function<std::uint64_t()> searches;  ///< how many it has made so far
};
SequenceReport follow_sequence(const sim::PictureScene& scene, int frames, const FollowedBy& tracker, bool calibrated = true);
/// Some milliseconds of drawing for each frame. `calibrated`: the tracker knows the camera.
SequenceReport follow_sequence(const sim::PictureScene& scene, int frames, bool calibrated = true);

}  // namespace vitrine
