#include "overlays/tracking/board_tracker.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>

#include "engine/log.h"
#include "overlays/tracking/flat_pose.h"

namespace vitrine {

namespace {

constexpr Nanoseconds forget = 300'000'000;  // a pose older than this does not choose between two answers any more

}  // namespace

MarkedTarget BoardTarget::marker(int index) const {
    const double step = board.size_mm + board.gap_mm;
    return {product,
            {board.family, board.first_id + index, board.size_mm},
            {board_at[0] + step * (index % board.columns), board_at[1] + step * (index / board.columns)}};
}

struct BoardTracker::Core {
    std::vector<BoardTarget> boards;
    std::vector<std::size_t> board_of;  // of each of the markers' targets
    std::vector<MarkedTarget> targets;
    std::unique_ptr<MarkerTracker> markers;
    std::optional<Calibration> calibration;
    struct Before {
        TargetPose pose;
        Nanoseconds at;
    };
    std::vector<std::optional<Before>> before;  // per board

    std::optional<Sighting> fit(std::size_t index, const std::vector<const Sighting*>& seen, const ConstI420View& picture,
                                Nanoseconds now) {
        const BoardTarget& board = boards[index];
        std::vector<Point2> mm, px;
        for (const Sighting* one : seen) {
            const auto [x, y, edge, same] = targets[one->target].square();
            for (const Point2 corner : {Point2{x, y}, Point2{x + edge, y}, Point2{x + edge, y + edge}, Point2{x, y + edge}})
                mm.push_back(corner);
            px.insert(px.end(), one->corners.begin(), one->corners.end());
        }
        // A marker that lies elsewhere than the others say, on a copy of the sheet or read wrongly, is left out whole.
        std::vector<cv::Point2f> from, to;
        for (std::size_t i = 0; i < mm.size(); ++i)
            from.emplace_back(float(mm[i][0]), float(mm[i][1])), to.emplace_back(float(px[i][0]), float(px[i][1]));
        cv::Mat fits;
        const double bent = calibration ? 0.01 * picture.width : 0.004 * picture.width;  // the lens may move corners off a plane
        cv::Mat plane = cv::findHomography(from, to, cv::RANSAC, std::max(2.0, bent), fits);
        if (plane.empty()) return std::nullopt;
        std::vector<Point2> good_mm, good_px;
        for (std::size_t i = 0; i < mm.size(); i += 4) {
            const auto* votes = fits.ptr<std::uint8_t>() + i;
            if (votes[0] + votes[1] + votes[2] + votes[3] < 4) continue;
            good_mm.insert(good_mm.end(), mm.begin() + std::ptrdiff_t(i), mm.begin() + std::ptrdiff_t(i) + 4);
            good_px.insert(good_px.end(), px.begin() + std::ptrdiff_t(i), px.begin() + std::ptrdiff_t(i) + 4);
        }
        if (good_mm.empty()) return std::nullopt;
        if (good_mm.size() < mm.size()) {
            from.clear(), to.clear();
            for (std::size_t i = 0; i < good_mm.size(); ++i)
                from.emplace_back(float(good_mm[i][0]), float(good_mm[i][1])), to.emplace_back(float(good_px[i][0]), float(good_px[i][1]));
            plane = cv::findHomography(from, to);
            if (plane.empty()) return std::nullopt;
        }
        Sighting out;
        out.target = index;
        out.visibility = static_cast<float>(good_mm.size() / 4) / static_cast<float>(board.board.count());
        for (int i = 0; i < 9; ++i) out.plane[static_cast<std::size_t>(i)] = plane.at<double>(i / 3, i % 3);
        out.plane = normalised(out.plane);
        if (calibration) {
            const Calibration camera = scaled(*calibration, picture.width, picture.height);
            auto& last = before[index];
            if (last && (now < last->at || now - last->at > forget)) last.reset();
            const auto solved = solve_flat_pose(good_mm, good_px, camera, last ? std::optional(last->pose) : std::nullopt);
            if (!solved) return std::nullopt;
            last = Before{solved->pose, now};
            out.pose = solved->pose, out.error_px = solved->error_px;
            out.plane = as_seen(solved->pose, camera, board.outline()).plane;
        }
        const auto [x, y, width, height] = board.outline();
        const std::array<Point2, 4> outline{{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}};
        for (std::size_t i = 0; i < 4; ++i) {
            const auto at = map_point(out.plane, outline[i]);
            if (!at || !std::isfinite((*at)[0]) || !std::isfinite((*at)[1])) return std::nullopt;
            out.corners[i] = *at;
        }
        return out;
    }
};

BoardTracker::BoardTracker() : core_(std::make_unique<Core>()) {}
BoardTracker::~BoardTracker() = default;

Result<std::unique_ptr<BoardTracker>> BoardTracker::create(std::vector<BoardTarget> boards, std::optional<Calibration> calibration,
                                                           MarkerTracker::Options options) {
    std::unique_ptr<BoardTracker> out(new BoardTracker());
    Core& core = *out->core_;
    for (std::size_t i = 0; i < boards.size(); ++i) {
        const MarkerBoard& board = boards[i].board;
        if (board.columns < 1 || board.rows < 1 || board.count() < 2 || !(board.gap_mm > 0))
            return fail("The marker board of " + boards[i].product + " needs two markers or more and a gap above 0 mm.",
                        ErrorKind::bad_input);
        for (int n = 0; n < board.count(); ++n) core.targets.push_back(boards[i].marker(n)), core.board_of.push_back(i);
    }
    auto markers = MarkerTracker::create(core.targets, std::nullopt, options);
    if (!markers) return tl::unexpected(markers.error());
    core.markers = std::move(*markers);
    core.before.resize(boards.size());
    core.boards = std::move(boards);
    core.calibration = std::move(calibration);
    return out;
}

std::vector<Sighting> BoardTracker::find(const ConstI420View& picture, Nanoseconds capture_ns) {
    std::vector<Sighting> out;
    const auto found = core_->markers->find(picture, capture_ns);
    try {
        for (std::size_t board = 0; board < core_->boards.size(); ++board) {
            std::vector<const Sighting*> seen;
            for (const Sighting& one : found)
                if (core_->board_of[one.target] == board) seen.push_back(&one);
            if (seen.empty()) continue;
            if (auto sighting = core_->fit(board, seen, picture, capture_ns)) out.push_back(std::move(*sighting));
        }
    } catch (const std::exception& e) {
        log::warn("track", "A frame could not be searched for marker boards.", {{"what", e.what()}});
    }
    return out;
}

}  // namespace vitrine
