#pragma once
// Pixels are I420 everywhere between camera and encoder: full-range of values as the source gave them, BT.709, even width and
// height. A view borrows: it is valid for the call it is passed to. A VideoFrame owns; once it is shared it is immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/clock.h"

namespace vitrine {

/// Borrowed planes of one I420 picture. Strides in bytes. u and v are (width/2) × (height/2).
struct I420View {
    std::uint8_t* y = nullptr;
    std::uint8_t* u = nullptr;
    std::uint8_t* v = nullptr;
    int stride_y = 0;
    int stride_uv = 0;
    int width = 0;
    int height = 0;
};

/// Borrowed, read-only planes of one I420 picture.
struct ConstI420View {
    const std::uint8_t* y = nullptr;
    const std::uint8_t* u = nullptr;
    const std::uint8_t* v = nullptr;
    int stride_y = 0;
    int stride_uv = 0;
    int width = 0;
    int height = 0;

    ConstI420View() = default;
    ConstI420View(const I420View& m)
        : y(m.y), u(m.u), v(m.v), stride_y(m.stride_y), stride_uv(m.stride_uv), width(m.width), height(m.height) {}
};

/// One owned I420 picture; planes 64-byte aligned, in one allocation.
class VideoFrame {
  public:
    /// Width and height are rounded up to even.
    VideoFrame(int width, int height);
    ~VideoFrame();
    VideoFrame(const VideoFrame&) = delete;
    VideoFrame& operator=(const VideoFrame&) = delete;

    I420View view() { return view_; }
    ConstI420View view() const { return view_; }
    int width() const { return view_.width; }
    int height() const { return view_.height; }
    std::size_t byte_size() const { return size_; }
    /// Of all that are alive in the process, those kept for reuse included.
    static std::size_t bytes_alive();

    std::uint64_t sequence = 0;  ///< the camera's own frame number, from 0, or the program's
    Nanoseconds capture_ns = 0;  ///< monotonic time the source gave, else of arrival after decoding

  private:
    I420View view_;
    std::size_t size_ = 0;
    std::uint8_t* memory_ = nullptr;
};

using VideoFramePtr = std::shared_ptr<const VideoFrame>;

/// Recycles frames of one size. Thread-safe. Frames may outlive the pool.
class FramePool {
  public:
    /// `keep`: how many idle frames are kept for reuse.
    explicit FramePool(std::size_t keep = 8);
    /// A frame of that size with undefined pixels; sequence and capture_ns are 0.
    std::shared_ptr<VideoFrame> take(int width, int height);

  private:
    struct Idle;
    std::shared_ptr<Idle> idle_;
};

/// Fills a picture with one colour (studio range Y'CbCr).
void fill(const I420View& frame, std::uint8_t y, std::uint8_t u, std::uint8_t v);
/// Copies equal-sized pictures.
void copy(const ConstI420View& from, const I420View& to);

}  // namespace vitrine
