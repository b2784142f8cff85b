#include "overlays/painting/overlay_bench.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/clock.h"
#include "overlays/painting/blend.h"
#include "overlays/painting/painter.h"

namespace vitrine {

namespace {

constexpr int card_width = 900, card_height = 500, width = 1920, height = 1080, runs = 200;

template <class Work>
std::vector<double> time_runs(int count, Work work) {
    std::vector<double> ms;
    for (int i = 0; i < count; ++i) {
        const Nanoseconds start = steady_now();
        work();
        ms.push_back(static_cast<double>(steady_now() - start) / 1e6);
    }
    std::sort(ms.begin(), ms.end());
    return ms;
}

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

Sprite half_transparent_card() {
    std::vector<std::uint32_t> pixels;
    for (int y = 0; y < card_height; ++y)
        for (int x = 0; x < card_width; ++x) {
            const std::uint32_t r = static_cast<std::uint32_t>(x * 128 / card_width), g = static_cast<std::uint32_t>(y * 128 / card_height);
            pixels.push_back(0x80000000U | r << 16 | g << 8 | 0x40U);
        }
    return {reinterpret_cast<const std::uint8_t*>(pixels.data()), card_width * 4, card_width, card_height, false};
}

std::shared_ptr<const ShowConfig> bench_show() {
    const auto show = std::make_shared<ShowConfig>();
    show->languages = {"en", "zh"};
    show->brand.factory = {{{"en", "Sample Factory"}, {"zh", "示例工厂"}}};
    ProductConfig product;
    product.id = "sample";
    product.name = {{{"en", "Sample lamp"}, {"zh", "示例灯具"}}};
    product.target = TargetConfig{};
    product.target->width_mm = 120;
    product.target->height_mm = 80;
    for (int i = 0; i < 6; ++i)
        product.specs.push_back({"s" + std::to_string(i),
                                 {{{"en", "Property " + std::to_string(i + 1)}, {"zh", "参数" + std::to_string(i + 1)}}},
                                 std::to_string(1200 + i),
                                 "lm"});
    for (int i = 0; i < 4; ++i)
        product.callouts.push_back({"sample/" + std::to_string(i),
                                    {i % 2 ? 100.0 : 20.0, i < 2 ? 20.0 : 60.0, 0},
                                    {{{"en", "Part number " + std::to_string(i + 1)}, {"zh", "部件"}}},
                                    i == 0 ? "s0" : ""});
    product.prices = {{500, 4.2, "USD"}, {2000, 3.9, "USD"}, {10000, 3.55, "USD"}};
    show->products.push_back(product);
    return show;
}

}  // namespace

OverlayBenchFigures run_overlay_bench() {
    OverlayBenchFigures figures;
    figures = {card_width, card_height, width, height, runs, blend_target()};
    VideoFrame frame(width, height);
    fill(frame.view(), 120, 100, 150);

    const Sprite card = half_transparent_card();
    const auto fast = time_runs(runs, [&] { blend(frame.view(), card, 510, 290); });
    figures.blend_ms_median = median(fast);
    figures.blend_ms_min = fast.front();
    figures.plain_ms_median = median(time_runs(runs / 4, [&] { blend_reference(frame.view(), card, SpritePlace::at(510, 290)); }));

    constexpr std::size_t touched = std::size_t{card_width} * card_height * 3 / 2;
    std::vector<std::uint8_t> from(touched, 7), to(touched, 9);
    volatile std::uint8_t seen = 0;
    figures.copy_ms_median = median(time_runs(runs, [&] {
        std::memcpy(to.data(), from.data(), touched);
        seen = to[touched / 2];
        from[touched / 2] = static_cast<std::uint8_t>(seen + 1);
    }));

    const auto show = bench_show();
    Snapshot snapshot;
    snapshot.pinned = "sample";
    SceneFrame scene;
    Anchor anchor;
    anchor.product = "sample";
    anchor.visibility = 1;
    anchor.homography = {0.003F, 0, 0.15F, 0, 0.005F, 0.3F, 0, 0, 1};
    scene.anchors.push_back(anchor);
    Painter painter(show);
    const Nanoseconds start = steady_now();
    painter.paint(frame.view(), scene, snapshot);
    figures.first_paint_ms = static_cast<double>(steady_now() - start) / 1e6;
    figures.paint_ms_median = median(time_runs(runs, [&] { painter.paint(frame.view(), scene, snapshot); }));
    return figures;
}

}  // namespace vitrine
