#include <gst/app/gstappsink.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "engine/barrier.h"
#include "engine/log.h"
#include "engine/source_url.h"
#include "pipelines/capture/codec_names.h"
#include "pipelines/capture/explain.h"
#include "pipelines/capture/picture_size.h"
#include "pipelines/capture/source.h"

namespace vitrine {
namespace {

constexpr Nanoseconds sensible_distance = 1'000'000'000;
constexpr unsigned most_decoder_threads = 4;
constexpr auto longest_preroll = std::chrono::seconds(10);

void set_if_there(GstElement* element, const char* property, const char* value) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), property)) gst_util_set_object_arg(G_OBJECT(element), property, value);
}

// "video", "audio" or something else, for a decoded pad as for a session description's stream and an RTP pad, which say it in a field.
std::string media_of(GstCaps* caps) {
    if (!caps || gst_caps_is_any(caps) || gst_caps_is_empty(caps)) return "";
    const GstStructure* structure = gst_caps_get_structure(caps, 0);
    if (const char* media = gst_structure_get_string(structure, "media")) return media;
    const std::string name = gst_structure_get_name(structure);
    return name.substr(0, name.find('/'));
}

/// Takes coded video of one kind and gives pictures.
bool is_picture_decoder(GstElement* element) {
    const char* kind = gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(element), GST_ELEMENT_METADATA_KLASS);
    const std::string_view words = kind ? kind : "";
    return words.find("Decoder") != words.npos && (words.find("Video") != words.npos || words.find("Image") != words.npos);
}

constexpr auto data_and_events =
    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);

const char* const audio_caps = "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved";

}  // namespace

SourceWay next_way(SourceWay way) {
    if (way.audio) return {way.udp, false};
    return {!way.udp, true};
}

std::shared_ptr<GstSource> GstSource::open(SourceRequest request, SourceEvents events) {
    std::shared_ptr<GstSource> source(new GstSource(std::move(request), std::move(events)));
    // Detached: a teardown may block for as long as the other side likes. The thread keeps the source alive, nothing else.
    barrier::thread(
        "source",
        [source] {
            source->or_broken("source pipeline", [&] { source->keep(); });
            source->leave();
        },
        barrier::AfterThrow::end)
        .detach();
    return source;
}

GstSource::GstSource(SourceRequest request, SourceEvents events) : request_(std::move(request)), events_(std::move(events)) {}
GstSource::~GstSource() = default;

void GstSource::close() {
    gate_.close();
    std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
}

bool GstSource::gone() const {
    std::lock_guard lock(mutex_);
    return gone_;
}

bool GstSource::wait_gone(std::chrono::steady_clock::time_point until) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [&] { return gone_; });
}

bool GstSource::closing() const {
    std::lock_guard lock(mutex_);
    return closing_;
}

void GstSource::keep() {
    {
        std::unique_ptr<gst::Pipeline> pipeline;
        if (auto built = build()) {
            pipeline = std::move(*built);
            if (auto begun = begin(*pipeline); !begun) report_broken(begun.error().message);
        } else {
            report_broken(built.error().message);
        }
        std::unique_lock lock(mutex_);
        while (!closing_) {
            changed_.wait(lock, [&] { return closing_ || again_; });
            if (!std::exchange(again_, false) || closing_ || !pipeline) continue;
            lock.unlock();
            const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_SEGMENT);
            if (!gst_element_seek(pipeline->get(), 1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0))
                report_ended();
            lock.lock();
        }
    }
}

void GstSource::leave() {
    std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_all();
}

std::string GstSource::video_chain(bool encoded) const {
    const std::string sink =
        std::string(" ! videoconvert ! video/x-raw,format=I420 ! appsink name=sink enable-last-sample=false ") +
        (live() ? "sync=false max-buffers=2 drop=true qos=false" : "sync=true max-buffers=1 drop=false max-lateness=200000000");
    const std::string raw = live() ? "queue name=newest leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 silent=false"
                                   : "queue name=newest max-size-buffers=4 max-size-bytes=40000000 max-size-time=0";
    // Before the decoder a queue that leaks packets rather than let a slow decoder pile up delay.
    // Whatever names a larger size does not get as far as asking for memory.
    const std::string side = "[1," + std::to_string(most_picture_side) + "]";
    const std::string bounded = " ! video/x-raw(ANY),width=" + side + ",height=" + side;
    return (encoded ? "queue name=entry leaky=downstream max-size-buffers=0 max-size-bytes=0 max-size-time=400000000 ! decodebin ! " : "") +
           raw + bounded + sink;
}

