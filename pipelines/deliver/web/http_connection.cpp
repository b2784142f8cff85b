#include "pipelines/deliver/web/http_connection.h"

#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

#include "engine/clock.h"
#include "pipelines/deliver/web/security_headers.h"

namespace vitrine::web {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using beast::error_code;

namespace {

constexpr std::size_t most_discarded = 4u << 20;
/// A body of at most so much goes out with its head.
constexpr std::size_t short_body = 16 * 1024;
/// What the system keeps of a connection beyond what is on its way: without it a reader that stops would cost megabytes there.
constexpr int most_unsent = 128 * 1024;

std::string text(beast::string_view view) { return std::string(view.data(), view.size()); }

bool is_address(const std::string& address) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, address.c_str(), bytes) == 1 || inet_pton(AF_INET6, address.c_str(), bytes) == 1;
}

/// Status and sentence for what the parser refused; 0 when the connection just ended or timed out.
std::pair<int, std::string_view> fault_of(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return {431, "The request's header is larger than 16 KiB."};
    if (error == http::error::body_limit) return {413, "The body is too large."};
    if (error == http::error::bad_version) return {505, "Speak HTTP/1.1."};
    if (error == http::error::end_of_stream || error == http::error::partial_message) return {0, ""};
    if (error.category() == http::make_error_code(http::error::bad_method).category()) return {400, "This is not a valid HTTP request."};
    return {0, ""};
}

template <class Stream>
class Connection final : public HttpConnection, public std::enable_shared_from_this<Connection<Stream>> {
  public:
    Connection(Stream&& stream, std::string address, ConnectionHost& host, std::shared_ptr<ConnectionCount::Slot> slot)
        : stream_(std::move(stream)), host_(host), slot_(std::move(slot)), address_(std::move(address)) {}

