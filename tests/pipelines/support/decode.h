#pragma once
// Decoding back what the product has made, for tests: pictures, scene frames and times of a stream or a file.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "pipelines/media.h"

namespace vitrine::test {

struct Decoded {
    VideoFramePtr picture;
    Nanoseconds pts = 0;
};
/// Access units (Annex B) to pictures.
std::vector<Decoded> decode(const std::vector<std::shared_ptr<GstBuffer>>& units);

struct FileContent {
    bool opens = false;
    std::string error;                   ///< the first one, if any
    std::vector<Nanoseconds> video_pts;  ///< presentation times of the access units
    std::vector<std::optional<SceneFrame>> scenes;
    std::vector<Decoded> pictures;
    bool has_audio = false;
    Nanoseconds audio_start = 0, audio_end = 0;
};
/// An MP4 with H.264 and maybe sound. A file that ends in the middle of a fragment is read up to there.
FileContent read_file(const std::filesystem::path& file);

std::span<const std::uint8_t> bytes_of(GstBuffer* buffer, GstMapInfo& map);
std::optional<SceneFrame> scene_of(const std::shared_ptr<GstBuffer>& unit);

}  // namespace vitrine::test
