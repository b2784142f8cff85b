#pragma once
// Accepts connections on one address. Net thread only after open().

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

#include "engine/result.h"

namespace vitrine::web {

class Listener : public std::enable_shared_from_this<Listener> {
  public:
    /// Port 0 picks a free one. bad_input: not an address of this machine, or the port is taken.
    static Result<std::shared_ptr<Listener>> open(boost::asio::io_context& io, const std::string& address, int port);
    void start(std::function<void(boost::asio::ip::tcp::socket)> on_accept);
    void stop();
    std::uint16_t port() const { return port_; }

  private:
    explicit Listener(boost::asio::io_context& io) : acceptor_(io), pause_(io) {}
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::function<void(boost::asio::ip::tcp::socket)> on_accept_;
    std::uint16_t port_ = 0;
};

bool is_loopback_address(const std::string& address);
/// A host that a browser on another machine can use for a listen address: the address itself, or for a wildcard this machine's first
/// address that is not loopback, else its name. IPv6 comes in brackets.
std::string public_host(const std::string& listen_address);

}  // namespace vitrine::web
