#include "engine/barrier.h"

#include <atomic>
#include <new>
#include <stdexcept>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

int halve(int value) {
    if (value % 2) throw std::bad_alloc();
    return value / 2;
}
std::atomic<int> calls{0};
void always(int) {
    ++calls;
    throw 42;
}

}  // namespace

TEST_CASE("what is thrown behind a barrier ends there and is counted", "[barrier]") {
    const auto before = barrier::caught();
    CHECK(barrier::run("test", [] {}));
    CHECK_FALSE(barrier::run("test", [] { throw std::bad_alloc(); }));
    CHECK(barrier::answer("test", -1, [] { return 5; }) == 5);
    CHECK(barrier::answer("test", -1, []() -> int { throw std::runtime_error("no"); }) == -1);
    CHECK(barrier::caught() - before == 2);
}

TEST_CASE("a C function behind a barrier answers for itself, or what it was told to when it throws", "[barrier]") {
    int (*const half)(int) = barrier::barred<"half", &halve, -1>;
    CHECK(half(8) == 4);
    CHECK(half(7) == -1);
    void (*const nothing)(int) = barrier::barred<"nothing", &always>;
    nothing(1);
    CHECK(calls == 1);
    int (*const lambda)(int) = barrier::barred<"lambda", [](int a) { return a + 1; }>;
    CHECK(lambda(1) == 2);
}

TEST_CASE("a thread that throws begins its work again, or ends alone", "[barrier]") {
    std::atomic<int> tries{0};
    std::thread again = barrier::thread("again", [&] {
        if (++tries < 3) throw std::bad_alloc();
    });
    again.join();
    CHECK(tries == 3);
    tries = 0;
    std::thread once = barrier::thread(
        "once",
        [&] {
            ++tries;
            throw 1;
        },
        barrier::AfterThrow::end);
    once.join();
    CHECK(tries == 1);
}

TEST_CASE("a door that throws without end is not a log without end", "[barrier]") {
    const auto before = barrier::caught();
    for (int i = 0; i < 10'000; ++i) barrier::run("flood", [] { throw std::bad_alloc(); });
    CHECK(barrier::caught() - before == 10'000);
}
