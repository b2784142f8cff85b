// Prints figures, judges nothing; left out of a plain run: test_overlays "[figures]"
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "overlays/inspect/privacy_mask.h"
#include "overlays/sim/sim_camera.h"
#include "overlays/tracking/track_bench.h"
#include "overlays/tracking/track_thread.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

template <class Work>
double median_ms(int runs, Work work) {
    std::vector<double> all;
    for (int i = 0; i < runs; ++i) {
        const double start = cpu_ms();
        work(i);
        all.push_back(cpu_ms() - start);
    }
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

}  // namespace

TEST_CASE("figures of tracking", "[.figures]") {
    const auto f = run_track_bench();
    std::printf("track: %d frames, follow median %.2f max %.2f ms, search %.2f ms (nothing there %.2f ms)\n", f.frames, f.follow_ms_median,
                f.follow_ms_max, f.search_ms_median, f.missing_ms_median);
    std::printf("track: corners mean %.3f max %.3f px, distance %.3f %%, angle %.3f deg, still %.3f px, back after mean %.0f max %.0f ms\n",
                f.corner_px_mean, f.corner_px_max, f.distance_percent_mean, f.angle_degrees_mean, f.still_px, f.reacquire_ms_mean,
                f.reacquire_ms_max);
    SUCCEED();
}

TEST_CASE("figures of simulated cameras", "[.figures]") {
    for (const char* name : {"line", "bench", "mask", "line?width=1920&height=1080", "bench?width=1920&height=1080"}) {
        const double start = cpu_ms();
        auto camera = open_sim_camera(name);
        const double opening = cpu_ms() - start;
        const double once_more = cpu_ms();
        open_sim_camera(name);
        const double again = cpu_ms() - once_more;
        REQUIRE(camera);
        VideoFrame frame((*camera)->width(), (*camera)->height());
        const double ms = median_ms(240, [&](int i) { (*camera)->render(frame.view(), static_cast<std::uint64_t>(i)); });
        std::printf("sim:%s: %.2f ms a frame, opens in %.0f ms, again in %.2f ms\n", name, ms, opening, again);
    }
}

TEST_CASE("figures of privacy masks", "[.figures]") {
    VideoFrame frame(1280, 720);
    fill(frame.view(), 90, 100, 150);
    for (const auto& [name, fill_kind] :
         {std::pair("solid", MaskFill::solid), std::pair("mosaic", MaskFill::mosaic), std::pair("blur", MaskFill::blur)}) {
        PrivacyMasks masks({{{{0.5f, 0.0f}, {1.0f, 0.0f}, {1.0f, 0.5f}, {0.5f, 0.5f}}, fill_kind}});
        const double first = median_ms(1, [&](int) { REQUIRE(masks.apply(frame.view())); });
        const double ms = median_ms(200, [&](int) { (void)masks.apply(frame.view()); });
        std::printf("mask %s over a quarter of 1280 x 720: %.3f ms a frame, %.1f ms the first time\n", name, ms, first);
    }
}

TEST_CASE("figures of handing a picture to the track thread", "[.figures]") {
    TrackThread track({MarkedTarget{"label", {"apriltag36h11", 5, 40}, {72, 20}}});
    track.open("bench", std::nullopt);
    VideoFrame frame(1280, 720);
    fill(frame.view(), 90, 100, 150);
    const double ms = median_ms(200, [&](int i) {
        track.submit("bench", std::as_const(frame).view(), static_cast<std::uint64_t>(i), Nanoseconds(i) * 33'333'333);
    });
    const double at =
        median_ms(2000, [&](int i) { (void)track.at("bench", static_cast<std::uint64_t>(i % 200), Nanoseconds(i % 200) * 33'333'333); });
    std::printf("submit 1280 x 720: %.3f ms; at(): %.4f ms\n", ms, at);
    SUCCEED();
}
