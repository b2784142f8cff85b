#pragma once
// A peer without media: answers as it is told and remembers what was asked of it.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipelines/deliver/web/peer_keeper.h"

namespace vitrine::test {

inline const std::string fake_answer =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n";

/// Everything about the fake peers of one test; thread-safe.
class PeerStage {
  public:
    enum class Manner { answers, refuses, fails, silent };
    std::atomic<Manner> manner{Manner::answers};
    std::atomic<bool> connects{true};
    std::atomic<int> made{0}, destroyed{0}, scenes_wanted{0};

    void note_candidate(std::string candidate) {
        std::lock_guard lock(mutex_);
        candidates_.push_back(std::move(candidate));
    }
    std::vector<std::string> candidates() const {
        std::lock_guard lock(mutex_);
        return candidates_;
    }
    void keep(const WebRtcPeer::Callbacks& callbacks) {
        std::lock_guard lock(mutex_);
        callbacks_ = callbacks;
    }
    /// Of the newest peer.
    WebRtcPeer::Callbacks callbacks() const {
        std::lock_guard lock(mutex_);
        return callbacks_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> candidates_;
    WebRtcPeer::Callbacks callbacks_;
};

class FakePeer final : public WebRtcPeer {
  public:
    explicit FakePeer(std::shared_ptr<PeerStage> stage) : stage_(std::move(stage)) { ++stage_->made; }
    ~FakePeer() override { ++stage_->destroyed; }
    void add_candidate(unsigned mline, const std::string& candidate) override {
        stage_->note_candidate(std::to_string(mline) + " " + candidate);
    }
    void want_scenes(bool want) override { stage_->scenes_wanted += want ? 1 : -1; }
    PeerStats stats() const override {
        PeerStats stats;
        stats.frames_sent = 100;
        stats.frames_dropped = 3;
        stats.bytes_sent = 50'000;
        stats.connected = stage_->connects;
        return stats;
    }
    std::string remote_ufrag() const override { return "EsAw"; }

  private:
    std::shared_ptr<PeerStage> stage_;
};

inline web::PeerFactory fake_peers(std::shared_ptr<PeerStage> stage) {
    return [stage](std::string, WebRtcPeer::Sources, WebRtcPeer::Callbacks callbacks) -> std::shared_ptr<WebRtcPeer> {
        auto peer = std::make_shared<FakePeer>(stage);
        stage->keep(callbacks);
        switch (stage->manner) {
            case PeerStage::Manner::answers:
                callbacks.answer(fake_answer);
                break;
            case PeerStage::Manner::refuses:
                callbacks.answer(fail("The offer accepts no codec of ours.", ErrorKind::bad_input));
                break;
            case PeerStage::Manner::fails:
                callbacks.answer(fail("No pipeline."));
                break;
            case PeerStage::Manner::silent:
                break;
        }
        return peer;
    };
}

}  // namespace vitrine::test
