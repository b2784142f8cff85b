#pragma once
// The program's sound: any number of inputs mixed into a steady 48 kHz stereo stream in 10 ms blocks, silence where an input has nothing,
// measured, and held back by delay so that it meets its picture.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipelines/media.h"

namespace vitrine {

class Sound {
  public:
    /// Peaks of the last 100 ms in dBFS: of the program, and of each named input before its gain.
    using Levels = std::function<void(double program, const std::map<std::string, double>& inputs)>;
    /// `on_level`: ten times a second, on the mixing thread.
    Sound(Nanoseconds epoch, Nanoseconds delay, Levels on_level);
    ~Sound();
    /// Thread-safe. The tap is read until the Sound goes.
    void add(std::shared_ptr<AudioTap> input, std::string name = {});
    /// Thread-safe. Of the input of that name, from the next 10 ms on.
    void level(const std::string& name, bool muted, double gain_db);
    /// Thread-safe.
    void mute(bool muted);
    std::shared_ptr<AudioTap> output() const;
    void start();

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
