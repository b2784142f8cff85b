#include "pipelines/deliver/webrtc_peer_session.h"

#include <gst/app/gstappsrc.h>
#include <gst/sdp/sdp.h>
#include <gst/video/video.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include <condition_variable>
#include <mutex>

#include "engine/barrier.h"
#include "pipelines/deliver/ice_reach.h"

namespace vitrine {
namespace {

constexpr guint64 units_inside = 4;   ///< handed over and not yet packetised
constexpr unsigned resend_ms = 2000;  ///< how long packets are kept for NACKs

struct Promise {
    GstPromise* promise = gst_promise_new();
    ~Promise() { gst_promise_unref(promise); }
    /// Null unless it was answered; then the reply is still owned by the promise.
    const GstStructure* wait() {
        return gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED ? gst_promise_get_reply(promise) : nullptr;
    }
};

/// Nothing when the reply holds no error.
std::string error_in(const GstStructure* reply) {
    if (!reply || !gst_structure_has_field(reply, "error")) return {};
    GError* error = nullptr;
    gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr);
    const std::string text = error ? error->message : "unknown";
    g_clear_error(&error);
    return text;
}

using Description = std::unique_ptr<GstWebRTCSessionDescription, decltype(&gst_webrtc_session_description_free)>;

Result<Description> parse_sdp(GstWebRTCSDPType type, const std::string& text) {
    GstSDPMessage* message = nullptr;
    if (gst_sdp_message_new_from_text(text.c_str(), &message) != GST_SDP_OK) {
        if (message) gst_sdp_message_free(message);
        return fail("The offer is not SDP that can be read.", ErrorKind::bad_input);
    }
    return Description(gst_webrtc_session_description_new(type, message), gst_webrtc_session_description_free);
}

void for_each(GstElement* bin, const char* factory, const std::function<void(GstElement*)>& act) {
    GstIterator* inside = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin), factory);
    gst_iterator_foreach(
        inside,
        barrier::barred<"viewer elements",
                        [](const GValue* item, gpointer act) {
                            (*static_cast<const std::function<void(GstElement*)>*>(act))(GST_ELEMENT(g_value_get_object(item)));
                        }>,
        const_cast<std::function<void(GstElement*)>*>(&act));
    gst_iterator_free(inside);
}

}  // namespace

/// What webrtcbin's threads write to; kept alive by the signals themselves.
struct WebRtcSession::Wire {
    Events events;
    IceReach reach{own_networks()};
    std::mutex mutex;
    std::condition_variable changed;
    bool gathered = false;
    std::vector<std::string> candidates;

    using Held = std::shared_ptr<Wire>;
    static void connect(const Held& wire, gpointer object, const char* signal, GCallback callback) {
        g_signal_connect_data(
            object, signal, callback, new Held(wire), [](gpointer held, GClosure*) { delete static_cast<Held*>(held); }, GConnectFlags{});
    }
    static Wire& of(gpointer held) { return **static_cast<Held*>(held); }

    static void on_candidate(GstElement*, guint, gchar* candidate, gpointer held) {
        Wire& wire = of(held);
        wire.reach.is_ours(candidate);
        std::lock_guard lock(wire.mutex);
        if (usable_candidate(candidate)) wire.candidates.emplace_back(candidate);
    }
    static void on_gathering(GstElement* webrtc, GParamSpec*, gpointer held) {
        GstWebRTCICEGatheringState state{};
        g_object_get(webrtc, "ice-gathering-state", &state, nullptr);
        Wire& wire = of(held);
        {
            std::lock_guard lock(wire.mutex);
            wire.gathered = state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
        }
        wire.changed.notify_all();
    }
    static void on_connection(GstElement* webrtc, GParamSpec*, gpointer held) {
        GstWebRTCPeerConnectionState state{};
        g_object_get(webrtc, "connection-state", &state, nullptr);
        Wire& wire = of(held);
        if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED) wire.events.connected();
        if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED) wire.events.closed("the connection failed");
        if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED) wire.events.closed("the viewer closed the connection");
    }
    /// DTLS close_notify ends the stream into dtlsdec; webrtcbin 1.22 itself takes no notice of it.
    static GstPadProbeReturn on_downstream(GstPad*, GstPadProbeInfo* info, gpointer held) {
        if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) of(held).events.closed("the viewer closed the connection");
        return GST_PAD_PROBE_OK;
    }
    static void probe(const Held& wire, GstPad* pad, GstPadProbeType what, GstPadProbeCallback callback) {
        gst_pad_add_probe(pad, what, callback, new Held(wire), [](gpointer held) { delete static_cast<Held*>(held); });
    }
    static GstPadProbeReturn on_upstream(GstPad*, GstPadProbeInfo* info, gpointer held) {
        if (gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info))) of(held).events.keyframe();
        return GST_PAD_PROBE_OK;
    }
};

