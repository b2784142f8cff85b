#pragma once
// GET /api/path: bytes for a page in the waiting room to time, so that buyer and presenter know before the show what the way between them
// carries. Net thread only; the caller has checked the session.

#include <memory>
#include <string>

#include "engine/buyers.h"
#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

/// No proxy on the way can make them fewer: they do not compress.
inline constexpr std::size_t path_bytes = 512 * 1024;

class PathApi {
  public:
    /// `picture_kbps`: what a buyer's stream takes; told in X-Picture-Kbps.
    PathApi(int picture_kbps, const ApiLimits& limits)
        : picture_kbps_(picture_kbps), reads_(limits.path), together_(limits.path_together) {}

    /// `waiting`: on air every byte of the uplink belongs to the picture.
    void handle(const Request& request, const BuyerSession& who, bool waiting, Nanoseconds now, Responder respond);

  private:
    int picture_kbps_;
    RateLimit reads_, together_;
    std::shared_ptr<const std::string> bytes_;  ///< made when first asked for
};

}  // namespace vitrine::web
