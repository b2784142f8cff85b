#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <atomic>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"
#include "pipelines/encode/demand.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/encode/pcm.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t blocks_waiting = 30;  ///< 0.3 s
constexpr auto linger = 1000ms;
constexpr auto retry_after = 5000ms;

}  // namespace

struct AudioEncoder::Core {
    std::shared_ptr<AudioTap> input;
    Nanoseconds epoch = 0;
    std::shared_ptr<EncodedTap> output = EncodedTap::create();
    std::shared_ptr<Demand> demand = std::make_shared<Demand>(linger);
    std::atomic<bool> failed{false};
    std::thread worker;

    void work() {
        while (demand->wait())
            if (!run()) demand->pause(retry_after);
    }
    bool run();
    GstFlowReturn deliver(GstAppSink* sink);
};

bool AudioEncoder::Core::run() {
    failed = false;
    // Packets of 10 ms: a receiver holds back whole packets, and its picture waits for its sound.
    // The FEC copy in the next packet repairs single losses; opusenc makes it only when told to expect loss.
    auto pipeline = gst::Pipeline::parse(
        "appsrc name=in is-live=true format=time do-timestamp=false ! opusenc audio-type=generic frame-size=10 bitrate=64000 "
        "bitrate-type=cbr"
        " inband-fec=true packet-loss-percentage=8 complexity=5 ! appsink name=out sync=false async=false",
        "encode-audio", epoch);
    if (!pipeline) {
        log::error("encode", pipeline.error().message);
        return false;
    }
    (*pipeline)->listen({.error = [this](const std::string& at, const std::string& why) {
        log::error("encode", "The sound encoder failed; it is started again in 5 seconds.", {{"element", at}, {"reason", why}});
        failed = true;
    }});
    const auto source = (*pipeline)->element("in");
    const auto sink = (*pipeline)->element("out");
    gst_app_src_set_caps(GST_APP_SRC(source.get()), pcm_caps().get());
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample =
        barrier::barred<"encoded sound", [](GstAppSink* s, gpointer core) { return static_cast<Core*>(core)->deliver(s); }, GST_FLOW_ERROR>;
    gst_app_sink_set_callbacks(GST_APP_SINK(sink.get()), &callbacks, this, nullptr);
    if (auto played = (*pipeline)->play(); !played) {
        log::error("encode", played.error().message);
        return false;
    }
    const auto reader = input->read(blocks_waiting);
    while (demand->go_on() && !failed) {
        auto block = reader->pop(20ms);
        if (!block || !block->samples || block->samples->empty()) continue;
        gst_app_src_push_buffer(GST_APP_SRC(source.get()), wrap_pcm(*block));
    }
    return !failed;
}

GstFlowReturn AudioEncoder::Core::deliver(GstAppSink* sink) {
    GstSample* sample = gst_app_sink_pull_sample(sink);
    if (!sample) return GST_FLOW_EOS;
    const std::unique_ptr<GstSample, decltype(&gst_sample_unref)> hold(sample, gst_sample_unref);
    GstBuffer* packet = gst_sample_get_buffer(sample);
    const auto running = gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(packet));
    if (running == GST_CLOCK_TIME_NONE) return GST_FLOW_OK;
    GstBuffer* copy = gst_buffer_copy(packet);
    GST_BUFFER_PTS(copy) = GST_BUFFER_DTS(copy) = running;
    output->push(EncodedUnit{.buffer = gst::share_buffer(copy), .keyframe = true});
    return GST_FLOW_OK;
}

AudioEncoder::AudioEncoder(std::shared_ptr<AudioTap> input, Nanoseconds epoch) : core_(std::make_shared<Core>()) {
    gst::init();
    core_->input = std::move(input);
    core_->epoch = epoch;
    core_->output->on_readers([demand = core_->demand](std::size_t readers) { demand->set(readers); });
    core_->worker = barrier::thread("encode sound", [core = core_.get()] { core->work(); });
}

AudioEncoder::~AudioEncoder() {
    core_->demand->close();
    core_->worker.join();
}

std::shared_ptr<EncodedTap> AudioEncoder::output() const { return core_->output; }

}  // namespace vitrine
