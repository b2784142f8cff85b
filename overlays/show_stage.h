#pragma once
// The door of this room: what the pipelines call to have pictures masked, tracked, described and painted (engine/frame_stage.h).

#include <functional>
#include <memory>

#include "engine/commands.h"
#include "engine/config.h"
#include "engine/frame_stage.h"

namespace vitrine {

/// Starts the track thread when a product has a target, and that of the 3D models when a product has one. `report` takes what is found
/// out about models, from a thread of this room; what it refers to must outlive the stage.
std::unique_ptr<FrameStage> make_show_stage(std::shared_ptr<const ShowConfig> show, std::function<void(Report)> report = {});

}  // namespace vitrine
