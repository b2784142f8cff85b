#pragma once
// The show's sound (48 kHz, stereo, interleaved S16) as GStreamer knows it.

#include <gst/gst.h>

#include <memory>

#include "pipelines/media.h"

namespace vitrine {

inline constexpr int pcm_rate = 48000;
inline constexpr int pcm_frame_bytes = 4;

inline std::shared_ptr<GstCaps> pcm_caps() {
    return {gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, pcm_rate, "channels", G_TYPE_INT, 2,
                                "layout", G_TYPE_STRING, "interleaved", nullptr),
            [](GstCaps* caps) { gst_caps_unref(caps); }};
}

inline Nanoseconds pcm_duration(std::size_t frames) { return static_cast<Nanoseconds>(frames) * 1'000'000'000 / pcm_rate; }

/// A full reference; the buffer keeps the samples alive and is read-only.
inline GstBuffer* wrap_pcm(const AudioBlock& block) {
    using Samples = std::shared_ptr<const std::vector<std::int16_t>>;
    const std::size_t size = block.samples->size() * sizeof(std::int16_t);
    GstBuffer* buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<std::int16_t*>(block.samples->data()), size, 0,
                                                    size, new Samples(block.samples), [](gpointer p) { delete static_cast<Samples*>(p); });
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(block.pts);
    GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(pcm_duration(block.samples->size() / 2));
    return buffer;
}

}  // namespace vitrine
