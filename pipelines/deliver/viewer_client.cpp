#include "pipelines/deliver/viewer_client.h"

#include <curl/curl.h>
#include <gst/app/gstappsink.h>
#include <gst/sdp/sdp.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "engine/scene_frame.h"
#include "pipelines/encode/sei.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

struct Reply {
    long status = 0;
    std::string body, location;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) {
    std::string line(data, size * count);
    if (line.size() > 9 && strncasecmp(line.c_str(), "location:", 9) == 0) {
        const auto begin = line.find_first_not_of(" \t", 9), end = line.find_last_not_of(" \r\n");
        if (begin != std::string::npos && end >= begin) *static_cast<std::string*>(to) = line.substr(begin, end - begin + 1);
    }
    return size * count;
}

Result<Reply> request(const char* method, const std::string& url, const std::string& type, const std::string& body,
                      const std::string& token) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) return fail("The HTTP client could not start.");
    curl_slist* headers = nullptr;
    if (!type.empty()) headers = curl_slist_append(headers, ("Content-Type: " + type).c_str());
    if (!token.empty()) headers = curl_slist_append(headers, ("Authorization: Bearer " + token).c_str());
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(headers, curl_slist_free_all);
    Reply reply;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
    if (!body.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, (barrier::barred<"client body", &take_body>));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &reply.body);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, (barrier::barred<"client header", &take_header>));
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &reply.location);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 8000L);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
        return fail("The show at " + url + " does not answer: " + curl_easy_strerror(code) + ".");
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply.status);
    return reply;
}

/// A promise whose change function wakes `signal`; keeps the reply's SDP.
struct Negotiation {
    std::mutex mutex;
    std::condition_variable changed;
    bool offered = false, gathered = false;
};

}  // namespace

struct ViewerClient::Core : std::enable_shared_from_this<ViewerClient::Core> {
    std::string origin, token, resource;
    Nanoseconds joined_at = steady_now();
    std::unique_ptr<gst::Pipeline> pipeline;
    gst::Ref<GstElement> webrtc;
    Negotiation negotiation;

    mutable std::mutex mutex;  // guards figures and last_number
    ViewerFigures figures;
    std::uint64_t last_number = 0;

    void on_access_unit(GstSample* sample) {
        GstBuffer* buffer = gst_sample_get_buffer(sample);
        const gst::ReadMap map(buffer);
        if (!map) return;
        std::optional<std::uint64_t> number;
        if (const auto cbor = find_scene_sei({map.data(), map.size()}))
            if (const auto scene = scene_frame_from_cbor(*cbor)) number = scene->number;
        const std::size_t size = map.size();

        std::lock_guard lock(mutex);
        if (figures.frames++ == 0) figures.first_frame_ms = static_cast<double>(steady_now() - joined_at) / 1e6;
        figures.bytes += size;
        if (!number) return;
        if (figures.scene_frames++ && *number > last_number + 1) figures.gaps += *number - last_number - 1;
        last_number = *number;
    }

    static GstFlowReturn on_video(GstAppSink* sink, gpointer core) {
        const std::unique_ptr<GstSample, decltype(&gst_sample_unref)> sample(gst_app_sink_pull_sample(sink), gst_sample_unref);
        if (sample) static_cast<Core*>(core)->on_access_unit(sample.get());
        return GST_FLOW_OK;
    }
    static GstFlowReturn on_sound(GstAppSink* sink, gpointer core) {
        if (GstSample* sample = gst_app_sink_pull_sample(sink)) {
            auto* self = static_cast<Core*>(core);
            std::lock_guard lock(self->mutex);
            ++self->figures.sound_packets;
            gst_sample_unref(sample);
        }
        return GST_FLOW_OK;
    }

