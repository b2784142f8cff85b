#pragma once
// What a camera or microphone gets its data from. A source works on threads of its own from the moment it exists; it is used up by close():
// a lost source is closed and another one is made. close() returns at once, but not before the last callback has: afterwards nothing
// of the events is touched any more. What may block (tearing down a connection whose other side is silent) goes on behind it.

#include <gst/app/gstappsink.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/barrier.h"
#include "engine/config.h"
#include "engine/frame_stage.h"
#include "pipelines/capture/gate.h"
#include "pipelines/gst.h"

namespace vitrine {

/// All of them are called on the source's own threads, never two of `picture` or two of `sound` at a time.
struct SourceEvents {
    /// Something arrived, though perhaps not a picture or a sound yet. May come more than once.
    std::function<void()> answered;
    /// Decoded, I420. capture_ns: on the monotonic clock.
    std::function<void(GstSample* sample, Nanoseconds capture_ns)> picture;
    /// Interleaved stereo S16 at 48 kHz; `frames` pairs. pts in show time.
    std::function<void(const std::int16_t* samples, std::size_t frames, Nanoseconds pts)> sound;
    /// How pictures (or sounds) are encoded, as people call it (codec_names.h); when it is known.
    std::function<void(bool of_sound, const std::string& name)> encoding;
    /// Pictures that were decoded but had to make way for newer ones.
    std::function<void()> dropped;
    /// Broke off; GStreamer's words or ours, for explain_failure(). At most once.
    std::function<void(std::string reason)> broken;
    /// Played to its end. At most once, and not together with broken.
    std::function<void()> ended;
};

class Source {
  public:
    virtual ~Source() = default;
    virtual void close() = 0;
    /// True when everything that close() left to be done is done.
    virtual bool gone() const = 0;
};

/// How to reach a network source. Tried one after the other until one works; see next_way().
struct SourceWay {
    bool udp = false;
    bool audio = true;  ///< false: leave the sound alone, in case it is what breaks the source
    bool operator==(const SourceWay&) const = default;
};

/// Pure. TCP, TCP without sound, UDP, UDP without sound, and round again.
SourceWay next_way(SourceWay way);

struct SourceRequest {
    SourceSpec spec;
    bool video = true;
    SourceWay way;
    bool loop = false;  ///< file: without a gap where the container can be searched, else it ends and is opened again
    int latency_ms = 60;
    Nanoseconds epoch = 0;
};

/// A GStreamer pipeline: file, rtsp, rtsps, srt, v4l2, alsa, pulse, pipewire.
class GstSource : public Source, public std::enable_shared_from_this<GstSource> {
  public:
    static std::shared_ptr<GstSource> open(SourceRequest request, SourceEvents events);
    ~GstSource() override;
    void close() override;
    bool gone() const override;
    /// Waits for gone().
    bool wait_gone(std::chrono::steady_clock::time_point until) const;

  private:
    GstSource(SourceRequest request, SourceEvents events);
    void keep();
    void leave();
    /// What `work` throws is reported as the source's end.
    template <class Work>
    void or_broken(const char* door, Work&& work) noexcept {
        if (!barrier::run(door, std::forward<Work>(work))) report_failed();
    }
    Result<std::unique_ptr<gst::Pipeline>> build();
    Result<void> begin(gst::Pipeline& pipeline);
    void attach(GstPad* pad);
    void attach_chain(GstPad* pad, bool video);
    std::string video_chain(bool encoded) const;
    std::string audio_chain(bool encoded) const;
    void watch_sink(GstElement* sink, bool video);
    void watch_size(GstPad* pad);
    void take_picture(GstSample* sample);
    void take_sound(GstSample* sample);
    void report_broken(const std::string& reason);
    void report_failed() noexcept;
    void report_ended();
    /// Monotonic time of a buffer, or nothing when its stamp makes no sense.
    std::optional<Nanoseconds> time_of(GstSample* sample) const;
    bool live() const { return request_.spec.scheme != "file"; }
    bool closing() const;

    static void on_pad_added(GstElement*, GstPad* pad, gpointer self);
    static void on_no_more_pads(GstElement*, gpointer self);
    static void on_deep_element(GstBin*, GstBin*, GstElement* element, gpointer self);
    static void on_overrun(GstElement*, gpointer self);
    static gboolean on_select_stream(GstElement*, guint index, GstCaps* caps, gpointer self);
    static gboolean on_type(GstElement*, GstPad*, GstCaps* caps, gpointer self);
    void tell_encoding(const std::string& media, const std::string& encoding);
    static GstFlowReturn on_sample(GstAppSink* sink, gpointer self);
    static GstPadProbeReturn on_size(GstPad*, GstPadProbeInfo* info, gpointer self);
    static GstPadProbeReturn on_first_data(GstPad*, GstPadProbeInfo*, gpointer self);

    const SourceRequest request_;
    const SourceEvents events_;
    Gate gate_;
    GstElement* bin_ = nullptr;         ///< borrowed from the pipeline, which outlives every callback
    std::atomic<Nanoseconds> base_{0};  ///< monotonic time of running time 0
    std::atomic<bool> has_video_{false}, has_audio_{false}, reported_{false}, too_large_{false};

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool closing_ = false, gone_ = false, again_ = false;
};

/// A picture generator paced on the monotonic clock: frame n is shown at epoch + n / fps. A frame that is late is still made, unless it is
/// more than four periods late: then it is skipped.
class SimSource : public Source {
  public:
    /// `render(sequence, capture_ns)` makes and delivers one frame; `skipped(count)` hears of frames left out. Both on the source's thread.
    SimSource(int fps, Nanoseconds epoch, std::function<void(std::uint64_t, Nanoseconds)> render,
              std::function<void(std::uint64_t)> skipped);
    ~SimSource() override { close(); }
    void close() override;
    bool gone() const override { return true; }

  private:
    void run();
    const int fps_;
    const Nanoseconds epoch_;
    const std::function<void(std::uint64_t, Nanoseconds)> render_;
    const std::function<void(std::uint64_t)> skipped_;
    std::mutex mutex_;
    std::condition_variable closing_changed_;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace vitrine
