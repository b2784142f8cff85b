#pragma once
// Mixes inputs by their time stamps, without threads or clock of its own: put() what came, mix() the next 10 ms. Each input has a second of
// memory; what is not there when its time has come is silence, faded, not clicked. Two corrections keep an input audible:
//  - a card whose clock drifts against ours has single samples doubled or left out (at most 1 in 480, inaudible);
//  - an input of which nothing has come in time for 0.3 s is moved back as far as needed (up to 0.5 s): late sound is better than none. One
//    that a busy machine held up for a moment is not: it would stay out of step with the picture. Once an input has come early for
//    a second, what it was moved back is taken up again, a sample in 480.

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/clock.h"

namespace vitrine {

/// Thread-bound.
class MixerInput {
  public:
    /// Interleaved stereo; pts in show time of the first pair.
    void put(std::span<const std::int16_t> samples, Nanoseconds pts);
    /// Adds the 480 pairs from sample position `position` (show time × 48 kHz) on to `sum`.
    void add_to(std::span<float> sum, std::int64_t position);
    /// Factor from now on, reached without a click; 0 is silence.
    void level(float factor) { factor_wanted_ = factor; }
    /// Highest peak since the last call, before the factor, 0 … 1.
    float take_peak() { return std::exchange(peak_, 0.0f); }
    /// By how much this input is moved back, ns.
    Nanoseconds lag() const;

  private:
    static constexpr std::int64_t capacity = 96'000;
    void append(std::span<const std::int16_t> samples);
    void restart(std::int64_t position);
    void follow_clock(std::int64_t error);
    void notice_arrival(std::int64_t position);
    void end_of_block();
    std::int16_t* at(std::int64_t position) { return &ring_[static_cast<std::size_t>(position % capacity) * 2]; }

    std::vector<std::int16_t> ring_ = std::vector<std::int16_t>(capacity * 2);
    std::int64_t begin_ = 0, end_ = 0;  ///< positions held
    std::int64_t played_ = 0;           ///< what has been mixed, in the input's own positions
    std::int64_t lag_ = 0;
    std::int64_t blocks_mixed_ = 0;
    int late_arrivals_ = 0;          ///< since the last one in time
    std::int64_t late_since_ = 0;    ///< blocks_mixed_ at the first of them
    std::int64_t most_late_ = 0;     ///< of them
    std::int64_t least_early_ = -1;  ///< over the second under way; -1: nothing came yet
    std::int64_t to_take_up_ = 0;
    double drift_ = 0;
    float presence_ = 0;  ///< 0 … 1, fades at gaps
    float factor_ = 1, factor_wanted_ = 1, peak_ = 0;
    std::array<float, 2> last_{};
};

class SoundMixer {
  public:
    explicit SoundMixer(Nanoseconds delay) : delay_(delay) {}
    std::size_t add_input();
    MixerInput& input(std::size_t index) { return inputs_[index]; }
    void mute(bool muted) { muted_ = muted; }
    /// 480 interleaved stereo pairs: what was heard from pts - delay on. Call with pts in steps of 10 ms.
    std::vector<std::int16_t> mix(Nanoseconds pts);
    /// Highest peak of the blocks mixed since the last call, in dBFS, not below -100.
    double take_peak_db();

  private:
    const Nanoseconds delay_;
    std::vector<MixerInput> inputs_;
    bool muted_ = false;
    float gain_ = 1;
    float peak_ = 0;
};

/// Reentrant, pure. In dBFS, not below -100.
double peak_db(float peak);

/// Reentrant, pure. Straight up to 0.8, then bends so that nothing passes 1.
float soft_clip(float x);

}  // namespace vitrine
