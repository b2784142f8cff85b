#include "pipelines/capture/audio_blocks.h"

#include <algorithm>
#include <cstdlib>

namespace vitrine {
namespace {

constexpr Nanoseconds jump = 5'000'000;

Nanoseconds length_of(std::size_t frames) { return static_cast<Nanoseconds>(frames) * 1'000'000'000 / audio_rate; }

}  // namespace

void AudioBlocks::put(const std::int16_t* samples, std::size_t frames, Nanoseconds pts) {
    const Nanoseconds expected = rest_pts_ + length_of(rest_.size() / 2);
    if (rest_.empty() || std::abs(pts - expected) > jump) {
        rest_.clear();
        rest_pts_ = pts;
    } else {
        rest_pts_ += (pts - expected) / 16;
    }
    rest_.insert(rest_.end(), samples, samples + frames * 2);
    std::size_t at = 0;
    for (; rest_.size() - at >= audio_block_frames * 2; at += audio_block_frames * 2) {
        const auto from = rest_.begin() + static_cast<std::ptrdiff_t>(at);
        tap_->push({std::make_shared<const std::vector<std::int16_t>>(from, from + audio_block_frames * 2), rest_pts_});
        rest_pts_ += length_of(audio_block_frames);
    }
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace vitrine
