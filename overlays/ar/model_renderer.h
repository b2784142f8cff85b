#pragma once
// Renders a model offscreen, as seen by an anchor's camera, into premultiplied RGBA for just the pixels it covers. OpenGL 3.3 through EGL
// on whatever the machine has, a GPU or Mesa's software rasteriser. Thread-bound to the thread that made it. How it looks (light, tone map,
// X-ray, section, shadow), so that the buyer page can look the same, is fixed in README.md.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "overlays/ar/model_camera.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_placement.h"

namespace vitrine {

struct ModelLook {
    int variant = -1;   ///< index into ModelData::variants; −1: as modelled
    float explode = 0;  ///< 0 … 1
    bool x_ray = false;
    std::optional<float> section;  ///< 0 … 1: ModelState::section
    float shadow = 1;              ///< 0 … 1: strength of the shadow on the target's plane
    bool operator==(const ModelLook&) const = default;
};

struct ModelView {
    ModelCamera camera;
    ModelPlacement placement;
    int width = 0, height = 0;  ///< of the program, px
    PixelRect within;           ///< nothing is drawn outside; even
    bool operator==(const ModelView&) const = default;
};

/// What one rendering may cost. `shrink` 2 renders at half the size and enlarges.
struct RenderQuality {
    int samples = 4;
    int shrink = 1;
    bool operator==(const RenderQuality&) const = default;
};

struct ModelPicture {
    PixelRect rect;                  ///< even; empty when nothing is to be seen
    std::vector<std::uint8_t> rgba;  ///< premultiplied, sRGB-encoded, rows top to bottom, no padding
};

class ModelRenderer {
  public:
    /// Takes some 0.3 s. missing (ErrorKind) without EGL or OpenGL 3.3.
    static Result<std::unique_ptr<ModelRenderer>> create();
    ~ModelRenderer();
    ModelRenderer(const ModelRenderer&) = delete;
    ModelRenderer& operator=(const ModelRenderer&) = delete;

    /// Uploads; `key` names it from now on, and what had this name before is let go. bad_input when this machine's graphics cannot hold it.
    Result<void> load(const std::string& key, const ModelData& model);
    void unload(const std::string& key);
    /// `out` keeps its memory from frame to frame. Fails when the graphics driver does; nothing more is to be expected of it then.
    Result<void> render(const std::string& key, const ModelView& view, const ModelLook& look, const RenderQuality& quality,
                        ModelPicture& out);

    /// "llvmpipe (LLVM 15.0.6, 256 bits)"
    const std::string& device() const;

  private:
    struct Core;
    explicit ModelRenderer(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
