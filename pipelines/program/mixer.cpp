#include "pipelines/program/mixer.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>

namespace vitrine {
namespace {

ConstI420View crop(const ConstI420View& v, const PixelRect& r) {
    ConstI420View c = v;
    c.y += static_cast<std::ptrdiff_t>(r.y) * v.stride_y + r.x;
    c.u += static_cast<std::ptrdiff_t>(r.y / 2) * v.stride_uv + r.x / 2;
    c.v += static_cast<std::ptrdiff_t>(r.y / 2) * v.stride_uv + r.x / 2;
    c.width = r.width;
    c.height = r.height;
    return c;
}

I420View crop(const I420View& v, const PixelRect& r) {
    I420View c = v;
    c.y += static_cast<std::ptrdiff_t>(r.y) * v.stride_y + r.x;
    c.u += static_cast<std::ptrdiff_t>(r.y / 2) * v.stride_uv + r.x / 2;
    c.v += static_cast<std::ptrdiff_t>(r.y / 2) * v.stride_uv + r.x / 2;
    c.width = r.width;
    c.height = r.height;
    return c;
}

bool covers(std::span<const Mixer::Input> inputs, int width, int height) {
    return std::any_of(inputs.begin(), inputs.end(), [&](const auto& i) { return i.placement.to == PixelRect{0, 0, width, height}; });
}

void fade_plane(const std::uint8_t* a, int stride_a, const std::uint8_t* b, int stride_b, int weight, std::uint8_t* to, int stride,
                int width, int height) {
    const int rest = 256 - weight;
    for (int row = 0; row < height; ++row, a += stride_a, b += stride_b, to += stride)
        for (int x = 0; x < width; ++x) to[x] = static_cast<std::uint8_t>((a[x] * rest + b[x] * weight + 128) >> 8);
}

/// A frame that describes memory we own; GstVideoConverter reads only info, data and the plane layout.
GstVideoFrame describe(const GstVideoInfo& info, std::uint8_t* y, std::uint8_t* u, std::uint8_t* v, int stride_y, int stride_uv) {
    GstVideoFrame frame{};
    frame.info = info;
    frame.data[0] = y;
    frame.data[1] = u;
    frame.data[2] = v;
    frame.info.stride[0] = stride_y;
    frame.info.stride[1] = frame.info.stride[2] = stride_uv;
    return frame;
}

}  // namespace

struct Mixer::Scaler {
    int from_width, from_height, to_width, to_height;
    GstVideoInfo from_info, to_info;
    GstVideoConverter* converter = nullptr;
    std::uint64_t used = 0;

    Scaler(int fw, int fh, int tw, int th) : from_width(fw), from_height(fh), to_width(tw), to_height(th) {
        gst_video_info_set_format(&from_info, GST_VIDEO_FORMAT_I420, static_cast<guint>(fw), static_cast<guint>(fh));
        gst_video_info_set_format(&to_info, GST_VIDEO_FORMAT_I420, static_cast<guint>(tw), static_cast<guint>(th));
        // The same colorimetry on both sides: a plane scale, no colour conversion.
        gst_video_colorimetry_from_string(&from_info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
        to_info.colorimetry = from_info.colorimetry;
        to_info.chroma_site = from_info.chroma_site;
        converter =
            gst_video_converter_new(&from_info, &to_info,
                                    gst_structure_new("scale", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
                                                      GST_VIDEO_RESAMPLER_METHOD_LINEAR, GST_VIDEO_CONVERTER_OPT_CHROMA_RESAMPLER_METHOD,
                                                      GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR, nullptr));
    }
    ~Scaler() {
        if (converter) gst_video_converter_free(converter);
    }
    Scaler(const Scaler&) = delete;
    Scaler& operator=(const Scaler&) = delete;

    void scale(const ConstI420View& from, const I420View& to) {
        GstVideoFrame source = describe(from_info, const_cast<std::uint8_t*>(from.y), const_cast<std::uint8_t*>(from.u),
                                        const_cast<std::uint8_t*>(from.v), from.stride_y, from.stride_uv);
        GstVideoFrame target = describe(to_info, to.y, to.u, to.v, to.stride_y, to.stride_uv);
        gst_video_converter_frame(converter, &source, &target);
    }
};

Mixer::Mixer(int width, int height) : width_(width), height_(height) {}
Mixer::~Mixer() = default;

void Mixer::mix(std::span<const Input> inputs, const I420View& into) {
    ++frame_;
    if (!covers(inputs, width_, height_)) fill(into, ground_y, ground_u, ground_v);
    for (const Input& input : inputs) {
        const auto& [to, from] = input.placement;
        if (to.width <= 0 || to.height <= 0 || from.width <= 0 || from.height <= 0) continue;
        const ConstI420View source = crop(input.picture, from);
        const I420View target = crop(into, to);
        if (from.width == to.width && from.height == to.height) {
            copy(source, target);
            continue;
        }
        auto found = std::find_if(scalers_.begin(), scalers_.end(), [&](const auto& s) {
            return s->from_width == from.width && s->from_height == from.height && s->to_width == to.width && s->to_height == to.height;
        });
        if (found == scalers_.end()) {
            scalers_.push_back(std::make_unique<Scaler>(from.width, from.height, to.width, to.height));
            found = std::prev(scalers_.end());
        }
        (*found)->used = frame_;
        (*found)->scale(source, target);
    }
    std::erase_if(scalers_, [&](const auto& s) { return frame_ - s->used > 300; });
}

void Mixer::fade(const ConstI420View& a, const ConstI420View& b, int weight, const I420View& into) {
    fade_plane(a.y, a.stride_y, b.y, b.stride_y, weight, into.y, into.stride_y, into.width, into.height);
    fade_plane(a.u, a.stride_uv, b.u, b.stride_uv, weight, into.u, into.stride_uv, into.width / 2, into.height / 2);
    fade_plane(a.v, a.stride_uv, b.v, b.stride_uv, weight, into.v, into.stride_uv, into.width / 2, into.height / 2);
}

}  // namespace vitrine
