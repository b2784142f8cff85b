// Pictures whose size asks for more memory than a show may take: streams that only say so, a few bytes each.

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "pipelines/capture/camera.h"
#include "pipelines/capture/explain.h"
#include "pipelines/capture/picture_size.h"
#include "pipelines/gst.h"
#include "pipelines/program/still.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/support/catch.h"
#include "tests/support/scratch_folder.h"

using namespace vitrine;
using namespace vitrine::testing;
using namespace std::chrono_literals;

namespace {

/// H.264 bits: sequence and picture parameter sets and the beginning of an IDR slice.
class Bits {
  public:
    void bit(bool one) { bits_.push_back(one); }
    void u(unsigned value, int count) {
        for (int i = count - 1; i >= 0; --i) bit(value >> i & 1);
    }
    void ue(unsigned value) {
        int length = 0;
        for (unsigned v = value + 1; v > 1; v >>= 1) ++length;
        u(0, length);
        u(value + 1, length + 1);
    }
    std::string nal(unsigned char header) {
        bit(true);
        while (bits_.size() % 8) bit(false);
        std::string bytes{0, 0, 0, 1, static_cast<char>(header)};
        int zeros = 0;
        for (std::size_t i = 0; i < bits_.size(); i += 8) {
            unsigned char byte = 0;
            for (std::size_t k = 0; k < 8; ++k) byte = static_cast<unsigned char>(byte << 1 | bits_[i + k]);
            if (zeros >= 2 && byte <= 3) bytes.push_back(3), zeros = 0;
            zeros = byte == 0 ? zeros + 1 : 0;
            bytes.push_back(static_cast<char>(byte));
        }
        return bytes;
    }

  private:
    std::vector<bool> bits_;
};

std::string h264(int width, int height, int pictures = 30) {
    Bits sps, pps;
    sps.u(66, 8), sps.u(0, 8), sps.u(62, 8);
    for (const int value : {0, 0, 2, 1}) sps.ue(static_cast<unsigned>(value));
    sps.bit(false), sps.ue(static_cast<unsigned>((width + 15) / 16 - 1)), sps.ue(static_cast<unsigned>((height + 15) / 16 - 1));
    sps.bit(true), sps.bit(true), sps.bit(false), sps.bit(false);
    pps.ue(0), pps.ue(0), pps.bit(false), pps.bit(false), pps.ue(0), pps.ue(0), pps.ue(0), pps.bit(false), pps.u(0, 2), pps.ue(0),
        pps.ue(0), pps.ue(0), pps.bit(false), pps.bit(false), pps.bit(false);
    const std::string head = sps.nal(0x67) + pps.nal(0x68);
    std::string out;
    for (int i = 0; i < pictures; ++i) {
        Bits slice;
        slice.ue(0), slice.ue(7), slice.ue(0), slice.u(0, 4), slice.ue(static_cast<unsigned>(i % 2));
        for (int k = 0; k < 400; ++k) slice.u(0x55, 8);
        out += head + slice.nal(0x65);
    }
    return out;
}

/// A small JPEG whose header names another size.
std::string jpeg(int width, int height) {
    VideoFrame frame(64, 64);
    fill(frame.view(), 90, 128, 128);
    std::string bytes = *jpeg_of(static_cast<const VideoFrame&>(frame).view(), 80);
    const auto at = bytes.find("\xff\xc0");
    bytes[at + 5] = static_cast<char>(height >> 8), bytes[at + 6] = static_cast<char>(height);
    bytes[at + 7] = static_cast<char>(width >> 8), bytes[at + 8] = static_cast<char>(width);
    return bytes;
}

long status_mb(std::string_view what) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(what)) return std::atol(line.c_str() + what.size()) / 1024;
    return 0;
}
long peak_mb() { return status_mb("VmHWM:"); }
long resident_mb() { return status_mb("VmRSS:"); }

}  // namespace

