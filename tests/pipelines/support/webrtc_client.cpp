#include "tests/pipelines/support/webrtc_client.h"

#include <gst/app/gstappsink.h>
#include <gst/rtp/rtp.h>
#include <gst/sdp/sdp.h>
#include <gst/video/video.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>

#include "pipelines/gst.h"

namespace vitrine::test {

struct WebRtcClient::Core {
    Options options;
    std::unique_ptr<gst::Pipeline> pipeline;
    gst::Ref<GstElement> webrtc;
    std::mutex mutex;
    std::condition_variable changed;
    bool gathered = false, connected = false;
    std::vector<std::string> candidates;
    std::deque<Unit> units;
    gst::Ref<GstPad> video_pad;
    std::atomic<std::uint32_t> rtp_time{0};
    std::atomic<std::uint64_t> audio{0}, lost{0};
    std::atomic<bool> silent{false};
    std::atomic<Nanoseconds> last_sent{0};
    std::mt19937 random{4711};

    static Core& of(gpointer core) { return *static_cast<Core*>(core); }

    template <class F>
    bool wait(std::chrono::milliseconds within, F done) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, within, done);
    }

    void on_pad(GstPad* pad) {
        GstCaps* caps = gst_pad_get_current_caps(pad);
        const bool video = std::string(gst_structure_get_string(gst_caps_get_structure(caps, 0), "media")) == "video";
        gst_caps_unref(caps);
        GstElement* bin = gst_parse_bin_from_description(
            video
                ? "rtph264depay name=depay ! video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false async=false"
                : "fakesink name=out sync=false async=false signal-handoffs=true",
            TRUE, nullptr);
        gst_bin_add(GST_BIN(pipeline->get()), bin);
        const gst::Ref<GstElement> out(gst_bin_get_by_name(GST_BIN(bin), "out"));
        if (video) {
            const gst::Ref<GstElement> depay(gst_bin_get_by_name(GST_BIN(bin), "depay"));
            const gst::Ref<GstPad> in(gst_element_get_static_pad(depay.get(), "sink"));
            gst_pad_add_probe(
                in.get(), GST_PAD_PROBE_TYPE_BUFFER,
                [](GstPad*, GstPadProbeInfo* info, gpointer core) {
                    GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
                    if (gst_rtp_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), GST_MAP_READ, &rtp)) {
                        of(core).rtp_time = gst_rtp_buffer_get_timestamp(&rtp);
                        gst_rtp_buffer_unmap(&rtp);
                    }
                    return GST_PAD_PROBE_OK;
                },
                this, nullptr);
            GstAppSinkCallbacks callbacks{};
            callbacks.new_sample = [](GstAppSink* sink, gpointer core) { return of(core).on_sample(sink); };
            gst_app_sink_set_callbacks(GST_APP_SINK(out.get()), &callbacks, this, nullptr);
            std::lock_guard lock(mutex);
            video_pad = gst::Ref<GstPad>::share(pad);
        } else {
            g_signal_connect(out.get(), "handoff", G_CALLBACK(+[](GstElement*, GstBuffer*, GstPad*, gpointer core) { ++of(core).audio; }),
                             this);
        }
        const gst::Ref<GstPad> sink(gst_element_get_static_pad(bin, "sink"));
        gst_element_sync_state_with_parent(bin);
        gst_pad_link(pad, sink.get());
    }

    GstFlowReturn on_sample(GstAppSink* sink) {
        GstSample* sample = gst_app_sink_pull_sample(sink);
        if (!sample) return GST_FLOW_EOS;
        GstBuffer* buffer = gst_sample_get_buffer(sample);
        Unit unit{.rtp_time = rtp_time, .arrived = steady_now()};
        unit.data.resize(gst_buffer_get_size(buffer));
        gst_buffer_extract(buffer, 0, unit.data.data(), unit.data.size());
        gst_sample_unref(sample);
        {
            std::lock_guard lock(mutex);
            units.push_back(std::move(unit));
        }
        changed.notify_all();
        return GST_FLOW_OK;
    }

    void add_transceiver(bool video) {
        GstCaps* caps = gst_caps_from_string(
            video ? ("application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,payload=" +
                     std::to_string(options.video_payload_type) + "," + options.h264 +
                     ",rtcp-fb-nack=(boolean)true,rtcp-fb-nack-pli=(boolean)true")
                        .c_str()
                  : "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=111");
        GstWebRTCRTPTransceiver* transceiver = nullptr;
        g_signal_emit_by_name(webrtc.get(), "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
        gst_caps_unref(caps);
        // For both kinds: a receiving webrtcbin lets its last transceiver decide for every stream of the bundle.
        g_object_set(transceiver, "do-nack", options.retransmission, nullptr);
        gst_object_unref(transceiver);
    }

    /// Every packet of a sink's pad passes here once fall_silent() or loss asks for it.
    void filter(const gst::Ref<GstPad>& pad, GstPadProbeReturn (*probe)(GstPad*, GstPadProbeInfo*, gpointer)) {
        gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST), probe, this,
                          nullptr);
    }
};

