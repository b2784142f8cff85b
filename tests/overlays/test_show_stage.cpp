#include "overlays/show_stage.h"

#include <cmath>
#include <thread>

#include "overlays/painting/painter.h"
#include "overlays/sim/sim_bench.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::shared_ptr<ShowConfig> bench_show() {
    auto show = std::make_shared<ShowConfig>();
    show->title.by_language["en"] = "Test show";
    CameraConfig line, bench;
    line.id = "line", line.source = {"sim", "line"}, line.name.by_language["en"] = "Line";
    bench.id = "bench", bench.source = {"sim", "bench"}, bench.name.by_language["en"] = "Bench";
    show->cameras = {line, bench};
    ProductConfig product;
    product.id = "LX-200";
    product.name.by_language["en"] = "LX-200";
    product.target = TargetConfig{};
    product.target->marker = MarkerTarget{"apriltag36h11", bench_marker_id, bench_marker_mm};
    product.target->marker_at = {bench_marker_x_mm, bench_marker_y_mm};
    product.target->width_mm = bench_label_width_mm, product.target->height_mm = bench_label_height_mm;
    show->products = {product};
    return show;
}

PlacedCamera placed(const char* camera, std::array<float, 4> rect, std::uint64_t sequence, Nanoseconds capture) {
    PlacedCamera out;
    out.camera = camera, out.rect = rect, out.camera_width = 1280, out.camera_height = 720, out.live = true, out.sequence = sequence,
    out.capture_ns = capture;
    return out;
}

/// Runs `frames` bench frames through the stage until the last one's own sighting is there; the clock is the test's.
SceneFrame described(FrameStage& stage, CameraStage& camera, SimulatedCamera& bench, std::uint64_t frames, ProgramMoment moment) {
    VideoFrame frame(bench.width(), bench.height());
    SceneFrame out;
    for (std::uint64_t n = 0; n <= frames; ++n) {
        bench.render(frame.view(), n);
        const Nanoseconds at = 1'000'000'000 + static_cast<Nanoseconds>(n) * 33'333'333;
        REQUIRE(camera.process(frame.view(), n, at));
        for (auto& one : moment.cameras)
            if (one.camera == "bench") one.sequence = n, one.capture_ns = at;
        // Nobody waits for the tracker in a show; this test does, with a deadline, until the anchor is this frame's own.
        const Nanoseconds deadline = steady_now() + 10'000'000'000;
        do {
            out = stage.describe(moment);
            if (!out.anchors.empty() && out.anchors[0].pose) {
                const auto truth = bench_truth(n, 30, 1280, 720);
                // A sighting is true to some hundredths of a millimetre, what is carried on from the frame before is not.
                const auto& pose = *out.anchors[0].pose;
                if (std::hypot(pose[3] - truth.tvec[0], pose[4] - truth.tvec[1]) < 0.1) break;
            }
            std::this_thread::yield();
        } while (steady_now() < deadline);
    }
    return out;
}

}  // namespace

