// Parts of a running show in which something throws, as when memory is short: that part alone ends or begins again, the others lose
// nothing.

#include <atomic>
#include <cstring>
#include <filesystem>
#include <optional>

#include "engine/barrier.h"
#include "pipelines/capture/camera.h"
#include "pipelines/deliver/web/web_core.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/program/burner.h"
#include "pipelines/program/program.h"
#include "pipelines/program/still.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/support/catch.h"
#include "tests/support/scratch_folder.h"

using namespace vitrine;
using namespace vitrine::testing;
using namespace std::chrono_literals;

namespace {

std::atomic<const char*> faulty{nullptr};
std::atomic<int> left{0}, thrown{0};

/// While it lives, the named door throws std::bad_alloc, so many times.
class Fault {
  public:
    Fault(const char* door, int times) {
        faulty = door, left = times, thrown = 0;
        barrier::set_fault([](const char* at) {
            if (std::strcmp(at, faulty) != 0 || left.fetch_sub(1) <= 0) return;
            ++thrown;
            throw std::bad_alloc();
        });
    }
    ~Fault() { barrier::set_fault(nullptr); }
};

CameraConfig plain(const std::string& id) {
    CameraConfig config;
    config.id = id;
    config.source = {"sim", "plain"};
    return config;
}

struct Programme {
    std::shared_ptr<ShowConfig> config = std::make_shared<ShowConfig>();
    BareStage stage;
    Program::Cameras cameras;
    const Nanoseconds epoch = steady_now();
    std::unique_ptr<Show> show;
    std::unique_ptr<Program> program;

    Programme() {
        config->program = {320, 180, 30, 1000, false};
        config->cameras = {plain("cam")};
        config->scenes.resize(1);
        config->scenes[0].id = "all";
        config->scenes[0].cameras = {"cam"};
        show = std::make_unique<Show>(config);
        CameraOptions options;
        options.epoch = epoch;
        cameras["cam"] = std::make_unique<Camera>(config->cameras[0], stage, options, nullptr);
        cameras["cam"]->start();
        program = std::make_unique<Program>(*show, stage, cameras, epoch);
    }
};

}  // namespace

TEST_CASE("a tick, a picture or a camera's frame that throws costs that frame", "[barrier]") {
    const std::string door =
        GENERATE(as<std::string>{}, "program tick", "sim picture", "burned picture", "program", "burner", "sim camera");
    CAPTURE(door);
    // A thread's own door is passed when it begins.
    const bool in_loop = door.find(' ') != door.npos && door != "sim camera";
    std::optional<Fault> fault;
    if (!in_loop) fault.emplace(door.c_str(), 3);
    Programme all;
    Burner burner(all.program->output(), all.stage);
    const auto clean = all.program->output()->read(1000);
    const auto burned = burner.output()->read(1000);
    all.program->start();
    REQUIRE(wait_for(5s, [&] { return clean->received() > 10 && burned->received() > 10 && all.cameras["cam"]->newest().live; }));
    const std::uint64_t missed = all.program->figures().missed_ticks;
    if (in_loop) fault.emplace(door.c_str(), 3);
    CHECK(wait_for(5s, [&] { return thrown == 3; }));
    const std::uint64_t clean_before = clean->received(), burned_before = burned->received();
    CHECK(wait_for(5s, [&] { return clean->received() > clean_before + 30 && burned->received() > burned_before + 20; }));
    if (door == "program tick") CHECK(all.program->figures().missed_ticks >= missed + 3);
    CHECK(wait_for(3s, [&] { return all.cameras["cam"]->newest().live; }));
}

