#pragma once
// ffmpeg's overlay filter as the measure for ours: a child process, timed by its processor time.

#include "engine/result.h"

namespace vitrine {

/// Processor time a frame, ms, of the filter `overlay` alone: a 900 × 500 half-transparent yuva420p card on 1080p yuv420p, one thread,
/// less the same run without the filter; the least of three. Takes about two seconds. Fails when there is no ffmpeg.
Result<double> ffmpeg_overlay_ms();

}  // namespace vitrine
