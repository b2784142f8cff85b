#include "pipelines/record/takes.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/barrier.h"
#include "engine/log.h"
#include "engine/private_files.h"
#include "pipelines/record/disk.h"
#include "pipelines/record/recorder.h"

namespace vitrine {
namespace {

constexpr auto pace = std::chrono::milliseconds(100);
constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds try_every = second;
constexpr Nanoseconds answers_within = 1'500'000'000;  ///< the disk, to whatever this thread asks of it
constexpr double rate_known_after = 20;                ///< s; before, the encodings' own rates are taken
/// Room to begin with, per file: more than a recorder keeps free for its index, so that it does not stop again at once.
constexpr std::uint64_t room_per_file = 4 * 1024 * 1024;
constexpr std::uint64_t room_seconds = 10;

std::string file_stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%d-%H%M%SZ", &utc);
    return text;
}

std::string tenths(Nanoseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(time) / static_cast<double>(second));
    return text;
}

/// The folder, or what is there of the way to it.
std::filesystem::path nearest(std::filesystem::path folder) {
    std::error_code error;
    while (!folder.empty() && !std::filesystem::exists(folder, error) && folder != folder.parent_path()) folder = folder.parent_path();
    return folder;
}

/// Recordings of an older version could be read by everybody. Whose folder it is nobody knows, so it keeps its rights when it was there.
void close_folder(const std::filesystem::path& folder) {
    int closed = 0, left_open = 0;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error); !error && entry != std::filesystem::directory_iterator();
         entry.increment(error)) {
        const auto& file = entry->path();
        if (!file.filename().string().starts_with("program-") || (file.extension() != ".mp4" && file.extension() != ".scenes")) continue;
        const Tightened told = tighten(file);
        closed += told.closed;
        left_open += static_cast<int>(told.left_open.size());
    }
    if (closed > 0)
        log::info("record", "Earlier recordings could be read by others on this machine; now by you alone.",
                  {{"folder", folder.string()}, {"files", std::to_string(closed)}});
    if (left_open > 0)
        log::warn("record", "Recordings can be read by others on this machine: this disk knows no rights, or they are somebody else's.",
                  {{"folder", folder.string()}, {"files", std::to_string(left_open)}});
}

}  // namespace

// Threads: its own does everything with files; callers read and write what `mutex` guards.
struct Takes::Core {
    struct File {
        Source source;
        std::shared_ptr<Recorder> recorder;  ///< set by the own thread, under the mutex
        std::filesystem::path path;
        Nanoseconds missing_since = 0;  ///< show time from which on pictures are missing; 0: none are
        bool begun = false;             ///< its first picture has been seen
        std::uint64_t told_dropped = 0;
        Nanoseconds lost = 0;  ///< under the mutex
    };

    const std::shared_ptr<AudioTap> sound;
    const Nanoseconds epoch;
    const std::function<void(std::string)> on_notice;

    // Thread-bound to `thread`.
    std::string folder, looked_at;  ///< where it goes; where earlier recordings have been looked at
    bool recording = false;
    std::optional<DiskPlace> place;  ///< of `folder`, once something was written there
    Nanoseconds next_try = 0;

    mutable std::mutex mutex;  ///< guards all below; the disk is never touched under it
    std::condition_variable wake;
    std::vector<File> files;
    bool wanted = false, stopping = false, anew = false;
    std::string wanted_folder;
    Nanoseconds begun_at = 0, alive_at = 0;
    bool working = false;  ///< `alive_at` counts
    RecordFault fault;     ///< why a file is missing
    double minutes_left = -1;
    std::uint64_t failures = 0;
    std::optional<std::filesystem::path> closed;

    std::thread thread;

    Core(std::shared_ptr<AudioTap> sound_, Nanoseconds epoch_, std::function<void(std::string)> notice)
        : sound(std::move(sound_)), epoch(epoch_), on_notice(std::move(notice)) {}

    void work();
    void round();
    void open_missing();
    bool open(File& file, const std::string& stamp);
    void look(File& file);
    void end(File& file);
    void close_all();
    void tell(const std::string& sentence) const {
        log::warn("record", sentence);
        if (on_notice) on_notice(sentence);
    }
    void set_fault(RecordFault now) {
        const std::lock_guard lock(mutex);
        fault = std::move(now);
    }
    Nanoseconds lost() const {
        Nanoseconds most = 0;
        for (const File& file : files) most = std::max(most, file.lost);
        return most;
    }
    RecordFault current_fault() const;
    double rate() const;
    bool missing() const {
        return std::any_of(files.begin(), files.end(), [](const File& file) { return !file.recorder; });
    }
};

void Takes::Core::work() {
    while (true) {
        {
            std::unique_lock lock(mutex);
            working = false;
            wake.wait_for(lock, pace, [&] { return stopping || anew; });
            working = true;
            alive_at = steady_now();
            if (stopping) break;
        }
        round();
    }
    close_all();
    const std::lock_guard lock(mutex);
    working = false;
}

