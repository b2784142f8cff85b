#pragma once
// The painting thread: burns overlays into a copy of the program for outputs that have no browser, only while somebody reads them.

#include <memory>

#include "engine/frame_stage.h"
#include "pipelines/media.h"

namespace vitrine {

class Burner {
  public:
    /// `stage` outlives the burner.
    Burner(std::shared_ptr<ProgramTap> clean, FrameStage& stage);
    ~Burner();
    std::shared_ptr<ProgramTap> output() const;

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
