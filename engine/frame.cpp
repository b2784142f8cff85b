#include "engine/frame.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstring>
#include <mutex>
#include <new>

namespace vitrine {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t most_idle_bytes = std::size_t{48} << 20;  ///< of one pool; two frames are always kept

std::atomic<std::size_t> alive{0};

constexpr int even(int n) { return n < 2 ? 2 : n + (n & 1); }
constexpr int aligned(int n) { return (n + static_cast<int>(alignment) - 1) & ~(static_cast<int>(alignment) - 1); }

void fill_plane(std::uint8_t* plane, int stride, int width, int height, std::uint8_t value) {
    for (int row = 0; row < height; ++row)
        std::memset(plane + static_cast<std::ptrdiff_t>(row) * stride, value, static_cast<std::size_t>(width));
}

void copy_plane(const std::uint8_t* from, int from_stride, std::uint8_t* to, int to_stride, int width, int height) {
    for (int row = 0; row < height; ++row) {
        std::memcpy(to + static_cast<std::ptrdiff_t>(row) * to_stride, from + static_cast<std::ptrdiff_t>(row) * from_stride,
                    static_cast<std::size_t>(width));
    }
}

}  // namespace

VideoFrame::VideoFrame(int width, int height) {
    view_.width = even(width);
    view_.height = even(height);
    view_.stride_y = aligned(view_.width);
    view_.stride_uv = aligned(view_.width / 2);
    const std::size_t luma = static_cast<std::size_t>(view_.stride_y) * static_cast<std::size_t>(view_.height);
    const std::size_t chroma = static_cast<std::size_t>(view_.stride_uv) * static_cast<std::size_t>(view_.height / 2);
    size_ = luma + 2 * chroma;
    memory_ = static_cast<std::uint8_t*>(::operator new (size_, std::align_val_t{alignment}));
    alive += size_;
    view_.y = memory_;
    view_.u = memory_ + luma;
    view_.v = memory_ + luma + chroma;
}

VideoFrame::~VideoFrame() {
    ::operator delete (memory_, std::align_val_t{alignment});
    alive -= size_;
}

std::size_t VideoFrame::bytes_alive() { return alive; }

struct FramePool::Idle {
    explicit Idle(std::size_t keep_count) : keep(keep_count) { frames.reserve(keep); }

    std::mutex mutex;
    const std::size_t keep;
    std::vector<std::unique_ptr<VideoFrame>> frames;
};

FramePool::FramePool(std::size_t keep) : idle_(std::make_shared<Idle>(keep)) {}

std::shared_ptr<VideoFrame> FramePool::take(int width, int height) {
    width = even(width);
    height = even(height);
    std::unique_ptr<VideoFrame> frame;
    std::vector<std::unique_ptr<VideoFrame>> of_another_size;
    {
        const std::lock_guard lock(idle_->mutex);
        auto& frames = idle_->frames;
        if (!frames.empty() && (frames.back()->width() != width || frames.back()->height() != height)) {
            of_another_size.swap(frames);
            frames.reserve(idle_->keep);
        }
        if (!frames.empty()) {
            frame = std::move(frames.back());
            frames.pop_back();
        }
    }
    if (frame) {
        frame->sequence = 0;
        frame->capture_ns = 0;
    } else {
        frame = std::make_unique<VideoFrame>(width, height);
    }
    // A frame that is given back after the pool has gone, or while enough lie idle, is simply freed.
    return {frame.release(), [home = std::weak_ptr<Idle>(idle_)](VideoFrame* done) {
                std::unique_ptr<VideoFrame> returned(done);
                const std::shared_ptr<Idle> idle = home.lock();
                if (!idle) return;
                const std::lock_guard lock(idle->mutex);
                auto& frames = idle->frames;
                const bool same_size =
                    frames.empty() || (frames.back()->width() == done->width() && frames.back()->height() == done->height());
                const std::size_t room = std::max<std::size_t>(2, most_idle_bytes / done->byte_size());
                if (same_size && frames.size() < std::min(idle->keep, room)) frames.push_back(std::move(returned));
            }};
}

void fill(const I420View& frame, std::uint8_t y, std::uint8_t u, std::uint8_t v) {
    fill_plane(frame.y, frame.stride_y, frame.width, frame.height, y);
    fill_plane(frame.u, frame.stride_uv, frame.width / 2, frame.height / 2, u);
    fill_plane(frame.v, frame.stride_uv, frame.width / 2, frame.height / 2, v);
}

void copy(const ConstI420View& from, const I420View& to) {
    assert(from.width == to.width && from.height == to.height);
    const int width = std::min(from.width, to.width);
    const int height = std::min(from.height, to.height);
    copy_plane(from.y, from.stride_y, to.y, to.stride_y, width, height);
    copy_plane(from.u, from.stride_uv, to.u, to.stride_uv, width / 2, height / 2);
    copy_plane(from.v, from.stride_uv, to.v, to.stride_uv, width / 2, height / 2);
}

}  // namespace vitrine
