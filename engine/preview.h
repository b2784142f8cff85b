#pragma once
// Pictures for the panel, through POSIX shared memory: the show writes, the panel reads, neither waits for the other. A region holds
// named slots ("program", camera ids), each with three I420 pictures of at most max_width × max_height; the writer fills the one
// that is neither newest nor next and then publishes it with a sequence number, so a reader that stalls costs nothing and one that
// reads too slowly notices (read() returns false) and tries again. A picture carries the scene frame it was painted from, so that a place
// on it can be found on the product. Created 0600, unlinked when the writer goes; what a killed show left
// behind is removed by the next one.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/frame.h"
#include "engine/result.h"

namespace vitrine {

inline constexpr int preview_max_width = 640;
inline constexpr int preview_max_height = 360;
inline constexpr int preview_max_slots = 12;

class PreviewWriter {
  public:
    static Result<std::unique_ptr<PreviewWriter>> create(const std::vector<std::string>& slots);
    ~PreviewWriter();
    const std::string& name() const { return name_; }  ///< for shm_open, "/vitrine-…"
    /// Thread-safe for different slots; one writer thread per slot. Scales down (box filter, whole steps) to fit.
    /// `scene`: the picture's scene frame as CBOR, at most scene_frame_limit bytes; more, or none, is left out.
    void write(std::size_t slot, const ConstI420View& picture, std::uint64_t sequence, std::span<const std::uint8_t> scene = {});
    /// True when a reader has shown life (touch()) in the last two seconds.
    bool wanted() const;

  private:
    PreviewWriter() = default;
    std::string name_;
    void* memory_ = nullptr;
    std::size_t size_ = 0;
    std::vector<std::string> slots_;
    std::vector<unsigned> next_;  // per slot: the picture to fill next
    int lock_ = -1;               // descriptor whose lock says that the writer lives
};

class PreviewReader {
  public:
    /// Refuses a region of another layout version or size.
    static Result<std::unique_ptr<PreviewReader>> open(const std::string& name);
    ~PreviewReader();
    const std::vector<std::string>& slots() const { return slots_; }
    /// Tells the writer that somebody looks.
    void touch();
    /// Puts the newest picture into `into` if its sequence is not `last_sequence` (or `into` is empty), and updates both. False: nothing
    /// new, or it was overwritten meanwhile; then neither is touched.
    /// `scene`, when asked for, gets the picture's scene frame as CBOR, to be read with scene_frame_from_cbor(); empty when it has none.
    bool read(std::size_t slot, std::shared_ptr<VideoFrame>& into, std::uint64_t& last_sequence,
              std::vector<std::uint8_t>* scene = nullptr);

  private:
    PreviewReader() = default;
    void* memory_ = nullptr;
    std::size_t size_ = 0;
    std::vector<std::string> slots_;
    FramePool pool_{3};
};

}  // namespace vitrine
