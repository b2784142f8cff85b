#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "pipelines/capture/microphone.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::testing;
using namespace std::chrono_literals;

namespace {

struct Notices {
    std::mutex mutex;
    std::vector<std::string> all;
    std::function<void(std::string)> listener() {
        return [this](std::string sentence) {
            std::lock_guard lock(mutex);
            all.push_back(std::move(sentence));
        };
    }
    bool any(const std::string& words) {
        std::lock_guard lock(mutex);
        return std::any_of(all.begin(), all.end(), [&](const std::string& s) { return s.find(words) != std::string::npos; });
    }
};

// One second of a mono 440 Hz tone at 16 kHz as WAV.
std::filesystem::path tone_file() {
    const std::filesystem::path path = std::filesystem::temp_directory_path() / ("vitrine_tone_" + std::to_string(::getpid()) + ".wav");
    std::ofstream out(path, std::ios::binary);
    const auto word = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.put(static_cast<char>(value >> (8 * i)));
    };
    out << "RIFF";
    word(36 + 32'000, 4);
    out << "WAVEfmt ";
    word(16, 4), word(1, 2), word(1, 2), word(16'000, 4), word(32'000, 4), word(2, 2), word(16, 2);
    out << "data";
    word(32'000, 4);
    for (int i = 0; i < 16'000; ++i) word(static_cast<std::uint16_t>(std::lround(12'000 * std::sin(2 * M_PI * 440 * i / 16'000))), 2);
    return path;
}

}  // namespace

TEST_CASE("The simulated microphone gives a block every 10 ms of show time", "[microphone]") {
    const Nanoseconds epoch = steady_now();
    Notices notices;
    Microphone microphone({"sim", "voice"}, epoch, notices.listener());
    auto reader = microphone.tap()->read(200);
    microphone.start();
    REQUIRE(wait_for(5s, [&] { return reader->received() >= 50; }));
    Nanoseconds expected = 0;
    while (const auto block = reader->try_pop()) {
        CHECK(block->pts == expected);
        CHECK(block->samples->size() == 960);
        expected += 10'000'000;
        CHECK(epoch + expected <= steady_now());  // not before it was heard
    }
    CHECK(notices.all.empty());
}

TEST_CASE("A sound file plays in real time as 48 kHz stereo, again and again", "[microphone]") {
    const auto path = tone_file();
    const Nanoseconds epoch = steady_now() - 1'000'000'000;
    Notices notices;
    Microphone microphone({"file", path.string()}, epoch, notices.listener());
    auto reader = microphone.tap()->read(1000);
    const Nanoseconds start = steady_now();
    microphone.start();
    REQUIRE(wait_for(8s, [&] { return reader->received() >= 250; }));  // 2.5 s of a file of 1 s
    CHECK(steady_now() - start > 2'200'000'000);
    CHECK(steady_now() - start < 4'000'000'000);
    int loud = 0, blocks = 0;
    while (const auto block = reader->try_pop()) {
        CHECK(std::abs(epoch + block->pts - start) < 5'000'000'000);
        CHECK(block->samples->at(100) == block->samples->at(101));
        loud += *std::max_element(block->samples->begin(), block->samples->end()) > 8'000;
        ++blocks;
    }
    CHECK(loud >= blocks - 12);
    CHECK(notices.all.empty());
    std::filesystem::remove(path);
}

TEST_CASE("A missing sound is said once and tried again; it comes back by itself", "[microphone]") {
    const auto path = tone_file();
    const auto away = path.string() + ".away";
    std::filesystem::rename(path, away);
    Notices notices;
    Microphone microphone({"file", path.string()}, steady_now(), notices.listener());
    microphone.start();
    REQUIRE(wait_for(3s, [&] { return notices.any("is not there"); }));
    std::filesystem::rename(away, path);
    REQUIRE(wait_for(5s, [&] { return notices.any("The sound is back."); }));
    std::lock_guard lock(notices.mutex);
    CHECK(notices.all.size() == 2);
    std::filesystem::remove(path);
}

TEST_CASE("No microphone: one sentence, and the show goes on", "[microphone]") {
    Notices notices;
    Microphone microphone({"alsa", "hw:CARD=nothere"}, steady_now(), notices.listener());
    microphone.start();
    REQUIRE(wait_for(5s, [&] { return notices.any("The microphone hw:CARD=nothere cannot be used"); }));
}
