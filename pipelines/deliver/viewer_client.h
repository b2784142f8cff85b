#pragma once
// A buyer without a browser: joins by the link, plays over WHEP, decodes nothing, and checks the scene frames that arrive. Used for load
// and as a second WHEP client beside Chromium.

#include <memory>
#include <string>

#include "engine/result.h"

namespace vitrine {

struct ViewerFigures {
    double first_frame_ms = 0;       ///< from join() to the first whole access unit; 0: none yet
    std::uint64_t frames = 0;        ///< access units
    std::uint64_t scene_frames = 0;  ///< of them with a readable scene frame
    std::uint64_t gaps = 0;          ///< frame numbers missing between neighbours
    std::uint64_t bytes = 0;
    std::uint64_t sound_packets = 0;
};

class ViewerClient {
  public:
    /// Blocks up to 10 s. `link`: what `run` prints. bad_input when the link is refused.
    static Result<std::unique_ptr<ViewerClient>> join(const std::string& link);
    /// Sends DELETE.
    ~ViewerClient();
    ViewerFigures figures() const;

  private:
    struct Core;
    explicit ViewerClient(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace vitrine
