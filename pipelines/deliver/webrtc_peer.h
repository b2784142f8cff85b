#pragma once
// One WebRTC viewer: webrtcbin in a pipeline of its own behind bounded taps, so that it can stall or die alone. Sends only. The first
// video sent is a keyframe. Frames are dropped, never queued past 0.5 s, and after a drop sending resumes at a keyframe.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/media.h"

namespace vitrine {

struct PeerStats {
    std::uint64_t frames_sent = 0, frames_dropped = 0, bytes_sent = 0, nacks = 0, plis = 0;
    double rtt_ms = 0, loss = 0;
    bool connected = false;
};

class WebRtcPeer {
  public:
    struct Sources {
        std::shared_ptr<EncodedTap> video, audio;
        std::function<void()> request_keyframe;
        Nanoseconds epoch = 0;
        std::vector<std::string> stun_servers;
    };
    /// None is called once destruction has begun.
    struct Callbacks {
        /// Exactly once, on any thread: the answer with all candidates, or why there is none (bad_input: the offer's fault).
        std::function<void(Result<std::string>)> answer;
        /// At most once, on any thread: the peer is dead (ICE failed, DTLS closed, or silent for `dead_after`). The owner then destroys it,
        /// from another thread.
        std::function<void(std::string why)> gone;
        /// Scene frames by RTP time for browsers without encoded transforms; only while want_scenes(true).
        std::function<void(std::uint32_t rtp_time, std::shared_ptr<const SceneFrame>)> scene;
    };
    /// Starts negotiating at once. `offer` has passed the WHEP checks.
    static std::shared_ptr<WebRtcPeer> create(std::string offer, Sources sources, Callbacks callbacks,
                                              Nanoseconds dead_after = 10'000'000'000, Nanoseconds connect_within = 10'000'000'000);
    /// Stops sending and frees every thread and descriptor before it returns.
    virtual ~WebRtcPeer() = default;
    /// Thread-safe. One candidate line "candidate:…" for m-line `mline`; unusable ones (mDNS, TCP) are dropped silently.
    virtual void add_candidate(unsigned mline, const std::string& candidate) = 0;
    virtual void want_scenes(bool want) = 0;
    virtual PeerStats stats() const = 0;
    /// The viewer's ICE user fragment, from its offer: a PATCH that names another one asks for an ICE restart. Empty before the answer.
    virtual std::string remote_ufrag() const = 0;
};

}  // namespace vitrine
