#include "pipelines/show_graph.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/log.h"
#include "engine/preflight.h"
#include "pipelines/capture/camera.h"
#include "pipelines/capture/microphone.h"
#include "pipelines/deliver/web/web_server.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/encode/h264_elements.h"
#include "pipelines/gst.h"
#include "pipelines/program/burner.h"
#include "pipelines/program/previews.h"
#include "pipelines/program/program.h"
#include "pipelines/program/sound.h"
#include "pipelines/program/still.h"
#include "pipelines/record/recorder.h"
#include "pipelines/record/scene_file.h"

namespace vitrine {
namespace {

std::string file_stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%d-%H%M%SZ", &utc);
    return text;
}

/// The two files of one recording: the burned program, and the clean one whose scene frames can be painted again.
struct Recording {
    std::unique_ptr<Recorder> burned, clean;
    Nanoseconds since = 0;
};

constexpr int sound_kbps = 128;
constexpr Nanoseconds heard_for = 10'000'000'000;

/// How long so many bytes a second have room in that folder, or where it would be made; -1: not known.
double minutes_left(std::filesystem::path folder, double bytes_per_second) {
    while (!folder.empty()) {
        std::error_code error;
        const auto space = std::filesystem::space(folder, error);
        if (!error) return bytes_per_second > 0 ? std::floor(static_cast<double>(space.available) / bytes_per_second / 6) / 10 : -1;
        if (folder == folder.parent_path()) break;
        folder = folder.parent_path();
    }
    return -1;
}

class Graph final : public ShowGraph {
  public:
    Graph(Show& show, FrameStage& stage, GraphOptions options)
        : show_(show), stage_(stage), options_(std::move(options)), config_(show.snapshot()->show), epoch_(steady_now()) {}

    // Members below are declared in the order of the signal path, so they are destroyed from the outputs back to the cameras.
    ~Graph() override {
        following_.reset();
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        if (keeper_.joinable()) keeper_.join();
        recording_ = {};
    }

    Result<void> open(Buyers& buyers) {
        gst::init();
        const auto notice = [this](std::string sentence) { show_.report(NoticeReport{std::move(sentence)}); };

        for (const CameraConfig& camera : config_->cameras) {
            CameraOptions options;
            options.epoch = epoch_;
            cameras_[camera.id] = std::make_unique<Camera>(camera, stage_, options, [this, id = camera.id](CameraStatus status) {
                show_.report(CameraReport{id, std::move(status)});
            });
        }
        program_ = std::make_unique<Program>(show_, stage_, cameras_, epoch_);
        burner_ = std::make_unique<Burner>(program_->output(), stage_);

        sound_ = std::make_unique<Sound>(epoch_, Nanoseconds{config_->audio.delay_ms} * 1'000'000,
                                         [this](double peak, const std::map<std::string, double>& inputs) {
                                             remember_loudest(inputs);
                                             show_.report(AudioReport{peak, inputs});
                                         });
        for (const SourceSpec& source : config_->audio.sources) {
            if (source.scheme == "none") continue;
            if (source.scheme == "camera") {
                if (const auto found = cameras_.find(source.rest); found != cameras_.end())
                    if (auto tap = found->second->audio()) sound_->add(std::move(tap), source.text());
                continue;
            }
            microphones_.push_back(std::make_unique<Microphone>(source, epoch_, notice));
            sound_->add(microphones_.back()->tap(), source.text());
        }

        const ProgramConfig& p = config_->program;
        const Rung rung{std::to_string(p.height) + "p", p.width, p.height, p.fps, p.bitrate_kbps};
        video_ = std::make_unique<VideoEncoder>(program_->output(), rung, epoch_, notice);
        Rung burned_rung = rung;
        burned_rung.name += " burned";
        burned_video_ = std::make_unique<VideoEncoder>(burner_->output(), burned_rung, epoch_, notice);
        audio_ = std::make_unique<AudioEncoder>(sound_->output(), epoch_);

        stills_ = std::make_unique<StillMaker>(program_->output());
        auto previews = Previews::start(burner_->output(), cameras_, *config_);
        if (previews)
            previews_ = std::move(*previews);
        else
            notice(previews.error().message);

        WebOptions web;
        web.page = options_.page;
        web.token_file = options_.token_file;
        web.buyer_path = options_.buyer_path;
        web.preview_name = previews_ ? previews_->name() : "";
        web.sources = {video_->output(), audio_->output(), [this] { video_->request_keyframe(); }, epoch_, config_->stun_servers};
        web.metrics = [this] { return metrics(); };
        web.still = [this](std::function<void(Result<Still>)> done) { stills_->take(std::move(done)); };
        web.files = std::move(options_.files);
        web.replay = [this] {
            const std::lock_guard lock(replay_mutex_);
            return replay_;
        };
        web.facts = [this] { return facts(); };
        auto server = WebServer::start(show_, buyers, std::move(web));
        if (!server) return tl::unexpected(server.error());
        web_ = std::move(*server);

        for (auto& [id, camera] : cameras_) camera->start();
        for (auto& microphone : microphones_) microphone->start();
        sound_->start();
        program_->start();
        if (options_.record) show_.post(SetRecording{true, std::filesystem::absolute(*options_.record).string()});
        following_ = show_.listen([this](const SnapshotPtr& snapshot) { follow(*snapshot); });
        keeper_ = std::thread([this] { keep(); });
        return {};
    }

