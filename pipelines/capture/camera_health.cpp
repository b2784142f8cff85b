#include "pipelines/capture/camera_health.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vitrine {
namespace {

constexpr Nanoseconds second = 1'000'000'000;

std::string seconds(Nanoseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(time) / 1e9);
    return text;
}

}  // namespace

CameraHealth::CameraHealth(HealthLimits limits) : limits_(limits), backoff_(limits.retry_first, limits.retry_most) {}

void CameraHealth::opened(Nanoseconds now) {
    phase_ = Phase::opening;
    opened_at_ = now;
    answered_ = false;
    stillness_.reconnected();
}

void CameraHealth::answered() { answered_ = true; }

bool CameraHealth::picture(Nanoseconds now, bool repeated) {
    if (phase_ == Phase::waiting || phase_ == Phase::over) return false;  // of a source that is being given up
    if (phase_ == Phase::running) {
        const Nanoseconds gap = std::min(now - last_picture_, 5 * second);
        period_ = period_ == 0 ? gap : (3 * period_ + gap) / 4;
    }
    phase_ = Phase::running;
    last_picture_ = now;
    stillness_.see(now, repeated);
    if (mask_bad_) {
        if (now < mask_until_) return false;
        mask_bad_ = false;
    }
    if (stillness_.frozen(now, freeze_limit())) return false;
    if (state_ != CameraState::live) {
        state_ = CameraState::live;
        detail_.clear();
        live_since_ = now;
    }
    return true;
}

void CameraHealth::mask_failed(Nanoseconds now, std::string sentence) {
    if (phase_ == Phase::waiting || phase_ == Phase::over) return;
    phase_ = Phase::running;
    last_picture_ = now;
    mask_bad_ = true;
    mask_until_ = now + limits_.mask_hold;
    mask_detail_ = "The privacy mask could not be applied, so the picture is withheld: " + std::move(sentence);
    fall(CameraState::mask_failed, mask_detail_);
}

void CameraHealth::broken(Nanoseconds now, std::string sentence) {
    if (phase_ == Phase::waiting || phase_ == Phase::over) return;
    close_ = true;
    retry(now);
    fall(CameraState::lost, std::move(sentence) + " Trying again in " + seconds(next_try_ - now) + ".");
}

void CameraHealth::ended(Nanoseconds now, bool final) {
    if (phase_ == Phase::waiting || phase_ == Phase::over) return;
    if (phase_ == Phase::opening) return broken(now, "The source ended before its first picture.");
    close_ = true;
    phase_ = final ? Phase::over : Phase::waiting;
    next_try_ = now;
    if (final) fall(CameraState::lost, "The clip has been played to its end.");
}

Nanoseconds CameraHealth::silence_limit() const { return std::max(limits_.lost_after, std::min(period_ * 5 / 2, 5 * second)); }

Nanoseconds CameraHealth::freeze_limit() const { return std::max(limits_.freeze_after, std::min(period_ * 5, 10 * second)); }

void CameraHealth::retry(Nanoseconds now) {
    if (state_ == CameraState::live && now - live_since_ >= limits_.steady_after) backoff_.reset();
    phase_ = Phase::waiting;
    next_try_ = now + backoff_.next();
}

void CameraHealth::fall(CameraState state, std::string detail) {
    state_ = state;
    detail_ = std::move(detail);
}

CameraHealth::Look CameraHealth::look(Nanoseconds now) {
    Nanoseconds again = now + second;
    const auto at = [&](Nanoseconds time) { again = std::min(again, std::max(time, now + 1'000'000)); };

    if (state_ == CameraState::live && now - live_since_ >= limits_.steady_after) backoff_.reset();
    const Nanoseconds silent = now - last_picture_;
    if (state_ == CameraState::live && phase_ != Phase::over) {
        if (silent >= silence_limit())
            fall(CameraState::lost, "No picture for " + seconds(silence_limit()) + "; waiting for the next.");
        else
            at(last_picture_ + silence_limit());
    }
    switch (phase_) {
        case Phase::running:
            if (silent >= freeze_limit()) {
                close_ = true;
                retry(now);
                fall(CameraState::frozen, "The camera stopped sending pictures. Connecting again.");
            } else if (stillness_.frozen(now, freeze_limit())) {
                at(last_picture_ + freeze_limit());
                if (state_ == CameraState::live || now - opened_at_ >= 2 * freeze_limit() + second) {
                    close_ = true;
                    retry(now);
                    fall(CameraState::frozen, "The camera repeats one picture. Connecting again until it moves.");
                }
            } else {
                at(last_picture_ + freeze_limit());
            }
            break;
        case Phase::opening: {
            const Nanoseconds limit = answered_ ? limits_.picture_within : limits_.answer_within;
            if (now - opened_at_ >= limit) {
                broken(now, answered_ ? "The source sends, but no picture came out of it." : "The source does not answer.");
            } else {
                at(opened_at_ + limit);
            }
            break;
        }
        case Phase::waiting:
        case Phase::over:
            break;
    }
    Look look;
    look.close = std::exchange(close_, false);
    look.open = phase_ == Phase::waiting && now >= next_try_ && !look.close;
    if (phase_ == Phase::waiting) at(next_try_);
    if (mask_bad_) at(mask_until_);
    look.state = state_;
    look.detail = detail_;
    look.again = again;
    return look;
}

}  // namespace vitrine
