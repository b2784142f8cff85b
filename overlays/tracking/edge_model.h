#pragma once
// A solid model's edges, ready to be asked which of them show. Internal to tracking: includes OpenCV.

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "overlays/tracking/edge_tracker.h"
#include "overlays/tracking/planar_lens.h"

namespace vitrine {

/// A pose as it is calculated with.
struct RigidPose {
    cv::Matx33d turn = cv::Matx33d::eye();
    cv::Vec3d shift{0, 0, 0};
    cv::Vec3d apply(const cv::Vec3d& p) const { return turn * p + shift; }
    static RigidPose of(const TargetPose& pose);
    TargetPose told() const;
};

/// A camera for pictures of one size.
struct EdgeCamera {
    Calibration pinhole;
    Lens lens;
    explicit EdgeCamera(const Calibration& c = {}) : pinhole(c), lens(c) {}
    /// Of a point before the camera.
    cv::Point2d ideal(const cv::Vec3d& p) const { return {pinhole.fx * p[0] / p[2] + pinhole.cx, pinhole.fy * p[1] / p[2] + pinhole.cy}; }
    cv::Point2d see(const cv::Vec3d& p) const { return lens.bend(ideal(p)); }
};

/// How alike a surface and a picture are, 0 … 1. Variances of grey levels: within the outline, what the model explains of it, round about;
/// of the model's own brightness. A model with contrast must be seen with contrast; an even one is even, where things round about are not.
double same_shades(double within, double explained, double around, double of_model);

/// A place on an edge that shows.
struct EdgePoint {
    cv::Vec3d at, along;   ///< mm; unit. Seen with `along` pointing up, an outline's product lies left
    bool outline = false;  ///< what is beyond it is not the product, or another part of it
    /// Grey levels beside it when it was last seen: left (the product), right; below 0: not known.
    float left = -1, right = -1;
};

struct EdgeModel::Core {
    std::string product;
    std::array<double, 4> front{};
    struct Face {
        std::array<std::uint32_t, 3> corners;
        cv::Vec3f normal;
        float offset;                       ///< normal · corner
        bool two_sided;                     ///< of a sheet, whose back is seen as well
        float brightness;                   ///< of its material, 0 … 1
        int texture = -1;                   ///< index into `textures`, times which it is
        std::array<cv::Vec2f, 3> places{};  ///< in the texture, 0 … 1
    };
    struct Edge {
        std::uint32_t from, to;
        std::uint32_t left, right;  ///< faces; equal for an open edge
        bool crease;                ///< shows wherever one of its faces does
    };
    std::vector<cv::Vec3f> corners;  ///< mm, a pose's axes
    std::vector<Face> faces;
    std::vector<Edge> edges;
    std::vector<std::vector<cv::Mat>> textures;  ///< brightness, float, falling by half
    cv::Vec3d middle{0, 0, 0};
    double radius = 1;  ///< of the ball round `middle` that holds everything

    /// About `wanted` places, evenly along all edges that show from there. `size` of the picture in px bounds them. Reentrant.
    std::vector<EdgePoint> visible(const RigidPose& pose, const EdgeCamera& camera, cv::Size size, int wanted) const;
    struct Texel {
        float near = 0, colour = 0;  ///< 1/z, 0 where it is not; brightness of the surface, not lit
        std::uint32_t face = 0;
    };
    /// Each px of `box` within the picture; makes `box`. Reentrant.
    std::vector<Texel> draw(const RigidPose& pose, const EdgeCamera& camera, cv::Size size, cv::Rect& box) const;
    /// How much of what is seen within the outline is explained by the model's colours under some light from some side, as a share of how
    /// much the picture varies around there: 1 when nothing is left over. What lies before it counts against it. `luma` at the size of
    /// `camera`. Reentrant.
    double resemblance(const RigidPose& pose, const EdgeCamera& camera, const cv::Mat& luma) const;
};

}  // namespace vitrine
