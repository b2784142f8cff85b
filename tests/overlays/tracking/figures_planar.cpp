// Prints figures, judges nothing; left out of a plain run: test_overlays "[figures]"
#include <cstdio>

#include "overlays/tracking/planar_bench.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("figures of following pictures", "[.figures]") {
    const std::pair<const char*, cv::Mat> prints[]{
        {"label", sim::draw_label()}, {"sparse", sim::draw_sparse_label()}, {"rich", sim::draw_rich_picture()}};
    for (const auto& [name, luma] : prints)
        for (const bool calibrated : {true, false})
            for (const auto motion :
                 {sim::PictureMotion::still, sim::PictureMotion::pan, sim::PictureMotion::zoom, sim::PictureMotion::tilt,
                  sim::PictureMotion::fast, sim::PictureMotion::covered, sim::PictureMotion::gone}) {
                sim::PictureScene scene;
                scene.luma = luma, scene.motion = motion;
                const auto r = follow_sequence(scene, 120, calibrated);
                std::printf(
                    "%-6s %s %-8s first %2d claimed %3d/%3d wild %d mean %.3f worst %.2f px shown %.3f jitter %.3f/%.3f lag %.3f  %.2f %% "
                    "%.2f deg  follow %.2f max %.2f search %.1f ms refound %.0f ms\n",
                    name, calibrated ? "cal" : "uncal", sim::name_of(motion), r.first, r.claimed, r.frames, r.wild, r.mean_px, r.worst_px,
                    r.shown_px, r.raw_jitter_px, r.jitter_px, r.lag_frames, r.distance_percent, r.degrees, r.follow_ms_median,
                    r.follow_ms_max, r.search_ms_median, r.refound_ms);
                std::fflush(stdout);
            }
    SUCCEED();
}
