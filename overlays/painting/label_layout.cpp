#include "overlays/painting/label_layout.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace vitrine {

namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) {  // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int half(int a) { return static_cast<int>(floor_div(a, 2)); }

bool meet(const LabelRect& a, const LabelRect& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const LabelRect* first_met(const LabelRect& rect, const std::vector<LabelRect>& obstacles) {
    const auto met = std::find_if(obstacles.begin(), obstacles.end(), [&](const LabelRect& o) { return meet(rect, o); });
    return met == obstacles.end() ? nullptr : &*met;
}

/// Rules 1 and 2.
LabelSide choose_side(const LabelLayoutInput& in, const LabelInput& label) {
    const int centre = in.product.x + half(in.product.width);
    const int slack = static_cast<int>(floor_div(in.product.width, 8));
    LabelSide side = label.anchor_x < centre ? LabelSide::left : LabelSide::right;
    if (label.previous == LabelSide::left) side = label.anchor_x > centre + slack ? LabelSide::right : LabelSide::left;
    if (label.previous == LabelSide::right) side = label.anchor_x < centre - slack ? LabelSide::left : LabelSide::right;

    const auto fits = [&](LabelSide s) {
        const int room = s == LabelSide::left ? in.product.x - in.gap - in.bounds.x
                                              : in.bounds.x + in.bounds.width - (in.product.x + in.product.width + in.gap);
        return label.width <= room + (label.previous == s ? in.gap : 0);
    };
    const LabelSide other = side == LabelSide::left ? LabelSide::right : LabelSide::left;
    return !fits(side) && fits(other) ? other : side;
}

/// Rule 3.
int column_x(const LabelLayoutInput& in, const LabelInput& label, LabelSide side) {
    const int x = side == LabelSide::left ? in.product.x - in.gap - label.width : in.product.x + in.product.width + in.gap;
    return std::max(in.bounds.x, std::min(x, in.bounds.x + in.bounds.width - label.width));
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

/// Rules 5b to 5d for labels that are in order; x and size are set, y is found. False when they cannot be held.
bool try_column(const LabelLayoutInput& in, const std::vector<LabelRect>& obstacles, const std::vector<int>& wishes,
                std::vector<LabelRect>& rects) {
    const int top = in.bounds.y, bottom = in.bounds.y + in.bounds.height;
    std::vector<std::int64_t> offsets, z;
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < rects.size(); ++i) {
        offsets.push_back(offset);
        z.push_back(wishes[i] - offset);
        offset += rects[i].height + in.spacing;
    }
    const std::int64_t total = offsets.back() + rects.back().height;
    if (total > in.bounds.height) return false;
    z = pool(z);
    for (std::size_t i = 0; i < rects.size(); ++i)
        rects[i].y = static_cast<int>(std::max<std::int64_t>(top, std::min<std::int64_t>(z[i], bottom - total)) + offsets[i]);

    for (std::size_t i = 0; i < rects.size(); ++i) {
        if (i > 0) rects[i].y = std::max(rects[i].y, rects[i - 1].y + rects[i - 1].height + in.spacing);
        while (const LabelRect* met = first_met(rects[i], obstacles)) rects[i].y = met->y + met->height + in.spacing;
    }
    if (rects.back().y + rects.back().height <= bottom) return true;

    int limit = bottom;
    for (std::size_t i = rects.size(); i-- > 0;) {
        rects[i].y = std::min(rects[i].y, limit - rects[i].height);
        while (const LabelRect* met = first_met(rects[i], obstacles)) rects[i].y = met->y - in.spacing - rects[i].height;
        if (rects[i].y < top) return false;
        limit = rects[i].y - in.spacing;
    }
    return true;
}

/// Rule 5. Gives back the indices it could not hold.
std::vector<std::size_t> set_column(const LabelLayoutInput& in, const std::vector<LabelRect>& obstacles, LabelSide side,
                                    std::vector<std::size_t> members, std::vector<LabelPlacement>& placements) {
    std::vector<std::size_t> left_over;
    std::sort(members.begin(), members.end(),
              [&](std::size_t a, std::size_t b) { return std::pair(in.labels[a].anchor_y, a) < std::pair(in.labels[b].anchor_y, b); });
    while (!members.empty()) {
        std::vector<LabelRect> rects;
        std::vector<int> wishes;
        for (const std::size_t i : members) {
            const LabelInput& label = in.labels[i];
            rects.push_back({column_x(in, label, side), 0, label.width, label.height});
            wishes.push_back(label.anchor_y - half(label.height));
        }
        if (try_column(in, obstacles, wishes, rects)) {
            for (std::size_t k = 0; k < members.size(); ++k) placements[members[k]] = {true, side, rects[k].x, rects[k].y};
            break;
        }
        const auto last = std::max_element(members.begin(), members.end());
        left_over.push_back(*last);
        members.erase(last);
    }
    return left_over;
}

}  // namespace

std::vector<LabelPlacement> layout_labels(const LabelLayoutInput& in) {
    std::vector<LabelPlacement> placements(in.labels.size());
    std::vector<std::size_t> left, right;
    for (std::size_t i = 0; i < in.labels.size(); ++i) {
        const LabelInput& label = in.labels[i];
        if (label.width > in.bounds.width || label.height > in.bounds.height) continue;
        (choose_side(in, label) == LabelSide::left ? left : right).push_back(i);
    }
    const LabelSide first = right.size() > left.size() ? LabelSide::right : LabelSide::left;
    const LabelSide second = first == LabelSide::left ? LabelSide::right : LabelSide::left;
    if (first == LabelSide::right) std::swap(left, right);  // left now means the first column

    std::vector<LabelRect> obstacles = in.obstacles;
    const std::vector<std::size_t> moved = set_column(in, obstacles, first, left, placements);
    for (const std::size_t i : left)
        if (placements[i].shown) obstacles.push_back({placements[i].x, placements[i].y, in.labels[i].width, in.labels[i].height});
    right.insert(right.end(), moved.begin(), moved.end());
    set_column(in, obstacles, second, right, placements);
    return placements;
}

}  // namespace vitrine