void Takes::Core::round() {
    bool on;
    std::string to;
    {
        const std::lock_guard lock(mutex);
        on = wanted;
        to = wanted_folder;
        if (std::exchange(anew, false)) next_try = 0;
    }
    if (recording && (!on || to != folder)) close_all();
    if (to != folder) {
        folder = to;
        place.reset();
    }
    if (!on) set_fault({});
    recording = on;
    if (recording) {
        for (File& file : files)
            if (file.recorder) look(file);
        if (missing() && steady_now() >= next_try) {
            open_missing();
            next_try = steady_now() + try_every;
        }
        if (!missing()) set_fault({});
    }
    const auto left = folder.empty() ? std::nullopt : free_bytes(nearest(folder));
    const double bytes_a_second = rate();
    const std::lock_guard lock(mutex);
    minutes_left = left && bytes_a_second > 0 ? std::floor(static_cast<double>(*left) / bytes_a_second / 6) / 10 : -1;
}

/// Bytes a second of what is, or would be, recorded.
double Takes::Core::rate() const {
    const double seconds = begun_at ? static_cast<double>(steady_now() - begun_at) / static_cast<double>(second) : 0;
    double planned = 0, bytes = 0;
    for (const File& file : files) {
        planned += 125.0 * file.source.kbps;
        if (file.recorder) bytes += static_cast<double>(file.recorder->bytes());
    }
    return seconds > rate_known_after && !missing() ? bytes / seconds : planned;
}

void Takes::Core::open_missing() {
    if (place && !place->mounted()) return set_fault({RecordFault::Kind::gone, {}});
    std::error_code error;
    (void)make_private_folder(folder);
    std::filesystem::create_directories(folder, error);  // says what is wrong with it
    if (std::exchange(looked_at, folder) != folder) close_folder(folder);
    std::uint64_t room = 0;
    for (const File& file : files)
        if (!file.recorder) room += room_per_file + room_seconds * 125 * static_cast<std::uint64_t>(file.source.kbps);
    if (RecordFault wrong = fault_of(error ? nearest(folder) : std::filesystem::path(folder), room); wrong.kind != RecordFault::Kind::none)
        return set_fault(std::move(wrong));
    if (error) return set_fault({RecordFault::Kind::other, error.message()});
    // Stopped and started within a second there are two takes, not one over the other.
    std::string stamp = file_stamp();
    const auto taken = [&](const std::string& name) {
        return std::any_of(files.begin(), files.end(), [&](const File& file) {
            return std::filesystem::exists(std::filesystem::path(folder) / ("program-" + name + file.source.ending + ".mp4"), error);
        });
    };
    for (int n = 2; taken(stamp); ++n) stamp = file_stamp() + "-" + std::to_string(n);
    for (File& file : files)
        if (!file.recorder && !open(file, stamp)) return;
    place = DiskPlace::of(folder);
    const std::lock_guard lock(mutex);
    begun_at = steady_now();
}

bool Takes::Core::open(File& file, const std::string& stamp) {
    const std::filesystem::path path = std::filesystem::path(folder) / ("program-" + stamp + file.source.ending + ".mp4");
    auto recorder = Recorder::start(path, file.source.video, sound, file.source.request_keyframe, epoch, file.source.scenes);
    if (!recorder) {
        set_fault({RecordFault::Kind::other, recorder.error().message});
        return false;
    }
    file.path = path;
    file.begun = false;
    file.told_dropped = 0;
    const std::lock_guard lock(mutex);
    file.recorder = std::move(*recorder);
    return true;
}

void Takes::Core::look(File& file) {
    const RecorderState state = file.recorder->state();
    if (state.phase == RecorderState::Phase::ended) {
        set_fault(state.fault);
        end(file);
        // What made one file end soon ends the others: they are looked at before anything is opened again.
        next_try = steady_now() + try_every / 2;
        return;
    }
    if (state.phase != RecorderState::Phase::writing) return;
    if (!file.begun) {
        file.begun = true;
        if (file.missing_since) {
            const Nanoseconds gap = std::max<Nanoseconds>(file.recorder->first() - std::exchange(file.missing_since, 0), 0);
            {
                const std::lock_guard lock(mutex);
                file.lost += gap;
            }
            tell("Recording again: " + file.path.string() + ". About " + tenths(gap) + " s before it are missing.");
        }
    }
    if (const std::uint64_t dropped = file.recorder->dropped(); dropped > file.told_dropped) {
        tell("The disk was too slow: " + std::to_string(dropped - file.told_dropped) + " pictures are missing in " + file.path.string() +
             ".");
        file.told_dropped = dropped;
    }
}

/// Closes one file and remembers from when on pictures are missing.
void Takes::Core::end(File& file) {
    std::shared_ptr<Recorder> recorder = file.recorder;
    const bool was_fault = recorder->state().phase == RecorderState::Phase::ended;
    recorder->close();
    const RecorderState after = recorder->state();
    const bool holds = recorder->frames() > 0;
    if (was_fault && file.missing_since == 0) file.missing_since = holds ? recorder->held_until() : steady_now() - epoch;
    if (!was_fault && after.phase == RecorderState::Phase::ended)
        tell("The recording " + file.path.string() + " could not be closed; it opens and holds what was written.");
    {
        const std::lock_guard lock(mutex);
        file.recorder.reset();
        if (was_fault) ++failures;
        if (file.source.scenes && holds) closed = file.path;
        if (missing()) begun_at = 0;
    }
}

