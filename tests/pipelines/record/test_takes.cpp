// Takes on disks that fail: real file systems in memory or behind a loop device, which need the right to mount.

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include "engine/barrier.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/record/takes.h"
#include "tests/pipelines/support/decode.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/support/catch.h"
#include "tests/support/scratch_folder.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr auto told_within = 2s, again_within = 5s;
const Rung small{.name = "test", .width = 320, .height = 180, .fps = 30, .bitrate_kbps = 400, .keyframe_s = 1};

struct Recorded {
    TestProgram program{small.width, small.height, small.fps};
    VideoEncoder encoder{program.video, small, program.epoch, {}};
    std::mutex mutex;
    std::vector<std::string> notices;
    fs::path folder;
    Takes takes;

    explicit Recorded(fs::path where)
        : folder(std::move(where)),
          takes({{"clean", "-clean", encoder.output(), [this] { encoder.request_keyframe(); }, small.bitrate_kbps, true}}, program.audio,
                program.epoch, [this](std::string sentence) {
                    const std::lock_guard lock(mutex);
                    notices.push_back(std::move(sentence));
                }) {
        program.run();
        takes.want(true, folder.string());
    }
    bool writing(std::uint64_t frames = 0) const {
        const auto outputs = takes.outputs();
        const RecordingReport report = takes.report();
        return report.since > 0 && report.problem.empty() && outputs.size() == 1 && outputs[0].state == "writing" &&
               outputs[0].frames > frames;
    }
    /// Half a second lies in the file, the sound that belongs to it included: all but the last second does.
    bool holds() const { return writing(45); }
    bool again() {
        const bool writes = wait_until([&] { return writing(); }, again_within);
        if (!writes) UNSCOPED_INFO("still: " << takes.report().problem);
        return writes && wait_until([&] { return holds(); });
    }
    bool says(const std::string& words) const {
        const RecordingReport report = takes.report();
        return report.since == 0 && report.problem.find(words) != std::string::npos &&
               takes.metrics().find("vitrine_recording_fault 1") != std::string::npos;
    }
    bool noticed(const std::string& words) {
        const std::lock_guard lock(mutex);
        return std::any_of(notices.begin(), notices.end(), [&](const auto& notice) { return notice.find(words) != std::string::npos; });
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == ".mp4") found.push_back(entry.path());
        std::sort(found.begin(), found.end());
        return found;
    }
};

/// A tmpfs, or ext4 on a loop device.
class Disk {
  public:
    explicit Disk(fs::path at) : at_(std::move(at)) { fs::create_directories(at_); }
    ~Disk() {
        while (umount2(at_.c_str(), MNT_DETACH) == 0) {
        }
    }
    bool memory(const char* size = "size=40m") { return mount("none", at_.c_str(), "tmpfs", 0, size) == 0; }
    bool loop(const fs::path& image) {
        image_ = image;
        std::ofstream(image).close();
        fs::resize_file(image, 64 << 20);
        return run("mkfs.ext4 -q -F '" + image.string() + "'") && mount_image();
    }
    bool take_away() { return umount2(at_.c_str(), MNT_DETACH) == 0; }
    /// What the kernel does after an error of the medium.
    bool fail() { return run("echo test > /sys/fs/ext4/$(basename $(findmnt -no SOURCE '" + at_.string() + "'))/trigger_fs_error"); }
    /// Newer kernels want it mounted anew after an error, and it is the same one for as long as a file on it is open.
    bool mend() {
        const std::string probe = "'" + (at_ / "probe").string() + "'", works = "touch " + probe + " && rm " + probe;
        if (run("mount -o remount,rw '" + at_.string() + "' && " + works)) return true;
        return wait_until([&] { return take_away() && mount_image() && run(works); });
    }
    /// FIFREEZE, FITHAW: every write waits until it thaws. (linux/fs.h cannot be had beside sys/mount.h everywhere.)
    bool freeze(bool on) {
        const int fd = open(at_.c_str(), O_RDONLY | O_CLOEXEC);
        const bool done = fd >= 0 && ioctl(fd, on ? _IOWR('X', 119, int) : _IOWR('X', 120, int), 0) == 0;
        if (fd >= 0) close(fd);
        return done;
    }
    void fill() const {
        std::ofstream ballast(at_ / "ballast", std::ios::binary);
        const std::vector<char> block(64 * 1024, 'x');
        while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    void make_room() const { fs::remove(at_ / "ballast"); }

  private:
    static bool run(const std::string& command) { return std::system(("( " + command + " ) >/dev/null 2>&1").c_str()) == 0; }
    bool mount_image() const { return run("mount -o loop,errors=remount-ro '" + image_.string() + "' '" + at_.string() + "'"); }
    fs::path at_, image_;
};

void all_play(const std::vector<fs::path>& files, std::size_t at_least) {
    REQUIRE(files.size() >= at_least);
    for (const fs::path& file : files) {
        const auto content = read_file(file);
        CAPTURE(file, content.error);
        CHECK(content.opens);
        CHECK(content.pictures.size() >= 10);
    }
}

}  // namespace

