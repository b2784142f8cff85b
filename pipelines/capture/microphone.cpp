#include "pipelines/capture/microphone.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "pipelines/capture/audio_blocks.h"
#include "pipelines/capture/backoff.h"
#include "pipelines/capture/explain.h"
#include "pipelines/capture/sim_voice.h"
#include "pipelines/capture/source.h"

namespace vitrine {
namespace {

constexpr Nanoseconds silent_after = 1'500'000'000, steady_after = 5'000'000'000;
constexpr Nanoseconds block_length = 10'000'000;
constexpr std::size_t most_pending_teardowns = 3;
constexpr auto longest_farewell = std::chrono::seconds(2);

// "default" means what this desktop uses: the first of these that is installed and opens.
std::vector<SourceSpec> candidates(const SourceSpec& source) {
    if (source.scheme != "default") return {source};
    std::vector<SourceSpec> found;
    for (const char* scheme : {"pipewire", "pulse", "alsa"}) {
        if (gst::has_element((std::string(scheme) + "src").c_str())) found.push_back({scheme, ""});
    }
    return found;
}

}  // namespace

struct Microphone::Core {
    Core(SourceSpec source_, Nanoseconds epoch_, std::function<void(std::string)> on_notice_)
        : spec(std::move(source_)), epoch(epoch_), on_notice(std::move(on_notice_)) {}

    void speak();
    void supervise();
    std::shared_ptr<Source> open(const SourceSpec& chosen);
    /// Waits for the end of a source that has been opened; why it ended, or nothing when the microphone is stopping.
    std::optional<std::string> listen(std::unique_lock<std::mutex>& lock, bool& notified);
    bool pause(std::unique_lock<std::mutex>& lock, Nanoseconds length) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(length);
        return !woken.wait_until(lock, until, [&] { return stopping; });
    }
    void notice(std::unique_lock<std::mutex>& lock, const std::string& sentence) {
        lock.unlock();
        if (on_notice) on_notice(sentence);
        lock.lock();
    }

    const SourceSpec spec;
    const Nanoseconds epoch;
    const std::function<void(std::string)> on_notice;
    const std::shared_ptr<AudioTap> tap = AudioTap::create();
    AudioBlocks blocks{tap};  ///< streaming thread of the current source

    std::mutex mutex;  ///< guards the rest; never held while calling out
    std::condition_variable woken;
    bool stopping = false, ended = false;
    std::optional<std::string> failure;
    Nanoseconds last_sound = 0, first_sound = 0;

    std::thread thread;
};

Microphone::Microphone(SourceSpec source, Nanoseconds epoch, std::function<void(std::string)> on_notice)
    : core_(std::make_shared<Core>(std::move(source), epoch, std::move(on_notice))) {}

Microphone::~Microphone() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->woken.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void Microphone::start() {
    if (core_->thread.joinable() || core_->spec.scheme == "none") return;
    core_->thread = barrier::thread("microphone", [core = core_.get()] { core->spec.scheme == "sim" ? core->speak() : core->supervise(); });
}

std::shared_ptr<AudioTap> Microphone::tap() const { return core_->tap; }

// sim: a block is handed over when its last sample would have been heard, as a sound card does.
void Microphone::Core::speak() {
    std::int64_t block = std::max<Nanoseconds>(steady_now() - epoch, 0) / block_length;
    for (;;) {
        {
            std::unique_lock lock(mutex);
            const auto due = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(epoch + (block + 1) * block_length));
            if (woken.wait_until(lock, due, [&] { return stopping; })) return;
        }
        const auto frames = static_cast<std::int64_t>(audio_block_frames);
        tap->push({std::make_shared<const std::vector<std::int16_t>>(sim_voice(block * frames, audio_block_frames)), block * block_length});
        ++block;
    }
}

