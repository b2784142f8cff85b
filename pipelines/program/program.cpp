#include "pipelines/program/program.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/frame_code.h"
#include "engine/log.h"
#include "pipelines/program/mixer.h"

namespace vitrine {

struct Program::Core {
    Show& show;
    FrameStage& stage;
    const Cameras& cameras;
    const Nanoseconds epoch;
    const ProgramConfig config;
    std::shared_ptr<ProgramTap> tap = ProgramTap::create();
    Mixer mixer, mixer_from;
    FramePool pool;

    mutable std::mutex mutex;  // guards figures and stopping
    std::condition_variable wake;
    bool stopping = false;
    Figures totals;
    double work_ms_sum = 0;
    std::thread thread;

    Core(Show& s, FrameStage& st, const Cameras& c, Nanoseconds e)
        : show(s),
          stage(st),
          cameras(c),
          epoch(e),
          config(s.snapshot()->show->program),
          mixer(config.width, config.height),
          mixer_from(config.width, config.height) {}

    struct Picked {
        std::vector<Camera::Picture> held;  // keeps the pictures alive for the views in `inputs`
        std::vector<Mixer::Input> inputs;
        std::vector<PlacedCamera> placed;
    };

    Picked pick(const SceneConfig& scene, float opacity) const {
        Picked picked;
        const auto cells = layout_cells(scene.layout, scene.cameras.size(), config.width, config.height);
        for (std::size_t i = 0; i < cells.size() && i < scene.cameras.size(); ++i) {
            const auto found = cameras.find(scene.cameras[i]);
            if (found == cameras.end()) continue;
            Camera::Picture picture = found->second->newest();
            if (!picture.frame) continue;
            const VideoFrame& frame = *picture.frame;
            const Placement placement = place(cells[i], frame.width(), frame.height());
            const auto part = [](const PixelRect& r, int w, int h) {
                return std::array<float, 4>{static_cast<float>(r.x) / w, static_cast<float>(r.y) / h, static_cast<float>(r.width) / w,
                                            static_cast<float>(r.height) / h};
            };
            picked.inputs.push_back({frame.view(), placement});
            picked.placed.push_back({scene.cameras[i], part(placement.to, config.width, config.height),
                                     part(placement.from, frame.width(), frame.height()), frame.width(), frame.height(), opacity,
                                     picture.live, frame.sequence, frame.capture_ns});
            picked.held.push_back(std::move(picture));
        }
        return picked;
    }

    /// The whole picture as it is, when nothing has to be drawn into it: no copy.
    VideoFramePtr untouched(const Picked& picked) const {
        if (config.frame_code || picked.inputs.size() != 1) return nullptr;
        const PixelRect all{0, 0, config.width, config.height};
        const Placement& p = picked.inputs.front().placement;
        return p.to == all && p.from == all ? picked.held.front().frame : nullptr;
    }

    void make_frame(std::uint64_t number, Nanoseconds tick) {
        const SnapshotPtr snapshot = show.snapshot();
        const SceneConfig* scene = snapshot->show->scene(snapshot->scene);
        if (!scene || scene->cameras.empty()) scene = &snapshot->show->scenes.front();

        const Transition& transition = snapshot->transition;
        const SceneConfig* from = transition.from.empty() ? nullptr : snapshot->show->scene(transition.from);
        const Nanoseconds since = tick - transition.start;
        const bool fading = from && transition.duration > 0 && since < transition.duration;
        const int weight = fading ? static_cast<int>(std::clamp<Nanoseconds>(since * 256 / transition.duration, 0, 256)) : 256;

        ProgramMoment moment{number, tick, {}, snapshot};
        VideoFramePtr picture;
        if (snapshot->session == SessionState::paused || snapshot->safe) {
            auto frame = pool.take(config.width, config.height);
            stage.paint_holding(frame->view());
            picture = finish(std::move(frame), number, tick);
        } else {
            Picked picked = pick(*scene, static_cast<float>(weight) / 256);
            picture = fading ? nullptr : untouched(picked);
            if (!picture) {
                auto frame = pool.take(config.width, config.height);
                mixer.mix(picked.inputs, frame->view());
                if (fading) {
                    Picked old = pick(*from, 1 - static_cast<float>(weight) / 256);
                    auto under = pool.take(config.width, config.height);
                    mixer_from.mix(old.inputs, under->view());
                    Mixer::fade(under->view(), frame->view(), weight, frame->view());
                    moment.cameras = std::move(old.placed);
                }
                picture = finish(std::move(frame), number, tick);
            }
            moment.cameras.insert(moment.cameras.end(), picked.placed.begin(), picked.placed.end());
        }
        auto truth = std::make_shared<const SceneFrame>(stage.describe(moment));
        tap->push({std::move(picture), std::move(truth), snapshot, tick - epoch});
    }

    VideoFramePtr finish(std::shared_ptr<VideoFrame> frame, std::uint64_t number, Nanoseconds tick) const {
        if (config.frame_code) draw_frame_code(frame->view(), number, CodeCorner::bottom_left);
        frame->sequence = number;
        frame->capture_ns = tick;
        return frame;
    }

    /// The program's few milliseconds a frame go before everybody else's work where the system allows it (root, or RLIMIT_RTPRIO).
    static void go_first() {
        const sched_param parameters{.sched_priority = 5};
        if (pthread_setschedparam(pthread_self(), SCHED_RR, &parameters) != 0)
            log::debug("program", "No real-time priority for the program.");
    }

    void run() {
        stage.paint_holding(pool.take(config.width, config.height)->view());  // rendered now, so that it is there within a tick
        go_first();
        const auto tick_of = [&](std::uint64_t n) {
            return epoch + program_phase + static_cast<Nanoseconds>(n * 1'000'000'000ull / static_cast<std::uint64_t>(config.fps));
        };
        const Nanoseconds period = 1'000'000'000 / config.fps;
        std::uint64_t number = 0;
        std::unique_lock lock(mutex);
        while (!stopping) {
            const Nanoseconds now = steady_now();
            if (const Nanoseconds behind = now - tick_of(number); behind > period) {
                const std::uint64_t skip = static_cast<std::uint64_t>(behind / period);
                if (totals.made) totals.missed_ticks += skip;
                number += skip;
            }
            if (const Nanoseconds wait = tick_of(number) - now; wait > 0) {
                wake.wait_for(lock, std::chrono::nanoseconds(wait), [&] { return stopping; });
                if (stopping) break;
            }
            lock.unlock();
            const Nanoseconds begin = steady_now();
            const bool made = barrier::run("program tick", [&] { make_frame(number, tick_of(number)); });
            const double ms = static_cast<double>(steady_now() - begin) / 1e6;
            lock.lock();
            ++number;
            ++(made ? totals.made : totals.missed_ticks);
            if (!made) continue;
            work_ms_sum += ms;
            totals.work_ms_mean = work_ms_sum / static_cast<double>(totals.made);
            totals.work_ms_max = std::max(totals.work_ms_max, ms);
        }
    }
};

Program::Program(Show& show, FrameStage& stage, const Cameras& cameras, Nanoseconds epoch)
    : core_(std::make_unique<Core>(show, stage, cameras, epoch)) {}

Program::~Program() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void Program::start() {
    core_->thread = barrier::thread("program", [core = core_.get()] { core->run(); });
}

std::shared_ptr<ProgramTap> Program::output() const { return core_->tap; }

Program::Figures Program::figures() const {
    std::lock_guard lock(core_->mutex);
    return core_->totals;
}

}  // namespace vitrine