TEST_CASE("a file camera whose thread throws is lost and returns; the camera beside it loses no frame", "[barrier][camera]") {
    test::ScratchFolder folder;
    const std::string clip = (folder.path() / "clip.mp4").string();
    const std::string make =
        "ffmpeg -v error -y -f lavfi -i testsrc2=size=320x180:rate=30:duration=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p " + clip;
    if (std::system(make.c_str()) != 0) {
        WARN("ffmpeg is missing");
        return;
    }
    const std::string door =
        GENERATE(as<std::string>{}, "source picture", "source sample", "source chain", "source pipeline", "source pad", "source size");
    CAPTURE(door);
    BareStage stage;
    CameraOptions options;
    options.epoch = steady_now();
    CameraConfig filed = plain("file");
    filed.source = {"file", clip};
    std::mutex mutex;
    std::uint64_t dropped = 0;
    std::string told;
    Camera beside(plain("sim"), stage, options, [&](CameraStatus status) {
        const std::lock_guard lock(mutex);
        dropped = status.dropped;
    });
    beside.start();
    REQUIRE(wait_for(5s, [&] { return beside.newest().live; }));
    const std::uint64_t first = beside.newest().frame->sequence;
    {
        Fault fault(door.c_str(), 1);
        Camera camera(filed, stage, options, [&](CameraStatus status) {
            const std::lock_guard lock(mutex);
            if (!status.detail.empty()) told = status.detail;
        });
        camera.start();
        CHECK(wait_for(8s, [&] { return thrown == 1 && camera.newest().live; }));
        std::this_thread::sleep_for(300ms);
        CHECK(camera.newest().live);
    }
    CHECK(beside.newest().frame->sequence > first + 5);
    const std::lock_guard lock(mutex);
    CHECK(dropped == 0);
}

TEST_CASE("an encoder whose callback or thread throws is begun again", "[barrier][encode]") {
    const std::string door = GENERATE(as<std::string>{}, "encoded picture", "encode");
    CAPTURE(door);
    std::optional<Fault> fault;
    if (door == "encode") fault.emplace(door.c_str(), 1);
    test::TestProgram program;
    const Rung small{.name = "test", .width = 320, .height = 180, .fps = 30, .bitrate_kbps = 400, .keyframe_s = 1};
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto reader = encoder.output()->read(2000);
    program.run();
    REQUIRE(wait_for(5s, [&] { return reader->received() > 10; }));
    if (!fault) fault.emplace(door.c_str(), 1);
    CHECK(wait_for(5s, [&] { return thrown == 1; }));
    const auto before = reader->received();
    CHECK(wait_for(8s, [&] { return reader->received() > before + 60; }));
}

TEST_CASE("a still that cannot be made is answered, and the next is made", "[barrier]") {
    test::TestProgram program;
    StillMaker maker(program.video);
    program.run();
    std::atomic<int> good{0}, bad{0};
    const auto take = [&] { maker.take([&](Result<Still> still) { ++(still ? good : bad); }); };
    {
        Fault fault("still picture", 1);
        take();
        REQUIRE(wait_for(5s, [&] { return good + bad == 1; }));
        CHECK(bad == 1);
    }
    take();
    CHECK(wait_for(5s, [&] { return good == 1; }));
}

TEST_CASE("a request whose handler throws ends its connection alone; the others are answered", "[barrier][web]") {
    test::TemporaryFolder folder;
    folder.write("page/index.html", "<!doctype html><title>Vitrine</title>");
    Show show(std::make_shared<const ShowConfig>(test::small_show()));
    Buyers buyers(show);
    std::atomic<bool> throws{false};
    WebOptions options;
    options.page = folder.path / "page";
    options.token_file = folder.path / "control" / "token";
    options.metrics = [&] {
        if (throws) throw std::bad_alloc();
        return std::string("vitrine_extra 7\n");
    };
    web::WebInside inside;
    inside.make_peer = test::fake_peers(std::make_shared<test::PeerStage>());
    auto server = web::start_web_server(show, buyers, std::move(options), std::move(inside));
    REQUIRE(server);
    std::string token;
    std::getline(std::ifstream(folder.path / "control" / "token"), token);
    const test::HttpHeaders headers{{"Authorization", "Bearer " + token}};
    const auto port = test::WebFixture::port_of((*server)->buyer_origin()),
               control_port = test::WebFixture::port_of((*server)->control_url());

    test::HttpClient held(port);
    CHECK(held.ask("GET", "/").status == 200);
    const auto before = barrier::caught();
    throws = true;
    for (int i = 0; i < 3; ++i) CHECK(test::HttpClient(control_port).ask("GET", "/metrics", headers).status == 0);
    CHECK(barrier::caught() == before + 3);
    // The connection that was open goes on, and what threw works again as soon as it can.
    CHECK(held.ask("GET", "/").status == 200);
    throws = false;
    CHECK(test::HttpClient(control_port).ask("GET", "/metrics", headers).status == 200);
}
