#include "pipelines/capture/camera.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "engine/barrier.h"
#include "engine/log.h"
#include "pipelines/capture/audio_blocks.h"
#include "pipelines/capture/camera_health.h"
#include "pipelines/capture/explain.h"
#include "pipelines/capture/picture_copy.h"
#include "pipelines/capture/source.h"

namespace vitrine {
namespace {

constexpr Nanoseconds status_every = 1'000'000'000;
constexpr std::size_t most_pending_teardowns = 3;
constexpr auto longest_farewell = std::chrono::seconds(2);
constexpr int most_slate_side = 1920;
constexpr int first_width = 1280, first_height = 720;

HealthLimits limits_of(const CameraOptions& options) {
    HealthLimits limits;
    limits.lost_after = options.lost_after;
    limits.freeze_after = options.freeze_after;
    limits.retry_first = options.retry_first;
    limits.retry_most = options.retry_most;
    return limits;
}

}  // namespace

// Threads: the source's streaming thread runs take() and publishes; the supervisor opens and closes sources, paints slates and
// reports. Between two sources close() makes one streaming thread end before the next begins, so what is marked "streaming" needs no lock.
struct Camera::Core {
    using Masks = std::shared_ptr<const std::vector<PrivacyMask>>;

    Core(const CameraConfig& config_, FrameStage& stage_, CameraOptions options_, std::function<void(CameraStatus)> on_status_)
        : config(config_),
          stage(stage_),
          options(options_),
          on_status(std::move(on_status_)),
          can_freeze(config.source.scheme != "sim" && config.source.scheme != "file"),
          health(limits_of(options)) {}

    void supervise();
    void open_source();
    void open_simulated();
    void open_pipeline();
    void retire(std::shared_ptr<Source> old);
    void show_slate(std::unique_lock<std::mutex>& lock, CameraState state);
    CameraStatus status(const CameraHealth::Look& look, Nanoseconds now);
    void take(std::shared_ptr<VideoFrame> frame);
    void mask_standing(std::unique_lock<std::mutex>& lock);
    void broken(const std::string& reason);
    template <class Change>
    void tell(Change change) {
        {
            std::lock_guard lock(mutex);
            change(health);
        }
        woken.notify_one();
    }

    const CameraConfig config;
    FrameStage& stage;
    const CameraOptions options;
    const std::function<void(CameraStatus)> on_status;
    const bool can_freeze;
    const std::shared_ptr<AudioTap> sound = AudioTap::create();

    // streaming
    std::unique_ptr<CameraStage> camera_stage;
    Masks staged;  ///< what camera_stage masks with; null: as opened
    FramePool pool;
    RepeatDetector repeats;
    AudioBlocks audio_blocks{sound};
    std::uint64_t next_sequence = 0;
    Nanoseconds last_capture = 0;

    // supervisor
    std::shared_ptr<Source> source;
    std::vector<std::shared_ptr<Source>> leaving;
    std::map<CameraState, std::shared_ptr<VideoFrame>> slates;
    SourceWay way;
    bool way_works = false, first_way_failed = false;
    std::uint64_t opened = 0;
    CameraStatus reported;
    Nanoseconds reported_at = 0;
    std::uint64_t reported_frames = 0;

    mutable std::mutex mutex;  ///< guards everything below; never held while calling out
    std::condition_variable woken;
    CameraHealth health;
    Picture newest;
    int width = first_width, height = first_height;
    std::uint64_t frames = 0, dropped = 0, reconnects = 0;
    bool attempt_answered = false, attempt_shown = false, other_way = false;
    bool stopping = false;
    Masks masks;                ///< null: as opened
    bool standing_old = false;  ///< the newest picture was masked before `masks` came

    std::thread supervisor;
};

Camera::Camera(const CameraConfig& config, FrameStage& stage, CameraOptions options, std::function<void(CameraStatus)> on_status)
    : core_(std::make_shared<Core>(config, stage, options, std::move(on_status))) {}

Camera::~Camera() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->woken.notify_one();
    if (core_->supervisor.joinable()) core_->supervisor.join();
}

void Camera::start() {
    if (core_->supervisor.joinable()) return;
    core_->camera_stage = core_->stage.open_camera(core_->config);
    {
        std::unique_lock lock(core_->mutex);
        core_->show_slate(lock, CameraState::connecting);
    }
    core_->supervisor = barrier::thread("camera", [core = core_.get()] { core->supervise(); });
}

void Camera::set_masks(std::vector<PrivacyMask> masks) {
    auto shared = std::make_shared<const std::vector<PrivacyMask>>(std::move(masks));
    {
        std::lock_guard lock(core_->mutex);
        core_->masks = std::move(shared);
        core_->standing_old = true;
    }
    core_->woken.notify_one();
}

