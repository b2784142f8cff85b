#pragma once
// Crash-safe MP4: fragments of one second, written unbuffered, so that a file killed at any moment opens and holds all but the last
// second. Video is an encoding that already exists; sound is AAC where an encoder is installed, else Opus.

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/result.h"
#include "pipelines/media.h"

namespace vitrine {

class Recorder {
  public:
    /// Starts at the next keyframe, which it asks for. `on_problem` gets a sentence when writing fails (disk full); the recorder has then
    /// stopped and the file holds what was written. `scenes`: the scene frames go into a file beside it (scene_file.h).
    static Result<std::unique_ptr<Recorder>> start(std::filesystem::path file, std::shared_ptr<EncodedTap> video,
                                                   std::shared_ptr<AudioTap> audio, std::function<void()> request_keyframe,
                                                   Nanoseconds epoch, std::function<void(std::string)> on_problem, bool scenes = false);
    /// Finalises the file (at most 5 s).
    virtual ~Recorder() = default;
    virtual std::uint64_t frames() const = 0;
    virtual std::uint64_t dropped() const = 0;
    virtual std::uint64_t bytes() const = 0;
};

}  // namespace vitrine
