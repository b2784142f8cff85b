#pragma once
// One camera outside of a show: its pictures as they come, the newest each time. For tools; the pair is free of GStreamer.

#include <memory>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/frame_stage.h"
#include "engine/result.h"

namespace vitrine {

class CameraFeed {
  public:
    /// Starts opening it. `stage` outlives the feed.
    CameraFeed(const SourceSpec& source, FrameStage& stage);
    ~CameraFeed();

    /// The newest live picture that was not handed out yet; waits up to `most` for one. failed, with the camera's own sentence, when
    /// none comes.
    Result<VideoFramePtr> next(Nanoseconds most);

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
