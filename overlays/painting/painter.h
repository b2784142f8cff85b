#pragma once
// Paints what a scene frame and a snapshot say into an I420 picture, for outputs that have no browser. Text is rendered once, when its
// content changes; every other frame only blends finished sprites, touching the pixels they cover.
// paint() is thread-bound to the painting thread. paint_slate() and paint_holding() are thread-safe
// and need no frame before them.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "engine/snapshot.h"

namespace vitrine {

class Painter {
  public:
    explicit Painter(std::shared_ptr<const ShowConfig> show);
    ~Painter();
    Painter(const Painter&) = delete;
    Painter& operator=(const Painter&) = delete;

    /// Callouts, dimensions, badges and card (or spec table) of the pinned product, who speaks, and the factory's name; the show's first
    /// language, its second one below in smaller type. Nothing of it covers a camera that stands small in front of another.
    void paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot);

    /// Fills the whole picture: camera name, what is wrong with it and what is being done. Never shows anything of the camera.
    void paint_slate(const I420View& picture, const CameraConfig& camera, CameraState state);

    /// Fills the whole picture: logo, factory, the show's title and that it will go on. Meant for every frame of a pause: rendered once.
    void paint_holding(const I420View& picture);

    /// How many sprites paint() has rendered so far: stands still while contents do.
    std::uint64_t sprites_rendered() const;
    /// Thread-safe. The same of whole frames: slates and holding pictures.
    std::uint64_t frames_rendered() const;

    /// One sentence per font family that is missing on this machine; empty when all texts can be drawn. Reentrant.
    static std::vector<std::string> font_problems();

    struct Core;  ///< known to painter.cpp only

  private:
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
