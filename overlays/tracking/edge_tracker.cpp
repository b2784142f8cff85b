#include "overlays/tracking/edge_tracker.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engine/log.h"
#include "overlays/tracking/edge_align.h"
#include "overlays/tracking/flat_pose.h"

namespace vitrine {

namespace {

constexpr int least_side = 64;               // px of a picture that is looked at
constexpr double smallest_width = 320;       // px of the picture that is looked at first, about
constexpr Nanoseconds forget = 500'000'000;  // frames further apart than this are not one movement
constexpr int places_coarse = 130, places_fine = 340;

// What is told, at least. Following may see less than finding: it knows what it looked like.
constexpr double follow_share = 0.32, find_share = 0.7, return_share = 0.85;
constexpr double above_chance_following = 0.15, above_chance_finding = 0.25;
constexpr double find_resemblance = 0.55;
constexpr int least_seen = 24;
constexpr double most_sigma = 2.0;   // px at full size, of the worst corner
constexpr double little = 0.5;       // of the share: below, it must be very near where it was expected
constexpr double sudden = 0.2;       // fall of the share from one frame to the next, in which what is seen may be something else
constexpr int coast_most = 2;        // frames that a target may be missed in before it is lost; nothing is told of it meanwhile
constexpr double shutter = 0.5;      // of the time between two frames, that blurs; a guess, and a wrong one costs little
constexpr double far = 40;           // px of reach from which sizes are tried as well
constexpr double least_px = 20;      // of the model's diameter in the picture
constexpr double contradicted = 30;  // px at 1280 wide between what is followed and what is suggested, at a corner

// A target that was lost is looked for where it was lost, every so many frames and for so long.
constexpr int look_again_every = 3;
constexpr Nanoseconds look_again_for = 10'000'000'000;

struct Target {
    std::shared_ptr<const EdgeModel> model;
    bool following = false, told = false;
    RigidPose pose;
    cv::Vec3d spin{0, 0, 0}, velocity{0, 0, 0};  // rad/s about the camera's axes, mm/s of the middle
    Nanoseconds at = 0;
    std::vector<EdgePoint> coarse, fine;  // as last seen
    std::optional<Sighting> suggested;
    std::optional<Nanoseconds> lost_at;
    int missed = 0;    // frames, one after the other
    double share = 0;  // of its edges, as seen lately: falls slowly
};

struct Confirmed {
    RigidPose pose;
    EdgeSupport support;
    std::vector<EdgePoint> coarse, fine;
    bool surprising = false;  // too much so to tell how it moves
    bool doubtful = false;    // too much so to be told before the next frame bears it out
};

}  // namespace

struct EdgeTracker::Core {
    std::vector<Target> targets;
    std::optional<Calibration> calibration;
    Counts counts;

    cv::Size size{0, 0};
    std::vector<cv::Mat> levels;      // full size, half, quarter …
    std::vector<EdgeCamera> cameras;  // of each

    void take(const cv::Mat& luma) {
        if (luma.size() != size) {
            size = luma.size();
            Calibration camera;
            camera.width = size.width, camera.height = size.height;
            camera.fx = camera.fy = size.width, camera.cx = (size.width - 1) / 2.0, camera.cy = (size.height - 1) / 2.0;
            if (calibration) camera = scaled(*calibration, size.width, size.height);
            cameras.clear();
            for (cv::Size s = size;; s = cv::Size(std::max(1, s.width / 2), std::max(1, s.height / 2))) {
                cameras.emplace_back(scaled(camera, s.width, s.height));
                if (std::max(s.width, s.height * 16 / 9) < 1.5 * smallest_width) break;
            }
            for (auto& t : targets) t.following = t.told = false, t.lost_at.reset();
        }
        levels.resize(cameras.size());
        levels[0] = luma;
        for (std::size_t i = 1; i < levels.size(); ++i)
            cv::resize(levels[i - 1], levels[i], cv::Size(cameras[i].pinhole.width, cameras[i].pinhole.height), 0, 0, cv::INTER_AREA);
    }

    double factor(std::size_t level) const { return cameras[0].pinhole.fx / cameras[level].pinhole.fx; }

    RigidPose expected(const Target& t, Nanoseconds when, double share = 1) const {
        const double dt = std::clamp(double(when - t.at) * 1e-9, 0.0, 0.1) * share;
        cv::Matx33d by;
        cv::Rodrigues(t.spin * dt, by);
        const auto& middle = t.model->core().middle;
        RigidPose out;
        out.turn = by * t.pose.turn;
        out.shift = t.pose.apply(middle) + t.velocity * dt - out.turn * middle;
        return out;
    }

