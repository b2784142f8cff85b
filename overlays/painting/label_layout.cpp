#include "overlays/painting/label_layout.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>

namespace vitrine {

namespace {

using Spot = std::pair<int, int>;
using Indices = std::vector<std::size_t>;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {  // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int half(int a) { return static_cast<int>(floor_div(a, 2)); }

bool meet(const LabelRect& a, const LabelRect& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

LabelRect grown(const LabelRect& r, int by) { return {r.x - by, r.y - by, r.width + 2 * by, r.height + 2 * by}; }

LabelSide other(LabelSide side) { return side == LabelSide::left ? LabelSide::right : LabelSide::left; }

LabelRect turned(const LabelRect& r) { return {r.y, r.x, r.height, r.width}; }

LabelPlacement turned(const LabelPlacement& p) {
    constexpr LabelSide sides[] = {LabelSide::above, LabelSide::below, LabelSide::left, LabelSide::right};
    return p.shown ? LabelPlacement{true, sides[static_cast<int>(p.side)], p.y, p.x} : LabelPlacement{};
}

LabelLayoutInput turned(const LabelLayoutInput& in) {
    LabelLayoutInput out{turned(in.bounds), turned(in.product), {}, {}, in.gap, in.spacing};
    for (const auto& o : in.obstacles) out.obstacles.push_back(turned(o));
    for (const auto& l : in.labels) out.labels.push_back({l.anchor_y, l.anchor_x, l.height, l.width, turned(l.previous)});
    return out;
}

/// Least squares under the order of the labels: pool adjacent violators.
std::vector<std::int64_t> pool(const std::vector<std::int64_t>& values) {
    struct Block {
        std::int64_t sum, count;
    };
    std::vector<Block> blocks;
    for (const std::int64_t value : values) {
        blocks.push_back({value, 1});
        while (blocks.size() > 1) {
            const Block last = blocks.back();
            Block& before = blocks[blocks.size() - 2];
            if (last.sum * before.count >= before.sum * last.count) break;
            before = {before.sum + last.sum, before.count + last.count};
            blocks.pop_back();
        }
    }
    std::vector<std::int64_t> pooled;
    for (const Block& b : blocks) pooled.insert(pooled.end(), static_cast<std::size_t>(b.count), floor_div(b.sum, b.count));
    return pooled;
}

/// The two lanes left and right of the product; the header's rules 1 to 8.
class Lanes {
  public:
    /// `may_differ`: a label may go to the other lane than it wishes for. `limit_from`, `limit_to`: for rows, where the extent ends with
    /// the product's.
    Lanes(const LabelLayoutInput& in, bool may_differ, bool limit_from, bool limit_to)
        : in_(in), may_differ_(may_differ), limit_from_(limit_from), limit_to_(limit_to) {}

    /// Places those of `labels` (ascending) that the lanes hold; gives the others.
    Indices settle(const Indices& labels, std::vector<LabelPlacement>& placements) {
        Indices left_over;
        for (const std::size_t i : labels)
            if (!admit(i)) left_over.push_back(i);
        Setting left = set_lane(left_, LabelSide::left), right = set_lane(right_, LabelSide::right);
        while (exchange(left, right)) continue;
        for (const Setting& lane : {left, right})
            for (std::size_t k = 0; k < lane.order.size(); ++k) {
                const std::size_t i = lane.order[k];
                placements[i] = {true, lane.side, lane.side == LabelSide::left ? lane.x - in_.labels[i].width : lane.x, lane.ys[k]};
            }
        return left_over;
    }

  private:
    struct Interval {
        int from, to;
    };
    struct Setting {
        LabelSide side;
        Indices order;
        std::vector<int> ys;  ///< tops
        int x;                ///< of the ports
    };

    bool stays(std::size_t i, LabelSide side) const { return in_.labels[i].previous.shown && in_.labels[i].previous.side == side; }
    Indices& lane(LabelSide side) { return side == LabelSide::left ? left_ : right_; }
    int height(std::size_t i) const { return in_.labels[i].height; }
    int wish(std::size_t i) const { return in_.labels[i].anchor_y - half(height(i)); }
    int stood(std::size_t i) const { return in_.labels[i].previous.y + half(height(i)); }

    int inclination(std::size_t i) const {
        const int d = 2 * in_.labels[i].anchor_x - (2 * in_.product.x + in_.product.width);
        const int slack = std::max(static_cast<int>(floor_div(in_.product.width, 4)), 2 * in_.spacing);
        return stays(i, LabelSide::left) ? d - slack : stays(i, LabelSide::right) ? d + slack : d;
    }

    bool may_stand(std::size_t i, LabelSide side) const {
        const LabelRect &b = in_.bounds, &p = in_.product;
        const int room = side == LabelSide::left ? p.x - b.x : b.x + b.width - (p.x + p.width);
        return in_.labels[i].width <= b.width && room >= in_.labels[i].width + (stays(i, side) ? 0 : in_.gap);
    }

    /// The x that all labels of the lane touch, and how wide the widest is.
    std::pair<int, int> edge(const Indices& members, LabelSide side) const {
        const LabelRect &b = in_.bounds, &p = in_.product;
        int width = 0;
        for (const std::size_t i : members) width = std::max(width, in_.labels[i].width);
        const int x = side == LabelSide::left ? std::max(std::min(p.x - in_.gap, b.x + b.width), b.x + width)
                                              : std::min(std::max(p.x + p.width + in_.gap, b.x), b.x + b.width - width);
        return {x, width};
    }

    std::vector<Interval> intervals(const Indices& members, LabelSide side, bool to_spare) const {
        const int margin = to_spare ? in_.gap : 0;
        const auto [at, width] = edge(members, side);
        const LabelRect strip{side == LabelSide::left ? at - width : at, in_.bounds.y, width, in_.bounds.height};
        Interval extent{in_.bounds.y, in_.bounds.y + in_.bounds.height};
        int least = std::numeric_limits<int>::max();
        for (const std::size_t i : members) least = std::min(least, height(i));
        if (limit_from_) extent.from = std::max(extent.from, in_.product.y - half(least) + margin);
        if (limit_to_) extent.to = std::min(extent.to, in_.product.y + in_.product.height + half(least) - margin);
        std::vector<Interval> taken;
        for (const LabelRect& o : in_.obstacles) {
            const LabelRect wide = grown(o, margin);
            if (wide.x < strip.x + strip.width && strip.x < wide.x + wide.width)
                taken.push_back({wide.y - in_.spacing, wide.y + wide.height + in_.spacing});
        }
        std::sort(taken.begin(), taken.end(), [](const Interval& a, const Interval& b) { return a.from < b.from; });
        std::vector<Interval> free;
        int at_y = extent.from;
        for (const Interval& t : taken) {
            if (std::min(t.from, extent.to) > at_y) free.push_back({at_y, std::min(t.from, extent.to)});
            at_y = std::max(at_y, t.to);
        }
        if (extent.to > at_y) free.push_back({at_y, extent.to});
        return free;
    }

    Indices ordered(const Indices& members, LabelSide side) const {
        Indices order;
        for (const std::size_t i : members)
            if (stays(i, side)) order.push_back(i);
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return Spot(stood(a), a) < Spot(stood(b), b); });
        Indices rest;
        for (const std::size_t i : members)
            if (!stays(i, side)) rest.push_back(i);
        std::sort(rest.begin(), rest.end());
        for (const std::size_t i : rest)
            order.insert(
                std::find_if(order.begin(), order.end(), [&](std::size_t k) { return in_.labels[k].anchor_y > in_.labels[i].anchor_y; }),
                i);
        return order;
    }

    bool holds(const Indices& members, LabelSide side) const {
        if (members.empty()) return true;
        const bool to_spare = std::any_of(members.begin(), members.end(), [&](std::size_t i) { return !stays(i, side); });
        const std::vector<Interval> free = intervals(members, side, to_spare);
        std::size_t k = 0;
        int from = free.empty() ? 0 : free[0].from;
        for (const std::size_t i : ordered(members, side)) {
            while (k < free.size() && from + height(i) > free[k].to)
                if (++k < free.size()) from = free[k].from;
            if (k == free.size()) return false;
            from += height(i) + in_.spacing;
        }
        return true;
    }

    /// Rules 2 and 4.
    bool admit(std::size_t i) {
        LabelSide side = inclination(i) < 0 ? LabelSide::left : LabelSide::right;
        if (may_differ_ && !may_stand(i, side)) side = other(side);
        if (!may_stand(i, side)) return false;
        Indices here = lane(side);
        here.push_back(i);
        if (holds(here, side)) {
            lane(side) = here;
            return true;
        }
        Indices candidates = here;
        std::sort(candidates.begin(), candidates.end(), [&](std::size_t a, std::size_t b) {
            const int da = inclination(a), db = inclination(b);
            if (da != db) return side == LabelSide::left ? da > db : da < db;
            return a > b;
        });
        for (const std::size_t c : candidates) {
            const int into = side == LabelSide::left ? -inclination(c) : inclination(c);
            if (!may_stand(c, other(side)) || (!may_differ_ && into > half(in_.product.width))) continue;
            Indices there = lane(other(side)), rest;
            there.push_back(c);
            std::copy_if(here.begin(), here.end(), std::back_inserter(rest), [&](std::size_t k) { return k != c; });
            if (!holds(there, other(side)) || !holds(rest, side)) continue;
            lane(side) = rest;
            lane(other(side)) = there;
            return true;
        }
        return false;
    }

    struct Run {
        std::int64_t cost = -1;  ///< -1: does not fit
        std::vector<int> ys;
    };

    Run spread(const Indices& order, std::size_t from, std::size_t to, const Interval& interval, LabelSide side) const {
        if (from == to) return {0, {}};
        std::vector<std::int64_t> offsets, z;
        std::int64_t offset = 0;
        for (std::size_t k = from; k < to; ++k) {
            offsets.push_back(offset);
            z.push_back(wish(order[k]) - offset);
            offset += height(order[k]) + in_.spacing;
        }
        const std::int64_t total = offset - in_.spacing;
        if (total > interval.to - interval.from) return {};
        z = pool(z);
        Run run{0, {}};
        for (std::size_t k = from; k < to; ++k) {
            const std::size_t i = order[k];
            const std::int64_t top = std::max<std::int64_t>(interval.from, std::min<std::int64_t>(z[k - from], interval.to - total));
            run.ys.push_back(static_cast<int>(top + offsets[k - from]));
            run.cost += std::abs(std::int64_t{run.ys.back()} - wish(i));
            if (stays(i, side) && (stood(i) < interval.from || stood(i) >= interval.to)) run.cost += 3 * in_.gap;
        }
        return run;
    }

    /// Rule 6: the tops in that order; nothing when they do not fit.
    std::optional<std::vector<int>> set(const Indices& order, const std::vector<Interval>& free, LabelSide side) const {
        struct Cut {
            std::int64_t cost = -1;
            std::size_t from = 0;
        };
        const std::size_t n = order.size();
        std::vector<std::vector<Cut>> best(free.size() + 1, std::vector<Cut>(n + 1));
        best[0][0].cost = 0;
        for (std::size_t k = 0; k < free.size(); ++k)
            for (std::size_t j = 0; j <= n; ++j)
                for (std::size_t i = 0; i <= j; ++i) {
                    if (best[k][i].cost < 0) continue;
                    const Run run = spread(order, i, j, free[k], side);
                    if (run.cost < 0) continue;
                    const std::int64_t cost = best[k][i].cost + run.cost;
                    if (best[k + 1][j].cost < 0 || cost < best[k + 1][j].cost) best[k + 1][j] = {cost, i};
                }
        if (best[free.size()][n].cost < 0) return std::nullopt;
        std::vector<int> ys(n);
        std::size_t to = n;
        for (std::size_t k = free.size(); k > 0; --k) {
            const std::size_t from = best[k][to].from;
            const Run run = spread(order, from, to, free[k - 1], side);
            std::copy(run.ys.begin(), run.ys.end(), ys.begin() + static_cast<std::ptrdiff_t>(from));
            to = from;
        }
        return ys;
    }

    /// Exchanges crossing pairs with the ports held still; each exchange makes the leaders shorter together, so it ends. Were there any?
    bool uncross(Indices& order, const std::vector<int>& ys, int x, LabelSide side) const {
        std::vector<int> ports;
        for (std::size_t k = 0; k < order.size(); ++k) ports.push_back(ys[k] + half(height(order[k])));
        const auto crossed = [&](std::size_t k, std::size_t l) {
            const LabelInput &a = in_.labels[order[k]], &b = in_.labels[order[l]];
            const auto cross = [&](int apart) {
                return segments_cross({x, ports[k]}, {a.anchor_x, a.anchor_y - apart}, {x, ports[l]}, {b.anchor_x, b.anchor_y + apart});
            };
            return cross(0) && (!stays(order[k], side) || !stays(order[l], side) || cross(in_.spacing / 3));
        };
        bool any = false, again = true;
        while (again) {
            again = false;
            for (std::size_t k = 0; k < order.size() && !again; ++k)
                for (std::size_t l = k + 1; l < order.size() && !again; ++l)
                    if (crossed(k, l)) {
                        std::swap(order[k], order[l]);
                        any = again = true;
                    }
        }
        return any;
    }

    Setting set_lane(const Indices& members, LabelSide side) const {
        Setting lane{side, ordered(members, side), {}, edge(members, side).first};
        if (members.empty()) return lane;
        const std::vector<Interval> free = intervals(members, side, false);
        lane.ys = set(lane.order, free, side).value();  // the lane holds them with room to spare
        for (std::size_t round = 0; round < members.size(); ++round) {
            Indices order = lane.order;
            if (!uncross(order, lane.ys, lane.x, side)) break;
            auto ys = set(order, free, side);
            if (!ys) break;
            lane.order = std::move(order);
            lane.ys = std::move(*ys);
        }
        return lane;
    }

    /// Of the k-th label of the left and the l-th of the right lane, anchors moved apart by `apart`.
    bool leaders_cross(const Setting& left, std::size_t k, const Setting& right, std::size_t l, int apart) const {
        const LabelInput &a = in_.labels[left.order[k]], &b = in_.labels[right.order[l]];
        return segments_cross({left.x, left.ys[k] + half(a.height)}, {a.anchor_x - apart, a.anchor_y},
                              {right.x, right.ys[l] + half(b.height)}, {b.anchor_x + apart, b.anchor_y});
    }

    int crossings(const Setting& left, const Setting& right) const {
        int n = 0;
        for (std::size_t k = 0; k < left.order.size(); ++k)
            for (std::size_t l = 0; l < right.order.size(); ++l) n += leaders_cross(left, k, right, l, 0);
        return n;
    }

    /// Rule 8: lets one crossing pair change lanes; were there such?
    bool exchange(Setting& left, Setting& right) {
        const int now = crossings(left, right);
        if (now == 0) return false;
        for (std::size_t k = 0; k < left.order.size(); ++k)
            for (std::size_t l = 0; l < right.order.size(); ++l) {
                const std::size_t a = left.order[k], b = right.order[l];
                const bool both_stay = stays(a, LabelSide::left) && stays(b, LabelSide::right);
                if (!leaders_cross(left, k, right, l, 0) || (both_stay && !leaders_cross(left, k, right, l, in_.spacing / 3))) continue;
                for (const auto& [a_goes, b_goes] : {std::pair(true, true), std::pair(false, true), std::pair(true, false)}) {
                    if ((a_goes && !may_stand(a, LabelSide::right)) || (b_goes && !may_stand(b, LabelSide::left))) continue;
                    Indices new_left = left_, new_right = right_;
                    if (a_goes) std::erase(new_left, a), new_right.push_back(a);
                    if (b_goes) std::erase(new_right, b), new_left.push_back(b);
                    if (!holds(new_left, LabelSide::left) || !holds(new_right, LabelSide::right)) continue;
                    Setting l_set = set_lane(new_left, LabelSide::left), r_set = set_lane(new_right, LabelSide::right);
                    if (crossings(l_set, r_set) >= now) continue;
                    left_ = std::move(new_left), right_ = std::move(new_right);
                    left = std::move(l_set), right = std::move(r_set);
                    return true;
                }
            }
        return false;
    }

    const LabelLayoutInput& in_;
    const bool may_differ_, limit_from_, limit_to_;
    Indices left_, right_;
};

bool inside(const LabelRect& r, Spot p) { return meet(r, {p.first, p.second, 1, 1}); }

/// A line that enters a rectangle without ending in it crosses one of its diagonals.
bool runs_over(Spot from, Spot to, const LabelRect& r) {
    const Spot a{r.x, r.y}, b{r.x + r.width, r.y}, c{r.x + r.width, r.y + r.height}, d{r.x, r.y + r.height};
    return inside(r, from) || inside(r, to) || segments_cross(from, to, a, c) || segments_cross(from, to, b, d);
}

/// Rule 9.
void hide_unclear(const LabelLayoutInput& in, std::vector<LabelPlacement>& placements) {
    const auto is_row = [&](std::size_t i) { return placements[i].side == LabelSide::above || placements[i].side == LabelSide::below; };
    const auto rect = [&](std::size_t i) { return LabelRect{placements[i].x, placements[i].y, in.labels[i].width, in.labels[i].height}; };
    const auto port = [&](std::size_t i) { return label_port(placements[i], in.labels[i].width, in.labels[i].height); };
    const auto anchor = [&](std::size_t i) { return Spot{in.labels[i].anchor_x, in.labels[i].anchor_y}; };
    Indices kept;
    for (std::size_t i = 0; i < placements.size(); ++i)
        if (placements[i].shown && !is_row(i)) kept.push_back(i);
    for (std::size_t i = 0; i < placements.size(); ++i) {
        if (!placements[i].shown || !is_row(i)) continue;
        const LabelPlacement& before = in.labels[i].previous;
        const int margin = before.shown && before.side == placements[i].side ? 0 : in.spacing;
        const bool clear = std::none_of(kept.begin(), kept.end(), [&](std::size_t k) {
            return runs_over(port(k), anchor(k), grown(rect(i), margin)) || runs_over(port(i), anchor(i), grown(rect(k), margin));
        });
        if (clear)
            kept.push_back(i);
        else
            placements[i] = {};
    }
}

std::vector<LabelPlacement> columns_and_rows(const LabelLayoutInput& in, bool may_differ) {
    std::vector<LabelPlacement> placements(in.labels.size());
    Indices all;
    for (std::size_t i = 0; i < in.labels.size(); ++i) all.push_back(i);
    const Indices left_over = Lanes(in, may_differ, false, false).settle(all, placements);
    if (left_over.empty()) return placements;

    LabelLayoutInput sideways = turned(in);
    for (std::size_t i = 0; i < placements.size(); ++i)
        if (placements[i].shown)
            sideways.obstacles.push_back(turned(LabelRect{placements[i].x, placements[i].y, in.labels[i].width, in.labels[i].height}));
    const auto stands = [&](LabelSide side) {
        return std::any_of(placements.begin(), placements.end(), [&](const LabelPlacement& p) { return p.shown && p.side == side; });
    };
    std::vector<LabelPlacement> rows(placements.size());
    Lanes(sideways, true, stands(LabelSide::left), stands(LabelSide::right)).settle(left_over, rows);
    for (const std::size_t i : left_over) placements[i] = turned(rows[i]);
    hide_unclear(in, placements);
    return placements;
}

int hidden_and_crossing(const LabelLayoutInput& in, const std::vector<LabelPlacement>& placements) {
    int found = 0;
    const auto port = [&](std::size_t i) { return label_port(placements[i], in.labels[i].width, in.labels[i].height); };
    const auto anchor = [&](std::size_t i) { return Spot{in.labels[i].anchor_x, in.labels[i].anchor_y}; };
    for (std::size_t i = 0; i < placements.size(); ++i) {
        found += !placements[i].shown;
        for (std::size_t k = 0; k < i && placements[i].shown; ++k)
            found += placements[k].shown && segments_cross(port(i), anchor(i), port(k), anchor(k));
    }
    return found;
}

}  // namespace

bool segments_cross(Spot a, Spot b, Spot c, Spot d) {
    const auto turn = [](Spot p, Spot q, Spot r) {
        const std::int64_t z = (std::int64_t{q.first} - p.first) * (std::int64_t{r.second} - p.second) -
                               (std::int64_t{q.second} - p.second) * (std::int64_t{r.first} - p.first);
        return (z > 0) - (z < 0);
    };
    return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

std::pair<int, int> label_port(const LabelPlacement& p, int width, int height) {
    switch (p.side) {
        case LabelSide::left:
            return {p.x + width, p.y + half(height)};
        case LabelSide::right:
            return {p.x, p.y + half(height)};
        case LabelSide::above:
            return {p.x + half(width), p.y + height};
        case LabelSide::below:
            break;
    }
    return {p.x + half(width), p.y};
}

std::vector<LabelPlacement> layout_labels(const LabelLayoutInput& in) {
    std::vector<LabelPlacement> near = columns_and_rows(in, false);
    const int cost = hidden_and_crossing(in, near);
    if (cost == 0) return near;
    std::vector<LabelPlacement> far = columns_and_rows(in, true);
    return hidden_and_crossing(in, far) < cost ? far : near;
}

}  // namespace vitrine
