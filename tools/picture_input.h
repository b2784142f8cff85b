#pragma once
// Pictures for the tools that measure: stills, image sequences and videos by name, one after the other, each whole and in its own size.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/config.h"
#include "engine/luma_picture.h"
#include "engine/result.h"
#include "pipelines/capture/video_file.h"

namespace vitrine {

/// True when `before` stands before `after` as people count: runs of digits are numbers, so frame9 comes before frame10.
bool natural_less(const std::string& before, const std::string& after);

/// A camera in a show's spelling (v4l2:, rtsp://, rtsps://, srt://, sim:); nothing for everything else, file: included.
std::optional<SourceSpec> camera_named(const std::string& text);

class PictureInput {
  public:
    struct Shot {
        LumaPicture luma;
        std::uint64_t number = 0;  ///< from 0
        Nanoseconds time = 0;      ///< of a video its own, of stills 30 a second
        std::string name;          ///< the file; of a video also the frame
    };

    /// Each name is a still, a video (also with file: before it) or a pattern with * ? [ ], whose matches are taken in natural order.
    /// Names are judged now, pictures when their turn comes. bad_input: nothing there, neither picture nor video.
    static Result<PictureInput> open(const std::vector<std::string>& names);

    /// Nothing at the end.
    Result<std::optional<Shot>> next();

    /// Whether there is one picture alone.
    bool single() const { return files_.size() == 1 && !video_; }

  private:
    std::vector<std::string> files_;
    std::size_t at_ = 0;
    std::uint64_t count_ = 0, in_video_ = 0;
    Nanoseconds begin_ = 0, last_ = 0;
    std::unique_ptr<VideoFile> video_;
};

}  // namespace vitrine