    /// px at full size, the front's corner that moves most.
    double movement(const Target& t, const RigidPose& from, const RigidPose& to) const {
        const auto [x, y, w, h] = t.model->front();
        double most = 0;
        for (const cv::Vec3d& corner : {cv::Vec3d(x, y, 0), cv::Vec3d(x + w, y, 0), cv::Vec3d(x + w, y + h, 0), cv::Vec3d(x, y + h, 0)}) {
            const cv::Vec3d a = from.apply(corner), b = to.apply(corner);
            if (a[2] < 1 || b[2] < 1) return 1e9;
            const cv::Point2d by = cameras[0].ideal(b) - cameras[0].ideal(a);
            most = std::max(most, std::hypot(by.x, by.y));
        }
        return most;
    }

    /// How the picture of it moved, px at full size.
    cv::Point2d drift(const Target& t, const RigidPose& from, const RigidPose& to) const {
        const auto& middle = t.model->core().middle;
        const cv::Vec3d a = from.apply(middle), b = to.apply(middle);
        return a[2] < 1 || b[2] < 1 ? cv::Point2d(0, 0) : cameras[0].ideal(b) - cameras[0].ideal(a);
    }

    double diameter_px(const Target& t, const RigidPose& pose) const {
        return 2 * t.model->core().radius * cameras[0].pinhole.fx / std::max(1.0, pose.apply(t.model->core().middle)[2]);
    }

    /// The coarsest size at which it is still drawn well.
    std::size_t top_level(const Target& t, const RigidPose& pose) const {
        std::size_t level = 0;
        while (level + 1 < cameras.size() && diameter_px(t, pose) / factor(level + 1) > 40) ++level;
        return level;
    }

    std::vector<EdgePoint> places(const Target& t, const RigidPose& pose, std::size_t level, int wanted) const {
        return t.model->core().visible(pose, cameras[level], levels[level].size(), wanted);
    }

    /// From coarse to fine. `known`: the places as last seen, or nothing.
    std::optional<Confirmed> settle(const Target& t, const RigidPose& start, const RigidPose& before, bool known, double reach_px) const {
        const auto& model = t.model->core();
        if (start.apply(model.middle)[2] < 1.2 * model.radius || diameter_px(t, start) < least_px) return std::nullopt;
        const cv::Point2d drifted = known ? drift(t, before, start) * shutter : cv::Point2d(0, 0);
        EdgeHold hold{start, 0.25, 0.15};
        RigidPose pose = start;
        std::vector<EdgePoint> points;
        for (std::size_t level = top_level(t, start); level > 0; --level) {
            const bool top = level == top_level(t, start);
            points = known ? t.coarse : places(t, pose, level, places_coarse);
            if (points.size() < 12) return std::nullopt;
            const double by = factor(level);
            const EdgeSearch search{std::clamp(top ? reach_px / by : 5.0, 3.0, 14.0),
                                    2,
                                    top,
                                    top && reach_px > far ? 0.09 : 0.0,
                                    {drifted.x / by, drifted.y / by}};
            pose = align_edges(levels[level], model, cameras[level], points, pose, hold, search).pose;
        }
        if (pose.apply(model.middle)[2] < 1.2 * model.radius || diameter_px(t, pose) < least_px) return std::nullopt;
        Confirmed out;
        const bool only = top_level(t, start) == 0;
        points = known ? t.fine : places(t, pose, 0, places_fine);
        if (points.size() < std::size_t(least_seen)) return std::nullopt;
        pose = align_edges(levels[0], model, cameras[0], points, pose, hold,
                           {only ? std::clamp(reach_px, 4.0, 14.0) : 7.0, 2, only, 0, {drifted.x, drifted.y}})
                   .pose;
        // What shows from here, once more: outlines of round things have moved over their surface.
        auto fresh = places(t, pose, 0, places_fine);
        if (fresh.size() < std::size_t(least_seen)) return std::nullopt;
        if (known) remember(fresh, t.fine, model.radius);
        const EdgeSearch last{4, 2, false, 0, {drifted.x, drifted.y}};
        const auto aligned = align_edges(levels[0], model, cameras[0], fresh, pose, hold, last);
        out.pose = aligned.pose;
        if (out.pose.apply(model.middle)[2] < 1.2 * model.radius) return std::nullopt;
        out.support = judge_edges(levels[0], model, cameras[0], fresh, out.pose, hold, {6, 1, false, 0, {drifted.x, drifted.y}});
        out.fine = std::move(fresh);
        return out;
    }

