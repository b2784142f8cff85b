#pragma once
// How many lines of one kind are worth printing. A kind is what a program's text says: level, room and sentence, whatever the values. Some
// come at once, then one now and then; those between are counted and the count is printed, so that nobody can fill a disk by provoking a
// line, and nothing is hidden. Kinds beyond `most_kinds` share one allowance. Thread-bound; the caller owns the clock.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/clock.h"
#include "engine/log.h"

namespace vitrine::log {

struct Rate {
    double at_once = 60;
    double per_minute = 12;  ///< in the long run: 17,000 lines a day of each kind
};

class LogRate {
  public:
    static constexpr std::size_t most_kinds = 256;
    static constexpr Nanoseconds count_after = 60'000'000'000;

    explicit LogRate(Rate rate = {}) : rate_(rate) {}

    struct Verdict {
        bool print = true;
        std::uint64_t left_out = 0;  ///< of that kind, since one was printed last or counts were told
    };
    Verdict judge(Level level, std::string_view room, std::string_view sentence, Nanoseconds now);

    struct Count {
        Level level;
        std::string room, sentence;
        std::uint64_t left_out;
    };
    /// What has been left out for `count_after` without a line to tell it, or for any time at all; told once.
    std::vector<Count> counts(Nanoseconds now, bool all);

  private:
    struct Kind {
        Count count;
        double tokens;
        Nanoseconds at, since = 0;  ///< since: of the first one left out
    };
    Kind& kind_of(Level level, std::string_view room, std::string_view sentence, Nanoseconds now);
    void refill(Kind& kind, Nanoseconds now) const;

    Rate rate_;
    std::unordered_map<std::string, Kind> kinds_;
};

/// Thread-safe. Prints how many lines were left out, where no later line has told it: after a minute, or at the end all of them.
void tell_left_out(bool at_the_end);
/// Another allowance for each kind of line. For tests.
void set_rate(Rate rate);

}  // namespace vitrine::log
