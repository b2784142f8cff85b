#include "pipelines/record/audio_line.h"

#include <algorithm>

#include "pipelines/encode/pcm.h"

namespace vitrine {
namespace {

constexpr Nanoseconds tolerance = 5'000'000;        ///< time stamps that wander less are not corrected
constexpr Nanoseconds longest_block = 100'000'000;  ///< of silence

}  // namespace

void AudioLine::send(std::shared_ptr<const std::vector<std::int16_t>> samples) {
    const std::size_t frames = samples->size() / 2;
    emit_(AudioBlock{std::move(samples), end()});
    frames_ += frames;
}

void AudioLine::fill(Nanoseconds until) {
    while (until - end() > tolerance) {
        const Nanoseconds part = std::min(until - end(), longest_block);
        send(std::make_shared<std::vector<std::int16_t>>(static_cast<std::size_t>(part * pcm_rate / 1'000'000'000) * 2, 0));
    }
}

void AudioLine::put(const AudioBlock& block) {
    if (!block.samples) return;
    fill(block.pts);
    const Nanoseconds early = end() - block.pts;
    // Before the line's start every sample is cut; later, an overlap within the tolerance is a time stamp that wanders.
    if (early <= (frames_ == 0 ? 0 : tolerance)) return send(block.samples);
    const auto cut = static_cast<std::size_t>(early * pcm_rate / 1'000'000'000) * 2;
    if (cut >= block.samples->size()) return;
    send(std::make_shared<std::vector<std::int16_t>>(block.samples->begin() + static_cast<std::ptrdiff_t>(cut), block.samples->end()));
}

}  // namespace vitrine
