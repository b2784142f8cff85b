#include <algorithm>
#include <chrono>

#include "engine/barrier.h"
#include "pipelines/capture/source.h"

namespace vitrine {
namespace {

constexpr std::uint64_t most_late_frames = 4;

}  // namespace

SimSource::SimSource(int fps, Nanoseconds epoch, std::function<void(std::uint64_t, Nanoseconds)> render,
                     std::function<void(std::uint64_t)> skipped)
    : fps_(std::max(fps, 1)),
      epoch_(epoch),
      render_(std::move(render)),
      skipped_(std::move(skipped)),
      thread_(barrier::thread("sim camera", [this] { run(); })) {}

void SimSource::close() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    closing_changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SimSource::run() {
    const auto time_of = [&](std::uint64_t n) {
        return epoch_ + static_cast<Nanoseconds>(n * 1'000'000'000ull / static_cast<std::uint64_t>(fps_));
    };
    const auto number_at = [&](Nanoseconds now) {
        return static_cast<std::uint64_t>(static_cast<double>(std::max<Nanoseconds>(now - epoch_, 0)) * fps_ / 1e9);
    };
    std::uint64_t next = number_at(steady_now()) + (steady_now() > epoch_ ? 1 : 0);
    for (;;) {
        const Nanoseconds due = time_of(next);
        {
            std::unique_lock lock(mutex_);
            const auto until = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(due));
            if (closing_changed_.wait_until(lock, until, [&] { return closing_; })) return;
        }
        if (const std::uint64_t current = number_at(steady_now()); current > next + most_late_frames) {
            skipped_(current - next);
            next = current;
        }
        barrier::run("sim picture", [&] { render_(next, time_of(next)); });
        ++next;
    }
}

}  // namespace vitrine
