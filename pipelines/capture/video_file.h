#pragma once
// Every frame of a video file, in order, as fast as they are asked for: for measuring on recordings, not for showing them. The brightness
// is the decoder's own, untouched: no detour over RGB, no change of range, and no neighbouring frame dropped or repeated.

#include <filesystem>
#include <memory>
#include <optional>

#include "engine/clock.h"
#include "engine/luma_picture.h"
#include "engine/result.h"

namespace vitrine {

class VideoFile {
  public:
    struct Picture {
        LumaPicture luma;   ///< in the size the file has, its rotation tag aside
        Nanoseconds pts{};  ///< from the file's start; of 30 frames a second where the file does not say
    };

    /// Whatever GStreamer can decode. Opens and decodes up to the first picture. bad_input, with a sentence: no such file, no video in it,
    /// damaged. missing: a decoder that is not installed.
    static Result<std::unique_ptr<VideoFile>> open(const std::filesystem::path& file);
    ~VideoFile();

    /// Thread-bound. Nothing at the end. An error for a file that breaks off in the middle; the pictures before it were good.
    Result<std::optional<Picture>> next();

  private:
    VideoFile();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
