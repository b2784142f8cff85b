#include "overlays/painting/picture_place.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace vitrine {

std::int64_t shared_area(const LabelRect& a, const LabelRect& b) {
    const std::int64_t w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x),
                       h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0;
}

std::vector<LabelRect> insets_of(const SceneFrame& scene, int width, int height) {
    std::vector<LabelRect> insets;
    for (std::size_t i = 1; i < scene.sources.size(); ++i) {
        const SceneSource& source = scene.sources[i];
        const auto& r = source.rect;
        if (source.opacity < 0.05F || !(r[2] > 0 && r[3] > 0) || r[2] * r[3] > 0.5F) continue;
        const auto holds = [&](const SceneSource& behind) {
            const auto& b = behind.rect;
            return b[2] * b[3] > 1.5F * r[2] * r[3] && b[0] <= r[0] + 0.01F && b[1] <= r[1] + 0.01F && b[0] + b[2] >= r[0] + r[2] - 0.01F &&
                   b[1] + b[3] >= r[1] + r[3] - 0.01F;
        };
        if (std::none_of(scene.sources.begin(), scene.sources.begin() + static_cast<std::ptrdiff_t>(i), holds)) continue;
        const auto px = [](float v, int size) {
            return static_cast<int>(std::lround(std::clamp(v, -2.0F, 2.0F) * static_cast<float>(size)));
        };
        insets.push_back({px(r[0], width), px(r[1], height), px(r[2], width), px(r[3], height)});
    }
    return insets;
}

LabelRect free_part(const LabelRect& column, const std::vector<LabelRect>& taken, int spacing) {
    std::vector<std::pair<int, int>> blocked;
    for (const LabelRect& t : taken)
        if (t.width > 0 && t.height > 0 && t.x < column.x + column.width + spacing && column.x < t.x + t.width + spacing)
            blocked.emplace_back(t.y - spacing, t.y + t.height + spacing);
    std::sort(blocked.begin(), blocked.end());
    LabelRect best{column.x, column.y, column.width, 0};
    const auto consider = [&](int top, int bottom) {
        top = (top + 1) & ~1;
        const int height = (std::min(bottom, column.y + column.height) - top) & ~1;
        if (height > best.height) best = {column.x, top, column.width, height};
    };
    int top = column.y;
    for (const auto& [from, to] : blocked) {
        consider(top, from);
        top = std::max(top, to);
    }
    consider(top, column.y + column.height);
    return best;
}

std::uint8_t Fade::next(bool visible) {
    const int wanted = visible ? 255 : 0;
    opacity_ = fresh_ ? wanted : std::clamp(wanted, opacity_ - 51, opacity_ + 51);
    fresh_ = false;
    return static_cast<std::uint8_t>(opacity_);
}

std::pair<bool, std::uint8_t> CardSide::next(const std::optional<LabelRect>& product, const LabelRect& at_end, const LabelRect& at_start,
                                             bool home_is_end) {
    const LabelRect behind = product.value_or(LabelRect{});
    const std::int64_t area = std::max<std::int64_t>(1, std::int64_t{behind.width} * behind.height);
    const std::int64_t here = shared_area(behind, at_end_ ? at_end : at_start), there = shared_area(behind, at_end_ ? at_start : at_end);
    const bool crowded = here * 8 > area && there * 2 < here, away = at_end_ != home_is_end, home_is_clear = away && there == 0;
    if (fresh_ && (crowded || home_is_clear)) at_end_ = !at_end_;  // nothing shown yet: no need to wait
    crowded_ = crowded && !fresh_ ? crowded_ + 1 : 0;
    clear_ = home_is_clear && !fresh_ ? clear_ + 1 : 0;
    if (product) fresh_ = false;
    if (!leaving_) leaving_ = crowded_ >= patience || clear_ >= longing;
    if (leaving_ && opacity_ == 0) {
        // Decided anew: while it faded the product may have gone the other way.
        if (crowded || home_is_clear) at_end_ = !at_end_;
        leaving_ = false;
        crowded_ = clear_ = 0;
    }
    opacity_ = std::clamp(leaving_ ? opacity_ - out : opacity_ + in, 0, 255);
    return {at_end_, static_cast<std::uint8_t>(opacity_)};
}

SpritePlace RestingPlace::next(SpritePlace wanted) {
    constexpr int steps = SpritePlace::steps, tremble = steps / 8, leaves = steps * 3 / 4;
    const auto nearest = [](SpritePlace p) { return SpritePlace{(p.x + steps / 2) & ~(steps - 1), (p.y + steps / 2) & ~(steps - 1)}; };
    const auto apart = [](SpritePlace a, SpritePlace b, int most) { return std::abs(a.x - b.x) > most || std::abs(a.y - b.y) > most; };
    const auto towards = [](int from, int to) { return from + std::clamp(to - from, -1, 1); };
    if (fresh_) {
        fresh_ = false;
        reference_ = before_ = wanted;
        return drawn_ = rest_ = nearest(wanted);
    }
    if (apart(wanted, reference_, tremble)) {
        reference_ = wanted;
        still_ = 0;
    } else {
        ++still_;
    }
    if (resting_ && apart(wanted, rest_, leaves)) {
        resting_ = false;
        still_ = 0;
    } else if (!resting_ && still_ >= patience) {
        resting_ = true;
        rest_ = nearest(wanted);
    }
    if (!resting_) drawn_ = {drawn_.x + wanted.x - before_.x, drawn_.y + wanted.y - before_.y};
    const SpritePlace goal = resting_ ? rest_ : wanted;
    drawn_ = {towards(drawn_.x, goal.x), towards(drawn_.y, goal.y)};
    before_ = wanted;
    return drawn_;
}

}  // namespace vitrine
