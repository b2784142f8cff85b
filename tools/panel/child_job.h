#pragma once
// A program run to its end beside the window: started, looked at once a frame, never waited for. Gone with the object, the program too.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine::panel {

/// Thread-bound.
class ChildJob {
  public:
    /// `input` is what it reads; its words are no place for secrets, since other users see them.
    static Result<ChildJob> start(const std::filesystem::path& program, const std::vector<std::string>& words, const std::string& input);
    ChildJob(ChildJob&& other) noexcept;
    ChildJob& operator=(ChildJob&& other) noexcept;
    ~ChildJob();

    struct Ended {
        int code = 0;     ///< exit code; -1: it was killed
        std::string out;  ///< what it wrote to standard output
    };
    /// Nothing while it runs. Returns at once.
    std::optional<Ended> poll();

  private:
    ChildJob(pid_t process, int out) : process_(process), out_(out) {}
    pid_t process_ = 0;
    int out_ = -1;
};

}  // namespace vitrine::panel
