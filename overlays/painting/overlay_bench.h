#pragma once
// How long blending and painting take, in processor time of the calling thread: a busy machine hardly counts. Times are medians, ms.

#include <string>

namespace vitrine {

struct OverlayBenchFigures {
    int card_width = 0, card_height = 0, picture_width = 0, picture_height = 0, runs = 0;
    std::string target;  ///< the instruction set used
    /// The card, half-transparent, into the picture: 900 × 500 into 1920 × 1080 I420.
    double blend_ms_median = 0, blend_ms_min = 0;
    double plain_ms_median = 0;       ///< the same without SIMD intrinsics
    double copy_ms_median = 0;        ///< memcpy of as many bytes as the blend writes: the bar to measure against
    double nv12_ms_median = 0;        ///< into NV12
    double shifted_ms_median = 0;     ///< between pixels
    double blend_2160_ms_median = 0;  ///< into a picture of four times as many pixels
    double blend_half_ms_median = 0;  ///< the upper half of the card
    /// Ten moving callouts with two lines of text each at 1080p, with leaders and label layout, everything cached.
    double callouts_ms_median = 0;
    double paint_ms_median = 0;  ///< a whole paint(): four callouts with leaders, card and brand at 1080p, everything cached
    double first_paint_ms = 0;   ///< the same with everything rendered anew
};

/// Takes about two seconds.
OverlayBenchFigures run_overlay_bench();

}  // namespace vitrine
