#include "tests/overlays/painting/label_scenes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace vitrine {

namespace {

using Point = std::array<std::int64_t, 3>;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {  // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

constexpr std::int64_t one = 65536;
constexpr int whole_turn = 1440;

std::int64_t cosine(int quarter_degrees) {
    return static_cast<std::int64_t>(std::floor(one * std::cos(2 * std::acos(-1.0) * quarter_degrees / whole_turn) + 0.5));
}

/// (a, b) turned by an angle, rounded down.
std::pair<std::int64_t, std::int64_t> rotated(std::int64_t a, std::int64_t b, int angle) {
    const std::int64_t c = cosine(angle), s = cosine(angle - whole_turn / 4);
    return {floor_div(a * c - b * s, one), floor_div(a * s + b * c, one)};
}

std::pair<int, int> projected(const BoxPose& pose, const Point& p) {
    auto [x, y] = rotated(p[0], p[1], pose.roll);
    std::int64_t z = p[2];
    std::tie(z, x) = rotated(z, x, pose.yaw);
    std::tie(y, z) = rotated(y, z, pose.pitch);
    const std::int64_t depth = std::max<std::int64_t>(pose.distance - z, 100);
    return {static_cast<int>(pose.x + floor_div(1500 * x, depth)), static_cast<int>(pose.y + floor_div(1500 * y, depth))};
}

/// Parts of the product, in shares of a sixteenth of its half extents.
constexpr std::array<std::array<int, 3>, 12> parts = {{{-13, -12, 16},
                                                       {12, -13, 16},
                                                       {-6, 3, 16},
                                                       {14, 11, 16},
                                                       {-15, 9, 0},
                                                       {2, -4, 16},
                                                       {7, 6, -16},
                                                       {-9, -2, 16},
                                                       {15, -1, 0},
                                                       {-3, 14, 4},
                                                       {5, -14, -16},
                                                       {-12, 13, -16}}};

LabelRect box_of(const std::vector<std::pair<int, int>>& points) {
    int left = points[0].first, right = left, top = points[0].second, bottom = top;
    for (const auto& [x, y] : points) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
    }
    return {left, top, right - left + 1, bottom - top + 1};
}

class Counter {
  public:
    explicit Counter(std::size_t labels) : before_(labels), flips_(labels) { figures_.hash = 2166136261U; }

    /// `follows`: the frame is compared with the one added before it.
    void add(const LabelLayoutInput& in, const std::vector<LabelPlacement>& now, bool follows) {
        ++figures_.frames;
        for (std::size_t i = 0; i < now.size(); ++i) {
            ++figures_.labels;
            figures_.shown += now[i].shown;
            for (const int value : {int{now[i].shown}, static_cast<int>(now[i].side), now[i].x, now[i].y}) hash(value);
            if (follows) compare(i, now[i]);
            before_[i] = now[i];
            for (std::size_t k = 0; k < i; ++k) figures_.crossings += now[i].shown && now[k].shown && cross(in, now, i, k);
        }
    }

    LayoutFigures figures() const {
        LayoutFigures f = figures_;
        f.most_flips = *std::max_element(flips_.begin(), flips_.end());
        return f;
    }

  private:
    void hash(int value) {
        for (int shift = 0; shift < 32; shift += 8)
            figures_.hash = (figures_.hash ^ ((static_cast<std::uint32_t>(value) >> shift) & 255U)) * 16777619U;
    }
    void compare(std::size_t i, const LabelPlacement& now) {
        const LabelPlacement& before = before_[i];
        if (before.shown != now.shown) ++figures_.comings;
        if (!before.shown || !now.shown) return;
        if (before.side != now.side)
            ++figures_.side_flips, ++flips_[i];
        else if (std::abs(now.x - before.x) > 24 || std::abs(now.y - before.y) > 24)
            ++figures_.jumps;
    }
    static bool cross(const LabelLayoutInput& in, const std::vector<LabelPlacement>& now, std::size_t i, std::size_t k) {
        const LabelInput &a = in.labels[i], &b = in.labels[k];
        return segments_cross(label_port(now[i], a.width, a.height), {a.anchor_x, a.anchor_y}, label_port(now[k], b.width, b.height),
                              {b.anchor_x, b.anchor_y});
    }

    LayoutFigures figures_;
    std::vector<LabelPlacement> before_;
    std::vector<int> flips_;
};

void remember(LabelLayoutInput& in, const std::vector<LabelPlacement>& before) {
    for (std::size_t i = 0; i < in.labels.size(); ++i) in.labels[i].previous = before[i];
}

LayoutFigures turned_through(BoxPose pose, int BoxPose::*angle) {
    Counter counter(parts.size());
    std::vector<LabelPlacement> before(parts.size());
    for (int step = 0; step < whole_turn; ++step) {
        pose.*angle = step;
        LabelLayoutInput in = posed_input(pose, Lcg(11));
        remember(in, before);
        before = layout_labels(in);
        counter.add(in, before, step > 0);
    }
    return counter.figures();
}

LabelLayoutInput shaken(LabelLayoutInput in, Lcg& random) {
    const LabelRect& p = in.product;
    std::vector<std::pair<int, int>> points;
    for (const auto& [x, y] : {std::pair(p.x, p.y), std::pair(p.x + p.width - 1, p.y + p.height - 1)}) {
        const int dx = random.between(-2, 2), dy = random.between(-2, 2);
        points.push_back({x + dx, y + dy});
    }
    for (LabelInput& label : in.labels) {
        label.anchor_x += random.between(-2, 2);
        label.anchor_y += random.between(-2, 2);
        points.push_back({label.anchor_x, label.anchor_y});
    }
    in.product = box_of(points);
    return in;
}

constexpr BoxPose on_table{0, 0, 160, 3600, 960, 540, 200};
constexpr BoxPose upright{0, 0, 40, 4200, 960, 540, 900};

}  // namespace

