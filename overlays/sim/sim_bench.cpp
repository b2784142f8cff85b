#include "overlays/sim/sim_bench.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "engine/frame_code.h"
#include "overlays/sim/bench_scene.h"
#include "overlays/sim/canvas.h"
#include "overlays/sim/drawn_once.h"
#include "overlays/sim/texture_warp.h"

namespace vitrine {

namespace {

using sim::Homography;

double wave(double t, double period, double phase) { return std::sin(2 * CV_PI * t / period + phase); }

struct Pose {
    cv::Vec3d r, t;
};

/// The hand: sums of waves whose periods do not meet. Tilt up to 27°, distance 353 … 587 mm.
Pose hand(double t) {
    const cv::Vec3d r(0.30 * wave(t, 4.7, 0.4), 0.36 * wave(t, 6.1, 0), 0.16 * wave(t, 5.1, 2));
    const cv::Vec3d middle(62 * wave(t, 5.3, 0) + 14 * wave(t, 2.1, 1), 24 * wave(t, 4.1, 0.7) + 8 * wave(t, 1.7, 0),
                           470 + 105 * wave(t, 7.9, 0) + 12 * wave(t, 2.9, 1));
    cv::Matx33d rotation;
    cv::Rodrigues(r, rotation);
    return {r, middle - rotation * cv::Vec3d(bench_label_width_mm / 2, bench_label_height_mm / 2, 0)};
}

Pose pose_at(std::uint64_t sequence, int fps, bool still) { return hand(still ? 1.3 : double(sequence) / fps); }

/// Label plane (mm) → px.
cv::Matx33d plane_to_px(const Pose& pose, const Calibration& c) {
    cv::Matx33d r;
    cv::Rodrigues(pose.r, r);
    const cv::Matx33d k(c.fx, 0, c.cx, 0, c.fy, c.cy, 0, 0, 1);
    return k * cv::Matx33d(r(0, 0), r(0, 1), pose.t[0], r(1, 0), r(1, 1), pose.t[1], r(2, 0), r(2, 1), pose.t[2]);
}

Homography rows_of(const cv::Matx33d& m) {
    Homography out;
    std::copy(m.val, m.val + 9, out.begin());
    return out;
}

/// px per mm of the nearest plate.
double finest(const Calibration& c) { return 3.3 * std::max(c.fx, c.fy) / 1100; }

struct BenchPictures {
    BenchPictures(int width, int height)
        : background(sim::to_i420(sim::bench_background(), width, height)),
          label(sim::bench_label(), sim::bench_label_area(), finest(bench_calibration(width, height)) / 3.2 * 1.7,
                finest(bench_calibration(width, height))),
          shadow(sim::bench_shadow(), sim::bench_shadow_area(), finest(bench_calibration(width, height)) / 8,
                 finest(bench_calibration(width, height)) / 4) {}

    std::shared_ptr<const VideoFrame> background;
    sim::Texture label, shadow;
};

std::shared_ptr<const BenchPictures> bench_pictures(int width, int height) {
    static sim::DrawnOnce<BenchPictures> drawn;
    return drawn.of(width, height);
}

class SimBench : public SimulatedCamera {
  public:
    SimBench(int width, int height, int fps, bool still, bool code)
        : width_(width),
          height_(height),
          fps_(fps),
          still_(still),
          code_(code),
          calibration_(bench_calibration(width, height)),
          pictures_(bench_pictures(width, height)) {}

    int width() const override { return width_; }
    int height() const override { return height_; }
    int fps() const override { return fps_; }

    SimTruth render(const I420View& picture, std::uint64_t sequence) override {
        copy(pictures_->background->view(), picture);
        const Pose pose = pose_at(sequence, fps_, still_);
        // The shadow lies on the bench, some way behind the plate and to its lower right.
        Pose behind = pose;
        behind.t += cv::Vec3d(26, 34, 70);
        pictures_->shadow.draw(picture, rows_of(plane_to_px(behind, calibration_)), false);
        pictures_->label.draw(picture, rows_of(plane_to_px(pose, calibration_)));
        if (code_) draw_frame_code(picture, sequence, CodeCorner::top_left);
        return bench_truth(sequence, fps_, width_, height_, still_);
    }

  private:
    int width_, height_, fps_;
    bool still_, code_;
    Calibration calibration_;
    std::shared_ptr<const BenchPictures> pictures_;
};

}  // namespace

Calibration bench_calibration(int width, int height) {
    Calibration out;
    out.width = width, out.height = height;
    out.fx = 1100.0 * width / 1280, out.fy = 1100.0 * height / 720;
    out.cx = (width - 1) / 2.0, out.cy = (height - 1) / 2.0;
    return out;
}

SimTruth bench_truth(std::uint64_t sequence, int fps, int width, int height, bool still) {
    SimTruth truth;
    truth.sequence = sequence;
    const Pose pose = pose_at(sequence, fps, still);
    const cv::Matx33d to_px = plane_to_px(pose, bench_calibration(width, height));
    for (const cv::Vec3d& corner : {cv::Vec3d(0, 0, 1), cv::Vec3d(bench_label_width_mm, 0, 1),
                                    cv::Vec3d(bench_label_width_mm, bench_label_height_mm, 1), cv::Vec3d(0, bench_label_height_mm, 1)}) {
        const cv::Vec3d h = to_px * corner;
        truth.corners.push_back({h[0] / h[2], h[1] / h[2]});
    }
    for (int i = 0; i < 3; ++i) truth.rvec[i] = pose.r[i], truth.tvec[i] = pose.t[i];
    return truth;
}

std::unique_ptr<SimulatedCamera> make_sim_bench(int width, int height, int fps, bool still, bool code) {
    return std::make_unique<SimBench>(width, height, fps, still, code);
}

}  // namespace vitrine
