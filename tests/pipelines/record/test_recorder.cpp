#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>

#include "engine/frame_code.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/record/recorder.h"
#include "tests/pipelines/support/decode.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds second = 1'000'000'000;
const Rung small{.name = "test", .width = 320, .height = 180, .fps = 30, .bitrate_kbps = 400, .keyframe_s = 2};

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "vitrine-record-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

struct Recording {
    TestProgram program;
    VideoEncoder encoder;
    std::unique_ptr<Recorder> recorder;

    explicit Recording(const Rung& rung = small)
        : program(rung.width, rung.height, rung.fps), encoder(program.video, rung, program.epoch, {}) {}

    Result<void> start(const fs::path& file, bool sound = true) {
        auto started = Recorder::start(
            file, encoder.output(), sound ? program.audio : nullptr, [this] { encoder.request_keyframe(); }, program.epoch);
        if (!started) return tl::unexpected(started.error());
        recorder = std::move(*started);
        program.run();
        return {};
    }
    bool ended_by(RecordFault::Kind kind) const {
        const RecorderState state = recorder->state();
        return state.phase == RecorderState::Phase::ended && state.fault.kind == kind;
    }
};

/// Scene numbers rise by one and are those drawn into the pictures.
void check_scenes(const FileContent& content) {
    REQUIRE(content.pictures.size() <= content.scenes.size());
    for (std::size_t i = 0; i < content.scenes.size(); ++i) {
        REQUIRE(content.scenes[i]);
        if (i > 0) CHECK(content.scenes[i]->number == content.scenes[i - 1]->number + 1);
        if (i < content.pictures.size())
            CHECK(read_frame_code(content.pictures[i].picture->view(), CodeCorner::bottom_left) == content.scenes[i]->number);
    }
}

}  // namespace

TEST_CASE("a recording holds every picture with its scene frame, and sound from the same moment", "[record]") {
    Folder folder;
    Recording recording;
    const fs::path file = folder.path() / "deep" / "show.mp4";
    REQUIRE(recording.start(file));
    REQUIRE(wait_until([&] { return recording.recorder->frames() >= 60; }));
    const std::uint64_t frames = recording.recorder->frames();
    CHECK(recording.recorder->bytes() > 1000);
    CHECK(recording.recorder->dropped() == 0);
    CHECK(recording.recorder->state().phase == RecorderState::Phase::writing);
    recording.recorder->close();
    CHECK(recording.recorder->state().phase != RecorderState::Phase::ended);
    recording.recorder.reset();

    const auto content = read_file(file);
    CAPTURE(content.error);
    REQUIRE(content.opens);
    CHECK(content.error.empty());
    CHECK(content.video_pts.size() >= frames);
    CHECK(content.pictures.size() == content.video_pts.size());
    check_scenes(content);
    CHECK(content.video_pts.front() == 0);
    for (std::size_t i = 0; i < content.video_pts.size(); ++i)
        CHECK(std::abs(content.video_pts[i] - static_cast<Nanoseconds>(i) * second / 30) < 2'000'000);
    REQUIRE(content.has_audio);
    CHECK(content.audio_start < 30'000'000);
    CHECK(std::abs(content.audio_end - content.video_pts.back()) < second / 10);
}

TEST_CASE("a recording without a sound source has video alone", "[record]") {
    Folder folder;
    Recording recording;
    REQUIRE(recording.start(folder.path() / "show.mp4", false));
    REQUIRE(wait_until([&] { return recording.recorder->frames() >= 15; }));
    recording.recorder.reset();
    const auto content = read_file(folder.path() / "show.mp4");
    REQUIRE(content.opens);
    CHECK_FALSE(content.has_audio);
    check_scenes(content);
}

TEST_CASE("sound that never comes does not hold the picture up", "[record]") {
    Folder folder;
    Recording recording;
    const auto silent = AudioTap::create();
    auto started = Recorder::start(
        folder.path() / "show.mp4", recording.encoder.output(), silent, [&] { recording.encoder.request_keyframe(); },
        recording.program.epoch);
    REQUIRE(started);
    recording.program.run();
    REQUIRE(wait_until([&] { return (*started)->frames() >= 45; }));
    started->reset();
    const auto content = read_file(folder.path() / "show.mp4");
    CHECK(content.video_pts.size() >= 45);
    CHECK(std::abs(content.audio_end - content.video_pts.back()) < second / 10);
}

TEST_CASE("a recording never overwrites one, and a folder that cannot be is refused", "[record]") {
    Folder folder;
    std::ofstream(folder.path() / "show.mp4") << "precious";
    Recording recording;
    auto refused = recording.start(folder.path() / "show.mp4");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::bad_input);
    CHECK(fs::file_size(folder.path() / "show.mp4") == 8);
    CHECK_FALSE(recording.start(folder.path() / "show.mp4" / "inside.mp4"));
    // A recorder that never saw a keyframe leaves no empty file.
    REQUIRE(Recorder::start(folder.path() / "none.mp4", EncodedTap::create(), nullptr, {}, steady_now()));
    CHECK_FALSE(fs::exists(folder.path() / "none.mp4"));
}

