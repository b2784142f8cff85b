#pragma once
// Many buyers on the socket without a browser and without video: they join by one link, listen, and speak when they are told to. For load.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

class DeskCrowd {
  public:
    /// Each is a person of their own. Plain HTTP only. Errors: the link is refused, too few seats.
    static Result<std::unique_ptr<DeskCrowd>> join(const std::string& link, int people);
    ~DeskCrowd();

    /// Person `who` says something in the chat; returns when the show has answered, with how long that took.
    Result<double> say(int who);
    /// Waits until everybody has heard everything that was said; false when that does not come within `seconds`.
    bool all_heard(double seconds);

    struct Figures {
        std::vector<double> heard_ms;  ///< from the request going out to the text at a socket; one for each message and person
        std::uint64_t texts = 0, bytes = 0;
        int open = 0;  ///< sockets
    };
    /// Thread-safe.
    Figures figures() const;

  private:
    struct Core;
    explicit DeskCrowd(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
