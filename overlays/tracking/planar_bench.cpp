#include "overlays/tracking/planar_bench.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "overlays/tracking/flat_pose.h"
#include "overlays/tracking/motion.h"
#include "overlays/tracking/planar_tracker.h"
#include "overlays/tracking/track_bench.h"

namespace vitrine {

namespace {

constexpr double wild_px = 10;

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

double median(std::vector<double> all) {
    if (all.empty()) return 0;
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return all[all.size() / 2];
}

ConstI420View view_of(const cv::Mat& luma) {
    ConstI420View v;
    v.y = luma.data, v.stride_y = static_cast<int>(luma.step), v.width = luma.cols, v.height = luma.rows;
    return v;
}

double length(const std::array<double, 3>& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

/// Spread of corners round their own mean.
class Spread {
  public:
    void add(const std::array<Point2, 4>& corners) {
        ++count_;
        for (int i = 0; i < 4; ++i)
            for (int axis = 0; axis < 2; ++axis)
                sum_[i][axis] += corners[i][axis], squares_[i][axis] += corners[i][axis] * corners[i][axis];
    }
    double rms() const {
        double variance = 0;
        for (int i = 0; i < 4; ++i)
            for (int axis = 0; axis < 2; ++axis) {
                const double mean = sum_[i][axis] / std::max(1, count_);
                variance += std::max(0.0, squares_[i][axis] / std::max(1, count_) - mean * mean) / 4;
            }
        return std::sqrt(variance);
    }

  private:
    int count_ = 0;
    std::array<Point2, 4> sum_{}, squares_{};
};

}  // namespace

SequenceReport follow_sequence(const sim::PictureScene& scene, int frames, bool calibrated) {
    const auto camera = calibrated ? std::optional(sim::MovingPicture::camera()) : std::nullopt;
    const auto model = PlanarModel::make({"picture", {}, scene.width_mm, 0}, view_of(scene.luma));
    if (!model) return {};
    const std::shared_ptr<PlanarTracker> tracker = PlanarTracker::create({*model}, camera, {});
    return follow_sequence(scene, frames,
                           {[tracker](const ConstI420View& picture, Nanoseconds when) { return tracker->find(picture, when); },
                            [tracker] { return tracker->counts().searches; }},
                           calibrated);
}

SequenceReport follow_sequence(const sim::PictureScene& scene, int frames, const FollowedBy& tracker, bool calibrated) {
    const sim::MovingPicture picture(scene);
    const auto camera = calibrated ? std::optional(sim::MovingPicture::camera()) : std::nullopt;
    SequenceReport out;
    const double w = scene.width_mm, h = scene.solid ? scene.height_mm : w * scene.luma.rows / scene.luma.cols;
    const std::array<Point2, 4> outline{{{0, 0}, {w, 0}, {w, h}, {0, h}}};
    Motion motion({0, 0, w, h}, {0, 0, w, h});
    Spread raw, shown_spread;
    std::vector<double> following, searching;
    double along = 0, travelled = 0;
    int shown_count = 0;
    bool was_covered = false;
    Nanoseconds uncovered = -1;
    cv::Mat luma;
    for (int n = 0; n < frames; ++n) {
        const auto now = static_cast<Nanoseconds>(n) * 1'000'000'000 / sim::MovingPicture::fps;
        const auto truth = picture.render(luma, static_cast<std::uint64_t>(n));
        const auto searches = tracker.searches();
        const double start = cpu_ms();
        const auto found = tracker.find(view_of(luma), now);
        const double ms = cpu_ms() - start;
        if (tracker.searches() > searches)
            searching.push_back(ms);
        else if (!found.empty())
            following.push_back(ms);
        const bool covered = truth.covered == 1;
        if (was_covered && !covered && uncovered < 0) uncovered = now;
        was_covered = was_covered || covered;
        if (uncovered >= 0 && out.refound_ms < 0 && !found.empty()) out.refound_ms = double(now - uncovered) * 1e-6;
        if (out.first < 0 && !found.empty()) out.first = n;
        if (out.first < 0) continue;
        if (!covered && !(uncovered >= 0 && out.refound_ms < 0)) ++out.frames;
        if (found.empty()) continue;
        ++out.claimed;
        double worst = 0;
        for (int i = 0; i < 4; ++i) {
            const double off = std::hypot(found[0].corners[i][0] - truth.corners[i][0], found[0].corners[i][1] - truth.corners[i][1]);
            out.mean_px += off / 4, worst = std::max(worst, off);
        }
        out.worst_px = std::max(out.worst_px, worst);
        out.wild += worst > wild_px;
        if (found[0].pose) {
            out.distance_percent += std::abs(length(found[0].pose->tvec) / length(truth.pose.tvec) - 1) * 100;
            out.degrees += turn_between(*found[0].pose, truth.pose) * 180 / CV_PI;
        }
        motion.sighted(found[0], now, camera);
        const auto carried = motion.at(now);
        if (!carried || n < out.first + 10) continue;
        // Lag: by how much of a frame's movement what is shown lies behind.
        const auto before = picture.truth(static_cast<std::uint64_t>(n - 1));
        std::array<Point2, 4> shown{};
        for (int i = 0; i < 4; ++i) {
            shown[i] = map_point(carried->plane, outline[i]).value_or(Point2{});
            const double dx = truth.corners[i][0] - before.corners[i][0], dy = truth.corners[i][1] - before.corners[i][1];
            const double ex = truth.corners[i][0] - shown[i][0], ey = truth.corners[i][1] - shown[i][1];
            along += ex * dx + ey * dy, travelled += dx * dx + dy * dy;
            out.shown_px += std::hypot(ex, ey) / 4;
        }
        ++shown_count;
        raw.add(found[0].corners);
        shown_spread.add(shown);
    }
    const int claimed = std::max(1, out.claimed);
    out.mean_px /= claimed, out.distance_percent /= claimed, out.degrees /= claimed;
    out.shown_px /= std::max(1, shown_count);
    if (scene.motion == sim::PictureMotion::still) out.raw_jitter_px = raw.rms(), out.jitter_px = shown_spread.rms();
    out.lag_frames = travelled > 1 ? along / travelled : 0;
    out.follow_ms_median = median(following);
    out.follow_ms_max = following.empty() ? 0 : *std::max_element(following.begin(), following.end());
    out.search_ms_median = median(searching);
    return out;
}

namespace {

/// Four prints on one sheet that moves, each followed by itself.
void measure_four(PictureBenchFigures& out) {
    cv::Mat upside_down;
    cv::flip(sim::draw_label(), upside_down, 0);
    const std::array<cv::Mat, 4> prints{sim::draw_label(), sim::draw_sparse_label(), sim::draw_rich_picture()(cv::Rect(0, 0, 960, 640)),
                                        upside_down};
    cv::Mat sheet(1340, 1980, CV_8U, cv::Scalar(128));
    std::vector<std::shared_ptr<const PlanarModel>> models;
    for (int i = 0; i < 4; ++i) {
        prints[i].copyTo(sheet(cv::Rect(i % 2 * 1020, i / 2 * 700, 960, 640)));
        models.push_back(*PlanarModel::make({"print " + std::to_string(i), {}, 116, 0}, view_of(prints[i].clone())));
    }
    sim::PictureScene scene;
    scene.luma = sheet, scene.width_mm = 240, scene.motion = sim::PictureMotion::pan;
    const sim::MovingPicture picture(scene);
    const auto tracker = PlanarTracker::create(models, sim::MovingPicture::camera(), {});
    std::vector<double> times;
    cv::Mat luma;
    for (int n = 0; n < 60; ++n) {
        picture.render(luma, static_cast<std::uint64_t>(n));
        const auto searches = tracker->counts().searches;
        const double start = cpu_ms();
        const auto found = tracker->find(view_of(luma), static_cast<Nanoseconds>(n) * 1'000'000'000 / sim::MovingPicture::fps);
        const double ms = cpu_ms() - start;
        if (found.size() == 4 && tracker->counts().searches == searches) times.push_back(ms);
    }
    out.four_ms_median = median(times);
    out.four_ms_max = times.empty() ? 0 : *std::max_element(times.begin(), times.end());
}

/// Out of sight for a second, and back elsewhere, at another size and tilt, at every phase of the search.
void measure_return(PictureBenchFigures& out) {
    sim::PictureScene scene;
    scene.luma = sim::draw_label();
    const sim::MovingPicture picture(scene);
    const auto tracker = PlanarTracker::create({*PlanarModel::make({"label", {}, scene.width_mm, 0}, view_of(scene.luma))},
                                               sim::MovingPicture::camera(), {});
    TargetPose away = sim::MovingPicture::tilted(scene.width_mm, 80, 1, 0, 0);
    away.tvec[0] += 5000;
    cv::Mat empty, luma;
    picture.render_at(empty, away, 0);
    constexpr int rounds = 12;
    int now = 0;
    const auto at = [](int n) { return static_cast<Nanoseconds>(n) * 1'000'000'000 / sim::MovingPicture::fps; };
    for (int round = 0; round < rounds; ++round) {
        for (int n = 0; n < 20 + round % 5; ++n) tracker->find(view_of(empty), at(now++));
        auto pose = sim::MovingPicture::tilted(scene.width_mm, 80, 0.5 + 0.1 * round, 4.0 * round, 0.5 * round);
        pose.tvec[0] += 10 * (round - 6);
        const int back = now;
        picture.render_at(luma, pose, static_cast<std::uint64_t>(round));
        while (now < back + 30 && tracker->find(view_of(luma), at(now)).empty()) ++now;
        const double ms = double(at(now) - at(back)) * 1e-6;
        out.reacquire_ms_mean += ms / rounds, out.reacquire_ms_max = std::max(out.reacquire_ms_max, ms);
        ++now;
    }
}

void measure_missing(PictureBenchFigures& out) {
    sim::PictureScene scene;
    scene.luma = sim::draw_rich_picture();
    const sim::MovingPicture picture(scene);
    const cv::Mat print = sim::draw_label();
    const auto tracker = PlanarTracker::create({*PlanarModel::make({"label", {}, 120, 0}, view_of(print))}, std::nullopt, {});
    std::vector<double> searching;
    cv::Mat luma;
    constexpr int frames = 60;
    for (int n = 0; n < frames; ++n) {
        picture.render(luma, static_cast<std::uint64_t>(n));
        const auto searches = tracker->counts().searches;
        const double start = cpu_ms();
        tracker->find(view_of(luma), static_cast<Nanoseconds>(n) * 1'000'000'000 / sim::MovingPicture::fps);
        const double ms = cpu_ms() - start;
        out.missing_ms_mean += ms / frames;
        if (tracker->counts().searches > searches) searching.push_back(ms);
    }
    out.search_ms_median = median(searching);
}

}  // namespace

PictureBenchFigures run_picture_bench() {
    PictureBenchFigures out;
    std::vector<double> following;
    sim::PictureScene scene;
    scene.luma = sim::draw_label();
    int claimed = 0;
    for (const auto motion : sim::six_motions) {
        scene.motion = motion;
        const auto r = follow_sequence(scene, 100);
        out.frames += r.frames, out.wild += r.wild, claimed += r.claimed;
        following.push_back(r.follow_ms_median);
        out.follow_ms_max = std::max(out.follow_ms_max, r.follow_ms_max);
        out.corner_px_mean += r.mean_px * r.claimed, out.corner_px_max = std::max(out.corner_px_max, r.worst_px);
        out.lag_frames_max = std::max(out.lag_frames_max, std::abs(r.lag_frames));
        if (motion == sim::PictureMotion::still) out.still_px = r.jitter_px;
    }
    out.corner_px_mean /= std::max(1, claimed);
    out.follow_ms_median = median(following);
    measure_return(out);
    measure_four(out);
    measure_missing(out);
    return out;
}

}  // namespace vitrine
