#include "overlays/tracking/edge_align.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>

namespace vitrine {

namespace {

constexpr int most_steps = 4;          // kept for each place
constexpr int longest = 64;            // samples of a profile to one side
constexpr double least_step = 6;       // grey levels
constexpr double step_of_best = 0.25;  // a step counts when it has this share of the profile's highest
constexpr float unlike = 22;           // grey levels that a side may differ from when it was last seen …
constexpr float unlike_share = 0.12f;  // … and this share of them
constexpr double apart = 2;            // px between two profiles beside one another
constexpr double near_enough = 1.2;    // px of a step from the pose, that bears it out
constexpr double sigma_least = 0.25;   // px of a step, at least
constexpr double told_least = 0.1;     // of what a turn about the best axis would move: below, a turn is not told by the edges

struct Step {
    float at;           // px along the normal, towards the right
    float height;       // grey levels, right − left
    float left, right;  // grey levels beside it
};

struct Probe {
    cv::Point2d at, normal;  // px; towards the right side of the edge
    cv::Vec6d slope;         // of the place along the normal, by turn and shift
    int count = 0;
    std::array<Step, most_steps> steps;
    double offset = 0;  // px, how far the pose has moved it since it was measured
};

double sample(const cv::Mat& m, double x, double y) {
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    const double fx = x - ix, fy = y - iy;
    const std::uint8_t *p = m.ptr<std::uint8_t>(iy) + ix, *q = m.ptr<std::uint8_t>(iy + 1) + ix;
    const double a = p[0] + fx * (p[1] - p[0]), b = q[0] + fx * (q[1] - q[0]);
    return a + fy * (b - a);
}

bool alike(float now, float then) { return then < 0 || std::abs(now - then) <= unlike + unlike_share * then; }

/// Profiles beside one another, summed: what does not run along the edge is smeared.
void measure(Probe& probe, const EdgePoint& point, const cv::Mat& luma, const EdgeSearch& search) {
    const double blur = std::abs(search.moved[0] * probe.normal.x + search.moved[1] * probe.normal.y);
    const int half = std::clamp(cvRound(1.6 + 0.5 * blur), 2, 12), reach = std::min(longest - half - 1, cvCeil(search.reach) + 1);
    const int side = reach + half;
    std::array<double, 2 * longest + 2> sums;  // of the samples before
    sums[0] = 0;
    const cv::Point2d along(-probe.normal.y, probe.normal.x);
    for (int i = -side; i <= side; ++i) {
        double value = 0;
        for (int lane = -1; lane <= 1; ++lane) {
            const double x = probe.at.x + i * probe.normal.x + lane * apart * along.x,
                         y = probe.at.y + i * probe.normal.y + lane * apart * along.y;
            value += sample(luma, std::clamp(x, 0.0, luma.cols - 1.001), std::clamp(y, 0.0, luma.rows - 1.001));
        }
        sums[static_cast<std::size_t>(i + side + 1)] = sums[static_cast<std::size_t>(i + side)] + value / 3;
    }
    // Between samples j and j + 1, counted from the first.
    const int first = half - 1, last = 2 * side - half;
    std::array<double, 2 * longest + 2> heights;
    double best = 0;
    const auto mean = [&](int from, int count) {
        from = std::clamp(from, 0, 2 * side + 1 - count);
        return (sums[static_cast<std::size_t>(from + count)] - sums[static_cast<std::size_t>(from)]) / count;
    };
    for (int j = first; j <= last; ++j) {
        heights[static_cast<std::size_t>(j)] = mean(j + 1, half) - mean(j + 1 - half, half);
        best = std::max(best, std::abs(heights[static_cast<std::size_t>(j)]));
    }
    const double least = std::max(least_step, step_of_best * best);
    probe.count = 0;
    const int gap = half / 2;  // past the slope of the step itself
    for (int j = first + 1; j < last; ++j) {
        const double a = heights[static_cast<std::size_t>(j - 1)], b = heights[static_cast<std::size_t>(j)],
                     c = heights[static_cast<std::size_t>(j + 1)];
        if (std::abs(b) < least || std::abs(b) < std::abs(a) || std::abs(b) <= std::abs(c) || a * b < 0 || b * c < 0) continue;
        const double bend = a - 2 * b + c, fine = std::abs(bend) > 1e-9 ? std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : 0;
        Step step{static_cast<float>(j + 0.5 - side + fine), static_cast<float>(b), static_cast<float>(mean(j + 1 - gap - 2, 2)),
                  static_cast<float>(mean(j + 1 + gap, 2))};
        if (std::abs(step.at) > search.reach) continue;
        if (!alike(step.left, point.left) || (!point.outline && !alike(step.right, point.right))) continue;
        if (!point.outline && point.left >= 0 && point.right >= 0 && (point.right - point.left) * step.height < 0) continue;
        if (probe.count < most_steps) {
            probe.steps[static_cast<std::size_t>(probe.count++)] = step;
        } else {
            auto weakest = std::min_element(probe.steps.begin(), probe.steps.end(),
                                            [](const Step& p, const Step& q) { return std::abs(p.height) < std::abs(q.height); });
            if (std::abs(weakest->height) < std::abs(step.height)) *weakest = step;
        }
    }
}

class Work {
  public:
    Work(const cv::Mat& luma, const EdgeModel::Core& model, const EdgeCamera& camera, const std::vector<EdgePoint>& points)
        : luma_(luma), model_(model), camera_(camera), points_(points) {}

