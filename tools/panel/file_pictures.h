#pragma once
// Small JPEG files of our own programs' making as textures. Thread-bound, with the OpenGL context current.

#include <epoxy/gl.h>

#include <map>
#include <string>

#include "tools/panel/panel_state.h"

namespace vitrine::panel {

class FilePictures {
  public:
    FilePictures() = default;
    ~FilePictures();
    FilePictures(const FilePictures&) = delete;
    FilePictures& operator=(const FilePictures&) = delete;
    /// Reads it, in place of what was read from that file before. A file that is none gives an empty picture.
    Picture load(const std::string& file);

  private:
    std::map<std::string, GLuint> textures_;
};

}  // namespace vitrine::panel
