#include "overlays/painting/overlay_bench.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include "overlays/painting/blend.h"
#include "overlays/painting/painter.h"

namespace vitrine {

namespace {

constexpr int card_width = 900, card_height = 500, width = 1920, height = 1080, runs = 200;

double thread_ms() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

template <class Work>
std::vector<double> time_runs(int count, Work work) {
    std::vector<double> ms;
    for (int i = 0; i < count; ++i) {
        const double start = thread_ms();
        work();
        ms.push_back(thread_ms() - start);
    }
    std::sort(ms.begin(), ms.end());
    return ms;
}

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

Sprite half_transparent_card(int rows) {
    std::vector<std::uint32_t> pixels;
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < card_width; ++x) {
            const std::uint32_t r = static_cast<std::uint32_t>(x * 128 / card_width), g = static_cast<std::uint32_t>(y * 128 / rows);
            pixels.push_back(0x80000000U | r << 16 | g << 8 | 0x40U);
        }
    return {reinterpret_cast<const std::uint8_t*>(pixels.data()), card_width * 4, card_width, rows, true};
}

std::shared_ptr<ShowConfig> bench_show() {
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

/// Ten callouts with values round a product that moves a fraction of a pixel with every frame.
double ten_callouts(VideoFrame& frame) {
    const auto show = bench_show();
    show->brand.factory = {};
    auto& callouts = show->products[0].callouts;
    callouts.clear();
    for (int i = 0; i < 10; ++i)
        callouts.push_back({"callout/" + std::to_string(i),
                            {i % 2 ? 105.0 : 15.0, 6.0 + 15 * (i / 2), 0},
                            {{{"en", "Part number " + std::to_string(i + 1)}, {"zh", "部件"}}},
                            "s" + std::to_string(i % 6)});
    Snapshot snapshot;
    snapshot.pinned = "sample";
    snapshot.card_visible = false;
    SceneFrame scene;
    scene.anchors.resize(1);
    scene.anchors[0].product = "sample";
    scene.anchors[0].visibility = 1;
    Painter painter(show);
    int n = 0;
    const auto paint = [&] {
        const float x = 0.35F + 0.00037F * static_cast<float>(++n % 100);
        scene.anchors[0].homography = {0.0025F, 0, x, 0, 0.0075F, 0.2F, 0, 0, 1};
        painter.paint(frame.view(), scene, snapshot);
    };
    paint();
    return median(time_runs(runs, paint));
}

}  // namespace

OverlayBenchFigures run_overlay_bench() {
    OverlayBenchFigures figures;
    figures = {card_width, card_height, width, height, runs, blend_target()};
    VideoFrame frame(width, height);
    fill(frame.view(), 120, 100, 150);

    const Sprite card = half_transparent_card(card_height);
    const auto fast = time_runs(runs, [&] { blend(frame.view(), card, 510, 290); });
    figures.blend_ms_median = median(fast);
    figures.blend_ms_min = fast.front();
    figures.plain_ms_median = median(time_runs(runs / 4, [&] { blend_reference(frame.view(), card, SpritePlace::at(510, 290)); }));

    figures.shifted_ms_median = median(time_runs(runs, [&] { blend(frame.view(), card, SpritePlace{510 * 16 + 7, 290 * 16 + 5}); }));
    std::vector<std::uint8_t> chroma(std::size_t{width} * height / 2, 128);
    const Nv12View pairs{frame.view().y, chroma.data(), frame.view().stride_y, width, width, height};
    figures.nv12_ms_median = median(time_runs(runs, [&] { blend(pairs, card, SpritePlace::at(510, 290)); }));
    {
        VideoFrame large(2 * width, 2 * height);
        fill(large.view(), 120, 100, 150);
        figures.blend_2160_ms_median = median(time_runs(runs, [&] { blend(large.view(), card, 510, 290); }));
        const Sprite upper = half_transparent_card(card_height / 2);
        figures.blend_half_ms_median = median(time_runs(runs, [&] { blend(frame.view(), upper, 510, 290); }));
    }

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
    const double start = thread_ms();
    painter.paint(frame.view(), scene, snapshot);
    figures.first_paint_ms = thread_ms() - start;
    figures.paint_ms_median = median(time_runs(runs, [&] { painter.paint(frame.view(), scene, snapshot); }));
    figures.callouts_ms_median = ten_callouts(frame);
    return figures;
}

}  // namespace vitrine
