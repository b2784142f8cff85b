#pragma once
// How long blending takes: a 900 × 500 half-transparent card into a 1920 × 1080 I420 picture, on the calling thread.

#include <string>

namespace vitrine {

struct OverlayBenchFigures {
    int card_width = 0, card_height = 0, picture_width = 0, picture_height = 0, runs = 0;
    std::string target;  ///< the instruction set used
    double blend_ms_median = 0, blend_ms_min = 0;
    double plain_ms_median = 0;  ///< the same without SIMD intrinsics
    double copy_ms_median = 0;   ///< memcpy of as many bytes as the blend writes: the bar to measure against
    double paint_ms_median = 0;  ///< a whole paint(): four callouts with leaders, card and brand at 1080p, everything cached
    double first_paint_ms = 0;   ///< the same with everything rendered anew; wall time, so the rest of the machine counts
};

/// Takes about a second.
OverlayBenchFigures run_overlay_bench();

}  // namespace vitrine
