#include "pipelines/deliver/web/peer_keeper.h"

#include "engine/log.h"
#include "pipelines/deliver/web/descriptors.h"

namespace vitrine::web {

PeerKeeper::PeerKeeper(PeerFactory factory, WebRtcPeer::Sources sources, std::function<void(std::function<void()>)> post, Events events)
    : factory_(std::move(factory)),
      sources_(std::move(sources)),
      post_(std::move(post)),
      events_(std::move(events)),
      reapers_(std::make_unique<WorkThreads>(4)),
      maker_(std::make_unique<WorkThreads>(1)) {}

PeerKeeper::~PeerKeeper() {
    *alive_ = false;
    maker_.reset();
    collect();
    for (auto& [id, peer] : peers_) reap(std::move(peer.made));
    peers_.clear();
    reapers_.reset();
}

void PeerKeeper::open(const std::string& id, std::string offer) {
    peers_.emplace(id, Peer{});
    // Posted functions run on the net thread, where this object lives: `alive` read there tells whether it still does.
    auto post_event = [post = post_, alive = alive_](std::function<void()> event) {
        post([alive, event = std::move(event)] {
            if (*alive) event();
        });
    };
    WebRtcPeer::Callbacks callbacks;
    callbacks.answer = [this, id, post_event](Result<std::string> answer) {
        post_event([this, id, answer = std::move(answer)]() mutable { events_.answered(id, std::move(answer)); });
    };
    callbacks.gone = [this, id, post_event](std::string why) { post_event([this, id, why = std::move(why)] { events_.gone(id, why); }); };
    callbacks.scene = [this, id, post_event](std::uint32_t rtp_time, std::shared_ptr<const SceneFrame> scene) {
        post_event([this, id, rtp_time, scene = std::move(scene)] { events_.scene(id, rtp_time, scene); });
    };
    maker_->post([this, id, offer = std::move(offer), callbacks = std::move(callbacks), post_event]() mutable {
        std::shared_ptr<WebRtcPeer> peer;
        if (*alive_ && !descriptors_for_a_stream())
            return callbacks.answer(fail("The show is full; try again in a moment.", ErrorKind::missing));
        if (*alive_) {
            try {
                peer = factory_(std::move(offer), sources_, callbacks);
            } catch (const std::exception& problem) {
                log::error("web", "A stream could not be made.", {{"what", problem.what()}});
            }
        }
        if (!peer) return callbacks.answer(fail("The stream could not be set up; try again."));
        {
            std::lock_guard lock(made_mutex_);
            made_.emplace_back(id, std::move(peer));
        }
        post_event([this] { collect(); });
    });
}

void PeerKeeper::collect() {
    std::vector<std::pair<std::string, std::shared_ptr<WebRtcPeer>>> made;
    {
        std::lock_guard lock(made_mutex_);
        made.swap(made_);
    }
    for (auto& [id, peer] : made) {
        const auto found = peers_.find(id);
        if (found == peers_.end()) {
            reap(std::move(peer));
            continue;
        }
        for (const auto& [mline, candidate] : found->second.candidates) peer->add_candidate(mline, candidate);
        found->second.candidates.clear();
        if (found->second.wants_scenes) peer->want_scenes(true);
        found->second.made = std::move(peer);
    }
}

void PeerKeeper::reap(std::shared_ptr<WebRtcPeer> peer) {
    if (peer) reapers_->post([peer = std::move(peer)]() mutable { peer.reset(); });
}

void PeerKeeper::forget(Peer& peer) {
    if (!peer.made) return;
    const PeerStats stats = peer.made->stats();
    left_.frames += stats.frames_sent;
    left_.dropped += stats.frames_dropped;
    left_.bytes += stats.bytes_sent;
    left_.nacks += stats.nacks;
    left_.plis += stats.plis;
    reap(std::move(peer.made));
}

void PeerKeeper::close(const std::string& id) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    forget(found->second);
    peers_.erase(found);
}

bool PeerKeeper::connected(const std::string& id) const {
    const auto found = peers_.find(id);
    return found != peers_.end() && found->second.made && found->second.made->stats().connected;
}

void PeerKeeper::add_candidate(const std::string& id, unsigned mline, const std::string& candidate) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    if (found->second.made) {
        found->second.made->add_candidate(mline, candidate);
    } else {
        found->second.candidates.emplace_back(mline, candidate);
    }
}

void PeerKeeper::want_scenes(const std::string& id, bool want) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    found->second.wants_scenes = want;
    if (found->second.made) found->second.made->want_scenes(want);
}

void PeerKeeper::measure(Nanoseconds now) {
    Totals sum = left_;
    for (auto& [id, peer] : peers_) {
        ++sum.peers;
        if (!peer.made) continue;
        const PeerStats stats = peer.made->stats();
        if (stats.connected) ++sum.connected;
        sum.frames += stats.frames_sent;
        sum.dropped += stats.frames_dropped;
        sum.bytes += stats.bytes_sent;
        sum.nacks += stats.nacks;
        sum.plis += stats.plis;
    }
    const double seconds = static_cast<double>(now - measured_) / 1e9;
    if (measured_ > 0 && seconds > 0 && sum.bytes >= measured_bytes_)
        sum.bitrate_kbps = static_cast<double>(sum.bytes - measured_bytes_) * 8 / 1000 / seconds;
    measured_ = now;
    measured_bytes_ = sum.bytes;
    totals_ = sum;
}

}  // namespace vitrine::web
