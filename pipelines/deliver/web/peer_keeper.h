#pragma once
// Holds the WebRTC peers by id. Used on the net thread only; peers are made and destroyed on threads of its own, because both may block.
// A peer's callbacks come on any thread and reach the events below on the net thread.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/snapshot.h"
#include "pipelines/deliver/web/work_thread.h"
#include "pipelines/deliver/webrtc_peer.h"

namespace vitrine::web {

using PeerFactory = std::function<std::shared_ptr<WebRtcPeer>(std::string offer, WebRtcPeer::Sources, WebRtcPeer::Callbacks)>;

class PeerKeeper {
  public:
    struct Events {
        std::function<void(const std::string& id, Result<std::string>)> answered;
        std::function<void(const std::string& id, const std::string& why)> gone;
        std::function<void(const std::string& id, std::uint32_t rtp_time, std::shared_ptr<const SceneFrame>)> scene;
    };
    /// `post` runs a function on the net thread, from any thread.
    PeerKeeper(PeerFactory factory, WebRtcPeer::Sources sources, std::function<void(std::function<void()>)> post, Events events);
    /// Waits until every peer is destroyed; no event comes any more.
    ~PeerKeeper();

    void open(const std::string& id, std::string offer);
    void close(const std::string& id);
    bool connected(const std::string& id) const;
    void add_candidate(const std::string& id, unsigned mline, const std::string& candidate);
    void want_scenes(const std::string& id, bool want);

    /// Sums over the peers there are and were; call about once a second for the bit rate.
    void measure(Nanoseconds now);
    struct Totals {
        int peers = 0, connected = 0;
        std::uint64_t frames = 0, dropped = 0, bytes = 0, nacks = 0, plis = 0;
        double bitrate_kbps = 0;
    };
    const Totals& totals() const { return totals_; }

  private:
    struct Peer {
        std::shared_ptr<WebRtcPeer> made;                          ///< null while it is being made
        std::vector<std::pair<unsigned, std::string>> candidates;  ///< came before it was made
        bool wants_scenes = false;
    };
    void collect();
    void reap(std::shared_ptr<WebRtcPeer> peer);
    void forget(Peer& peer);

    PeerFactory factory_;
    WebRtcPeer::Sources sources_;
    std::function<void(std::function<void()>)> post_;
    Events events_;
    std::map<std::string, Peer> peers_;
    Totals totals_, left_;
    Nanoseconds measured_ = 0;
    std::uint64_t measured_bytes_ = 0;

    std::mutex made_mutex_;  ///< guards made_
    std::vector<std::pair<std::string, std::shared_ptr<WebRtcPeer>>> made_;
    std::shared_ptr<std::atomic<bool>> alive_ = std::make_shared<std::atomic<bool>>(true);
    std::unique_ptr<WorkThreads> reapers_, maker_;
};

}  // namespace vitrine::web
