#include "overlays/tracking/marker_tracker.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "engine/log.h"
#include "overlays/tracking/flat_pose.h"
#include "overlays/tracking/marker_family.h"
#include "overlays/tracking/square_edges.h"

namespace vitrine {

namespace {

constexpr int search_width = 640;            // the whole picture is searched at about this size
constexpr double least_edge = 12;            // px of a marker in the picture that is searched
constexpr Nanoseconds forget = 300'000'000;  // a marker not seen for so long has no motion any more

struct Last {
    bool seen = false;
    Quad corners{}, velocity{};  // px, px per second
    Nanoseconds at = 0;
    int in_a_row = 0;
    std::optional<TargetPose> pose;
};

double shortest_edge(const Quad& q) {
    double out = 1e9;
    for (int i = 0; i < 4; ++i) out = std::min(out, cv::norm(q[(i + 1) % 4] - q[i]));
    return out;
}

}  // namespace

struct MarkerTracker::Core {
    std::vector<MarkedTarget> targets;
    std::vector<MarkerFamily> families;  // one per target
    std::vector<Last> last;
    std::optional<Calibration> calibration;
    Options options;
    Counts counts;
    std::optional<Nanoseconds> searched;
    cv::Mat reduced;

    /// Measures and confirms what a coarse stage proposed.
    std::optional<Quad> confirm(const cv::Mat& luma, std::size_t i, const Quad& near, double reach) const {
        const auto quad = refine_square(luma, near, reach);
        if (!quad) return std::nullopt;
        const cv::Mat bits = sample_bits(luma, *quad, families[i].bits());
        if (bits.empty() || !families[i].matches(bits, targets[i].marker.id)) return std::nullopt;
        return quad;
    }

    Quad predicted(const Last& l, Nanoseconds now) const {
        Quad out = l.corners;
        const double dt = std::clamp(double(now - l.at) * 1e-9, 0.0, 0.15);
        for (int c = 0; c < 4; ++c) out[c] += l.velocity[c] * dt;
        return out;
    }

    std::optional<Quad> in_window(const cv::Mat& luma, std::size_t i, const Quad& near) const {
        const double edge = shortest_edge(near);
        cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
        for (const auto& p : near)
            low.x = std::min(low.x, p.x), low.y = std::min(low.y, p.y), high.x = std::max(high.x, p.x), high.y = std::max(high.y, p.y);
        const double margin = std::max(24.0, 0.8 * edge);
        const cv::Rect window = cv::Rect(cvFloor(low.x - margin), cvFloor(low.y - margin), cvCeil(high.x - low.x + 2 * margin),
                                         cvCeil(high.y - low.y + 2 * margin)) &
                                cv::Rect(0, 0, luma.cols, luma.rows);
        if (window.width < 24 || window.height < 24) return std::nullopt;
        for (const auto& found : families[i].detect(luma(window), std::max(least_edge / 2, 0.5 * edge))) {
            if (found.id != targets[i].marker.id) continue;
            Quad coarse;
            for (int c = 0; c < 4; ++c) coarse[c] = cv::Point2d(found.corners[c].x + window.x, found.corners[c].y + window.y);
            if (const auto quad = confirm(luma, i, coarse, 3)) return quad;
        }
        return std::nullopt;
    }

    /// Looks for all `missing` targets in the whole picture, shrunk by `factor`.
    void search(const cv::Mat& luma, double factor, std::vector<std::size_t>& missing, std::map<std::size_t, Quad>& seen) {
        const cv::Mat* picture = &luma;
        if (factor > 1) {
            cv::resize(luma, reduced, cv::Size(cvRound(luma.cols / factor), cvRound(luma.rows / factor)), 0, 0, cv::INTER_AREA);
            picture = &reduced;
        }
        const double sx = double(luma.cols) / picture->cols, sy = double(luma.rows) / picture->rows;
        std::vector<std::string> done;
        for (const std::size_t first : std::vector<std::size_t>(missing)) {
            if (std::find(done.begin(), done.end(), families[first].name()) != done.end()) continue;
            done.push_back(families[first].name());
            for (const auto& found : families[first].detect(*picture, least_edge))
                for (const std::size_t i : std::vector<std::size_t>(missing)) {
                    if (families[i].name() != families[first].name() || targets[i].marker.id != found.id || seen.count(i)) continue;
                    Quad coarse;
                    for (int c = 0; c < 4; ++c)
                        coarse[c] = cv::Point2d((found.corners[c].x + 0.5) * sx - 0.5, (found.corners[c].y + 0.5) * sy - 0.5);
                    if (const auto quad = confirm(luma, i, coarse, 2 * factor + 2)) {
                        seen[i] = *quad;
                        std::erase(missing, i);
                    }
                }
        }
    }

    /// Pose of the target's frame by the marker's corners.
    void solve(Sighting& sighting, const Calibration& camera) {
        const MarkedTarget& target = targets[sighting.target];
        const auto [x, y, edge, same] = target.square();
        const std::vector<Point2> square{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}};
        const std::vector<Point2> corners(sighting.corners.begin(), sighting.corners.end());
        const auto solved = solve_flat_pose(square, corners, camera, last[sighting.target].pose);
        if (!solved) return;
        sighting.pose = solved->pose;
        sighting.error_px = solved->error_px;

        // The plane follows the pose, which knows the camera, rather than the marker's four corners alone.
        sighting.plane = as_seen(*sighting.pose, camera, target.box()).plane;
    }

    static Plane plane_from(const cv::Mat& m) {
        Plane out;
        for (int i = 0; i < 9; ++i) out[i] = m.at<double>(i / 3, i % 3);
        return normalised(out);
    }

