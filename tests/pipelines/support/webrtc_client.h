#pragma once
// A viewer for tests: a receiving webrtcbin in this process. It can lose packets, ask for keyframes, fall silent without a goodbye and
// hand out whole access units with the RTP time they came with.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"

namespace vitrine::test {

class WebRtcClient {
  public:
    struct Options {
        bool video = true, audio = true, audio_first = false;
        bool retransmission = true;
        std::string h264 = "packetization-mode=(string)1,profile-level-id=(string)42e01f";
        int video_payload_type = 96;
        unsigned jitter_ms = 100;
        double loss = 0;  ///< part of the incoming RTP packets to lose, from a seeded generator
    };
    explicit WebRtcClient(Options options);
    ~WebRtcClient();

    /// With all candidates.
    std::string offer();
    void accept(const std::string& answer);
    bool wait_connected(std::chrono::milliseconds within);

    struct Unit {
        std::vector<std::uint8_t> data;  ///< Annex B
        std::uint32_t rtp_time = 0;
        Nanoseconds arrived = 0;  ///< monotonic
    };
    std::optional<Unit> next(std::chrono::milliseconds within);
    std::uint64_t audio_packets() const;
    std::uint64_t lost_packets() const;       ///< by `loss`
    std::uint64_t recovered_packets() const;  ///< by retransmission
    void ask_keyframe();
    void say_goodbye();  ///< DTLS close_notify
    /// From now on nothing leaves: no RTCP, no DTLS.
    void fall_silent();
    Nanoseconds last_sent() const;  ///< when the last packet left, RTCP or DTLS; monotonic
    void set_rtcp_interval(Nanoseconds interval);

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine::test
