#include "pipelines/program/sound.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <thread>

#include "pipelines/program/sound_mixer.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr Nanoseconds ms = 1'000'000;
constexpr std::size_t block = 480;

std::vector<std::int16_t> flat(std::int16_t value, std::size_t frames = block) { return std::vector<std::int16_t>(frames * 2, value); }

// Every sample says its own position, so that any shift shows.
std::vector<std::int16_t> ramp(std::int64_t first, std::size_t frames = block) {
    std::vector<std::int16_t> samples(frames * 2);
    for (std::size_t i = 0; i < frames; ++i)
        samples[2 * i] = samples[2 * i + 1] = static_cast<std::int16_t>((first + static_cast<std::int64_t>(i)) % 20'000);
    return samples;
}

}  // namespace

TEST_CASE("What was heard at c comes out stamped c + delay, sample for sample", "[sound]") {
    SoundMixer mixer(20 * ms);
    mixer.add_input();
    for (int n = 0; n < 10; ++n) mixer.input(0).put(ramp(n * 480), n * 10 * ms);
    for (int n = 0; n < 10; ++n) {
        const auto out = mixer.mix(20 * ms + n * 10 * ms);
        REQUIRE(out.size() == 960);
        if (n == 0) continue;  // fades in over 2 ms
        CHECK(out == ramp(n * 480));
    }
}

TEST_CASE("Blocks of any length and stamp meet the mixer's own blocks", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    std::int64_t at = 123;
    for (const std::size_t frames : {100u, 960u, 333u, 1000u, 7u, 480u}) {
        mixer.input(0).put(ramp(at, frames), at * 1'000'000'000 / 48'000);
        at += static_cast<std::int64_t>(frames);
    }
    mixer.mix(0);
    for (int n = 1; n < 6; ++n) CHECK(mixer.mix(n * 10 * ms) == ramp(n * 480));
}

