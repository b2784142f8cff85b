#include "pipelines/tap.h"

#include <atomic>
#include <thread>

#include "tests/support/catch.h"

using namespace vitrine;
using namespace std::chrono_literals;

TEST_CASE("a slow reader loses its oldest items, counted, and costs others nothing", "[tap]") {
    auto tap = Tap<int>::create();
    auto slow = tap->read(2), quick = tap->read(100);
    for (int i = 0; i < 10; ++i) tap->push(i);
    CHECK(slow->dropped() == 8);
    CHECK(slow->received() == 10);
    CHECK(slow->try_pop() == 8);
    CHECK(slow->try_pop() == 9);
    CHECK_FALSE(slow->try_pop());
    for (int i = 0; i < 10; ++i) CHECK(quick->try_pop() == i);
    CHECK(quick->dropped() == 0);
}

TEST_CASE("the writer hears of the first and the last reader", "[tap]") {
    auto tap = Tap<int>::create();
    std::vector<std::size_t> heard;
    tap->on_readers([&](std::size_t n) { heard.push_back(n); });
    auto a = tap->read(1);
    auto b = tap->read(1);
    a.reset();
    b.reset();
    CHECK(heard == std::vector<std::size_t>{1, 2, 1, 0});
}

TEST_CASE("closing wakes a waiting reader at once", "[tap]") {
    auto tap = Tap<int>::create();
    auto reader = tap->read(1);
    bool got = true;
    std::thread waiting([&] { got = reader->pop(60s).has_value(); });
    reader->close();
    waiting.join();
    CHECK_FALSE(got);
    tap->push(1);
    CHECK_FALSE(reader->try_pop());
    CHECK(reader->closed());
}

TEST_CASE("a reader may outlive its tap", "[tap]") {
    auto tap = Tap<int>::create();
    auto reader = tap->read(4);
    tap->push(7);
    tap.reset();
    CHECK(reader->try_pop() == 7);
}

TEST_CASE("items arrive in order while readers come and go", "[tap]") {
    auto tap = Tap<int>::create();
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 20000; ++i) tap->push(i);
        done = true;
    });
    while (!done) {
        auto reader = tap->read(8);
        int last = -1;
        for (int n = 0; n < 20; ++n)
            if (auto item = reader->pop(1ms)) {
                REQUIRE(*item > last);
                last = *item;
            }
    }
    writer.join();
    CHECK(tap->readers() == 0);
}
