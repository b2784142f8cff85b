#pragma once
// mp4mux (GStreamer 1.22) leaves the size of a fragment's last sample out when it happens to equal that of the fragment's first, without
// writing the default it then refers to: the whole file cannot be opened until it has been finalised, which a killed process never does.
// So no two samples of a track that lie within 64 of each other may have the same size: each is padded until its size, modulo 64, is its
// number, modulo 64. Fragments hold far fewer samples. Costs 32 bytes a sample on average.

#include <gst/gst.h>

#include <cstddef>
#include <cstdint>

namespace vitrine {

inline constexpr std::size_t sample_size_cycle = 64;

/// Reentrant. How many bytes to add to sample `number` of that size; `least` is the smallest addition that is possible besides none.
std::size_t sample_padding(std::size_t size, std::uint64_t number, std::size_t least);

enum class SampleKind {
    h264_avc,  ///< a filler data NAL unit is appended (ITU-T H.264 7.3.2.7)
    aac        ///< zero bytes after the raw data block, which decoders skip
};

/// Pads everything that leaves `parser` from now on.
void vary_sample_sizes(GstElement* parser, SampleKind kind);

}  // namespace vitrine
