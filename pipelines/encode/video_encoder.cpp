#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"
#include "pipelines/encode/demand.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/encode/h264_elements.h"
#include "pipelines/encode/keyframe_gate.h"
#include "pipelines/encode/sei.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t frames_waiting = 3;  ///< in the tap, before the oldest is dropped
constexpr guint64 frames_inside = 2;       ///< handed to the encoder and not begun
constexpr auto linger = 1000ms;
constexpr auto retry_after = 2000ms;         ///< when every candidate has failed
constexpr Nanoseconds same_frame = 500'000;  ///< encoders may round time stamps to µs

}  // namespace

// Threads: worker_ (reads the tap, feeds, starts, stops), the pipeline's streaming thread (deliver, on_error), callers.
struct VideoEncoder::Core {
    Core(std::shared_ptr<ProgramTap> input, Rung rung, Nanoseconds epoch, std::function<void(std::string)> on_notice)
        : input(std::move(input)), rung(std::move(rung)), epoch(epoch), on_notice(std::move(on_notice)) {}

    const std::shared_ptr<ProgramTap> input;
    const Rung rung;
    const Nanoseconds epoch;
    const std::function<void(std::string)> on_notice;
    const std::shared_ptr<EncodedTap> output = EncodedTap::create();
    const std::shared_ptr<Demand> demand = std::make_shared<Demand>(linger);
    KeyframeGate gate;
    std::thread worker;

    mutable std::mutex mutex;
    std::string element;  ///< in use
    struct Truth {
        std::uint64_t number;
        std::shared_ptr<const SceneFrame> scene;
    };
    std::map<Nanoseconds, Truth> inside;  ///< by pts: what the encoder holds. The truth for the way through any encoder.
    std::string failure;                  ///< of the running pipeline
    std::atomic<std::uint64_t> frames{0}, bytes{0}, dropped{0}, lost_scenes{0};

    void work();
    bool run(const std::string& candidate);
    bool feed(GstAppSrc* source, GstPad* encoder, std::shared_ptr<ProgramTap::Reader> reader);
    GstFlowReturn deliver(GstAppSink* sink);
    void failed(const std::string& why) {
        std::lock_guard lock(mutex);
        if (failure.empty()) failure = why;
    }
    bool has_failed() const {
        std::lock_guard lock(mutex);
        return !failure.empty();
    }
    void notice(const std::string& sentence) const {
        log::warn("encode", sentence, {{"rung", rung.name}});
        if (on_notice) on_notice(sentence);
    }
};

void VideoEncoder::Core::work() {
    std::set<std::string> usable;
    std::set<std::string> broken;
    while (demand->wait()) {
        if (usable.empty()) usable = usable_h264_encoders();
        std::set<std::string> left;
        for (const std::string& name : usable)
            if (!broken.count(name)) left.insert(name);
        const auto choice = choose_h264_encoder(left);
        if (!choice) {
            notice(usable.empty()
                       ? choice.error().message
                       : "Every H.264 encoder of this machine has failed; they are tried again in 2 seconds. Check the graphics driver.");
            usable.clear();
            broken.clear();
            demand->pause(retry_after);
            continue;
        }
        if (!run(*choice)) {
            std::string why;
            {
                std::lock_guard lock(mutex);
                why = failure;
            }
            broken.insert(*choice);
            notice("The video encoder " + *choice + " failed (" + why + "); the next one is used instead.");
        }
    }
}

/// One life of the pipeline. False: the encoder failed and another one should be tried.
bool VideoEncoder::Core::run(const std::string& candidate) {
    {
        std::lock_guard lock(mutex);
        failure.clear();
        inside.clear();
    }
    auto pipeline = gst::Pipeline::parse("appsrc name=in is-live=true format=time do-timestamp=false ! " +
                                             h264_description(candidate, rung) + " ! appsink name=out sync=false async=false max-buffers=0",
                                         "encode-" + rung.name, epoch);
    if (!pipeline) {
        failed(pipeline.error().message);
        return false;
    }
    (*pipeline)->listen({.error = [this](const std::string& at, const std::string& why) { failed(at + ": " + why); }});
    const auto source = (*pipeline)->element("in");
    const auto sink = (*pipeline)->element("out");
    const auto encoder = (*pipeline)->element("encoder");
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample =
        barrier::barred<"encoded picture", [](GstAppSink* s, gpointer core) { return static_cast<Core*>(core)->deliver(s); },
                        GST_FLOW_ERROR>;
    gst_app_sink_set_callbacks(GST_APP_SINK(sink.get()), &callbacks, this, nullptr);
    if (auto played = (*pipeline)->play(); !played) {
        failed(played.error().message);
        return false;
    }
    {
        std::lock_guard lock(mutex);
        element = candidate;
    }
    log::info("encode", "video encoder started", {{"rung", rung.name}, {"element", candidate}});
    const gst::Ref<GstPad> pad(gst_element_get_static_pad(encoder.get(), "src"));
    const bool healthy = feed(GST_APP_SRC(source.get()), pad.get(), input->read(frames_waiting));
    (*pipeline)->stop();
    {
        std::lock_guard lock(mutex);
        element.clear();
        inside.clear();
    }
    log::info("encode", "video encoder stopped", {{"rung", rung.name}, {"element", candidate}});
    return healthy;
}

