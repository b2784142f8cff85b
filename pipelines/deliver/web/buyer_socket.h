#pragma once
// A LiveProtocol on a WebSocket. Net thread only.

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>

#include "pipelines/deliver/web/live_protocol.h"
#include "pipelines/deliver/web/streams.h"

namespace vitrine::web {

class BuyerSocket {
  public:
    virtual ~BuyerSocket() = default;
    virtual LiveProtocol& protocol() = 0;
    /// Answers the upgrade and begins to read.
    virtual void start() = 0;
    /// Sends what the protocol has; call after anything that may have given it something.
    virtual void pump() = 0;
    virtual void tick(Nanoseconds now) = 0;
    virtual void abort() = 0;
    virtual bool done() const = 0;
};

using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

template <class Stream>
std::shared_ptr<BuyerSocket> make_buyer_socket(Stream&& stream, UpgradeRequest request, LiveGuest guest, LiveLimits limits, Nanoseconds now,
                                               std::shared_ptr<ConnectionCount::Slot> slot);

extern template std::shared_ptr<BuyerSocket> make_buyer_socket<PlainStream>(PlainStream&&, UpgradeRequest, LiveGuest, LiveLimits,
                                                                            Nanoseconds, std::shared_ptr<ConnectionCount::Slot>);
extern template std::shared_ptr<BuyerSocket> make_buyer_socket<TlsStream>(TlsStream&&, UpgradeRequest, LiveGuest, LiveLimits, Nanoseconds,
                                                                          std::shared_ptr<ConnectionCount::Slot>);

}  // namespace vitrine::web
