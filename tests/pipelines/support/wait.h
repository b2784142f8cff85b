#pragma once
// Waiting for real threads: on a condition, with a deadline.

#include <chrono>
#include <thread>

#include "tests/support/patience.h"

namespace vitrine::test {

template <class Condition>
bool wait_until(Condition condition, std::chrono::milliseconds within = std::chrono::seconds(5)) {
    const auto deadline = std::chrono::steady_clock::now() + within * patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace vitrine::test
