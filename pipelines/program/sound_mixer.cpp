#include "pipelines/program/sound_mixer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace vitrine {
namespace {

constexpr std::int64_t rate = 48'000, block = 480;
constexpr std::int64_t resync = rate / 25;  // 40 ms: no drift, a jump
constexpr std::int64_t most_lag = rate / 2;
constexpr std::int64_t furthest_ahead = rate;
constexpr std::int64_t pause_that_resets = rate;  // a second without data: the old lag says nothing any more
constexpr double drift_tolerated = 96;            // 2 ms
constexpr std::int64_t fade_frames = 96;          // 2 ms
constexpr float fade_step = 1.0f / fade_frames, mute_step = 1.0f / 480;
constexpr int late_arrivals_that_count = 3;
constexpr std::int64_t late_blocks_that_count = 30, blocks_per_second = 100;
constexpr std::int64_t spare_kept = 2 * block;  // an input may be so early without being hurried

std::int64_t position_of(Nanoseconds time) {
    // Exact and monotone for the whole range: seconds and the rest apart.
    const Nanoseconds seconds = time / 1'000'000'000, rest = time % 1'000'000'000;
    return seconds * rate + (rest * rate + (rest >= 0 ? 500'000'000 : -500'000'000)) / 1'000'000'000;
}

}  // namespace

float soft_clip(float x) {
    constexpr float knee = 0.8f;
    const float size = std::fabs(x);
    if (size <= knee) return x;
    return std::copysign(knee + (1 - knee) * std::tanh((size - knee) / (1 - knee)), x);
}

void MixerInput::restart(std::int64_t position) {
    begin_ = end_ = position;
    drift_ = 0;
}

void MixerInput::append(std::span<const std::int16_t> samples) {
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2, ++end_) {
        at(end_)[0] = samples[i];
        at(end_)[1] = samples[i + 1];
    }
    begin_ = std::max(begin_, end_ - capacity);
}

void MixerInput::follow_clock(std::int64_t error) {
    drift_ += (static_cast<double>(error) - drift_) / 32;
    if (drift_ > drift_tolerated && end_ > begin_) {
        const std::array<std::int16_t, 2> twice{at(end_ - 1)[0], at(end_ - 1)[1]};
        append(twice);
        drift_ -= 1;
    } else if (drift_ < -drift_tolerated && end_ - 1 > std::max(begin_, played_)) {
        --end_;
        drift_ += 1;
    }
}

void MixerInput::notice_arrival(std::int64_t position) {
    const std::int64_t late = played_ - position;  // so much of the time from this block on had been mixed when it came
    const std::int64_t early = std::max<std::int64_t>(-late, 0);
    least_early_ = least_early_ < 0 ? early : std::min(least_early_, early);
    if (late <= 0) {
        late_arrivals_ = 0;
        most_late_ = 0;
        return;
    }
    to_take_up_ = 0;
    if (late_arrivals_++ == 0) late_since_ = blocks_mixed_;
    most_late_ = std::max(most_late_, late);
    if (late_arrivals_ < late_arrivals_that_count || blocks_mixed_ - late_since_ < late_blocks_that_count) return;
    const std::int64_t lag = std::min(lag_ + most_late_ + block, most_lag);
    played_ -= lag - lag_;
    lag_ = lag;
    late_arrivals_ = 0;
    most_late_ = 0;
}

void MixerInput::end_of_block() {
    if (to_take_up_ > 0 && lag_ > 0) --to_take_up_, --lag_;
    if (++blocks_mixed_ % blocks_per_second != 0) return;
    to_take_up_ = std::clamp<std::int64_t>(least_early_ - spare_kept, 0, lag_);
    least_early_ = -1;
}

