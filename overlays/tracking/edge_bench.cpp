#include "overlays/tracking/edge_bench.h"

#include <algorithm>
#include <cmath>

#include "overlays/sim/solid.h"
#include "overlays/tracking/track_bench.h"

namespace vitrine {

SolidScene solid_scene(const ModelData& model) {
    const SolidTarget target = SolidTarget::by_front("it", model);
    SolidScene out;
    out.scene.solid = std::make_shared<sim::Solid>(model, target.placement);
    out.scene.width_mm = target.front[2], out.scene.height_mm = target.front[3];
    out.scene.covered_from = 0.5;
    out.model = *EdgeModel::make(target, model);
    return out;
}

SequenceReport follow_solid(const SolidScene& solid, int frames, Suggested suggested) {
    const std::shared_ptr<EdgeTracker> tracker = EdgeTracker::create({solid.model}, sim::MovingPicture::camera());
    const auto picture = std::make_shared<const sim::MovingPicture>(solid.scene);
    bool first = true;
    const auto find = [=](const ConstI420View& view, Nanoseconds when) mutable {
        const auto frame = static_cast<std::uint64_t>(std::llround(double(when) * 1e-9 * sim::MovingPicture::fps));
        const auto truth = picture->truth(frame);
        if (first || (suggested == Suggested::always && truth.covered < 1)) {
            TargetPose rough = truth.pose;
            rough.tvec[0] += 3, rough.tvec[1] -= 2, rough.rvec[1] += 0.03;
            tracker->suggest(0, rough);
        }
        first = false;
        return tracker->find(view, when);
    };
    return follow_sequence(solid.scene, frames, {find, [] { return std::uint64_t{0}; }});
}

SolidBenchFigures run_solid_bench() {
    constexpr int frames = 75;
    SolidBenchFigures out;
    SolidScene carton = solid_scene(sim::make_carton());
    double px = 0, percent = 0, degrees = 0, median = 0;
    for (const sim::PictureMotion motion : sim::six_motions) {
        carton.scene.motion = motion;
        const auto r = follow_solid(carton, frames, Suggested::once);
        out.frames += frames, out.told += r.claimed, out.wild += r.wild;
        px += r.mean_px * r.claimed, percent += r.distance_percent * r.claimed, degrees += r.degrees * r.claimed;
        median += r.follow_ms_median * r.claimed;
        out.follow_ms_max = std::max(out.follow_ms_max, r.follow_ms_max);
        out.corner_px_max = std::max(out.corner_px_max, r.worst_px);
        if (motion == sim::PictureMotion::still) out.still_px = r.jitter_px;
        out.lag_frames_max = std::max(out.lag_frames_max, std::abs(r.lag_frames));
    }
    const double told = std::max(1, out.told);
    out.corner_px_mean = px / told, out.distance_percent_mean = percent / told, out.angle_degrees_mean = degrees / told;
    out.follow_ms_median = median / told;
    carton.scene.motion = sim::PictureMotion::gone;
    out.reacquire_ms = follow_solid(carton, frames, Suggested::always).refound_ms;
    return out;
}

}  // namespace vitrine
