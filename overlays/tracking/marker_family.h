#pragma once
// Families of square markers by the names that shows use: apriltag16h5, apriltag25h9, apriltag36h11, aruco4x4_50 … aruco7x7_1000 (sizes
// 4…7, counts 50, 100, 250, 1000) and aruco_original. Upright is what OpenCV 4 draws. For the AprilTag families that is the official sheet
// turned by half a turn: stick those sheets upside down, or print with draw_marker(). Internal to overlays: includes OpenCV, whose two
// marker interfaces (contrib's until 4.6, objdetect's since 4.7) differ only here.

#include <opencv2/aruco.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

class MarkerFamily {
  public:
    /// Reentrant. bad_input with the names there are.
    static Result<MarkerFamily> named(const std::string& name);
    static const std::vector<std::string>& names();

    const std::string& name() const { return name_; }
    int count() const;  ///< ids are 0 … count − 1
    int bits() const;   ///< per side, without the border of one bit

    /// The black square with its bits, without margin; `edge` px.
    cv::Mat draw(int id, int edge) const;

    struct Found {
        int id = 0;
        std::vector<cv::Point2f> corners;  ///< TL TR BR BL as printed; within about a pixel
    };
    /// Thread-bound. All markers of the family in `luma`; `least_edge` in px is the shortest side looked for.
    std::vector<Found> detect(const cv::Mat& luma, double least_edge) const;

    /// True when `sampled` (bits() × bits(), 0 or 1, upright) is marker `id`, give or take what the family's distance allows.
    bool matches(const cv::Mat& sampled, int id) const;

  private:
    std::string name_;
#if CV_VERSION_MAJOR > 4 || (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR >= 7)
    cv::aruco::Dictionary dictionary_;
    const cv::aruco::Dictionary& dictionary() const { return dictionary_; }
#else
    cv::Ptr<cv::aruco::Dictionary> dictionary_;
    const cv::aruco::Dictionary& dictionary() const { return *dictionary_; }
#endif
};

}  // namespace vitrine
