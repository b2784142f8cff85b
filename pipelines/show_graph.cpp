#include "pipelines/show_graph.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/barrier.h"
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
#include "pipelines/record/scene_file.h"
#include "pipelines/record/takes.h"

namespace vitrine {
namespace {

constexpr int sound_kbps = 128;
constexpr Nanoseconds heard_for = 10'000'000'000;

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
        if (takes_) takes_->close();
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

        const int kbps = p.bitrate_kbps + sound_kbps;
        takes_ = std::make_unique<Takes>(
            std::vector<Takes::Source>{{"program", "", burned_video_->output(), [this] { burned_video_->request_keyframe(); }, kbps},
                                       {"clean", "-clean", video_->output(), [this] { video_->request_keyframe(); }, kbps, true}},
            sound_->output(), epoch_, notice);

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
        web.replay = [this]() -> std::optional<ReplayFiles> {
            const auto file = takes_->last_closed();
            if (!file) return std::nullopt;
            return ReplayFiles{*file, SceneFile::beside(*file)};
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
        keeper_ = barrier::thread("keeper", [this] { keep(); });
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
               std::to_string(VideoFrame::bytes_alive()) + "\n" + takes_->metrics() + (options_.metrics ? options_.metrics() : "");
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
        takes_->want(on_air && snapshot.recording.wanted, snapshot.recording.folder);
        RecordingReport report = takes_->report();
        if (report.problem != record_problem_) {
            record_problem_ = report.problem;
            if (!record_problem_.empty()) {
                log::warn("record", record_problem_);
                show_.report(NoticeReport{record_problem_});
            }
        }
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
        for (OutputStatus& output : takes_->outputs()) outputs.push_back(std::move(output));
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
    std::unique_ptr<Takes> takes_;
    std::unique_ptr<Previews> previews_;
    std::unique_ptr<StillMaker> stills_;
    std::unique_ptr<WebServer> web_;
    std::string record_problem_;  ///< last told of
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
