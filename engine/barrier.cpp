#include "engine/barrier.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>

#include "engine/clock.h"
#include "engine/log.h"

namespace vitrine::barrier {
namespace {

constexpr Nanoseconds second = 1'000'000'000;
constexpr int lines_a_second = 10;
constexpr auto pause = std::chrono::milliseconds(100);

std::atomic<std::uint64_t> all{0}, left_out{0};
std::atomic<Nanoseconds> second_began{0};
std::atomic<int> said{0};
std::atomic<Fault> fault{nullptr};

/// Whether there is room for one more line in this second.
bool may_say() noexcept {
    const Nanoseconds now = steady_now();
    Nanoseconds began = second_began;
    if (now - began >= second && second_began.compare_exchange_strong(began, now)) said = 0;
    return ++said <= lines_a_second;
}

}  // namespace

void report(const char* door) noexcept {
    ++all;
    if (!may_say()) {
        ++left_out;
        return;
    }
    try {
        std::string what = "unknown";
        try {
            throw;
        } catch (const std::exception& problem) {
            what = problem.what();
        } catch (...) {
        }
        const std::uint64_t more = left_out.exchange(0);
        log::error("barrier", "A part of the program failed and is begun again or left out; the rest goes on.",
                   {{"part", door}, {"what", what}, {"more", std::to_string(more)}});
    } catch (...) {
        // No memory even for the line: it is counted.
        ++left_out;
    }
}

std::uint64_t caught() noexcept { return all; }
void set_fault(Fault to) noexcept { fault = to; }

void pass(const char* door) {
    if (const Fault now = fault.load(std::memory_order_relaxed)) now(door);
}

std::thread thread(const char* door, std::function<void()> work, AfterThrow after) {
    return std::thread([door, work = std::move(work), after] {
        pthread_setname_np(pthread_self(), door);
        while (!run(door, work) && after == AfterThrow::begin_again) std::this_thread::sleep_for(pause);
    });
}

}  // namespace vitrine::barrier