    std::string buyer_origin() const override { return web_->buyer_origin(); }
    int buyer_port() const override { return web_->buyer_port(); }
    std::string control_url() const override { return web_->control_url(); }

    Figures figures() const override {
        const Program::Figures made = program_->figures();
        return {made.made, made.missed_ticks, made.work_ms_mean, made.work_ms_max, web_->viewers(), video_->element()};
    }

  private:
    /// What is allocated, without what the allocator keeps for later: that wobbles by tens of megabytes. 0 where the C library does not
    /// tell.
    static std::size_t heap_used() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
        const struct mallinfo2 heap = mallinfo2();
        return heap.uordblks + heap.hblkhd;
#else
        return 0;
#endif
    }

    std::string metrics() const {
        const Program::Figures made = program_->figures();
        return "# TYPE vitrine_program_frames_total counter\nvitrine_program_frames_total " + std::to_string(made.made) +
               "\n# TYPE vitrine_program_missed_ticks_total counter\nvitrine_program_missed_ticks_total " +
               std::to_string(made.missed_ticks) + "\n# TYPE vitrine_heap_used_bytes gauge\nvitrine_heap_used_bytes " +
               std::to_string(heap_used()) + "\n# TYPE vitrine_picture_bytes gauge\nvitrine_picture_bytes " +
               std::to_string(VideoFrame::bytes_alive()) + "\n" + (options_.metrics ? options_.metrics() : "");
    }

    /// On the mixing thread, ten times a second.
    void remember_loudest(const std::map<std::string, double>& inputs) {
        const Nanoseconds now = steady_now();
        const std::lock_guard lock(loudest_mutex_);
        for (const auto& [source, db] : inputs) {
            auto& heard = loudest_[source];
            while (!heard.empty() && (heard.back().second <= db)) heard.pop_back();  // only what can still be the loudest
            heard.emplace_back(now, db);
            while (now - heard.front().first > heard_for) heard.pop_front();
        }
    }

    PreflightFacts facts() {
        PreflightFacts facts;
        std::string encoder = video_->element();
        for (const std::string& candidate : h264_candidates())
            if (encoder.empty() && gst::has_element(candidate.c_str())) encoder = candidate;
        facts.encoder = encoder;
        const std::lock_guard lock(loudest_mutex_);
        for (const auto& [source, heard] : loudest_)
            if (!heard.empty()) facts.loudest_db[source] = heard.front().second;
        return facts;
    }

    /// On the show thread, with each snapshot: what must not wait. Everything here only hands on.
    void follow(const Snapshot& snapshot) {
        sound_->mute(snapshot.muted || snapshot.safe || snapshot.session == SessionState::paused);
        for (const auto& [source, status] : snapshot.sounds) sound_->level(source, status.muted, status.gain_db);
        if (snapshot.show == masked_) return;
        for (const CameraConfig& camera : snapshot.show->cameras) {
            const CameraConfig* before = masked_->camera(camera.id);
            if (before && before->masks == camera.masks) continue;
            if (const auto found = cameras_.find(camera.id); found != cameras_.end()) found->second->set_masks(camera.masks);
        }
        masked_ = snapshot.show;
    }

