#pragma once
// What commands and reports do to the show, without the thread: the caller says what time it is. Thread-bound (Show owns one on the
// show thread). Changes gather in a working copy; publish() makes the snapshot of them. A command is published at once; reports of
// counters and levels wait until due(), so that busy cameras and meters do not flood the readers.

#include <map>
#include <optional>

#include "engine/commands.h"
#include "engine/config_edit.h"
#include "engine/result.h"
#include "engine/snapshot.h"
#include "engine/toml_edit.h"

namespace vitrine {

class ShowState {
  public:
    explicit ShowState(std::shared_ptr<const ShowConfig> config);

    /// Applies the command to the working copy, or says why not and changes nothing. With an edit in the answer a file is to be changed
    /// as well: the caller makes the edit, tells saved(), and only then is the command done.
    Result<std::optional<FileEdit>> apply(const Command& command, Nanoseconds now);
    /// What put and remove change is live only once it stands in the file, so that both always number callouts alike.
    void saved(const FileEdit& edit, bool success);
    void apply(const Report& report);
    /// The line gets its number; the oldest beyond `most_log_lines` go.
    void log(LogLine line);
    /// When the working copy should be published: nothing if it equals the newest snapshot, else a time that may have passed.
    std::optional<Nanoseconds> due() const;
    /// A new newest snapshot if anything has changed, else the same as before. What has come about since the last one goes into the log, as
    /// `by` did it at that time.
    SnapshotPtr publish(Nanoseconds now, const Doer& by = {}, std::int64_t utc_us = 0);
    const SnapshotPtr& newest() const { return newest_; }
    /// The newest snapshot with another desk: no new version of its own.
    void set_desk(desk::DeskViewPtr desk);

  private:
    struct Apply;
    enum class Urgency { none, audio, counters, at_once };
    void changed(Urgency urgency);
    void write_line(LogLine line);

    Snapshot working_;
    std::optional<FileEdit> edit_;  ///< asked for by the command being applied
    /// A put or remove on its way to the file: what is live when it has arrived.
    struct Pending {
        std::uint64_t number = 0;
        std::filesystem::path file;
        ShowConfigPtr show;
        std::map<std::string, std::string> renamed;
        std::string removed;
    };
    std::optional<Pending> pending_;
    std::uint64_t edits_ = 0, lines_ = 0;
    bool chosen_ = false;  ///< the presenter has said what is pinned, or that nothing is
    SnapshotPtr newest_;
    bool at_once_ = false, audio_ = false, counters_ = false;
    std::optional<Nanoseconds> published_at_;
};

}  // namespace vitrine
