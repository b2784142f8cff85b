#pragma once
// Sound blocks laid on a line that starts with the first picture: what lies before it or overlaps is cut, gaps become silence, so that an
// encoder behind it sees one unbroken stream. Times are ns since the line's start. Thread-bound.

#include <functional>

#include "pipelines/media.h"

namespace vitrine {

class AudioLine {
  public:
    using Emit = std::function<void(const AudioBlock&)>;
    explicit AudioLine(Emit emit) : emit_(std::move(emit)) {}

    /// `block.pts` may be negative.
    void put(const AudioBlock& block);
    /// Silence up to `until` if sound has fallen further behind than that.
    void fill(Nanoseconds until);
    Nanoseconds end() const { return static_cast<Nanoseconds>(frames_) * 1'000'000'000 / 48'000; }

  private:
    void send(std::shared_ptr<const std::vector<std::int16_t>> samples);

    const Emit emit_;
    std::uint64_t frames_ = 0;  ///< emitted
};

}  // namespace vitrine
