#pragma once
// Follows solid products known by their 3D model in the luma plane, by the edges that the model shows from where it is seen: its outline
// and its creases, hidden lines left out. Where it is at first is told by suggest(): a rough pose, as the tracker of a marker or a picture
// on the same product has it. It is not searched for.
//
// From where its motion would have brought it, brightness steps are searched along the normals of the edges (Harris and Stennett 1990;
// Drummond and Cipolla 2002), several for each place (Vacchetti et al. 2004), from coarse to fine.
//
// Steps count only where they look as they did in the frame before: what is on the product's side of an outline stays, what is behind it
// may change. Nothing is told unless enough of the edges that must be seen are seen, clearly more than clutter would give by chance, and
// the front's corners are known well enough; a suggested pose must also show the model's colours, and is told once it has been followed
// into the next frame. A target that was lost is looked for where it was lost, for ten
// seconds, and wherever it is suggested.
//
// A turn that its edges hardly tell is held where it was expected. A thing that is round and plain is so far not told at all: its front's
// corners cannot be known.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/config.h"
#include "engine/frame.h"
#include "engine/result.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_placement.h"
#include "overlays/tracking/pose.h"
#include "overlays/tracking/sighting.h"

namespace vitrine {

/// A solid thing to be followed by its model. The front is a rectangle in the target's plane, z = 0; see front_of().
struct SolidTarget {
    std::string product;
    std::filesystem::path model;  ///< .glb or .gltf
    ModelPlacement placement;
    std::array<double, 4> front{};  ///< x, y, width, height, mm

    /// Whose front is the box that holds the model, seen from before. `at_mm`: of the model's origin; without it the box's top left corner
    /// is the target's, and its foremost plane the target's plane.
    static SolidTarget by_front(std::string product, const ModelData& model, std::optional<std::array<double, 3>> at_mm = std::nullopt);
};

/// A target's model made ready. Immutable, thread-safe; shared by the trackers of all cameras.
class EdgeModel {
  public:
    /// Reentrant; some tenths of a second, in which the file is read in a process of its own. bad_input, with a sentence, for a file that
    /// is no model, has nothing solid in it or too much of it, and for a front without a size.
    static Result<std::shared_ptr<const EdgeModel>> read(const SolidTarget& target);
    static Result<std::shared_ptr<const EdgeModel>> make(const SolidTarget& target, const ModelData& model);
    ~EdgeModel();

    const std::string& product() const;
    const std::array<double, 4>& front() const;

    struct Core;  ///< internal to tracking
    const Core& core() const { return *core_; }

  private:
    EdgeModel();
    std::unique_ptr<Core> core_;
};

class EdgeTracker {
  public:
    /// Without a calibration a lens is assumed whose focal length is the picture's width; its sightings tell no pose then.
    static std::unique_ptr<EdgeTracker> create(std::vector<std::shared_ptr<const EdgeModel>> models,
                                               std::optional<Calibration> calibration);
    ~EdgeTracker();

    /// Thread-bound. Reads the luma plane only; pictures narrower than 64 px are not looked at. At most one sighting per target, in the
    /// order of targets. `corners` are those of the front. A new size of pictures starts anew. Never throws.
    std::vector<Sighting> find(const ConstI420View& picture, Nanoseconds capture_ns);
    /// Where a target is said to be in the next frame, to about 40 px at full size and some degrees. Unless the target is followed there
    /// already, that place is looked at, and told only if it holds. A target that is followed elsewhere is given up.
    void suggest(std::size_t target, const TargetPose& pose);
    /// The same as another tracker saw it in that frame, by the same camera; with or without a pose.
    void suggest(std::size_t target, const Sighting& by);

    struct Counts {
        std::uint64_t frames = 0, followed = 0, found = 0, lost = 0;  ///< of targets, but for frames
    };
    const Counts& counts() const;

  private:
    EdgeTracker();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
