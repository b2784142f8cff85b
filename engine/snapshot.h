#pragma once
// The show's state as everybody but the show thread sees it: immutable, shared, numbered. A reader that acts on a snapshot sends a
// command and waits for its result; it never changes what it read.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/config.h"
#include "engine/desk/desk.h"
#include "engine/session.h"
#include "engine/show_log.h"

namespace vitrine {

enum class CameraState { connecting, live, frozen, lost, mask_failed };
std::string_view to_string(CameraState);

struct CameraStatus {
    CameraState state = CameraState::connecting;
    std::string detail;  ///< a sentence when not live: what is wrong, what is being done
    double fps = 0;
    int width = 0, height = 0;
    std::uint64_t frames = 0, dropped = 0, reconnects = 0;
};

struct Chapter {
    int number = 0;
    Nanoseconds at = 0;
    std::string title;
};

struct Transition {
    std::string from;  ///< scene id; empty: a cut
    Nanoseconds start = 0;
    Nanoseconds duration = 0;
};

struct OutputStatus {
    std::string kind;  ///< "webrtc", "recording", "encoder"
    std::string name;
    std::string state;
    std::uint64_t frames = 0, dropped = 0, bytes = 0;
    double bitrate_kbps = 0;
};

/// What is known of a product's target: its picture once it has been read, and whether a camera has found it since the start.
struct TargetFacts {
    bool seen = false;
    int features = -1;    ///< of its picture: how many places of it can be recognised; -1: not known, or it has none
    std::string problem;  ///< a sentence when its picture cannot be followed
    bool operator==(const TargetFacts&) const = default;
};

/// One of the show's sound sources, as mixed into the program.
struct SoundStatus {
    bool muted = false;
    double gain_db = 0;
    double peak_db = -100;  ///< before gain and mute, last 100 ms
    bool operator==(const SoundStatus&) const = default;
};

struct RecordingStatus {
    bool wanted = false;       ///< by command; files are written while the show is live or paused
    std::string folder;        ///< absolute; where they go or would go
    Nanoseconds since = 0;     ///< monotonic time at which the files under way were opened; 0: none
    std::uint64_t bytes = 0;   ///< of the files under way
    double minutes_left = -1;  ///< until the disk is full, at the bitrates of what would be recorded; -1: not known
    std::string problem;       ///< a sentence when it is wanted and cannot be
    bool operator==(const RecordingStatus&) const = default;
};

/// How a product's 3D model is shown to everybody. A buyer's page starts from it and may go its own way.
struct ModelState {
    bool shown = false;
    std::string variant;  ///< one of ModelFacts::variants; empty: as modelled
    float explode = 0;    ///< 0 together … 1 all parts apart
    bool x_ray = false;
    /// Share of the model's box along the model's own x axis that is kept, from its least x: 1 keeps all, 0.5 cuts away the half with
    /// the greater x.
    std::optional<float> section;
    bool operator==(const ModelState&) const = default;
};

/// What is known of a product's model once it has been read.
struct ModelFacts {
    std::vector<std::string> variants;
    std::string problem;  ///< a sentence when it cannot be used
    bool operator==(const ModelFacts&) const = default;
};

struct Snapshot {
    std::uint64_t version = 0;
    /// The show as it is now. Masks, callouts and their texts can be edited while it runs: then a snapshot carries a new one, and whoever
    /// keeps something of it looks whether the pointer is still the same. Everything else in it is as it was at the start.
    std::shared_ptr<const ShowConfig> show;
    SessionState session = SessionState::idle;
    Nanoseconds live_since = 0;  ///< monotonic time of going live, kept through pauses and after the end; 0 once prepared anew
    Nanoseconds ended_at = 0;    ///< monotonic; 0: it has not ended
    std::string scene;           ///< on program
    Transition transition;
    std::string pinned;                     ///< product id; empty: none
    std::set<std::string> hidden_callouts;  ///< and dimensions
    bool card_visible = true;
    bool badges_visible = true;
    bool specs_visible = false;                       ///< the pinned product's whole spec table, in place of its card
    std::string speaker;                              ///< in the lower third; empty: none
    std::map<std::string, ModelState> models;         ///< by product id; every product with a model
    std::map<std::string, ModelFacts> model_facts;    ///< by product id; those read so far
    std::map<std::string, TargetFacts> target_facts;  ///< by product id
    std::vector<Chapter> chapters;
    std::map<std::string, CameraStatus> cameras;
    std::vector<OutputStatus> outputs;
    int buyers = 0;               ///< people who are here as buyers now; helpers are none
    double audio_peak_db = -100;  ///< program, last 100 ms
    bool muted = false;
    bool ticker = false;  ///< orders run along the picture's edge
    /// Never null. Numbered on its own: a change of the desk alone makes no new version.
    desk::DeskViewPtr desk = std::make_shared<const desk::DeskView>();
    bool safe = false;                          ///< the holding picture and silence in place of everything, whatever the session
    std::uint64_t edition = 1;                  ///< of the show as buyers read it: a new one when something in `show` was edited
    Nanoseconds pinned_since = 0;               ///< monotonic; 0: nothing is pinned
    int rundown_at = -1;                        ///< index in show->rundown; -1: not on it
    std::map<std::string, SoundStatus> sounds;  ///< by SourceSpec::text()
    RecordingStatus recording;
    std::vector<std::string> notices;  ///< last few sentences for the presenter, newest last
    /// What happened, newest last, at most `most_log_lines`; never null.
    std::shared_ptr<const std::vector<LogLine>> log = std::make_shared<const std::vector<LogLine>>();

    /// How long it has been on air, up to its end. Reentrant.
    Nanoseconds on_air_for(Nanoseconds now) const { return live_since > 0 ? (ended_at > 0 ? ended_at : now) - live_since : 0; }
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace vitrine
