#pragma once
// One TCP connection: reads requests one after the other, each within limits and deadlines, and writes answers. Whatever is not plain
// HTTP/1.1 is answered and closed. Net thread only.

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "pipelines/deliver/web/body_memory.h"
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
    /// A reader takes `body_piece` bytes in that time or is dropped: 3.2 KiB/s, less than any phone that can watch.
    Nanoseconds piece_within = 20'000'000'000;
    /// Bodies made for one reader that wait to be read, together.
    std::size_t waiting_bytes = 64u << 20;
    int connections = 2048, connections_per_address = 64;
    /// When there is no room for a new connection, one whose client has not moved on for so long gives way to it; else one whose client
    /// has been taking its answer for 15 times as long.
    Nanoseconds give_way_after = 2'000'000'000;
};

struct BodyRoom {
    std::size_t bytes = 0;
    std::shared_ptr<void> held;  ///< goes with the request
};

struct ConnectionHost {
    virtual ~ConnectionHost() = default;
    ConnectionHost(const ConnectionHost&) = delete;
    ConnectionHost& operator=(const ConnectionHost&) = delete;
    /// How large the body may be, judged by the header alone; or the answer, before anything of the body is read.
    virtual tl::expected<BodyRoom, Response> room_for_body(const Request&) { return BodyRoom{http.body_bytes, nullptr}; }
    virtual void handle(Request request, Responder respond) = 0;
    /// The answer to a request that broke the rules before it could be handled.
    virtual Response refuse(const Request& request, int status, std::string_view detail) = 0;
    virtual tl::expected<LiveGuest, Response> upgrade(const Request& request) = 0;
    virtual void adopt(std::shared_ptr<BuyerSocket> socket) = 0;
    virtual void count_received() = 0;
    explicit ConnectionHost(const HttpLimits& limits) : http(limits), waiting(limits.waiting_bytes) {}
    const HttpLimits http;
    BodyMemory waiting;
    LiveLimits live;
    bool behind_proxy = false;  ///< addresses and schemes are taken from the proxy's headers
};

class HttpConnection {
  public:
    virtual ~HttpConnection() = default;
    virtual void start() = 0;
    virtual void stop() = 0;
    virtual bool stopped() const = 0;
    /// What it is at: a fresh or used one between requests, the client's turn (handshake, request, taking the answer), or ours.
    enum class Phase { resting, waiting_for_client, working };
    virtual Phase phase() const = 0;
    virtual Nanoseconds phase_since() const = 0;
    /// Within the phase: since when the client has not moved on by a piece.
    virtual Nanoseconds step_since() const = 0;

    /// `tls` may be null. `host` outlives the connection.
    static std::shared_ptr<HttpConnection> make(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, ConnectionHost& host,
                                                std::shared_ptr<ConnectionCount::Slot> slot);
};

}  // namespace vitrine::web
