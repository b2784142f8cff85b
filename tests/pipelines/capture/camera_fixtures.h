#pragma once
// What the capture tests share: a stage without overlays, a network camera as a child process, and waiting on a condition.

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/frame_code.h"
#include "engine/frame_stage.h"
#include "test_places.h"
#include "tests/support/patience.h"

namespace vitrine::testing {

/// True as soon as `condition` holds, false at the deadline.
template <class Condition>
bool wait_for(std::chrono::milliseconds longest, Condition condition) {
    const auto until = std::chrono::steady_clock::now() + longest * test::patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

constexpr std::uint8_t slate_luma = 201;

/// Masks nothing (or fails, or throws, when told to), draws sim pictures that are a frame code and nothing else.
class BareStage : public FrameStage {
  public:
    std::atomic<bool> fails{false}, throws{false};
    std::atomic<int> processed{0}, inside{0}, most_inside{0};
    std::atomic<bool> has_camera_stage{true};

    std::unique_ptr<CameraStage> open_camera(const CameraConfig&) override {
        if (!has_camera_stage) return nullptr;
        return std::make_unique<Masker>(*this);
    }
    Result<std::unique_ptr<SimulatedCamera>> open_simulated(std::string_view name) override {
        if (name == "slow") return std::make_unique<Plain>(1);
        if (name != "plain") return fail("There is no simulated camera \"" + std::string(name) + "\".", ErrorKind::bad_input);
        return std::make_unique<Plain>(30);
    }
    Result<void> mask(const I420View& picture, const std::vector<PrivacyMask>& masks) override {
        if (fails) return fail("the polygon is gone");
        write_mask_count(picture, static_cast<int>(masks.size()));
        return {};
    }
    /// A picture carries how many masks it has been given, where no frame code is.
    static void write_mask_count(const I420View& picture, int count) {
        picture.y[(picture.height - 1) * picture.stride_y + picture.width - 1] = static_cast<std::uint8_t>(100 + count);
    }
    static int mask_count(const ConstI420View& picture) {
        return picture.y[(picture.height - 1) * picture.stride_y + picture.width - 1] - 100;
    }
    void paint_slate(const I420View& picture, const CameraConfig&, CameraState) override { fill(picture, slate_luma, 128, 128); }
    SceneFrame describe(const ProgramMoment&) override { return {}; }
    void paint(const I420View&, const SceneFrame&, const Snapshot&) override {}

  private:
    struct Masker : CameraStage {
        explicit Masker(BareStage& stage) : stage_(stage) {}
        Result<void> process(const I420View& picture, std::uint64_t, Nanoseconds) override {
            const int now_inside = ++stage_.inside;
            if (now_inside > stage_.most_inside) stage_.most_inside = now_inside;
            ++stage_.processed;
            const bool failing = stage_.fails, throwing = stage_.throws;
            --stage_.inside;
            if (throwing) throw std::runtime_error("the masker broke");
            if (failing) return fail("the polygon is gone");
            write_mask_count(picture, count_);
            return {};
        }
        void set_masks(const std::vector<PrivacyMask>& masks) override { count_ = static_cast<int>(masks.size()); }
        int count_ = 0;
        BareStage& stage_;
    };
    struct Plain : SimulatedCamera {
        explicit Plain(int fps) : fps_(fps) {}
        int width() const override { return 320; }
        int height() const override { return 180; }
        int fps() const override { return fps_; }
        int fps_;
        SimTruth render(const I420View& picture, std::uint64_t sequence) override {
            fill(picture, 60, 128, 128);
            draw_frame_code(picture, sequence, CodeCorner::top_left);
            return {sequence, 0, sim_flash(sequence, 30), {}, {}, {}};
        }
    };
};

/// tests/support/rtsp_camera as a process.
class CameraProcess {
  public:
    explicit CameraProcess(std::vector<std::string> arguments = {}) : arguments_(std::move(arguments)) { start(0); }
    ~CameraProcess() { kill(); }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    void signal(int number) const { ::kill(pid_, number); }
    /// On the same port again.
    void restart() {
        kill();
        start(port_);
    }
    int port() const { return port_; }
    std::string url(const std::string& user = "") const { return "rtsp://" + user + "127.0.0.1:" + std::to_string(port_) + "/live"; }

  private:
    void start(int port) {
        const std::string program = std::string(VITRINE_BINARY_DIR) + "/bin/rtsp_camera", number = std::to_string(port);
        std::vector<char*> argv{const_cast<char*>(program.c_str()), const_cast<char*>("--port"), const_cast<char*>(number.c_str())};
        for (const std::string& argument : arguments_) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(ends[1], STDOUT_FILENO);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        char line[64]{};
        std::size_t length = 0;
        while (length + 1 < sizeof line && !std::strchr(line, '\n')) {
            const ssize_t got = ::read(ends[0], line + length, sizeof line - 1 - length);
            if (got <= 0) break;
            length += static_cast<std::size_t>(got);
        }
        ::close(ends[0]);
        if (std::sscanf(line, "port %d", &port_) != 1) throw std::runtime_error("rtsp_camera did not start; build the target rtsp_camera");
    }
    std::vector<std::string> arguments_;
    pid_t pid_ = -1;
    int port_ = 0;
};

inline bool is_slate(const VideoFrame& frame) {
    return frame.view().y[0] == slate_luma && frame.view().y[frame.view().width - 1] == slate_luma;
}

}  // namespace vitrine::testing
