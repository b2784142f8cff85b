#pragma once
// A blocking HTTP and WebSocket client for tests, plain or TLS: sends exactly the bytes it is given and gives up after a deadline, so that
// a server that never answers fails a test instead of hanging it.

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::test {

namespace beast = boost::beast;
namespace net = boost::asio;
using boost::system::error_code;

struct HttpAnswer {
    int status = 0;  ///< 0: the connection ended without an answer
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// Empty when absent.
    std::string header(const std::string& name) const {
        for (const auto& [key, value] : headers)
            if (beast::iequals(key, name)) return value;
        return {};
    }
    bool has(const std::string& name) const {
        for (const auto& one : headers)
            if (beast::iequals(one.first, name)) return true;
        return false;
    }
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
  public:
    explicit HttpClient(std::uint16_t port, bool tls = false, const std::string& address = "127.0.0.1") : port_(port) {
        const net::ip::tcp::endpoint there(net::ip::make_address(address), port);
        if (tls) {
            context_.set_verify_mode(net::ssl::verify_none);
            tls_ = std::make_unique<net::ssl::stream<net::ip::tcp::socket>>(io_, context_);
            tls_->lowest_layer().connect(there);
            wait([&](auto done) { tls_->async_handshake(net::ssl::stream_base::client, done); });
        } else {
            plain_ = std::make_unique<net::ip::tcp::socket>(io_);
            plain_->connect(there);
        }
    }

    /// False when the server has closed.
    bool send(const std::string& bytes) {
        return !wait([&](auto done) {
            if (tls_)
                net::async_write(*tls_, net::buffer(bytes), [done](error_code e, std::size_t) { done(e); });
            else
                net::async_write(*plain_, net::buffer(bytes), [done](error_code e, std::size_t) { done(e); });
        });
    }

    HttpAnswer receive(bool head = false) {
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(64u << 20);
        parser.skip(head);
        const error_code error = wait([&](auto done) {
            if (tls_)
                beast::http::async_read(*tls_, buffer_, parser, [done](error_code e, std::size_t) { done(e); });
            else
                beast::http::async_read(*plain_, buffer_, parser, [done](error_code e, std::size_t) { done(e); });
        });
        HttpAnswer answer;
        if (error) return answer;
        const auto& message = parser.get();
        answer.status = static_cast<int>(message.result_int());
        for (const auto& field : message)
            answer.headers.emplace_back(std::string(field.name_string().data(), field.name_string().size()),
                                        std::string(field.value().data(), field.value().size()));
        answer.body = message.body();
        return answer;
    }

    HttpAnswer ask(const std::string& method, const std::string& target, const HttpHeaders& headers = {}, const std::string& body = {}) {
        std::string text = method + " " + target + " HTTP/1.1\r\n";
        bool host = false;
        for (const auto& [name, value] : headers) {
            host = host || beast::iequals(name, "host");
            text += name + ": " + value + "\r\n";
        }
        if (!host) text += "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n";
        if (!body.empty() || method == "POST" || method == "PATCH") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        if (!send(text + "\r\n" + body)) return {};
        return receive(method == "HEAD");
    }

    /// Whether the server closes the connection within the deadline; whatever it still sends is thrown away.
    bool closed(std::chrono::milliseconds within = std::chrono::seconds(5)) {
        char byte[4096];
        const auto until = std::chrono::steady_clock::now() + within;
        while (std::chrono::steady_clock::now() < until) {
            error_code error = wait(
                [&](auto done) {
                    auto& socket = tls_ ? tls_->next_layer() : *plain_;
                    socket.async_read_some(net::buffer(byte), [done](error_code e, std::size_t) { done(e); });
                },
                within);
            if (error == net::error::operation_aborted) return false;
            if (error) return true;
        }
        return false;
    }

    void shut() {
        error_code ignored;
        (tls_ ? tls_->next_layer() : *plain_).close(ignored);
    }

  private:
    template <class Start>
    error_code wait(Start start, std::chrono::milliseconds within = std::chrono::seconds(10)) {
        auto result = std::make_shared<std::optional<error_code>>();
        start([result](error_code error) { *result = error; });
        io_.restart();
        const auto until = std::chrono::steady_clock::now() + within;
        while (!*result && io_.run_one_until(until) > 0) {
        }
        if (*result) return **result;
        shut();
        io_.restart();
        io_.run_for(std::chrono::seconds(1));
        return net::error::operation_aborted;
    }

    std::uint16_t port_;
    net::io_context io_;
    net::ssl::context context_{net::ssl::context::tls_client};
    std::unique_ptr<net::ip::tcp::socket> plain_;
    std::unique_ptr<net::ssl::stream<net::ip::tcp::socket>> tls_;
    beast::flat_buffer buffer_;
};

class SocketClient {
  public:
    SocketClient(std::uint16_t port, const std::string& target, const HttpHeaders& headers = {}) : socket_(io_) {
        socket_.next_layer().connect({net::ip::make_address("127.0.0.1"), port});
        socket_.set_option(beast::websocket::stream_base::decorator([headers](beast::websocket::request_type& request) {
            for (const auto& [name, value] : headers) request.set(name, value);
        }));
        refused_ = wait([&](auto done) { socket_.async_handshake("127.0.0.1:" + std::to_string(port), target, done); });
        socket_.read_message_max(1u << 20);
    }

    bool open() const { return !refused_; }

    bool send(const std::string& text, bool binary = false) {
        socket_.binary(binary);
        return !wait([&](auto done) { socket_.async_write(net::buffer(text), [done](error_code e, std::size_t) { done(e); }); });
    }

    /// The next text; nothing when the socket is closed or nothing comes in time.
    std::optional<std::string> receive(std::chrono::milliseconds within = std::chrono::seconds(5)) {
        beast::flat_buffer buffer;
        const error_code error =
            wait([&](auto done) { socket_.async_read(buffer, [done](error_code e, std::size_t) { done(e); }); }, within);
        if (error) return std::nullopt;
        return beast::buffers_to_string(buffer.data());
    }

    /// Reads until closed; the code of the server's close frame, 0 when there was none.
    int close_code() {
        while (receive()) {
        }
        return socket_.reason().code;
    }

    void shut() {
        error_code ignored;
        socket_.next_layer().close(ignored);
    }

  private:
    template <class Start>
    error_code wait(Start start, std::chrono::milliseconds within = std::chrono::seconds(5)) {
        auto result = std::make_shared<std::optional<error_code>>();
        start([result](error_code error) { *result = error; });
        io_.restart();
        const auto until = std::chrono::steady_clock::now() + within;
        while (!*result && io_.run_one_until(until) > 0) {
        }
        if (*result) return **result;
        shut();
        io_.restart();
        io_.run_for(std::chrono::seconds(1));
        return net::error::operation_aborted;
    }

    net::io_context io_;
    beast::websocket::stream<net::ip::tcp::socket> socket_;
    error_code refused_;
};

}  // namespace vitrine::test
