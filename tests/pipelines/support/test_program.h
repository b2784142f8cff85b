#pragma once
// A program for tests: numbered pictures, each with its number drawn into it and in its scene frame, and a tone. next() makes one now;
// run() makes them at their rate on a thread of its own until the object goes.

#include <atomic>
#include <cmath>
#include <thread>

#include "engine/frame_code.h"
#include "pipelines/media.h"

namespace vitrine::test {

class TestProgram {
  public:
    TestProgram(int width = 320, int height = 180, int fps = 30) : width_(width), height_(height), fps_(fps) {}
    ~TestProgram() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }

    const std::shared_ptr<ProgramTap> video = ProgramTap::create();
    const std::shared_ptr<AudioTap> audio = AudioTap::create();
    const Nanoseconds epoch = steady_now();

    /// Time stamps follow the rate exactly, from `first_pts`.
    ProgramFrame next(Nanoseconds first_pts = 0) {
        auto picture = std::make_shared<VideoFrame>(width_, height_);
        const I420View view = picture->view();
        fill(view, 90, 110, 150);
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x)
                view.y[y * view.stride_y + x] = static_cast<std::uint8_t>(40 + (x * 3 + y * 5 + static_cast<int>(number_) * 4) % 160);
        draw_frame_code(view, number_, CodeCorner::bottom_left);
        picture->sequence = number_;
        auto scene = std::make_shared<SceneFrame>();
        scene->number = number_;
        scene->capture_utc_us = static_cast<std::int64_t>(number_) * 1000;
        scene->anchors.push_back(Anchor{.product = "LX-200", .visibility = 0.5F});
        ProgramFrame frame{picture, scene, nullptr, first_pts + static_cast<Nanoseconds>(number_) * 1'000'000'000 / fps_};
        ++number_;
        return frame;
    }

    /// 10 ms of a 1 kHz tone.
    AudioBlock next_sound(Nanoseconds first_pts = 0) {
        auto samples = std::make_shared<std::vector<std::int16_t>>(960);
        for (int i = 0; i < 480; ++i)
            (*samples)[2 * i] = (*samples)[2 * i + 1] =
                static_cast<std::int16_t>(8000 * std::sin(2 * 3.14159265358979 * 1000 * i / 48000.0));
        return AudioBlock{samples, first_pts + static_cast<Nanoseconds>(sound_blocks_++) * 10'000'000};
    }

    void run() {
        thread_ = std::thread([this] {
            const Nanoseconds first = steady_now() - epoch;
            while (!stop_) {
                const Nanoseconds due = epoch + first + static_cast<Nanoseconds>(number_) * 1'000'000'000 / fps_;
                if (const Nanoseconds wait = due - steady_now(); wait > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
                video->push(next(first));
                while (static_cast<Nanoseconds>(sound_blocks_) * 10'000'000 < due - epoch - first) audio->push(next_sound(first));
            }
        });
    }

    std::uint64_t made() const { return number_; }

  private:
    const int width_, height_, fps_;
    std::atomic<std::uint64_t> number_{0};
    std::uint64_t sound_blocks_ = 0;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace vitrine::test
