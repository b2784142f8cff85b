// A network camera for tests: rtsp_camera [--port N] [--width W --height H --fps F] [--audio] [--user U --password P]
// Prints "port N" once it can be reached (N 0 picks a free one) and serves rtsp://127.0.0.1:N/live, H.264 and with --audio also G.711 (a 1
// kHz tone). Each picture carries the low 24 bits of the monotonic clock in ms at its making as frame code, so a reader on the same machine
// knows its age. SIGUSR1 hangs the sensor (the same picture again and again) or lets it go on; SIGUSR2 changes to half the size and back.

#include <glib-unix.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "engine/clock.h"
#include "engine/frame_code.h"

namespace {

using namespace vitrine;

struct Options {
    int port = 0, width = 640, height = 360, fps = 30;
    bool audio = false;
    std::string user, password;
};

Options options;
std::atomic<bool> hung{false}, small{false};

// Feeds one media's appsrc until the media goes.
struct Feeder {
    GstElement* source = nullptr;
    std::atomic<bool> stopping{false};
    std::thread thread;

    void run() {
        int width = 0, height = 0;
        std::uint64_t code = 0;
        auto due = std::chrono::steady_clock::now();
        while (!stopping) {
            // A buffer that comes before the pipeline plays has no time stamp, and an encoder may refuse it.
            if (GST_STATE(source) != GST_STATE_PLAYING) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                due = std::chrono::steady_clock::now();
                continue;
            }
            const int want_width = small ? options.width / 2 : options.width, want_height = small ? options.height / 2 : options.height;
            if (want_width != width) {
                width = want_width;
                height = want_height;
                GstCaps* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, width, "height",
                                                    G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, options.fps, 1, nullptr);
                gst_app_src_set_caps(GST_APP_SRC(source), caps);
                gst_caps_unref(caps);
            }
            const std::size_t luma = static_cast<std::size_t>(width) * height;
            GstBuffer* buffer = gst_buffer_new_allocate(nullptr, luma * 3 / 2, nullptr);
            GstMapInfo map;
            gst_buffer_map(buffer, &map, GST_MAP_WRITE);
            I420View view{map.data, map.data + luma, map.data + luma * 5 / 4, width, width / 2, width, height};
            if (!hung) code = static_cast<std::uint64_t>(steady_now() / 1'000'000);
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) view.y[y * width + x] = static_cast<std::uint8_t>(64 + (((x + y) / 2 + code / 8) & 127));
            }
            std::memset(view.u, 128, luma / 2);
            draw_frame_code(view, code, CodeCorner::top_left);
            gst_buffer_unmap(buffer, &map);
            gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
            due += std::chrono::nanoseconds(1'000'000'000 / options.fps);
            if (const auto now = std::chrono::steady_clock::now(); now - due > std::chrono::milliseconds(200)) due = now;  // it was stopped
            std::this_thread::sleep_until(due);
        }
    }
};

/// A microphone has no past. audiotestsrc says that it can seek, so the server would seek at each PLAY: the picture's source cannot, the
/// seek fails, and the sound has stopped.
GstPadProbeReturn no_seeking(GstPad*, GstPadProbeInfo* info, gpointer) {
    GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
    if (GST_QUERY_TYPE(query) != GST_QUERY_SEEKING) return GST_PAD_PROBE_OK;
    gst_query_set_seeking(query, GST_FORMAT_TIME, FALSE, 0, -1);
    return GST_PAD_PROBE_HANDLED;
}

void configure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer) {
    GstElement* bin = gst_rtsp_media_get_element(media);
    if (GstElement* microphone = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "microphone")) {
        GstPad* pad = gst_element_get_static_pad(microphone, "src");
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, no_seeking, nullptr, nullptr);
        gst_object_unref(pad);
        gst_object_unref(microphone);
    }
    auto* feeder = new Feeder;
    feeder->source = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "camera");
    gst_object_unref(bin);
    feeder->thread = std::thread([feeder] { feeder->run(); });
    g_signal_connect(media, "unprepared", G_CALLBACK(+[](GstRTSPMedia*, gpointer data) {
                         auto* done = static_cast<Feeder*>(data);
                         done->stopping = true;
                         done->thread.join();
                         gst_object_unref(done->source);
                         delete done;
                     }),
                     feeder);
}

void protect(GstRTSPServer* server, GstRTSPMediaFactory* factory) {
    GstRTSPAuth* auth = gst_rtsp_auth_new();
    GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", nullptr);
    gchar* basic = gst_rtsp_auth_make_basic(options.user.c_str(), options.password.c_str());
    gst_rtsp_auth_add_basic(auth, basic, token);
    g_free(basic);
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string key = argv[i];
        if (key == "--audio") {
            options.audio = true;
            continue;
        }
        if (i + 1 >= argc) return 2;
        const char* value = argv[++i];
        if (key == "--port")
            options.port = std::atoi(value);
        else if (key == "--width")
            options.width = std::atoi(value);
        else if (key == "--height")
            options.height = std::atoi(value);
        else if (key == "--fps")
            options.fps = std::atoi(value);
        else if (key == "--user")
            options.user = value;
        else if (key == "--password")
            options.password = value;
        else
            return 2;
    }
    gst_init(&argc, &argv);
    GMainLoop* loop = g_main_loop_new(nullptr, FALSE);
    GstRTSPServer* server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, std::to_string(options.port).c_str());
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    std::string launch =
        "( appsrc name=camera is-live=true do-timestamp=true format=time max-buffers=2 leaky-type=downstream ! "
        "x264enc tune=zerolatency speed-preset=ultrafast bitrate=2000 key-int-max=30 threads=1 ! rtph264pay name=pay0 pt=96 "
        "config-interval=-1";
    if (options.audio) {
        launch +=
            " audiotestsrc name=microphone is-live=true wave=sine freq=1000 samplesperbuffer=160 ! audio/x-raw,rate=8000,channels=1 ! "
            "alawenc ! "
            "rtppcmapay name=pay1 pt=8";
    }
    launch += " )";
    gst_rtsp_media_factory_set_launch(factory, launch.c_str());
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_latency(factory, 0);
    g_signal_connect(factory, "media-configure", G_CALLBACK(configure), nullptr);
    if (!options.user.empty()) protect(server, factory);
    gst_rtsp_mount_points_add_factory(mounts, "/live", factory);
    g_object_unref(mounts);
    if (gst_rtsp_server_attach(server, nullptr) == 0) {
        std::fprintf(stderr, "port %d cannot be listened on\n", options.port);
        return 1;
    }
    g_unix_signal_add(
        SIGUSR1, [](gpointer) -> gboolean { return hung = !hung, G_SOURCE_CONTINUE; }, nullptr);
    g_unix_signal_add(
        SIGUSR2, [](gpointer) -> gboolean { return small = !small, G_SOURCE_CONTINUE; }, nullptr);
    g_timeout_add_seconds(
        2,
        [](gpointer data) -> gboolean {
            GstRTSPSessionPool* pool = gst_rtsp_server_get_session_pool(GST_RTSP_SERVER(data));
            gst_rtsp_session_pool_cleanup(pool);
            g_object_unref(pool);
            return G_SOURCE_CONTINUE;
        },
        server);
    std::printf("port %d\n", gst_rtsp_server_get_bound_port(server));
    std::fflush(stdout);
    g_main_loop_run(loop);
}