TEST_CASE("Inputs add up and are bent, never wrapped", "[sound]") {
    SoundMixer mixer(0);
    for (std::size_t i = 0; i < 3; ++i) {
        mixer.add_input();
        for (int n = 0; n < 3; ++n) mixer.input(i).put(flat(30'000), n * 10 * ms);
    }
    mixer.mix(0);
    for (const std::int16_t value : mixer.mix(10 * ms)) {
        CHECK(value > 30'000);
        CHECK(value <= 32'767);
    }
    CHECK(soft_clip(0.5f) == 0.5f);
    CHECK(soft_clip(-0.8f) == -0.8f);
    CHECK(soft_clip(5) < 1.0001f);
    CHECK(soft_clip(-5) == -soft_clip(5));
    for (float x = 0; x < 3; x += 0.01f) CHECK(soft_clip(x + 0.01f) >= soft_clip(x));
}

TEST_CASE("A gap is silence, faded at both ends, and what comes after is in its place", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    for (int n = 0; n < 5; ++n) input.put(flat(10'000), n * 10 * ms);
    for (int n = 0; n < 5; ++n) mixer.mix(n * 10 * ms);
    const auto fade = mixer.mix(50 * ms);
    CHECK(fade[0] > 9'000);
    CHECK(fade[959] == 0);
    for (std::size_t i = 2; i < fade.size(); ++i) CHECK(std::abs(fade[i] - fade[i - 2]) < 200);
    for (const std::int16_t value : mixer.mix(60 * ms)) CHECK(value == 0);
    for (int n = 20; n < 23; ++n) input.put(flat(10'000), n * 10 * ms);
    for (int n = 7; n < 20; ++n) {
        for (const std::int16_t value : mixer.mix(n * 10 * ms)) REQUIRE(value == 0);
    }
    const auto back = mixer.mix(200 * ms);
    CHECK(back[0] < 200);
    CHECK(back[959] == 10'000);
}

TEST_CASE("An input that always comes late is moved back instead of lost", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    // It is 60 ms behind: when the mixer makes block n, block n - 6 has just come.
    int silent_at_the_end = 0;
    for (int n = 0; n < 200; ++n) {
        if (n >= 6) input.put(ramp((n - 6) * 480), (n - 6) * 10 * ms);
        const auto out = mixer.mix(n * 10 * ms);
        if (n > 100) silent_at_the_end += out[958] == 0 && out[400] == 0;
    }
    CHECK(silent_at_the_end == 0);
    CHECK(input.lag() >= 60 * ms);
    CHECK(input.lag() <= 90 * ms);
    // A pause makes it forget.
    input.put(flat(1), 10'000 * ms);
    CHECK(input.lag() == 0);
}

TEST_CASE("An input that was held up once stays in step", "[sound]") {
    const int held_up = GENERATE(3, 8, 45);  // blocks
    SoundMixer mixer(0);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    int given = 0;
    for (int n = 0; n < 300; ++n) {
        const bool stuck = n >= 100 && n < 100 + held_up;
        for (; !stuck && given <= n; ++given) input.put(ramp(given * 480), given * 10 * ms);
        const auto out = mixer.mix(n * 10 * ms);
        if (n >= 110 + held_up) REQUIRE(out[0] == ramp(n * 480)[0]);
    }
    CHECK(input.lag() == 0);
}

TEST_CASE("What an input was moved back is taken up once it comes early again", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    int given = 0;
    for (int n = 0; n < 200; ++n) {
        for (; given <= n - 6; ++given) input.put(ramp(given * 480), given * 10 * ms);
        mixer.mix(n * 10 * ms);
    }
    const Nanoseconds moved = input.lag();
    REQUIRE(moved >= 60 * ms);
    int last = 0, steepest = 0;
    for (int n = 200; n < 200 + 6000; ++n) {
        for (; given <= n; ++given) input.put(flat(10'000), given * 10 * ms);
        const auto out = mixer.mix(n * 10 * ms);
        for (std::size_t i = 0; n > 220 && i < 960; i += 2) steepest = std::max(steepest, std::abs(out[i] - last)), last = out[i];
        if (n == 220) last = out[958];
    }
    CHECK(input.lag() <= 20 * ms);
    CHECK(steepest == 0);
}

TEST_CASE("A drifting sound card is followed without gap", "[sound]") {
    const double factor = GENERATE(0.9995, 1.0005);  // 500 ppm, far worse than any card
    SoundMixer mixer(30 * ms);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    double heard = 0;
    const auto sine = [&](std::int64_t i) {
        return static_cast<std::int16_t>(std::lround(10'000 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 48'000)));
    };
    int steepest = 0;
    std::int16_t last = 0;
    for (int n = 0; n < 6'000; ++n) {  // a minute
        std::vector<std::int16_t> samples(960);
        for (std::size_t i = 0; i < 480; ++i) samples[2 * i] = samples[2 * i + 1] = sine(n * 480 + static_cast<std::int64_t>(i));
        input.put(samples, static_cast<Nanoseconds>(heard));
        heard += 10e6 * factor;
        const auto out = mixer.mix(static_cast<Nanoseconds>(n) * 10 * ms);
        if (n < 50) {
            last = out[958];
            continue;
        }
        for (std::size_t i = 0; i < 960; i += 2) {
            steepest = std::max(steepest, std::abs(out[i] - last));
            last = out[i];
        }
    }
    // The sine's own steepest step is 576; a doubled or dropped sample makes at most two of them. A gap would fade or jump.
    CHECK(steepest <= 2 * 577);
    CHECK(input.lag() <= 30 * ms);
}

TEST_CASE("Mute fades out and in, and the level follows", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    for (int n = 0; n < 20; ++n) mixer.input(0).put(flat(16'384), n * 10 * ms);
    for (int n = 0; n < 5; ++n) mixer.mix(n * 10 * ms);
    CHECK(mixer.take_peak_db() == Approx(-6.02).margin(0.05));
    mixer.mute(true);
    const auto down = mixer.mix(50 * ms);
    CHECK(down[0] > 16'000);
    CHECK(down[959] == 0);
    for (std::size_t i = 2; i < down.size(); ++i) CHECK(std::abs(down[i] - down[i - 2]) < 100);
    mixer.take_peak_db();
    mixer.mix(60 * ms);
    CHECK(mixer.take_peak_db() == -100);
    mixer.mute(false);
    mixer.mix(70 * ms);
    CHECK(mixer.mix(80 * ms)[0] == 16'384);
}

TEST_CASE("Wrong stamps do no harm", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    MixerInput& input = mixer.input(0);
    mixer.mix(0);
    input.put(flat(1'000), -5'000 * ms);
    input.put(flat(1'000), 9'000'000'000 * ms);
    input.put({}, 10 * ms);
    for (int n = 1; n < 5; ++n) mixer.mix(n * 10 * ms);
    for (int n = 5; n < 12; ++n) input.put(ramp(n * 480), n * 10 * ms);
    for (int n = 5; n < 7; ++n) mixer.mix(n * 10 * ms);
    CHECK(mixer.mix(70 * ms) == ramp(7 * 480));
}

TEST_CASE("The program's sound is steady, in real time, and measured", "[sound]") {
    using namespace std::chrono_literals;
    const Nanoseconds epoch = steady_now() - 123'456'789;
    std::atomic<int> levels{0};
    std::atomic<double> loudest{-100};
    std::atomic<double> input{-100};
    Sound sound(epoch, 20 * ms, [&](double db, const std::map<std::string, double>& inputs) {
        ++levels;
        if (db > loudest) loudest = db;
        if (inputs.at("desk") > input) input = inputs.at("desk");
    });
    const auto tap = AudioTap::create();
    sound.add(tap, "desk");
    sound.level("desk", false, -6);
    const auto reader = sound.output()->read(500);
    sound.start();
    Nanoseconds pts = 0;
    std::size_t blocks = 0;
    const auto until = std::chrono::steady_clock::now() + 10s;
    Nanoseconds pushed = (steady_now() - epoch) / (10 * ms) * (10 * ms);
    while (blocks < 60 && std::chrono::steady_clock::now() < until) {
        while (epoch + pushed + 10 * ms <= steady_now()) {
            tap->push({std::make_shared<const std::vector<std::int16_t>>(flat(16'384)), pushed});
            pushed += 10 * ms;
        }
        const auto out = reader->pop(5ms);
        if (!out) continue;
        CHECK(out->samples->size() == 960);
        if (blocks++ > 0) CHECK(out->pts == pts + 10 * ms);
        pts = out->pts;
        CHECK(pts % (10 * ms) == 0);
    }
    REQUIRE(blocks == 60);
    CHECK(levels >= 5);
    CHECK(loudest == Approx(-12.02).margin(0.1));
    CHECK(input == Approx(-6.02).margin(0.1));  // what comes in, whatever is made of it
}

TEST_CASE("an input's gain and mute act on it alone, without a click", "[sound]") {
    SoundMixer mixer(0);
    mixer.add_input();
    mixer.add_input();
    for (int n = 0; n < 10; ++n) {
        mixer.input(0).put(flat(3277), n * 10 * ms);
        mixer.input(1).put(flat(6554), n * 10 * ms);
    }
    for (int n = 0; n < 2; ++n) mixer.mix(n * 10 * ms);
    mixer.input(1).level(0);
    const auto going = mixer.mix(20 * ms);
    int steepest = 0;
    for (std::size_t i = 2; i < going.size(); ++i) steepest = std::max(steepest, std::abs(going[i] - going[i - 2]));
    CHECK(steepest < 30);  // 6554 over 480 samples
    CHECK(going.front() > 9800);
    const auto muted = mixer.mix(30 * ms);
    CHECK(muted.front() == Approx(3277).margin(2));
    CHECK(muted.back() == Approx(3277).margin(2));
    mixer.input(0).take_peak();
    mixer.input(0).level(2);
    mixer.mix(40 * ms);
    CHECK(mixer.mix(50 * ms).back() == Approx(6554).margin(3));
    CHECK(peak_db(mixer.input(0).take_peak()) == Approx(-20).margin(0.1));
    CHECK(peak_db(0) == -100);
}
