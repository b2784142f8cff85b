#include "pipelines/deliver/webrtc_peer_stats.h"

#include <gst/rtp/rtp.h>

#include <algorithm>
#include <bit>

#include "engine/barrier.h"

namespace vitrine {

RtpWatch::RtpWatch(GstElement* webrtc) {
    const gst::Ref<GstElement> rtpbin(gst_bin_get_by_name(GST_BIN(webrtc), "rtpbin"));
    if (!rtpbin) return;
    // With max-bundle there is one RTP session, number 0.
    g_signal_emit_by_name(rtpbin.get(), "get-internal-session", 0, &session_);
    if (!session_) return;
    using Held = std::shared_ptr<Seen>;
    const auto release = [](gpointer held, GClosure*) { delete static_cast<Held*>(held); };
    rtcp_ = g_signal_connect_data(
        session_, "on-receiving-rtcp",
        G_CALLBACK((barrier::barred<"viewer report",
                                    [](GObject*, GstBuffer*, gpointer seen) { (*static_cast<Held*>(seen))->last_heard = steady_now(); }>)),
        new Held(seen_), release, GConnectFlags{});
    feedback_ = g_signal_connect_data(
        session_, "on-feedback-rtcp",
        G_CALLBACK((barrier::barred<"viewer feedback",
                                    [](GObject*, guint type, guint fbtype, guint, guint, GstBuffer* fci, gpointer held) {
                                        Seen& seen = **static_cast<Held*>(held);
                                        if (type == GST_RTCP_TYPE_PSFB &&
                                            (fbtype == GST_RTCP_PSFB_TYPE_PLI || fbtype == GST_RTCP_PSFB_TYPE_FIR))
                                            ++seen.plis;
                                        GstMapInfo map;
                                        if (type != GST_RTCP_TYPE_RTPFB || fbtype != GST_RTCP_RTPFB_TYPE_NACK || !fci ||
                                            !gst_buffer_map(fci, &map, GST_MAP_READ))
                                            return;
                                        // RFC 4585, 6.2.1: packet id and a bit mask of the 16 that follow it.
                                        for (gsize at = 0; at + 4 <= map.size; at += 4)
                                            seen.nacks += 1 + static_cast<unsigned>(std::popcount(
                                                                  static_cast<unsigned>(map.data[at + 2] << 8 | map.data[at + 3])));
                                        gst_buffer_unmap(fci, &map);
                                    }>)),
        new Held(seen_), release, GConnectFlags{});
}

RtpWatch::~RtpWatch() {
    if (!session_) return;
    if (rtcp_) g_signal_handler_disconnect(session_, rtcp_);
    if (feedback_) g_signal_handler_disconnect(session_, feedback_);
    g_object_unref(session_);
}

RtpWatch::Path RtpWatch::path() const {
    Path path;
    if (!session_) return path;
    GstStructure* stats = nullptr;
    g_object_get(session_, "stats", &stats, nullptr);
    if (!stats) return path;
    if (const GValue* list = gst_structure_get_value(stats, "source-stats")) {
        // The type is deprecated in GLib and still what the session hands out.
        G_GNUC_BEGIN_IGNORE_DEPRECATIONS
        const auto* sources = static_cast<GValueArray*>(g_value_get_boxed(list));
        for (guint i = 0; sources && i < sources->n_values; ++i) {
            const auto* source =
                static_cast<const GstStructure*>(g_value_get_boxed(g_value_array_get_nth(const_cast<GValueArray*>(sources), i)));
            gboolean internal = FALSE, reported = FALSE;
            gst_structure_get_boolean(source, "internal", &internal);
            gst_structure_get_boolean(source, "have-rb", &reported);
            if (internal || !reported) continue;
            guint lost = 0, round_trip = 0;
            gst_structure_get_uint(source, "rb-fractionlost", &lost);
            gst_structure_get_uint(source, "rb-round-trip", &round_trip);
            path.loss = std::max(path.loss, lost / 256.0);
            path.rtt_ms = std::max(path.rtt_ms, round_trip * 1000.0 / 65536.0);
        }
        G_GNUC_END_IGNORE_DEPRECATIONS
    }
    gst_structure_free(stats);
    return path;
}

}  // namespace vitrine
