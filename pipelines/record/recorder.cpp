#include "pipelines/record/recorder.h"

#include <gst/app/gstappsrc.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/log.h"
#include "engine/private_files.h"
#include "pipelines/encode/annex_b.h"
#include "pipelines/encode/pcm.h"
#include "pipelines/gst.h"
#include "pipelines/record/audio_line.h"
#include "pipelines/record/sample_sizes.h"
#include "pipelines/record/scene_file.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t video_waiting = 90, audio_waiting = 300;  ///< in the taps: 3 s
constexpr guint64 video_inside = 300, audio_inside = 1000;      ///< behind a slow disk: 10 s, about 5 MB
constexpr std::size_t audio_before_video = 200;                 ///< blocks kept until the first keyframe
constexpr Nanoseconds sound_may_lag = 500'000'000;
constexpr auto finish_within = 5s;
constexpr std::uint64_t reserve = 2 * 1024 * 1024;  ///< bytes left free, to finalise with
constexpr std::uint64_t index_per_frame = 40;       ///< bytes of index that finalising writes per picture, sound included
constexpr Nanoseconds look_every = 250'000'000;     ///< at the disk
constexpr Nanoseconds quiet_after = 1'500'000'000;  ///< without a picture, or without a byte that reaches the file: stalled

/// An AAC encoder puts silence before the first sample (priming) and the file does not say so: the sound is handed over that much early.
/// Opus says it itself (pre-skip).
struct SoundBranch {
    std::string description;
    Nanoseconds priming = 0;
};

SoundBranch sound_branch() {
    constexpr Nanoseconds samples = 1'000'000'000 / 48000;
    for (const auto& [name, priming] : {std::pair{"avenc_aac", 1024}, {"fdkaacenc", 2048}, {"voaacenc", 1600}})
        if (gst::has_element(name))
            return {std::string("audioconvert ! ") + name + " bitrate=128000 ! aacparse name=sounds", priming * samples};
    return {"opusenc bitrate=128000 bitrate-type=cbr ! opusparse"};
}

/// What a decoder is told about the stream, at a keyframe.
std::vector<std::uint8_t> parameter_sets(GstBuffer* unit) {
    std::vector<std::uint8_t> sets;
    const gst::ReadMap map(unit);
    if (!map) return sets;
    NalReader reader(std::span<const std::uint8_t>(map.data(), map.size()));
    while (const auto nal = reader.next()) {
        if (nal->is_slice()) break;
        if (nal->type() == nal_sps || nal->type() == nal_pps) sets.insert(sets.end(), nal->body.begin(), nal->body.end());
    }
    return sets;
}

/// Threads: one of its own (reads the taps, feeds, ends); the pipeline's, which call failed() and ended().
class FileRecorder final : public Recorder {
  public:
    FileRecorder(std::filesystem::path file, std::shared_ptr<EncodedTap> video, std::shared_ptr<AudioTap> audio,
                 std::function<void()> request_keyframe, Nanoseconds epoch)
        : file_(std::move(file)),
          video_(video->read(video_waiting)),
          audio_(audio ? audio->read(audio_waiting) : nullptr),
          request_keyframe_(std::move(request_keyframe)),
          epoch_(epoch) {}

    ~FileRecorder() override {
        close();
        std::error_code ignored;
        if (frames_ == 0 && std::filesystem::file_size(file_, ignored) == 0) std::filesystem::remove(file_, ignored);
        if (frames_ == 0 && scenes_) std::filesystem::remove(SceneFile::beside(file_), ignored);
    }

    void close() override {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
        if (pipeline_) pipeline_->stop();
    }

    Result<void> open();
    void keep_scenes(std::unique_ptr<SceneFile> scenes) { scenes_ = std::move(scenes); }

    std::uint64_t frames() const override { return frames_; }
    std::uint64_t dropped() const override { return dropped_; }
    std::uint64_t bytes() const override { return bytes_; }
    RecorderState state() const override;
    Nanoseconds first() const override { return first_; }
    Nanoseconds held_until() const override {
        // What a write that failed had taken along is not in the file.
        return whole_ ? last_.load() : std::min(last_.load(), grown_at_ - epoch_);
    }