void Takes::Core::close_all() {
    for (File& file : files) {
        if (file.recorder) end(file);
        // Not wanted any more: nothing is missing from here on.
        const Nanoseconds since = std::exchange(file.missing_since, 0);
        if (since == 0) continue;
        const Nanoseconds gap = std::max<Nanoseconds>(steady_now() - epoch - since, 0);
        {
            const std::lock_guard lock(mutex);
            file.lost += gap;
        }
        tell("The last " + tenths(gap) + " s are not in the recording " + file.path.string() + ".");
    }
}

/// What keeps the show from being recorded just now. Under the mutex.
RecordFault Takes::Core::current_fault() const {
    if (!wanted) return {};
    if (working && steady_now() - alive_at > answers_within) return {RecordFault::Kind::silent, {}};
    if (fault.kind != RecordFault::Kind::none) return fault;
    for (const File& file : files)
        if (file.recorder)
            if (RecorderState state = file.recorder->state(); state.fault.kind != RecordFault::Kind::none) return state.fault;
    return {};
}

Takes::Takes(std::vector<Source> sources, std::shared_ptr<AudioTap> sound, Nanoseconds epoch, std::function<void(std::string)> on_notice)
    : core_(std::make_unique<Core>(std::move(sound), epoch, std::move(on_notice))) {
    for (Source& source : sources) core_->files.push_back({std::move(source), nullptr, {}});
    core_->thread = barrier::thread("takes", [core = core_.get()] { core->work(); });
}

Takes::~Takes() { close(); }

void Takes::close() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void Takes::want(bool on, const std::string& folder) {
    {
        const std::lock_guard lock(core_->mutex);
        if (core_->wanted == on && core_->wanted_folder == folder) return;
        core_->wanted = on;
        core_->wanted_folder = folder;
        core_->anew = true;
    }
    core_->wake.notify_all();
}

RecordingReport Takes::report() const {
    const Core& core = *core_;
    const std::lock_guard lock(core.mutex);
    RecordingReport report;
    const RecordFault fault = core.current_fault();
    report.problem = fault_sentence(fault, core.wanted_folder);
    if (fault.kind == RecordFault::Kind::none) report.since = core.begun_at;
    for (const Core::File& file : core.files)
        if (file.recorder) report.bytes += file.recorder->bytes();
    report.minutes_left = core.minutes_left;
    return report;
}

Nanoseconds Takes::lost() const {
    const std::lock_guard lock(core_->mutex);
    return core_->lost();
}

std::vector<OutputStatus> Takes::outputs() const {
    const Core& core = *core_;
    const std::lock_guard lock(core.mutex);
    std::vector<OutputStatus> outputs;
    const bool silent = core.working && steady_now() - core.alive_at > answers_within;
    for (const Core::File& file : core.files) {
        const char* word = "stopped";
        if (!file.recorder) {
            if (!core.wanted) continue;
            outputs.push_back({"recording", file.source.name, word, 0, 0, 0, 0});
            continue;
        }
        switch (file.recorder->state().phase) {
            case RecorderState::Phase::waiting:
                word = "waiting";
                break;
            case RecorderState::Phase::writing:
                word = silent ? "stalled" : "writing";
                break;
            case RecorderState::Phase::stalled:
                word = "stalled";
                break;
            case RecorderState::Phase::ended:
                break;
        }
        outputs.push_back(
            {"recording", file.source.name, word, file.recorder->frames(), file.recorder->dropped(), file.recorder->bytes(), 0});
    }
    return outputs;
}

std::optional<std::filesystem::path> Takes::last_closed() const {
    const std::lock_guard lock(core_->mutex);
    return core_->closed;
}

std::string Takes::metrics() const {
    std::string lines =
        "# HELP vitrine_recording_writing 1 while this file of the recording is being written.\n"
        "# TYPE vitrine_recording_writing gauge\n";
    for (const OutputStatus& output : outputs())
        lines += "vitrine_recording_writing{file=\"" + output.name + "\"} " + (output.state == "writing" ? "1" : "0") + "\n";
    const std::lock_guard lock(core_->mutex);
    lines +=
        "# HELP vitrine_recording_fault 1 while the show is to be recorded and cannot be.\n# TYPE vitrine_recording_fault gauge\n"
        "vitrine_recording_fault " +
        std::string(core_->current_fault().kind == RecordFault::Kind::none ? "0" : "1") +
        "\n# HELP vitrine_recording_failures_total Files that ended by a fault.\n# TYPE vitrine_recording_failures_total counter\n"
        "vitrine_recording_failures_total " +
        std::to_string(core_->failures) +
        "\n# HELP vitrine_recording_lost_seconds_total Seconds that are missing between files.\n"
        "# TYPE vitrine_recording_lost_seconds_total counter\nvitrine_recording_lost_seconds_total " +
        tenths(core_->lost()) + "\n";
    return lines;
}

}  // namespace vitrine
