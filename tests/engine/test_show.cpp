#include "engine/show.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/support/catch.h"

using namespace vitrine;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const ShowConfig> config() {
    auto show = std::make_shared<ShowConfig>();
    show->cameras.resize(1);
    show->cameras[0].id = "line";
    show->scenes.resize(2);
    show->scenes[0].id = "a";
    show->scenes[1].id = "b";
    return show;
}

/// Keeps what a listener was told; waits for a condition with a deadline.
class Heard {
  public:
    Show::Listener listener() {
        return [this](const SnapshotPtr& snapshot) {
            const std::lock_guard lock(mutex_);
            snapshots_.push_back(snapshot);
            changed_.notify_all();
        };
    }
    template <class Condition>
    bool wait_until(const Condition& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [&] { return !snapshots_.empty() && condition(*snapshots_.back()); });
    }
    std::vector<SnapshotPtr> all() {
        const std::lock_guard lock(mutex_);
        return snapshots_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<SnapshotPtr> snapshots_;
};

template <class T>
T get(std::future<T> future) {
    REQUIRE(future.wait_for(20s) == std::future_status::ready);
    return future.get();
}

}  // namespace

TEST_CASE("a refused command says why and leaves the snapshot as it is", "[show]") {
    Show show(config());
    const SnapshotPtr before = show.snapshot();
    const auto result = get(show.post(SwitchScene{"attic"}));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().message == "there is no scene \"attic\"; there are: a, b");
    CHECK(show.snapshot() == before);
}

TEST_CASE("a command's future holds the version in which it is visible", "[show]") {
    Show show(config());
    CHECK(show.snapshot()->version == 1);
    const auto result = get(show.post(SwitchScene{"b"}));
    REQUIRE(result.has_value());
    CHECK(*result == 2);
    CHECK(show.snapshot()->version == 2);
    CHECK(show.snapshot()->scene == "b");
    CHECK(get(show.post(SwitchScene{"b"})).value() == 2);
}

TEST_CASE("callbacks answer on one thread, in the order of the commands", "[show]") {
    Show show(config());
    std::vector<int> order;
    std::vector<std::thread::id> threads;
    for (int i = 0; i < 50; ++i) {
        show.post(Mute{i % 2 == 0}, [&, i](const Result<std::uint64_t>& result) {
            if (result) order.push_back(i);
            threads.push_back(std::this_thread::get_id());
        });
    }
    REQUIRE(get(show.post(SwitchScene{"b"})).has_value());
    REQUIRE(order.size() == 50);
    for (int i = 0; i < 50; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
    for (const auto id : threads) CHECK((id == threads[0] && id != std::this_thread::get_id()));
}

TEST_CASE("who reports and then commands finds both in the answered snapshot", "[show]") {
    Show show(config());
    for (int i = 1; i <= 200; ++i) {
        show.report(BuyersReport{i});
        REQUIRE(get(show.post(Mute{i % 2 == 1})).has_value());
        REQUIRE(show.snapshot()->buyers == i);
    }
}

TEST_CASE("listeners hear every change before the answer, in order", "[show]") {
    Show show(config());
    Heard heard;
    const auto handle = show.listen(heard.listener());
    for (int i = 0; i < 100; ++i) REQUIRE(get(show.post(Mute{i % 2 == 0})).has_value());
    const auto all = heard.all();
    REQUIRE(all.size() == 100);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i]->version == i + 2);
        CHECK(all[i]->muted == (i % 2 == 0));
    }
}

TEST_CASE("a listener is not called after its handle has gone, and destroying the handle waits for a call under way", "[show]") {
    Show show(config());
    std::promise<void> entered, gate;
    std::atomic<bool> finished = false;
    std::atomic<int> calls = 0;
    auto handle = show.listen([&, open = gate.get_future().share()](const SnapshotPtr&) {
        ++calls;
        entered.set_value();
        open.wait();
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
        finished = true;
    });
    auto answer = show.post(Mute{true});
    REQUIRE(entered.get_future().wait_for(20s) == std::future_status::ready);
    std::promise<void> leaving;
    std::promise<bool> left;
    std::thread leaver([&] {
        leaving.set_value();
        handle.reset();
        left.set_value(finished);
    });
    leaving.get_future().wait();
    gate.set_value();
    CHECK(get(left.get_future()));
    leaver.join();
    REQUIRE(get(std::move(answer)).has_value());
    REQUIRE(get(show.post(Mute{false})).has_value());
    CHECK(calls == 1);
}

