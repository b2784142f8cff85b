#pragma once
// A show that is over, for invited buyers: the web server with a recording and nothing on air. `show` and `buyers` outlive it.

#include <filesystem>
#include <memory>
#include <string>

#include "engine/buyers.h"
#include "engine/result.h"
#include "engine/show.h"
#include "pipelines/deliver/web/desk_files.h"

namespace vitrine {

struct ReplayOptions {
    std::filesystem::path page;        ///< built buyer page
    std::filesystem::path token_file;  ///< where the control token is written, 0600
    std::filesystem::path recording;   ///< the clean one; its scene frames lie beside it
    DeskFiles files;
};

class ReplayServer {
  public:
    /// Errors as WebServer::start's.
    static Result<std::unique_ptr<ReplayServer>> start(Show& show, Buyers& buyers, ReplayOptions options);
    virtual ~ReplayServer() = default;
    virtual std::string buyer_origin() const = 0;
    virtual std::string control_url() const = 0;
};

}  // namespace vitrine
