#pragma once
// Crash-safe MP4: fragments of half a second, written unbuffered, so that a file killed at any moment opens and holds all but the last
// second. Video is an encoding that already exists; sound is AAC where an encoder is installed, else Opus. One recorder writes one file
// and never begins again: Takes (takes.h) does that.

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/result.h"
#include "pipelines/media.h"
#include "pipelines/record/disk.h"

namespace vitrine {

struct RecorderState {
    enum class Phase {
        waiting,  ///< for the first keyframe
        writing,
        stalled,  ///< nothing reaches the file for now; goes on by itself
        ended     ///< by a fault; the file holds what was written
    } phase = Phase::waiting;
    RecordFault fault;  ///< when stalled or ended
};

class Recorder {
  public:
    /// Starts at the next keyframe, which it asks for. `scenes`: the scene frames go into a file beside it (scene_file.h).
    static Result<std::unique_ptr<Recorder>> start(std::filesystem::path file, std::shared_ptr<EncodedTap> video,
                                                   std::shared_ptr<AudioTap> audio, std::function<void()> request_keyframe,
                                                   Nanoseconds epoch, bool scenes = false);
    /// Closes.
    virtual ~Recorder() = default;
    /// Finalises the file (at most 5 s, or for as long as the disk holds a write up). Afterwards the state says whether that failed.
    virtual void close() = 0;
    // The rest is thread-safe, and none of it touches the disk.
    /// At most 1.5 s late.
    virtual RecorderState state() const = 0;
    virtual std::uint64_t frames() const = 0;
    virtual std::uint64_t dropped() const = 0;
    virtual std::uint64_t bytes() const = 0;
    /// Show time of the first picture, and until when the file holds them; 0 before the first.
    virtual Nanoseconds first() const = 0;
    virtual Nanoseconds held_until() const = 0;
};

}  // namespace vitrine