  private:
    void work();
    void take_sound();
    void take_video(const EncodedUnit& unit);
    void finish();
    bool disk_nearly_full() const;
    void look_at_disk();
    RecordFault fault_after_error(const std::string& why) const;
    void end_with(RecordFault fault);
    std::string trouble() const {
        std::lock_guard lock(mutex_);
        return trouble_;
    }

    const std::filesystem::path file_;
    const std::shared_ptr<EncodedTap::Reader> video_;
    const std::shared_ptr<AudioTap::Reader> audio_;
    const std::function<void()> request_keyframe_;
    const Nanoseconds epoch_;
    const Nanoseconds begun_ = steady_now();

    std::unique_ptr<gst::Pipeline> pipeline_;
    gst::Ref<GstElement> video_in_, audio_in_;
    Nanoseconds priming_ = 0;
    std::thread thread_;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> frames_{0}, dropped_{0}, bytes_{0};
    std::atomic<Nanoseconds> first_{0}, last_{0};  ///< show time
    std::atomic<Nanoseconds> fed_at_{begun_}, grown_at_{begun_},
        looked_at_{begun_};  ///< steady: a picture came, the file grew, the disk answered
    std::atomic<Nanoseconds> patience_{quiet_after};
    std::atomic<bool> whole_{false};

    // Thread-bound to thread_.
    FileIdentity identity_;
    std::vector<std::uint8_t> sets_;
    std::optional<Nanoseconds> start_;  ///< show time of the first keyframe: time 0 of the file
    bool waiting_for_keyframe_ = true;
    Nanoseconds asked_ = 0, newest_ = 0;
    std::uint64_t lost_in_tap_ = 0;
    std::unique_ptr<SceneFile> scenes_;
    std::deque<AudioBlock> early_sound_;
    AudioLine line_{[this](const AudioBlock& block) {
        auto* source = GST_APP_SRC(audio_in_.get());
        if (gst_app_src_get_current_level_buffers(source) < audio_inside) gst_app_src_push_buffer(source, wrap_pcm(block));
    }};

    mutable std::mutex mutex_;
    std::condition_variable ended_changed_;
    bool ended_ = false;
    std::string trouble_;
    RecordFault ended_by_;
};

Result<void> FileRecorder::open() {
    // Not live: the muxer waits for sound and picture instead of guessing after a time-out; AudioLine keeps sound coming.
    std::string description =
        "mp4mux name=mux fragment-duration=500 fragment-mode=first-moov-then-finalise ! "
        "filesink name=file buffer-mode=unbuffered sync=false async=false "
        "appsrc name=video is-live=false format=time caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse name=pictures ! "
        "video/x-h264,stream-format=avc,alignment=au ! mux. ";
    const SoundBranch sound = sound_branch();
    priming_ = sound.priming;
    if (audio_) description += "appsrc name=audio is-live=false format=time ! " + sound.description + " ! mux. ";
    auto pipeline = gst::Pipeline::parse(description, "record", epoch_);
    if (!pipeline) return tl::unexpected(pipeline.error());
    pipeline_ = std::move(*pipeline);
    // The file's own sink would make it with whatever rights the process gives.
    if (!make_private_file(file_))
        return fail("The recording " + file_.string() + " could not be opened (" + std::strerror(errno) +
                    "). Check that the folder can be written to.");
    g_object_set(pipeline_->element("file").get(), "location", file_.c_str(), nullptr);
    video_in_ = pipeline_->element("video");
    vary_sample_sizes(pipeline_->element("pictures").get(), SampleKind::h264_avc);
    // Opus is asked for at a constant rate instead: where all sizes are equal, the default is written.
    if (const auto sounds = pipeline_->element("sounds")) vary_sample_sizes(sounds.get(), SampleKind::aac);
    if (audio_) {
        audio_in_ = pipeline_->element("audio");
        gst_app_src_set_caps(GST_APP_SRC(audio_in_.get()), pcm_caps().get());
    }
    pipeline_->listen({.error =
                           [this](const std::string&, const std::string& why) {
                               std::lock_guard lock(mutex_);
                               if (trouble_.empty()) trouble_ = why;
                               ended_changed_.notify_all();
                           },
                       .end_of_stream =
                           [this] {
                               std::lock_guard lock(mutex_);
                               ended_ = true;
                               ended_changed_.notify_all();
                           }});
    if (auto played = pipeline_->play(); !played) {
        const std::string why = trouble();
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);  // empty
        return fail("The recording " + file_.string() + " could not be opened" + (why.empty() ? "" : " (" + why + ")") +
                    ". Check that the folder can be written to.");
    }
    if (const auto facts = facts_of(file_)) identity_ = facts->identity;
    thread_ = barrier::thread(
        "record",
        [this] {
            if (!barrier::run("record file", [this] { work(); })) end_with({RecordFault::Kind::own, {}});
        },
        barrier::AfterThrow::end);
    return {};
}

