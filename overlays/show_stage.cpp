#include "overlays/show_stage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <utility>

#include "engine/log.h"
#include "engine/printable.h"
#include "overlays/ar/model_layer.h"
#include "overlays/inspect/privacy_mask.h"
#include "overlays/models/model_placement.h"
#include "overlays/painting/brand_font.h"
#include "overlays/painting/painter.h"
#include "overlays/sim/sim_bench.h"
#include "overlays/sim/sim_camera.h"
#include "overlays/tracking/track_thread.h"

namespace vitrine {

namespace {

constexpr float least_visibility = 0.05f;

std::vector<FollowedTarget> followed_targets(const ShowConfig& show) {
    std::vector<FollowedTarget> out;
    for (const auto& product : show.products) {
        if (!product.target) continue;
        const TargetConfig& target = *product.target;
        const bool solid = target.model && product.model;
        if (!target.marker && !target.board && !target.image && !solid) continue;
        out.emplace_back();
        out.back().product = product.id;
        out.back().marker = target.marker, out.back().board = target.board, out.back().marker_at = target.marker_at;
        if (target.image) out.back().picture = PlanarTarget{product.id, *target.image, target.width_mm, target.height_mm};
        if (solid)
            out.back().solid = SolidTarget{product.id, *product.model, placement_of(product), {0, 0, target.width_mm, target.height_mm}};
    }
    return out;
}

/// The configured calibration; that of sim:bench is known.
std::optional<Calibration> calibration_of(const CameraConfig& camera) {
    if (camera.calibration) return camera.calibration;
    if (camera.source.scheme == "sim" && camera.source.rest.substr(0, camera.source.rest.find('?')) == "bench")
        return bench_calibration(1280, 720);
    return std::nullopt;
}

class MaskAndTrack : public CameraStage {
  public:
    MaskAndTrack(const CameraConfig& camera, TrackThread& track) : camera_(camera.id), masks_(camera.masks), track_(track) {}

    Result<void> process(const I420View& picture, std::uint64_t sequence, Nanoseconds capture_ns) override {
        if (auto masked = masks_.apply(picture); !masked) return masked;
        track_.submit(camera_, picture, sequence, capture_ns);
        return {};
    }
    void set_masks(const std::vector<PrivacyMask>& masks) override { masks_ = PrivacyMasks(masks); }

  private:
    std::string camera_;
    PrivacyMasks masks_;
    TrackThread& track_;
};

bool inside(const std::array<float, 4>& rect, const Point2& p) {
    return p[0] >= rect[0] && p[1] >= rect[1] && p[0] <= rect[0] + rect[2] && p[1] <= rect[1] + rect[3];
}

/// How much of a camera is hidden by one in front of it. In a fade opacities are shares: the cameras of each of the two scenes have one in
/// common, together they make 1, and only within a scene does one camera hide another. Halfway through that cannot be told, and nothing is
/// hidden.
double cover(float opacity, float in_front) {
    if (opacity == in_front) return opacity == 0.5f ? 0 : 1;
    return opacity + in_front > 1.001f ? in_front : 0;
}

/// Where a target lies in the program: its outline's box, and its middle.
struct Outline {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    Point2 middle{};
    double area() const { return (right - left) * (bottom - top); }
    bool meets(const std::array<float, 4>& rect) const {
        return right > rect[0] && left < rect[0] + rect[2] && bottom > rect[1] && top < rect[1] + rect[3];
    }
};

std::optional<Outline> outline_of(const Plane& plane, double width, double height) {
    Outline out;
    for (const Point2 corner : {Point2{0, 0}, Point2{width, 0}, Point2{width, height}, Point2{0, height}}) {
        const auto at = map_point(plane, corner);
        if (!at || !std::isfinite((*at)[0]) || !std::isfinite((*at)[1])) return std::nullopt;
        out.left = std::min(out.left, (*at)[0]), out.right = std::max(out.right, (*at)[0]);
        out.top = std::min(out.top, (*at)[1]), out.bottom = std::max(out.bottom, (*at)[1]);
    }
    const auto middle = map_point(plane, {width / 2, height / 2});
    if (!middle) return std::nullopt;
    out.middle = *middle;
    return out;
}

class ShowStage : public FrameStage {
  public:
    ShowStage(std::shared_ptr<const ShowConfig> show, std::function<void(Report)> report)
        : show_(std::move(show)),
          report_(report),
          painter_(show_),
          models_(show_, std::move(report)),
          track_(followed_targets(*show_), [this](const std::string& product, Result<int> features) {
              tell(product, [&](TargetFacts& facts) {
                  if (features)
                      facts.features = *features;
                  else
                      facts.problem = features.error().message;
              });
          }) {
        for (const auto& camera : show_->cameras) calibrations_.push_back(calibration_of(camera));
        for (const CameraConfig* camera : uncalibrated_cameras(*show_))
            log::warn(
                "track",
                "The camera has no calibration: a lens of 53 degrees is assumed, so heights and 3D models are estimates. vitrine calibrate "
                "measures it.",
                {{"camera", camera->id}});
    }

    std::unique_ptr<CameraStage> open_camera(const CameraConfig& camera) override {
        track_.open(camera.id, calibration_of(camera));
        return std::make_unique<MaskAndTrack>(camera, track_);
    }

    Result<std::unique_ptr<SimulatedCamera>> open_simulated(std::string_view name) override { return open_sim_camera(name); }
    void paint_slate(const I420View& picture, const CameraConfig& camera, CameraState state) override {
        painter_.paint_slate(picture, camera, state);
    }
    Result<void> mask(const I420View& picture, const std::vector<PrivacyMask>& masks) override {
        return PrivacyMasks(masks).apply(picture);
    }
    void paint_holding(const I420View& picture) override { painter_.paint_holding(picture); }
    void paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot) override {
        models_.paint(picture, scene, snapshot);  // callouts and cards lie over it
        painter_.paint(picture, scene, snapshot);
    }