void MixerInput::put(std::span<const std::int16_t> samples, Nanoseconds pts) {
    const std::int64_t position = position_of(pts), frames = static_cast<std::int64_t>(samples.size() / 2);
    if (frames == 0 || position < 0) return;
    if (end_ == begin_ || position - end_ >= pause_that_resets) {
        if (position - end_ >= pause_that_resets) {
            played_ += lag_;
            lag_ = 0;
        }
        restart(position);
    } else if (const std::int64_t error = position - end_; error > resync) {
        // A gap: silence up to the new place, faded at both ends.
        for (std::int64_t left = std::min(fade_frames, end_ - std::max(begin_, played_)); left > 0; --left) {
            for (int channel = 0; channel < 2; ++channel)
                at(end_ - left)[channel] = static_cast<std::int16_t>(at(end_ - left)[channel] * (left - 1) / fade_frames);
        }
        const std::vector<std::int16_t> silence(static_cast<std::size_t>(error) * 2);
        append(silence);
        drift_ = 0;
        notice_arrival(position);
        append(samples);
        for (std::int64_t i = 0; i < std::min(fade_frames, frames); ++i) {
            for (int channel = 0; channel < 2; ++channel)
                at(position + i)[channel] = static_cast<std::int16_t>(at(position + i)[channel] * i / fade_frames);
        }
        return;
    } else if (error < -resync) {
        restart(position);
    } else {
        follow_clock(error);
    }
    notice_arrival(position);
    append(samples);
    // Nobody needs what lies further ahead than a second; a stamp that says so is wrong.
    if (played_ > 0 && begin_ - played_ > furthest_ahead) restart(played_);
}

void MixerInput::add_to(std::span<float> sum, std::int64_t position) {
    const std::int64_t from = position - lag_;
    for (std::int64_t i = 0; i < block; ++i) {
        const std::int64_t p = from + i;
        const bool there = p >= begin_ && p < end_;
        if (there) {
            presence_ = std::min(1.0f, presence_ + fade_step);
            last_ = {static_cast<float>(at(p)[0]) / 32768, static_cast<float>(at(p)[1]) / 32768};
        } else {
            presence_ = std::max(0.0f, presence_ - fade_step);
        }
        const float step = (factor_wanted_ - factor_) / static_cast<float>(block - i);  // there at the end of the block
        factor_ += step;
        for (std::size_t channel = 0; channel < 2; ++channel) {
            const float value = presence_ * last_[channel];
            peak_ = std::max(peak_, std::fabs(value));
            sum[static_cast<std::size_t>(2 * i) + channel] += factor_ * value;
        }
    }
    played_ = from + block;
    end_of_block();
}

double peak_db(float peak) { return peak > 0 ? std::max(-100.0, 20 * std::log10(static_cast<double>(peak))) : -100.0; }

Nanoseconds MixerInput::lag() const { return lag_ * 1'000'000'000 / rate; }

std::size_t SoundMixer::add_input() {
    inputs_.emplace_back();
    return inputs_.size() - 1;
}

std::vector<std::int16_t> SoundMixer::mix(Nanoseconds pts) {
    std::array<float, block * 2> sum{};
    const std::int64_t position = position_of(pts - delay_);
    for (MixerInput& input : inputs_) input.add_to(sum, position);
    std::vector<std::int16_t> out(sum.size());
    const float target = muted_ ? 0.0f : 1.0f;
    for (std::size_t i = 0; i < sum.size(); i += 2) {
        gain_ = gain_ < target ? std::min(target, gain_ + mute_step) : std::max(target, gain_ - mute_step);
        for (std::size_t channel = 0; channel < 2; ++channel) {
            const float value = soft_clip(sum[i + channel]) * gain_;
            peak_ = std::max(peak_, std::fabs(value));
            out[i + channel] = static_cast<std::int16_t>(std::lround(std::clamp(value * 32768, -32768.0f, 32767.0f)));
        }
    }
    return out;
}

double SoundMixer::take_peak_db() { return peak_db(std::exchange(peak_, 0.0f)); }

}  // namespace vitrine
