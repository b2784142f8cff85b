#pragma once
// The simulated buyers of a rehearsal: they come in by links of their own through the buyers' listener, play their script from the moment
// of going live, and answer offers that reach them on the socket.

#include <functional>
#include <memory>
#include <string>

#include "engine/rehearsal/script.h"
#include "engine/show.h"

namespace vitrine {

class RehearsalCrowd {
  public:
    /// Makes the links and starts to let them in. `origin`: "http://127.0.0.1:port". `did`: who did which act, or what was refused, on the
    /// crowd's thread.
    RehearsalCrowd(Show& show, std::string origin, rehearsal::Script script,
                   std::function<void(const rehearsal::Buyer&, const std::string& what, const std::string& refused)> did);
    /// They leave.
    ~RehearsalCrowd();

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
