#pragma once
// While one lives, ids and secrets come from a seed instead of from the system: the same ones in every run, so that whatever is sorted by
// them stands in the same order. One at a time; nobody else may be asking for random bytes when it comes and goes.

#include <sodium.h>

#include <mutex>
#include <random>

namespace vitrine::test {

class SeededIds {
  public:
    explicit SeededIds(std::uint32_t seed) {
        source().seed(seed);
        static randombytes_implementation seeded{name, next, nullptr, nullptr, fill, nullptr};
        (void)randombytes_set_implementation(&seeded);
    }
    ~SeededIds() { (void)randombytes_set_implementation(&randombytes_sysrandom_implementation); }
    SeededIds(const SeededIds&) = delete;
    SeededIds& operator=(const SeededIds&) = delete;

  private:
    static std::mt19937& source() {
        static std::mt19937 source;
        return source;
    }
    static const char* name() { return "seeded"; }
    static std::uint32_t next() {
        static std::mutex mutex;
        const std::lock_guard lock(mutex);
        return static_cast<std::uint32_t>(source()());
    }
    static void fill(void* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) static_cast<unsigned char*>(bytes)[i] = static_cast<unsigned char>(next());
    }
};

}  // namespace vitrine::test
