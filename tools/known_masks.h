#pragma once
// The privacy masks that shows have for a camera, for pictures of it that are taken outside of them. It fails closed: a show whose masks
// cannot be read, or that masks another stream of the same device, means that no picture may be kept.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/frame_stage.h"
#include "engine/result.h"

namespace vitrine {

class KnownMasks {
  public:
    /// Reads these shows, the one that lies in the current folder and those that run here.
    explicit KnownMasks(std::vector<std::filesystem::path> shows);

    /// The picture as it may be kept. `address` as it was typed, its paths counted from `base`. An error is a key of messages.h.
    /// Thread-safe.
    tl::expected<VideoFramePtr, std::string> masked(const VideoFramePtr& picture, const std::string& address,
                                                    const std::filesystem::path& base) const;

  private:
    std::vector<CameraConfig> cameras_;
    bool unread_ = false;
};

}  // namespace vitrine
