#pragma once
// Admits connections to one door and remembers them. Net thread only. Nobody is locked out by those who hold connections: when an address
// has all that one may have, or the door all there are, a newcomer takes the place of one that rests, else of one whose client keeps us
// waiting (HttpLimits::give_way_after), of its own address or, when the door is full, of the address that holds most. Sockets that have
// said hello belong to a session and are bounded there.

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/streams.h"
#include "pipelines/deliver/web/web_figures.h"

namespace vitrine::web {

class Gate {
  public:
    /// What is referred to outlives it. `tls`: the context for the next connection, null for plain ones. `most`: connections at a time.
    Gate(ConnectionHost& host, std::function<std::shared_ptr<boost::asio::ssl::context>()> tls, int most, WebFigures& figures);

    /// Takes the socket or closes it.
    void admit(boost::asio::ip::tcp::socket socket);
    void stop_all();
    int connections() const { return count_->all(); }

  private:
    struct Known {
        std::string key;
        std::weak_ptr<HttpConnection> connection;
    };
    /// Closes one connection of that address.
    bool make_room(const std::string& key);

    ConnectionHost& host_;
    std::function<std::shared_ptr<boost::asio::ssl::context>()> tls_;
    int most_;
    WebFigures& figures_;
    std::shared_ptr<ConnectionCount> count_ = std::make_shared<ConnectionCount>();
    std::list<Known> connections_;
};

}  // namespace vitrine::web
