#pragma once
// The sound that goes with the simulated cameras: a soft hum with the rhythm of speech, and in the first 100 ms of every second second of
// show time a clear 1 kHz beep, together with the pictures' flash (sim_flash()).

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrine {

/// Reentrant, pure. `frames` stereo pairs from show time `first_frame` / 48000 s on. The beep has -12 dBFS peak, the hum about -46.
std::vector<std::int16_t> sim_voice(std::int64_t first_frame, std::size_t frames);

}  // namespace vitrine