    std::vector<Sighting> find(const cv::Mat& luma, Nanoseconds now) {
        ++counts.frames;
        std::map<std::size_t, Quad> seen;
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            Last& l = last[i];
            if (l.seen && (now - l.at > forget || now < l.at)) l = Last();
            if (l.seen) {
                const Quad near = predicted(l, now);
                if (const auto quad = confirm(luma, i, near, 9)) {
                    seen[i] = *quad;
                    ++counts.by_edges;
                    continue;
                }
                if (const auto quad = in_window(luma, i, near)) {
                    seen[i] = *quad;
                    ++counts.by_window;
                    continue;
                }
            }
            missing.push_back(i);
        }
        if (!missing.empty() && (!searched || now - *searched >= options.search_every || now < *searched)) {
            searched = now;
            ++counts.searches;
            const std::size_t before = missing.size();
            const double factor = std::max(1.0, double(luma.cols) / search_width);
            search(luma, factor, missing, seen);
            // Small markers show at full size only: there, one search in four.
            if (factor > 1 && !missing.empty() && (options.thorough || counts.searches % 4 == 0)) search(luma, 1, missing, seen);
            counts.by_search += before - missing.size();
        }
        for (const std::size_t i : missing) last[i].in_a_row = 0;

        std::vector<Sighting> out;
        const std::optional<Calibration> camera = calibration ? std::optional(scaled(*calibration, luma.cols, luma.rows)) : std::nullopt;
        for (const auto& [i, quad] : seen) {
            Sighting s;
            s.target = i;
            std::array<cv::Point2f, 4> from, to;
            const double x = targets[i].marker_at[0], y = targets[i].marker_at[1], edge = targets[i].marker.size_mm;
            const std::array<Point2, 4> square{{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}}};
            for (int c = 0; c < 4; ++c) {
                s.corners[c] = {quad[c].x, quad[c].y};
                from[c] = cv::Point2f(float(square[c][0]), float(square[c][1])), to[c] = quad[c];
            }
            s.plane = plane_from(cv::getPerspectiveTransform(from.data(), to.data()));
            if (camera) solve(s, *camera);

            Last& l = last[i];
            const double dt = double(now - l.at) * 1e-9;
            for (int c = 0; c < 4; ++c) l.velocity[c] = l.seen && dt > 1e-4 ? (quad[c] - l.corners[c]) * (1 / dt) : cv::Point2d(0, 0);
            l.seen = true, l.corners = quad, l.at = now, l.pose = s.pose, ++l.in_a_row;
            if (families[i].bits() > 4 || l.in_a_row >= options.agreed) out.push_back(std::move(s));
        }
        return out;
    }
};

Result<std::vector<int>> markers_in(const ConstI420View& picture, const std::string& name) {
    const auto family = MarkerFamily::named(name);
    if (!family) return tl::unexpected(family.error());
    std::vector<std::pair<double, int>> seen;
    if (!picture.y || picture.width < 32 || picture.height < 32) return std::vector<int>{};
    try {
        const cv::Mat luma(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y),
                           static_cast<std::size_t>(picture.stride_y));
        for (const auto& found : family->detect(luma, least_edge)) {
            Quad coarse;
            for (std::size_t c = 0; c < 4; ++c) coarse[c] = found.corners[c];
            const auto quad = refine_square(luma, coarse, 3);
            if (!quad) continue;
            const cv::Mat bits = sample_bits(luma, *quad, family->bits());
            if (!bits.empty() && family->matches(bits, found.id)) seen.emplace_back(shortest_edge(*quad), found.id);
        }
    } catch (const std::exception& e) {
        log::warn("track", "A picture could not be searched for markers.", {{"what", e.what()}});
    }
    std::sort(seen.rbegin(), seen.rend());
    std::vector<int> out;
    for (const auto& [edge, id] : seen)
        if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    return out;
}

MarkerTracker::MarkerTracker() : core_(std::make_unique<Core>()) {}
MarkerTracker::~MarkerTracker() = default;

Result<std::unique_ptr<MarkerTracker>> MarkerTracker::create(std::vector<MarkedTarget> targets, std::optional<Calibration> calibration) {
    return create(std::move(targets), std::move(calibration), Options());
}

Result<std::unique_ptr<MarkerTracker>> MarkerTracker::create(std::vector<MarkedTarget> targets, std::optional<Calibration> calibration,
                                                             Options options) {
    std::unique_ptr<MarkerTracker> out(new MarkerTracker());
    for (const auto& target : targets) {
        auto family = MarkerFamily::named(target.marker.family);
        if (!family) return tl::unexpected<Error>(family.error());
        if (target.marker.id < 0 || target.marker.id >= family->count())
            return fail("Marker family " + family->name() + " has no marker " + std::to_string(target.marker.id) +
                            "; its numbers go from 0 to " + std::to_string(family->count() - 1) + ".",
                        ErrorKind::bad_input);
        if (!(target.marker.size_mm > 0))
            return fail("The marker of " + target.product + " needs a size in mm above 0.", ErrorKind::bad_input);
        out->core_->families.push_back(std::move(*family));
    }
    out->core_->last.resize(targets.size());
    out->core_->targets = std::move(targets);
    out->core_->calibration = std::move(calibration);
    out->core_->options = options;
    return out;
}

std::vector<Sighting> MarkerTracker::find(const ConstI420View& picture, Nanoseconds capture_ns) {
    if (!picture.y || picture.width < 32 || picture.height < 32) return {};
    try {
        const cv::Mat luma(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y),
                           static_cast<std::size_t>(picture.stride_y));
        return core_->find(luma, capture_ns);
    } catch (const std::exception& e) {
        log::warn("track", "A frame could not be searched for markers.", {{"what", e.what()}});
        return {};
    }
}

const MarkerTracker::Counts& MarkerTracker::counts() const { return core_->counts; }

}  // namespace vitrine
