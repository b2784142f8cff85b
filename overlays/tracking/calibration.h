#pragma once
// A camera's lens from pictures of a flat board: OpenCV's pinhole model with k1 k2 p1 p2 k3, fitted by Zhang's method ("A flexible new
// technique for camera calibration", 2000) with all views at once. Pictures are judged one by one as they come, so that the same code
// serves a folder of photos and somebody who moves a board in front of a camera. Thread-bound unless it says otherwise.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/result.h"

namespace vitrine {

/// A printed board. Chessboards are counted by inner corners (where four squares meet), ChArUco boards by squares, as OpenCV counts them.
struct BoardSpec {
    enum class Kind { chessboard, charuco };
    Kind kind = Kind::chessboard;
    int columns = 0, rows = 0;
    double square_mm = 0;
    double marker_mm = 0;  ///< charuco: the side of a marker's black square
    std::string family;    ///< charuco: as marker_family.h names it
    std::string text() const;
};

/// Reentrant. "chessboard:9x6:25" or "charuco:7x5:30:22", the latter optionally with ":" and a dictionary: one of ours (aruco5x5_100,
/// apriltag36h11) or as OpenCV writes it (DICT_5X5_100); without one, aruco4x4. bad_input with the grammar.
Result<BoardSpec> parse_board(const std::string& text);

/// A camera nobody has measured: 53° of horizontal field of view (a focal length of the picture's width), square pixels, the axis through
/// the middle, no distortion; the lens that models are drawn with on an anchor without a pose. What follows from it looks right, but
/// heights and distances are estimates: no pose is ever told from it.
Calibration assumed_calibration(int width, int height);

/// What the views that were taken show, and so what is missing yet.
struct Coverage {
    std::array<bool, 9> areas{};       ///< ninths of the picture, row by row, that corners were seen in
    double share = 0;                  ///< of 12 × 9 cells of the picture that hold a corner
    bool left = false, right = false;  ///< this edge of the board was at least 12° nearer in some view …
    bool top = false, bottom = false;  ///< … of the board as it is held
    double smallest = 0, largest = 0;  ///< the board's size, square root of its share of the picture's area
    int views = 0;

    /// What to do next, in plain sentences, the most useful first; empty when nothing is missing.
    std::vector<std::string> advice() const;
};

class CameraCalibrator {
  public:
    struct Options {
        bool live = false;  ///< pictures of a moving hand: a view is taken only while the board is held still
    };
    /// bad_input for a board that cannot be.
    static Result<std::unique_ptr<CameraCalibrator>> create(const BoardSpec& board, Options options);
    ~CameraCalibrator();

    enum class Verdict {
        taken,
        no_board,    ///< nothing of the board was found, or too little
        blurred,     ///< its edges are washed out
        moving,      ///< live: not where it was in the picture before
        duplicate,   ///< like a view that is there already
        other_size,  ///< not the size of the first picture that was taken
        unreadable,  ///< smaller than 32 px
    };
    struct Look {
        Verdict verdict = Verdict::no_board;
        int corners = 0;
        double edge_px = 0;  ///< how wide the squares' edges are, 10 to 90 % of the step; 0 where that could not be told
        std::string like;    ///< duplicate: the name of that view
        /// Why it was not taken, as a sentence; empty when it was.
        std::string sentence() const;
    };
    /// Reads the luma plane only. Never throws.
    Look look(const ConstI420View& picture, const std::string& name);

    int views() const;
    int width() const;  ///< of the pictures; 0 before the first view
    int height() const;
    Coverage coverage() const;

    static constexpr int least_views = 5, good_views = 12;

    struct View {
        std::string name;
        int corners = 0;
        double rms_px = 0;
        bool used = true;  ///< false: it did not fit the others, and was left out; rms_px is then of the last fit that had it
    };
    struct Report {
        Calibration calibration;
        /// One standard deviation of fx fy cx cy (px) and of k1 k2 p1 p2 k3; 0 for a k3 that was left at 0.
        std::array<double, 9> deviation{};
        std::vector<View> views;  ///< in the order they were taken
        Coverage coverage;
        std::vector<std::string> warnings;  ///< sentences about what makes the result doubtful
    };
    /// failed, with a sentence: fewer than least_views views, or no fit. Views that do not fit are left out, a third of them at most.
    Result<Report> solve() const;

    /// A guess, after pictures without a board: the size of chessboard that `picture` seems to show, when it is not the one expected.
    std::optional<std::string> other_board(const ConstI420View& picture) const;

  private:
    CameraCalibrator();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
