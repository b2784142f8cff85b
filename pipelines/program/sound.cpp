#include "pipelines/program/sound.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "pipelines/program/sound_mixer.h"

namespace vitrine {
namespace {

constexpr Nanoseconds block_length = 10'000'000;
constexpr Nanoseconds patience = 20'000'000;  // after its last sample was heard, a block's data has so long to arrive
constexpr std::size_t input_blocks = 200;
constexpr int blocks_per_level = 10;

}  // namespace

// What was heard from c on is mixed at c + 10 ms + patience and stamped c + delay.
struct Sound::Core {
    Core(Nanoseconds epoch_, Nanoseconds delay_, Levels on_level_)
        : epoch(epoch_), hold(std::max<Nanoseconds>(block_length + patience - delay_, 0)), on_level(std::move(on_level_)), mixer(delay_) {}

    void run();
    bool wait_until(Nanoseconds due);
    void take_inputs();
    std::map<std::string, double> take_peaks();

    const Nanoseconds epoch;
    const Nanoseconds hold;  ///< a block is made so long after its time stamp
    const Levels on_level;
    const std::shared_ptr<AudioTap> output = AudioTap::create();
    std::atomic<bool> muted{false};

    // mixing thread
    SoundMixer mixer;
    struct Input {
        std::shared_ptr<AudioTap::Reader> reader;
        std::string name;
    };
    std::vector<Input> inputs;

    std::mutex mutex;  ///< guards the rest; never held while calling out
    std::condition_variable woken;
    bool stopping = false;
    std::vector<Input> added;
    std::map<std::string, float> factors;  ///< by name; those that were set

    std::thread thread;
};

Sound::Sound(Nanoseconds epoch, Nanoseconds delay, Levels on_level) : core_(std::make_shared<Core>(epoch, delay, std::move(on_level))) {}

Sound::~Sound() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->woken.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void Sound::add(std::shared_ptr<AudioTap> input, std::string name) {
    if (!input) return;
    auto reader = input->read(input_blocks);
    std::lock_guard lock(core_->mutex);
    core_->added.push_back({std::move(reader), std::move(name)});
}

void Sound::level(const std::string& name, bool muted, double gain_db) {
    const float factor = muted ? 0.0f : static_cast<float>(std::pow(10.0, gain_db / 20));
    std::lock_guard lock(core_->mutex);
    core_->factors[name] = factor;
}

void Sound::mute(bool muted) { core_->muted = muted; }

std::shared_ptr<AudioTap> Sound::output() const { return core_->output; }

void Sound::start() {
    if (!core_->thread.joinable()) core_->thread = barrier::thread("sound", [core = core_.get()] { core->run(); });
}

bool Sound::Core::wait_until(Nanoseconds due) {
    std::unique_lock lock(mutex);
    const auto until = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(due));
    return !woken.wait_until(lock, until, [&] { return stopping; });
}

void Sound::Core::take_inputs() {
    std::vector<Input> fresh;
    std::map<std::string, float> set;
    {
        std::lock_guard lock(mutex);
        fresh.swap(added);
        set = factors;
    }
    for (auto& input : fresh) {
        mixer.add_input();
        inputs.push_back(std::move(input));
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (const auto factor = set.find(inputs[i].name); factor != set.end()) mixer.input(i).level(factor->second);
        while (const auto heard = inputs[i].reader->try_pop()) {
            if (heard->samples) mixer.input(i).put(*heard->samples, heard->pts);
        }
    }
}

/// Two inputs of one name count as one.
std::map<std::string, double> Sound::Core::take_peaks() {
    std::map<std::string, double> peaks;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const double db = peak_db(mixer.input(i).take_peak());
        if (inputs[i].name.empty()) continue;
        const auto [there, first] = peaks.emplace(inputs[i].name, db);
        if (!first) there->second = std::max(there->second, db);
    }
    return peaks;
}

void Sound::Core::run() {
    std::int64_t number = std::max<Nanoseconds>(steady_now() - epoch, 0) / block_length;
    for (;; ++number) {
        const Nanoseconds pts = number * block_length;
        if (!wait_until(epoch + pts + hold)) return;
        take_inputs();
        mixer.mute(muted);
        output->push({std::make_shared<const std::vector<std::int16_t>>(mixer.mix(pts)), pts});
        if (number % blocks_per_level == blocks_per_level - 1 && on_level) on_level(mixer.take_peak_db(), take_peaks());
    }
}

}  // namespace vitrine
