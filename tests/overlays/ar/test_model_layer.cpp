#include "overlays/ar/model_layer.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "overlays/models/model_placement.h"
#include "test_places.h"
#include "tests/overlays/ar/sample_models.h"
#include "tests/support/catch.h"
#include "tests/support/patience.h"

using namespace vitrine;
using namespace vitrine::ar_test;

namespace {

std::shared_ptr<ShowConfig> show_with(const std::string& model) {
    auto show = std::make_shared<ShowConfig>();
    ProductConfig product;
    product.id = "LX";
    product.model = model;
    product.target = TargetConfig{};
    product.target->width_mm = product.target->height_mm = 100;
    product.model_at_mm = {50, 50, 0};
    show->products = {product};
    return show;
}

struct Reports {
    std::mutex mutex;
    std::condition_variable came;
    std::vector<Report> all;
    std::function<void(Report)> taker() {
        return [this](Report report) {
            const std::lock_guard lock(mutex);
            all.push_back(std::move(report));
            came.notify_all();
        };
    }
    std::optional<ModelFacts> facts() {
        const std::lock_guard lock(mutex);
        return facts_of_all();
    }
    std::optional<ModelFacts> facts_of_all() const {  // with the mutex
        for (const Report& report : all)
            if (const auto* model = std::get_if<ModelReport>(&report)) return model->facts;
        return std::nullopt;
    }
    std::size_t notices() {
        const std::lock_guard lock(mutex);
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](const Report& r) { return std::holds_alternative<NoticeReport>(r); }));
    }
    ModelFacts wait_for_facts() {
        std::unique_lock lock(mutex);
        std::optional<ModelFacts> found;
        came.wait_for(lock, std::chrono::seconds(10), [&] { return (found = facts_of_all()).has_value(); });
        return found.value_or(ModelFacts{{}, "no report"});
    }
};

/// A grey picture, and how many of its luma pixels paint() has changed.
struct Screen {
    VideoFrame frame{width, height};
    Screen() { fill(frame.view(), 120, 128, 128); }
    int changed() const {
        int n = 0;
        const auto view = const_cast<VideoFrame&>(frame).view();
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) n += view.y[y * view.stride_y + x] != 120;
        return n;
    }
};

struct Stand {
    Reports reports;
    SceneFrame scene;
    Snapshot snapshot;
    ModelLayer layer;

    explicit Stand(const std::string& model) : layer(show_with(model), reports.taker()) {
        scene.anchors = {looked_at(20, 20, 420)};
        scene.capture_utc_us = 1'000'000;
        snapshot.pinned = "LX";
        snapshot.models["LX"].shown = true;
    }
    int paint() {
        Screen screen;
        scene.capture_utc_us += 33'333;
        layer.paint(screen.frame.view(), scene, snapshot);
        return screen.changed();
    }
    /// Frames until something shows; its extent after the fade.
    int until_seen() {
        int seen = 0;
        for (int i = 0; i < 2000 && seen == 0; ++i) {
            seen = paint();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        scene.capture_utc_us += 1'000'000;
        for (int i = 0; i < 400; ++i) seen = std::max(seen, paint());
        return seen;
    }
};

const std::string demo_model = VITRINE_SOURCE_DIR "/assets/shows/demo/models/lx200.glb";

}  // namespace

TEST_CASE("the pinned product's model is drawn on its target, for as long as it is asked for", "[ar]") {
    if (!renderer()) return;
    Stand stand(demo_model);
    CHECK(stand.reports.wait_for_facts().variants == std::vector<std::string>{"White", "Black", "Brass"});
    const int whole = stand.until_seen();
    CHECK(whole > 4000);
    CHECK(whole < width * height / 2);
    CHECK(stand.reports.notices() == 0);
    CHECK(stand.layer.figures().reused > 100);  // nothing moved

    stand.scene.anchors[0].visibility = 0.04F;
    CHECK(stand.paint() == 0);
    stand.scene.anchors[0].visibility = 1;
    stand.scene.sources = {{"bench", 0, {0, 0, 0.55F, 1}, 1}};
    stand.scene.anchors[0] = looked_at(20, 20, 421);
    CHECK(stand.paint() < whole);  // cut off at its camera's edge

    stand.snapshot.models["LX"].shown = false;
    stand.paint();
    stand.scene.capture_utc_us += 1'000'000;
    CHECK(stand.paint() == 0);
    stand.snapshot.models["LX"].shown = true;
    stand.snapshot.pinned.clear();
    CHECK(stand.paint() == 0);
}

TEST_CASE("paint() waits for a picture no longer than its patience", "[ar]") {
    if (!renderer()) return;
    Stand stand(demo_model);
    const auto began = std::chrono::steady_clock::now();
    stand.paint();  // the model is still being read, the shaders are still to be compiled
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(500));
}

TEST_CASE("a model that cannot be read is a notice and a fact, not the end", "[ar]") {
    Stand stand(VITRINE_SOURCE_DIR "/tests/fixtures/shows/model-damaged/lamp.glb");
    CHECK_FALSE(stand.reports.wait_for_facts().problem.empty());
    CHECK(stand.reports.notices() == 1);
    for (int i = 0; i < 5; ++i) CHECK(stand.paint() == 0);
}

TEST_CASE("a show without models starts no thread and draws nothing", "[ar]") {
    ModelLayer layer(std::make_shared<ShowConfig>(), {});
    Screen screen;
    Snapshot snapshot;
    snapshot.pinned = "LX";
    layer.paint(screen.frame.view(), {}, snapshot);
    CHECK(screen.changed() == 0);
    CHECK(layer.figures().device.empty());
}
