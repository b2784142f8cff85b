#pragma once
// The show's preview pictures as textures: read from shared memory and converted to RGB (BT.709, studio range) once per new picture.
// Thread-bound, with the OpenGL context current.

#include <epoxy/gl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/preview.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {

class PreviewPictures {
  public:
    PreviewPictures() = default;
    PreviewPictures(const PreviewPictures&) = delete;
    PreviewPictures& operator=(const PreviewPictures&) = delete;
    ~PreviewPictures();

    /// Follows the show's region: opens it when the name is new, again after a failure at most once a second; drops all pictures when
    /// empty.
    void follow(const std::string& memory, double now);
    /// Takes over what is new; `scene` is what the program picture was painted from. True when a picture has changed. `hold_program`: the
    /// program's picture and its scene stay as they are.
    bool update(std::map<std::string, Picture>& pictures, std::optional<SceneFrame>& scene, double now, bool hold_program);

  private:
    struct Slot {
        std::shared_ptr<VideoFrame> frame;
        std::uint64_t sequence = 0;
        GLuint texture = 0;
        int width = 0, height = 0;
        double next_at = 0;  ///< not read before; the program's is ignored
    };
    void close();
    void show(Slot& slot);

    std::vector<std::uint8_t> rgba_;  ///< of the picture that is being converted
    std::string name_;
    std::unique_ptr<PreviewReader> reader_;
    std::vector<Slot> slots_;
    double try_again_at_ = 0, touched_at_ = -1;
    bool dropped_ = false;
};

}  // namespace vitrine::panel
