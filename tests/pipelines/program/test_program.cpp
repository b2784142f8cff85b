// The program's own decisions, on frames: real Show, real cameras, real ticks.

#include "pipelines/program/program.h"

#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::testing;
using namespace std::chrono_literals;

TEST_CASE("held safe, the very next tick is the holding picture, and back is the next tick too", "[program]") {
    auto config = std::make_shared<ShowConfig>();
    config->program = {320, 180, 30, 1000, false};
    config->cameras.resize(1);
    config->cameras[0].id = "cam";
    config->cameras[0].source = {"sim", "plain"};
    config->scenes.resize(1);
    config->scenes[0].id = "all";
    config->scenes[0].cameras = {"cam"};
    Show show(config);
    BareStage stage;
    const Nanoseconds epoch = steady_now();
    Program::Cameras cameras;
    CameraOptions options;
    options.epoch = epoch;
    cameras["cam"] = std::make_unique<Camera>(config->cameras[0], stage, options, nullptr);
    cameras["cam"]->start();
    Program program(show, stage, cameras, epoch);
    const auto frames = program.output()->read(300);
    program.start();

    const auto held = [](const ProgramFrame& frame) {
        const ConstI420View view = frame.picture->view();
        for (const auto& [x, y] : {std::pair{5, 5}, {160, 90}, {310, 170}, {40, 120}})
            if (view.y[y * view.stride_y + x] != 31) return false;
        return view.u[0] == 130 && view.v[0] == 127;
    };
    const auto next = [&] {
        auto frame = frames->pop(std::chrono::milliseconds(5000));
        REQUIRE(frame.has_value());
        return *frame;
    };
    bool live = false;
    for (int i = 0; i < 200 && !live; ++i) {
        const bool holds = held(next());
        live = cameras["cam"]->newest().live && !holds;
    }
    REQUIRE(live);

    for (int round = 0; round < 4; ++round) {
        const bool on = round % 2 == 0;
        const auto answer = show.post(HoldSafe{on}).get();
        const Nanoseconds answered = steady_now();
        REQUIRE(answer.has_value());
        int after = 0;
        for (int i = 0; i < 100 && after < 10; ++i) {
            const ProgramFrame frame = next();
            CHECK(held(frame) == frame.snapshot->safe);
            if (epoch + frame.pts < answered) continue;
            ++after;
            CHECK(frame.snapshot->safe == on);
            if (on) CHECK(frame.scene->anchors.empty());
        }
        CHECK(after == 10);
        CHECK(show.snapshot()->session == SessionState::idle);
    }
}
