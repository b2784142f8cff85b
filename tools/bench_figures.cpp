#include "engine/log.h"
#include "overlays/ar/model_bench.h"
#include "overlays/painting/overlay_bench.h"
#include "overlays/tracking/track_bench.h"
#include "tools/bench_ffmpeg.h"
#include "tools/benches.h"
#include "tools/commands.h"

namespace vitrine {

using nlohmann::json;

Result<BenchLines> bench_overlay(double) {
    const OverlayBenchFigures f = run_overlay_bench();
    const auto ffmpeg = ffmpeg_overlay_ms();
    if (!ffmpeg) log::warn("bench", ffmpeg.error().message);
    return BenchLines{{{"bench", "overlay"},
                       {"picture", {f.picture_width, f.picture_height}},
                       {"card", {f.card_width, f.card_height}},
                       {"runs", f.runs},
                       {"target", f.target},
                       {"blend_ms_median", f.blend_ms_median},
                       {"blend_ms_min", f.blend_ms_min},
                       {"blend_plain_ms_median", f.plain_ms_median},
                       {"copy_ms_median", f.copy_ms_median},
                       {"blend_of_copy", f.blend_ms_median / f.copy_ms_median},
                       {"plain_of_blend", f.plain_ms_median / f.blend_ms_median},
                       {"ffmpeg_overlay_ms", ffmpeg ? json(*ffmpeg) : json(nullptr)},
                       {"blend_of_ffmpeg", ffmpeg ? json(f.blend_ms_median / *ffmpeg) : json(nullptr)},
                       {"nv12_ms_median", f.nv12_ms_median},
                       {"between_pixels_ms_median", f.shifted_ms_median},
                       {"blend_2160_ms_median", f.blend_2160_ms_median},
                       {"growth_with_picture", f.blend_2160_ms_median / f.blend_ms_median},
                       {"blend_half_card_ms_median", f.blend_half_ms_median},
                       {"growth_with_card", f.blend_ms_median / f.blend_half_ms_median},
                       {"ten_callouts_ms_median", f.callouts_ms_median},
                       {"paint_ms_median", f.paint_ms_median},
                       {"first_paint_ms", f.first_paint_ms}}};
}

Result<BenchLines> bench_model(double) {
    auto assets = find_assets();
    if (!assets) return tl::unexpected(assets.error());
    const auto figures = run_model_bench(*assets / "shows/demo/models/lx200.glb");
    if (!figures) return tl::unexpected(figures.error());
    BenchLines lines;
    for (const ModelBenchFigures& f : *figures)
        lines.push_back({{"bench", "model"},
                         {"picture", {1280, 720}},
                         {"device", f.device},
                         {"triangles", f.triangles},
                         {"case", f.what},
                         {"rectangle", {f.width, f.height}},
                         {"render_ms_median", f.render_ms_median},
                         {"render_cpu_ms_median", f.render_cpu_ms_median},
                         {"blend_ms_median", f.blend_ms_median}});
    return lines;
}

Result<BenchLines> bench_track(double) {
    const TrackBenchFigures f = run_track_bench();
    const PictureBenchFigures p = run_picture_bench();
    const SolidBenchFigures s = run_solid_bench();
    return BenchLines{{{"bench", "track"},
                       {"target", "marker"},
                       {"picture", {1280, 720}},
                       {"frames", f.frames},
                       {"follow_ms_median", f.follow_ms_median},
                       {"follow_ms_max", f.follow_ms_max},
                       {"search_ms_median", f.search_ms_median},
                       {"search_missing_ms_median", f.missing_ms_median},
                       {"follow_cpu_percent_at_30", f.follow_ms_median * 30 / 10},
                       {"corner_px_mean", f.corner_px_mean},
                       {"corner_px_max", f.corner_px_max},
                       {"distance_percent_mean", f.distance_percent_mean},
                       {"angle_degrees_mean", f.angle_degrees_mean},
                       {"still_px", f.still_px},
                       {"reacquire_ms_mean", f.reacquire_ms_mean},
                       {"reacquire_ms_max", f.reacquire_ms_max}},
                      {{"bench", "track"},
                       {"target", "picture"},
                       {"picture", {1280, 720}},
                       {"frames", p.frames},
                       {"follow_ms_median", p.follow_ms_median},
                       {"follow_ms_max", p.follow_ms_max},
                       {"four_ms_median", p.four_ms_median},
                       {"four_ms_max", p.four_ms_max},
                       {"search_ms_median", p.search_ms_median},
                       {"missing_ms_mean", p.missing_ms_mean},
                       {"corner_px_mean", p.corner_px_mean},
                       {"corner_px_max", p.corner_px_max},
                       {"wild_frames", p.wild},
                       {"still_px", p.still_px},
                       {"lag_frames_max", p.lag_frames_max},
                       {"reacquire_ms_mean", p.reacquire_ms_mean},
                       {"reacquire_ms_max", p.reacquire_ms_max}},
                      {{"bench", "track"},
                       {"target", "model"},
                       {"picture", {1280, 720}},
                       {"frames", s.frames},
                       {"told_frames", s.told},
                       {"follow_ms_median", s.follow_ms_median},
                       {"follow_ms_max", s.follow_ms_max},
                       {"corner_px_mean", s.corner_px_mean},
                       {"corner_px_max", s.corner_px_max},
                       {"wild_frames", s.wild},
                       {"distance_percent_mean", s.distance_percent_mean},
                       {"angle_degrees_mean", s.angle_degrees_mean},
                       {"still_px", s.still_px},
                       {"lag_frames_max", s.lag_frames_max},
                       {"reacquire_ms", s.reacquire_ms}}};
}

}  // namespace vitrine
