#pragma once
// Cuts sound of any block length into 10 ms blocks for a tap. A jump of the time stamps by more than 5 ms starts a new block there; smaller
// ones are a sound card's jitter and are smoothed by counting samples.

#include <memory>

#include "pipelines/media.h"

namespace vitrine {

inline constexpr int audio_rate = 48'000;
inline constexpr std::size_t audio_block_frames = 480;  ///< 10 ms

/// Thread-bound.
class AudioBlocks {
  public:
    explicit AudioBlocks(std::shared_ptr<AudioTap> tap) : tap_(std::move(tap)) {}
    /// Interleaved stereo; `frames` pairs; pts in show time of the first.
    void put(const std::int16_t* samples, std::size_t frames, Nanoseconds pts);

  private:
    std::shared_ptr<AudioTap> tap_;
    std::vector<std::int16_t> rest_;
    Nanoseconds rest_pts_ = 0;
};

}  // namespace vitrine