    SceneFrame describe(const ProgramMoment& moment) override {
        SceneFrame frame;
        frame.number = moment.number;
        Nanoseconds captured = moment.program_ns;
        for (auto placed = moment.cameras.rbegin(); placed != moment.cameras.rend(); ++placed)
            if (placed->live) captured = placed->capture_ns;
        frame.capture_utc_us = utc_us_of(captured);
        if (moment.snapshot) {
            frame.state_version = moment.snapshot->version;
            if (!moment.snapshot->chapters.empty()) frame.chapter = moment.snapshot->chapters.back().number;
        }
        for (const auto& placed : moment.cameras) frame.sources.push_back({placed.camera, placed.sequence, placed.rect, placed.opacity});

        struct Candidate {
            Anchor anchor;
            double area;
        };
        std::vector<Candidate> candidates;
        for (std::size_t i = 0; i < moment.cameras.size(); ++i) {
            const PlacedCamera& placed = moment.cameras[i];
            if (!placed.live || placed.camera_width <= 0 || placed.camera_height <= 0 || placed.crop[2] <= 0 || placed.crop[3] <= 0)
                continue;
            for (const auto& carried : track_.at(placed.camera, placed.sequence, placed.capture_ns))
                if (auto anchor = place(moment, i, carried)) candidates.push_back({std::move(anchor->first), anchor->second});
        }
        // A product seen by several cameras is anchored once, where it is seen best.
        std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
            return a.anchor.visibility * a.area > b.anchor.visibility * b.area;
        });
        for (auto& candidate : candidates)
            if (std::none_of(frame.anchors.begin(), frame.anchors.end(),
                             [&](const Anchor& a) { return a.product == candidate.anchor.product; }))
                frame.anchors.push_back(std::move(candidate.anchor));
        for (const Anchor& anchor : frame.anchors)
            if (seen_.insert(anchor.product).second) tell(anchor.product, [](TargetFacts& facts) { facts.seen = true; });
        return frame;
    }

  private:
    /// Thread-safe. What has been found out about a target goes to the show.
    template <class Change>
    void tell(const std::string& product, Change change) {
        if (!report_) return;
        TargetFacts facts;
        {
            const std::lock_guard lock(facts_mutex_);
            change(facts_[product]);
            facts = facts_[product];
        }
        report_(TargetReport{product, std::move(facts)});
    }

    /// The anchor of a target in the program, and its area there; nothing when it lies outside its camera's rectangle or is covered.
    std::optional<std::pair<Anchor, double>> place(const ProgramMoment& moment, std::size_t index, const CarriedTarget& carried) const {
        const PlacedCamera& placed = moment.cameras[index];
        const FollowedTarget& target = track_.targets()[carried.target];
        const ProductConfig* product = show_->product(target.product);
        if (!product || !product->target) return std::nullopt;
        const Plane plane = normalised(multiply(to_program(placed), carried.plane));
        const auto outline = outline_of(plane, product->target->width_mm, product->target->height_mm);
        if (!outline || !outline->meets(placed.rect)) return std::nullopt;

        double visibility = carried.visibility * placed.opacity;
        for (std::size_t front = index + 1; front < moment.cameras.size(); ++front)
            if (inside(moment.cameras[front].rect, outline->middle)) visibility *= 1 - cover(placed.opacity, moment.cameras[front].opacity);
        if (visibility < least_visibility) return std::nullopt;

        Anchor anchor;
        anchor.product = target.product;
        anchor.visibility = static_cast<float>(std::clamp(visibility, 0.0, 1.0));
        for (int i = 0; i < 9; ++i) anchor.homography[i] = static_cast<float>(plane[i]);
        const auto calibration = calibration_for(placed.camera);
        if (carried.pose && calibration) {
            const auto& [r, t] = std::tie(carried.pose->rvec, carried.pose->tvec);
            anchor.pose = std::array<float, 6>{float(r[0]), float(r[1]), float(r[2]), float(t[0]), float(t[1]), float(t[2])};
            anchor.intrinsics = program_intrinsics(*calibration, placed);
        }
        return std::pair(std::move(anchor), outline->area());
    }

    std::optional<Calibration> calibration_for(const std::string& camera) const {
        for (std::size_t i = 0; i < show_->cameras.size(); ++i)
            if (show_->cameras[i].id == camera) return calibrations_[i];
        return std::nullopt;
    }

    std::shared_ptr<const ShowConfig> show_;
    std::function<void(Report)> report_;
    std::mutex facts_mutex_;
    std::map<std::string, TargetFacts> facts_;
    std::set<std::string> seen_;  ///< the program thread's
    std::vector<std::optional<Calibration>> calibrations_;
    Painter painter_;
    ModelLayer models_;
    TrackThread track_;
};

}  // namespace

std::unique_ptr<FrameStage> make_show_stage(std::shared_ptr<const ShowConfig> show, std::function<void(Report)> report) {
    // Pictures are small and come from several threads at once: OpenCV's own pool would only make them wait for each other.
    cv::setNumThreads(1);
    forget_brand_font();
    if (show->brand.font)
        if (auto used = use_brand_font(*show->brand.font); !used)
            log::warn("painting", "The brand's font " + printable(show->brand.font->filename().string(), 100) + " " + used.error().message);
    return std::make_unique<ShowStage>(std::move(show), std::move(report));
}

}  // namespace vitrine
