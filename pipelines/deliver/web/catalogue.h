#pragma once
// What the show has to show: its document, product pictures and models. Read into memory once. Net thread only; the caller owns the clock
// and has checked the session where one is needed.

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "engine/buyers.h"
#include "engine/config.h"
#include "engine/snapshot.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/model_files.h"
#include "pipelines/deliver/web/rate_limit.h"

namespace vitrine::web {

class Catalogue {
  public:
    /// Reads the product pictures (each at most 8 MiB; a larger one is not served) and models.
    /// `translates`: free text can be translated.
    Catalogue(std::shared_ptr<const ShowConfig> show, bool translates, Rate models);

    /// GET or HEAD of /api/show: with the prices of that person's group, and for helpers what they work with. `replay`: JSON.
    Response document(const Request& request, const BuyerSession& who, const std::string& replay = "null");
    /// GET or HEAD of /api/models/…; `session` is counted by.
    Response model(const Request& request, const std::string& session, Nanoseconds now, double scale);
    /// GET or HEAD of /media/…; needs no session.
    Response media(const Request& request) const;

    /// The show as edited, from now on. Pictures and models stay: they cannot be edited while a show runs.
    void follow(const Snapshot& snapshot);
    ModelSizes models() const { return models_.sizes(); }

  private:
    struct Picture {
        std::shared_ptr<const std::string> bytes;
        std::string type, etag;
    };

    ModelFiles models_;
    std::shared_ptr<const ShowConfig> show_;
    bool translates_;
    std::uint64_t edition_ = 1;
    std::map<std::tuple<bool, std::string, std::string>, std::shared_ptr<const std::string>> documents_;  ///< by staff, group, replay
    std::map<std::string, Picture> pictures_;
    RateLimit model_reads_;
};

}  // namespace vitrine::web
