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
        int taken_port = 0;             ///< it could not listen there; 0: that was not why
    };
    /// Once, when it has ended; nothing while it runs.
    std::optional<Ended> ended();
    pid_t process() const { return process_; }

  private:
    pid_t process_;
    std::filesystem::path said_;
};

/// Reentrant. The words after "vitrine" that start a show. `folder` empty: the demo; `rehearse`: in private, with simulated buyers;
/// `other_port`: not where show.toml says, because that is taken.
std::vector<std::string> words_to_start(const std::string& folder, bool rehearse, bool other_port);
/// Thread-bound. Its output goes to a file in the folder for temporary files.
Result<StartingShow> start_show_process(const std::filesystem::path& program, const std::vector<std::string>& words);

}  // namespace vitrine::panel
