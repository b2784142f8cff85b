#pragma once
// The program: one thread, one tick per frame, and one function that reads as the frame path: pick, mix, describe, publish. A camera
// without a picture is a slate in its own cell; the program itself is never black and never late: a tick that has passed is left out, not
// made up for.
//
// The tick comes program_phase after the whole frame period since the epoch, so that a picture taken on the period has been
// decoded, masked and usually tracked by then instead of waiting a whole frame.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/frame_stage.h"
#include "engine/show.h"
#include "pipelines/capture/camera.h"
#include "pipelines/media.h"

namespace vitrine {

inline constexpr Nanoseconds program_phase = 14'000'000;

class Program {
  public:
    using Cameras = std::map<std::string, std::unique_ptr<Camera>>;

    /// `show`, `stage` and `cameras` outlive the program.
    Program(Show& show, FrameStage& stage, const Cameras& cameras, Nanoseconds epoch);
    ~Program();
    void start();
    /// Clean pictures, one per tick.
    std::shared_ptr<ProgramTap> output() const;

    struct Figures {
        std::uint64_t made = 0, missed_ticks = 0;
        double work_ms_mean = 0, work_ms_max = 0;
    };
    /// Thread-safe.
    Figures figures() const;

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
