#pragma once
// What can be seen again when a show is over.

#include <filesystem>

namespace vitrine {

struct ReplayFiles {
    std::filesystem::path video;   ///< MP4, finished or left as it was when the program died
    std::filesystem::path scenes;  ///< pipelines/record/scene_file.h; may not exist
};

}  // namespace vitrine
