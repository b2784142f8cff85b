#pragma once
// A printed picture or a solid thing that moves before a camera, with exact truth: for tests and benchmarks of what follows them. Each
// pixel is the mean of many samples over its area and over the time the shutter is open; then come exposure, glare, noise. Includes OpenCV.

#include <array>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "engine/config.h"
#include "overlays/tracking/pose.h"

namespace vitrine::sim {

enum class PictureMotion {
    still,
    pan,      ///< to and fro, up to 10 px a frame
    zoom,     ///< 0.4 to 2.5 times its usual size
    tilt,     ///< to 55°, about several axes, and turned in the plane
    fast,     ///< to and fro, up to 45 px a frame, blurred over half of that
    covered,  ///< half of it behind a hand's width of something else that moves over it
    gone,     ///< wholly covered from second 1 to second 2, and elsewhere when it comes back
};
inline constexpr std::array<PictureMotion, 6> six_motions{PictureMotion::still, PictureMotion::pan,  PictureMotion::zoom,
                                                          PictureMotion::tilt,  PictureMotion::fast, PictureMotion::covered};
const char* name_of(PictureMotion motion);

struct PictureTruth {
    TargetPose pose;                  ///< in the middle of the exposure
    Plane plane{};                    ///< target mm → px
    std::array<Point2, 4> corners{};  ///< px: TL TR BR BL
    double covered = 0;               ///< share of its area behind something, about
};

class Solid;

struct PictureScene {
    cv::Mat luma;                        ///< the print, 8 bit
    std::shared_ptr<const Solid> solid;  ///< instead of a print: what moves, with its front in the target's plane
    double width_mm = 120;               ///< of the print or of the front
    double height_mm = 80;               ///< of the front; a print's follows from its aspect
    PictureMotion motion = PictureMotion::still;
    double covered_from = 0;      ///< seconds; of the motion `covered`
    double noise = 3;             ///< grey levels, standard deviation
    double exposure_swing = 0.2;  ///< brightness goes up and down by this share, once in two seconds
    double glare = 0;             ///< brightness of a reflection that wanders over it, grey levels
    std::uint64_t seed = 1;       ///< of background and noise
};

/// Thread-bound.
class MovingPicture {
  public:
    static constexpr int width = 1280, height = 720, fps = 30;
    explicit MovingPicture(PictureScene scene);
    static Calibration camera();
    /// `luma` becomes width × height, 8 bit. A pure function of `frame`.
    PictureTruth render(cv::Mat& luma, std::uint64_t frame) const;
    /// The same with the print standing still in a pose of one's own; `frame` for exposure and noise.
    PictureTruth render_at(cv::Mat& luma, const TargetPose& pose, std::uint64_t frame) const;
    /// In the middle of the picture, `size` times its usual size, turned by `degrees` about an axis in the plane, `axis` radians from x.
    static TargetPose tilted(double width_mm, double height_mm, double size, double degrees, double axis);
    PictureTruth truth(std::uint64_t frame) const { return truth_at(double(frame) / fps); }

  private:
    PictureTruth truth_at(double seconds) const;
    PictureTruth truth_of(const TargetPose& pose) const;
    /// Blends the print or the solid in, as seen at these moments of the exposure.
    void draw(cv::Mat& picture, const std::vector<PictureTruth>& moments) const;
    void draw_print(cv::Mat& picture, const std::vector<Plane>& moments) const;
    /// Exposure, glare, noise.
    void light(const cv::Mat& picture, cv::Mat& luma, std::uint64_t frame, const PictureTruth& truth) const;
    TargetPose pose_at(double seconds) const;

    PictureScene scene_;
    double height_mm_;
    std::vector<cv::Mat> levels_;  // float, falling by √2, with a rim of one texel
    cv::Mat background_, hand_, noise_;
};

/// A product label with print of several sizes, a table, a bar code, a logo and a seal: what targets mostly are.
cv::Mat draw_label();
/// The same maker's box lid: a name, a line, a round mark, and much that is empty.
cv::Mat draw_sparse_label();
/// Texture everywhere, like a fabric or a photo of plants.
cv::Mat draw_rich_picture();

}  // namespace vitrine::sim
