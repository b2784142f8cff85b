#pragma once
// One camera: a pipeline of its own, rebuilt for ever after a loss, and the newest masked picture for the program. Order in the streaming
// thread: decode -> copy into a frame of our own -> CameraStage (masks) -> publish. Nothing before the mask leaves this pair.
// A camera is frozen when no new picture came for freeze_after, or when pictures keep coming but are identical for that long
// while the source is not a still; then its pipeline is torn down and built again, so latency starts from zero.

#include <functional>
#include <memory>

#include "engine/config.h"
#include "engine/frame_stage.h"
#include "engine/snapshot.h"
#include "pipelines/media.h"

namespace vitrine {

struct CameraOptions {
    Nanoseconds epoch = 0;
    Nanoseconds lost_after = 700'000'000;      ///< no picture: slate
    Nanoseconds freeze_after = 1'500'000'000;  ///< identical pictures: slate
    Nanoseconds retry_first = 250'000'000;     ///< back-off doubles up to retry_most
    Nanoseconds retry_most = 1'000'000'000;
};

class Camera {
  public:
    /// Opens nothing yet. `stage` outlives the camera.
    Camera(const CameraConfig& config, FrameStage& stage, CameraOptions options, std::function<void(CameraStatus)> on_status);
    /// Stops; waits for the streaming thread.
    ~Camera();
    void start();
    /// Thread-safe. New masks: every picture that is decoded from now on has them, and the one that stands now has them on top of the
    /// old ones a moment later. No picture ever has neither; where they cannot be applied there is a slate.
    void set_masks(std::vector<PrivacyMask> masks);

    struct Picture {
        VideoFramePtr frame;  ///< the picture or the slate; null until the first start()
        bool live = false;    ///< false: `frame` is a slate
        CameraState state = CameraState::connecting;
    };
    /// Thread-safe, never waits for the streaming thread.
    Picture newest() const;
    /// Thread-safe. The camera's own sound when the source has any (48 kHz S16 stereo); empty until the source shows some.
    std::shared_ptr<AudioTap> audio() const;

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
