#pragma once
// One negotiated webrtcbin: the graph of a viewer, without its pace. Thread-bound to the peer's thread, but for add_candidate(). Events
// come on webrtcbin's threads, with no lock held, and may still come until the destructor has returned.
//
//   appsrc ! rtph264pay ! webrtcbin        appsrc ! rtpopuspay ! webrtcbin

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "pipelines/deliver/webrtc_peer_offer.h"
#include "pipelines/deliver/webrtc_peer_stats.h"
#include "pipelines/gst.h"
#include "pipelines/media.h"

namespace vitrine {

class WebRtcSession {
  public:
    struct Events {
        std::function<void()> connected;          ///< ICE and DTLS are done
        std::function<void(std::string)> closed;  ///< ICE failed, DTLS closed or an element failed; may come more than once
        std::function<void()> keyframe;           ///< PLI or FIR
    };
    static Result<std::unique_ptr<WebRtcSession>> open(ReducedOffer offer, Nanoseconds epoch, const std::vector<std::string>& stun_servers,
                                                       Events events);
    ~WebRtcSession();

    /// Waits for webrtcbin and, at most `gather_within`, for its candidates; `stopped` ends the waiting early.
    Result<std::string> answer(std::chrono::milliseconds gather_within, const std::function<bool()>& stopped);
    /// Thread-safe. After answer(). Those that ice_reach does not admit are dropped: the viewer's own packets will show where it is.
    void add_candidate(unsigned mline, const std::string& candidate);

    bool has_video() const { return video_.source.get() != nullptr; }
    bool has_audio() const { return audio_.source.get() != nullptr; }
    /// False: the network side is behind and took nothing.
    bool push_video(const EncodedUnit& unit);
    bool push_audio(const EncodedUnit& unit);
    /// The RTP time stamp that a video unit of that show time is sent with.
    std::uint32_t video_rtp_time(Nanoseconds pts) const;
    RtpWatch& watch() { return *watch_; }

  private:
    struct Wire;
    struct Branch {
        gst::Ref<GstElement> source;
        std::uint32_t ssrc = 0, timestamp_offset = 0;
    };
    WebRtcSession() = default;
    Result<void> attach(const OfferedMedia& media, Branch& branch);

    ReducedOffer offer_;
    std::unique_ptr<gst::Pipeline> pipeline_;
    gst::Ref<GstElement> webrtc_;
    Branch video_, audio_;
    std::shared_ptr<Wire> wire_;
    std::unique_ptr<RtpWatch> watch_;
};

}  // namespace vitrine
