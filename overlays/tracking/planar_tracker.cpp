#include "overlays/tracking/planar_tracker.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engine/log.h"
#include "overlays/tracking/flat_pose.h"
#include "overlays/tracking/planar_align.h"
#include "overlays/tracking/planar_flow.h"
#include "overlays/tracking/planar_model.h"

namespace vitrine {

namespace {

constexpr double reduced_width = 640;        // px of the picture that is searched and in which flow is measured, about
constexpr Nanoseconds forget = 500'000'000;  // a target not seen for so long is not looked for at its last place any more
constexpr int least_side = 64;               // px of a picture that is searched
constexpr int features_wanted = 650;
constexpr std::size_t most_at_once = 2;  // missing targets looked for in one frame
constexpr double agree_within = 4;       // px at full size, of matches of one homography

// What is told, at least. Following may see less than finding: it knows where to look.
constexpr int least_seen = 7;
constexpr double follow_share = 0.16, find_share = 0.3;
constexpr double follow_likeness = 0.7, find_likeness = 0.74;
constexpr double blurs = 3, blurs_well = 8;           // px at full size between two frames, from which blur is drawn, and measured
constexpr double little = 0.55, unlike_little = 0.4;  // below this share it must look the more like the target
constexpr double most_surprise = 20;                  // px at 1280 wide: when little is seen, it is near where it was expected
constexpr double most_change = 1.6;                   // of contrast since the sighting before, when little is seen
constexpr double most_sigma = 2.0;                    // px at full size, of the worst corner

struct Target {
    std::shared_ptr<const PlanarModel> model;
    bool following = false, known = false;
    cv::Matx33d plane;  // mm → ideal px at full size, of the last confirmed sighting
    std::vector<cv::Point2d> places;
    std::array<cv::Point2d, 4> velocity{};  // of the outline's corners, px/s
    Nanoseconds at = 0;
    double contrast = 1;
    std::optional<TargetPose> pose;
};

cv::Matx33d plane_through(const std::array<cv::Point2d, 4>& from, const std::array<cv::Point2d, 4>& to) {
    std::array<cv::Point2f, 4> a, b;
    for (int i = 0; i < 4; ++i) a[i] = from[i], b[i] = to[i];
    return cv::Matx33d(cv::getPerspectiveTransform(a.data(), b.data()));
}

}  // namespace

struct PlanarTracker::Core {
    std::vector<Target> targets;
    std::optional<Calibration> calibration;
    Options options;
    Counts counts;

    cv::Size size{0, 0};
    cv::Size2d factor{1, 1};  // full size / reduced size
    std::optional<Calibration> camera;
    Lens lens, reduced_lens;
    FlowPicture now, before;
    bool has_before = false;
    std::optional<Nanoseconds> searched;
    double exposure = 0;  // s that the shutter is open, as far as blur has told
    bool exposure_known = false;
    std::uint64_t rounds = 0;  // of searching
    std::size_t turn = 0;      // which missing target is searched for next

    cv::Matx33d to_reduced() const {
        return {1 / factor.width, 0, 0.5 / factor.width - 0.5, 0, 1 / factor.height, 0.5 / factor.height - 0.5, 0, 0, 1};
    }
    cv::Matx33d to_full() const {
        return {factor.width, 0, 0.5 * factor.width - 0.5, 0, factor.height, 0.5 * factor.height - 0.5, 0, 0, 1};
    }
    bool reduces() const { return factor.width > 1.01; }

    void take(const cv::Mat& luma) {
        if (luma.size() != size) {
            size = luma.size();
            const double by = std::max(1.0, std::round(double(std::max(luma.cols, luma.rows * 16 / 9)) / reduced_width));
            const cv::Size small(std::max(1, cvRound(luma.cols / by)), std::max(1, cvRound(luma.rows / by)));
            factor = {double(luma.cols) / small.width, double(luma.rows) / small.height};
            camera = calibration ? std::optional(scaled(*calibration, luma.cols, luma.rows)) : std::nullopt;
            lens = camera ? Lens(*camera) : Lens();
            reduced_lens = camera ? Lens(scaled(*camera, small.width, small.height)) : Lens();
            has_before = false;
            for (auto& t : targets) t.following = t.known = false;
        }
        std::swap(now, before);
        cv::Mat small;
        if (reduces())
            cv::resize(luma, small, cv::Size(cvRound(size.width / factor.width), cvRound(size.height / factor.height)), 0, 0,
                       cv::INTER_AREA);
        else
            small = luma.clone();
        now = FlowPicture::of(small);
    }

