#pragma once
// Joining, the show document, product pictures and models. Net thread only; the caller owns both clocks.

#include <functional>
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
    /// `post` brings a function to the net thread; it may drop it when the server is closing.
    BuyerApi(Buyers& buyers, const ShowConfig& show, JoinLimits limits, bool behind_proxy, std::function<void(std::function<void()>)> post);

    /// Paths under /api/ and /media/.
    void handle(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, std::function<void(Response)> respond);
    ModelSizes models() const { return models_.sizes(); }

  private:
    struct Picture {
        std::shared_ptr<const std::string> bytes;
        std::string type, etag;
    };
    Response answer(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale);
    void join(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, std::function<void(Response)> respond);
    Response media(const Request& request) const;
    Response model(const Request& request, const BuyerSession& session, Nanoseconds now, double scale);

    Buyers& buyers_;
    std::vector<std::string> languages_;
    ModelFiles models_;
    std::shared_ptr<const std::string> document_;
    std::map<std::string, Picture> pictures_;
    RateLimit joins_, bad_secrets_, model_reads_;
    bool behind_proxy_;
    std::function<void(std::function<void()>)> post_;
    std::shared_ptr<BuyerApi*> here_ = std::make_shared<BuyerApi*>(this);  ///< for answers that come when it is gone
};

}  // namespace vitrine::web
