#include "pipelines/deliver/web/scene_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace vitrine::web {
namespace {

// A scene frame has at most 1024 bytes, so a line at most 1.5 KiB.
constexpr std::size_t longest_line = 2048, look = 4 * longest_line;

struct Line {
    std::uint64_t begin = 0, behind = 0;
    double at = 0;
};

class Lines {
  public:
    Lines(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

    bool failed() const { return failed_; }

    std::string read(std::uint64_t from, std::size_t count) {
        std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - std::min(from, size_))), '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t n = ::pread(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(from + done));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) {
                failed_ = n < 0;
                break;
            }
            done += static_cast<std::size_t>(n);
        }
        bytes.resize(done);
        return bytes;
    }

    /// The first readable line that begins at `from` or later; `at_begin`: a line begins at `from` itself.
    std::optional<Line> first(std::uint64_t from, bool at_begin) {
        while (from < size_ && !failed_) {
            const std::string bytes = read(from, look);
            std::size_t begin = 0;
            if (!at_begin) {
                const std::size_t end = bytes.find('\n');
                if (end == std::string::npos) {
                    from += std::max<std::size_t>(1, bytes.size());
                    continue;
                }
                begin = end + 1;
            }
            for (std::size_t end; (end = bytes.find('\n', begin)) != std::string::npos; begin = end + 1)
                if (const auto at = scene_time(std::string_view(bytes).substr(begin, end - begin)))
                    return Line{from + begin, from + end + 1, *at};
            // What is left is a line cut off by the end of the look, or one that never ends.
            at_begin = begin > 0 && bytes.size() - begin <= longest_line;
            from += at_begin ? begin : std::max<std::size_t>(1, bytes.size());
        }
        return std::nullopt;
    }

  private:
    int fd_;
    std::uint64_t size_;
    bool failed_ = false;
};

}  // namespace

std::optional<double> scene_time(std::string_view line) {
    constexpr std::string_view start = "{\"t\":";
    if (!line.starts_with(start) || !line.ends_with("\"}")) return std::nullopt;
    double at = 0;
    const auto [end, error] = std::from_chars(line.data() + start.size(), line.data() + line.size(), at);
    if (error != std::errc() || *end != ',' || !(at >= 0)) return std::nullopt;
    return at;
}

std::optional<SceneLines> scene_lines(int fd, std::uint64_t size, double from, std::size_t most) {
    Lines lines(fd, size);
    // At `low` a line begins, and all before it are too early; the line sought is the first one behind `high` at the latest.
    std::uint64_t low = 0, high = size;
    while (low < high && high - low > look && !lines.failed()) {
        const std::uint64_t middle = low + (high - low) / 2;
        const auto line = lines.first(middle, false);
        if (!line || line->begin >= high || line->at >= from) {
            high = middle;
        } else {
            low = line->behind;
        }
    }
    std::optional<Line> found = lines.first(low, true);
    while (found && found->at < from) found = lines.first(found->behind, true);
    if (lines.failed()) return std::nullopt;
    SceneLines given;
    if (!found) return given;
    given.text = lines.read(found->begin, std::max(most, longest_line));
    // The last line may be cut off, here or by a kill.
    given.text.resize(given.text.rfind('\n') + 1);
    if (const auto next = lines.first(found->begin + given.text.size(), true)) given.next = next->at;
    if (lines.failed()) return std::nullopt;
    return given;
}

}  // namespace vitrine::web
