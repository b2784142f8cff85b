#include "tools/panel/hand.h"

#include <algorithm>
#include <cmath>

namespace vitrine::panel {
namespace {

constexpr double after_scrolling_s = 0.3;  // lists come to rest a frame or two after the wheel

}  // namespace

void Hand::begin_frame(double now, float pointer_x, float pointer_y, float reach, bool scrolled, bool focus_shown) {
    before_.swap(now_places_);
    now_places_.clear();
    now_ = now;
    x_ = pointer_x, y_ = pointer_y, reach_ = reach;
    if (scrolled) scrolled_at_ = now;
    in_field_ = false;
    focus_shown_ = focus_shown;
}

void Hand::end_frame(bool clicked, bool escaped) {
    if ((clicked && !in_field_) || escaped) typing_ = false;
}

bool Hand::settled(float x, float y, float w, float h, const std::string& what) {
    const auto same = std::find_if(before_.begin(), before_.end(), [&](const Place& p) {
        const float wide = std::min(x + w, p.x + p.w) - std::max(x, p.x), high = std::min(y + h, p.y + p.h) - std::max(y, p.y);
        return p.what == what && wide * 2 > std::min(w, p.w) && high * 2 > std::min(h, p.h);
    });
    const bool near = x_ > x - reach_ && x_ < x + w + reach_ && y_ > y - reach_ && y_ < y + h + reach_;
    // What the wheel has brought was there and has gone up or down; what has come about meanwhile is as new as ever.
    const bool by_wheel =
        scrolled_at_ >= 0 && now_ - scrolled_at_ < after_scrolling_s && std::any_of(before_.begin(), before_.end(), [&](const Place& p) {
            return p.what == what && std::abs(p.x - x) < 1 && std::abs(p.w - w) < 1 && std::abs(p.h - h) < 1;
        });
    // One that has moved in under the pointer is as new to it as another.
    const auto under = [&](float left, float top, float wide, float high) {
        return x_ >= left && x_ < left + wide && y_ >= top && y_ < top + high;
    };
    const bool stayed = same != before_.end() && (under(same->x, same->y, same->w, same->h) || !under(x, y, w, h));
    const double since = stayed ? same->since : near && !by_wheel ? now_ : now_ - settled_after_s;
    now_places_.push_back({x, y, w, h, what, since});
    return now_ - since >= settled_after_s - 1e-6;
}

}  // namespace vitrine::panel
