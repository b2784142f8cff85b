#include "pipelines/replay_server.h"

#include "pipelines/deliver/web/web_server.h"
#include "pipelines/gst.h"
#include "pipelines/record/scene_file.h"

namespace vitrine {
namespace {

class Server final : public ReplayServer {
  public:
    explicit Server(std::unique_ptr<WebServer> web) : web_(std::move(web)) {}
    std::string buyer_origin() const override { return web_->buyer_origin(); }
    std::string control_url() const override { return web_->control_url(); }

  private:
    std::unique_ptr<WebServer> web_;
};

}  // namespace

Result<std::unique_ptr<ReplayServer>> ReplayServer::start(Show& show, Buyers& buyers, ReplayOptions options) {
    gst::init();
    WebOptions web;
    web.page = std::move(options.page);
    web.token_file = std::move(options.token_file);
    web.sources = {EncodedTap::create(), EncodedTap::create(), [] {}, steady_now(), {}};  // taps without a writer
    web.files = std::move(options.files);
    web.replay = [files = ReplayFiles{options.recording, SceneFile::beside(options.recording)}] { return std::optional(files); };
    auto server = WebServer::start(show, buyers, std::move(web));
    if (!server) return tl::unexpected(server.error());
    return std::make_unique<Server>(std::move(*server));
}

}  // namespace vitrine
