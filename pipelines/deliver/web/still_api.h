#pragma once
// GET /api/still: the newest clean program frame. Net thread only; the caller has checked the session.

#include <functional>

#include "engine/buyers.h"
#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/program/still.h"

namespace vitrine::web {

class StillApi {
  public:
    /// `take` answers on the net thread; empty: there is no program to look at.
    using Take = std::function<void(std::function<void(Result<Still>)> done)>;
    StillApi(Take take, const ApiLimits& limits) : take_(std::move(take)), reads_(limits.still) {}

    /// `on_air`: before and after a show there is nothing to keep a picture of.
    void handle(const Request& request, const BuyerSession& who, bool on_air, Nanoseconds now, Responder respond);

  private:
    Take take_;
    RateLimit reads_;
};

}  // namespace vitrine::web
