#pragma once
// Finds the corners of a calibration board. ChArUco is done here from the markers' places alone, not by OpenCV's two interfaces for it (of
// contrib until 4.6, of objdetect since 4.7), which also disagree about which square of a board with an even number of rows comes first:
// both layouts are tried. Internal to overlays: includes OpenCV.

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "engine/result.h"
#include "overlays/tracking/calibration.h"
#include "overlays/tracking/marker_family.h"

namespace vitrine {

/// Corners of one board in one picture, px, each with its number on the board (row by row).
struct BoardView {
    std::vector<int> ids;
    std::vector<cv::Point2f> corners;
};

class CalibrationBoard {
  public:
    /// bad_input for sizes that cannot be, or a dictionary with too few markers.
    static Result<CalibrationBoard> make(const BoardSpec& spec);

    const BoardSpec& spec() const { return spec_; }
    /// Corners across and down.
    cv::Size grid() const;
    /// Of a corner, mm, from the board's top left corner; z is 0.
    cv::Point3f place(int id) const;

    /// Reentrant. A chessboard counts only whole, a ChArUco board from 8 corners in two rows and two columns on. `quick`: a chessboard is
    /// looked for in a bounded time, as a live camera needs it; the other way finds some more, but a board of which a part is hidden can
    /// cost it seconds.
    std::optional<BoardView> find(const cv::Mat& luma, bool quick = false) const;
    /// Reentrant. How wide the edges between neighbouring corners are, px from 10 to 90 % of the step, median. 0: cannot be told.
    double edge_width(const cv::Mat& luma, const BoardView& view) const;

    /// The board as it is printed, with a white margin; `px` per mm. `first_white`: the layout of OpenCV before 4.7 for an even number of
    /// rows of a ChArUco board.
    cv::Mat draw(double px, double margin_mm, bool first_white = false) const;

  private:
    explicit CalibrationBoard(BoardSpec spec) : spec_(std::move(spec)) {}
    std::optional<BoardView> find_chessboard(const cv::Mat& luma, bool quick) const;
    std::optional<BoardView> find_charuco(const cv::Mat& luma) const;
    /// Squares that hold a marker, in the order of ids.
    std::vector<cv::Point> marker_squares(bool first_white) const;

    BoardSpec spec_;
    std::optional<MarkerFamily> family_;
};

}  // namespace vitrine
