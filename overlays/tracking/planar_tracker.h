#pragma once
// Finds flat targets known by a picture of them (a photo of the product's face, its label as a PNG) in the luma plane, and follows them.
//
//   found     by features of the whole picture at reduced size, now and then; of one missing target per frame;
//   followed  by pyramidal optical flow from the frame before (Lucas and Kanade 1981, Bouguet 2000), then by direct alignment of patches of
//             the target's picture, drawn as they must look from there, with what is seen: efficient second order minimisation (Benhimane
//             and Malis 2004), at reduced size and then at full size; brightness and contrast are free for each patch (Baker and Matthews
//             2004), and a patch that does not look like its own is left out.
//
// Nothing is told on features or flow alone: every answer is one that the patches confirm, and whose corners are known well enough;
// otherwise there is no sighting. A target is told again only once it is confirmed again.

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
#include "overlays/tracking/pose.h"
#include "overlays/tracking/sighting.h"

namespace vitrine {

/// A flat thing to be followed by its picture. The picture's outer edges are the target's: its top left corner is the origin.
struct PlanarTarget {
    std::string product;
    std::filesystem::path image;  ///< what OpenCV reads: PNG, JPEG, WebP, TIFF, BMP; colour or grey
    double width_mm = 0;          ///< of the whole picture
    double height_mm = 0;         ///< 0: from the picture's aspect
};

/// A target's picture made ready for finding and following. Immutable, thread-safe; shared by the trackers of all cameras.
class PlanarModel {
  public:
    /// Reentrant; some tenths of a second. bad_input, with a sentence, for a file that is no picture, is smaller than 32 px or has too
    /// little texture to be followed, and for a width that is not positive.
    static Result<std::shared_ptr<const PlanarModel>> read(const PlanarTarget& target);
    /// The same from brightness in memory (only `picture`'s luma is read); `target.image` is not opened.
    static Result<std::shared_ptr<const PlanarModel>> make(const PlanarTarget& target, const ConstI420View& picture);
    ~PlanarModel();

    const std::string& product() const;
    double width_mm() const;
    double height_mm() const;

    struct Core;  ///< internal to tracking
    const Core& core() const { return *core_; }

  private:
    PlanarModel();
    std::unique_ptr<Core> core_;
};

class PlanarTracker {
  public:
    struct Options {
        Nanoseconds search_every = 60'000'000;  ///< least time between searches for missing targets; 0: in each frame that misses one
        bool thorough = false;                  ///< for stills: each search looks at full size too, and for all missing targets
    };
    /// bad_input as PlanarModel::read(). Reads every picture; `create(models, …)` does not.
    static Result<std::unique_ptr<PlanarTracker>> create(const std::vector<PlanarTarget>& targets, std::optional<Calibration> calibration,
                                                         Options options);
    static Result<std::unique_ptr<PlanarTracker>> create(const std::vector<PlanarTarget>& targets, std::optional<Calibration> calibration);
    static std::unique_ptr<PlanarTracker> create(std::vector<std::shared_ptr<const PlanarModel>> models,
                                                 std::optional<Calibration> calibration, Options options);
    ~PlanarTracker();

    /// Thread-bound. Reads the luma plane only; pictures narrower than 64 px are not searched. At most one sighting per target, in the
    /// order of targets. `corners` are those of the picture's outline. A new size of pictures starts anew. Never throws.
    std::vector<Sighting> find(const ConstI420View& picture, Nanoseconds capture_ns);

    struct Counts {
        std::uint64_t frames = 0, followed = 0, found = 0, searches = 0, lost = 0;  ///< of targets, but for frames and searches
    };
    const Counts& counts() const;

  private:
    PlanarTracker();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
