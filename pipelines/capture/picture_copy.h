#pragma once
// From decoder memory into a frame of our own. The decoder's picture is only read. Full-range pictures (MJPEG webcams) are brought into
// studio range on the way, which costs nothing extra; an odd width or height is filled up by repeating the last column or row.

#include <gst/gst.h>

#include <memory>

#include "engine/frame.h"

namespace vitrine {

/// Reentrant. Null when the sample is no I420 picture.
std::shared_ptr<VideoFrame> copy_picture(GstSample* sample, FramePool& pool);

/// Reentrant, pure. Y' 0…255 -> 16…235 and C 0…255 -> 16…240, rounded to nearest; in place allowed.
void to_studio_range(const std::uint8_t* from, std::uint8_t* to, int count, bool luma);

}  // namespace vitrine
