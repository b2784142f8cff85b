#include "pipelines/encode/h264_elements.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "pipelines/gst.h"

namespace vitrine {
namespace {

struct Numbers {
    int kbps, gop, vbv_ms, fps;
    bool large;  ///< more pixels than one x264 thread encodes in half a frame time
    std::string vbv_kbit() const { return std::to_string(kbps * vbv_ms / 1000); }
};

struct ElementRow {
    const char* name;
    bool takes_i420;
    bool repeats_parameter_sets;
    std::string (*properties)(const Numbers&);
};

using std::to_string;

// x264enc is run by the tests, openh264enc was by hand; the four hardware rows follow the elements' 1.22 documentation.
const ElementRow rows[] = {
    {"nvh264enc", false, false,
     [](const Numbers& n) {
         return "preset=low-latency-hq zerolatency=true rc-mode=cbr bframes=0 aud=false bitrate=" + to_string(n.kbps) +
                " gop-size=" + to_string(n.gop) + " vbv-buffer-size=" + n.vbv_kbit();
     }},
    {"vah264enc", false, false,
     [](const Numbers& n) {
         return "rate-control=cbr b-frames=0 ref-frames=1 aud=false bitrate=" + to_string(n.kbps) + " key-int-max=" + to_string(n.gop) +
                " cpb-size=" + n.vbv_kbit();
     }},
    {"vaapih264enc", false, false,
     [](const Numbers& n) {
         return "rate-control=cbr max-bframes=0 refs=1 bitrate=" + to_string(n.kbps) + " keyframe-period=" + to_string(n.gop) +
                " cpb-length=" + to_string(n.vbv_ms);
     }},
    {"v4l2h264enc", true, false,
     [](const Numbers& n) {
         return "extra-controls=\"controls,video_bitrate_mode=1,video_bitrate=" + to_string(n.kbps * 1000) +
                ",video_gop_size=" + to_string(n.gop) + ",h264_i_frame_period=" + to_string(n.gop) + ",repeat_sequence_header=1\"";
     }},
    {"x264enc", true, true,
     [](const Numbers& n) {
         // Sliced threads cost quality and put several slices into each picture; one thread is fast enough below 1080p.
         return "tune=zerolatency speed-preset=superfast byte-stream=true aud=false bframes=0 rc-lookahead=0 sync-lookahead=0 "
                "intra-refresh=false"
                " ref=1 pass=cbr bitrate=" +
                to_string(n.kbps) + " key-int-max=" + to_string(n.gop) + " vbv-buf-capacity=" + to_string(n.vbv_ms) +
                (n.large ? " threads=2 sliced-threads=true" : " threads=1 sliced-threads=false");
     }},
    {"openh264enc", true, true,
     [](const Numbers& n) {
         return "rate-control=bitrate complexity=low usage-type=camera enable-frame-skip=false scene-change-detection=false multi-thread=" +
                to_string(n.large ? 2 : 1) + " bitrate=" + to_string(n.kbps * 1000) + " max-bitrate=" + to_string(n.kbps * 1250) +
                " gop-size=" + to_string(n.gop);
     }},
};

}  // namespace

const std::vector<std::string>& h264_candidates() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const ElementRow& row : rows) all.emplace_back(row.name);
        return all;
    }();
    return names;
}

std::string h264_description(const std::string& element, const Rung& rung) {
    const ElementRow* row = std::find_if(std::begin(rows), std::end(rows), [&](const ElementRow& r) { return element == r.name; });
    if (row == std::end(rows)) return {};
    const int gop = std::max(1, static_cast<int>(std::lround(rung.keyframe_s * rung.fps)));
    const Numbers numbers{rung.bitrate_kbps, gop, 400, rung.fps, rung.width * rung.height > 1280 * 720};
    std::string text = "videoscale add-borders=true ! ";
    if (!row->takes_i420) text += "videoconvert ! ";
    text += "video/x-raw,width=" + to_string(rung.width) + ",height=" + to_string(rung.height) + ",pixel-aspect-ratio=1/1 ! " + element +
            " name=encoder " + row->properties(numbers) + " ! ";
    if (!row->repeats_parameter_sets) text += "h264parse config-interval=-1 ! ";
    return text + "video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline";
}

Result<std::string> choose_h264_encoder(const std::set<std::string>& available) {
    for (const std::string& name : h264_candidates())
        if (available.count(name)) return name;
    return fail(
        "No H.264 encoder is installed. Install the Debian package gstreamer1.0-plugins-ugly (x264enc), or gstreamer1.0-plugins-bad "
        "(openh264enc), or run ./tools/demo once: it installs what is missing.",
        ErrorKind::missing);
}

std::set<std::string> usable_h264_encoders() {
    gst::init();
    std::set<std::string> usable;
    for (const std::string& name : h264_candidates()) {
        GstElement* made = gst_element_factory_make(name.c_str(), nullptr);
        if (!made) continue;
        const auto element = gst::Ref<GstElement>::sink(made);
        // READY is where an element opens its device.
        if (gst_element_set_state(element.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE) usable.insert(name);
        gst_element_set_state(element.get(), GST_STATE_NULL);
    }
    return usable;
}

}  // namespace vitrine
