#pragma once
// One buyer without a browser, by the same door as all: joins by a link, does acts by HTTP, hears of their own quotes on the socket.

#include <memory>
#include <string>
#include <vector>

#include "engine/desk/acts.h"
#include "engine/result.h"

namespace vitrine {

class DeskGuest {
  public:
    /// Plain HTTP only. Blocks until the show has let them in.
    static Result<std::unique_ptr<DeskGuest>> join(const std::string& link, const std::string& language);
    ~DeskGuest();

    /// Blocks until the show has answered. Thread-bound.
    Result<void> act(const desk::Act& act);
    /// Thread-safe. Own quotes that were told since the last call, newest state only.
    std::vector<desk::Quote> news();
    /// Thread-safe. False once the show has closed the socket.
    bool here() const;

  private:
    struct Core;
    explicit DeskGuest(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
