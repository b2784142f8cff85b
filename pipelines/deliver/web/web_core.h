#pragma once
// The web server with its inner doors open, for tests: another maker of peers, other limits.

#include <functional>
#include <memory>

#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/peer_keeper.h"
#include "pipelines/deliver/web/web_server.h"
#include "pipelines/deliver/web/whep.h"

namespace vitrine::web {

struct WebInside {
    PeerFactory make_peer;
    std::function<std::int64_t()> utc_us;  ///< empty: the wall clock
    HttpLimits http;
    int control_connections = 64;
    LiveLimits live;
    WhepLimits whep;  ///< viewers is taken from the options
    ApiLimits api;
    /// Loopback clients may do this many times what an address may: they are this machine's own people, tests and tunnels, and a
    /// proxy's clients come with their own addresses.
    double loopback_scale = 20;
    Nanoseconds tick = 50'000'000, check_sessions_every = 1'000'000'000;
};

Result<std::unique_ptr<WebServer>> start_web_server(Show& show, Buyers& buyers, WebOptions options, WebInside inside);

}  // namespace vitrine::web
