#include "pipelines/capture/video_file.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <cstring>
#include <mutex>

#include "engine/barrier.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

constexpr Nanoseconds longest_wait = 20'000'000'000;  // for one picture of a file
constexpr GstClockTime step = 100 * GST_MSECOND;

// Formats whose first plane is eight bits of brightness: taken as they are.
const char* const luma_caps = "video/x-raw,format=(string){ I420, NV12, GRAY8, YV12, NV21, Y42B, Y444, Y41B }";

}  // namespace

struct VideoFile::Core {
    std::filesystem::path file;
    std::unique_ptr<gst::Pipeline> pipeline;
    gst::Ref<GstElement> sink;
    std::optional<Picture> first;
    std::uint64_t count = 0;
    std::mutex lock;
    std::string broken;          // under `lock`
    bool without_video = false;  // under `lock`

    static void on_no_more_pads(GstElement* decode, gpointer data) {
        if (decode->numsrcpads > 0) return;
        auto& core = *static_cast<Core*>(data);
        std::lock_guard hold(core.lock);
        core.without_video = true;
    }

    Error explain() {
        std::lock_guard hold(lock);
        if (without_video) return {ErrorKind::bad_input, file.string() + " holds no video."};
        if (broken.find("plug-in") != std::string::npos || broken.find("plugin") != std::string::npos ||
            broken.find("decoder") != std::string::npos)
            return {ErrorKind::missing, file.string() + " needs a decoder that is not installed (" + broken +
                                            "). Installing gstreamer1.0-libav and gstreamer1.0-plugins-bad brings most of them."};
        return {ErrorKind::bad_input, file.string() + " cannot be read as a video" + (broken.empty() ? "" : ": " + broken)};
    }

    bool failed() {
        std::lock_guard hold(lock);
        return !broken.empty() || without_video;
    }

    Result<std::optional<Picture>> pull() {
        const Nanoseconds until = steady_now() + longest_wait;
        for (;;) {
            if (GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), step)) {
                auto picture = take(sample);
                gst_sample_unref(sample);
                if (!picture) return fail(file.string() + " holds a picture that cannot be read.", ErrorKind::bad_input);
                return picture;
            }
            if (failed()) return tl::unexpected(explain());
            if (gst_app_sink_is_eos(GST_APP_SINK(sink.get()))) return std::optional<Picture>();
            if (steady_now() > until) return fail(file.string() + " gives no picture any more.");
        }
    }

    std::optional<Picture> take(GstSample* sample) {
        GstVideoInfo info;
        GstVideoFrame mapped;
        GstBuffer* buffer = gst_sample_get_buffer(sample);
        GstCaps* caps = gst_sample_get_caps(sample);
        if (!buffer || !caps || !gst_video_info_from_caps(&info, caps) || !gst_video_frame_map(&mapped, &info, buffer, GST_MAP_READ))
            return std::nullopt;
        Picture out;
        out.luma.width = GST_VIDEO_FRAME_WIDTH(&mapped), out.luma.height = GST_VIDEO_FRAME_HEIGHT(&mapped);
        const auto wide = static_cast<std::size_t>(out.luma.width);
        out.luma.pixels.resize(wide * static_cast<std::size_t>(out.luma.height));
        const auto* from = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&mapped, 0));
        const std::ptrdiff_t stride = GST_VIDEO_FRAME_COMP_STRIDE(&mapped, 0);
        for (int y = 0; y < out.luma.height; ++y)
            std::memcpy(&out.luma.pixels[static_cast<std::size_t>(y) * wide], from + y * stride, wide);
        gst_video_frame_unmap(&mapped);
        const guint64 running = GST_BUFFER_PTS_IS_VALID(buffer)
                                    ? gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(buffer))
                                    : GST_CLOCK_TIME_NONE;
        out.pts =
            GST_CLOCK_TIME_IS_VALID(running) ? static_cast<Nanoseconds>(running) : static_cast<Nanoseconds>(count) * 1'000'000'000 / 30;
        ++count;
        return out;
    }
};

VideoFile::VideoFile() : core_(std::make_unique<Core>()) {}

VideoFile::~VideoFile() {
    core_->sink.reset();
    core_->pipeline.reset();  // no callback runs after this
}

Result<std::unique_ptr<VideoFile>> VideoFile::open(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return fail("There is no file " + file.string() + ".", ErrorKind::bad_input);
    gst::init();
    auto pipeline =
        gst::Pipeline::parse(std::string("filesrc name=src ! decodebin name=decode expose-all-streams=false caps=\"video/x-raw(ANY)\" ! "
                                         "videoconvert ! appsink name=sink sync=false max-buffers=4 "
                                         "enable-last-sample=false caps=\"") +
                                 luma_caps + "\"",
                             "video-file", steady_now());
    if (!pipeline) return tl::unexpected(pipeline.error());
    std::unique_ptr<VideoFile> out(new VideoFile());
    Core& core = *out->core_;
    core.file = file;
    core.pipeline = std::move(*pipeline);
    core.sink = core.pipeline->element("sink");
    g_object_set(core.pipeline->element("src").get(), "location", file.c_str(), nullptr);
    g_signal_connect(core.pipeline->element("decode").get(), "no-more-pads",
                     G_CALLBACK((barrier::barred<"video file pads", &Core::on_no_more_pads>)), &core);
    core.pipeline->listen({[&core](const std::string&, const std::string& message) {
                               std::lock_guard hold(core.lock);
                               if (core.broken.empty()) core.broken = message.empty() ? "unknown error" : message;
                           },
                           [] {}, [](GstMessage*) {}});
    if (auto played = core.pipeline->play(); !played) return tl::unexpected(core.failed() ? core.explain() : played.error());
    auto first = core.pull();
    if (!first) return tl::unexpected(first.error());
    if (!*first) return fail(file.string() + " holds no video.", ErrorKind::bad_input);
    core.first = std::move(*first);
    return out;
}

Result<std::optional<VideoFile::Picture>> VideoFile::next() {
    if (core_->first) return std::exchange(core_->first, std::nullopt);
    return core_->pull();
}

}  // namespace vitrine