    void look(const RigidPose& pose, const EdgeSearch& search) {
        probes_.resize(points_.size());
        const auto& c = camera_.pinhole;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            Probe& probe = probes_[i];
            probe.count = 0, probe.offset = 0;
            probe.slope = cv::Vec6d::all(0);
            const cv::Vec3d p = pose.apply(points_[i].at);
            if (p[2] < 1) continue;
            const cv::Point2d ideal = camera_.ideal(p);
            const cv::Vec3d q = p + pose.turn * points_[i].along * (0.5 * p[2] / c.fx);
            const cv::Point2d bent = camera_.lens.bend(ideal);
            cv::Point2d along = camera_.lens.bend(camera_.ideal(q)) - bent;
            const double length = std::hypot(along.x, along.y);
            if (length < 1e-3) continue;  // seen end on
            along *= 1 / length;
            probe.at = bent, probe.normal = {-along.y, along.x};
            if (bent.x < 2 || bent.y < 2 || bent.x > luma_.cols - 3 || bent.y > luma_.rows - 3) continue;
            const cv::Matx22d lens = camera_.lens.slope(ideal);
            const double nx = probe.normal.x * lens(0, 0) + probe.normal.y * lens(1, 0),
                         ny = probe.normal.x * lens(0, 1) + probe.normal.y * lens(1, 1);
            const cv::Vec3d by_place(nx * c.fx / p[2], ny * c.fy / p[2], -(nx * c.fx * p[0] + ny * c.fy * p[1]) / (p[2] * p[2]));
            const cv::Vec3d arm = pose.turn * (points_[i].at - model_.middle), by_turn = arm.cross(by_place);
            probe.slope = {by_turn[0], by_turn[1], by_turn[2], by_place[0], by_place[1], by_place[2]};
            measure(probe, points_[i], luma_, search);
        }
    }

    /// The shift and growth in the picture at which the most places have a step, coarse to a px or two, as a pose.
    RigidPose best_shift(const RigidPose& pose, const EdgeSearch& search) {
        const double step = std::max(1.0, search.reach / 8);
        const cv::Vec3d centre = pose.apply(model_.middle);
        const cv::Point2d middle = camera_.see(centre);
        double best = -1, grow = 0;
        cv::Point2d by(0, 0);
        for (double g = -search.grow_first; g <= search.grow_first + 1e-9; g += search.grow_first > 0 ? search.grow_first / 3 : 1)
            for (double y = -search.reach; y <= search.reach; y += step)
                for (double x = -search.reach; x <= search.reach; x += step) {
                    if (x * x + y * y > search.reach * search.reach) continue;
                    double score = -0.002 * std::hypot(x, y) / step * double(probes_.size());
                    for (const Probe& probe : probes_) {
                        const double along =
                            (x + g * (probe.at.x - middle.x)) * probe.normal.x + (y + g * (probe.at.y - middle.y)) * probe.normal.y;
                        for (int k = 0; k < probe.count; ++k)
                            if (std::abs(probe.steps[static_cast<std::size_t>(k)].at - along) < 1.2 * step) {
                                score += 1;
                                break;
                            }
                    }
                    if (score > best) best = score, by = {x, y}, grow = g;
                }
        const double z = centre[2] / (1 + grow);
        const cv::Vec3d moved = cv::Vec3d(centre[0] / centre[2] * z + by.x * z / camera_.pinhole.fx,
                                          centre[1] / centre[2] * z + by.y * z / camera_.pinhole.fy, z) -
                                centre;
        apply(cv::Vec6d(0, 0, 0, moved[0], moved[1], moved[2]));
        RigidPose out = pose;
        out.shift += moved;
        return out;
    }

