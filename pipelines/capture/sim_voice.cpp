#include "pipelines/capture/sim_voice.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine {
namespace {

constexpr std::int64_t rate = 48'000, period = 2 * rate, beep = rate / 10, ramp = rate / 1000;
constexpr double beep_peak = 0.2512, hum_peak = 0.005;

double beep_at(std::int64_t frame) {
    const std::int64_t at = ((frame % period) + period) % period;
    if (at >= beep) return 0;
    const double edge = std::min(1.0, static_cast<double>(std::min(at + 1, beep - at)) / ramp);
    return beep_peak * edge * std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(at) / rate);
}

double hum_at(std::int64_t frame) {
    const double t = static_cast<double>(((frame % (60 * rate)) + 60 * rate) % (60 * rate)) / rate;
    const double syllables = 0.5 + 0.5 * std::sin(2 * std::numbers::pi * 4 * t),
                 phrase = 0.6 + 0.4 * std::sin(2 * std::numbers::pi * 0.25 * t);
    const double tone = 0.7 * std::sin(2 * std::numbers::pi * 150 * t) + 0.3 * std::sin(2 * std::numbers::pi * 450 * t);
    return hum_peak * syllables * phrase * tone;
}

}  // namespace

std::vector<std::int16_t> sim_voice(std::int64_t first_frame, std::size_t frames) {
    std::vector<std::int16_t> samples(frames * 2);
    for (std::size_t i = 0; i < frames; ++i) {
        const std::int64_t frame = first_frame + static_cast<std::int64_t>(i);
        const auto value = static_cast<std::int16_t>(std::lround(32767 * (beep_at(frame) + hum_at(frame))));
        samples[2 * i] = samples[2 * i + 1] = value;
    }
    return samples;
}

}  // namespace vitrine
