#pragma once
// The door of this room: what the pipelines call to have pictures masked, tracked, described and painted (engine/frame_stage.h).

#include <memory>

#include "engine/config.h"
#include "engine/frame_stage.h"

namespace vitrine {

/// Starts the track thread when a product has a marker.
std::unique_ptr<FrameStage> make_show_stage(std::shared_ptr<const ShowConfig> show);

}  // namespace vitrine
