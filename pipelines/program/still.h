#pragma once
// The newest clean program picture as a JPEG, made when somebody asks and not before. Those who ask while one is being made share it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/frame.h"
#include "engine/result.h"
#include "pipelines/media.h"

namespace vitrine {

struct Still {
    std::shared_ptr<const std::string> jpeg;  ///< quality 95, 4:2:0
    std::uint64_t frame = 0;
    std::vector<std::uint8_t> scene;  ///< the scene frame that belongs to it, CBOR
};

class StillMaker {
  public:
    explicit StillMaker(std::shared_ptr<ProgramTap> program);
    /// Answers those who still wait with an error.
    ~StillMaker();
    /// Thread-safe, returns at once. `done` on the maker's thread, after the next program frame; an error when none comes within a second.
    void take(std::function<void(Result<Still>)> done);

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

/// Reentrant. JFIF means BT.601 at full range, the program is BT.709 at studio range, so the planes are recoloured first (without RGB).
Result<std::string> jpeg_of(const ConstI420View& picture, int quality);

}  // namespace vitrine
