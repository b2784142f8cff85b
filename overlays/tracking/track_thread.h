#pragma once
// One thread looks for the targets of all cameras. Newest wins: each camera has room for one waiting picture, a newer one takes its place,
// and nobody ever waits for the tracker. Results stay for a short while, so that a frame shown some ticks later gets the very sighting made
// in it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/config.h"
#include "engine/frame.h"
#include "engine/result.h"
#include "overlays/tracking/followed_target.h"
#include "overlays/tracking/motion.h"

namespace vitrine {

class TrackThread {
  public:
    /// Targets that cannot be followed are logged: those with an unknown family or id, or a picture or a front without a size, are left
    /// out; a picture or model that cannot be used is only known once the thread has read it, and then never seen. Without targets no
    /// thread is started. `on_read`: on the track thread, for each target with a picture: how many places of it can be recognised, or why
    /// it cannot be used; of models only the latter.
    explicit TrackThread(std::vector<FollowedTarget> targets,
                         std::function<void(const std::string& product, Result<int> features)> on_read = {});
    /// Waits for the search under way.
    ~TrackThread();
    TrackThread(const TrackThread&) = delete;
    TrackThread& operator=(const TrackThread&) = delete;

    const std::vector<FollowedTarget>& targets() const { return targets_; }

    /// Thread-safe. A camera that is opened again starts anew.
    void open(const std::string& camera, std::optional<Calibration> calibration);
    /// Thread-safe, one thread per camera; copies the luma plane and returns. Does nothing for a camera that was not opened.
    void submit(const std::string& camera, const ConstI420View& picture, std::uint64_t sequence, Nanoseconds capture_ns);
    /// Thread-safe. Where the targets are in the frame of that number and capture time: as seen in it when the tracker has been there
    /// already, else carried from the nearest frame it has seen.
    std::vector<CarriedTarget> at(const std::string& camera, std::uint64_t sequence, Nanoseconds capture_ns) const;
    /// Thread-safe. Waits until that frame or a later one has been searched; false when it took longer than `most`. For tests and tools.
    bool wait_for(const std::string& camera, std::uint64_t sequence, Nanoseconds most) const;

    struct Figures {
        std::uint64_t submitted = 0, searched = 0;
        double ms_mean = 0, ms_max = 0;
    };
    /// Thread-safe. Over all cameras.
    Figures figures() const;

  private:
    struct Core;
    std::vector<FollowedTarget> targets_;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
