#pragma once
// The show's log: what happened when, and at whose hand, as the presenter reads it afterwards. A line is a key and its arguments, put into
// words where it is read; names of cameras, scenes and products stand in it by id, because each reader has them in a language of their own.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

struct Snapshot;
struct ShowConfig;

/// Who asked for a command. `show`: nobody, it came about by itself.
struct Doer {
    enum class Kind { show, panel, helper, program };
    Kind kind = Kind::show;
    std::string name;  ///< of a helper, or what a program calls itself; may be empty
    bool operator==(const Doer&) const = default;
};

struct LogLine {
    std::uint64_t number = 0;                 ///< ascending from 1
    std::int64_t at_us = 0;                   ///< UTC
    std::string key;                          ///< in messages.h, "log.live"; empty: `sentence` says it, in English
    std::map<std::string, std::string> args;  ///< "camera", "scene" and "product" are ids
    std::string sentence;
    Doer by;
};

inline constexpr std::size_t most_log_lines = 200;

/// Reentrant. What is new in `now` and worth a line: session, scene, product, holding picture, sound, recording, chapters, masks, cameras.
/// Neither numbered nor dated.
std::vector<LogLine> log_lines(const Snapshot& before, const Snapshot& now, const Doer& by);
/// Reentrant. The line in words, names from `show`.
std::string words_of(const LogLine& line, const ShowConfig& show, std::string_view language);
/// Reentrant. "panel", "Ana (helper)"; empty when it came about by itself.
std::string words_of(const Doer& doer, std::string_view language);

}  // namespace vitrine
