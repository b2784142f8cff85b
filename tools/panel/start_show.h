#pragma once
// Starts a show as a process of its own: in its own session, so that neither closing the panel nor its terminal ends it.

#include <sys/types.h>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config.h"
#include "engine/result.h"

namespace vitrine::panel {

class StartingShow {
  public:
    StartingShow(pid_t process, std::filesystem::path said) : process_(process), said_(std::move(said)) {}
    struct Ended {
        std::string sentence;           ///< the last one that it said
        std::vector<Problem> problems;  ///< of the show folder
    };
    /// Once, when it has ended; nothing while it runs.
    std::optional<Ended> ended();

  private:
    pid_t process_;
    std::filesystem::path said_;
};

/// Thread-bound. `folder` empty: the demo; `rehearse`: in private, with simulated buyers. Its output goes to a file in the folder for
/// temporary files.
Result<StartingShow> start_show_process(const std::filesystem::path& program, const std::string& folder, bool rehearse = false);

}  // namespace vitrine::panel
