#pragma once
// Draws a 3D model into a picture of brightness, by software and simply: for tests and benchmarks of what follows solid products. Triangles
// by depth, light from one side, textures; each pixel is the mean of many samples over its area and over the time the shutter is open.
// Includes OpenCV.

#include <opencv2/core.hpp>
#include <vector>

#include "engine/config.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_placement.h"
#include "overlays/tracking/pose.h"

namespace vitrine::sim {

/// Immutable; draw() is reentrant.
class Solid {
  public:
    Solid(const ModelData& model, const ModelPlacement& placement);
    /// Over `picture`, 8 bit, as it is seen in these poses of its target's frame; each has an equal share of the exposure.
    void draw(cv::Mat& picture, const std::vector<TargetPose>& moments, const Calibration& camera) const;

  private:
    struct Triangle {
        std::array<int, 3> corners;
        int surface;
    };
    struct Surface {
        float brightness;
        cv::Mat texture;  // float, or empty
        bool blended;
    };
    std::vector<cv::Vec3f> places_, normals_;  // mm, a pose's axes
    std::vector<cv::Vec2f> uvs_;
    std::vector<Triangle> triangles_;
    std::vector<Surface> surfaces_;
};

/// A carton of 120 × 80 × 60 mm with a printed front, a printed side and a coloured lid; its origin in the middle of its front.
ModelData make_carton();

}  // namespace vitrine::sim