WebRtcClient::WebRtcClient(Options options) : core_(std::make_shared<Core>()) {
    Core& core = *core_;
    core.options = std::move(options);
    core.pipeline = std::move(*gst::Pipeline::parse(
        "webrtcbin name=rtc bundle-policy=max-bundle latency=" + std::to_string(core.options.jitter_ms), "client", steady_now()));
    core.webrtc = core.pipeline->element("rtc");
    GstElement* webrtc = core.webrtc.get();
    GObject *ice = nullptr, *agent = nullptr;
    g_object_get(webrtc, "ice-agent", &ice, nullptr);
    g_object_get(ice, "agent", &agent, nullptr);
    g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, nullptr);
    g_object_unref(agent);
    g_object_unref(ice);
    g_signal_connect(webrtc, "on-ice-candidate", G_CALLBACK(+[](GstElement*, guint, gchar* candidate, gpointer c) {
                         std::lock_guard lock(Core::of(c).mutex);
                         Core::of(c).candidates.emplace_back(candidate);
                     }),
                     &core);
    g_signal_connect(webrtc, "notify::ice-gathering-state", G_CALLBACK(+[](GstElement* w, GParamSpec*, gpointer c) {
                         GstWebRTCICEGatheringState state{};
                         g_object_get(w, "ice-gathering-state", &state, nullptr);
                         std::lock_guard lock(Core::of(c).mutex);
                         Core::of(c).gathered = state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
                         Core::of(c).changed.notify_all();
                     }),
                     &core);
    g_signal_connect(webrtc, "notify::connection-state", G_CALLBACK(+[](GstElement* w, GParamSpec*, gpointer c) {
                         GstWebRTCPeerConnectionState state{};
                         g_object_get(w, "connection-state", &state, nullptr);
                         std::lock_guard lock(Core::of(c).mutex);
                         Core::of(c).connected = state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
                         Core::of(c).changed.notify_all();
                     }),
                     &core);
    g_signal_connect(webrtc, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer c) {
                         if (GST_PAD_IS_SRC(pad)) Core::of(c).on_pad(pad);
                     }),
                     &core);
    (void)core.pipeline->play();
    if (core.options.audio && core.options.audio_first) core.add_transceiver(false);
    if (core.options.video) core.add_transceiver(true);
    if (core.options.audio && !core.options.audio_first) core.add_transceiver(false);
}

WebRtcClient::~WebRtcClient() {
    {
        std::lock_guard lock(core_->mutex);  // a pad may be appearing
        core_->video_pad.reset();
    }
    core_->webrtc.reset();
    core_->pipeline->stop();
}

