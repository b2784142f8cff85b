#include "pipelines/deliver/web/desk_asker.h"

#include <boost/asio/connect.hpp>
#include <boost/beast/http.hpp>
#include <utility>

namespace vitrine {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

Result<DeskDoor> find_desk_door(const std::string& link, boost::asio::io_context& io) {
    const auto scheme = link.find("http://"), path = link.find("/j/"), hash = link.find('#');
    const auto colon = link.rfind(':', path);
    if (scheme != 0 || path == std::string::npos || hash == std::string::npos || hash < path || colon == std::string::npos || colon < 7)
        return fail("\"" + link + "\" is not a link of a show on this machine: http://host:port/j/<invite>#<secret>.",
                    ErrorKind::bad_input);
    DeskDoor door;
    door.host = link.substr(7, path - 7);
    error_code error;
    tcp::resolver resolver(io);
    const auto found = resolver.resolve(link.substr(7, colon - 7), link.substr(colon + 1, path - colon - 1), error);
    if (error || found.empty()) return fail("The host of " + link.substr(0, path) + " is not known.", ErrorKind::bad_input);
    door.there = found.begin()->endpoint();
    door.invite = link.substr(path + 3, hash - path - 3);
    door.secret = link.substr(hash + 1);
    return door;
}

DeskAsker::DeskAsker(boost::asio::io_context& io, const tcp::endpoint& there, std::string host)
    : stream_(io), there_(there), host_(std::move(host)) {}

Result<nlohmann::json> DeskAsker::post(const std::string& target, const nlohmann::json& body, const std::string& token) {
    for (int attempt = 0;; ++attempt) {
        http::request<http::string_body> request(http::verb::post, target, 11);
        request.set(http::field::host, host_);
        request.set(http::field::content_type, "application/json");
        if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
        request.body() = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        request.prepare_payload();
        error_code error;
        if (!open_) {
            stream_.connect(there_, error);
            if (error) return fail("The show does not answer: " + error.message() + ".");
            stream_.socket().set_option(tcp::no_delay(true), error);
            open_ = true;
        }
        http::response<http::string_body> response;
        http::write(stream_, request, error);
        if (!error) http::read(stream_, buffer_, response, error);
        if (error) {
            // A connection that rested may have been closed.
            stream_.close();
            buffer_.clear();
            open_ = false;
            if (attempt == 0) continue;
            return fail("The show does not answer: " + error.message() + ".");
        }
        if (response.result_int() / 100 != 2)
            return fail(target + " was answered with " + std::to_string(response.result_int()) + ": " + response.body());
        return nlohmann::json::parse(response.body(), nullptr, false);
    }
}

}  // namespace vitrine
