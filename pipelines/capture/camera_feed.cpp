#include "pipelines/capture/camera_feed.h"

#include <chrono>
#include <mutex>
#include <thread>

#include "pipelines/capture/camera.h"
#include "pipelines/gst.h"

namespace vitrine {

namespace {

CameraConfig config_of(const SourceSpec& source) {
    CameraConfig config;
    config.id = "camera";
    config.name.by_language["en"] = source.text();
    config.source = source;
    config.loop = false;
    return config;
}

constexpr auto pause = std::chrono::milliseconds(5);  // a fraction of a frame

}  // namespace

struct CameraFeed::Core {
    std::mutex lock;
    std::string detail;  // under `lock`
    VideoFramePtr last;
    std::unique_ptr<Camera> camera;
};

CameraFeed::CameraFeed(const SourceSpec& source, FrameStage& stage) : core_(std::make_unique<Core>()) {
    gst::init();
    CameraOptions options;
    options.epoch = steady_now();
    core_->camera = std::make_unique<Camera>(config_of(source), stage, options, [core = core_.get()](const CameraStatus& status) {
        std::lock_guard hold(core->lock);
        core->detail = status.detail;
    });
    core_->camera->start();
}

CameraFeed::~CameraFeed() { core_->camera.reset(); }

Result<VideoFramePtr> CameraFeed::next(Nanoseconds most) {
    const Nanoseconds until = steady_now() + most;
    for (;;) {
        const Camera::Picture picture = core_->camera->newest();
        if (picture.live && picture.frame && picture.frame != core_->last) return core_->last = picture.frame;
        if (steady_now() > until) {
            std::lock_guard hold(core_->lock);
            return fail(core_->detail.empty() ? "The camera gives no picture." : core_->detail);
        }
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace vitrine
