#include "pipelines/deliver/webrtc_peer.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"
#include "pipelines/deliver/webrtc_peer_session.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t video_waiting = 15;  ///< 0.5 s at 30 fps
constexpr std::size_t audio_waiting = 50;  ///< 0.5 s of 10 ms packets
constexpr auto gather_within = 2000ms;
constexpr auto pace = 10ms;  ///< longest wait for video before sound and timers get their turn

/// Threads: one of its own (negotiate, then feed and watch); webrtcbin's call the event handlers below; anybody calls the public methods.
class Peer final : public WebRtcPeer {
  public:
    Peer(Sources sources, Callbacks callbacks, Nanoseconds dead_after, Nanoseconds connect_within)
        : sources_(std::move(sources)), callbacks_(std::move(callbacks)), dead_after_(dead_after), connect_within_(connect_within) {}

    void start(std::string offer) {
        thread_ = barrier::thread(
            "viewer",
            [this, offer = std::move(offer)] {
                if (!barrier::run("viewer work", [&] { work(offer); })) give_up();
            },
            barrier::AfterThrow::end);
    }

    ~Peer() override {
        stop_ = true;
        if (video_) video_->close();
        thread_.join();
        session_.reset();
    }

    void add_candidate(unsigned mline, const std::string& candidate) override {
        if (!usable_candidate(candidate)) return;
        {
            std::lock_guard lock(mutex_);
            if (!negotiated_) {
                if (early_.size() < 20) early_.emplace_back(mline, candidate);
                return;
            }
        }
        session_->add_candidate(mline, candidate);
    }

    void want_scenes(bool want) override { want_scenes_ = want; }

    PeerStats stats() const override {
        PeerStats now;
        now.frames_sent = sent_;
        now.frames_dropped = dropped_;
        now.bytes_sent = bytes_;
        now.connected = connected_at_ != 0 && !gone_;
        std::lock_guard lock(mutex_);
        if (negotiated_) {
            now.nacks = session_->watch().nacks();
            now.plis = session_->watch().plis();
            now.rtt_ms = path_.rtt_ms;
            now.loss = path_.loss;
        }
        return now;
    }

    std::string remote_ufrag() const override {
        std::lock_guard lock(mutex_);
        return ufrag_;
    }

    /// Before start(): the readers keep the encoders running while the connection is made.
    void read() {
        if (sources_.video) video_ = sources_.video->read(video_waiting);
        if (sources_.audio) audio_ = sources_.audio->read(audio_waiting);
    }

  private:
    void work(const std::string& offer);
    /// Whoever waits for the answer, or takes the viewer for connected, is told.
    void give_up() {
        gone_ = true;
        if (!std::exchange(answered_, true)) {
            if (callbacks_.answer) callbacks_.answer(fail("The stream could not be set up; try again."));
        } else if (callbacks_.gone) {
            callbacks_.gone("its thread failed");
        }
    }
    Result<std::string> negotiate(const std::string& offer);
    void feed();
    void send_video(const EncodedUnit& unit);
    void drop() {
        ++dropped_;
        waiting_for_keyframe_ = true;
    }
    void ask_keyframe() {
        if (sources_.request_keyframe) sources_.request_keyframe();
    }
    void set_gone(const std::string& why) {
        std::lock_guard lock(mutex_);
        if (why_gone_.empty()) why_gone_ = why;
    }
    /// Why the viewer is gone, or nothing.
    std::string verdict();

    const Sources sources_;
    const Callbacks callbacks_;
    const Nanoseconds dead_after_, connect_within_;
    const Nanoseconds created_ = steady_now();
    std::shared_ptr<EncodedTap::Reader> video_, audio_;
    std::thread thread_;
    std::atomic<bool> stop_{false}, want_scenes_{false}, gone_{false};
    std::atomic<Nanoseconds> connected_at_{0};
    std::atomic<std::uint64_t> sent_{0}, dropped_{0}, bytes_{0};

    // Thread-bound to thread_.
    bool waiting_for_keyframe_ = true, answered_ = false;
    std::uint64_t lost_in_tap_ = 0;
    Nanoseconds asked_ = 0;

    mutable std::mutex mutex_;
    std::unique_ptr<WebRtcSession> session_;  ///< set once, before negotiated_
    bool negotiated_ = false;
    std::vector<std::pair<unsigned, std::string>> early_;
    std::string ufrag_, why_gone_;
    RtpWatch::Path path_;
};

void Peer::work(const std::string& offer) {
    auto answer = negotiate(offer);
    if (stop_) return;
    const bool accepted = answer.has_value();
    answered_ = true;
    if (callbacks_.answer) callbacks_.answer(std::move(answer));
    if (accepted) feed();
}

