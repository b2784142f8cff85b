#pragma once
// How programs get to the desk without a browser: a link taken apart, and one connection that asks and waits.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/result.h"

namespace vitrine {

struct DeskDoor {
    std::string host;  ///< as the Host header says it
    boost::asio::ip::tcp::endpoint there;
    std::string invite, secret;
};

/// "http://host:port/j/<invite>#<secret>"; plain HTTP only.
Result<DeskDoor> find_desk_door(const std::string& link, boost::asio::io_context& io);

/// Thread-bound.
class DeskAsker {
  public:
    DeskAsker(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& there, std::string host);
    /// Blocks. What the show refuses is an error with its sentence.
    Result<nlohmann::json> post(const std::string& target, const nlohmann::json& body, const std::string& token);

  private:
    boost::beast::tcp_stream stream_;
    boost::asio::ip::tcp::endpoint there_;
    std::string host_;
    boost::beast::flat_buffer buffer_;
    bool open_ = false;
};

}  // namespace vitrine
