#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "pipelines/capture/camera.h"
#include "pipelines/capture/source.h"
#include "pipelines/gst.h"
#include "test_places.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::testing;
using namespace std::chrono_literals;

namespace {

CameraConfig config_of(const std::string& scheme, const std::string& rest) {
    CameraConfig config;
    config.id = "cam";
    config.name.by_language["en"] = "Camera";
    config.source = {scheme, rest};
    return config;
}

// Collects what a camera reports.
struct Reports {
    std::mutex mutex;
    std::vector<CameraStatus> all;
    std::function<void(CameraStatus)> listener() {
        return [this](CameraStatus status) {
            std::lock_guard lock(mutex);
            all.push_back(std::move(status));
        };
    }
    /// All of them, for the message of a test that fails.
    std::string text() {
        std::lock_guard lock(mutex);
        std::string lines;
        for (const CameraStatus& s : all)
            lines += std::string(to_string(s.state)) + " " + s.detail + " frames " + std::to_string(s.frames) + "\n";
        return lines;
    }
    CameraStatus last() {
        std::lock_guard lock(mutex);
        return all.empty() ? CameraStatus{} : all.back();
    }
    bool any(CameraState state, const std::string& words = "") {
        std::lock_guard lock(mutex);
        return std::any_of(all.begin(), all.end(),
                           [&](const CameraStatus& s) { return s.state == state && s.detail.find(words) != std::string::npos; });
    }
};

// Looks at every picture that a camera shows, from a thread of its own, and notes the age that its clock code tells.
class Watcher {
  public:
    explicit Watcher(const Camera& camera) : camera_(camera), thread_([this] { watch(); }) {}
    ~Watcher() {
        stopping_ = true;
        thread_.join();
    }
    /// Median age in ms of the last `count` live pictures; waits until there are so many from now on.
    double age_of_next(std::size_t count) {
        std::size_t from;
        {
            std::lock_guard lock(mutex_);
            from = ages_.size();
        }
        if (!wait_for(10s, [&] {
                std::lock_guard lock(mutex_);
                return ages_.size() >= from + count;
            }))
            return NAN;
        std::lock_guard lock(mutex_);
        std::vector<double> ages(ages_.begin() + static_cast<std::ptrdiff_t>(from), ages_.end());
        std::nth_element(ages.begin(), ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2), ages.end());
        return ages[ages.size() / 2];
    }

  private:
    void watch() {
        const VideoFrame* last = nullptr;
        std::uint64_t last_number = ~0ull;
        while (!stopping_) {
            const Camera::Picture now = camera_.newest();
            if (now.live && (now.frame.get() != last || now.frame->sequence != last_number)) {
                last = now.frame.get();
                last_number = now.frame->sequence;
                const auto code = read_frame_code(now.frame->view(), CodeCorner::top_left);
                const auto clock = static_cast<std::uint32_t>(steady_now() / 1'000'000) & 0xFFFFFF;
                std::lock_guard lock(mutex_);
                if (code) ages_.push_back(static_cast<double>((clock - *code) & 0xFFFFFF));
            }
            std::this_thread::sleep_for(1ms);
        }
    }
    const Camera& camera_;
    std::mutex mutex_;
    std::vector<double> ages_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// Beats 30 times a second beside the cameras: what it misses, the machine did not give to anybody.
class Metronome {
  public:
    Metronome()
        : source_(
              30, steady_now(), [](std::uint64_t, Nanoseconds) {}, [this](std::uint64_t count) { missed_ += count; }) {}
    std::uint64_t missed() const { return missed_; }

