#include "overlays/ar/model_motion.h"

#include <algorithm>

namespace vitrine {

float Eased::towards(float wanted, std::int64_t now_us) {
    if (fresh_) {
        fresh_ = false;
        from_ = to_ = value_ = wanted;
    }
    if (wanted != to_) {
        from_ = value_;
        to_ = wanted;
        began_us_ = now_us;
    }
    const float t = std::clamp(static_cast<float>(now_us - began_us_) / static_cast<float>(duration_us_), 0.0F, 1.0F);
    value_ = t >= 1 ? to_ : from_ + (to_ - from_) * t * t * (3 - 2 * t);
    return value_;
}

ModelMotion::Now ModelMotion::next(const ModelState& state, std::int64_t now_us) {
    if (!begun_) {
        begun_ = true;
        presence_.towards(0, now_us);  // so that the first showing fades in
    }
    const Now now{presence_.towards(state.shown ? 1.0F : 0.0F, now_us), explode_.towards(state.explode, now_us)};
    return now;
}

}  // namespace vitrine