Camera::Picture Camera::newest() const {
    std::lock_guard lock(core_->mutex);
    return core_->newest;
}

std::shared_ptr<AudioTap> Camera::audio() const { return core_->sound; }

void Camera::Core::supervise() {
    std::unique_lock lock(mutex);
    while (!stopping) {
        if (standing_old) {
            mask_standing(lock);
            continue;
        }
        const Nanoseconds now = steady_now();
        const CameraHealth::Look look = health.look(now);
        if (look.state != CameraState::live && newest.state != look.state) {
            show_slate(lock, look.state);
            if (!look.close && !look.open) continue;
        }
        if (look.close) {
            way_works = way_works || attempt_shown;
            // The first way is tried twice: a camera that is still putting its last visitor away refuses the next, and the second way does
            // without sound for as long as the show lasts.
            const bool failed = !way_works && (other_way || attempt_answered);
            if (failed && std::exchange(first_way_failed, true)) way = next_way(way);
            lock.unlock();
            retire(std::move(source));
            lock.lock();
            continue;
        }
        std::erase_if(leaving, [](const auto& old) { return old->gone(); });
        if (look.open && leaving.size() < most_pending_teardowns) {
            health.opened(now);
            if (opened++ > 0 && look.state != CameraState::live) ++reconnects;
            attempt_answered = attempt_shown = other_way = false;
            lock.unlock();
            open_source();
            lock.lock();
            continue;
        }
        const CameraStatus current = status(look, now);
        if (reported_at == 0 || current.state != reported.state || current.detail != reported.detail || now - reported_at >= status_every) {
            reported = current;
            reported_at = now;
            reported_frames = current.frames;
            lock.unlock();
            if (on_status) on_status(current);
            lock.lock();
            continue;
        }
        const Nanoseconds until = std::min(look.open ? now + 20'000'000 : look.again, reported_at + status_every);
        woken.wait_until(lock, std::chrono::steady_clock::time_point(std::chrono::nanoseconds(until)));
    }
    lock.unlock();
    retire(std::move(source));
    const auto until = std::chrono::steady_clock::now() + longest_farewell;
    for (const auto& old : leaving) {
        if (auto* pipeline = dynamic_cast<GstSource*>(old.get())) pipeline->wait_gone(until);
    }
}

CameraStatus Camera::Core::status(const CameraHealth::Look& look, Nanoseconds now) {
    CameraStatus current;
    current.state = look.state;
    current.detail = look.detail;
    const double passed = static_cast<double>(now - reported_at) / 1e9;
    // Measured from report to report; one that comes early because the state changed keeps the last figure.
    current.fps = look.state != CameraState::live     ? 0
                  : passed >= 0.9 && reported_at != 0 ? static_cast<double>(frames - reported_frames) / passed
                                                      : reported.fps;
    current.width = width;
    current.height = height;
    current.frames = frames;
    current.dropped = dropped;
    current.reconnects = reconnects;
    return current;
}

void Camera::Core::retire(std::shared_ptr<Source> old) {
    if (!old) return;
    old->close();
    repeats.forget();
    leaving.push_back(std::move(old));
}

void Camera::Core::show_slate(std::unique_lock<std::mutex>& lock, CameraState state) {
    // As wide and high as the pictures, but no larger than a slate needs to be: each state keeps one.
    int slate_width = width, slate_height = height;
    while (slate_width > most_slate_side || slate_height > most_slate_side) slate_width /= 2, slate_height /= 2;
    lock.unlock();
    std::shared_ptr<VideoFrame>& kept = slates[state];
    if (!kept || kept->width() != ((slate_width + 1) & ~1) || kept->height() != ((slate_height + 1) & ~1)) {
        auto slate = std::make_shared<VideoFrame>(slate_width, slate_height);
        fill(slate->view(), 40, 128, 128);
        try {
            stage.paint_slate(slate->view(), config, state);
        } catch (const std::exception& error) {
            log::warn("capture", "The slate could not be painted; a grey picture is shown instead.",
                      {{"camera", config.id}, {"reason", error.what()}});
        }
        slate->capture_ns = steady_now();
        kept = std::move(slate);
    }
    Picture old{kept, false, state};
    lock.lock();
    // A picture may have come meanwhile: it counts for more.
    if (health.state() == state) std::swap(newest, old);
}

void Camera::Core::open_source() {
    if (!camera_stage) {
        tell([](CameraHealth& h) { h.broken(steady_now(), "There is nothing that could apply the camera's privacy masks."); });
    } else if (config.source.scheme == "sim") {
        open_simulated();
    } else {
        open_pipeline();
    }
}