    /// Grey levels of the nearest places that were seen, for places of which none are known.
    static void remember(std::vector<EdgePoint>& points, const std::vector<EdgePoint>& seen, double radius) {
        const double near = 0.06 * radius;
        for (EdgePoint& p : points) {
            if (p.left >= 0) continue;
            double best = near * near;
            for (const EdgePoint& s : seen) {
                if (s.left < 0 || s.outline != p.outline || s.along.dot(p.along) < 0.9) continue;
                const cv::Vec3d by = s.at - p.at;
                const double away = by.dot(by);
                if (away < best) best = away, p.left = s.left, p.right = s.right;
            }
        }
    }

    static bool believable(const EdgeSupport& s, bool known) {
        const double share = s.share();
        return s.seen >= least_seen && share >= (known ? follow_share : find_share) &&
               share >= s.by_chance + (known ? above_chance_following : above_chance_finding) && s.corner_sigma < most_sigma;
    }

    void accept(Target& t, Confirmed& c, Nanoseconds when, bool continues) {
        const double dt = double(when - t.at) * 1e-9;
        const auto& middle = t.model->core().middle;
        if (continues && t.following && dt > 1e-4 && !c.surprising) {
            cv::Vec3d spin;
            cv::Rodrigues(c.pose.turn * t.pose.turn.t(), spin);
            // A turn that no edge tells comes to rest.
            t.spin = spin * ((c.support.turn_kept ? 0.8 : 1.0) / dt);
            t.velocity = (c.pose.apply(middle) - t.pose.apply(middle)) * (1 / dt);
        } else if (!c.surprising) {
            t.spin = t.velocity = cv::Vec3d(0, 0, 0);
        }
        t.share = std::max(c.support.share(), continues ? t.share - sudden : 0.0);
        t.pose = c.pose, t.at = when, t.following = true, t.lost_at.reset(), t.missed = 0;
        // Places that were not seen now keep what is known of them.
        remember(c.fine, t.fine, t.model->core().radius);
        t.fine = std::move(c.fine);
        t.coarse.clear();
        const std::size_t step = std::max<std::size_t>(1, t.fine.size() / places_coarse);
        for (std::size_t i = 0; i < t.fine.size(); i += step) t.coarse.push_back(t.fine[i]);
    }

    std::optional<Confirmed> follow(const Target& t, Nanoseconds when) const {
        const RigidPose guess = expected(t, when);
        const double moved = movement(t, t.pose, guess);
        std::optional<Confirmed> best;
        const auto attempt = [&](const RigidPose& start, double reach) {
            auto c = settle(t, start, t.pose, true, reach);
            if (c && (!best || c->support.share() > best->support.share())) best = std::move(c);
            return best && believable(best->support, true) && best->support.share() > 0.6;
        };
        if (!attempt(guess, std::clamp(0.6 * moved + 8, 10.0, 36.0)) && !attempt(guess, 50) && moved > 6) attempt(t.pose, 50);
        if (!best || !believable(best->support, true)) return std::nullopt;
        // The less of it is seen, the nearer it must be; one that was not told yet must be seen as well as when it was found.
        const double share = best->support.share(), px = size.width / 1280.0;
        if (!t.told && share < find_share) return std::nullopt;
        const double most = share < little ? 2 * px + 0.25 * moved : share < find_share ? 10 * px : 1e9;
        const double surprise = movement(t, guess, best->pose);
        if (surprise > most) return std::nullopt;
        best->surprising = share < find_share && surprise > 5 * px;
        best->doubtful = (share < find_share && share < t.share - sudden) || (share < return_share && surprise > 12 * px + 0.5 * moved);
        return best;
    }