std::string WebRtcClient::offer() {
    Core& core = *core_;
    GstPromise* promise = gst_promise_new();
    g_signal_emit_by_name(core.webrtc.get(), "create-offer", nullptr, promise);
    gst_promise_wait(promise);
    GstWebRTCSessionDescription* offer = nullptr;
    gst_structure_get(gst_promise_get_reply(promise), "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, nullptr);
    gst_promise_unref(promise);
    promise = gst_promise_new();
    g_signal_emit_by_name(core.webrtc.get(), "set-local-description", offer, promise);
    gst_promise_wait(promise);
    gst_promise_unref(promise);
    core.wait(std::chrono::seconds(5), [&] { return core.gathered; });
    gchar* text = gst_sdp_message_as_text(offer->sdp);
    std::string sdp = text;
    g_free(text);
    gst_webrtc_session_description_free(offer);
    std::lock_guard lock(core.mutex);
    for (const std::string& candidate : core.candidates) sdp += "a=" + candidate + "\r\n";
    return sdp;
}

void WebRtcClient::accept(const std::string& answer) {
    Core& core = *core_;
    GstSDPMessage* message = nullptr;
    gst_sdp_message_new_from_text(answer.c_str(), &message);
    GstWebRTCSessionDescription* description = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
    GstPromise* promise = gst_promise_new();
    g_signal_emit_by_name(core.webrtc.get(), "set-remote-description", description, promise);
    gst_promise_wait(promise);
    gst_promise_unref(promise);
    gst_webrtc_session_description_free(description);
    const gst::Ref<GstElement> rtpbin(gst_bin_get_by_name(GST_BIN(core.webrtc.get()), "rtpbin"));
    if (core.options.loss > 0) {
        const gst::Ref<GstPad> pad(gst_element_get_static_pad(rtpbin.get(), "recv_rtp_sink_0"));
        core.filter(pad, [](GstPad*, GstPadProbeInfo*, gpointer c) {
            Core& client = Core::of(c);
            if (std::uniform_real_distribution<>(0, 1)(client.random) >= client.options.loss) return GST_PAD_PROBE_OK;
            ++client.lost;
            return GST_PAD_PROBE_DROP;
        });
    }
    GstIterator* sinks = gst_bin_iterate_all_by_element_factory_name(GST_BIN(core.webrtc.get()), "nicesink");
    gst_iterator_foreach(
        sinks,
        [](const GValue* item, gpointer c) {
            const gst::Ref<GstPad> pad(gst_element_get_static_pad(GST_ELEMENT(g_value_get_object(item)), "sink"));
            Core::of(c).filter(pad, [](GstPad*, GstPadProbeInfo*, gpointer core) {
                if (Core::of(core).silent) return GST_PAD_PROBE_DROP;
                Core::of(core).last_sent = steady_now();
                return GST_PAD_PROBE_OK;
            });
        },
        &core);
    gst_iterator_free(sinks);
}

bool WebRtcClient::wait_connected(std::chrono::milliseconds within) {
    return core_->wait(within, [&] { return core_->connected; });
}

std::optional<WebRtcClient::Unit> WebRtcClient::next(std::chrono::milliseconds within) {
    if (!core_->wait(within, [&] { return !core_->units.empty(); })) return std::nullopt;
    std::lock_guard lock(core_->mutex);
    Unit unit = std::move(core_->units.front());
    core_->units.pop_front();
    return unit;
}

std::uint64_t WebRtcClient::audio_packets() const { return core_->audio; }
std::uint64_t WebRtcClient::lost_packets() const { return core_->lost; }

std::uint64_t WebRtcClient::recovered_packets() const {
    std::uint64_t recovered = 0;
    GstIterator* buffers = gst_bin_iterate_all_by_element_factory_name(GST_BIN(core_->webrtc.get()), "rtpjitterbuffer");
    gst_iterator_foreach(
        buffers,
        [](const GValue* item, gpointer sum) {
            GstStructure* stats = nullptr;
            g_object_get(g_value_get_object(item), "stats", &stats, nullptr);
            guint64 count = 0;
            gst_structure_get_uint64(stats, "rtx-success-count", &count);
            gst_structure_free(stats);
            *static_cast<std::uint64_t*>(sum) += count;
        },
        &recovered);
    gst_iterator_free(buffers);
    return recovered;
}

void WebRtcClient::ask_keyframe() {
    gst::Ref<GstPad> pad;
    {
        std::lock_guard lock(core_->mutex);
        pad = core_->video_pad;
    }
    if (pad) gst_pad_send_event(pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 1));
}

void WebRtcClient::say_goodbye() {
    // What a browser does on close(): DTLS close_notify. dtlsenc sends it at the end of its stream.
    GstIterator* encoders = gst_bin_iterate_all_by_element_factory_name(GST_BIN(core_->webrtc.get()), "dtlsenc");
    gst_iterator_foreach(
        encoders,
        [](const GValue* item, gpointer) {
            auto* encoder = GST_ELEMENT(g_value_get_object(item));
            gst::Ref<GstPad> pad(gst_element_get_static_pad(encoder, "sink"));
            if (!pad) pad = gst::Ref<GstPad>(gst_element_request_pad_simple(encoder, "sink"));
            gst_pad_send_event(pad.get(), gst_event_new_eos());
        },
        nullptr);
    gst_iterator_free(encoders);
}

void WebRtcClient::fall_silent() { core_->silent = true; }

Nanoseconds WebRtcClient::last_sent() const { return core_->last_sent; }

void WebRtcClient::set_rtcp_interval(Nanoseconds interval) {
    const gst::Ref<GstElement> rtpbin(gst_bin_get_by_name(GST_BIN(core_->webrtc.get()), "rtpbin"));
    GObject* session = nullptr;
    g_signal_emit_by_name(rtpbin.get(), "get-internal-session", 0, &session);
    if (!session) return;
    g_object_set(session, "rtcp-min-interval", static_cast<guint64>(interval), nullptr);
    g_object_unref(session);
}

}  // namespace vitrine::test
