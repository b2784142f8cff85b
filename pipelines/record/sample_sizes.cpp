#include "pipelines/record/sample_sizes.h"

#include <cstring>

#include "engine/barrier.h"
#include "pipelines/gst.h"

namespace vitrine {
namespace {

constexpr std::size_t nal_length = 4;                    ///< bytes of a NAL unit's length in AVC samples
constexpr std::size_t smallest_filler = nal_length + 2;  ///< header and stop bit

struct Numbering {
    SampleKind kind;
    std::uint64_t number = 0;
};

GstMemory* filler(std::size_t bytes) {
    GstMemory* memory = gst_allocator_alloc(nullptr, bytes, nullptr);
    GstMapInfo map;
    gst_memory_map(memory, &map, GST_MAP_WRITE);
    const std::size_t nal = bytes - nal_length;
    for (std::size_t i = 0; i < nal_length; ++i) map.data[i] = static_cast<std::uint8_t>(nal >> (8 * (nal_length - 1 - i)));
    std::memset(map.data + nal_length, 0xff, nal);
    map.data[nal_length] = 12;  // nal_unit_type: filler data
    map.data[bytes - 1] = 0x80;
    gst_memory_unmap(memory, &map);
    return memory;
}

GstMemory* zeros(std::size_t bytes) {
    GstMemory* memory = gst_allocator_alloc(nullptr, bytes, nullptr);
    GstMapInfo map;
    gst_memory_map(memory, &map, GST_MAP_WRITE);
    std::memset(map.data, 0, bytes);
    gst_memory_unmap(memory, &map);
    return memory;
}

GstPadProbeReturn pad_sample(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto& numbering = *static_cast<Numbering*>(data);
    const bool video = numbering.kind == SampleKind::h264_avc;
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    const std::size_t more = sample_padding(gst_buffer_get_size(buffer), numbering.number++, video ? smallest_filler : 1);
    if (more == 0) return GST_PAD_PROBE_OK;
    buffer = gst_buffer_make_writable(buffer);
    gst_buffer_append_memory(buffer, video ? filler(more) : zeros(more));
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    return GST_PAD_PROBE_OK;
}

}  // namespace

std::size_t sample_padding(std::size_t size, std::uint64_t number, std::size_t least) {
    const std::size_t wanted = number % sample_size_cycle, has = size % sample_size_cycle;
    const std::size_t more = (wanted + sample_size_cycle - has) % sample_size_cycle;
    return more == 0 || more >= least ? more : more + sample_size_cycle;
}

void vary_sample_sizes(GstElement* parser, SampleKind kind) {
    const gst::Ref<GstPad> pad(gst_element_get_static_pad(parser, "src"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, barrier::barred<"sample size", &pad_sample, GST_PAD_PROBE_OK>,
                      new Numbering{kind}, [](gpointer data) { delete static_cast<Numbering*>(data); });
}

}  // namespace vitrine
