#pragma once
// The pinned product's model in the program picture. A thread of its own reads models, owns OpenGL and renders; paint() hands it the
// frame's view and waits for the picture, but never longer than its patience: what is late (the first frame, while shaders are
// compiled; a machine under load) is not drawn, or drawn as it was a moment ago and moved along, and the program goes on. Quality gives
// way when a frame takes too long and comes back when there is room; a product that stands still is drawn once more at the best quality.
// Nothing in here takes the show down: without EGL, with a model that cannot be read, or after an error of the driver there are a notice
// and no models.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/commands.h"
#include "engine/config.h"
#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "engine/snapshot.h"

namespace vitrine {

class ModelLayer {
  public:
    /// `report` is called from the layer's thread: facts of each model once it has been read, and notices.
    ModelLayer(std::shared_ptr<const ShowConfig> show, std::function<void(Report)> report);
    ~ModelLayer();
    ModelLayer(const ModelLayer&) = delete;
    ModelLayer& operator=(const ModelLayer&) = delete;

    /// Thread-bound to the painting thread. Draws the model of the pinned product where its anchor is, if it is to be shown.
    void paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot);

    /// Thread-safe. Since the beginning.
    struct Figures {
        std::uint64_t rendered = 0;  ///< pictures made
        std::uint64_t reused = 0;    ///< frames that needed no new picture
        std::uint64_t late = 0;      ///< frames whose picture was not there in time
        double last_ms = 0;          ///< the last rendering
        int quality = 0;             ///< 0 best
        std::string device;          ///< empty before the first picture
    };
    Figures figures() const;

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