    /// Without a pose in it, the one that this camera's lens makes of its plane.
    std::optional<RigidPose> pose_of(const Target& t, const Sighting& s) const {
        if (s.pose) return RigidPose::of(*s.pose);
        const auto [x, y, w, h] = t.model->front();
        const std::vector<Point2> mm{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
        std::vector<Point2> px;
        for (const Point2& corner : mm)
            if (const auto p = map_point(s.plane, corner)) px.push_back(*p);
        if (px.size() < mm.size()) return std::nullopt;
        const auto solved = solve_flat_pose(mm, px, cameras[0].pinhole, t.at > 0 ? std::optional(t.pose.told()) : std::nullopt);
        return solved ? std::optional(RigidPose::of(solved->pose)) : std::nullopt;
    }

    /// What is seen there by someone who does not know yet how it looks: more must bear it out, colours as well.
    std::optional<Confirmed> found_at(const Target& t, const RigidPose& pose, double least_share) const {
        auto c = settle(t, pose, pose, false, 40);
        if (!c || !believable(c->support, false) || c->support.share() < least_share) return std::nullopt;
        if (t.model->core().resemblance(c->pose, cameras.back(), levels.back()) < find_resemblance) return std::nullopt;
        return c;
    }

    void lose(Target& t, Nanoseconds when) {
        t.following = t.told = false, t.missed = 0;
        t.lost_at = when;
        ++counts.lost;
    }

    Sighting sighting_of(std::size_t index, const Confirmed& c) const {
        const Target& t = targets[index];
        Sighting s;
        s.target = index;
        s.visibility = static_cast<float>(std::clamp(c.support.share() / 0.85, 0.0, 1.0));
        const TargetPose pose = c.pose.told();
        const Calibration& camera = cameras[0].pinhole;
        const auto& front = t.model->front();
        s.plane = as_seen(pose, camera, front).plane;
        const auto [x, y, w, h] = front;
        const std::array<Point2, 4> outline{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
        for (std::size_t i = 0; i < 4; ++i)
            if (const auto p = project_point(pose, camera, {outline[i][0], outline[i][1], 0})) s.corners[i] = *p;
        if (calibration) s.pose = pose, s.error_px = c.support.error_px;
        return s;
    }

    std::vector<Sighting> find(const cv::Mat& luma, Nanoseconds when) {
        ++counts.frames;
        take(luma);
        std::vector<std::optional<Confirmed>> seen(targets.size());
        for (std::size_t i = 0; i < targets.size(); ++i) {
            Target& t = targets[i];
            if (t.following && (when < t.at || when - t.at > forget)) lose(t, when);
            const auto hint = t.suggested ? pose_of(t, *t.suggested) : std::nullopt;
            t.suggested.reset();
            if (t.following) {
                seen[i] = follow(t, when);
                if (seen[i] && hint && movement(t, *hint, seen[i]->pose) > contradicted * size.width / 1280.0) seen[i].reset();
                if (seen[i]) {
                    accept(t, *seen[i], when, true);
                    t.told = true;
                    ++counts.followed;
                    continue;
                }
                if (!hint && t.told && t.missed++ < coast_most) continue;
                lose(t, when);
            }
            if (t.lost_at && (when < *t.lost_at || when - *t.lost_at > look_again_for)) t.lost_at.reset();
            if (hint)
                seen[i] = found_at(t, *hint, find_share);
            else if (t.lost_at && counts.frames % look_again_every == 0)
                seen[i] = found_at(t, t.pose, return_share);
            if (!seen[i]) continue;
            t.fine.clear();
            t.told = false;  // the next frame has to bear it out
            accept(t, *seen[i], when, false);
            ++counts.found;
        }
        std::vector<Sighting> out;
        for (std::size_t i = 0; i < targets.size(); ++i)
            if (seen[i] && targets[i].told && !seen[i]->doubtful) out.push_back(sighting_of(i, *seen[i]));
        return out;
    }
};

EdgeTracker::EdgeTracker() : core_(std::make_unique<Core>()) {}
EdgeTracker::~EdgeTracker() = default;

std::unique_ptr<EdgeTracker> EdgeTracker::create(std::vector<std::shared_ptr<const EdgeModel>> models,
                                                 std::optional<Calibration> calibration) {
    std::unique_ptr<EdgeTracker> out(new EdgeTracker());
    for (auto& model : models) {
        out->core_->targets.emplace_back();
        out->core_->targets.back().model = std::move(model);
    }
    out->core_->calibration = std::move(calibration);
    return out;
}

std::vector<Sighting> EdgeTracker::find(const ConstI420View& picture, Nanoseconds capture_ns) {
    if (!picture.y || picture.width < least_side || picture.height < least_side || core_->targets.empty()) return {};
    try {
        const cv::Mat luma(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y),
                           static_cast<std::size_t>(picture.stride_y));
        return core_->find(luma, capture_ns);
    } catch (const std::exception& e) {
        log::warn("track", "A frame could not be searched for solid products.", {{"what", e.what()}});
        return {};
    }
}

void EdgeTracker::suggest(std::size_t target, const Sighting& by) {
    if (target < core_->targets.size()) core_->targets[target].suggested = by;
}

void EdgeTracker::suggest(std::size_t target, const TargetPose& pose) {
    Sighting by;
    by.pose = pose;
    suggest(target, by);
}

const EdgeTracker::Counts& EdgeTracker::counts() const { return core_->counts; }

}  // namespace vitrine
