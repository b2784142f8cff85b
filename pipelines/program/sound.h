#pragma once
// The program's sound: any number of inputs mixed into a steady 48 kHz stereo stream in 10 ms blocks, silence where an input has nothing,
// measured, and held back by delay so that it meets its picture.

#include <functional>
#include <memory>
#include <vector>

#include "pipelines/media.h"

namespace vitrine {

class Sound {
  public:
    /// `on_level`: program peak in dBFS, ten times a second, on the mixing thread.
    Sound(Nanoseconds epoch, Nanoseconds delay, std::function<void(double)> on_level);
    ~Sound();
    /// Thread-safe. The tap is read until the Sound goes.
    void add(std::shared_ptr<AudioTap> input);
    /// Thread-safe.
    void mute(bool muted);
    std::shared_ptr<AudioTap> output() const;
    void start();

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
