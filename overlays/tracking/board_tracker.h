#pragma once
// Finds marker boards: sheets of markers in rows that stand in place of one marker. Each marker is found and measured for itself
// (marker_tracker.h); the board's place is one fit through the corners of all that are seen, so it is as good as the sheet is large, and
// holds while most of it is covered.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "overlays/tracking/marker_tracker.h"

namespace vitrine {

struct BoardTarget {
    std::string product;
    MarkerBoard board;
    std::array<double, 2> board_at{0, 0};  ///< mm, top left corner of the first marker's black square in the target's frame
    /// x, y, width, height, mm: the outline of all black squares together, whose corners the sightings name.
    std::array<double, 4> outline() const { return {board_at[0], board_at[1], board.width_mm(), board.height_mm()}; }
    MarkedTarget marker(int index) const;  ///< 0 … count() − 1, row by row
};

class BoardTracker {
  public:
    /// bad_input for an unknown family, numbers the family has not, or sizes that are not positive.
    static Result<std::unique_ptr<BoardTracker>> create(std::vector<BoardTarget> boards, std::optional<Calibration> calibration,
                                                        MarkerTracker::Options options);
    ~BoardTracker();

    /// Thread-bound. Reads the luma plane only. At most one sighting per board; its visibility is the share of the markers seen. Never
    /// throws.
    std::vector<Sighting> find(const ConstI420View& picture, Nanoseconds capture_ns);

  private:
    BoardTracker();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
