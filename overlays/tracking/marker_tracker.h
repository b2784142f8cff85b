#pragma once
// Finds the products' markers in the luma plane, frame after frame. A marker seen in the frame before is first looked for where its motion
// would have brought it, by its edges and its bits alone; then in a window round that place; the whole picture is searched, at reduced
// size, only now and then, for markers that are missing. Each stage's answer is measured at full size in the same way, so accuracy does not
// depend on which stage found it. Pose: IPPE (Collins and Bartoli 2014) and a Levenberg-Marquardt step; of its two answers, when they fit
// about equally well, the one nearer to the frame before.

#include <array>
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

/// A thing to be followed by its marker.
struct MarkedTarget {
    std::string product;
    MarkerTarget marker;
    std::array<double, 2> marker_at{0, 0};  ///< mm, top left corner of the black square in the target's frame
    std::array<double, 4> square() const {
        return {marker_at[0], marker_at[1], marker.size_mm, marker.size_mm};
    }                                    ///< x, y, width, height, mm
    std::array<double, 4> box() const {  ///< x, y, width, height, mm: the marker and as much round it
        const double edge = marker.size_mm;
        return {marker_at[0] - edge, marker_at[1] - edge, 3 * edge, 3 * edge};
    }
};

/// Reentrant. The numbers of all markers of the family in the picture, the largest first. bad_input for an unknown family.
Result<std::vector<int>> markers_in(const ConstI420View& picture, const std::string& family);

class MarkerTracker {
  public:
    struct Options {
        Nanoseconds search_every = 100'000'000;  ///< least time between searches of the whole picture; 0: each frame that misses one
        bool thorough = false;                   ///< a search that finds nothing at reduced size goes on at full size
        /// Sightings in a row before a marker of 4 × 4 bits is told: such squares are often seen by chance.
        int agreed = 3;
    };
    /// bad_input for an unknown family, an id the family has not, or a size that is not positive.
    static Result<std::unique_ptr<MarkerTracker>> create(std::vector<MarkedTarget> targets, std::optional<Calibration> calibration,
                                                         Options options);
    static Result<std::unique_ptr<MarkerTracker>> create(std::vector<MarkedTarget> targets, std::optional<Calibration> calibration);
    ~MarkerTracker();

    /// Thread-bound. Reads the luma plane only. At most one sighting per target. Never throws.
    std::vector<Sighting> find(const ConstI420View& picture, Nanoseconds capture_ns);

    struct Counts {
        std::uint64_t frames = 0, by_edges = 0, by_window = 0, by_search = 0, searches = 0;
    };
    const Counts& counts() const;

  private:
    MarkerTracker();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