Result<std::string> Peer::negotiate(const std::string& offer) {
    auto reduced = reduce_offer(offer);
    if (!reduced) return tl::unexpected(reduced.error());
    const std::string ufrag = reduced->ufrag;
    auto session = WebRtcSession::open(std::move(*reduced), sources_.epoch, sources_.stun_servers,
                                       {.connected =
                                            [this] {
                                                Nanoseconds never = 0;
                                                connected_at_.compare_exchange_strong(never, steady_now());
                                            },
                                        .closed = [this](const std::string& why) { set_gone(why); },
                                        .keyframe = [this] { ask_keyframe(); }});
    if (!session) return tl::unexpected(session.error());
    session_ = std::move(*session);
    auto answer = session_->answer(gather_within, [this] { return stop_.load(); });
    if (!answer) return answer;
    std::vector<std::pair<unsigned, std::string>> early;
    {
        std::lock_guard lock(mutex_);
        negotiated_ = true;
        ufrag_ = ufrag;
        early.swap(early_);
    }
    for (const auto& [mline, candidate] : early) session_->add_candidate(mline, candidate);
    return answer;
}

std::string Peer::verdict() {
    {
        std::lock_guard lock(mutex_);
        if (!why_gone_.empty()) return why_gone_;
    }
    const Nanoseconds now = steady_now();
    const Nanoseconds connected = connected_at_;
    if (connected == 0) return now - created_ > connect_within_ ? "no connection was made in time" : "";
    return now - std::max(connected, session_->watch().last_heard()) > dead_after_ ? "nothing was heard from the viewer for too long" : "";
}

void Peer::feed() {
    Nanoseconds looked = 0;
    bool was_connected = false;
    while (!stop_) {
        std::optional<EncodedUnit> unit;
        if (video_)
            unit = video_->pop(pace);
        else
            std::this_thread::sleep_for(pace);
        const bool connected = connected_at_ != 0;
        if (connected && !was_connected) {
            was_connected = true;
            log::info("webrtc", "viewer connected", {{"after_ms", std::to_string((connected_at_ - created_) / 1'000'000)}});
            lost_in_tap_ = video_ ? video_->dropped() : 0;
            ask_keyframe();
            asked_ = steady_now();
        }
        if (unit && connected && session_->has_video()) send_video(*unit);
        while (audio_) {
            auto packet = audio_->try_pop();
            if (!packet) break;
            if (connected && session_->has_audio() && session_->push_audio(*packet)) bytes_ += gst_buffer_get_size(packet->buffer.get());
        }
        const Nanoseconds now = steady_now();
        if (now - looked > 1'000'000'000) {
            looked = now;
            const auto path = session_->watch().path();
            std::lock_guard lock(mutex_);
            path_ = path;
        }
        if (const std::string why = verdict(); !why.empty()) {
            gone_ = true;
            log::info("webrtc", "viewer gone", {{"reason", why}});
            if (callbacks_.gone) callbacks_.gone(why);
            return;
        }
    }
}

void Peer::send_video(const EncodedUnit& unit) {
    if (const std::uint64_t lost = video_->dropped(); lost != lost_in_tap_) {
        dropped_ += lost - lost_in_tap_;
        lost_in_tap_ = lost;
        waiting_for_keyframe_ = true;
    }
    if (waiting_for_keyframe_ && !unit.keyframe) {
        if (sent_ > 0) ++dropped_;  // before the first keyframe nothing is missing
        if (const Nanoseconds now = steady_now(); now - asked_ > 500'000'000) {
            ask_keyframe();
            asked_ = now;
        }
        return;
    }
    if (!session_->push_video(unit)) {
        drop();
        return;
    }
    waiting_for_keyframe_ = false;
    ++sent_;
    bytes_ += gst_buffer_get_size(unit.buffer.get());
    if (want_scenes_ && unit.scene && callbacks_.scene)
        callbacks_.scene(session_->video_rtp_time(static_cast<Nanoseconds>(GST_BUFFER_PTS(unit.buffer.get()))), unit.scene);
}

}  // namespace

std::shared_ptr<WebRtcPeer> WebRtcPeer::create(std::string offer, Sources sources, Callbacks callbacks, Nanoseconds dead_after,
                                               Nanoseconds connect_within) {
    auto peer = std::make_shared<Peer>(std::move(sources), std::move(callbacks), dead_after, connect_within);
    peer->read();
    peer->start(std::move(offer));
    return peer;
}

}  // namespace vitrine