    const Step* nearest(const Probe& probe) const {
        const Step* out = nullptr;
        for (int k = 0; k < probe.count; ++k) {
            const Step& step = probe.steps[static_cast<std::size_t>(k)];
            if (!out || std::abs(step.at - probe.offset) < std::abs(out->at - probe.offset)) out = &step;
        }
        return out;
    }

    /// Reweighted steps of Gauss and Newton among what look() measured.
    RigidPose settle(RigidPose pose, const EdgeHold& hold, double reach, int steps) {
        for (int round = 0; round < steps; ++round) {
            std::vector<double> off;
            for (const Probe& probe : probes_)
                if (const Step* step = nearest(probe)) off.push_back(std::abs(step->at - probe.offset));
            if (off.size() < 6) return pose;
            std::nth_element(off.begin(), off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2), off.end());
            const double sigma = std::max(sigma_least, 1.4826 * off[off.size() / 2]), cut = std::min(4.685 * sigma, std::max(1.5, reach));
            cv::Matx66d information = cv::Matx66d::zeros();
            cv::Vec6d pull = cv::Vec6d::all(0);
            for (const Probe& probe : probes_) {
                const Step* step = nearest(probe);
                if (!step) continue;
                const double r = step->at - probe.offset, u = r / cut;
                if (std::abs(u) >= 1) continue;
                const double weight = (1 - u * u) * (1 - u * u) / (sigma * sigma);
                for (int i = 0; i < 6; ++i) {
                    pull[i] += weight * probe.slope[i] * r;
                    for (int j = 0; j < 6; ++j) information(i, j) += weight * probe.slope[i] * probe.slope[j];
                }
            }
            held(information, pull, pose, hold);
            const cv::Vec6d by = information.solve(pull, cv::DECOMP_CHOLESKY);
            if (!cv::checkRange(by)) return pose;
            pose = moved(pose, by);
            apply(by);
            double most = 0;
            for (const Probe& probe : probes_) most = std::max(most, std::abs(probe.slope.dot(by)));
            if (most < 0.01) break;
        }
        return pose;
    }

    EdgeSupport support(const RigidPose& pose, const EdgeHold& hold, double reach, std::vector<EdgePoint>* learnt) const {
        EdgeSupport out;
        cv::Matx66d information = cv::Matx66d::zeros();
        double sum = 0, chance = 0;
        for (std::size_t i = 0; i < probes_.size(); ++i) {
            const Probe& probe = probes_[i];
            ++out.expected;
            const Step* step = nearest(probe);
            const double r = step ? step->at - probe.offset : 1e9;
            chance += std::min(1.0, probe.count * 2 * near_enough / (2 * reach));
            const bool seen = std::abs(r) < near_enough;
            if (learnt) (*learnt)[i].left = seen ? step->left : -1, (*learnt)[i].right = seen ? step->right : -1;
            if (!seen) continue;
            ++out.seen, sum += r * r;
            for (int a = 0; a < 6; ++a)
                for (int b = 0; b < 6; ++b) information(a, b) += probe.slope[a] * probe.slope[b];
        }
        if (out.seen < 6) return out;
        out.by_chance = chance / out.expected;
        out.error_px = std::sqrt(sum / out.seen);
        // Neighbouring steps err alike: three count as one.
        const double variance = 3 * std::max(sigma_least * sigma_least, sum / out.seen);
        information *= 1 / variance;
        out.turn_kept = hold_untold(information);
        cv::Vec6d none = cv::Vec6d::all(0);
        held(information, none, pose, hold);
        const cv::Matx66d covariance = information.inv(cv::DECOMP_CHOLESKY);
        out.corner_sigma = 0;
        const auto [x, y, w, h] = model_.front;
        for (const cv::Vec3d& corner : {cv::Vec3d(x, y, 0), cv::Vec3d(x + w, y, 0), cv::Vec3d(x + w, y + h, 0), cv::Vec3d(x, y + h, 0)}) {
            const cv::Vec3d p = pose.apply(corner), arm = pose.turn * (corner - model_.middle);
            if (p[2] < 1) return EdgeSupport{out.expected, out.seen, out.by_chance, out.error_px};
            double both = 0;
            for (const cv::Vec3d& by_place : {cv::Vec3d(camera_.pinhole.fx / p[2], 0, -camera_.pinhole.fx * p[0] / (p[2] * p[2])),
                                              cv::Vec3d(0, camera_.pinhole.fy / p[2], -camera_.pinhole.fy * p[1] / (p[2] * p[2]))}) {
                const cv::Vec3d by_turn = arm.cross(by_place);
                const cv::Vec6d slope(by_turn[0], by_turn[1], by_turn[2], by_place[0], by_place[1], by_place[2]);
                both += slope.dot(covariance * slope);
            }
            out.corner_sigma = std::max(out.corner_sigma, std::sqrt(both));
        }
        return out;
    }