bool VideoEncoder::Core::feed(GstAppSrc* source, GstPad* encoder, std::shared_ptr<ProgramTap::Reader> reader) {
    int width = 0, height = 0;
    Nanoseconds last_pts = -1;
    const std::uint64_t dropped_before = dropped;
    while (demand->go_on()) {
        if (has_failed()) return false;
        // The queue inside stays short, so that what is too much is dropped in the tap, oldest first.
        if (gst_app_src_get_current_level_buffers(source) >= frames_inside) {
            demand->pause(4ms);
            continue;
        }
        auto frame = reader->pop(20ms);
        dropped = dropped_before + reader->dropped();
        if (!frame || !frame->picture) continue;
        if (frame->pts <= last_pts) continue;  // time stamps must rise; a tick repeated is a tick lost
        last_pts = frame->pts;
        const ConstI420View view = frame->picture->view();
        if (view.width != width || view.height != height) {
            width = view.width;
            height = view.height;
            GstCaps* caps =
                gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, width, "height", G_TYPE_INT,
                                    height, "framerate", GST_TYPE_FRACTION, rung.fps, 1, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
                                    "interlace-mode", G_TYPE_STRING, "progressive", "colorimetry", G_TYPE_STRING, "bt709", nullptr);
            gst_app_src_set_caps(source, caps);
            gst_caps_unref(caps);
        }
        if (gate.due(frame->pts)) gst_pad_send_event(encoder, gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
        {
            std::lock_guard lock(mutex);
            inside.emplace(frame->pts, Truth{frame->scene ? frame->scene->number : frame->picture->sequence, frame->scene});
        }
        GstBuffer* buffer = gst::wrap(frame->picture, frame->pts);
        GST_BUFFER_DURATION(buffer) = GST_SECOND / static_cast<guint64>(rung.fps);
        gst_app_src_push_buffer(source, buffer);
    }
    return true;
}

GstFlowReturn VideoEncoder::Core::deliver(GstAppSink* sink) {
    GstSample* sample = gst_app_sink_pull_sample(sink);
    if (!sample) return GST_FLOW_EOS;
    const std::unique_ptr<GstSample, decltype(&gst_sample_unref)> hold(sample, gst_sample_unref);
    GstBuffer* coded = gst_sample_get_buffer(sample);
    // Encoders may shift time stamps together with their segment; running time is what stays.
    const auto running = gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(coded));
    if (running == GST_CLOCK_TIME_NONE) return GST_FLOW_OK;
    Nanoseconds pts = static_cast<Nanoseconds>(running);

    EncodedUnit unit;
    {
        std::lock_guard lock(mutex);
        auto found = inside.lower_bound(pts - same_frame);
        if (found != inside.end() && found->first <= pts + same_frame) {
            pts = found->first;
            unit.number = found->second.number;
            unit.scene = found->second.scene;
            inside.erase(inside.begin(), std::next(found));  // older ones were dropped by the encoder
        }
    }
    unit.keyframe = !GST_BUFFER_FLAG_IS_SET(coded, GST_BUFFER_FLAG_DELTA_UNIT);
    if (unit.keyframe) gate.made(pts);

    const gst::ReadMap map(coded);
    if (!map) return GST_FLOW_ERROR;
    const std::span<const std::uint8_t> access_unit(map.data(), map.size());
    const auto position = sei_position(access_unit);
    const std::vector<std::uint8_t> sei = unit.scene && position ? make_scene_sei(to_cbor(*unit.scene)) : std::vector<std::uint8_t>{};
    if (sei.empty()) ++lost_scenes;
    const std::size_t before = position.value_or(0);
    GstBuffer* whole = gst_buffer_new_allocate(nullptr, map.size() + sei.size(), nullptr);
    unit.buffer = gst::share_buffer(whole);
    gst_buffer_fill(whole, 0, map.data(), before);
    gst_buffer_fill(whole, before, sei.data(), sei.size());
    gst_buffer_fill(whole, before + sei.size(), map.data() + before, map.size() - before);
    GST_BUFFER_PTS(whole) = GST_BUFFER_DTS(whole) = static_cast<GstClockTime>(pts);
    GST_BUFFER_DURATION(whole) = GST_SECOND / static_cast<guint64>(rung.fps);
    if (!unit.keyframe) GST_BUFFER_FLAG_SET(whole, GST_BUFFER_FLAG_DELTA_UNIT);
    ++frames;
    bytes += gst_buffer_get_size(whole);
    output->push(unit);
    return GST_FLOW_OK;
}

VideoEncoder::VideoEncoder(std::shared_ptr<ProgramTap> input, Rung rung, Nanoseconds epoch, std::function<void(std::string)> on_notice)
    : core_(std::make_shared<Core>(std::move(input), std::move(rung), epoch, std::move(on_notice))) {
    gst::init();
    core_->output->on_readers([demand = core_->demand](std::size_t readers) { demand->set(readers); });
    core_->worker = barrier::thread("encode", [core = core_.get()] { core->work(); });
}

VideoEncoder::~VideoEncoder() {
    core_->demand->close();
    core_->worker.join();
}

const Rung& VideoEncoder::rung() const { return core_->rung; }
std::shared_ptr<EncodedTap> VideoEncoder::output() const { return core_->output; }
void VideoEncoder::request_keyframe() { core_->gate.request(); }
bool VideoEncoder::running() const { return !element().empty(); }

std::string VideoEncoder::element() const {
    std::lock_guard lock(core_->mutex);
    return core_->element;
}

EncoderFigures VideoEncoder::figures() const { return {core_->frames, core_->dropped, core_->bytes, core_->lost_scenes}; }

}  // namespace vitrine
