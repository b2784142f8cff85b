#include "pipelines/gst.h"

#include <gst/video/video.h>
#include <malloc.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/barrier.h"
#include "engine/log.h"

namespace vitrine::gst {

static constexpr int large_block = 4 << 20;  ///< bytes; above a picture of 1920 × 1080

void init() {
    static std::once_flag once;
    std::call_once(once, [] {
#ifdef __GLIBC__
        // The C library raises its bound for memory of its own mapping to the largest block that was freed: pictures of 4K would then come
        // from the heaps of a dozen threads and stay there in holes. With a fixed bound they go back to the system when they are freed.
        mallopt(M_MMAP_THRESHOLD, large_block);
        mallopt(M_TRIM_THRESHOLD, 2 * large_block);
#endif
        gst_init(nullptr, nullptr);
    });
}

bool has_element(const char* name) {
    init();
    GstElementFactory* factory = gst_element_factory_find(name);
    if (!factory) return false;
    gst_object_unref(factory);
    return true;
}

std::shared_ptr<GstBuffer> share_buffer(GstBuffer* full) {
    return std::shared_ptr<GstBuffer>(full, [](GstBuffer* b) { gst_buffer_unref(b); });
}

// Has a name for tests/support/tsan.supp.
static void let_go_of_picture(gpointer held) { delete static_cast<std::shared_ptr<const VideoFrame>*>(held); }

GstBuffer* wrap(std::shared_ptr<const VideoFrame> picture, Nanoseconds pts) {
    const ConstI420View view = picture->view();
    const std::size_t size = picture->byte_size();
    auto* held = new std::shared_ptr<const VideoFrame>(std::move(picture));
    GstBuffer* buffer =
        gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<std::uint8_t*>(view.y), size, 0, size, held, let_go_of_picture);
    gsize offsets[GST_VIDEO_MAX_PLANES] = {0, static_cast<gsize>(view.u - view.y), static_cast<gsize>(view.v - view.y), 0};
    gint strides[GST_VIDEO_MAX_PLANES] = {view.stride_y, view.stride_uv, view.stride_uv, 0};
    gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, static_cast<guint>(view.width),
                                   static_cast<guint>(view.height), 3, offsets, strides);
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(pts);
    return buffer;
}

struct Pipeline::Listener {
    std::mutex mutex;
    std::condition_variable ended_changed;
    bool ended = false;
    bool closed = false;
    Events events;

    static GstBusSyncReply on_message(GstBus*, GstMessage* message, gpointer data) {
        // Whoever drops a message owns it; it holds a reference to the element that sent it.
        const std::unique_ptr<GstMessage, void (*)(GstMessage*)> owned(message, [](GstMessage* m) { gst_message_unref(m); });
        auto& self = **static_cast<std::shared_ptr<Listener>*>(data);
        {
            std::lock_guard lock(self.mutex);
            if (self.closed) return GST_BUS_DROP;
        }
        switch (GST_MESSAGE_TYPE(message)) {
            case GST_MESSAGE_ERROR:
            case GST_MESSAGE_WARNING: {
                GError* error = nullptr;
                gchar* debug = nullptr;
                const bool fatal = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
                if (fatal)
                    gst_message_parse_error(message, &error, &debug);
                else
                    gst_message_parse_warning(message, &error, &debug);
                const std::string element = GST_MESSAGE_SRC_NAME(message) ? GST_MESSAGE_SRC_NAME(message) : "";
                const std::string text = error ? error->message : "unknown";
                barrier::run("pipeline log", [&] { log::debug("gst", text, {{"element", element}, {"debug", debug ? debug : ""}}); });
                g_clear_error(&error);
                g_free(debug);
                if (fatal && self.events.error && !barrier::run("pipeline error", [&] { self.events.error(element, text); }))
                    barrier::run("pipeline error again", [&] { self.events.error({}, "failed"); });
                break;
            }
            case GST_MESSAGE_EOS: {
                {
                    std::lock_guard lock(self.mutex);
                    self.ended = true;
                }
                self.ended_changed.notify_all();
                if (self.events.end_of_stream) self.events.end_of_stream();
                break;
            }
            default:
                if (self.events.other) self.events.other(message);
        }
        return GST_BUS_DROP;
    }
};

Result<std::unique_ptr<Pipeline>> Pipeline::parse(const std::string& description, const std::string& name, Nanoseconds epoch) {
    init();
    GError* error = nullptr;
    GstElement* element = gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (!element || error) {
        const bool missing = error && g_error_matches(error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT);
        const std::string text = error ? error->message : "unknown reason";
        g_clear_error(&error);
        if (element) gst_object_unref(gst_object_ref_sink(element));
        if (missing)
            return fail("A GStreamer part is not installed (" + text + "). Run ./tools/demo once: it installs what is missing.",
                        ErrorKind::missing);
        return fail("The pipeline \"" + name + "\" could not be built: " + text);
    }
    std::unique_ptr<Pipeline> made(new Pipeline);
    if (GST_IS_PIPELINE(element)) {
        made->pipeline_ = Ref<GstElement>::sink(element);
    } else {
        GstElement* around = gst_pipeline_new(name.c_str());
        gst_bin_add(GST_BIN(around), element);
        made->pipeline_ = Ref<GstElement>::sink(around);
    }
    gst_object_set_name(GST_OBJECT(made->get()), name.c_str());
    GstClock* clock = gst_system_clock_obtain();
    gst_pipeline_use_clock(GST_PIPELINE(made->get()), clock);
    gst_object_unref(clock);
    gst_element_set_start_time(made->get(), GST_CLOCK_TIME_NONE);
    gst_element_set_base_time(made->get(), static_cast<GstClockTime>(epoch));
    made->listen({});
    return made;
}

Pipeline::~Pipeline() { stop(); }

Ref<GstElement> Pipeline::element(const char* name) const { return Ref<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name)); }

void Pipeline::listen(Events events) {
    listener_ = std::make_shared<Listener>();
    listener_->events = std::move(events);
    GstBus* bus = gst_element_get_bus(get());
    gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);
    gst_bus_set_sync_handler(bus, barrier::barred<"pipeline message", &Listener::on_message, GST_BUS_DROP>,
                             new std::shared_ptr<Listener>(listener_),
                             [](gpointer p) { delete static_cast<std::shared_ptr<Listener>*>(p); });
    gst_object_unref(bus);
}

Result<void> Pipeline::play() {
    if (gst_element_set_state(get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        return fail(std::string("The pipeline \"") + GST_OBJECT_NAME(get()) + "\" would not start.");
    return {};
}

bool Pipeline::finish(Nanoseconds timeout) {
    gst_element_send_event(get(), gst_event_new_eos());
    std::unique_lock lock(listener_->mutex);
    return listener_->ended_changed.wait_for(lock, std::chrono::nanoseconds(timeout), [&] { return listener_->ended; });
}

void Pipeline::stop() {
    if (!pipeline_) return;
    {
        std::lock_guard lock(listener_->mutex);
        listener_->closed = true;
    }
    GstBus* bus = gst_element_get_bus(get());
    gst_bus_set_flushing(bus, TRUE);
    gst_element_set_state(get(), GST_STATE_NULL);
    gst_element_get_state(get(), nullptr, nullptr, GST_CLOCK_TIME_NONE);
    gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);
    gst_object_unref(bus);
    pipeline_.reset();
}

}  // namespace vitrine::gst