  private:
    std::atomic<std::uint64_t> missed_{0};
    SimSource source_;
};

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("A simulated camera shows frame n at epoch + n / fps", "[camera]") {
    BareStage stage;
    Reports reports;
    CameraOptions options;
    options.epoch = steady_now() - 3'000'000'000;
    Camera camera(config_of("sim", "plain"), stage, options, reports.listener());
    CHECK(camera.newest().frame == nullptr);
    camera.start();
    REQUIRE(camera.newest().frame != nullptr);
    REQUIRE(wait_for(2s, [&] { return camera.newest().live; }));
    REQUIRE(wait_for(3s, [&] { return reports.last().frames > 25 && reports.last().fps > 25; }));
    const Camera::Picture picture = camera.newest();
    CHECK(picture.state == CameraState::live);
    CHECK(picture.frame->sequence >= 90);
    CHECK(read_frame_code(picture.frame->view(), CodeCorner::top_left) == picture.frame->sequence);
    CHECK(picture.frame->capture_ns == options.epoch + static_cast<Nanoseconds>(picture.frame->sequence * 1'000'000'000 / 30));
    CHECK(reports.last().width == 320);
    CHECK(reports.last().detail.empty());
}

TEST_CASE("A camera whose mask fails shows its slate and nothing else", "[camera]") {
    BareStage stage;
    stage.fails = true;
    Reports reports;
    Camera camera(config_of("sim", "plain"), stage, {}, reports.listener());
    camera.start();
    REQUIRE(wait_for(2s, [&] { return stage.processed > 5; }));
    REQUIRE(wait_for(2s, [&] { return camera.newest().state == CameraState::mask_failed; }));
    const int from = stage.processed;
    bool only_slates = true;
    REQUIRE(wait_for(2s, [&] {
        const Camera::Picture picture = camera.newest();
        only_slates = only_slates && !picture.live && is_slate(*picture.frame);
        return stage.processed > from + 20;
    }));
    CHECK(only_slates);
    CHECK(reports.last().frames == 0);
    REQUIRE(wait_for(2s, [&] { return reports.any(CameraState::mask_failed, "the polygon is gone"); }));

    stage.fails = false;  // mended: the picture is back a second after the last failure
    REQUIRE(wait_for(3s, [&] { return camera.newest().live; }));
    stage.throws = true;
    CHECK(wait_for(1s, [&] { return camera.newest().state == CameraState::mask_failed; }));
}

TEST_CASE("Masks changed while a camera runs: every picture has the old ones or the new ones", "[camera]") {
    BareStage stage;
    Camera camera(config_of("sim", "plain"), stage, {}, {});
    const std::vector<PrivacyMask> one(1), two(2);
    camera.set_masks(one);  // before the first picture
    camera.start();
    const auto count = [&] {
        const Camera::Picture picture = camera.newest();
        return picture.live ? BareStage::mask_count(picture.frame->view()) : -1;
    };
    REQUIRE(wait_for(5s, [&] { return count() == 1; }));
    for (int round = 0; round < 20; ++round) {
        const int old_count = 1 + round % 2, new_count = 3 - old_count;
        camera.set_masks(new_count == 1 ? one : two);
        bool neither = false;
        CHECK(wait_for(2s, [&] {
            const int seen = count();
            neither = neither || (seen != old_count && seen != new_count);
            return seen == new_count;
        }));
        CHECK_FALSE(neither);
    }
    camera.set_masks({});
    CHECK(wait_for(2s, [&] { return count() == 0; }));
}

TEST_CASE("A picture that stands for a second gets new masks at once, and a slate when they fail", "[camera]") {
    BareStage stage;
    CameraOptions patient;
    patient.lost_after = patient.freeze_after = 5'000'000'000;
    Camera camera(config_of("sim", "slow"), stage, patient, {});
    camera.start();
    std::uint64_t sequence = 0;
    REQUIRE(wait_for(5s, [&] {
        const Camera::Picture picture = camera.newest();
        if (picture.live) sequence = picture.frame->sequence;
        return picture.live;
    }));
    REQUIRE(wait_for(3s, [&] { return camera.newest().frame->sequence > sequence; }));  // just come: it stands for a second now
    sequence = camera.newest().frame->sequence;
    camera.set_masks(std::vector<PrivacyMask>(3));
    REQUIRE(wait_for(900ms, [&] { return BareStage::mask_count(camera.newest().frame->view()) == 3; }));
    CHECK(camera.newest().frame->sequence == sequence);
    stage.fails = true;
    camera.set_masks(std::vector<PrivacyMask>(4));
    CHECK(wait_for(900ms, [&] { return camera.newest().state == CameraState::mask_failed; }));
    CHECK_FALSE(camera.newest().live);
}

TEST_CASE("A camera that nothing can mask is never opened", "[camera]") {
    BareStage stage;
    stage.has_camera_stage = false;
    Reports reports;
    Camera camera(config_of("sim", "plain"), stage, {}, reports.listener());
    camera.start();
    REQUIRE(wait_for(2s, [&] { return reports.any(CameraState::lost, "nothing that could apply"); }));
    CHECK_FALSE(camera.newest().live);
    CHECK(stage.processed == 0);
}

TEST_CASE("What is not there is named, and tried again", "[camera]") {
    const auto [scheme, rest, words] = GENERATE(table<std::string, std::string, std::string>({
        {"v4l2", "/dev/video73", "There is no camera at /dev/video73"},
        {"file", "/nowhere/clip.mp4", "/nowhere/clip.mp4 failed: it is not there"},
        {"rtsp", "rtsp://anna:s3cret-word@127.0.0.1:1/live", "rtsp://***@127.0.0.1:1/live cannot be reached"},
        {"sim", "moon", "no simulated camera"},
    }));
    BareStage stage;
    Reports reports;
    Camera camera(config_of(scheme, rest), stage, {}, reports.listener());
    camera.start();
    REQUIRE(wait_for(5s, [&] { return reports.any(CameraState::lost, words) && reports.last().reconnects > 0; }));
    std::lock_guard lock(reports.mutex);
    for (const CameraStatus& status : reports.all) {
        CHECK(status.detail.find("s3cret") == std::string::npos);
        CHECK(status.detail.find("anna") == std::string::npos);
    }
}

TEST_CASE("A file plays in real time and loops without a slate", "[camera]") {
    const std::string clip = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
    if (!std::filesystem::exists(clip)) {
        WARN("vtest.avi is missing; install opencv-doc");
        return;
    }
    // The first 3 s of it, so that the loop comes round soon.
    const std::string part = std::string(VITRINE_BINARY_DIR) + "/vtest_part.avi";
    const std::string command = "ffmpeg -v error -y -t 2 -i " + clip + " -c copy " + part;
    if (std::system(command.c_str()) != 0) {
        WARN("ffmpeg is missing");
        return;
    }
    BareStage stage;
    Reports reports;
    Camera camera(config_of("file", part), stage, {}, reports.listener());
    camera.start();
    REQUIRE(wait_for(3s, [&] { return camera.newest().live; }));
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t first = camera.newest().frame->sequence;
    bool always_live = true;
    REQUIRE(wait_for(8s, [&] {
        const Camera::Picture picture = camera.newest();
        always_live = always_live && picture.live;
        return picture.frame->sequence >= first + 55;
    }));
    const double passed = ms_since(start);
    CHECK(always_live);
    CHECK(reports.last().reconnects == 0);
    CHECK(camera.newest().frame->width() == 768);
    std::cout << "file: 55 pictures at 10 fps over 2 loops in " << passed << " ms\n";
    CHECK(passed == Approx(5500).margin(300));
}

TEST_CASE("An RTSP camera is lost, frozen and back; the camera beside it loses no frame", "[camera]") {
    CameraProcess process({"--audio"});
    BareStage stage, stage_beside;
    Reports reports, reports_beside;
    CameraOptions options;
    options.epoch = steady_now();
    Camera beside(config_of("sim", "plain"), stage_beside, options, reports_beside.listener());
    beside.start();
    Metronome metronome;
    Camera camera(config_of("rtsp", process.url()), stage, options, reports.listener());
    auto heard = camera.audio()->read(100);
    camera.start();
    Watcher watcher(camera);
    REQUIRE(wait_for(5s, [&] { return camera.newest().live; }));
    const double age = watcher.age_of_next(30);
    std::cout << "rtsp: age " << age << " ms\n";
    CHECK(age < 100);
    CHECK(camera.newest().frame->width() == 640);
    REQUIRE(wait_for(3s, [&] { return heard->received() > 50; }));
    const auto block = heard->try_pop();
    REQUIRE(block);
    CHECK(block->samples->size() == 960);
    CHECK(std::abs(options.epoch + block->pts - steady_now()) < 5'000'000'000);

    SECTION("stopped: a slate within 2 s, back within 3 s") {
        process.signal(SIGSTOP);
        auto start = std::chrono::steady_clock::now();
        REQUIRE(wait_for(4s, [&] { return !camera.newest().live; }));
        std::cout << "rtsp stopped: slate after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 2000);
        CHECK(is_slate(*camera.newest().frame));
        REQUIRE(wait_for(3s, [&] { return reports.any(CameraState::frozen); }));
        REQUIRE(wait_for(8s, [&] { return reports.any(CameraState::lost, "does not answer"); }));
        process.signal(SIGCONT);
        start = std::chrono::steady_clock::now();
        if (!wait_for(8s, [&] { return camera.newest().live; })) FAIL(reports.text());
        std::cout << "rtsp continued: live after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 3000);
    }
    SECTION("killed: a slate within 1 s; restarted: back within 3 s") {
        process.kill();
        auto start = std::chrono::steady_clock::now();
        REQUIRE(wait_for(4s, [&] { return !camera.newest().live; }));
        std::cout << "rtsp killed: slate after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 1000);
        REQUIRE(wait_for(8s, [&] { return reports.last().reconnects >= 3; }));
        process.restart();
        start = std::chrono::steady_clock::now();
        if (!wait_for(8s, [&] { return camera.newest().live; })) FAIL(reports.text());
        std::cout << "rtsp restarted: live after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 3000);
    }
    SECTION("its sensor hangs: a slate within 2 s, back once it moves") {
        REQUIRE(wait_for(3s, [&] { return reports.last().frames > 60; }));
        process.signal(SIGUSR1);
        auto start = std::chrono::steady_clock::now();
        REQUIRE(wait_for(5s, [&] { return camera.newest().state == CameraState::frozen; }));
        std::cout << "rtsp hung: slate after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 2000);
        process.signal(SIGUSR1);
        start = std::chrono::steady_clock::now();
        if (!wait_for(8s, [&] { return camera.newest().live; })) FAIL(reports.text());
        std::cout << "rtsp moves: live after " << ms_since(start) << " ms\n";
        CHECK(ms_since(start) < 3000);
    }
    SECTION("it changes its size") {
        process.signal(SIGUSR2);
        REQUIRE(wait_for(5s, [&] { return camera.newest().live && camera.newest().frame->width() == 320; }));
        CHECK(camera.newest().frame->height() == 180);
    }
    const double age_after = watcher.age_of_next(30);
    std::cout << "rtsp: age after " << age_after << " ms\n";
    CHECK(std::abs(age_after - age) <= 34);
    CHECK(stage.most_inside == 1);

    // Every frame number was made, unless the machine itself stood still.
    const CameraStatus status_beside = reports_beside.last();
    CHECK(status_beside.state == CameraState::live);
    CHECK(status_beside.reconnects == 0);
    CHECK(status_beside.dropped <= 2 * metronome.missed());
}

TEST_CASE("An RTSP camera with a password", "[camera]") {
    CameraProcess process({"--user", "anna", "--password", "p@ss/word"});
    BareStage stage;
    Reports reports;
    SECTION("the right one, with characters that mean something in a URL") {
        Camera camera(config_of("rtsp", process.url("anna:p%40ss%2Fword@")), stage, {}, reports.listener());
        camera.start();
        CHECK(wait_for(6s, [&] { return camera.newest().live; }));
    }
    SECTION("a wrong one") {
        Camera camera(config_of("rtsp", process.url("anna:wrongword1@")), stage, {}, reports.listener());
        camera.start();
        CHECK(wait_for(6s, [&] { return reports.any(CameraState::lost, "refuses the user name or password"); }));
        std::lock_guard lock(reports.mutex);
        for (const CameraStatus& status : reports.all) CHECK(status.detail.find("wrongword1") == std::string::npos);
    }
}

TEST_CASE("An SRT camera", "[camera]") {
    // A free UDP port, given back before the sender takes it.
    const int probe = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(::bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    ::close(probe);
    const std::string url = "srt://127.0.0.1:" + std::to_string(ntohs(address.sin_port));

    const auto sender = gst::Pipeline::parse(
        "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=30/1 ! x264enc tune=zerolatency "
        "speed-preset=ultrafast "
        "key-int-max=15 ! mpegtsmux alignment=7 ! srtsink wait-for-connection=false uri=\"" +
            url + "?mode=listener\"",
        "srt-sender", steady_now());
    REQUIRE(sender);
    REQUIRE((*sender)->play());
    BareStage stage;
    Reports reports;
    Camera camera(config_of("srt", url), stage, {}, reports.listener());
    camera.start();
    if (!wait_for(8s, [&] { return camera.newest().live; })) FAIL(reports.text());
    CHECK(camera.newest().frame->width() == 320);
    (*sender)->stop();
    CHECK(wait_for(2s, [&] { return !camera.newest().live; }));
}
