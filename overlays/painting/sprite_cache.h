#pragma once
// Finished sprites by what they show, so that text is rendered once. Thread-bound.

#include <cstdint>
#include <string>
#include <unordered_map>

#include "overlays/painting/callout.h"

namespace vitrine {

class SpriteCache {
  public:
    /// A new frame: what was not used for 300 frames may go, when there is much.
    void begin_frame() {
        ++frame_;
        if (sprites_.size() <= most) return;
        std::erase_if(sprites_, [&](const auto& entry) { return entry.second.used + 300 < frame_; });
        if (sprites_.size() > 4 * most) sprites_.clear();
    }

    /// The sprite called `key`, rendered when there is none yet. Valid until the next begin_frame().
    template <class Render>
    const PlateSprite& get(const std::string& key, Render render) {
        auto found = sprites_.find(key);
        if (found == sprites_.end()) {
            found = sprites_.emplace(key, Cached{render(), 0}).first;
            ++rendered_;
        }
        found->second.used = frame_;
        return found->second.plate;
    }

    std::uint64_t rendered() const { return rendered_; }

  private:
    static constexpr std::size_t most = 64;
    struct Cached {
        PlateSprite plate;
        std::uint64_t used = 0;
    };
    std::unordered_map<std::string, Cached> sprites_;
    std::uint64_t rendered_ = 0, frame_ = 0;
};

}  // namespace vitrine
