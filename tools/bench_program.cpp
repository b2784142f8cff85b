// Simulated cameras are drawn by this process, which a real camera's pictures are not: drawing them is measured by itself and given
// beside the whole.

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/frame.h"
#include "overlays/sim/sim_camera.h"
#include "tools/benches.h"
#include "tools/commands.h"
#include "tools/running_show.h"

namespace vitrine {

using nlohmann::json;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

namespace {

constexpr int width = 1920, height = 1080, fps = 30;
constexpr auto settling = std::chrono::milliseconds(1500);

double thread_cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

const char* name_of(Layout layout) {
    switch (layout) {
        case Layout::full:
            return "full";
        case Layout::pip:
            return "pip";
        case Layout::side_by_side:
            return "side-by-side";
        case Layout::grid:
            return "grid";
    }
    return "";
}

/// The demo at 1080p: its cameras too, one of them with a mask over a quarter of its picture.
Result<ShowConfig> demo_in_hd() {
    auto assets = find_assets();
    if (!assets) return tl::unexpected(assets.error());
    LoadedShow loaded = load_show(*assets / "shows/demo");
    if (!loaded.show) return fail("The demo show is damaged: " + loaded.problems.front().text(), ErrorKind::bad_input);
    ShowConfig& show = *loaded.show;
    show.listen_port = 0;
    show.start_live = true;
    show.program.width = width, show.program.height = height, show.program.fps = fps;
    for (CameraConfig& camera : show.cameras)
        camera.source.rest = camera.source.rest.substr(0, camera.source.rest.find('?')) + "?width=" + std::to_string(width) +
                             "&height=" + std::to_string(height) + "&fps=" + std::to_string(fps) + "&code=off";
    show.cameras.front().masks = {{{{0.5F, 0.0F}, {1.0F, 0.0F}, {1.0F, 0.5F}, {0.5F, 0.5F}}, MaskFill::mosaic}};
    return std::move(show);
}

/// What drawing the simulated pictures takes, % of a core.
double drawing_percent(const ShowConfig& show) {
    double percent = 0;
    VideoFrame frame(width, height);
    for (const CameraConfig& camera : show.cameras) {
        auto sim = open_sim_camera(camera.source.rest);
        if (!sim) continue;
        constexpr int frames = 150;
        const double begin = thread_cpu_seconds();
        for (std::uint64_t n = 0; n < frames; ++n) (*sim)->render(frame.view(), n);
        percent += 100 * (thread_cpu_seconds() - begin) / frames * fps;
    }
    return percent;
}

Result<void> wait_until_live(const Show& show) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
        const SnapshotPtr now = show.snapshot();
        if (now->cameras.size() == now->show->cameras.size() &&
            std::all_of(now->cameras.begin(), now->cameras.end(), [](const auto& c) { return c.second.state == CameraState::live; }))
            return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return fail("The simulated cameras did not start within 20 s: this machine is too busy to measure.");
}

}  // namespace

Result<BenchLines> bench_program(double seconds) {
    auto config = demo_in_hd();
    if (!config) return tl::unexpected(config.error());
    const double drawing = drawing_percent(*config);
    const std::vector<SceneConfig> scenes = config->scenes;
    const std::size_t cameras = config->cameras.size();
    GraphOptions options;
    if (auto assets = find_assets()) options.page = *assets / "buyer/dist";
    auto running = RunningShow::start(std::move(*config), std::move(options));
    if (!running) return tl::unexpected(running.error());
    Show& show = (*running)->show();
    if (auto live = wait_until_live(show); !live) return tl::unexpected(live.error());

    BenchLines lines;
    const auto measure = [&](const std::string& layout, const std::string& scene, double length) {
        const auto before = (*running)->graph().figures();
        const double cpu = cpu_seconds();
        const Nanoseconds begin = steady_now();
        std::this_thread::sleep_for(std::chrono::duration<double>(length));
        const double percent = 100 * (cpu_seconds() - cpu) / (static_cast<double>(steady_now() - begin) / 1e9);
        const auto after = (*running)->graph().figures();
        lines.push_back({{"bench", "program"},
                         {"picture", {width, height}},
                         {"layout", layout},
                         {"scene", scene},
                         {"cameras", cameras},
                         {"masks", 1},
                         {"seconds", length},
                         {"cpu_percent", percent},
                         {"drawing_cameras_cpu_percent", drawing},
                         {"path_cpu_percent", percent - drawing},
                         {"frames", after.program_frames - before.program_frames},
                         {"missed_ticks", after.late_frames - before.late_frames}});
    };
    std::vector<Layout> done;
    std::string last;
    for (const SceneConfig& scene : scenes) {
        if (std::find(done.begin(), done.end(), scene.layout) != done.end()) continue;
        done.push_back(scene.layout);
        if (auto moved = show.post(SwitchScene{scene.id, 0}).get(); !moved) return tl::unexpected(moved.error());
        std::this_thread::sleep_for(settling);
        measure(name_of(scene.layout), scene.id, seconds);
        last = scene.id;
    }
    // The longest fade there is, from the last scene measured to the first: both are mixed.
    constexpr int fade_ms = 5000;
    if (done.size() > 1) {
        if (auto moved = show.post(SwitchScene{scenes.front().id, fade_ms}).get(); !moved) return tl::unexpected(moved.error());
        measure("fade", last + " to " + scenes.front().id, std::min(seconds, 0.9 * fade_ms / 1000));
    }
    return lines;
}

}  // namespace vitrine
