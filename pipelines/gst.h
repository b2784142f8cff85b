#pragma once
// RAII for GStreamer's reference counts and the two set-ups every pipeline of ours shares.

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/clock.h"
#include "engine/frame.h"
#include "engine/result.h"

namespace vitrine::gst {

/// Once per process; thread-safe.
void init();

/// Owns one reference to a GstObject (element, pad, bus, clock). Construct with a full reference; sink() takes a floating one.
template <class T>
class Ref {
  public:
    Ref() = default;
    explicit Ref(T* full) : object_(full) {}
    static Ref sink(T* floating) { return Ref(floating ? static_cast<T*>(gst_object_ref_sink(floating)) : nullptr); }
    static Ref share(T* borrowed) { return Ref(borrowed ? static_cast<T*>(gst_object_ref(borrowed)) : nullptr); }
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref& operator=(Ref&& other) noexcept {
        if (this != &other) {
            reset();
            object_ = std::exchange(other.object_, nullptr);
        }
        return *this;
    }
    Ref(const Ref& other) : object_(other.object_ ? static_cast<T*>(gst_object_ref(other.object_)) : nullptr) {}
    Ref& operator=(const Ref& other) {
        Ref copy(other);
        std::swap(object_, copy.object_);
        return *this;
    }
    ~Ref() { reset(); }
    void reset() {
        if (object_) gst_object_unref(std::exchange(object_, nullptr));
    }
    T* get() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }

  private:
    T* object_ = nullptr;
};

/// A pipeline from a gst-launch description, on the show's clock and base time. Destroying it sets the bus flushing and the state to
/// NULL, waits for that, and so frees every descriptor (webrtcbin leaks them otherwise).
class Pipeline {
  public:
    /// `epoch`: the show's epoch on the monotonic clock; it becomes the base time. missing: an element is not installed; names it.
    static Result<std::unique_ptr<Pipeline>> parse(const std::string& description, const std::string& name, Nanoseconds epoch);
    ~Pipeline();
    GstElement* get() const { return pipeline_.get(); }
    /// A full reference, or empty.
    Ref<GstElement> element(const char* name) const;
    /// Called on the thread that posts the message (a streaming thread): error and warning texts with the element's name, EOS. Behind a
    /// barrier; `error` that throws is called once more, with short words, so that a failed part is never taken for a working one.
    struct Events {
        std::function<void(const std::string& element, const std::string& message)> error;
        std::function<void()> end_of_stream;
        std::function<void(GstMessage*)> other;
    };
    /// Before play().
    void listen(Events events);
    Result<void> play();
    /// Sends EOS and waits for it to reach every sink.
    bool finish(Nanoseconds timeout);
    void stop();

  private:
    Pipeline() = default;
    struct Listener;
    Ref<GstElement> pipeline_;
    std::shared_ptr<Listener> listener_;
};

/// A buffer's bytes for reading, for as long as this lives.
class ReadMap {
  public:
    explicit ReadMap(GstBuffer* buffer) : buffer_(buffer) { mapped_ = buffer && gst_buffer_map(buffer, &map_, GST_MAP_READ); }
    ~ReadMap() {
        if (mapped_) gst_buffer_unmap(buffer_, &map_);
    }
    ReadMap(const ReadMap&) = delete;
    ReadMap& operator=(const ReadMap&) = delete;
    explicit operator bool() const { return mapped_; }
    const std::uint8_t* data() const { return map_.data; }
    std::size_t size() const { return map_.size; }

  private:
    GstBuffer* buffer_;
    GstMapInfo map_{};
    bool mapped_ = false;
};

/// Whether an element factory exists.
bool has_element(const char* name);
/// Takes over a reference.
std::shared_ptr<GstBuffer> share_buffer(GstBuffer* full);
/// Wraps a picture without copying; the buffer keeps it alive. Read-only. Adds video meta (strides). `pts` in show time.
GstBuffer* wrap(std::shared_ptr<const VideoFrame> picture, Nanoseconds pts);

}  // namespace vitrine::gst
