#pragma once
// What is recorded of the show. A take is a set of files that begin together; when writing one fails, it says so at once, keeps what was
// written, and begins again in a new file as soon as it can. Opening, looking and closing happen on a thread of its own, because a disk may
// not answer for minutes: whoever asks here never waits for it, and hears that it does not answer.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/commands.h"
#include "engine/snapshot.h"
#include "pipelines/media.h"

namespace vitrine {

class Takes {
  public:
    /// One file of each take: FOLDER/program-STAMP<ending>.mp4.
    struct Source {
        std::string name;  ///< what people call it
        std::string ending;
        std::shared_ptr<EncodedTap> video;
        std::function<void()> request_keyframe;
        int kbps = 0;         ///< picture and sound
        bool scenes = false;  ///< scene frames beside it; at most one source has them
    };
    /// on_notice: sentences for the presenter, called from the thread of its own.
    Takes(std::vector<Source> sources, std::shared_ptr<AudioTap> sound, Nanoseconds epoch, std::function<void(std::string)> on_notice);
    /// Closes.
    ~Takes();
    /// Closes the files and records no more. May wait for the disk.
    void close();

    // Thread-safe, and never waits.
    /// `folder`: absolute. Asked for anew, it is tried anew at once.
    void want(bool on, const std::string& folder);
    RecordingReport report() const;
    std::vector<OutputStatus> outputs() const;
    /// What is missing between files because of faults.
    Nanoseconds lost() const;
    /// The file with the scenes of the last take that was closed and holds something.
    std::optional<std::filesystem::path> last_closed() const;
    /// Prometheus lines.
    std::string metrics() const;

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