TEST_CASE("a full disk is told of; recording begins again when there is room, and says what is missing", "[record][takes]") {
    ScratchFolder folder;
    Disk disk(folder.path() / "disk");
    if (!disk.memory()) {
        WARN("not tried: mounting needs root");
        return;
    }
    Recorded recorded(folder.path() / "disk" / "rec");
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    disk.fill();
    REQUIRE(wait_until([&] { return recorded.says("is full"); }, told_within));
    CHECK(recorded.takes.outputs().at(0).state == "stopped");
    std::this_thread::sleep_for(1500ms);
    CHECK(recorded.says("is full"));
    CHECK(recorded.files().size() == 1);
    disk.make_room();
    REQUIRE(recorded.again());
    CHECK(recorded.files().size() == 2);
    CHECK(recorded.noticed("Recording again"));
    CHECK(recorded.takes.lost() > 1'400'000'000);
    CHECK(recorded.takes.lost() < 8'000'000'000 * patience);
    recorded.takes.close();
    all_play(recorded.files(), 2);
}

TEST_CASE("a disk that is taken away is waited for, and the folder left behind is not written to", "[record][takes]") {
    ScratchFolder folder;
    Disk disk(folder.path() / "disk");
    if (!disk.memory()) return;
    Recorded recorded(folder.path() / "disk" / "rec");
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    REQUIRE(disk.take_away());
    REQUIRE(wait_until([&] { return recorded.says("is gone"); }, told_within));
    std::this_thread::sleep_for(1500ms);
    CHECK(recorded.says("is gone"));
    CHECK(fs::is_empty(folder.path() / "disk"));
    REQUIRE(disk.memory());
    REQUIRE(recorded.again());
    CHECK(recorded.noticed("Recording again"));
    recorded.takes.close();
    all_play(recorded.files(), 1);
}

TEST_CASE("a folder that is deleted is made again", "[record][takes]") {
    ScratchFolder folder;
    Recorded recorded(folder.path() / "rec");
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    fs::remove_all(folder.path() / "rec");
    REQUIRE(wait_until([&] { return recorded.noticed("Recording again"); }, again_within));
    REQUIRE(recorded.again());
    CHECK(recorded.takes.metrics().find("vitrine_recording_failures_total 1") != std::string::npos);
    recorded.takes.close();
    all_play(recorded.files(), 1);
}

TEST_CASE("a file system that becomes read-only is told of and waited for", "[record][takes]") {
    ScratchFolder folder;
    Disk disk(folder.path() / "disk");
    if (!disk.loop(folder.path() / "image")) {
        WARN("not tried: a loop device needs root");
        return;
    }
    Recorded recorded(folder.path() / "disk" / "rec");
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    REQUIRE(disk.fail());
    REQUIRE(wait_until([&] { return recorded.says("read-only"); }, told_within));
    REQUIRE(disk.mend());
    REQUIRE(recorded.again());
    CHECK(recorded.noticed("Recording again"));
    recorded.takes.close();
    // What the kernel had not written when the medium failed is lost with it: the new file is what counts.
    all_play({recorded.files().back()}, 1);
}

TEST_CASE("a disk that holds writes up is told of, asking never waits for it, and the file goes on", "[record][takes]") {
    ScratchFolder folder;
    Disk disk(folder.path() / "disk");
    if (!disk.loop(folder.path() / "image")) return;
    Recorded recorded(folder.path() / "disk" / "rec");
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    REQUIRE(disk.freeze(true));
    const bool told = wait_until([&] { return recorded.says("too slow or has stopped") || recorded.says("does not answer"); }, told_within);
    const std::uint64_t made = recorded.program.made();
    Nanoseconds longest = 0;
    for (int i = 0; i < 100; ++i) {
        const Nanoseconds before = steady_now();
        recorded.takes.want(true, recorded.folder.string());
        (void)recorded.takes.report();
        (void)recorded.takes.outputs();
        (void)recorded.takes.metrics();
        longest = std::max(longest, steady_now() - before);
        std::this_thread::sleep_for(5ms);
    }
    const bool went_on = recorded.program.made() > made;
    REQUIRE(disk.freeze(false));
    CHECK(told);
    CHECK(went_on);
    CHECK(longest < 200'000'000 * patience);
    REQUIRE(recorded.again());
    recorded.takes.close();
    CHECK(recorded.files().size() == 1);
    all_play(recorded.files(), 1);
}

TEST_CASE("pictures that stop coming are told of, and a stream of another kind goes into a new file", "[record][takes]") {
    ScratchFolder folder;
    const auto tap = EncodedTap::create();
    TestProgram first(320, 180, 30), second(640, 360, 30);
    VideoEncoder encoder(first.video, small, first.epoch, {});
    Rung larger = small;
    larger.width = 640, larger.height = 360;
    VideoEncoder other(second.video, larger, first.epoch, {});
    std::atomic<int> on{1};
    std::atomic<bool> stop{false};
    // What an encoder that fails looks like from here: silence, then another one's stream.
    std::thread joint([&] {
        const auto one = encoder.output()->read(30), two = other.output()->read(30);
        while (!stop) {
            if (auto unit = one->pop(5ms); unit && on == 1) tap->push(*unit);
            while (auto unit = two->try_pop())
                if (on == 2) tap->push(*unit);
        }
    });
    first.run();
    second.run();
    {
        Takes takes({{"clean", "-clean", tap,
                      [&] {
                          encoder.request_keyframe();
                          other.request_keyframe();
                      },
                      400, false}},
                    nullptr, first.epoch, {});
        takes.want(true, folder.path().string());
        const auto writing = [&](std::uint64_t frames = 20) {
            const auto outputs = takes.outputs();
            return takes.report().since > 0 && outputs.size() == 1 && outputs[0].state == "writing" && outputs[0].frames > frames;
        };
        REQUIRE(wait_until([&] { return writing(); }));
        on = 0;
        REQUIRE(wait_until([&] { return takes.report().problem.find("gives no pictures") != std::string::npos; }, told_within));
        CHECK(takes.report().since == 0);
        on = 2;
        REQUIRE(wait_until([&] { return writing(); }, again_within));
        CHECK(wait_until([&] { return writing(60); }));
    }
    stop = true;
    joint.join();
    std::size_t pictures = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        const auto content = read_file(entry.path());
        CAPTURE(entry.path(), content.error);
        CHECK(content.opens);
        pictures += content.pictures.size();
    }
    CHECK(pictures > 60);
}

TEST_CASE("a recorder's thread that throws ends that file alone, and the next begins", "[record][takes][barrier]") {
    ScratchFolder folder;
    Recorded recorded(folder.path());
    REQUIRE(wait_until([&] { return recorded.holds(); }));
    static std::atomic<int> left;
    left = 1;
    barrier::set_fault([](const char* door) {
        if (std::string_view(door) == "record step" && left.fetch_sub(1) > 0) throw std::bad_alloc();
    });
    const bool again = wait_until([&] { return recorded.noticed("Recording again"); }, again_within);
    barrier::set_fault(nullptr);
    CHECK(again);
    CHECK(recorded.again());
    recorded.takes.close();
    all_play(recorded.files(), 2);
}