    void start() override {
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            expires_in(host_.http.header_within);
            stream_.async_handshake(net::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
                if (!error) self->await_request();
            });
        } else {
            await_request();
        }
    }

    void stop() override {
        stopped_ = true;
        if (!is_upgraded_) return beast::get_lowest_layer(stream_).close();
        if (const auto socket = upgraded_.lock()) socket->abort();
    }
    bool stopped() const override { return stopped_; }
    Phase phase() const override { return phase_; }
    Nanoseconds phase_since() const override { return phase_since_; }
    Nanoseconds step_since() const override { return step_since_; }

  private:
    void enter(Phase phase) {
        phase_ = phase;
        phase_since_ = step_since_ = steady_now();
    }
    void expires_in(Nanoseconds time) { beast::get_lowest_layer(stream_).expires_after(std::chrono::nanoseconds(time)); }

    void await_request() {
        if (buffer_.size() > 0) return read_header();
        // A fresh connection has no longer to begin than to finish its header; a used one may rest.
        const bool fresh = requests_ == 0;
        enter(fresh ? Phase::waiting_for_client : Phase::resting);
        expires_in(fresh ? host_.http.header_within : host_.http.idle_within);
        stream_.async_read_some(buffer_.prepare(4096), [self = this->shared_from_this(), fresh](error_code error, std::size_t bytes) {
            self->enter(Phase::waiting_for_client);
            if (error) return self->shut();
            self->buffer_.commit(bytes);
            self->read_header(fresh);
        });
    }

    void read_header(bool deadline_runs = false) {
        ++requests_;
        parser_.emplace();
        parser_->header_limit(host_.http.header_bytes);
        // The largest that anybody may send; who sends this one is known after the header.
        parser_->body_limit(std::max(host_.http.body_bytes, host_.http.most_body_bytes));
        if (!deadline_runs) expires_in(host_.http.header_within);
        http::async_read_header(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) {
            self->take_header();
            if (error) return self->fault(error);
            self->judge_header();
        });
    }

    /// Copies what was understood of the header into request_.
    void take_header() {
        const auto& message = parser_->get();
        request_ = Request{};
        room_ = {};
        request_.method = text(message.method_string());
        const std::string target = text(message.target());
        const auto question = target.find('?');
        request_.path = target.substr(0, question);
        if (question != std::string::npos) request_.query = target.substr(question + 1);
        for (const auto& field : message) request_.headers.push_back({lower(text(field.name_string())), text(field.value())});
        request_.address = address_;
        request_.secure = std::is_same_v<Stream, TlsStream>;
        if (!host_.behind_proxy) return;
        // The proxy appends the address it sees: only the last one is its own word.
        for (const Header& header : request_.headers) {
            if (header.name == "x-forwarded-for") {
                const std::string last(trim(std::string_view(header.value).substr(header.value.rfind(',') + 1)));
                if (is_address(last)) request_.address = last;
            }
            if (header.name == "x-forwarded-proto") request_.secure = same_text(trim(header.value), "https");
        }
    }

    static std::string too_large(std::size_t most) { return "The body is larger than " + std::to_string(most / 1024) + " KiB."; }

    void fault(error_code error) {
        const auto [status, detail] = fault_of(error);
        if (status == 0) return shut();
        refuse(status, detail);
    }

    void refuse(int status, std::string_view detail) {
        host_.count_received();
        Response response = host_.refuse(request_, status, detail);
        response.close = true;
        write(std::move(response));
    }

    void judge_header() {
        const auto& message = parser_->get();
        if (message.version() != 11 && message.version() != 10) return refuse(505, "Speak HTTP/1.1.");
        if (request_.count("host") != 1 || !plain_host(*request_.header("host"))) return refuse(400, "Send exactly one Host.");
        if (request_.path.empty() || request_.path.front() != '/') return refuse(400, "The request's target must be a path.");
        if (const std::string* coding = request_.header("transfer-encoding"))
            if (message.version() == 10 || request_.count("transfer-encoding") > 1 || !same_text(*coding, "chunked"))
                return refuse(400, "Only chunked transfer coding is understood.");
        if (request_.count("content-length") > 0 && request_.count("transfer-encoding") > 0)
            return refuse(400, "Content-Length and Transfer-Encoding contradict each other.");
        if (is_upgrade()) return upgrade();
        auto room = host_.room_for_body(request_);
        if (!room) {
            host_.count_received();
            room.error().close = true;
            return write(std::move(room.error()));
        }
        const auto announced = parser_->content_length();
        if (announced && *announced > room->bytes) return refuse(413, too_large(room->bytes));
        room_ = std::move(*room);
        parser_->body_limit(room_.bytes);
        if (const std::string* expect = request_.header("expect")) {
            if (!same_text(*expect, "100-continue")) return refuse(417, "Only 100-continue can be expected.");
            if (!parser_->is_done()) return go_on();
        }
        read_body();
    }

    bool is_upgrade() const {
        const auto& message = parser_->get();
        return message.version() == 11 && message.method() == http::verb::get && message.count(http::field::upgrade) == 1 &&
               beast::websocket::is_upgrade(message.base());
    }

    void upgrade() {
        auto guest = host_.upgrade(request_);
        if (!guest) {
            guest.error().close = true;
            return write(std::move(guest.error()));
        }
        host_.count_received();
        auto socket = make_buyer_socket<Stream>(std::move(stream_), UpgradeRequest(parser_->release().base()), std::move(*guest),
                                                host_.live, steady_now(), slot_);
        // Until it has said hello it is a connection like others: this object stands for it at the gate.
        is_upgraded_ = true;
        upgraded_ = socket;
        std::exchange(slot_, nullptr)->keep_until_released(this->shared_from_this());
        enter(Phase::waiting_for_client);
        host_.adopt(socket);
        socket->start();
    }

    void go_on() {
        static constexpr std::string_view words = "HTTP/1.1 100 Continue\r\n\r\n";
        net::async_write(stream_, net::buffer(words.data(), words.size()),
                         [self = this->shared_from_this()](error_code error, std::size_t) {
                             if (error) return self->shut();
                             self->read_body();
                         });
    }

    void read_body() {
        // As long as a slow phone needs for what it may send: 32 KiB/s.
        const Nanoseconds longer = room_.bytes > host_.http.body_bytes ? static_cast<Nanoseconds>(room_.bytes / 32768) * 1'000'000'000 : 0;
        if (longer > 0) enter(Phase::working);  // let in by the host, which bounds how many there are
        expires_in(host_.http.header_within + longer);
        http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) {
            if (error) return self->fault(error);
            self->request_.body = std::move(self->parser_->get().body());
            self->request_.held = std::move(self->room_.held);
            self->serve();
        });
    }

    void serve() {
        host_.count_received();
        keep_alive_ = parser_->get().keep_alive();
        beast::get_lowest_layer(stream_).expires_never();
        enter(Phase::working);
        host_.handle(std::move(request_), [self = this->shared_from_this()](Response response) { self->write(std::move(response)); });
    }

    void write(Response response) {
        enter(Phase::waiting_for_client);
        const bool sends = !response.head && response.status != 304 && response.status != 204;
        if (sends && response.body && !response.kept && response.body->size() > body_piece && !(held_ = room_to_wait(*response.body))) {
            Response busy = host_.refuse(request_, 503, "Many answers are being read just now; try again in a moment.");
            response = std::move(busy.set("Retry-After", "5"));
        }
        keep_alive_ = keep_alive_ && !response.close;
        // The length is told of what is there, so before anything is taken out.
        head_ = serialize_head(response, keep_alive_, utc_now_us() / 1'000'000);
        body_ = sends ? std::move(response.body) : nullptr;
        source_ = sends ? std::move(response.source) : nullptr;
        sent_ = 0;
        if (body_ && body_->size() <= short_body) head_ += *std::exchange(body_, nullptr);  // one packet
        send(net::buffer(head_));
    }

    std::shared_ptr<void> room_to_wait(const std::string& body) {
        return host_.waiting.take(body.size(), steady_now(), [weak = this->weak_from_this()] {
            if (const auto self = weak.lock()) self->stop();  // what is being written ends with an error and lets go of the body
        });
    }

    /// One buffer at a time, each within its own time: a body of any length goes out, and a reader that stops is noticed.
    void send(net::const_buffer buffer) {
        step_since_ = steady_now();
        expires_in(host_.http.piece_within);
        net::async_write(stream_, buffer, [self = this->shared_from_this()](error_code error, std::size_t) {
            if (error) return self->shut();
            self->send_more();
        });
    }

    void send_more() {
        const std::uint64_t length = body_ ? body_->size() : source_ ? source_->size() : 0;
        if (sent_ >= length) return written();
        const std::size_t bytes = static_cast<std::size_t>(std::min<std::uint64_t>(body_piece, length - sent_));
        const std::uint64_t from = std::exchange(sent_, sent_ + bytes);
        if (body_) return send(net::buffer(body_->data() + from, bytes));
        beast::get_lowest_layer(stream_).expires_never();
        source_->read(from, bytes, [self = this->shared_from_this(), bytes](BodySource::Piece piece) {
            if (!piece || piece->size() != bytes) return self->shut();
            self->piece_ = std::move(piece);
            self->send(net::buffer(*self->piece_));
        });
    }

    void written() {
        body_.reset();
        source_.reset();
        piece_.reset();
        held_.reset();
        if (!keep_alive_) return linger();
        await_request();
    }

    /// Says that no more comes and reads on for a moment: closing with unread bytes would reset the connection and lose the answer.
    void linger() {
        expires_in(1'000'000'000);
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->discard(0); });
        } else {
            error_code ignored;
            stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
            discard(0);
        }
    }

    void discard(std::size_t so_far) {
        if (so_far > most_discarded) return shut();
        buffer_.clear();
        beast::get_lowest_layer(stream_).async_read_some(buffer_.prepare(16 * 1024),
                                                         [self = this->shared_from_this(), so_far](error_code error, std::size_t bytes) {
                                                             if (error) return self->shut();
                                                             self->discard(so_far + bytes);
                                                         });
    }

    void shut() {
        beast::get_lowest_layer(stream_).close();
        body_.reset();
        source_.reset();
        piece_.reset();
        held_.reset();
    }

    Stream stream_;
    ConnectionHost& host_;
    std::shared_ptr<ConnectionCount::Slot> slot_;
    std::string address_;
    beast::flat_buffer buffer_{256 * 1024};
    std::optional<http::request_parser<http::string_body>> parser_;
    Request request_;
    BodyRoom room_;
    std::string head_;
    std::shared_ptr<const std::string> body_, piece_;  ///< all of what is sent, or the piece of source_ that is
    std::shared_ptr<BodySource> source_;
    std::shared_ptr<void> held_;  ///< the body's part of the host's memory for those
    std::uint64_t sent_ = 0;      ///< of the body
    Phase phase_ = Phase::waiting_for_client;
    Nanoseconds phase_since_ = steady_now(), step_since_ = phase_since_;
    std::uint64_t requests_ = 0;
    std::weak_ptr<BuyerSocket> upgraded_;  ///< has the stream
    bool keep_alive_ = true, stopped_ = false, is_upgraded_ = false;
};

}  // namespace

std::shared_ptr<HttpConnection> HttpConnection::make(net::ip::tcp::socket socket, net::ssl::context* tls, ConnectionHost& host,
                                                     std::shared_ptr<ConnectionCount::Slot> slot) {
    error_code ignored;
    const auto remote = socket.remote_endpoint(ignored);
    socket.set_option(net::ip::tcp::no_delay(true), ignored);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof most_unsent);
    std::string address = remote.address().to_string();
    if (tls) return std::make_shared<Connection<TlsStream>>(TlsStream(std::move(socket), *tls), std::move(address), host, std::move(slot));
    return std::make_shared<Connection<PlainStream>>(PlainStream(std::move(socket)), std::move(address), host, std::move(slot));
}

}  // namespace vitrine::web
