#include "tests/pipelines/support/decode.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <condition_variable>
#include <mutex>

#include "pipelines/encode/sei.h"
#include "pipelines/gst.h"

namespace vitrine::test {
namespace {

/// Runs a pipeline until its end or its first error; `take` gets every sample of the appsink of that name.
std::string run(gst::Pipeline& pipeline, const std::vector<std::pair<const char*, std::function<void(GstSample*)>>>& sinks,
                const std::function<void()>& feed = {}) {
    struct Done {
        std::mutex mutex;
        std::condition_variable changed;
        bool ended = false;
        std::string error;
    } done;
    pipeline.listen({.error =
                         [&](const std::string& element, const std::string& why) {
                             std::lock_guard lock(done.mutex);
                             if (done.error.empty()) done.error = element + ": " + why;
                             done.changed.notify_all();
                         },
                     .end_of_stream =
                         [&] {
                             std::lock_guard lock(done.mutex);
                             done.ended = true;
                             done.changed.notify_all();
                         }});
    for (const auto& sink : sinks) {
        const auto element = pipeline.element(sink.first);
        if (!element) continue;
        GstAppSinkCallbacks callbacks{};
        callbacks.new_sample = [](GstAppSink* s, gpointer take) {
            GstSample* sample = gst_app_sink_pull_sample(s);
            if (!sample) return GST_FLOW_EOS;
            (*static_cast<const std::function<void(GstSample*)>*>(take))(sample);
            gst_sample_unref(sample);
            return GST_FLOW_OK;
        };
        gst_app_sink_set_callbacks(GST_APP_SINK(element.get()), &callbacks, const_cast<std::function<void(GstSample*)>*>(&sink.second),
                                   nullptr);
    }
    (void)pipeline.play();
    if (feed) feed();
    {
        std::unique_lock lock(done.mutex);
        if (!done.changed.wait_for(lock, std::chrono::seconds(10), [&] { return done.ended || !done.error.empty(); }))
            done.error = "no end within 10 s";
    }
    pipeline.stop();
    return done.error;
}

Nanoseconds running_time(GstSample* sample) {
    return static_cast<Nanoseconds>(
        gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(gst_sample_get_buffer(sample))));
}

Decoded picture_of(GstSample* sample) {
    GstVideoInfo info;
    gst_video_info_from_caps(&info, gst_sample_get_caps(sample));
    GstVideoFrame frame;
    gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ);
    ConstI420View from;
    const auto plane = [&](int i) { return static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, i)); };
    from.y = plane(0);
    from.u = plane(1);
    from.v = plane(2);
    from.stride_y = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    from.stride_uv = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 1);
    from.width = GST_VIDEO_INFO_WIDTH(&info);
    from.height = GST_VIDEO_INFO_HEIGHT(&info);
    auto picture = std::make_shared<VideoFrame>(from.width, from.height);
    copy(from, picture->view());
    gst_video_frame_unmap(&frame);
    return {picture, running_time(sample)};
}

}  // namespace

std::vector<Decoded> decode(const std::vector<std::shared_ptr<GstBuffer>>& units) {
    std::vector<Decoded> pictures;
    auto pipeline = gst::Pipeline::parse(
        "appsrc name=in format=time caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! avdec_h264 max-threads=1 ! "
        "videoconvert ! video/x-raw,format=I420 ! appsink name=out sync=false",
        "decode", 0);
    const auto in = (*pipeline)->element("in");
    run(**pipeline, {{"out", [&](GstSample* sample) { pictures.push_back(picture_of(sample)); }}}, [&] {
        for (const auto& unit : units) gst_app_src_push_buffer(GST_APP_SRC(in.get()), gst_buffer_ref(unit.get()));
        gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
    });
    return pictures;
}

std::span<const std::uint8_t> bytes_of(GstBuffer* buffer, GstMapInfo& map) {
    gst_buffer_map(buffer, &map, GST_MAP_READ);
    return {map.data, map.size};
}

std::optional<SceneFrame> scene_of(const std::shared_ptr<GstBuffer>& unit) {
    GstMapInfo map;
    const auto cbor = find_scene_sei(bytes_of(unit.get(), map));
    gst_buffer_unmap(unit.get(), &map);
    if (!cbor) return std::nullopt;
    auto scene = scene_frame_from_cbor(*cbor);
    if (!scene) return std::nullopt;
    return *scene;
}

FileContent read_file(const std::filesystem::path& file) {
    FileContent content;
    const std::string source = "filesrc location=\"" + file.string() + "\" ! qtdemux name=demux ";
    auto video = gst::Pipeline::parse(
        source +
            "demux.video_0 ! queue ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au ! tee name=t "
            "t. ! queue ! appsink name=units sync=false "
            "t. ! queue ! avdec_h264 max-threads=1 ! videoconvert ! video/x-raw,format=I420 ! appsink name=pictures sync=false",
        "read-video", 0);
    content.error = run(**video, {{"units",
                                   [&](GstSample* sample) {
                                       content.video_pts.push_back(running_time(sample));
                                       content.scenes.push_back(scene_of(gst::share_buffer(gst_buffer_ref(gst_sample_get_buffer(sample)))));
                                   }},
                                  {"pictures", [&](GstSample* sample) { content.pictures.push_back(picture_of(sample)); }}});
    content.opens = !content.video_pts.empty();
    auto audio =
        gst::Pipeline::parse(source + "demux.audio_0 ! queue ! decodebin ! audioconvert ! appsink name=sound sync=false", "read-audio", 0);
    run(**audio, {{"sound", [&](GstSample* sample) {
                       const Nanoseconds at = running_time(sample);
                       if (!content.has_audio) content.audio_start = at;
                       content.has_audio = true;
                       content.audio_end = at + static_cast<Nanoseconds>(GST_BUFFER_DURATION(gst_sample_get_buffer(sample)));
                   }}});
    return content;
}

}  // namespace vitrine::test