    cv::Matx33d expected(const Target& t, Nanoseconds when) const {
        const double dt = std::clamp(double(when - t.at) * 1e-9, 0.0, 0.1);
        const auto outline = t.model->core().outline();
        std::array<cv::Point2d, 4> there;
        for (int i = 0; i < 4; ++i) {
            const auto p = through(t.plane, outline[i]);
            if (!p) return t.plane;
            there[i] = *p + t.velocity[i] * dt;
        }
        return plane_through(outline, there);
    }

    /// How the target moved since the frame before, when that shows: where it was, and for which share of that time the shutter was open.
    struct Blur {
        std::optional<cv::Matx33d> before;  // mm → ideal px at full size
        double share = 0;
    };
    static AlignOptions with(AlignOptions options, const Blur& blur, const cv::Matx33d& to_size) {
        if (blur.before && blur.share > 0) options.before = to_size * *blur.before, options.shutter = blur.share;
        return options;
    }

    static double worth(const std::optional<Alignment>& a) { return a ? a->seen * a->likeness : -1; }

    /// Aligns at reduced size from `start` (full size); the answer's plane is at reduced size.
    std::optional<Alignment> coarse(const Target& t, const cv::Matx33d& start, bool from_afar, const Blur& blur) const {
        cv::Matx33d from = to_reduced() * start;
        const auto& model = t.model->core();
        if (from_afar && !now.half().empty()) {
            // Twice as far to see, at half of the reduced size.
            const cv::Matx33d halve(0.5, 0, -0.25, 0, 0.5, -0.25, 0, 0, 1), twice(2, 0, 0.5, 0, 2, 0.5, 0, 0, 1);
            const Lens far_lens = camera ? Lens(scaled(*camera, now.half().cols, now.half().rows)) : Lens();
            const auto far = align(now.half(), model, far_lens, halve * from, with({8, 48, 12}, blur, halve * to_reduced()));
            if (far && far->seen >= 4) from = twice * far->plane;
        }
        return align(now.luma, model, reduced_lens, from, with({8, 64, 12}, blur, to_reduced()));
    }

    /// The last steps at full size; the answer's plane is at full size.
    Alignment fine(const cv::Mat& luma, const Target& t, const Alignment& rough, const Blur& blur) const {
        Alignment out = rough;
        out.plane = to_full() * rough.plane;
        out.corner_sigma *= factor.width;
        if (!reduces()) return out;
        const auto sharp = align(luma, t.model->core(), lens, out.plane,
                                 with({4, 64, std::clamp(3 * out.corner_sigma, 1.0, 4.0)}, blur, cv::Matx33d::eye()));
        // Where only the smaller picture shows what the target looks like (blur), its answer stands.
        if (!sharp || sharp->seen < least_seen || sharp->share() < 0.6 * rough.share()) return out;
        Alignment better = *sharp;
        better.expected = rough.expected, better.seen = rough.seen;
        if (better.corner_sigma > out.corner_sigma) return out;
        return better;
    }

    bool believable(const Alignment& a, bool known) const {
        return a.seen >= least_seen && a.share() >= (known ? follow_share : find_share) &&
               a.likeness >= (known ? follow_likeness : find_likeness) + unlike_little * std::max(0.0, little - a.share()) &&
               a.corner_sigma < most_sigma;
    }

    void accept(Target& t, const Alignment& a, Nanoseconds when) const {
        const auto outline = t.model->core().outline();
        const double dt = double(when - t.at) * 1e-9;
        for (int i = 0; i < 4; ++i) {
            const auto was = through(t.plane, outline[i]), is = through(a.plane, outline[i]);
            t.velocity[i] = t.following && was && is && dt > 1e-4 ? (*is - *was) * (1 / dt) : cv::Point2d(0, 0);
        }
        t.plane = a.plane, t.places = a.seen_mm, t.at = when, t.contrast = a.contrast, t.following = t.known = true;
    }

    /// px, the outline's corner that moved most.
    static double movement(const cv::Matx33d& from, const cv::Matx33d& to, const Target& t) {
        double most = 0;
        for (const auto& corner : t.model->core().outline()) {
            const auto a = through(from, corner), b = through(to, corner);
            if (a && b) most = std::max(most, cv::norm(*b - *a));
        }
        return most;
    }

