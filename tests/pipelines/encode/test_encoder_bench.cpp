// Not run by default: test_pipelines "[.bench-encode]" prints what one encoding costs on this machine.

#include <ctime>

#include <algorithm>
#include <iostream>
#include <random>

#include "pipelines/encode/encoders.h"
#include "pipelines/gst.h"
#include "tests/pipelines/support/wait.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace std::chrono_literals;

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Thirty pictures of a textured scene that moves 4 px a picture under a little noise.
std::vector<VideoFramePtr> moving_pictures(int width, int height) {
    std::mt19937 random(1);
    std::vector<VideoFramePtr> pictures;
    for (int k = 0; k < 30; ++k) {
        auto picture = std::make_shared<VideoFrame>(width, height);
        const I420View view = picture->view();
        fill(view, 128, 120, 136);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const double texture =
                    128 + 60 * std::sin((x + 4 * k) * 0.05) + 40 * std::sin(y * 0.11 + x * 0.01) + ((x + 4 * k) / 16 + y / 16) % 7 * 4;
                view.y[y * view.stride_y + x] =
                    static_cast<std::uint8_t>(std::clamp(static_cast<int>(texture) + static_cast<int>(random() % 4) - 2, 16, 235));
            }
        pictures.push_back(picture);
    }
    return pictures;
}

void measure(Rung rung) {
    const auto pictures = moving_pictures(rung.width, rung.height);
    const auto tap = ProgramTap::create();
    const Nanoseconds epoch = steady_now();
    VideoEncoder encoder(tap, rung, epoch, {});
    const auto reader = encoder.output()->read(60);
    REQUIRE(test::wait_until([&] { return tap->readers() == 1; }));
    std::vector<double> latency_ms;
    std::size_t bytes = 0;
    constexpr int count = 300;
    const double cpu = cpu_seconds();
    const Nanoseconds start = steady_now();
    for (int i = 0; i < count; ++i) {
        const Nanoseconds due = start + i * 1'000'000'000LL / rung.fps;
        while (steady_now() < due) std::this_thread::sleep_for(std::chrono::nanoseconds(due - steady_now()));
        auto scene = std::make_shared<SceneFrame>();
        scene->number = static_cast<std::uint64_t>(i);
        tap->push({pictures[static_cast<std::size_t>(i % 60 < 30 ? i % 60 : 59 - i % 60)], scene, nullptr, steady_now() - epoch});
        const auto unit = reader->pop(1s);
        REQUIRE(unit);
        latency_ms.push_back(static_cast<double>(steady_now() - epoch - static_cast<Nanoseconds>(GST_BUFFER_PTS(unit->buffer.get()))) *
                             1e-6);
        bytes += gst_buffer_get_size(unit->buffer.get());
    }
    const double used = cpu_seconds() - cpu;
    const double elapsed = static_cast<double>(steady_now() - start) * 1e-9;
    std::sort(latency_ms.begin(), latency_ms.end());
    std::cout << encoder.element() << " " << rung.width << "x" << rung.height << "@" << rung.fps << ": " << used / count * 1000
              << " ms CPU a picture, " << used / elapsed * 100 << " % of a core, " << static_cast<double>(bytes) * 8 / elapsed / 1000
              << " kbit/s, tick to access unit p50 " << latency_ms[count / 2] << " p95 " << latency_ms[count * 95 / 100] << " ms\n";
}

}  // namespace

TEST_CASE("what an encoding costs", "[.bench-encode]") {
    measure({.name = "720p", .width = 1280, .height = 720, .fps = 30, .bitrate_kbps = 2500});
    measure({.name = "1080p", .width = 1920, .height = 1080, .fps = 30, .bitrate_kbps = 4500});
}
