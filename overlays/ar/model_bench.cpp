#include "overlays/ar/model_bench.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "engine/clock.h"
#include "engine/frame.h"
#include "overlays/ar/model_renderer.h"
#include "overlays/models/model_reader.h"
#include "overlays/painting/rgba_blend.h"

namespace vitrine {

namespace {

constexpr int picture_width = 1280, picture_height = 720, runs = 25;

double clock_ms(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

/// A label of 120 × 80 mm half a metre before the demo's camera, turned a little further with every frame.
Anchor anchor_at(int frame) {
    Anchor anchor;
    anchor.visibility = 1;
    const float angle = 0.35F + 0.002F * static_cast<float>(frame);
    anchor.pose = std::array<float, 6>{angle, 0.2F, 0, -60, -40, 500};
    anchor.intrinsics = std::array<float, 4>{1, 16.0F / 9, 0.5F, 0.5F};
    return anchor;
}

}  // namespace

Result<std::vector<ModelBenchFigures>> run_model_bench(const std::filesystem::path& file) {
    const auto model = read_model(file);
    if (!model) return tl::unexpected<Error>(model.error());
    auto renderer = ModelRenderer::create();
    if (!renderer) return tl::unexpected<Error>(renderer.error());
    if (const auto loaded = (*renderer)->load("model", *model); !loaded) return tl::unexpected<Error>(loaded.error());
    VideoFrame frame(picture_width, picture_height);
    fill(frame.view(), 120, 128, 128);

    struct Case {
        std::string name;
        ModelLook look;
        RenderQuality quality;
    };
    std::vector<ModelBenchFigures> out;
    for (const Case& one : {Case{"4 samples", {}, {4, 1}}, Case{"1 sample", {}, {1, 1}}, Case{"half size", {}, {1, 2}},
                            Case{"exploded", {-1, 1, false, {}, 1}, {1, 1}}, Case{"x-ray", {-1, 0, true, {}, 1}, {1, 1}},
                            Case{"section", {-1, 0, false, 0.5F, 1}, {1, 1}}}) {
        std::vector<double> wall, cpu, blend;
        ModelPicture picture;
        for (int run = -3; run < runs; ++run) {  // the first ones compile shaders
            const auto camera = camera_of(anchor_at(run), picture_width, picture_height);
            const ModelView view{*camera, {{60, 40, 0}}, picture_width, picture_height, {0, 0, picture_width, picture_height}};
            const double at = clock_ms(CLOCK_MONOTONIC), spent = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
            if (const auto done = (*renderer)->render("model", view, one.look, one.quality, picture); !done)
                return tl::unexpected<Error>(done.error());
            if (run < 0) continue;
            wall.push_back(clock_ms(CLOCK_MONOTONIC) - at);
            cpu.push_back(clock_ms(CLOCK_PROCESS_CPUTIME_ID) - spent);
            const double blending = clock_ms(CLOCK_THREAD_CPUTIME_ID);
            blend_rgba(frame.view(), {picture.rgba.data(), picture.rect.width * 4, picture.rect.width, picture.rect.height}, picture.rect.x,
                       picture.rect.y);
            blend.push_back(clock_ms(CLOCK_THREAD_CPUTIME_ID) - blending);
        }
        out.push_back({(*renderer)->device(), one.name, model->triangles(), picture.rect.width, picture.rect.height, median(wall),
                       median(cpu), median(blend)});
    }
    return out;
}

}  // namespace vitrine
