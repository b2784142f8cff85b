#pragma once
// One TCP connection: reads requests one after the other, each within limits and deadlines, and writes answers. Whatever is not plain
// HTTP/1.1 is answered and closed. Net thread only.

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

#include "pipelines/deliver/web/buyer_socket.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/streams.h"

namespace vitrine::web {

struct HttpLimits {
    std::uint32_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
    Nanoseconds header_within = 10'000'000'000;  ///< also for the body, and for the TLS handshake
    Nanoseconds idle_within = 30'000'000'000;
    int connections = 512, connections_per_address = 64;
};

struct ConnectionHost {
    virtual ~ConnectionHost() = default;
    virtual void handle(Request request, Responder respond) = 0;
    /// The answer to a request that broke the rules before it could be handled.
    virtual Response refuse(const Request& request, int status, std::string_view detail) = 0;
    /// A WebSocket upgrade: null when it is refused with `refusal`.
    virtual LiveHost* upgrade(const Request& request, Response& refusal) = 0;
    virtual void adopt(std::shared_ptr<BuyerSocket> socket) = 0;
    virtual void count_received() = 0;
    HttpLimits http;
    LiveLimits live;
    bool behind_proxy = false;  ///< addresses and schemes are taken from the proxy's headers
};

class HttpConnection {
  public:
    virtual ~HttpConnection() = default;
    virtual void start() = 0;
    virtual void stop() = 0;
    /// Since when it has waited for a next request; nothing while it is busy.
    virtual std::optional<Nanoseconds> idle_since() const = 0;

    /// `tls` may be null. `host` outlives the connection.
    static std::shared_ptr<HttpConnection> make(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, ConnectionHost& host,
                                                std::shared_ptr<ConnectionCount::Slot> slot);
};

}  // namespace vitrine::web