    std::optional<Alignment> follow(const cv::Mat& luma, const Target& t, Nanoseconds when) {
        const cv::Matx33d guess = expected(t, when);
        std::optional<cv::Matx33d> flow;
        if (has_before) {
            const cv::Matx33d was = to_reduced() * t.plane;
            flow = follow_flow(before, now, reduced_lens, t.places, was, to_reduced() * guess);
            if (!flow) flow = follow_flow(before, now, reduced_lens, t.places, was, was);
            if (flow) flow = to_full() * *flow;
        }
        const double elapsed = std::max(1e-3, double(when - t.at) * 1e-9);
        const double moved = movement(t.plane, flow.value_or(guess), t);
        Blur blur;
        if (moved > blurs) blur = {t.plane, std::min(1.0, exposure / elapsed)};
        std::optional<Alignment> best;
        const auto attempt = [&](const cv::Matx33d& start, bool from_afar) {
            auto a = coarse(t, start, from_afar, blur);
            if (worth(a) > worth(best)) best = std::move(a);
            return best && best->share() > 0.5 && best->likeness > 0.8;
        };
        bool good = false;
        if (flow) good = attempt(*flow, false);
        if (!good) good = attempt(guess, true);
        if (!good && flow) good = attempt(*flow, true);
        if (moved > blurs_well) {
            // How long the shutter is open is learnt from which blur looks most like what is seen.
            const double now_share = blur.share;
            const std::vector<double> others = exposure_known ? std::vector<double>{counts.frames % 2 ? now_share * 0.8 : now_share * 1.25}
                                                              : std::vector<double>{0.2, 0.4, 0.6, 0.8, 1.0};
            double chosen = now_share;
            for (const double share : others) {
                if (share > 1.0001) continue;
                blur.share = share;
                const cv::Matx33d start = best ? cv::Matx33d(to_full() * best->plane) : flow.value_or(guess);
                const double before_it = worth(best);
                attempt(start, !good && !exposure_known);
                if (worth(best) > before_it) chosen = share;
            }
            blur.share = chosen;
            exposure = exposure_known ? 0.5 * (exposure + chosen * elapsed) : chosen * elapsed;
            exposure_known = best && best->likeness > follow_likeness;
        }
        if (!best) return std::nullopt;
        const Alignment out = fine(luma, t, *best, blur);
        if (!believable(out, true)) return std::nullopt;
        if (out.share() < little && (movement(guess, out.plane, t) > most_surprise * size.width / 1280.0 ||
                                     out.contrast > most_change * t.contrast || out.contrast * most_change < t.contrast))
            return std::nullopt;
        return out;
    }

    std::optional<Alignment> look_again(const cv::Mat& luma, const Target& t) const {
        const auto rough = coarse(t, t.plane, false, {});
        if (!rough) return std::nullopt;
        const Alignment out = fine(luma, t, *rough, {});
        return believable(out, false) ? std::optional(out) : std::nullopt;
    }

    std::optional<Alignment> confirm(const cv::Mat& luma, const Target& t, const FeatureSet& features) const {
        std::optional<Alignment> best;
        for (const auto& proposal : propose(t.model->core().features, t.model->core().size(), features, agree_within, 2)) {
            const auto rough = coarse(t, proposal.plane, true, {});
            if (!rough) continue;
            const Alignment a = fine(luma, t, *rough, {});
            if (believable(a, false) && worth(a) > worth(best)) best = a;
        }
        return best;
    }

    /// Looks for missing targets in the whole picture when it is time to.
    void search(const cv::Mat& luma, Nanoseconds when, std::vector<std::optional<Alignment>>& seen) {
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < targets.size(); ++i)
            if (!seen[i]) missing.push_back(i);
        if (missing.empty() || (searched && when >= *searched && when - *searched < options.search_every)) return;
        searched = when;
        ++counts.searches;
        const auto among = [&](FeatureSet features, const cv::Matx33d& to_full_size, std::size_t tries) {
            for (auto& p : features.places) p = lens.straighten(*through(to_full_size, p));
            for (std::size_t k = 0; k < tries; ++k) {
                const std::size_t i = missing[(turn + k) % missing.size()];
                if (seen[i]) continue;
                seen[i] = confirm(luma, targets[i], features);
                if (!seen[i]) continue;
                accept(targets[i], *seen[i], when);
                ++counts.found;
            }
        };
        const std::size_t tries = options.thorough ? missing.size() : std::min(most_at_once, missing.size());
        // What is small or far tilted shows at full size only.
        const bool large = reduces() && (options.thorough || rounds % 2 == 1);
        if (!large || options.thorough) among(features_of_picture(now.luma, features_wanted), to_full(), tries);
        if (large)
            among(features_of_picture(luma, options.thorough ? 4 * features_wanted : 2 * features_wanted), cv::Matx33d::eye(), tries);
        if (++rounds % 2 == 1 && reduces()) return;  // the same targets again, at full size
        turn += tries;
    }

