#pragma once
// Direct alignment of a target's picture with what is seen. Around places with texture the picture is drawn as it must look from the
// assumed place, a few pixels square each; a homography between that drawing and the camera's picture is refined until they agree
// (efficient second order minimisation, Benhimane and Malis 2004), brightness and contrast being free for each patch. What a patch is worth
// follows from how well it correlates; a covered one is worth nothing. Internal to tracking: includes OpenCV.

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "overlays/tracking/planar_lens.h"
#include "overlays/tracking/planar_model.h"

namespace vitrine {

struct AlignOptions {
    int iterations = 6;
    int patches = 64;      ///< at most
    double prior_px = 10;  ///< how far the outline's corners may be from the start (standard deviation); holds what nothing else holds
    /// Where the target was a frame ago (mm → ideal px), and for which share of the time since then the shutter was open: the target is
    /// drawn as blurred by that movement.
    std::optional<cv::Matx33d> before;
    double shutter = 0;
};

struct Alignment {
    cv::Matx33d plane;                 ///< target mm → ideal px of the picture given
    int expected = 0;                  ///< patches that lie in the picture
    int seen = 0;                      ///< of them, those that look like the target
    double likeness = 0;               ///< mean normalised correlation of those seen
    double contrast = 1;               ///< of the picture against the print: the median over those seen
    double corner_sigma = 1e9;         ///< px, the outline's least well known corner: standard deviation
    std::vector<cv::Point2d> seen_mm;  ///< the places seen
    double share() const { return expected > 0 ? double(seen) / expected : 0; }
};

/// Reentrant. Nothing when fewer than four patches lie in the picture or the assumed plane cannot be seen (mirrored, edge on, behind).
std::optional<Alignment> align(const cv::Mat& luma, const PlanarModel::Core& model, const Lens& lens, const cv::Matx33d& start,
                               const AlignOptions& options);

/// A set of measured shifts, each with its own certainty in each direction, and the homography increment that explains them best.
class IncrementFit {
  public:
    /// Coordinates are brought to about −1 … 1 by (p − middle) / radius.
    IncrementFit(const cv::Point2d& middle, double radius) : middle_(middle), radius_(radius) {}
    /// At p a shift d is wanted, with information matrix [[xx, xy], [xy, yy]]; `pull` is that matrix times d.
    void add(const cv::Point2d& p, double xx, double xy, double yy, const cv::Vec2d& pull);
    void add(const cv::Point2d& p, const cv::Vec2d& shift, double information) { add(p, information, 0, information, shift * information); }
    /// p → p + shift as a homography. Nothing when the shifts do not determine it.
    std::optional<cv::Matx33d> solve() const;
    /// Standard deviation of the place that p is mapped to, px.
    double sigma(const cv::Point2d& p) const;

  private:
    cv::Point2d middle_;
    double radius_;
    cv::Matx<double, 8, 8> information_ = cv::Matx<double, 8, 8>::zeros();
    cv::Matx<double, 8, 1> pull_ = cv::Matx<double, 8, 1>::zeros();
};

/// Where a homography puts a point; nothing behind, where its scale is negative: give it scaled so that it is positive in front.
std::optional<cv::Point2d> through(const cv::Matx33d& h, const cv::Point2d& p);
/// Its derivative there.
cv::Matx22d slope(const cv::Matx33d& h, const cv::Point2d& p);

}  // namespace vitrine