std::string GstSource::audio_chain(bool encoded) const {
    return std::string("queue name=entry ") +
           (live() ? "leaky=downstream max-size-time=300000000 max-size-bytes=0 max-size-buffers=0" : "") +
           (encoded ? " ! decodebin" : "") + " ! audioconvert ! audioresample ! " + audio_caps +
           " ! appsink name=sink enable-last-sample=false max-buffers=50 drop=" + (live() ? "true" : "false") +
           " sync=" + (live() ? "false" : "true");
}

Result<std::unique_ptr<gst::Pipeline>> GstSource::build() {
    const SourceSpec& spec = request_.spec;
    std::string description;
    const char* device = nullptr;  // property that takes spec.rest
    if (spec.scheme == "file") {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(spec.rest, ignored))
            return fail("it is not there. Put the file back or correct show.toml", ErrorKind::missing);
        description = "filesrc name=src ! decodebin name=decode";
        device = "location";
    } else if (spec.scheme == "rtsp" || spec.scheme == "rtsps") {
        description = "rtspsrc name=src";
    } else if (spec.scheme == "srt") {
        description = "srtsrc name=src ! decodebin name=decode";
    } else if (spec.scheme == "v4l2") {
        std::error_code ignored;
        if (!std::filesystem::exists(spec.rest, ignored)) return fail("no such device", ErrorKind::missing);
        description =
            "v4l2src name=src do-timestamp=true ! capsfilter caps=\"image/jpeg,width=[1,1920],height=[1,1080];"
            "video/x-raw,width=[1,1920],height=[1,1080];video/x-h264;image/jpeg;video/x-raw\" ! decodebin name=decode";
        device = "device";
    } else if (spec.scheme == "alsa" || spec.scheme == "pulse") {
        description = spec.scheme + "src name=src provide-clock=false buffer-time=60000 latency-time=10000 ! " + audio_chain(false);
        device = "device";
    } else if (spec.scheme == "pipewire") {
        description = "pipewiresrc name=src do-timestamp=true ! " + audio_chain(false);
        device = "target-object";
    } else {
        return fail("nothing here can open \"" + spec.scheme + ":\"", ErrorKind::bad_input);
    }

    auto parsed = gst::Pipeline::parse(description, "source-" + spec.scheme, request_.epoch);
    if (!parsed) return parsed;
    gst::Pipeline& pipeline = **parsed;
    bin_ = pipeline.get();
    base_ = request_.epoch;
    const auto src = pipeline.element("src");
    if (device && !spec.rest.empty()) g_object_set(src.get(), device, spec.rest.c_str(), nullptr);
    if (spec.scheme == "rtsp" || spec.scheme == "rtsps") {
        const SourceUrl url = split_url(spec.rest);
        g_object_set(src.get(), "location", url.location.c_str(), "latency", static_cast<guint>(std::max(request_.latency_ms, 0)),
                     "drop-on-latency", TRUE, "tcp-timeout", G_GUINT64_CONSTANT(2'000'000), "timeout", G_GUINT64_CONSTANT(2'000'000),
                     "do-rtsp-keep-alive", TRUE, nullptr);
        gst_util_set_object_arg(G_OBJECT(src.get()), "protocols", request_.way.udp ? "udp" : "tcp");
        if (!url.user.empty()) g_object_set(src.get(), "user-id", url.user.c_str(), "user-pw", url.password.c_str(), nullptr);
        g_signal_connect(src.get(), "select-stream", G_CALLBACK((barrier::barred<"source streams", &GstSource::on_select_stream, FALSE>)),
                         this);
        g_signal_connect(src.get(), "pad-added", G_CALLBACK((barrier::barred<"source pad", &GstSource::on_pad_added>)), this);
    } else if (spec.scheme == "srt") {
        g_object_set(src.get(), "uri", spec.rest.c_str(), "latency", std::max(request_.latency_ms, 0), nullptr);
        set_if_there(src.get(), "auto-reconnect", "false");
    }
    for (const std::string& secret : secrets_of(spec.rest)) {
        if (secret.size() >= 8) log::hide(secret);
    }
    if (const auto decode = pipeline.element("decode")) {
        g_signal_connect(decode.get(), "pad-added", G_CALLBACK((barrier::barred<"source pad", &GstSource::on_pad_added>)), this);
        g_signal_connect(decode.get(), "no-more-pads", G_CALLBACK((barrier::barred<"source pads", &GstSource::on_no_more_pads>)), this);
        g_signal_connect(decode.get(), "autoplug-continue", G_CALLBACK((barrier::barred<"source type", &GstSource::on_type, TRUE>)), this);
    }
    g_signal_connect(bin_, "deep-element-added", G_CALLBACK((barrier::barred<"source element", &GstSource::on_deep_element>)), this);
    if (const auto sink = pipeline.element("sink")) watch_sink(sink.get(), false);
    if (GstPad* pad = gst_element_get_static_pad(src.get(), "src")) {
        gst_pad_add_probe(pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                          barrier::barred<"source data", &GstSource::on_first_data, GST_PAD_PROBE_REMOVE>, this, nullptr);
        gst_object_unref(pad);
    }
    pipeline.listen({
        [this](const std::string&, const std::string& message) { report_broken(message); },
        [this] { report_ended(); },
        [this](GstMessage* message) {
            if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_SEGMENT_DONE) return;
            std::lock_guard lock(mutex_);
            again_ = true;
            changed_.notify_all();
        },
    });
    return parsed;
}