  private:
    static RigidPose moved_about(const RigidPose& pose, const cv::Vec3d& middle, const cv::Vec6d& by) {
        cv::Matx33d turn;
        cv::Rodrigues(cv::Vec3d(by[0], by[1], by[2]), turn);
        const cv::Vec3d centre = pose.apply(middle);
        RigidPose out;
        out.turn = turn * pose.turn;
        out.shift = centre + cv::Vec3d(by[3], by[4], by[5]) - out.turn * middle;
        return out;
    }
    RigidPose moved(const RigidPose& pose, const cv::Vec6d& by) const { return moved_about(pose, model_.middle, by); }
    void apply(const cv::Vec6d& by) {
        for (Probe& probe : probes_) probe.offset += probe.slope.dot(by);
    }

    /// Turns that move the edges by next to nothing (those of a round thing about its axis; what they seem to tell comes from the corners
    /// of its triangles) are held where they were expected. True when there are some.
    static bool hold_untold(cv::Matx66d& information) {
        const cv::Matx33d turns = information.get_minor<3, 3>(0, 0);
        cv::Vec3d values;
        cv::Matx33d axes;
        cv::eigen(turns, values, axes);
        bool any = false;
        for (int k = 0; k < 3; ++k)
            if (values[k] < told_least * told_least * values[0]) {
                any = true;
                const double firm = 1e4 * values[0];
                for (int i = 0; i < 3; ++i)
                    for (int j = 0; j < 3; ++j) information(i, j) += firm * axes(k, i) * axes(k, j);
            }
        return any;
    }

    void held(cv::Matx66d& information, cv::Vec6d& pull, const RigidPose& pose, const EdgeHold& hold) const {
        const cv::Vec3d centre = pose.apply(model_.middle), expected = hold.expected.apply(model_.middle);
        cv::Vec3d back;
        cv::Rodrigues(hold.expected.turn * pose.turn.t(), back);
        const cv::Vec3d away = expected - centre;
        // As in support(): firm where the edges tell nothing.
        const cv::Matx66d before = information;
        hold_untold(information);
        cv::Vec6d to(back[0], back[1], back[2], 0, 0, 0);
        pull += (information - before) * to;
        const double shift = hold.shift * std::max(1.0, expected[2]);
        for (int k = 0; k < 3; ++k) {
            const double turn_weight = 1 / (hold.turn * hold.turn), shift_weight = 1 / (shift * shift);
            information(k, k) += turn_weight, pull[k] += turn_weight * back[k];
            information(3 + k, 3 + k) += shift_weight, pull[3 + k] += shift_weight * away[k];
        }
    }

    const cv::Mat& luma_;
    const EdgeModel::Core& model_;
    const EdgeCamera& camera_;
    const std::vector<EdgePoint>& points_;
    std::vector<Probe> probes_;
};

}  // namespace

EdgeAlignment align_edges(const cv::Mat& luma, const EdgeModel::Core& model, const EdgeCamera& camera, const std::vector<EdgePoint>& points,
                          const RigidPose& start, const EdgeHold& hold, const EdgeSearch& search) {
    Work work(luma, model, camera, points);
    EdgeAlignment out{start, {}};
    EdgeSearch now = search;
    for (int round = 0; round < search.rounds; ++round) {
        work.look(out.pose, now);
        if (round == 0 && search.shift_first) out.pose = work.best_shift(out.pose, search);
        out.pose = work.settle(out.pose, hold, now.reach, round + 1 < search.rounds ? 4 : 6);
        now.reach = std::max(3.0, now.reach / 2);
    }
    out.support = work.support(out.pose, hold, std::max(search.reach, now.reach), nullptr);
    return out;
}

EdgeSupport judge_edges(const cv::Mat& luma, const EdgeModel::Core& model, const EdgeCamera& camera, std::vector<EdgePoint>& points,
                        const RigidPose& pose, const EdgeHold& hold, const EdgeSearch& search) {
    const std::vector<EdgePoint> asked = points;
    Work work(luma, model, camera, asked);
    work.look(pose, search);
    return work.support(pose, hold, search.reach, &points);
}

}  // namespace vitrine