    Sighting sighting_of(std::size_t index, const Alignment& a) {
        Target& t = targets[index];
        const auto& model = t.model->core();
        Sighting s;
        s.target = index;
        s.visibility = static_cast<float>(std::clamp(a.share() / 0.9, 0.0, 1.0));
        for (int i = 0; i < 9; ++i) s.plane[i] = a.plane.val[i];
        s.plane = normalised(s.plane);
        const auto outline = model.outline();
        const auto put_corners = [&] {
            for (int i = 0; i < 4; ++i)
                if (const auto p = map_point(s.plane, {outline[i].x, outline[i].y})) s.corners[i] = *p;
        };
        put_corners();
        if (!camera) return s;
        // Of the pose only what was seen counts; a covered corner is where the pose puts it.
        std::vector<Point2> mm, px;
        const std::size_t step = std::max<std::size_t>(1, a.seen_mm.size() / 16);
        for (std::size_t i = 0; i < a.seen_mm.size(); i += step)
            if (const auto p = through(a.plane, a.seen_mm[i])) mm.push_back({a.seen_mm[i].x, a.seen_mm[i].y}), px.push_back({p->x, p->y});
        Calibration pinhole = *camera;
        pinhole.distortion = {};
        const auto solved = mm.size() >= 4 ? solve_flat_pose(mm, px, pinhole, t.pose) : std::nullopt;
        if (!solved) return s;
        s.pose = t.pose = solved->pose, s.error_px = solved->error_px;
        const SeenTarget seen = as_seen(solved->pose, *camera, {0, 0, model.target.width_mm, model.target.height_mm});
        s.plane = seen.plane;
        for (int i = 0; i < 4; ++i)
            if (const auto p = project_point(solved->pose, *camera, {outline[i].x, outline[i].y, 0})) s.corners[i] = *p;
        return s;
    }

    std::vector<Sighting> find(const cv::Mat& luma, Nanoseconds when) {
        ++counts.frames;
        take(luma);
        std::vector<std::optional<Alignment>> seen(targets.size());
        for (std::size_t i = 0; i < targets.size(); ++i) {
            Target& t = targets[i];
            if (when < t.at || when - t.at > forget) t.following = t.known = false;
            if (!t.known) continue;
            seen[i] = t.following ? follow(luma, t, when) : look_again(luma, t);
            if (seen[i]) {
                accept(t, *seen[i], when);
                ++counts.followed;
            } else if (t.following) {
                t.following = false;
                ++counts.lost;
            }
        }
        search(luma, when, seen);
        has_before = true;
        std::vector<Sighting> out;
        for (std::size_t i = 0; i < targets.size(); ++i)
            if (seen[i]) out.push_back(sighting_of(i, *seen[i]));
        return out;
    }
};

PlanarTracker::PlanarTracker() : core_(std::make_unique<Core>()) {}
PlanarTracker::~PlanarTracker() = default;

Result<std::unique_ptr<PlanarTracker>> PlanarTracker::create(const std::vector<PlanarTarget>& targets,
                                                             std::optional<Calibration> calibration) {
    return create(targets, std::move(calibration), Options());
}

Result<std::unique_ptr<PlanarTracker>> PlanarTracker::create(const std::vector<PlanarTarget>& targets,
                                                             std::optional<Calibration> calibration, Options options) {
    std::vector<std::shared_ptr<const PlanarModel>> models;
    for (const auto& target : targets) {
        auto model = PlanarModel::read(target);
        if (!model) return tl::unexpected(model.error());
        models.push_back(std::move(*model));
    }
    return create(std::move(models), std::move(calibration), options);
}

std::unique_ptr<PlanarTracker> PlanarTracker::create(std::vector<std::shared_ptr<const PlanarModel>> models,
                                                     std::optional<Calibration> calibration, Options options) {
    std::unique_ptr<PlanarTracker> out(new PlanarTracker());
    for (auto& model : models) {
        out->core_->targets.emplace_back();
        out->core_->targets.back().model = std::move(model);
    }
    out->core_->calibration = std::move(calibration);
    out->core_->options = options;
    return out;
}

std::vector<Sighting> PlanarTracker::find(const ConstI420View& picture, Nanoseconds capture_ns) {
    if (!picture.y || picture.width < least_side || picture.height < least_side || core_->targets.empty()) return {};
    try {
        const cv::Mat luma(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y),
                           static_cast<std::size_t>(picture.stride_y));
        return core_->find(luma, capture_ns);
    } catch (const std::exception& e) {
        log::warn("track", "A frame could not be searched for pictures.", {{"what", e.what()}});
        return {};
    }
}

const PlanarTracker::Counts& PlanarTracker::counts() const { return core_->counts; }

}  // namespace vitrine