Result<void> GstSource::begin(gst::Pipeline& pipeline) {
    if (live()) return pipeline.play();
    // A file starts its running time when it starts to play, not at the epoch. Prerolled first, so that its first picture is not late.
    const auto prerolled = [&]() -> Result<bool> {
        const auto until = std::chrono::steady_clock::now() + longest_preroll;
        while (!closing() && !reported_ && std::chrono::steady_clock::now() < until) {
            const GstStateChangeReturn changed = gst_element_get_state(pipeline.get(), nullptr, nullptr, 50 * GST_MSECOND);
            if (changed == GST_STATE_CHANGE_SUCCESS) return true;
            if (changed == GST_STATE_CHANGE_FAILURE) break;
        }
        if (closing() || reported_) return false;
        return fail("nothing playable was found in it");
    };
    if (gst_element_set_state(pipeline.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) return fail("it cannot be read");
    if (auto ready = prerolled(); !ready || !*ready) return ready ? Result<void>{} : tl::unexpected(ready.error());
    if (request_.loop) {
        const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT);
        if (gst_element_seek(pipeline.get(), 1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0)) {
            if (auto ready = prerolled(); !ready || !*ready) return ready ? Result<void>{} : tl::unexpected(ready.error());
        }
    }
    base_ = steady_now() + 10'000'000;
    gst_element_set_base_time(pipeline.get(), static_cast<GstClockTime>(base_.load()));
    return pipeline.play();
}

void GstSource::attach(GstPad* pad) {
    GstCaps* caps = gst_pad_get_current_caps(pad);
    if (!caps) caps = gst_pad_query_caps(pad, nullptr);
    const std::string media = media_of(caps);
    if (caps) gst_caps_unref(caps);
    if (media == "video" && request_.video && !has_video_.exchange(true))
        attach_chain(pad, true);
    else if (media == "audio" && request_.way.audio && !has_audio_.exchange(true))
        attach_chain(pad, false);
}