// The process that is killed: records until it is, and tells the file time of each unit that its recorder has been given.
TEST_CASE("recording child", "[.recorder-child]") {
    const char* file = std::getenv("VITRINE_TEST_FILE");
    REQUIRE(file);
    Recording recording;
    REQUIRE(recording.start(file));
    while (true) {
        const std::uint64_t frames = recording.recorder->frames();
        if (write(STDOUT_FILENO, &frames, sizeof frames) != sizeof frames) return;
        std::this_thread::sleep_for(5ms);
    }
}

TEST_CASE("a recording whose process is killed opens and holds all but the last second", "[record]") {
    Folder folder;
    std::mt19937 random(std::random_device{}());
    struct Child {
        pid_t pid = 0;
        int pipe = -1;
        fs::path file;
        std::chrono::milliseconds life{0};  ///< from its first picture on
        std::optional<std::chrono::steady_clock::time_point> dies;
        std::uint64_t frames = 0;
    };
    std::vector<Child> children(5);
    for (std::size_t i = 0; i < children.size(); ++i) {
        Child& child = children[i];
        child.file = folder.path() / ("killed-" + std::to_string(i) + ".mp4");
        int ends[2];
        REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
        const std::string file = "VITRINE_TEST_FILE=" + child.file.string();
        std::vector<char*> environment;
        for (char** e = environ; *e; ++e) environment.push_back(*e);
        environment.push_back(const_cast<char*>(file.c_str()));
        environment.push_back(nullptr);
        const char* arguments[] = {"recorder-child", "recording child", nullptr};
        child.pid = fork();
        if (child.pid == 0) {
            dup2(ends[1], STDOUT_FILENO);
            execve("/proc/self/exe", const_cast<char**>(arguments), environment.data());
            _exit(127);
        }
        close(ends[1]);
        child.pipe = ends[0];
        fcntl(child.pipe, F_SETFL, O_NONBLOCK);
        child.life = std::chrono::milliseconds(std::uniform_int_distribution<int>(1500, 3500)(random));
    }
    const auto patience = std::chrono::steady_clock::now() + 30s;
    std::size_t alive = children.size();
    while (alive > 0) {
        std::this_thread::sleep_for(2ms);
        for (Child& child : children) {
            if (child.pid == 0) continue;
            std::uint64_t frames = 0;
            while (read(child.pipe, &frames, sizeof frames) == sizeof frames) child.frames = frames;
            const auto now = std::chrono::steady_clock::now();
            if (!child.dies && child.frames > 0) child.dies = now + child.life;
            REQUIRE(now < patience);
            if (!child.dies || now < *child.dies) continue;
            REQUIRE(kill(child.pid, SIGKILL) == 0);
            waitpid(child.pid, nullptr, 0);
            close(child.pipe);
            child.pid = 0;
            --alive;
        }
    }
    for (const Child& child : children) {
        const auto content = read_file(child.file);
        CAPTURE(child.frames, content.video_pts.size(), content.error);
        INFO("frames lost: " << static_cast<long>(child.frames) - static_cast<long>(content.scenes.size()));
        REQUIRE(child.frames > 30);
        REQUIRE(content.opens);
        check_scenes(content);
        CHECK(content.video_pts.size() + 30 >= child.frames);
        CHECK(content.pictures.size() + 30 >= child.frames);
        WARN("killed after " << child.frames << " frames, " << static_cast<long>(child.frames) - static_cast<long>(content.scenes.size())
                             << " lost");
    }
}

namespace {

/// A small disk of its own; needs the right to mount.
class SmallDisk {
  public:
    explicit SmallDisk(const fs::path& at) : at_(at) {
        fs::create_directories(at);
        mounted_ = mount("none", at.c_str(), "tmpfs", 0, "size=5m") == 0;
    }
    ~SmallDisk() {
        if (mounted_) umount2(at_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }

  private:
    fs::path at_;
    bool mounted_ = false;
};

}  // namespace

TEST_CASE("a disk that fills up ends the recording, which says so; the file plays", "[record]") {
    Folder folder;
    const fs::path disk_path = folder.path() / "disk";
    SmallDisk disk(disk_path);
    if (!disk.mounted()) {
        WARN("a full disk is not tried: mounting a tmpfs needs root");
        return;
    }
    const Rung rich{.name = "test", .width = 640, .height = 360, .fps = 30, .bitrate_kbps = 20'000, .keyframe_s = 1};
    SECTION("slowly") {
        Recording recording(rich);
        REQUIRE(recording.start(disk_path / "show.mp4"));
        REQUIRE(wait_until([&] { return recording.ended_by(RecordFault::Kind::full); }, 15s));
        recording.recorder.reset();
        const auto content = read_file(disk_path / "show.mp4");
        CAPTURE(content.error);
        CHECK(content.error.empty());
        CHECK(content.video_pts.size() > 30);
        check_scenes(content);
    }
    SECTION("at once, by somebody else") {
        Recording recording(small);
        REQUIRE(recording.start(disk_path / "show.mp4"));
        REQUIRE(wait_until([&] { return recording.recorder->frames() >= 45; }));
        {
            std::ofstream ballast(disk_path / "ballast", std::ios::binary);
            const std::vector<char> block(64 * 1024, 'x');
            while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
            }
        }
        REQUIRE(wait_until([&] { return recording.ended_by(RecordFault::Kind::full); }));
        recording.recorder.reset();
        const auto content = read_file(disk_path / "show.mp4");
        CHECK(content.video_pts.size() >= 15);
        check_scenes(content);
        CHECK_FALSE(recording.start(disk_path / "next.mp4"));
    }
}
