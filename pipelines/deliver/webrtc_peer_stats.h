#pragma once
// What the viewer's RTCP tells: that it is alive, what it asks for, how the network treats it. webrtcbin 1.22 has no consent freshness
// (RFC 7675), so silence of RTCP is how a dead viewer is noticed. Thread-safe.

#include <atomic>
#include <memory>

#include "engine/clock.h"
#include "pipelines/gst.h"

namespace vitrine {

class RtpWatch {
  public:
    /// `webrtc` has a local description: its RTP session exists.
    explicit RtpWatch(GstElement* webrtc);
    ~RtpWatch();

    /// When RTCP last came, monotonic; 0: never.
    Nanoseconds last_heard() const { return seen_->last_heard; }
    std::uint64_t nacks() const { return seen_->nacks; }  ///< packets asked for again
    std::uint64_t plis() const { return seen_->plis; }    ///< PLI and FIR
    struct Path {
        double rtt_ms = 0, loss = 0;  ///< the newest receiver report's; loss 0…1
    };
    Path path() const;

  private:
    struct Seen {
        std::atomic<Nanoseconds> last_heard{0};
        std::atomic<std::uint64_t> nacks{0}, plis{0};
    };
    std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
    GObject* session_ = nullptr;
    gulong rtcp_ = 0, feedback_ = 0;
};

}  // namespace vitrine
