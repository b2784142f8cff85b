#pragma once
// Joining, the show document, product pictures and models. Net thread only; the caller owns both clocks.

#include <map>
#include <memory>
#include <string>

#include "engine/buyers.h"
#include "engine/config.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/model_files.h"
#include "pipelines/deliver/web/rate_limit.h"

namespace vitrine::web {

struct JoinLimits {
    Rate join_per_address{30, 10};
    Rate bad_secret_per_address{10, 10};
    Rate model_per_session{20, 20};
};

class BuyerApi {
  public:
    /// Reads the product pictures (each at most 8 MiB; a larger one is not served) and models.
    BuyerApi(Buyers& buyers, const ShowConfig& show, JoinLimits limits, bool behind_proxy);

    /// Paths under /api/ and /media/.
    Response handle(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale = 1);
    ModelSizes models() const { return models_.sizes(); }

  private:
    struct Picture {
        std::shared_ptr<const std::string> bytes;
        std::string type, etag;
    };
    Response join(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale);
    Response media(const Request& request) const;
    Response model(const Request& request, const BuyerSession& session, Nanoseconds now, double scale);

    Buyers& buyers_;
    std::vector<std::string> languages_;
    ModelFiles models_;
    std::shared_ptr<const std::string> document_;
    std::map<std::string, Picture> pictures_;
    RateLimit joins_, bad_secrets_, model_reads_;
    bool behind_proxy_;
};

}  // namespace vitrine::web
