#include "pipelines/deliver/web/web_server.h"

#include "pipelines/deliver/web/web_core.h"

namespace vitrine {

Result<std::unique_ptr<WebServer>> WebServer::start(Show& show, Buyers& buyers, WebOptions options) {
    web::WebInside inside;
    inside.make_peer = [](std::string offer, WebRtcPeer::Sources sources, WebRtcPeer::Callbacks callbacks) {
        return WebRtcPeer::create(std::move(offer), std::move(sources), std::move(callbacks));
    };
    return web::start_web_server(show, buyers, std::move(options), std::move(inside));
}

}  // namespace vitrine
