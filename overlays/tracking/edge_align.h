#pragma once
// Moves a model's pose until its edges lie on brightness steps of a picture. Internal to tracking: includes OpenCV.

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "overlays/tracking/edge_model.h"

namespace vitrine {

/// What holds a pose where nothing is seen of it: how far it may be from where it was expected, one deviation.
struct EdgeHold {
    RigidPose expected;
    double turn = 0.2;   ///< rad
    double shift = 0.1;  ///< of its distance
};

struct EdgeSearch {
    double reach = 8;                   ///< px along the normals
    int rounds = 2;                     ///< of looking again from where the last one came to
    bool shift_first = false;           ///< the best of all shifts within reach is taken before turns are
    double grow_first = 0;              ///< and of all sizes that differ by up to this share
    std::array<double, 2> moved{0, 0};  ///< px that the picture of it moved while the shutter was open, about
};

/// How far a pose is borne out.
struct EdgeSupport {
    int expected = 0, seen = 0;  ///< of the places
    double by_chance = 0;        ///< share of the places that would find a step as near in clutter like this
    double error_px = 0;         ///< root mean square of the steps that count, along the normals
    double corner_sigma = 1e9;   ///< px, of the front's worst corner, as far as the edges can tell; the turn they cannot tell left out
    bool turn_kept = false;      ///< about one axis or more the edges tell nothing: the turn is that of EdgeHold::expected
    double share() const { return expected ? double(seen) / expected : 0; }
};

struct EdgeAlignment {
    RigidPose pose;
    EdgeSupport support;
};

/// `luma` at the size of `camera`. Reentrant.
EdgeAlignment align_edges(const cv::Mat& luma, const EdgeModel::Core& model, const EdgeCamera& camera, const std::vector<EdgePoint>& points,
                          const RigidPose& start, const EdgeHold& hold, const EdgeSearch& search);

/// The same without moving it: what is seen within `reach` of where it is. Writes the grey levels beside the edges into those of the
/// points that are seen, and forgets those of the others.
EdgeSupport judge_edges(const cv::Mat& luma, const EdgeModel::Core& model, const EdgeCamera& camera, std::vector<EdgePoint>& points,
                        const RigidPose& pose, const EdgeHold& hold, const EdgeSearch& search);

}  // namespace vitrine
