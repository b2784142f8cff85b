#include "pipelines/probe.h"

#include <gst/gst.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "pipelines/encode/encoders.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

struct Needed {
    const char* element;
    const char* purpose;
    const char* package;
    bool essential;
};

constexpr Needed needed[] = {
    {"webrtcbin", "WebRTC to buyers", "gstreamer1.0-plugins-bad", true},
    {"nicesink", "ICE for WebRTC", "gstreamer1.0-nice", true},
    {"dtlssrtpenc", "encryption for WebRTC", "gstreamer1.0-plugins-bad", true},
    {"rtph264pay", "H.264 over RTP", "gstreamer1.0-plugins-good", true},
    {"opusenc", "sound for browsers", "gstreamer1.0-plugins-base", true},
    {"x264enc", "H.264 on the processor", "gstreamer1.0-plugins-ugly", false},
    {"h264parse", "H.264 streams", "gstreamer1.0-plugins-bad", true},
    {"mp4mux", "MP4 recordings", "gstreamer1.0-plugins-good", true},
    {"avdec_h264", "decoding H.264 cameras", "gstreamer1.0-libav", true},
    {"avenc_aac", "AAC sound in recordings", "gstreamer1.0-libav", false},
    {"rtspsrc", "network (IP) cameras", "gstreamer1.0-plugins-good", false},
    {"srtsrc", "SRT sources", "gstreamer1.0-plugins-bad", false},
    {"v4l2src", "USB cameras", "gstreamer1.0-plugins-good", false},
    {"pipewiresrc", "PipeWire sound", "gstreamer1.0-pipewire", false},
    {"pulsesrc", "PulseAudio sound", "gstreamer1.0-pulseaudio", false},
    {"alsasrc", "ALSA sound", "gstreamer1.0-alsa", false},
};

std::string source_of(GstDevice* device, bool camera) {
    std::string source;
    if (GstStructure* properties = gst_device_get_properties(device)) {
        const char* path = gst_structure_get_string(properties, camera ? "device.path" : "device.name");
        if (!path) path = gst_structure_get_string(properties, "api.v4l2.path");
        if (path) source = (camera ? "v4l2:" : "pulse:") + std::string(path);
        gst_structure_free(properties);
    }
    return source;
}

void list_devices(ProbeReport& report) {
    GstDeviceMonitor* monitor = gst_device_monitor_new();
    gst_device_monitor_add_filter(monitor, "Video/Source", nullptr);
    gst_device_monitor_add_filter(monitor, "Audio/Source", nullptr);
    if (gst_device_monitor_start(monitor)) {
        GList* devices = gst_device_monitor_get_devices(monitor);
        for (GList* item = devices; item; item = item->next) {
            GstDevice* device = GST_DEVICE(item->data);
            const bool camera = gst_device_has_classes(device, "Video/Source");
            ProbeReport::Device found{camera ? "camera" : "microphone", "", source_of(device, camera), {}};
            if (gchar* name = gst_device_get_display_name(device)) {
                found.name = name;
                g_free(name);
            }
            if (GstCaps* caps = gst_device_get_caps(device)) {
                for (guint i = 0; i < std::min(gst_caps_get_size(caps), 8u); ++i) {
                    gchar* text = gst_structure_to_string(gst_caps_get_structure(caps, i));
                    found.formats.emplace_back(text);
                    g_free(text);
                }
                gst_caps_unref(caps);
            }
            report.devices.push_back(std::move(found));
        }
        g_list_free_full(devices, gst_object_unref);
        gst_device_monitor_stop(monitor);
    }
    gst_object_unref(monitor);
}

void list_gpus(ProbeReport& report) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/dri", error))
        if (entry.path().filename().string().rfind("renderD", 0) == 0) report.gpus.push_back(entry.path().string());
    if (std::filesystem::exists("/dev/nvidia0", error)) report.gpus.emplace_back("/dev/nvidia0");
}

}  // namespace

ProbeReport probe() {
    gst::init();
    ProbeReport report;
    list_devices(report);
    list_gpus(report);
    std::set<std::string> usable = usable_h264_encoders();
    while (!usable.empty()) {
        const auto best = choose_h264_encoder(usable);
        if (!best) break;
        report.encoders.push_back(*best);
        usable.erase(*best);
    }
    report.can_run = !report.encoders.empty();
    for (const Needed& need : needed) {
        const bool present = gst::has_element(need.element);
        report.parts.push_back({need.element, need.purpose, present, present ? "" : std::string("apt-get install ") + need.package});
        if (!present && need.essential) report.can_run = false;
    }
    return report;
}

}  // namespace vitrine