LabelLayoutInput posed_input(const BoxPose& pose, Lcg sizes) {
    LabelLayoutInput in{{96, 54, 1728, 972}, {}, {}, {}, 42, 18};
    std::vector<std::pair<int, int>> points;
    for (const int x : {-750, 750})
        for (const int y : {-500, 500})
            for (const int z : {-1, 1}) points.push_back(projected(pose, {x, y, z * pose.depth / 2}));
    for (const auto& part : parts) {
        const auto at =
            projected(pose, {floor_div(part[0] * 750, 16), floor_div(part[1] * 500, 16), floor_div(part[2] * (pose.depth / 2), 16)});
        points.push_back(at);
        const int width = sizes.between(140, 330), height = sizes.between(48, 96);
        in.labels.push_back({at.first, at.second, width, height, {}});
    }
    in.product = box_of(points);
    return in;
}

LabelLayoutInput random_pose_input(Lcg& random) {
    BoxPose pose;
    pose.roll = random.between(0, whole_turn - 1);
    pose.yaw = random.between(-220, 220);
    pose.pitch = random.between(-220, 220);
    pose.distance = random.between(2400, 12000);
    pose.x = random.between(400, 1520);
    pose.y = random.between(250, 830);
    pose.depth = random.between(0, 600);
    LabelLayoutInput in = posed_input(pose, Lcg(static_cast<std::uint32_t>(random.between(1, 1000000))));
    if (random.between(0, 2) == 0) in.bounds.width = 1728 - 640 - 18;            // the card stands on the right
    if (random.between(0, 1) == 0) in.obstacles.push_back({1664, 54, 160, 86});  // brand
    if (random.between(0, 2) == 0) in.obstacles.push_back({96, 900, 700, 126});  // lower third
    if (random.between(0, 2) == 0) in.obstacles.push_back({96, 54, 480, 270});   // presenter's inset
    return in;
}

LayoutFigures random_poses() {
    Lcg random(20260301);
    Counter counter(parts.size());
    for (int i = 0; i < 1000; ++i) {
        const LabelLayoutInput in = random_pose_input(random);
        counter.add(in, layout_labels(in), false);
    }
    return counter.figures();
}

LayoutFigures table_turn() { return turned_through(on_table, &BoxPose::roll); }
LayoutFigures upright_turn() { return turned_through(upright, &BoxPose::yaw); }

LayoutFigures shaken_turn() {
    Lcg random(5);
    Counter counter(parts.size());
    std::vector<LabelPlacement> before(parts.size());
    BoxPose pose = on_table;
    for (pose.roll = 0; pose.roll < whole_turn; ++pose.roll) {
        LabelLayoutInput in = shaken(posed_input(pose, Lcg(11)), random);
        remember(in, before);
        before = layout_labels(in);
        counter.add(in, before, pose.roll > 0);
    }
    return counter.figures();
}

LayoutFigures shaken_stills() {
    Lcg random(6);
    Counter counter(parts.size());
    BoxPose pose = on_table;
    for (pose.roll = 0; pose.roll < whole_turn; pose.roll += 8) {
        const LabelLayoutInput still = posed_input(pose, Lcg(11));
        std::vector<LabelPlacement> before(parts.size());
        for (int frame = 0; frame < 12; ++frame) {
            LabelLayoutInput in = shaken(still, random);
            remember(in, before);
            before = layout_labels(in);
            counter.add(in, before, frame > 0);
        }
    }
    return counter.figures();
}

const char* fault_of(const LabelLayoutInput& in, const std::vector<LabelPlacement>& placements) {
    const auto meet = [](const LabelRect& a, const LabelRect& b) {
        return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    };
    const LabelRect& b = in.bounds;
    std::vector<LabelRect> rects;
    for (std::size_t i = 0; i < placements.size(); ++i)
        rects.push_back(placements[i].shown ? LabelRect{placements[i].x, placements[i].y, in.labels[i].width, in.labels[i].height}
                                            : LabelRect{});
    for (std::size_t i = 0; i < placements.size(); ++i) {
        const LabelRect& r = rects[i];
        if (!placements[i].shown) continue;
        if (r.x < b.x || r.y < b.y || r.x + r.width > b.x + b.width || r.y + r.height > b.y + b.height) return "a label leaves the bounds";
        if (meet(r, in.product)) return "a label lies on the product";
        for (const LabelRect& o : in.obstacles)
            if (meet(r, o)) return "a label lies on an obstacle";
        const auto [px, py] = label_port(placements[i], r.width, r.height);
        for (std::size_t k = 0; k < placements.size(); ++k) {
            if (k == i || !placements[k].shown) continue;
            if (meet(r, rects[k])) return "two labels meet";
            for (int t = 0; t <= 256; ++t) {  // along the leader
                const LabelRect dot{px + static_cast<int>(floor_div(std::int64_t{in.labels[i].anchor_x - px} * t, 256)),
                                    py + static_cast<int>(floor_div(std::int64_t{in.labels[i].anchor_y - py} * t, 256)), 1, 1};
                const LabelRect inner{rects[k].x + 1, rects[k].y + 1, rects[k].width - 2, rects[k].height - 2};
                if (meet(dot, inner)) return "a leader runs over a label";
            }
        }
    }
    return "";
}

}  // namespace vitrine
