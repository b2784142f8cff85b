#include <cmath>
#include <opencv2/core.hpp>

#include "overlays/tracking/planar_bench.h"
#include "overlays/tracking/planar_tracker.h"
#include "tests/support/catch.h"

using namespace vitrine;
using sim::PictureMotion;

namespace {

sim::PictureScene scene_of(const cv::Mat& print, PictureMotion motion) {
    sim::PictureScene scene;
    scene.luma = print, scene.motion = motion;
    return scene;
}

/// What must hold of every sequence, whatever moves.
void check(const SequenceReport& r, int frames) {
    CHECK(r.first >= 0);
    CHECK(r.first <= 6);
    CHECK(r.claimed >= r.frames - 1);
    CHECK(r.frames >= frames - 8);
    CHECK(r.wild == 0);
    CHECK(r.mean_px < 1);
    CHECK(r.shown_px < 1);
    CHECK(std::abs(r.lag_frames) < 0.5);
}

}  // namespace

TEST_CASE("a label is followed through the six motions, with noise and changing exposure", "[planar]") {
    const cv::Mat label = sim::draw_label();
    for (const PictureMotion motion : sim::six_motions) {
        const int frames = motion == PictureMotion::zoom ? 100 : 45;
        const auto r = follow_sequence(scene_of(label, motion), frames);
        INFO(sim::name_of(motion) << ": mean " << r.mean_px << " worst " << r.worst_px << " shown " << r.shown_px << " lag "
                                  << r.lag_frames);
        check(r, frames);
        CHECK(r.worst_px < 5);
        CHECK(r.distance_percent < 0.5);
        CHECK(r.degrees < 0.5);
        if (motion == PictureMotion::still) {
            CHECK(r.raw_jitter_px < 0.15);
            CHECK(r.jitter_px < 0.15);
        }
    }
}

TEST_CASE("little texture, much texture, and no calibration do as well", "[planar]") {
    const cv::Mat sparse = sim::draw_sparse_label(), rich = sim::draw_rich_picture();
    struct Case {
        const cv::Mat& print;
        PictureMotion motion;
        bool calibrated;
    };
    for (const Case& c :
         {Case{sparse, PictureMotion::still, false}, Case{sparse, PictureMotion::tilt, false}, Case{sparse, PictureMotion::fast, true},
          Case{rich, PictureMotion::covered, false}, Case{rich, PictureMotion::fast, false}}) {
        const auto r = follow_sequence(scene_of(c.print, c.motion), 36, c.calibrated);
        INFO((&c.print == &rich ? "rich " : "sparse ")
             << sim::name_of(c.motion) << ": mean " << r.mean_px << " worst " << r.worst_px << " lag " << r.lag_frames);
        check(r, 36);
        if (c.motion == PictureMotion::still) CHECK(r.jitter_px < 0.15);
    }
}

TEST_CASE("covered wholly it is not told, and back elsewhere it is found within 200 ms", "[planar]") {
    for (const cv::Mat& print : {sim::draw_label(), sim::draw_rich_picture()}) {
        const auto r = follow_sequence(scene_of(print, PictureMotion::gone), 72);
        CHECK(r.wild == 0);
        CHECK(r.refound_ms >= 0);
        CHECK(r.refound_ms <= 200);
        CHECK(r.mean_px < 0.5);
        // Only frames in which it could be seen: one second of it was covered.
        CHECK(r.claimed <= 42);
    }
}
