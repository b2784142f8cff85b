#pragma once
// The scene frames of a recording beside it, so that a player without a way into H.264 can join them to what it shows: one line of JSON a
// frame, {"t": seconds of the file's time line, "cbor": base64}. Lines are added twice a second, whole ones only, so a process killed at
// any moment leaves a file whose every line but perhaps the last is good. Thread-bound to the recorder's thread.

#include <filesystem>
#include <memory>
#include <string>

#include "engine/clock.h"
#include "engine/result.h"
#include "engine/scene_frame.h"

namespace vitrine {

class SceneFile {
  public:
    static constexpr std::uint64_t most_bytes = 2ULL << 30;  ///< then no more are written; a day at 30 frames/s and 800 bytes is 1.9 GiB

    /// "show-clean.scenes" for "show-clean.mp4".
    static std::filesystem::path beside(std::filesystem::path recording);
    /// Makes the file; one that exists is not overwritten.
    static Result<std::unique_ptr<SceneFile>> create(const std::filesystem::path& file);
    ~SceneFile();
    SceneFile(const SceneFile&) = delete;
    SceneFile& operator=(const SceneFile&) = delete;

    void put(Nanoseconds at, const SceneFrame& scene);
    /// False once the disk was full or the file at its bound: the recording goes on without.
    bool writing() const { return fd_ >= 0; }

  private:
    explicit SceneFile(int fd) : fd_(fd) {}
    void flush();

    int fd_ = -1;
    std::string waiting_;
    Nanoseconds written_to_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace vitrine