void Camera::Core::open_simulated() {
    auto made = stage.open_simulated(config.source.rest);
    if (!made) {
        tell([&](CameraHealth& h) { h.broken(steady_now(), made.error().message); });
        return;
    }
    std::shared_ptr<SimulatedCamera> camera(std::move(*made));
    const auto render = [this, camera](std::uint64_t sequence, Nanoseconds capture_ns) {
        auto frame = pool.take(camera->width(), camera->height());
        camera->render(frame->view(), sequence);
        frame->sequence = sequence;
        frame->capture_ns = capture_ns;
        take(std::move(frame));
    };
    const auto skipped = [this](std::uint64_t count) {
        std::lock_guard lock(mutex);
        dropped += count;
    };
    source = std::make_shared<SimSource>(camera->fps(), options.epoch, render, skipped);
}

void Camera::Core::open_pipeline() {
    SourceRequest request;
    request.spec = config.source;
    request.way = way;
    request.loop = config.loop;
    request.latency_ms = config.latency_ms;
    request.epoch = options.epoch;
    SourceEvents events;
    events.answered = [this] {
        tell([this](CameraHealth& h) {
            attempt_answered = true;
            h.answered();
        });
    };
    events.picture = [this](GstSample* sample, Nanoseconds capture_ns) {
        auto frame = copy_picture(sample, pool);
        if (!frame) return;
        frame->sequence = next_sequence++;
        frame->capture_ns = last_capture = std::max(capture_ns, last_capture + 1);
        take(std::move(frame));
    };
    events.sound = [this](const std::int16_t* samples, std::size_t count, Nanoseconds pts) { audio_blocks.put(samples, count, pts); };
    events.dropped = [this] {
        std::lock_guard lock(mutex);
        ++dropped;
    };
    events.broken = [this](const std::string& reason) { broken(reason); };
    events.ended = [this] { tell([this](CameraHealth& h) { h.ended(steady_now(), config.source.scheme == "file" && !config.loop); }); };
    source = GstSource::open(std::move(request), std::move(events));
}

void Camera::Core::broken(const std::string& reason) {
    tell([&](CameraHealth& h) {
        const std::string sentence = explain_failure(config.source, reason, attempt_answered);
        other_way = another_way_may_help(reason);
        h.broken(steady_now(), sentence);
    });
}

/// A camera may give one picture a second, or none for a while: the one that stands is masked again, over the old masks.
void Camera::Core::mask_standing(std::unique_lock<std::mutex>& lock) {
    standing_old = false;
    if (!newest.live || !newest.frame || masks->empty()) return;
    const VideoFramePtr standing = newest.frame;
    const Masks wanted = masks;
    lock.unlock();
    auto frame = std::make_shared<VideoFrame>(standing->width(), standing->height());
    copy(standing->view(), frame->view());
    frame->sequence = standing->sequence;
    frame->capture_ns = standing->capture_ns;
    Result<void> masked;
    try {
        masked = stage.mask(frame->view(), *wanted);
    } catch (const std::exception& error) {
        masked = fail(error.what());
    }
    VideoFramePtr old = std::move(frame);
    lock.lock();
    if (newest.frame != standing) return;
    if (masked) {
        std::swap(newest.frame, old);
    } else {
        health.mask_failed(steady_now(), masked.error().message);
    }
}

// The camera's streaming thread, from a decoded frame of our own to the published picture.
void Camera::Core::take(std::shared_ptr<VideoFrame> frame) {
    const bool repeated = can_freeze && repeats.repeats(static_cast<const VideoFrame&>(*frame).view());
    Masks wanted;
    {
        std::lock_guard lock(mutex);
        wanted = masks;
    }
    Result<void> masked;
    try {
        if (wanted != staged) {
            camera_stage->set_masks(*wanted);
            staged = wanted;
        }
        masked = camera_stage->process(frame->view(), frame->sequence, frame->capture_ns);
    } catch (const std::exception& error) {
        masked = fail(error.what());
    } catch (...) {
        masked = fail("unknown reason");
    }
    const Nanoseconds now = steady_now();
    Picture old;
    bool look = false;
    {
        std::lock_guard lock(mutex);
        const CameraState before = health.state();
        attempt_shown = true;
        if (!masked) {
            ++dropped;
            health.mask_failed(now, masked.error().message);
        } else if (health.picture(now, repeated)) {
            ++frames;
            width = frame->width();
            height = frame->height();
            old = Picture{std::move(frame), true, CameraState::live};
            std::swap(newest, old);
            standing_old = masks != wanted;  // new ones came while this picture was masked
            look = standing_old;
        } else {
            ++dropped;
            look = true;
        }
        look = look || health.state() != before;
    }
    if (look) woken.notify_one();
}

}  // namespace vitrine
