#include "pipelines/deliver/web/listener.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>

#include <array>

#include "engine/log.h"
#include "pipelines/deliver/web/links.h"
#include "pipelines/deliver/web/rate_limit.h"

namespace vitrine::web {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

Result<std::shared_ptr<Listener>> Listener::open(net::io_context& io, const std::string& address, int port) {
    const auto refuse = [&](const std::string& why) {
        return fail("Cannot listen on " + address + " port " + std::to_string(port) + ": " + why + ".", ErrorKind::bad_input);
    };
    error_code error;
    const auto ip = net::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    if (error) return refuse("it is not an IP address");
    if (port < 0 || port > 65535) return refuse("ports go from 0 to 65535");
    std::shared_ptr<Listener> listener(new Listener(io));
    const tcp::endpoint endpoint(ip, static_cast<std::uint16_t>(port));
    listener->acceptor_.open(endpoint.protocol(), error);
    if (!error) listener->acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) listener->acceptor_.bind(endpoint, error);
    if (!error) listener->acceptor_.listen(net::socket_base::max_listen_connections, error);
    if (error == net::error::address_in_use) return refuse("another program uses it; choose another port with --port");
    if (error) return refuse(error.message());
    listener->port_ = listener->acceptor_.local_endpoint(error).port();
    return listener;
}

void Listener::start(std::function<void(tcp::socket)> on_accept) {
    on_accept_ = std::move(on_accept);
    accept();
}

void Listener::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

void Listener::accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
        if (!self->acceptor_.is_open()) return;
        if (!error) {
            self->on_accept_(std::move(socket));
            return self->accept();
        }
        if (error == net::error::connection_aborted) return self->accept();
        // Out of descriptors or memory: trying again at once would only spin.
        log::warn("web", "A connection could not be accepted.", {{"why", error.message()}});
        self->pause_.expires_after(std::chrono::milliseconds(100));
        self->pause_.async_wait([self](error_code cancelled) {
            if (!cancelled) self->accept();
        });
    });
}

bool is_loopback_address(const std::string& address) { return address == "localhost" || is_loopback(address); }

std::string public_host(const std::string& listen_address) {
    error_code error;
    const auto ip = net::ip::make_address(listen_address, error);
    if (error) return listen_address;
    if (!ip.is_unspecified()) return ip.is_v6() ? "[" + listen_address + "]" : listen_address;
    ifaddrs* list = nullptr;
    std::string found;
    if (getifaddrs(&list) == 0) {
        for (const ifaddrs* one = list; one && found.empty(); one = one->ifa_next) {
            if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_LOOPBACK) || !(one->ifa_flags & IFF_UP))
                continue;
            char text[INET_ADDRSTRLEN]{};
            inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text, sizeof text);
            found = text;
        }
        freeifaddrs(list);
    }
    if (!found.empty()) return found;
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 && name[0] ? std::string(name.data()) : "localhost";
}

}  // namespace vitrine::web

namespace vitrine {

std::string link_origin(const ShowConfig& show, int port) {
    if (!show.public_url.empty()) return show.public_url;
    return (show.tls ? "https://" : "http://") + web::public_host(show.listen_address) + ":" + std::to_string(port);
}

}  // namespace vitrine