RecorderState FileRecorder::state() const {
    using Phase = RecorderState::Phase;
    {
        std::lock_guard lock(mutex_);
        if (ended_by_.kind != RecordFault::Kind::none) return {Phase::ended, ended_by_};
    }
    const Nanoseconds now = steady_now(), patience = patience_;
    if (now - looked_at_ > patience) return {Phase::stalled, {RecordFault::Kind::silent, {}}};
    if (now - fed_at_ > patience) return {Phase::stalled, {RecordFault::Kind::no_pictures, {}}};
    if (first_ == 0) return {};
    if (now - grown_at_ > patience) return {Phase::stalled, {RecordFault::Kind::slow, {}}};
    return {Phase::writing, {}};
}

bool FileRecorder::disk_nearly_full() const {
    const auto left = free_bytes(file_.parent_path());
    return left && *left < reserve + frames_ * index_per_frame;
}

void FileRecorder::end_with(RecordFault fault) {
    const std::string sentence = fault_sentence(fault, file_.parent_path());
    {
        std::lock_guard lock(mutex_);
        if (ended_by_.kind != RecordFault::Kind::none) return;
        ended_by_ = std::move(fault);
    }
    log::error("record", sentence, {{"file", file_.string()}});
}

/// How far the file has grown, and whether it is still the one at its path.
void FileRecorder::look_at_disk() {
    const auto facts = facts_of(file_);
    const Nanoseconds now = steady_now();
    looked_at_ = now;
    if (!facts || facts->identity != identity_) return end_with({RecordFault::Kind::gone, {}});
    if (facts->bytes != bytes_) grown_at_ = now;
    bytes_ = facts->bytes;
    if (disk_nearly_full()) end_with({RecordFault::Kind::full, {}});
}

RecordFault FileRecorder::fault_after_error(const std::string& why) const {
    const auto facts = facts_of(file_);
    if (!facts || facts->identity != identity_) return {RecordFault::Kind::gone, {}};
    RecordFault fault = fault_of(file_.parent_path(), reserve + frames_ * index_per_frame);
    return fault.kind == RecordFault::Kind::none ? RecordFault{RecordFault::Kind::other, why} : fault;
}

void FileRecorder::work() {
    if (request_keyframe_) request_keyframe_();
    asked_ = steady_now();
    Nanoseconds looked = steady_now();
    const auto over = [this] {
        std::lock_guard lock(mutex_);
        return stop_ || ended_by_.kind != RecordFault::Kind::none;
    };
    while (!over()) {
        const bool done = barrier::run("record step", [&] {
            if (auto unit = video_->pop(20ms)) take_video(*unit);
            take_sound();
            if (const std::string why = trouble(); !why.empty()) {
                end_with(fault_after_error(why));
            } else if (steady_now() - looked > look_every) {
                look_at_disk();
                looked = steady_now();
            }
        });
        if (!done) end_with({RecordFault::Kind::own, {}});
    }
    video_->close();
    if (audio_) audio_->close();
    finish();
    if (const std::string why = trouble(); why.empty())
        whole_ = true;
    else if (stop_)
        end_with(fault_after_error(why));
    if (const auto facts = facts_of(file_)) bytes_ = facts->bytes;
    log::info("record", whole_ ? "recording closed" : "recording ended without an index; it opens and holds what was written",
              {{"file", file_.string()}, {"frames", std::to_string(frames_)}, {"dropped", std::to_string(dropped_)}});
}

