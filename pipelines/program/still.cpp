#include "pipelines/program/still.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"

namespace vitrine {
namespace {

constexpr std::chrono::milliseconds frame_within{1000};

// From BT.709 to BT.601 through R'G'B', written out. Luma gains a little of both colour differences, these gain a little of each other;
// grey stays grey.
constexpr double luma_scale = 255.0 / 219, colour_scale = 255.0 / 224;
constexpr double y_from_cb = 0.10159, y_from_cr = 0.19610;
constexpr double cb_from_cb = 0.98985, cb_from_cr = -0.11067;
constexpr double cr_from_cr = 0.98338, cr_from_cb = -0.07246;
constexpr int one = 1 << 14;

constexpr int fixed(double value) { return static_cast<int>(value * one + (value < 0 ? -0.5 : 0.5)); }
std::uint8_t byte(int scaled) { return static_cast<std::uint8_t>(std::clamp((scaled + one / 2) >> 14, 0, 255)); }

/// Both pictures have the same size.
void recolour(const ConstI420View& from, const I420View& to) {
    for (int row = 0; row < from.height / 2; ++row) {
        const std::uint8_t *u = from.u + row * from.stride_uv, *v = from.v + row * from.stride_uv;
        std::uint8_t *to_u = to.u + row * to.stride_uv, *to_v = to.v + row * to.stride_uv;
        for (int x = 0; x < from.width / 2; ++x) {
            const int cb = u[x] - 128, cr = v[x] - 128;
            to_u[x] = byte(128 * one + fixed(colour_scale * cb_from_cb) * cb + fixed(colour_scale * cb_from_cr) * cr);
            to_v[x] = byte(128 * one + fixed(colour_scale * cr_from_cr) * cr + fixed(colour_scale * cr_from_cb) * cb);
            const int tint = fixed(colour_scale * y_from_cb) * cb + fixed(colour_scale * y_from_cr) * cr;
            for (int half = 0; half < 2; ++half) {
                const std::uint8_t* y = from.y + (2 * row + half) * from.stride_y + 2 * x;
                std::uint8_t* to_y = to.y + (2 * row + half) * to.stride_y + 2 * x;
                for (int i = 0; i < 2; ++i) to_y[i] = byte(fixed(luma_scale) * (y[i] - 16) + tint);
            }
        }
    }
}

Result<Still> still_of(const ProgramFrame& frame) {
    auto jpeg = jpeg_of(frame.picture->view(), 95);
    if (!jpeg) return tl::unexpected(jpeg.error());
    Still still{std::make_shared<const std::string>(std::move(*jpeg)), frame.picture->sequence, {}};
    if (frame.scene) {
        still.frame = frame.scene->number;
        still.scene = to_cbor(*frame.scene);
    }
    return still;
}

}  // namespace

Result<std::string> jpeg_of(const ConstI420View& picture, int quality) {
    VideoFrame full(picture.width, picture.height);
    const I420View view = full.view();
    recolour(picture, view);
    const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
    if (!encoder) return fail("The JPEG encoder could not start.");
    std::array<const unsigned char*, 3> planes{view.y, view.u, view.v};
    const std::array<int, 3> strides{view.stride_y, view.stride_uv, view.stride_uv};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int failed = tjCompressFromYUVPlanes(encoder.get(), planes.data(), view.width, strides.data(), view.height, TJSAMP_420, &bytes,
                                               &size, quality, TJFLAG_ACCURATEDCT);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(bytes, tjFree);
    if (failed != 0) return fail(std::string("The picture could not be written as JPEG: ") + tjGetErrorStr2(encoder.get()) + ".");
    return std::string(reinterpret_cast<const char*>(bytes), size);
}

struct StillMaker::Core {
    std::shared_ptr<ProgramTap> program;

    std::mutex mutex;  ///< guards what follows
    std::condition_variable wake;
    std::vector<std::function<void(Result<Still>)>> waiting;
    bool stopping = false;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [&] { return stopping || !waiting.empty(); });
            if (stopping && waiting.empty()) return;
            const bool closing = stopping;
            lock.unlock();
            Result<Still> still = closing
                                      ? Result<Still>(fail("The show is closing."))
                                      : barrier::answer("still picture", Result<Still>(fail("The picture could not be made; try again.")),
                                                        [&] { return make(); });
            lock.lock();
            const auto answered = std::exchange(waiting, {});
            lock.unlock();
            for (const auto& done : answered) barrier::run("still done", [&] { done(still); });
            lock.lock();
        }
    }

    Result<Still> make() {
        const auto reader = program->read(1);
        const auto frame = reader->pop(frame_within);
        if (!frame || !frame->picture) return fail("The program gives no picture at the moment; try again.");
        return still_of(*frame);
    }
};

StillMaker::StillMaker(std::shared_ptr<ProgramTap> program) : core_(std::make_unique<Core>()) {
    core_->program = std::move(program);
    core_->thread = barrier::thread("still", [core = core_.get()] { core->run(); });
}

StillMaker::~StillMaker() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    core_->thread.join();
}

void StillMaker::take(std::function<void(Result<Still>)> done) {
    {
        std::lock_guard lock(core_->mutex);
        core_->waiting.push_back(std::move(done));
    }
    core_->wake.notify_all();
}

}  // namespace vitrine
