// Not run by default: test_pipelines "[.bench-viewers]" prints what each further viewer costs the show's process. The viewers live in a
// process of their own.

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <future>
#include <iostream>

#include "pipelines/deliver/webrtc_peer.h"
#include "pipelines/gst.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/pipelines/support/webrtc_client.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;

namespace {

bool transfer(int file, char* bytes, std::size_t size, bool out) {
    while (size > 0) {
        const ssize_t part = out ? write(file, bytes, size) : read(file, bytes, size);
        if (part <= 0) return false;
        bytes += part;
        size -= static_cast<std::size_t>(part);
    }
    return true;
}

bool say(int file, std::string text) {
    std::uint32_t size = static_cast<std::uint32_t>(text.size());
    return transfer(file, reinterpret_cast<char*>(&size), sizeof size, true) && transfer(file, text.data(), text.size(), true);
}

std::optional<std::string> hear(int file) {
    std::uint32_t size = 0;
    if (!transfer(file, reinterpret_cast<char*>(&size), sizeof size, false)) return std::nullopt;
    std::string text(size, ' ');
    if (!transfer(file, text.data(), size, false)) return std::nullopt;
    return text;
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::size_t threads() {
    std::size_t count = 0;
    DIR* dir = opendir("/proc/self/task");
    while (const dirent* entry = readdir(dir)) count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

}  // namespace

TEST_CASE("viewers child", "[.viewers-child]") {
    std::vector<std::unique_ptr<WebRtcClient>> clients;
    while (hear(STDIN_FILENO)) {
        clients.push_back(std::make_unique<WebRtcClient>(WebRtcClient::Options{}));
        if (!say(STDOUT_FILENO, clients.back()->offer())) break;
        const auto answer = hear(STDIN_FILENO);
        if (!answer) break;
        clients.back()->accept(*answer);
    }
}

TEST_CASE("what a viewer costs", "[.bench-viewers]") {
    int to[2], from[2];
    REQUIRE(pipe(to) == 0);
    REQUIRE(pipe(from) == 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        for (const int file : {to[0], to[1], from[0], from[1]}) close(file);
        execl("/proc/self/exe", "viewers-child", "viewers child", nullptr);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    TestProgram program(640, 360);
    // The bitrate is what costs; the small picture leaves the cores to the viewers.
    VideoEncoder video(program.video, Rung{.width = 640, .height = 360, .bitrate_kbps = 2500}, program.epoch, {});
    AudioEncoder audio(program.audio, program.epoch);
    const auto keep = video.output()->read(1);
    const auto keep_sound = audio.output()->read(1);
    program.run();
    const auto measure = [&] {
        const double cpu = cpu_seconds();
        const Nanoseconds start = steady_now();
        std::this_thread::sleep_for(5s);
        return (cpu_seconds() - cpu) / (static_cast<double>(steady_now() - start) * 1e-9) * 100;
    };
    std::this_thread::sleep_for(1s);
    const double alone = measure();
    const std::size_t threads_alone = threads();
    std::vector<std::shared_ptr<WebRtcPeer>> peers;
    for (const std::size_t count : {4U, 8U}) {
        while (peers.size() < count) {
            REQUIRE(say(to[1], "next"));
            const auto offer = hear(from[0]);
            REQUIRE(offer);
            std::promise<Result<std::string>> answered;
            peers.push_back(WebRtcPeer::create(*offer,
                                               {video.output(), audio.output(), [&] { video.request_keyframe(); }, program.epoch, {}},
                                               {.answer = [&](Result<std::string> answer) { answered.set_value(std::move(answer)); }}));
            auto answer = answered.get_future().get();
            REQUIRE(answer);
            REQUIRE(say(to[1], *answer));
        }
        REQUIRE(wait_until(
            [&] { return std::all_of(peers.begin(), peers.end(), [](const auto& peer) { return peer->stats().frames_sent > 10; }); }));
        const double busy = measure();
        std::cout << count << " viewers: " << (busy - alone) / static_cast<double>(count) << " % of a core and "
                  << static_cast<double>(threads() - threads_alone) / static_cast<double>(count) << " threads each; "
                  << static_cast<double>(peers[0]->stats().bytes_sent) * 8 / 1000 << " kbit sent to the first\n";
    }
    peers.clear();
    close(to[1]);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(from[0]);
}
