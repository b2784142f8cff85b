#include "pipelines/capture/picture_copy.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>

namespace vitrine {
namespace {

void copy_plane(const std::uint8_t* from, int from_stride, int width, int height, std::uint8_t* to, int to_stride, int to_width,
                int to_height, bool full_range, bool luma) {
    for (int row = 0; row < to_height; ++row) {
        const std::uint8_t* source = from + static_cast<std::ptrdiff_t>(std::min(row, height - 1)) * from_stride;
        std::uint8_t* target = to + static_cast<std::ptrdiff_t>(row) * to_stride;
        const int count = std::min(width, to_width);
        if (full_range)
            to_studio_range(source, target, count, luma);
        else
            std::memcpy(target, source, static_cast<std::size_t>(count));
        for (int column = count; column < to_width; ++column) target[column] = target[count - 1];
    }
}

}  // namespace

void to_studio_range(const std::uint8_t* from, std::uint8_t* to, int count, bool luma) {
    // 16.16 fixed point: 219/255 and 224/255; chroma is scaled around 128.
    const int scale = luma ? 56284 : 57569;
    const int offset = luma ? (16 << 16) + 32768 : (128 << 16) - 128 * 57569 + 32768;
    for (int i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>((from[i] * scale + offset) >> 16);
}

std::shared_ptr<VideoFrame> copy_picture(GstSample* sample, FramePool& pool) {
    GstCaps* caps = gst_sample_get_caps(sample);
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstVideoInfo info;
    if (!caps || !buffer || !gst_video_info_from_caps(&info, caps) || GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420) return nullptr;
    GstVideoFrame picture;
    if (!gst_video_frame_map(&picture, &info, buffer, GST_MAP_READ)) return nullptr;
    const int width = GST_VIDEO_INFO_WIDTH(&info), height = GST_VIDEO_INFO_HEIGHT(&info);
    const bool full_range = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
    std::shared_ptr<VideoFrame> frame = pool.take(width, height);
    const I420View view = frame->view();
    std::uint8_t* const planes[3] = {view.y, view.u, view.v};
    for (int plane = 0; plane < 3; ++plane) {
        const bool luma = plane == 0;
        copy_plane(static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, plane)),
                   GST_VIDEO_FRAME_PLANE_STRIDE(&picture, plane), luma ? width : (width + 1) / 2, luma ? height : (height + 1) / 2,
                   planes[plane], luma ? view.stride_y : view.stride_uv, luma ? view.width : view.width / 2,
                   luma ? view.height : view.height / 2, full_range, luma);
    }
    gst_video_frame_unmap(&picture);
    return frame;
}

}  // namespace vitrine
