#pragma once
// What state a camera is in and what to do next, as a pure function of what happened and when: no threads, no clock. Its owner
// serialises the calls.
//
//   connecting/lost/frozen --first picture--> live       (frozen by repetition: only once the pictures move)
//   live --no picture for lost_after--> lost --for freeze_after--> frozen: close, open again
//   live --pictures repeat for freeze_after--> frozen: close, open again
//   any  --the source breaks off--> lost: open again after the back-off
//   any  --a mask fails--> mask_failed until no mask has failed for mask_hold
// A source slower than three pictures in lost_after gets 2.5 of its own periods instead, up to 5 s.

#include <string>

#include "engine/snapshot.h"
#include "pipelines/capture/backoff.h"
#include "pipelines/capture/stillness.h"

namespace vitrine {

struct HealthLimits {
    Nanoseconds lost_after = 700'000'000;
    Nanoseconds freeze_after = 1'500'000'000;
    Nanoseconds retry_first = 250'000'000;
    Nanoseconds retry_most = 1'000'000'000;
    Nanoseconds mask_hold = 1'000'000'000;
    Nanoseconds answer_within = 2'500'000'000;    ///< a source that has sent nothing at all by then is tried again
    Nanoseconds picture_within = 15'000'000'000;  ///< one that sends, but no picture (long keyframe distance)
    Nanoseconds steady_after = 5'000'000'000;     ///< live for so long: the back-off starts from the beginning
};

class CameraHealth {
  public:
    explicit CameraHealth(HealthLimits limits);

    /// A source has been asked to open.
    void opened(Nanoseconds now);
    /// It sends something, though perhaps not a picture yet.
    void answered();
    /// A masked picture arrived; whether it may be shown.
    bool picture(Nanoseconds now, bool repeated);
    /// The picture was thrown away.
    void mask_failed(Nanoseconds now, std::string sentence);
    /// The source broke off; `sentence` says why, ending in a full stop.
    void broken(Nanoseconds now, std::string sentence);
    /// The source came to its planned end: it is opened again at once, as the same stream, unless it is `final`.
    void ended(Nanoseconds now, bool final);

    struct Look {
        CameraState state = CameraState::connecting;
        std::string detail;     ///< empty when live
        bool close = false;     ///< give the source up now
        bool open = false;      ///< ask a new one to open now, then call opened()
        Nanoseconds again = 0;  ///< look again then at the latest
    };
    /// What holds at `now`, and what the owner must do.
    Look look(Nanoseconds now);
    CameraState state() const { return state_; }

  private:
    enum class Phase { waiting, opening, running, over };
    Nanoseconds silence_limit() const;
    Nanoseconds freeze_limit() const;
    void retry(Nanoseconds now);
    void fall(CameraState state, std::string detail);

    HealthLimits limits_;
    Backoff backoff_;
    Stillness stillness_;
    CameraState state_ = CameraState::connecting;
    std::string detail_ = "Connecting.";
    Phase phase_ = Phase::waiting;
    bool answered_ = false, close_ = false;
    Nanoseconds next_try_ = 0, opened_at_ = 0, last_picture_ = 0, live_since_ = 0, period_ = 0;
    Nanoseconds mask_until_ = 0;
    bool mask_bad_ = false;
    std::string mask_detail_;
};

}  // namespace vitrine
