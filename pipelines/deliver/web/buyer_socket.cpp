#include "pipelines/deliver/web/buyer_socket.h"

#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace vitrine::web {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using beast::error_code;

namespace {

constexpr std::size_t most_message = 16 * 1024;

template <class Stream>
class Socket final : public BuyerSocket, public std::enable_shared_from_this<Socket<Stream>> {
  public:
    Socket(Stream&& stream, UpgradeRequest request, LiveGuest guest, LiveLimits limits, Nanoseconds now,
           std::shared_ptr<ConnectionCount::Slot> slot)
        : socket_(std::move(stream)),
          request_(std::move(request)),
          protocol_(*guest.host, limits, now, std::move(guest.token), std::move(guest.address)),
          close_within_(limits.close_within),
          slot_(std::move(slot)) {}

    LiveProtocol& protocol() override { return protocol_; }
    bool done() const override { return done_; }

    void start() override {
        beast::get_lowest_layer(socket_).expires_never();
        websocket::stream_base::timeout timeout{};
        timeout.handshake_timeout = std::chrono::seconds(5);
        timeout.idle_timeout = std::chrono::seconds(20);
        timeout.keep_alive_pings = true;
        socket_.set_option(timeout);
        socket_.read_message_max(most_message);
        socket_.set_option(
            websocket::stream_base::decorator([](websocket::response_type& answer) { answer.set(beast::http::field::server, "vitrine"); }));
        socket_.async_accept(request_, [self = this->shared_from_this()](error_code error) {
            if (error) return self->finish();
            self->accepted_ = true;
            self->read();
            self->pump();
        });
    }

    void pump() override {
        if (!accepted_ || done_ || writing_ || closing_) return;
        if ((writing_ = protocol_.next())) {
            socket_.text(true);
            socket_.async_write(boost::asio::buffer(*writing_), [self = this->shared_from_this()](error_code error, std::size_t) {
                self->writing_.reset();
                if (error) return self->finish();
                self->pump();
            });
            return;
        }
        if (const auto& close = protocol_.closing()) {
            closing_ = true;
            socket_.async_close(websocket::close_reason(static_cast<websocket::close_code>(close->code), close->reason),
                                [self = this->shared_from_this()](error_code) { self->finish(); });
        }
    }

    void tick(Nanoseconds now) override {
        protocol_.tick(now);
        if (protocol_.closing()) {
            if (closing_since_ == 0) closing_since_ = now;
            if (now - closing_since_ >= close_within_) return abort();
        }
        pump();
    }

    void abort() override {
        beast::get_lowest_layer(socket_).close();
        finish();
    }

  private:
    void read() {
        socket_.async_read(buffer_, [self = this->shared_from_this()](error_code error, std::size_t) {
            if (error) return self->finish();
            const auto data = self->buffer_.data();
            if (self->socket_.got_text()) {
                self->protocol_.on_text({static_cast<const char*>(data.data()), data.size()}, steady_now());
            } else {
                self->protocol_.on_binary();
            }
            self->buffer_.consume(self->buffer_.size());
            if (self->protocol_.greeted() && self->slot_) self->slot_->release_address();
            self->pump();
            if (!self->done_) self->read();
        });
    }

    /// The object lives on until its handlers have run; the host drops it.
    void finish() { done_ = true; }

    websocket::stream<Stream> socket_;
    UpgradeRequest request_;
    LiveProtocol protocol_;
    Nanoseconds close_within_;
    std::shared_ptr<ConnectionCount::Slot> slot_;
    beast::flat_buffer buffer_;
    std::shared_ptr<const std::string> writing_;
    Nanoseconds closing_since_ = 0;
    bool accepted_ = false, closing_ = false, done_ = false;
};

}  // namespace

template <class Stream>
std::shared_ptr<BuyerSocket> make_buyer_socket(Stream&& stream, UpgradeRequest request, LiveGuest guest, LiveLimits limits, Nanoseconds now,
                                               std::shared_ptr<ConnectionCount::Slot> slot) {
    return std::make_shared<Socket<Stream>>(std::move(stream), std::move(request), std::move(guest), limits, now, std::move(slot));
}

template std::shared_ptr<BuyerSocket> make_buyer_socket<PlainStream>(PlainStream&&, UpgradeRequest, LiveGuest, LiveLimits, Nanoseconds,
                                                                     std::shared_ptr<ConnectionCount::Slot>);
template std::shared_ptr<BuyerSocket> make_buyer_socket<TlsStream>(TlsStream&&, UpgradeRequest, LiveGuest, LiveLimits, Nanoseconds,
                                                                   std::shared_ptr<ConnectionCount::Slot>);

}  // namespace vitrine::web