void GstSource::attach_chain(GstPad* pad, bool video) {
    const bool encoded = request_.spec.scheme == "rtsp" || request_.spec.scheme == "rtsps";
    const std::string description = video ? video_chain(encoded) : audio_chain(encoded);
    GError* error = nullptr;
    GstElement* chain = gst_parse_bin_from_description(description.c_str(), FALSE, &error);
    if (!chain || error) {
        const std::string reason = error ? error->message : "the chain could not be built";
        g_clear_error(&error);
        if (chain) gst_object_unref(gst_object_ref_sink(chain));
        return report_broken(reason);
    }
    GstElement* sink = gst_bin_get_by_name(GST_BIN(chain), "sink");
    watch_sink(sink, video);
    gst_object_unref(sink);
    if (GstElement* newest = gst_bin_get_by_name(GST_BIN(chain), "newest")) {
        if (live()) g_signal_connect(newest, "overrun", G_CALLBACK((barrier::barred<"source overrun", &GstSource::on_overrun>)), this);
        gst_object_unref(newest);
    }
    // The ghost pad is made by hand: a parsed bin would take the pad that waits for its decoder for an unlinked one.
    GstElement* first = gst_bin_get_by_name(GST_BIN(chain), "entry");
    if (!first) first = gst_bin_get_by_name(GST_BIN(chain), "newest");
    GstPad* inner = gst_element_get_static_pad(first, "sink");
    gst_element_add_pad(chain, gst_ghost_pad_new("sink", inner));
    gst_object_unref(inner);
    gst_object_unref(first);
    gst_bin_add(GST_BIN(bin_), chain);
    gst_element_sync_state_with_parent(chain);
    GstPad* entry = gst_element_get_static_pad(chain, "sink");
    if (video) watch_size(entry);
    gst_pad_add_probe(entry, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                      barrier::barred<"source data", &GstSource::on_first_data, GST_PAD_PROBE_REMOVE>, this, nullptr);
    const bool linked = GST_PAD_LINK_SUCCESSFUL(gst_pad_link(pad, entry));
    gst_object_unref(entry);
    if (!linked) report_broken("its data could not be joined to a decoder");
}

void GstSource::watch_sink(GstElement* sink, bool video) {
    g_object_set_data(G_OBJECT(sink), "vitrine-video", GINT_TO_POINTER(video ? 1 : 0));
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = barrier::barred<"source sample", &GstSource::on_sample, GST_FLOW_ERROR>;
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, this, nullptr);
}

std::optional<Nanoseconds> GstSource::time_of(GstSample* sample) const {
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return std::nullopt;
    const guint64 running = gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
    if (!GST_CLOCK_TIME_IS_VALID(running)) return std::nullopt;
    const Nanoseconds time = base_ + static_cast<Nanoseconds>(running);
    if (live() && std::abs(steady_now() - time) > sensible_distance) return std::nullopt;
    return time;
}

void GstSource::take_picture(GstSample* sample) {
    if (!events_.picture) return;
    const Nanoseconds now = steady_now();
    events_.picture(sample, std::min(time_of(sample).value_or(now), now));
}

void GstSource::take_sound(GstSample* sample) {
    const gst::ReadMap map(gst_sample_get_buffer(sample));
    if (!events_.sound || !map) return;
    const std::size_t frames = map.size() / 4;
    const Nanoseconds length = static_cast<Nanoseconds>(frames) * 1'000'000'000 / 48'000;
    const Nanoseconds time = time_of(sample).value_or(steady_now() - length);
    if (frames > 0) events_.sound(reinterpret_cast<const std::int16_t*>(map.data()), frames, time - request_.epoch);
}

void GstSource::report_broken(const std::string& reason) {
    if (reported_.exchange(true)) return;
    if (const auto pass = gate_.enter(); pass && events_.broken) events_.broken(reason);
}

void GstSource::report_failed() noexcept {
    barrier::run("source failed", [this] { report_broken("this part of the program failed"); });
}

void GstSource::report_ended() {
    if (reported_.exchange(true)) return;
    if (const auto pass = gate_.enter(); pass && events_.ended) events_.ended();
}

void GstSource::on_pad_added(GstElement*, GstPad* pad, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    self->or_broken("source chain", [&] { self->attach(pad); });
}

void GstSource::on_no_more_pads(GstElement*, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    if (self->request_.video && !self->has_video_) self->report_broken("it holds no picture");
    if (!self->request_.video && !self->has_audio_) self->report_broken("it holds no sound");
}

