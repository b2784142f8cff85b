#pragma once
// Follows a rendered solid thing by its edges and holds every answer against the truth: what tests assert and what run_solid_bench()
// prints. Includes OpenCV.

#include <memory>

#include "overlays/models/model_data.h"
#include "overlays/sim/moving_picture.h"
#include "overlays/tracking/edge_tracker.h"
#include "overlays/tracking/planar_bench.h"

namespace vitrine {

struct SolidScene {
    sim::PictureScene scene;
    std::shared_ptr<const EdgeModel> model;
};
/// With its front as SolidTarget::by_front() has it. The model must be one that can be followed.
SolidScene solid_scene(const ModelData& model);

enum class Suggested {
    once,   ///< in the first frame, some px and degrees off
    always  ///< in each frame in which it is not wholly covered, as a marker on it would
};
SequenceReport follow_solid(const SolidScene& solid, int frames, Suggested suggested);

}  // namespace vitrine
