#include "overlays/tracking/track_bench.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <vector>

#include "overlays/sim/sim_bench.h"
#include "overlays/tracking/marker_tracker.h"
#include "overlays/tracking/motion.h"

namespace vitrine {

namespace {

constexpr int width = 1280, height = 720, fps = 30;
const MarkedTarget label{"label", {"apriltag36h11", bench_marker_id, bench_marker_mm}, {bench_marker_x_mm, bench_marker_y_mm}};
const std::array<Point2, 4> corners_mm{
    {{0, 0}, {bench_label_width_mm, 0}, {bench_label_width_mm, bench_label_height_mm}, {0, bench_label_height_mm}}};

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

Nanoseconds time_of(std::uint64_t n) { return static_cast<Nanoseconds>(n) * 1'000'000'000 / fps; }

double median(std::vector<double> all) {
    if (all.empty()) return 0;
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return all[all.size() / 2];
}

std::unique_ptr<MarkerTracker> tracker() { return std::move(*MarkerTracker::create({label}, bench_calibration(width, height))); }

double length(const std::array<double, 3>& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

double degrees_between(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    cv::Matx33d ra, rb;
    cv::Rodrigues(cv::Vec3d(a[0], a[1], a[2]), ra);
    cv::Rodrigues(cv::Vec3d(b[0], b[1], b[2]), rb);
    const cv::Matx33d r = ra.t() * rb;
    return std::acos(std::clamp((r(0, 0) + r(1, 1) + r(2, 2) - 1) / 2, -1.0, 1.0)) * 180 / CV_PI;
}

void measure_following(SimulatedCamera& bench, VideoFrame& frame, TrackBenchFigures& out) {
    constexpr int frames = 300;
    auto markers = tracker();
    std::vector<double> times;
    for (std::uint64_t n = 0; n <= frames; ++n) {
        const SimTruth truth = bench.render(frame.view(), n);
        const double start = cpu_ms();
        const auto found = markers->find(std::as_const(frame).view(), time_of(n));
        const double ms = cpu_ms() - start;
        if (n == 0 || found.empty() || !found[0].pose) continue;
        times.push_back(ms);
        for (int i = 0; i < 4; ++i)
            if (const auto p = map_point(found[0].plane, corners_mm[i])) {
                const double off = std::hypot((*p)[0] - truth.corners[i][0], (*p)[1] - truth.corners[i][1]);
                out.corner_px_mean += off / 4 / frames, out.corner_px_max = std::max(out.corner_px_max, off);
            }
        out.distance_percent_mean += std::abs(length(found[0].pose->tvec) / length(truth.tvec) - 1) * 100 / frames;
        out.angle_degrees_mean += degrees_between(found[0].pose->rvec, truth.rvec) / frames;
    }
    out.frames = static_cast<int>(times.size());
    out.follow_ms_median = median(times);
    out.follow_ms_max = times.empty() ? 0 : *std::max_element(times.begin(), times.end());
}

void measure_searching(SimulatedCamera& bench, VideoFrame& frame, TrackBenchFigures& out) {
    std::vector<double> with, without;
    VideoFrame empty(width, height);
    for (std::uint64_t n = 0; n < 60; ++n) {
        bench.render(frame.view(), 7 * n);
        copy(std::as_const(frame).view(), empty.view());
        // The marker's inside, painted over.
        const auto truth = bench_truth(7 * n, fps, width, height);
        const int x = static_cast<int>((truth.corners[0][0] + truth.corners[2][0]) / 2),
                  y = static_cast<int>((truth.corners[0][1] + truth.corners[2][1]) / 2);
        for (int row = std::max(0, y - 90); row < std::min(height, y + 90); ++row)
            for (int column = std::max(0, x - 60); column < std::min(width, x + 180); ++column)
                empty.view().y[row * empty.view().stride_y + column] = 90;
        auto one = tracker(), other = tracker();
        double start = cpu_ms();
        one->find(std::as_const(frame).view(), 0);
        with.push_back(cpu_ms() - start);
        start = cpu_ms();
        other->find(std::as_const(empty).view(), 0);
        without.push_back(cpu_ms() - start);
    }
    out.search_ms_median = median(with), out.missing_ms_median = median(without);
}

void measure_stillness(VideoFrame& frame, TrackBenchFigures& out) {
    auto bench = make_sim_bench(width, height, fps, true);
    bench->render(frame.view(), 0);
    VideoFrame noisy(width, height);
    auto markers = tracker();
    Motion motion(label);
    cv::RNG random(11);
    std::array<std::array<double, 4>, 4> sums{};
    int count = 0;
    for (std::uint64_t n = 0; n < 120; ++n) {
        copy(std::as_const(frame).view(), noisy.view());
        cv::Mat luma(height, width, CV_8U, noisy.view().y, static_cast<std::size_t>(noisy.view().stride_y)), noise(height, width, CV_16S),
            sum;
        random.fill(noise, cv::RNG::NORMAL, 0, 3);
        cv::add(luma, noise, sum, cv::noArray(), CV_8U);
        sum.copyTo(luma);
        const auto found = markers->find(std::as_const(noisy).view(), time_of(n));
        if (found.empty()) continue;
        motion.sighted(found[0], time_of(n), bench_calibration(width, height));
        if (n < 30) continue;
        ++count;
        const auto shown = motion.at(time_of(n));
        for (int i = 0; i < 4; ++i) {
            const auto p = map_point(shown->plane, corners_mm[i]).value_or(Point2{});
            sums[i][0] += p[0], sums[i][1] += p[1], sums[i][2] += p[0] * p[0], sums[i][3] += p[1] * p[1];
        }
    }
    double variance = 0;
    for (const auto& s : sums)
        for (int axis = 0; axis < 2; ++axis) variance += (s[2 + axis] / count - (s[axis] / count) * (s[axis] / count)) / 4;
    out.still_px = std::sqrt(std::max(0.0, variance));
}

void measure_return(SimulatedCamera& bench, VideoFrame& frame, TrackBenchFigures& out) {
    VideoFrame empty(width, height);
    fill(empty.view(), 90, 128, 128);
    auto markers = tracker();
    std::uint64_t now = 0;
    constexpr int rounds = 20;
    for (int round = 0; round < rounds; ++round) {
        for (int n = 0; n < 20 + round; ++n) markers->find(std::as_const(empty).view(), time_of(now++));
        const std::uint64_t back = now;
        bool seen = false;
        while (!seen && now < back + 60) {
            bench.render(frame.view(), static_cast<std::uint64_t>(37 * round) + now - back);
            seen = !markers->find(std::as_const(frame).view(), time_of(now++)).empty();
        }
        const double ms = double(time_of(now - 1) - time_of(back)) * 1e-6;
        out.reacquire_ms_mean += ms / rounds, out.reacquire_ms_max = std::max(out.reacquire_ms_max, ms);
    }
}

}  // namespace

TrackBenchFigures run_track_bench() {
    TrackBenchFigures out;
    auto bench = make_sim_bench(width, height, fps);
    VideoFrame frame(width, height);
    measure_following(*bench, frame, out);
    measure_searching(*bench, frame, out);
    measure_stillness(frame, out);
    measure_return(*bench, frame, out);
    return out;
}

}  // namespace vitrine