/// A size that is not taken ends the source before what lies behind `pad` hears of it.
void GstSource::watch_size(GstPad* pad) {
    gst_pad_add_probe(pad, data_and_events, barrier::barred<"source size", &GstSource::on_size, GST_PAD_PROBE_DROP>, this, nullptr);
}

GstPadProbeReturn GstSource::on_size(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    GstEvent* event = GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM ? GST_PAD_PROBE_INFO_EVENT(info) : nullptr;
    if (event && GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
        GstCaps* caps = nullptr;
        gst_event_parse_caps(event, &caps);
        const GstStructure* structure = caps && gst_caps_get_size(caps) > 0 ? gst_caps_get_structure(caps, 0) : nullptr;
        int width = 0, height = 0;
        if (structure && gst_structure_get_int(structure, "width", &width) && gst_structure_get_int(structure, "height", &height))
            if (const auto why = refused_size(width, height)) {
                self->too_large_ = true;
                self->report_broken(*why);
            }
    }
    // The end of the stream goes on, so that it can be torn down.
    if (!self->too_large_ || (event && GST_EVENT_TYPE(event) != GST_EVENT_CAPS)) return GST_PAD_PROBE_OK;
    return GST_PAD_PROBE_DROP;
}

void GstSource::on_deep_element(GstBin*, GstBin*, GstElement* element, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    if (self->request_.video && is_picture_decoder(element)) {
        // Each thread of a decoder holds pictures of its own; it would take one for each core of the machine.
        if (std::thread::hardware_concurrency() > most_decoder_threads)
            set_if_there(element, "max-threads", std::to_string(most_decoder_threads).c_str());
        if (const gst::Ref<GstPad> pad{gst_element_get_static_pad(element, "sink")}) self->watch_size(pad.get());
    }
    if (!self->live()) return;
    // After lost packets: no smeared pictures, wait for the next good one.
    set_if_there(element, "output-corrupt", "false");
    set_if_there(element, "wait-for-keyframe", "true");
}

void GstSource::on_overrun(GstElement*, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    if (const auto pass = self->gate_.enter(); pass && self->events_.dropped) self->events_.dropped();
}

gboolean GstSource::on_select_stream(GstElement*, guint, GstCaps* caps, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    const std::string media = media_of(caps);
    if (const char* encoding = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name"))
        self->tell_encoding(media, encoding);
    return (media == "video" && self->request_.video) || (media == "audio" && self->request_.way.audio);
}

gboolean GstSource::on_type(GstElement*, GstPad*, GstCaps* caps, gpointer self) {
    gchar* text = gst_caps_to_string(caps);
    static_cast<GstSource*>(self)->tell_encoding(media_of(caps), text);
    g_free(text);
    return TRUE;  // go on decoding
}

void GstSource::tell_encoding(const std::string& media, const std::string& encoding) {
    const std::string name = codec_name(encoding);
    if (name.empty() || !events_.encoding) return;
    if (const auto pass = gate_.enter()) events_.encoding(media == "audio", name);
}

GstFlowReturn GstSource::on_sample(GstAppSink* sink, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    const std::unique_ptr<GstSample, decltype(&gst_sample_unref)> sample(gst_app_sink_pull_sample(sink), gst_sample_unref);
    if (!sample) return GST_FLOW_EOS;
    bool whole = true;
    if (const auto pass = self->gate_.enter()) {
        whole = barrier::run("source picture", [&] {
            if (g_object_get_data(G_OBJECT(sink), "vitrine-video"))
                self->take_picture(sample.get());
            else
                self->take_sound(sample.get());
        });
    }
    if (!whole) self->report_failed();
    return whole ? GST_FLOW_OK : GST_FLOW_ERROR;
}

GstPadProbeReturn GstSource::on_first_data(GstPad*, GstPadProbeInfo*, gpointer data) {
    auto* self = static_cast<GstSource*>(data);
    if (const auto pass = self->gate_.enter(); pass && self->events_.answered) self->events_.answered();
    return GST_PAD_PROBE_REMOVE;
}

}  // namespace vitrine