Result<std::unique_ptr<WebRtcSession>> WebRtcSession::open(ReducedOffer offer, Nanoseconds epoch,
                                                           const std::vector<std::string>& stun_servers, Events events) {
    std::unique_ptr<WebRtcSession> made(new WebRtcSession);
    made->offer_ = std::move(offer);
    made->wire_ = std::make_shared<Wire>();
    made->wire_->events = std::move(events);

    std::string description = "webrtcbin name=rtc bundle-policy=max-bundle latency=0 ";
    for (const OfferedMedia& media : made->offer_.media) {
        Branch& branch = media.video ? made->video_ : made->audio_;
        branch.ssrc = g_random_int();
        branch.timestamp_offset = g_random_int();
        // Payloaders take their offsets over when they leave READY; set later, they would be of no effect.
        const std::string numbers = " mtu=1200 pt=" + std::to_string(media.payload_type) + " ssrc=" + std::to_string(branch.ssrc) +
                                    " timestamp-offset=" + std::to_string(branch.timestamp_offset) + " ";
        description += media.video
                           ? "appsrc name=video is-live=true format=time do-timestamp=false "
                             "caps=video/x-h264,stream-format=byte-stream,alignment=au ! "
                             "rtph264pay name=vpay aggregate-mode=zero-latency config-interval=-1" +
                                 numbers
                           : "appsrc name=audio is-live=true format=time do-timestamp=false caps=audio/x-opus,rate=48000,channels=2,"
                             "channel-mapping-family=0 ! rtpopuspay name=apay" +
                                 numbers;
    }
    auto pipeline = gst::Pipeline::parse(description, "viewer", epoch);
    if (!pipeline) return tl::unexpected(pipeline.error());
    made->pipeline_ = std::move(*pipeline);
    made->webrtc_ = made->pipeline_->element("rtc");
    GstElement* webrtc = made->webrtc_.get();
    made->pipeline_->listen({.error = [wire = made->wire_](const std::string& element, const std::string& why) {
        wire->events.closed("sending failed in " + element + ": " + why);
    }});
    if (!stun_servers.empty()) {
        std::string server = stun_servers.front();
        if (server.rfind("stun:", 0) == 0 && server.rfind("stun://", 0) != 0) server = "stun://" + server.substr(5);
        g_object_set(webrtc, "stun-server", server.c_str(), nullptr);
    }
    // Only UDP is answered, so sockets for TCP candidates and UPnP would be open for nothing.
    GObject* ice = nullptr;
    g_object_get(webrtc, "ice-agent", &ice, nullptr);
    if (ice) {
        GObject* agent = nullptr;
        if (g_object_class_find_property(G_OBJECT_GET_CLASS(ice), "agent")) g_object_get(ice, "agent", &agent, nullptr);
        if (agent) {
            g_object_set(agent, "ice-tcp", FALSE, "upnp", FALSE, nullptr);
            g_object_unref(agent);
        }
        g_object_unref(ice);
    }
    Wire::connect(made->wire_, webrtc, "on-ice-candidate", G_CALLBACK((barrier::barred<"viewer candidate", &Wire::on_candidate>)));
    Wire::connect(made->wire_, webrtc, "notify::ice-gathering-state",
                  G_CALLBACK((barrier::barred<"viewer gathering", &Wire::on_gathering>)));
    Wire::connect(made->wire_, webrtc, "notify::connection-state", G_CALLBACK((barrier::barred<"viewer state", &Wire::on_connection>)));
    if (auto played = made->pipeline_->play(); !played) return tl::unexpected(played.error());
    return made;
}

WebRtcSession::~WebRtcSession() {
    watch_.reset();
    video_.source.reset();
    audio_.source.reset();
    webrtc_.reset();
    if (pipeline_) pipeline_->stop();
}

/// Binds a payloader to the transceiver that the offer's m-line has made.
Result<void> WebRtcSession::attach(const OfferedMedia& media, Branch& branch) {
    GstElement* webrtc = webrtc_.get();
    branch.source = pipeline_->element(media.video ? "video" : "audio");
    const auto pay = pipeline_->element(media.video ? "vpay" : "apay");
    // Asking for the pad by the m-line's number ties its transceiver to that m-line, whatever the offer's order.
    const std::shared_ptr<GstCaps> caps(
        gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, media.video ? "video" : "audio", "encoding-name", G_TYPE_STRING,
                            media.video ? "H264" : "OPUS", "clock-rate", G_TYPE_INT, media.video ? 90000 : 48000, "payload", G_TYPE_INT,
                            media.payload_type, "ssrc", G_TYPE_UINT, branch.ssrc, nullptr),
        [](GstCaps* c) { gst_caps_unref(c); });
    const std::string name = "sink_" + std::to_string(media.mline);
    GstPadTemplate* pads = gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(webrtc), "sink_%u");
    const gst::Ref<GstPad> sink(gst_element_request_pad(webrtc, pads, name.c_str(), caps.get()));
    const gst::Ref<GstPad> source(gst_element_get_static_pad(pay.get(), "src"));
    if (!sink) return fail("The stream could not be negotiated: webrtcbin gave no pad for m-line " + std::to_string(media.mline) + ".");
    GObject* transceiver = nullptr;
    g_object_get(sink.get(), "transceiver", &transceiver, nullptr);
    g_object_set(transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, "codec-preferences", caps.get(), "do-nack",
                 static_cast<gboolean>(media.video && media.rtx_payload_type >= 0), nullptr);
    g_object_unref(transceiver);
    if (gst_pad_link(source.get(), sink.get()) != GST_PAD_LINK_OK)
        return fail("The stream could not be negotiated: webrtcbin took no " + std::string(media.video ? "video." : "sound."));
    if (media.video)
        Wire::probe(wire_, source.get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
                    barrier::barred<"viewer event", &Wire::on_upstream, GST_PAD_PROBE_OK>);
    return {};
}

