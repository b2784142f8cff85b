#pragma once
// One TCP connection: reads requests one after the other, each within limits and deadlines, and writes answers. Whatever is not plain
// HTTP/1.1 is answered and closed. Net thread only.

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "pipelines/deliver/web/buyer_socket.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/streams.h"

namespace vitrine::web {

struct HttpLimits {
    std::uint32_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
    std::size_t most_body_bytes = 5u << 20;      ///< for those to whom room_for_body() gives more
    Nanoseconds header_within = 10'000'000'000;  ///< also for the body, and for the TLS handshake
    Nanoseconds idle_within = 30'000'000'000;
    int connections = 512, connections_per_address = 64;
};

struct BodyRoom {
    std::size_t bytes = 0;
    std::shared_ptr<void> held;  ///< goes with the request
};

struct ConnectionHost {
    virtual ~ConnectionHost() = default;
    /// How large the body may be, judged by the header alone; or the answer, before anything of the body is read.
    virtual tl::expected<BodyRoom, Response> room_for_body(const Request&) { return BodyRoom{http.body_bytes, nullptr}; }
    virtual void handle(Request request, Responder respond) = 0;
    /// The answer to a request that broke the rules before it could be handled.
    virtual Response refuse(const Request& request, int status, std::string_view detail) = 0;
    virtual tl::expected<LiveGuest, Response> upgrade(const Request& request) = 0;
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
