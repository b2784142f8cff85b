#pragma once
// Finding a target by features: ORB (Rublee et al. 2011) of the target's picture seen from the front and tilted to several sides at several
// sizes (as in ASIFT, Morel and Yu 2009, but all on the target's side, once), matched with those of the camera's picture, and homographies
// through matches that agree (MAGSAC, Barath et al. 2019). What comes out are proposals; they are confirmed elsewhere. Internal to
// tracking: includes OpenCV.

#include <opencv2/core.hpp>
#include <vector>

#include "overlays/tracking/descriptor_match.h"

namespace vitrine {

/// Features and the places they belong to, px.
struct FeatureSet {
    std::vector<cv::Point2f> places;
    std::vector<Descriptor> bits;
    std::size_t size() const { return places.size(); }
};

/// A target's features, ready to be matched with.
struct TargetFeatures {
    std::vector<cv::Point2f> places;  ///< mm
    DescriptorTable table;
};

/// Reentrant. Of a target's picture whose texel (x, y) stands for the place ((x + 0.5) / scale_x, (y + 0.5) / scale_y).
TargetFeatures features_of_target(const cv::Mat& luma, double scale_x, double scale_y);
/// Reentrant. Of a camera's picture, or a part of one that starts at `from`; at most about `most`, spread by strength.
FeatureSet features_of_picture(const cv::Mat& luma, int most, const cv::Point2f& from = {});

struct Proposal {
    cv::Matx33d plane;  ///< target mm → px
    int agreeing = 0;   ///< matches
};
/// Reentrant; the same for the same input. Best first, at most `most`. `reach`: px between matches that are taken to agree. None when fewer
/// than `least` agree or what they agree on is no picture seen from its front.
std::vector<Proposal> propose(const TargetFeatures& target, const cv::Size2d& size_mm, const FeatureSet& picture, double reach, int most);

}  // namespace vitrine
