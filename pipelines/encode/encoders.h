#pragma once
// One encoding per rung, shared by everybody who needs it, running only while its tap has readers (and a second longer, so that a
// reload does not restart it). The H.264 stream is constrained baseline, no B frames, parameter sets at each keyframe, and each access
// unit carries its scene frame as SEI.

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "engine/result.h"
#include "pipelines/media.h"

namespace vitrine {

/// Reentrant, pure: the best of the available element factories for low-latency H.264: nvh264enc, vah264enc, vaapih264enc,
/// v4l2h264enc, x264enc, openh264enc. missing: none is there; says what to install.
Result<std::string> choose_h264_encoder(const std::set<std::string>& available);
/// Which of the candidates this machine has and can really open (a hardware encoder without its device does not count).
std::set<std::string> usable_h264_encoders();

struct Rung {
    std::string name = "720p";
    int width = 1280, height = 720, fps = 30;
    int bitrate_kbps = 2500;
    double keyframe_s = 2.0;  ///< longest distance between keyframes
};

struct EncoderFigures {
    std::uint64_t frames = 0, dropped = 0, bytes = 0;
    std::uint64_t without_scene = 0;  ///< access units sent without their scene frame
};

class VideoEncoder {
  public:
    VideoEncoder(std::shared_ptr<ProgramTap> input, Rung rung, Nanoseconds epoch, std::function<void(std::string)> on_notice);
    ~VideoEncoder();
    const Rung& rung() const;
    std::shared_ptr<EncodedTap> output() const;
    /// Thread-safe. At most one keyframe every 300 ms is made; requests in between are joined into one.
    void request_keyframe();
    bool running() const;
    std::string element() const;     ///< the encoder in use, empty while not running
    EncoderFigures figures() const;  ///< since construction

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

class AudioEncoder {
  public:
    /// Opus, 48 kHz stereo, 10 ms, 64 kbit/s, in-band FEC.
    AudioEncoder(std::shared_ptr<AudioTap> input, Nanoseconds epoch);
    ~AudioEncoder();
    std::shared_ptr<EncodedTap> output() const;

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