void FileRecorder::take_video(const EncodedUnit& unit) {
    const auto ask = [this] {
        if (steady_now() - asked_ < 500'000'000) return;
        asked_ = steady_now();
        if (request_keyframe_) request_keyframe_();
    };
    if (const std::uint64_t lost = video_->dropped(); lost != lost_in_tap_) {
        if (start_) dropped_ += lost - lost_in_tap_;
        lost_in_tap_ = lost;
        waiting_for_keyframe_ = true;
    }
    // A program of few pictures a second writes seldom.
    if (GST_BUFFER_DURATION_IS_VALID(unit.buffer.get()))
        patience_ = std::max(quiet_after, 3 * static_cast<Nanoseconds>(GST_BUFFER_DURATION(unit.buffer.get())));
    if (waiting_for_keyframe_ && !unit.keyframe) {
        if (start_) ++dropped_;
        return ask();
    }
    if (unit.keyframe) {
        // A file says once what its stream is: another encoder's goes into another file.
        std::vector<std::uint8_t> sets = parameter_sets(unit.buffer.get());
        if (!sets_.empty() && !sets.empty() && sets != sets_) return end_with({RecordFault::Kind::changed, {}});
        if (!sets.empty()) sets_ = std::move(sets);
    }
    fed_at_ = steady_now();
    if (gst_app_src_get_current_level_buffers(GST_APP_SRC(video_in_.get())) >= video_inside) {
        ++dropped_;
        waiting_for_keyframe_ = true;
        return;
    }
    const auto pts = static_cast<Nanoseconds>(GST_BUFFER_PTS(unit.buffer.get()));
    if (!start_) {
        start_ = pts;
        first_ = std::max<Nanoseconds>(pts, 1);
        grown_at_ = steady_now();
        log::info("record", "recording started", {{"file", file_.string()}, {"program_frame", std::to_string(unit.number)}});
    }
    waiting_for_keyframe_ = false;
    newest_ = pts - *start_;
    last_ = pts;
    GstBuffer* buffer = gst_buffer_copy(unit.buffer.get());  // shares the bytes
    GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = static_cast<GstClockTime>(newest_);
    if (gst_app_src_push_buffer(GST_APP_SRC(video_in_.get()), buffer) != GST_FLOW_OK) return;
    ++frames_;
    if (scenes_ && unit.scene) scenes_->put(newest_, *unit.scene);
}

void FileRecorder::take_sound() {
    if (!audio_) return;
    while (auto block = audio_->try_pop()) {
        early_sound_.push_back(std::move(*block));
        if (!start_ && early_sound_.size() > audio_before_video) early_sound_.pop_front();
    }
    if (!start_) return;
    for (AudioBlock& block : early_sound_) {
        block.pts -= *start_ + priming_;
        line_.put(block);
    }
    early_sound_.clear();
    // A sound source that went silent for good must not hold the picture up in the muxer.
    line_.fill(newest_ - sound_may_lag);
}

void FileRecorder::finish() {
    if (!start_ || !trouble().empty()) return;
    if (audio_) line_.fill(newest_);
    gst_app_src_end_of_stream(GST_APP_SRC(video_in_.get()));
    if (audio_) gst_app_src_end_of_stream(GST_APP_SRC(audio_in_.get()));
    std::unique_lock lock(mutex_);
    if (!ended_changed_.wait_for(lock, finish_within, [&] { return ended_ || !trouble_.empty(); })) trouble_ = "the disk is too slow";
}

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::start(std::filesystem::path file, std::shared_ptr<EncodedTap> video,
                                                  std::shared_ptr<AudioTap> audio, std::function<void()> request_keyframe,
                                                  Nanoseconds epoch, bool scenes) {
    std::error_code error;
    file = std::filesystem::absolute(file, error);
    if (std::filesystem::exists(file, error))
        return fail("The recording " + file.string() + " exists already and is not overwritten. Choose another name.",
                    ErrorKind::bad_input);
    if (auto made = make_private_folder(file.parent_path()); !made) return tl::unexpected(made.error());
    if (const RecordFault fault = fault_of(file.parent_path(), 2 * reserve); fault.kind != RecordFault::Kind::none)
        return fail(fault_sentence(fault, file.parent_path()));
    std::unique_ptr<SceneFile> scene_file;
    if (scenes) {
        auto created = SceneFile::create(SceneFile::beside(file));
        if (created)
            scene_file = std::move(*created);
        else
            log::warn("record", created.error().message);
    }
    auto recorder = std::make_unique<FileRecorder>(std::move(file), std::move(video), std::move(audio), std::move(request_keyframe), epoch);
    recorder->keep_scenes(std::move(scene_file));
    if (auto opened = recorder->open(); !opened) return tl::unexpected(opened.error());
    return recorder;
}

}  // namespace vitrine