Result<std::string> WebRtcSession::answer(std::chrono::milliseconds gather_within, const std::function<bool()>& stopped) {
    GstElement* webrtc = webrtc_.get();
    auto remote = parse_sdp(GST_WEBRTC_SDP_TYPE_OFFER, offer_.sdp);
    if (!remote) return tl::unexpected(remote.error());
    {
        Promise done;
        g_signal_emit_by_name(webrtc, "set-remote-description", remote->get(), done.promise);
        if (const auto why = error_in(done.wait()); !why.empty())
            return fail("The offer cannot be used: " + why + ".", ErrorKind::bad_input);
    }
    for (const OfferedMedia& media : offer_.media)
        if (auto attached = attach(media, media.video ? video_ : audio_); !attached) return tl::unexpected(attached.error());

    Description local(nullptr, gst_webrtc_session_description_free);
    {
        Promise done;
        g_signal_emit_by_name(webrtc, "create-answer", nullptr, done.promise);
        const GstStructure* reply = done.wait();
        GstWebRTCSessionDescription* answer = nullptr;
        if (reply && gst_structure_has_field(reply, "answer"))
            gst_structure_get(reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, nullptr);
        if (!answer) return fail("No answer could be made for the offer: " + error_in(reply) + ".", ErrorKind::bad_input);
        local.reset(answer);
    }
    {
        Promise done;
        g_signal_emit_by_name(webrtc, "set-local-description", local.get(), done.promise);
        if (const auto why = error_in(done.wait()); !why.empty()) return fail("The answer cannot be used: " + why + ".");
    }
    watch_ = std::make_unique<RtpWatch>(webrtc);
    for_each(webrtc, "rtprtxsend",
             [](GstElement* sender) { g_object_set(sender, "max-size-time", resend_ms, "max-size-packets", 0U, nullptr); });
    for_each(webrtc, "dtlsdec", [this](GstElement* decoder) {
        const gst::Ref<GstPad> sink(gst_element_get_static_pad(decoder, "sink"));
        Wire::probe(wire_, sink.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                    barrier::barred<"viewer end", &Wire::on_downstream, GST_PAD_PROBE_OK>);
    });
    std::vector<std::string> candidates;
    {
        const auto deadline = std::chrono::steady_clock::now() + gather_within;
        std::unique_lock lock(wire_->mutex);
        while (!wire_->gathered && !stopped() && std::chrono::steady_clock::now() < deadline)
            wire_->changed.wait_for(lock, std::chrono::milliseconds(20));
        candidates = wire_->candidates;
    }
    // Not before our own addresses are known. Nothing is lost: the viewer can answer no check before it has our answer.
    for (const std::string& candidate : offer_.candidates) add_candidate(0, candidate);
    gchar* text = gst_sdp_message_as_text(local->sdp);
    std::vector<std::uint32_t> clocks;
    for (const OfferedMedia& media : offer_.media) clocks.push_back((media.video ? video_ : audio_).timestamp_offset);
    const std::string answer = complete_answer(text, candidates, "vitrine", clocks);
    g_free(text);
    return answer;
}

void WebRtcSession::add_candidate(unsigned mline, const std::string& candidate) {
    if (!wire_->reach.admits(candidate)) return;
    const std::string line = candidate.rfind("a=", 0) == 0 ? candidate.substr(2) : candidate;
    g_signal_emit_by_name(webrtc_.get(), "add-ice-candidate", mline, line.c_str());
}

namespace {

bool push(GstElement* source, const EncodedUnit& unit) {
    if (gst_app_src_get_current_level_buffers(GST_APP_SRC(source)) >= units_inside) return false;
    return gst_app_src_push_buffer(GST_APP_SRC(source), gst_buffer_ref(unit.buffer.get())) == GST_FLOW_OK;
}

}  // namespace

bool WebRtcSession::push_video(const EncodedUnit& unit) { return push(video_.source.get(), unit); }
bool WebRtcSession::push_audio(const EncodedUnit& unit) { return push(audio_.source.get(), unit); }

std::uint32_t WebRtcSession::video_rtp_time(Nanoseconds pts) const {
    return video_.timestamp_offset + static_cast<std::uint32_t>(gst_util_uint64_scale_int(static_cast<guint64>(pts), 90000, GST_SECOND));
}

}  // namespace vitrine