std::shared_ptr<Source> Microphone::Core::open(const SourceSpec& chosen) {
    SourceRequest request;
    request.spec = chosen;
    request.video = false;
    request.loop = true;
    request.epoch = epoch;
    SourceEvents events;
    events.sound = [this](const std::int16_t* samples, std::size_t frames, Nanoseconds pts) {
        blocks.put(samples, frames, pts);
        bool first = false;
        {
            std::lock_guard lock(mutex);
            last_sound = steady_now();
            if (first_sound == 0) {
                first_sound = last_sound;
                first = true;
            }
        }
        if (first) woken.notify_all();
    };
    events.broken = [this](const std::string& reason) {
        std::lock_guard lock(mutex);
        failure = reason;
        woken.notify_all();
    };
    events.ended = [this] {
        std::lock_guard lock(mutex);
        ended = true;
        woken.notify_all();
    };
    return GstSource::open(std::move(request), std::move(events));
}

std::optional<std::string> Microphone::Core::listen(std::unique_lock<std::mutex>& lock, bool& notified) {
    const Nanoseconds opened = steady_now();
    for (;;) {
        if (stopping) return std::nullopt;
        if (failure) return failure;
        if (ended) return "";
        if (first_sound != 0 && notified) {
            notified = false;
            notice(lock, "The sound is back.");
            continue;
        }
        const Nanoseconds heard = std::max(opened, last_sound);
        if (steady_now() - heard >= silent_after) return "it gives no sound";
        woken.wait_until(lock, std::chrono::steady_clock::time_point(std::chrono::nanoseconds(heard + silent_after)));
    }
}

void Microphone::Core::supervise() {
    Backoff backoff(250'000'000, 2'000'000'000);
    std::vector<std::shared_ptr<Source>> leaving;
    bool notified = false;
    std::size_t choice = 0;
    std::unique_lock lock(mutex);
    while (!stopping) {
        const std::vector<SourceSpec> choices = candidates(spec);
        if (choices.empty()) {
            if (!std::exchange(notified, true))
                notice(lock,
                       "No sound system is installed (PipeWire, PulseAudio or ALSA). Run ./tools/demo once: it installs what is missing.");
            if (!pause(lock, backoff.next())) break;
            continue;
        }
        const SourceSpec chosen = choices[choice % choices.size()];
        failure.reset();
        ended = false;
        first_sound = last_sound = 0;
        lock.unlock();
        std::shared_ptr<Source> source = open(chosen);
        // Whatever happens below: nothing of it calls in here once this round is over.
        const std::shared_ptr<void> closing(nullptr, [&lock, source](void*) {
            const bool held = lock.owns_lock();
            if (held) lock.unlock();
            source->close();
            if (held) lock.lock();
        });
        lock.lock();
        const std::optional<std::string> why = listen(lock, notified);
        const Nanoseconds worked = first_sound != 0 ? steady_now() - first_sound : 0;
        lock.unlock();
        source->close();
        lock.lock();
        leaving.push_back(std::move(source));
        if (!why) break;
        if (worked >= steady_after) backoff.reset();
        if (why->empty() && worked > 0) continue;  // a file came to its end: again at once
        if (worked == 0) ++choice;
        const bool all_tried = choices.size() == 1 || choice % choices.size() == 0 || worked > 0;
        if (all_tried && !std::exchange(notified, true)) {
            const std::string sentence = spec.scheme == "default" && worked == 0
                                             ? "No microphone could be opened. Plug one in, or name one that `vitrine probe` lists."
                                             : explain_failure(chosen, why->empty() ? "it ended before its first sound" : *why, worked > 0);
            notice(lock, sentence + " The show goes on without it; trying again.");
        }
        while (!stopping) {
            if (all_tried && !pause(lock, backoff.next())) break;
            std::erase_if(leaving, [](const auto& old) { return old->gone(); });
            if (leaving.size() < most_pending_teardowns) break;
            if (!pause(lock, 50'000'000)) break;
        }
    }
    lock.unlock();
    const auto until = std::chrono::steady_clock::now() + longest_farewell;
    for (const auto& old : leaving) static_cast<GstSource&>(*old).wait_gone(until);
}

}  // namespace vitrine