TEST_CASE("A picture of any size up to 8K is taken, standing or lying; others are not", "[capture]") {
    for (const auto& [w, h] : {std::pair{1, 1}, {1920, 1080}, {2160, 3840}, {4320, 7680}, {7680, 4320}, {8192, 4320}})
        CHECK_FALSE(refused_size(w, h));
    for (const auto& [w, h] : {std::pair{65535, 1}, {1, 65535}, {16384, 16384}, {8192, 8192}, {8193, 100}}) CHECK(refused_size(w, h));
    const std::string why = *refused_size(14041, 4040);
    for (const char* scheme : {"rtsp", "file", "v4l2"}) {
        const std::string sentence = explain_failure({scheme, "rtsp://camera/live"}, why, true);
        CHECK(sentence.find("14041 × 4040 pixels") != std::string::npos);
        CHECK(sentence.find("Choose a smaller size") != std::string::npos);
    }
    CHECK_FALSE(another_way_may_help(why));
}

TEST_CASE("A camera whose pictures are too large is refused with a sentence before memory is asked for", "[camera]") {
    const auto [name, bytes] = GENERATE(table<std::string, std::string>({
        {"square.h264", h264(16384, 16384)},
        {"strip.h264", h264(65535, 16)},
        {"strip.jpg", jpeg(65535, 1)},
        {"square.jpg", jpeg(16384, 16384)},
        {"tall.jpg", jpeg(1, 65535)},
    }));
    CAPTURE(name);
    test::ScratchFolder folder;
    const auto file = folder.path() / name;
    std::ofstream(file, std::ios::binary) << bytes;
    gst::init();
    BareStage stage;
    CameraConfig config;
    config.id = "cam";
    config.source = {"file", file.string()};
    CameraOptions options;
    options.epoch = steady_now();
    std::mutex mutex;
    std::string told;
    std::uint64_t again = 0;
    const long before = peak_mb();
    {
        Camera camera(config, stage, options, [&](CameraStatus status) {
            const std::lock_guard lock(mutex);
            again = status.reconnects;
            if (status.state == CameraState::lost && !status.detail.empty()) told = status.detail;
        });
        camera.start();
        CHECK(wait_for(5s, [&] {
            const std::lock_guard lock(mutex);
            return told.find("pixels, which is more than") != std::string::npos;
        }));
        CHECK(wait_for(10s, [&] {
            const std::lock_guard lock(mutex);
            return again > 0;
        }));
        CHECK_FALSE(camera.newest().live);
    }
    const std::lock_guard lock(mutex);
    CAPTURE(told);
    CHECK(told.find("cannot be shown") != std::string::npos);
    if (!test::sanitized) CHECK(peak_mb() - before < 60);
}

TEST_CASE("A 4K file camera of 60 pictures a second takes a bounded share of memory, lying and standing", "[camera]") {
    test::ScratchFolder folder;
    const bool standing = GENERATE(false, true);
    const auto file = folder.path() / "clip.mp4";
    const std::string make = "ffmpeg -v error -y -f lavfi -i testsrc2=size=" + std::string(standing ? "2160x3840" : "3840x2160") +
                             ":rate=60:duration=0.5 -c:v libx264 -preset ultrafast -pix_fmt yuv420p " + file.string();
    if (std::system(make.c_str()) != 0) {
        WARN("ffmpeg is missing");
        return;
    }
    gst::init();
    BareStage stage;
    CameraConfig config;
    config.id = "cam";
    config.source = {"file", file.string()};
    CameraOptions options;
    options.epoch = steady_now();
    const long before = resident_mb();
    long most = 0;
    std::size_t pictures = 0;
    std::atomic<std::uint64_t> played{0};
    {
        Camera camera(config, stage, options, [&](CameraStatus status) { played = status.frames; });
        camera.start();
        REQUIRE(wait_for(15s, [&] { return camera.newest().live; }));
        CHECK(camera.newest().frame->width() == (standing ? 2160 : 3840));
        CHECK(wait_for(30s, [&] {
            most = std::max(most, resident_mb() - before);
            pictures = std::max(pictures, VideoFrame::bytes_alive());
            return played >= 90;  // three times the whole clip
        }));
    }
    std::cout << "4K60 file camera: " << most << " MB, of which pictures " << pictures / 1'000'000 << " MB\n";
    if (!test::sanitized) CHECK(most < 500);
    CHECK(pictures < 120'000'000);
}