    static void on_pad(GstElement*, GstPad* pad, gpointer data) {
        auto* core = static_cast<Core*>(data);
        if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
        GstCaps* caps = gst_pad_get_current_caps(pad);
        const char* media = caps ? gst_structure_get_string(gst_caps_get_structure(caps, 0), "media") : nullptr;
        const bool video = media && std::string(media) == "video";
        if (caps) gst_caps_unref(caps);
        const char* description =
            video ? "rtph264depay ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=sink sync=false"
                  : "appsink name=sink sync=false";
        GstElement* bin = gst_parse_bin_from_description(description, TRUE, nullptr);
        GstElement* sink = gst_bin_get_by_name(GST_BIN(bin), "sink");
        GstAppSinkCallbacks callbacks{};
        callbacks.new_sample = video ? barrier::barred<"client picture", &Core::on_video, GST_FLOW_ERROR>
                                     : barrier::barred<"client sound", &Core::on_sound, GST_FLOW_ERROR>;
        gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, core, nullptr);
        gst_object_unref(sink);
        gst_bin_add(GST_BIN(core->pipeline->get()), bin);
        gst_element_sync_state_with_parent(bin);
        GstPad* to = gst_element_get_static_pad(bin, "sink");
        gst_pad_link(pad, to);
        gst_object_unref(to);
    }

    static void on_gathering(GstElement* rtc, GParamSpec*, gpointer data) {
        GstWebRTCICEGatheringState state;
        g_object_get(rtc, "ice-gathering-state", &state, nullptr);
        auto& n = static_cast<Core*>(data)->negotiation;
        std::lock_guard lock(n.mutex);
        n.gathered = state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
        n.changed.notify_all();
    }

    Result<void> offer() {
        auto made = gst::Pipeline::parse("webrtcbin name=rtc bundle-policy=max-bundle latency=100", "viewer", steady_now());
        if (!made) return tl::unexpected(made.error());
        pipeline = std::move(*made);
        webrtc = pipeline->element("rtc");
        const auto add = [&](const char* text) {
            GstCaps* caps = gst_caps_from_string(text);
            GstWebRTCRTPTransceiver* transceiver = nullptr;
            g_signal_emit_by_name(webrtc.get(), "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
            gst_caps_unref(caps);
            if (transceiver) {
                g_object_set(transceiver, "do-nack", TRUE, nullptr);
                gst_object_unref(transceiver);
            }
        };
        add("application/"
            "x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,packetization-mode=(string)1,profile-level-id=(string)"
            "42e01f");
        add("application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2");
        g_signal_connect(webrtc.get(), "pad-added", G_CALLBACK((barrier::barred<"client pad", &Core::on_pad>)), this);
        g_signal_connect(webrtc.get(), "notify::ice-gathering-state",
                         G_CALLBACK((barrier::barred<"client gathering", &Core::on_gathering>)), this);
        if (auto playing = pipeline->play(); !playing) return playing;
        GstPromise* promise = gst_promise_new();
        g_signal_emit_by_name(webrtc.get(), "create-offer", nullptr, promise);
        if (gst_promise_wait(promise) != GST_PROMISE_RESULT_REPLIED) {
            gst_promise_unref(promise);
            return fail("This machine could not make a WebRTC offer.");
        }
        GstWebRTCSessionDescription* description = nullptr;
        gst_structure_get(gst_promise_get_reply(promise), "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, nullptr);
        gst_promise_unref(promise);
        if (!description) return fail("This machine could not make a WebRTC offer.");
        g_signal_emit_by_name(webrtc.get(), "set-local-description", description, nullptr);
        gst_webrtc_session_description_free(description);
        std::unique_lock lock(negotiation.mutex);
        negotiation.changed.wait_for(lock, std::chrono::seconds(3), [&] { return negotiation.gathered; });
        return {};
    }

    Result<void> play() {
        if (auto offered = offer(); !offered) return offered;
        GstWebRTCSessionDescription* local = nullptr;
        g_object_get(webrtc.get(), "local-description", &local, nullptr);
        if (!local) return fail("This machine could not make a WebRTC offer.");
        gchar* text = gst_sdp_message_as_text(local->sdp);
        const std::string sdp = text;
        g_free(text);
        gst_webrtc_session_description_free(local);

        auto reply = request("POST", origin + "/whep", "application/sdp", sdp, token);
        if (!reply) return tl::unexpected(reply.error());
        if (reply->status != 201) return fail("The show refused to play (status " + std::to_string(reply->status) + "): " + reply->body);
        resource = reply->location.rfind("http", 0) == 0 ? reply->location : origin + reply->location;

        GstSDPMessage* message = nullptr;
        gst_sdp_message_new(&message);
        if (gst_sdp_message_parse_buffer(reinterpret_cast<const guint8*>(reply->body.data()), static_cast<guint>(reply->body.size()),
                                         message) != GST_SDP_OK) {
            gst_sdp_message_free(message);
            return fail("The show's answer is not a session description.");
        }
        GstWebRTCSessionDescription* answer = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
        GstPromise* promise = gst_promise_new();
        g_signal_emit_by_name(webrtc.get(), "set-remote-description", answer, promise);
        gst_promise_wait(promise);
        gst_promise_unref(promise);
        gst_webrtc_session_description_free(answer);
        return {};
    }
};

ViewerClient::ViewerClient(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Result<std::unique_ptr<ViewerClient>> ViewerClient::join(const std::string& link) {
    const auto path = link.find("/j/"), hash = link.find('#');
    if (path == std::string::npos || hash == std::string::npos || hash < path)
        return fail("\"" + link + "\" is not a buyer's link; it looks like http://host:port/j/<invite>#<secret>.", ErrorKind::bad_input);
    auto core = std::make_shared<Core>();
    core->origin = link.substr(0, path);
    const nlohmann::json body{
        {"invite", link.substr(path + 3, hash - path - 3)}, {"secret", link.substr(hash + 1)}, {"language", "en"}, {"bearer", true}};
    auto joined = request("POST", core->origin + "/api/join", "application/json", body.dump(), "");
    if (!joined) return tl::unexpected(joined.error());
    const auto answer = nlohmann::json::parse(joined->body, nullptr, false);
    if (joined->status != 200 || !answer.is_object() || !answer.contains("session") || !answer["session"].is_string())
        return fail("The link was refused (status " + std::to_string(joined->status) + ").", ErrorKind::bad_input);
    core->token = answer["session"].get<std::string>();
    if (auto playing = core->play(); !playing) return tl::unexpected(playing.error());
    return std::unique_ptr<ViewerClient>(new ViewerClient(std::move(core)));
}

ViewerClient::~ViewerClient() {
    if (!core_->resource.empty()) (void)request("DELETE", core_->resource, "", "", core_->token);
    core_->webrtc.reset();
    core_->pipeline.reset();
}

ViewerFigures ViewerClient::figures() const {
    std::lock_guard lock(core_->mutex);
    return core_->figures;
}

}  // namespace vitrine
