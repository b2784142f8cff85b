#pragma once
// Getting in and out: an invite's secret is exchanged for a session. Net thread only; the caller owns both clocks.

#include <string>
#include <vector>

#include "engine/buyers.h"
#include "engine/desk/desk.h"
#include "pipelines/deliver/web/access.h"
#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/awaited.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

class AccessApi {
  public:
    /// `buyers`, `access` and `awaited` outlive it.
    AccessApi(Buyers& buyers, const Access& access, Awaited& awaited, std::vector<std::string> languages, const ApiLimits& limits);

    /// POST /api/join. `scale` widens what an address may. Answered when the seat is kept.
    void join(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, Responder respond);
    /// POST /api/leave: the seat ends, the cookie goes.
    void leave(const Request& request, Responder respond);
    /// GET /api/me.
    Response me(const BuyerSession& who, const desk::DeskView& view, std::int64_t utc_us) const;

  private:
    Response taken(const Error& error, const std::string& invite, std::int64_t utc_us) const;
    Response refused(const Error& error, const std::string& address, Nanoseconds now, double scale);

    Buyers& buyers_;
    const Access& access_;
    Awaited& awaited_;
    std::vector<std::string> languages_;
    RateLimit joins_, bad_secrets_;
};

}  // namespace vitrine::web
