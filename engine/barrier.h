#pragma once
// The barrier at the door of each thread and of each function that a C library calls: what is thrown inside ends there. It is said in the
// log with the door's name, counted, and that part alone ends: a thread begins its work again, a callback gives the library the answer for
// "failed". Nothing here throws, also while memory is short. Reentrant and thread-safe throughout.
//
// A std::thread without a barrier, or a C callback without one, would end the whole show at the first std::bad_alloc.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <type_traits>
#include <utility>

namespace vitrine::barrier {

/// Within a catch block: says what was thrown at `door`. At most ten lines a second; those left out are counted in the next.
void report(const char* door) noexcept;
/// What was thrown at any door since the start of the process.
std::uint64_t caught() noexcept;

/// For tests: called at each door, inside the barrier, with its name; what it throws is thrown from there. Null: nothing is called.
using Fault = void (*)(const char* door);
void set_fault(Fault fault) noexcept;
/// Calls what set_fault() was given.
void pass(const char* door);

/// `work()`, or `otherwise` when it throws.
template <class Answer, class Work>
Answer answer(const char* door, Answer otherwise, Work&& work) noexcept {
    try {
        pass(door);
        return std::forward<Work>(work)();
    } catch (...) {
        report(door);
        return otherwise;
    }
}

/// `work()`; false when it throws.
template <class Work>
bool run(const char* door, Work&& work) noexcept {
    try {
        pass(door);
        std::forward<Work>(work)();
        return true;
    } catch (...) {
        report(door);
        return false;
    }
}

/// A string literal as a template argument.
template <std::size_t size>
struct Door {
    char text[size]{};
    constexpr Door(const char (&name)[size]) {
        for (std::size_t i = 0; i < size; ++i) text[i] = name[i];
    }
};

template <Door door, auto function, auto otherwise, class Pointer>
struct Barred;
template <Door door, auto function, auto otherwise, class Answer, class... Arguments>
struct Barred<door, function, otherwise, Answer (*)(Arguments...)> {
    static Answer call(Arguments... arguments) noexcept {
        if constexpr (std::is_void_v<Answer>)
            run(door.text, [&] { function(arguments...); });
        else
            return answer(door.text, static_cast<Answer>(otherwise), [&]() -> Answer { return function(arguments...); });
    }
};
/// A function, or a lambda without captures, behind a barrier, as a function that C code may call:
/// barred<"camera sample", &on_sample, GST_FLOW_ERROR>.
template <Door door, auto function, auto otherwise = 0>
inline constexpr auto barred = &Barred<door, function, otherwise, decltype(+function)>::call;

enum class AfterThrow {
    begin_again,  ///< `work` is called again after 100 ms: it must be able to begin anew, and return when its owner wants it to stop
    end
};

/// A thread that runs `work` behind the barrier `door`, a literal of at most 15 bytes that also names the thread. May throw itself, when
/// the system gives no thread.
std::thread thread(const char* door, std::function<void()> work, AfterThrow after = AfterThrow::begin_again);

}  // namespace vitrine::barrier