TEST_CASE("a tracked product is anchored in program coordinates, also in a small picture in the picture", "[stage]") {
    auto stage = make_show_stage(bench_show());
    auto camera = stage->open_camera(bench_show()->cameras[1]);
    auto bench = stage->open_simulated("bench");
    REQUIRE(bench);
    const std::array<float, 4> rect{0.64f, 0.06f, 0.32f, 0.32f};
    ProgramMoment moment;
    moment.number = 77;
    moment.program_ns = 2'000'000'000;
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->version = 12;
    snapshot->chapters = {{1, 0, "one"}, {2, 0, "two"}};
    moment.snapshot = snapshot;
    moment.cameras = {placed("line", {0, 0, 1, 1}, 41, 1'950'000'000), placed("bench", rect, 0, 0)};
    const SceneFrame frame = described(*stage, *camera, **bench, 8, moment);

    CHECK(frame.number == 77);
    CHECK(frame.state_version == 12);
    CHECK(frame.chapter == 2);
    CHECK(frame.capture_utc_us == utc_us_of(1'950'000'000));
    REQUIRE(frame.sources.size() == 2);
    CHECK(frame.sources[0].camera == "line");
    CHECK(frame.sources[0].sequence == 41);
    CHECK(frame.sources[1].rect == rect);

    REQUIRE(frame.anchors.size() == 1);
    const Anchor& anchor = frame.anchors[0];
    CHECK(anchor.product == "LX-200");
    CHECK(anchor.visibility == 1);
    REQUIRE((anchor.pose && anchor.intrinsics));
    const SimTruth truth = bench_truth(8, 30, 1280, 720);
    Anchor flat = anchor;
    flat.pose.reset();
    const std::array<std::array<double, 2>, 4> corners{{{0, 0}, {120, 0}, {120, 80}, {0, 80}}};
    for (const Anchor& reader : {anchor, flat})
        for (int i = 0; i < 4; ++i) {
            const auto at = project(reader, {corners[i][0], corners[i][1], 0});
            REQUIRE(at);
            // In program pixels of 1280 × 720.
            CHECK((*at)[0] * 1280 == Approx((rect[0] + rect[2] * (truth.corners[i][0] + 0.5) / 1280) * 1280).margin(0.4));
            CHECK((*at)[1] * 720 == Approx((rect[1] + rect[3] * (truth.corners[i][1] + 0.5) / 720) * 720).margin(0.4));
        }
    REQUIRE(scene_frame_from_cbor(to_cbor(frame)));

    SECTION("not when the camera shows a slate") {
        auto slate = moment;
        slate.cameras[1].sequence = 8, slate.cameras[1].capture_ns = 1'000'000'000 + 8 * 33'333'333;
        REQUIRE(stage->describe(slate).anchors.size() == 1);
        slate.cameras[1].live = false;
        CHECK(stage->describe(slate).anchors.empty());
    }
    SECTION("not when another camera covers it, half when that one is half faded in") {
        auto covered = moment;
        std::swap(covered.cameras[0], covered.cameras[1]);
        covered.cameras[0].sequence = 8, covered.cameras[0].capture_ns = 1'000'000'000 + 8 * 33'333'333;
        CHECK(stage->describe(covered).anchors.empty());
        covered.cameras[1].opacity = 0.5f;
        const auto half = stage->describe(covered);
        REQUIRE(half.anchors.size() == 1);
        CHECK(half.anchors[0].visibility == Approx(0.5));
    }
    SECTION("with its scene's share in a fade, in which only cameras of its own scene cover it") {
        const Nanoseconds at = 1'000'000'000 + 8 * 33'333'333;
        for (const float share : {0.25f, 0.5f, 0.75f}) {
            // From the bench alone to the line alone.
            auto fade = moment;
            fade.cameras = {placed("bench", {0, 0, 1, 1}, 8, at), placed("line", {0, 0, 1, 1}, 41, at)};
            fade.cameras[0].opacity = 1 - share, fade.cameras[1].opacity = share;
            const auto seen = stage->describe(fade);
            REQUIRE(seen.anchors.size() == 1);
            CHECK(seen.anchors[0].visibility == Approx(1 - share));
        }
        // From the bench with the line over all of it.
        auto hidden = moment;
        hidden.cameras = {placed("bench", {0, 0, 1, 1}, 8, at), placed("line", {0, 0, 1, 1}, 41, at), placed("line", {0, 0, 1, 1}, 41, at)};
        hidden.cameras[0].opacity = hidden.cameras[1].opacity = 0.75f, hidden.cameras[2].opacity = 0.25f;
        CHECK(stage->describe(hidden).anchors.empty());
    }
    SECTION("not when it lies outside the part of the picture that is shown") {
        auto cropped = moment;
        cropped.cameras[1].sequence = 8, cropped.cameras[1].capture_ns = 1'000'000'000 + 8 * 33'333'333;
        cropped.cameras[1].crop = {0, 0, 0.2f, 0.2f};
        CHECK(stage->describe(cropped).anchors.empty());
    }
}

TEST_CASE("the tracker sees the picture only after the masks", "[stage]") {
    auto show = bench_show();
    show->cameras[1].masks = {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, MaskFill::solid}};
    auto stage = make_show_stage(show);
    auto masked = stage->open_camera(show->cameras[1]);
    auto bench = stage->open_simulated("bench");
    VideoFrame frame(1280, 720);
    ProgramMoment moment;
    moment.cameras = {placed("bench", {0, 0, 1, 1}, 0, 0)};
    for (std::uint64_t n = 0; n < 5; ++n) {
        (*bench)->render(frame.view(), n);
        const Nanoseconds at = static_cast<Nanoseconds>(n + 1) * 33'333'333;
        REQUIRE(masked->process(frame.view(), n, at));
        moment.cameras[0].sequence = n, moment.cameras[0].capture_ns = at;
        CHECK(stage->describe(moment).anchors.empty());
        CHECK(frame.view().y[360 * frame.view().stride_y + 640] == 45);
    }
}

TEST_CASE("masks set while the camera runs hold from the next picture on, and a still picture can be given them", "[stage]") {
    auto show = bench_show();
    auto stage = make_show_stage(show);
    auto camera = stage->open_camera(show->cameras[0]);
    VideoFrame frame(1280, 720);
    const auto middle = [&] {
        fill(frame.view(), 200, 128, 128);
        REQUIRE(camera->process(frame.view(), 0, 1));
        return int(frame.view().y[360 * frame.view().stride_y + 640]);
    };
    const std::vector<PrivacyMask> whole{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, MaskFill::solid}};
    CHECK(middle() == 200);
    camera->set_masks(whole);
    CHECK(middle() == 45);
    camera->set_masks({});
    CHECK(middle() == 200);
    REQUIRE(stage->mask(frame.view(), whole));
    CHECK(int(frame.view().y[360 * frame.view().stride_y + 640]) == 45);
    CHECK_FALSE(stage->mask(frame.view(), {{{{0.2f, 0.2f}, {0.5f, 0.5f}, {0.8f, 0.8f}}, MaskFill::solid}}));
    camera->set_masks({{{{0.2f, 0.2f}, {0.5f, 0.5f}, {0.8f, 0.8f}}, MaskFill::solid}});
    CHECK_FALSE(camera->process(frame.view(), 1, 2));
}

TEST_CASE("a camera whose masks cannot be applied gives an error for every frame", "[stage]") {
    auto show = bench_show();
    show->cameras[0].masks = {{{{0.2f, 0.2f}, {0.5f, 0.5f}, {0.8f, 0.8f}}, MaskFill::solid}};
    auto stage = make_show_stage(show);
    auto broken = stage->open_camera(show->cameras[0]);
    VideoFrame frame(1280, 720);
    for (std::uint64_t n = 0; n < 3; ++n) CHECK_FALSE(broken->process(frame.view(), n, 0));
}

TEST_CASE("a moment without cameras is described by its own time", "[stage]") {
    auto stage = make_show_stage(bench_show());
    ProgramMoment moment;
    moment.number = 3, moment.program_ns = 5'000'000'000;
    const SceneFrame frame = stage->describe(moment);
    CHECK(frame.number == 3);
    CHECK(frame.capture_utc_us == utc_us_of(5'000'000'000));
    CHECK(frame.anchors.empty());
    CHECK(frame.sources.empty());
    CHECK_FALSE(stage->open_simulated("nothing"));
}

TEST_CASE("a paused session shows the painter's holding picture", "[stage]") {
    auto show = bench_show();
    auto stage = make_show_stage(show);
    VideoFrame held(640, 360), expected(640, 360);
    fill(held.view(), 200, 10, 10);
    stage->paint_holding(held.view());
    Painter(show).paint_holding(expected.view());
    std::size_t different = 0;
    for (int y = 0; y < 360; ++y)
        for (int x = 0; x < 640; ++x)
            different += held.view().y[y * held.view().stride_y + x] != expected.view().y[y * expected.view().stride_y + x];
    CHECK(different == 0);
}
