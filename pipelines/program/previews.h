#pragma once
// Pictures for the panel: the burned program and every camera after its masks, written to shared memory at up to 15 a second while a panel
// looks, and not at all otherwise.

#include <memory>
#include <string>

#include "engine/result.h"
#include "pipelines/program/program.h"

namespace vitrine {

class Previews {
  public:
    /// `cameras` outlives the previews. Slot 0 is "program", then the cameras in the show's order.
    static Result<std::unique_ptr<Previews>> start(std::shared_ptr<ProgramTap> burned, const Program::Cameras& cameras,
                                                   const ShowConfig& show);
    ~Previews();
    const std::string& name() const;  ///< of the shared memory

  private:
    struct Core;
    explicit Previews(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
