#pragma once
// Where pictures meet overlays: pipelines call these, overlays implement them, tools join the two. Nothing here may block: the
// camera calls run on a camera's streaming thread, describe() on the program thread, paint() on the painting thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "engine/snapshot.h"

namespace vitrine {

/// Thread-bound to one camera's streaming thread.
class CameraStage {
  public:
    virtual ~CameraStage() = default;
    /// Masks the picture in place, then may hand a copy of its luma plane to the track thread. An error means the picture may
    /// still show what must be hidden: the caller must drop it and show a slate.
    virtual Result<void> process(const I420View& picture, std::uint64_t sequence, Nanoseconds capture_ns) = 0;
    /// The masks from the next process() on, in place of those there are.
    virtual void set_masks(const std::vector<PrivacyMask>& masks) = 0;
};

/// One camera's picture as it lies in a program frame.
struct PlacedCamera {
    std::string camera;
    std::array<float, 4> rect{0, 0, 1, 1};    ///< x, y, width, height, normalised program coordinates
    std::array<float, 4> crop{0, 0, 1, 1};    ///< part of the camera picture shown there, normalised camera coordinates
    int camera_width = 0, camera_height = 0;  ///< px
    float opacity = 1;
    bool live = false;  ///< false: a slate is shown
    std::uint64_t sequence = 0;
    Nanoseconds capture_ns = 0;
};

struct ProgramMoment {
    std::uint64_t number = 0;
    Nanoseconds program_ns = 0;         ///< monotonic time of the program tick
    std::vector<PlacedCamera> cameras;  ///< back to front
    SnapshotPtr snapshot;
};

/// What the simulated cameras publish for tests: exact pose and count of each frame.
struct SimTruth {
    std::uint64_t sequence = 0;
    int pieces_passed = 0;  ///< sim:line
    bool flash = false;     ///< this frame shows the flash that the beep of sim:voice goes with
    /// sim:bench: label corners TL TR BR BL in frame px; rvec, tvec (OpenCV, mm) of the label; empty for sim:line
    std::vector<std::array<double, 2>> corners;
    std::array<double, 3> rvec{}, tvec{};
};

/// A picture generator behind a `sim:` camera. Thread-bound.
class SimulatedCamera {
  public:
    virtual ~SimulatedCamera() = default;
    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual int fps() const = 0;
    /// Draws frame `sequence`, a pure function of it; also the frame code in the top left corner, unless the camera's `code` option is off.
    virtual SimTruth render(const I420View& picture, std::uint64_t sequence) = 0;
};

class FrameStage {
  public:
    virtual ~FrameStage() = default;
    /// Thread-safe.
    virtual std::unique_ptr<CameraStage> open_camera(const CameraConfig& camera) = 0;
    /// Thread-safe. `name` is what follows "sim:" ("line", "bench", optionally "?width=640&fps=15"); bad_input when unknown.
    virtual Result<std::unique_ptr<SimulatedCamera>> open_simulated(std::string_view name) = 0;
    /// Thread-safe. A picture that stands for a camera without a picture: its name and the reason, in the show's languages.
    virtual void paint_slate(const I420View& picture, const CameraConfig& camera, CameraState state) = 0;
    /// Thread-safe. Masks a picture in place, as a CameraStage would; an error means it may still show what must be hidden.
    virtual Result<void> mask(const I420View& picture, const std::vector<PrivacyMask>& masks) = 0;
    /// Thread-safe. The branded picture buyers see while the session is paused or the show is held safe.
    virtual void paint_holding(const I420View& picture) { fill(picture, 31, 130, 127); }
    /// Thread-bound to the program thread. The truth of this frame, from the newest tracking results carried to its capture time.
    virtual SceneFrame describe(const ProgramMoment& moment) = 0;
    /// Thread-bound to the painting thread. Burns callouts and card in, in the show's first language.
    virtual void paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot) = 0;
};

/// The flash and the beep: both happen in the first 100 ms of every second second of monotonic time since the epoch of the
/// simulated sequence (frame n of a sim camera at f fps flashes when (n mod 2f) < f/10).
inline bool sim_flash(std::uint64_t sequence, int fps) {
    return sequence % (2 * static_cast<std::uint64_t>(fps)) < static_cast<std::uint64_t>(fps) / 10;
}

}  // namespace vitrine