    /// Four times a second: recordings and the outputs' figures.
    void keep() {
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, std::chrono::milliseconds(250), [&] { return stopping_; })) {
            lock.unlock();
            const SnapshotPtr snapshot = show_.snapshot();
            record(*snapshot);
            report_outputs();
            give_back_memory();
            lock.lock();
        }
    }

    void record(const Snapshot& snapshot) {
        const bool on_air = snapshot.session == SessionState::live || snapshot.session == SessionState::paused;
        const RecordingStatus& wanted = snapshot.recording;
        if (wanted.folder != record_folder_ || !wanted.wanted) record_problem_.clear();  // asked anew: tried anew
        if (wanted.folder != record_folder_ || !on_air || !wanted.wanted) close_recording();
        record_folder_ = wanted.folder;
        if (on_air && wanted.wanted && record_problem_.empty() && !recording_.clean && !recording_.burned) open_recording();
        report_recording();
    }

    /// Whole files from here on: what there is to see again.
    void close_recording() {
        const bool any = recording_.clean && recording_.clean->frames() > 0;
        recording_ = {};
        if (!any) return;
        const std::lock_guard lock(replay_mutex_);
        replay_ = ReplayFiles{recording_file_, SceneFile::beside(recording_file_)};
    }

    void open_recording() {
        const std::filesystem::path folder = record_folder_;
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        // Stopped and started within a second there are two recordings, not one over the other.
        std::string stamp = file_stamp();
        for (int n = 2; std::filesystem::exists(folder / ("program-" + stamp + "-clean.mp4"), error); ++n)
            stamp = file_stamp() + "-" + std::to_string(n);
        const auto open = [&](const std::string& name, VideoEncoder& encoder, bool scenes) -> std::unique_ptr<Recorder> {
            auto recorder = Recorder::start(
                folder / name, encoder.output(), sound_->output(), [&encoder] { encoder.request_keyframe(); }, epoch_,
                [this](std::string sentence) { show_.report(NoticeReport{std::move(sentence)}); }, scenes);
            if (recorder) return std::move(*recorder);
            record_problem_ = recorder.error().message;
            log::error("record", record_problem_);
            show_.report(NoticeReport{record_problem_});
            return nullptr;
        };
        recording_.burned = open("program-" + stamp + ".mp4", *burned_video_, false);
        recording_file_ = folder / ("program-" + stamp + "-clean.mp4");
        recording_.clean = open(recording_file_.filename(), *video_, true);
        recording_.since = steady_now();
    }

    void report_recording() {
        RecordingReport report;
        report.problem = record_problem_;
        for (const auto* file : {recording_.burned.get(), recording_.clean.get()}) {
            if (!file) continue;
            report.since = recording_.since;
            report.bytes += file->bytes();
        }
        const double seconds = report.since ? static_cast<double>(steady_now() - report.since) / 1e9 : 0;
        report.minutes_left = minutes_left(record_folder_, seconds > 20 ? static_cast<double>(report.bytes) / seconds
                                                                        : 2 * 125.0 * (config_->program.bitrate_kbps + sound_kbps));
        show_.report(std::move(report));
    }

    /// A viewer's pipeline allocates on a dozen threads; what it freed stays in the allocator's arenas and would grow with every join. A
    /// second after viewers have left, it goes back to the system (from here, so that no frame waits for it).
    void give_back_memory() {
        const int viewers = web_->viewers();
        if (viewers < viewers_before_) trim_in_ = 4;
        viewers_before_ = viewers;
#ifdef __GLIBC__
        if (trim_in_ > 0 && --trim_in_ == 0) malloc_trim(0);
#endif
    }

    void report_outputs() {
        std::vector<OutputStatus> outputs = web_->outputs();
        const auto add = [&](const char* name, const std::unique_ptr<Recorder>& r) {
            if (r) outputs.push_back({"recording", name, "writing", r->frames(), r->dropped(), r->bytes(), 0});
        };
        add("program", recording_.burned);
        add("clean", recording_.clean);
        for (const VideoEncoder* encoder : {video_.get(), burned_video_.get()})
            if (encoder->running())
                outputs.push_back(
                    {"encoder", encoder->rung().name, encoder->element(), 0, 0, 0, static_cast<double>(encoder->rung().bitrate_kbps)});
        show_.report(OutputsReport{std::move(outputs)});
    }

    Show& show_;
    FrameStage& stage_;
    GraphOptions options_;
    const std::shared_ptr<const ShowConfig> config_;
    const Nanoseconds epoch_;

    std::mutex loudest_mutex_;
    std::map<std::string, std::deque<std::pair<Nanoseconds, double>>> loudest_;  ///< of each source; falling, over heard_for

    Program::Cameras cameras_;
    std::vector<std::unique_ptr<Microphone>> microphones_;
    std::unique_ptr<Program> program_;
    std::unique_ptr<Burner> burner_;
    std::unique_ptr<Sound> sound_;
    std::unique_ptr<VideoEncoder> video_, burned_video_;
    std::unique_ptr<AudioEncoder> audio_;
    std::unique_ptr<Previews> previews_;
    std::unique_ptr<StillMaker> stills_;
    std::unique_ptr<WebServer> web_;
    Recording recording_;
    std::filesystem::path recording_file_;  ///< the clean one
    std::string record_folder_, record_problem_;
    std::mutex replay_mutex_;
    std::optional<ReplayFiles> replay_;  ///< the last recording that was closed
    int viewers_before_ = 0, trim_in_ = 0;

    std::shared_ptr<const ShowConfig> masked_ = config_;  ///< the show thread's: whose masks the cameras have
    std::shared_ptr<void> following_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread keeper_;
};

}  // namespace

Result<std::unique_ptr<ShowGraph>> ShowGraph::start(Show& show, Buyers& buyers, FrameStage& stage, GraphOptions options) {
    auto graph = std::make_unique<Graph>(show, stage, std::move(options));
    if (auto opened = graph->open(buyers); !opened) return tl::unexpected(opened.error());
    return std::unique_ptr<ShowGraph>(std::move(graph));
}

}  // namespace vitrine
