#pragma once
// A stretch of a recording's scene frames (pipelines/record/scene_file.h: lines of JSON in order of time), found in a file of any length by
// looking at a few of its lines. Reentrant; reads the disk.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::web {

struct SceneLines {
    std::string text;            ///< whole lines
    std::optional<double> next;  ///< when the first line behind them is; nothing: they are the last
};

/// From the first line at `from` seconds or later, at most `most` bytes and at least one line. Nothing: the file cannot be read. Lines that
/// cannot be read, as a kill leaves them, are passed over when looking for the place, and given out as they are.
std::optional<SceneLines> scene_lines(int fd, std::uint64_t size, double from, std::size_t most);

/// The "t" of one line; nothing when it is none.
std::optional<double> scene_time(std::string_view line);

}  // namespace vitrine::web
