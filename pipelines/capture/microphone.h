#pragma once
// One sound source in a pipeline of its own, converted to 48 kHz S16 stereo, retried for ever.

#include <functional>
#include <memory>
#include <string>

#include "engine/config.h"
#include "pipelines/media.h"

namespace vitrine {

class Microphone {
  public:
    /// Schemes default, sim (voice), alsa, pulse, pipewire, file. `on_notice` gets a sentence when it is lost and when it is back.
    Microphone(SourceSpec source, Nanoseconds epoch, std::function<void(std::string)> on_notice);
    ~Microphone();
    void start();
    std::shared_ptr<AudioTap> tap() const;

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
