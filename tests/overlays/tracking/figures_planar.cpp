// Prints figures, judges nothing; left out of a plain run: test_overlays "[figures]"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <string>
#include <tuple>

#include "overlays/tracking/motion.h"
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

TEST_CASE("figures of following photos, with reflections", "[.figures]") {
    const std::string folder = "/usr/share/doc/opencv-doc/examples/data/";
    int frames = 0, claimed = 0, wild = 0, sequences = 0;
    double mean = 0, worst = 0, back = 0;
    for (const char* name : {"graf1.png", "box.png", "fruits.jpg", "building.jpg", "messi5.jpg", "home.jpg", "notes.png"}) {
        const cv::Mat print = cv::imread(folder + name, cv::IMREAD_GRAYSCALE);
        if (print.empty()) {
            WARN("SKIPPED: there is no " << folder << name << "; apt-get install opencv-doc");
            return;
        }
        for (int kind = 0; kind < 7; ++kind) {
            sim::PictureScene scene;
            scene.luma = print, scene.motion = static_cast<sim::PictureMotion>(kind);
            scene.seed = static_cast<std::uint64_t>(sequences + 2), scene.glare = kind % 2 ? 120 : 0, scene.noise = 4;
            const auto r = follow_sequence(scene, 75, kind % 3 != 0);
            std::printf("%-12s %-8s first %2d claimed %3d/%3d wild %d mean %.2f worst %.1f px refound %.0f ms\n", name,
                        sim::name_of(scene.motion), r.first, r.claimed, r.frames, r.wild, r.mean_px, r.worst_px, r.refound_ms);
            std::fflush(stdout);
            ++sequences, frames += r.frames, claimed += r.claimed, wild += r.wild, mean += r.mean_px * r.claimed;
            worst = std::max(worst, r.worst_px), back = std::max(back, r.refound_ms);
        }
    }
    std::printf("photos: %d sequences, told in %d of %d frames, %d wild, mean %.3f worst %.1f px, back after at most %.0f ms\n", sequences,
                claimed, frames, wild, mean / std::max(1, claimed), worst, back);
    SUCCEED();
}

namespace {

/// The filter that ours is compared with: One-Euro (Casiez, Roussel, Vogel 2012) on each coordinate, with its authors' derivative cutoff.
class OneEuro {
  public:
    OneEuro(double least_cutoff, double beta) : least_(least_cutoff), beta_(beta) {}
    double operator()(double x, double dt) {
        if (!begun_) return begun_ = true, value_ = last_ = x;
        const auto share = [&](double cutoff) { return 1 / (1 + 1 / (2 * CV_PI * cutoff * dt)); };
        speed_ += share(1) * ((x - last_) / dt - speed_);
        last_ = x;
        return value_ += share(least_ + beta_ * std::abs(speed_)) * (x - value_);
    }

  private:
    double least_, beta_, value_ = 0, last_ = 0, speed_ = 0;
    bool begun_ = false;
};

}  // namespace

TEST_CASE("figures of the pose filter, beside One-Euro's", "[.figures]") {
    // Truth with the noise that sightings have, a little rounded up: a corner that stands, and one that goes to and fro as in the fast
    // sequence.
    constexpr double noise = 0.03, dt = 1.0 / 30;
    for (const bool moving : {false, true})
        for (const auto& [name, least, beta] : {std::tuple("ours", 0.0, 0.0), std::tuple("One-Euro 1 Hz, 0.007", 1.0, 0.007),
                                                std::tuple("One-Euro 1 Hz, 0.05", 1.0, 0.05), std::tuple("One-Euro 3 Hz, 0.1", 3.0, 0.1)}) {
            std::mt19937 random(3);
            std::normal_distribution<double> jitter(0, noise);
            Motion motion({0, 0, 120, 80}, {0, 0, 120, 80});
            std::vector<OneEuro> filters(8, OneEuro(least, beta));
            double squares = 0, along = 0, travelled = 0;
            const auto place = [&](int n) { return moving ? 155 * std::sin(2 * CV_PI * n * dt / 0.72) : 0.0; };
            constexpr int frames = 600;
            for (int n = 0; n < frames; ++n) {
                const auto now = static_cast<Nanoseconds>(n * dt * 1e9);
                Sighting s;
                const std::array<Point2, 4> box{{{400, 300}, {700, 300}, {700, 500}, {400, 500}}};
                for (int i = 0; i < 4; ++i) s.corners[i] = {box[i][0] + place(n) + jitter(random), box[i][1] + jitter(random)};
                Point2 shown{};
                if (least == 0) {
                    motion.sighted(s, now, std::nullopt);
                    shown = *map_point(motion.at(now)->plane, {0, 0});
                }
                for (int k = 0; k < 8 && least > 0; ++k) {
                    const double v = filters[static_cast<std::size_t>(k)](s.corners[k / 2][k % 2], dt);
                    if (k < 2) shown[k] = v;
                }
                if (n < 60) continue;
                const double off = box[0][0] + place(n) - shown[0], step = place(n) - place(n - 1);
                squares += off * off / (frames - 60), along += off * step, travelled += step * step;
            }
            std::printf("%-7s %-22s off %.3f px rms, lag %.3f frames\n", moving ? "moving" : "still", name, std::sqrt(squares),
                        travelled > 0 ? along / travelled : 0.0);
        }
    SUCCEED();
}