TEST_CASE("a listener may post, listen and let go of handles, also its own", "[show]") {
    Show show(config());
    Heard heard;
    std::shared_ptr<void> own, other;
    std::promise<Result<std::uint64_t>> answered;
    own = show.listen([&](const SnapshotPtr&) {
        show.post(SwitchScene{"b"}, [&](Result<std::uint64_t> result) { answered.set_value(std::move(result)); });
        other = show.listen(heard.listener());
        own.reset();
    });
    REQUIRE(get(show.post(Mute{true})).has_value());
    CHECK(get(answered.get_future()).has_value());
    CHECK(heard.wait_until([](const Snapshot& s) { return s.scene == "b"; }));
}

TEST_CASE("a handle may outlive its show", "[show]") {
    std::shared_ptr<void> handle;
    {
        Show show(config());
        handle = show.listen([](const SnapshotPtr&) {});
    }
    handle.reset();
    CHECK(handle == nullptr);
}

TEST_CASE("what a listener or a callback throws does not end the show", "[show]") {
    Show show(config());
    const auto handle = show.listen([](const SnapshotPtr&) { throw std::runtime_error("boom"); });
    show.post(Mute{true}, [](const Result<std::uint64_t>&) { throw 7; });
    show.post(Mute{false}, nullptr);
    CHECK(get(show.post(SwitchScene{"b"})).has_value());
}

TEST_CASE("a closing show answers the commands that it will not apply", "[show]") {
    std::vector<std::future<Result<std::uint64_t>>> futures;
    int by_callback = 0;
    std::promise<void> entered, gate;
    {
        auto show = std::make_unique<Show>(config());
        const auto handle = show->listen([&, open = gate.get_future().share(), first = true](const SnapshotPtr&) mutable {
            if (std::exchange(first, false)) entered.set_value();
            open.wait();
        });
        futures.push_back(show->post(Mute{true}));
        REQUIRE(entered.get_future().wait_for(20s) == std::future_status::ready);
        for (int i = 0; i < 5; ++i) futures.push_back(show->post(SwitchScene{i % 2 == 0 ? "b" : "a"}));
        show->post(Mute{false}, [&](const Result<std::uint64_t>&) { ++by_callback; });
        std::thread closer([&] { show.reset(); });
        // The destructor is under way or about to be; the show thread is held in its listener until then.
        gate.set_value();
        closer.join();
    }
    REQUIRE(get(std::move(futures[0])).has_value());
    for (std::size_t i = 1; i < futures.size(); ++i) {
        const auto result = get(std::move(futures[i]));
        if (!result) CHECK(result.error().message == "the show is closing");
    }
    CHECK(by_callback == 1);
}

TEST_CASE("levels do not flood, and the last one is told", "[show]") {
    Show show(config());
    Heard heard;
    const auto handle = show.listen(heard.listener());
    const Nanoseconds start = steady_now();
    for (int i = 0; i < 20000; ++i) show.report(AudioReport{i % 2 == 0 ? -30.0 : -10.0});
    show.report(AudioReport{-7});
    CHECK(heard.wait_until([](const Snapshot& s) { return s.audio_peak_db == -7; }));
    const auto elapsed = steady_now() - start;
    CHECK(heard.all().size() <= 2 + static_cast<std::size_t>(elapsed / 100'000'000));
}

TEST_CASE("many threads command, report, read and listen at once", "[show]") {
    Show show(config());
    std::atomic<int> applied = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            std::uint64_t last = 0;
            for (int i = 0; i < 200; ++i) {
                const auto handle = show.listen([&, seen = std::uint64_t{0}](const SnapshotPtr& s) mutable {
                    if (s->version <= seen) applied = -1'000'000;
                    seen = s->version;
                });
                CameraStatus status;
                status.frames = static_cast<std::uint64_t>(i);
                show.report(CameraReport{"line", status});
                show.report(NoticeReport{"from thread " + std::to_string(t)});
                const auto result = show.post(SwitchScene{(i + t) % 2 == 0 ? "a" : "b"}).get();
                if (result && show.snapshot()->version >= *result && *result >= last) ++applied;
                if (result) last = *result;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(applied == 800);
}

TEST_CASE("a flood of commands is refused rather than kept", "[show]") {
    std::promise<void> entered, gate;
    Show show(config());
    const auto handle = show.listen([&, open = gate.get_future().share(), first = true](const SnapshotPtr&) mutable {
        if (std::exchange(first, false)) entered.set_value();
        open.wait();
    });
    show.post(Mute{true}, nullptr);
    REQUIRE(entered.get_future().wait_for(20s) == std::future_status::ready);
    int refused = 0;
    for (int i = 0; i < 5000; ++i) {
        show.post(SwitchScene{"a"}, [&](const Result<std::uint64_t>& result) {
            if (!result && result.error().message == "too many commands are waiting for the show; try again in a moment") ++refused;
        });
    }
    gate.set_value();
    CHECK(refused == 5000 - 4096);
    while (!get(show.post(Mute{false})).has_value()) std::this_thread::yield();
}
