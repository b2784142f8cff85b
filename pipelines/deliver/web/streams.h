#pragma once
// The two kinds of connection, and the slots that keep their number bounded. Net thread only.

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <map>
#include <memory>
#include <string>

namespace vitrine::web {

using PlainStream = boost::beast::tcp_stream;
/// Not beast::ssl_stream: of a sequence of buffers it sends the first and calls that all, when the second is over 16 KiB (Boost 1.74).
using TlsStream = boost::asio::ssl::stream<boost::beast::tcp_stream>;

/// Counts connections, in all and by address.
class ConnectionCount {
  public:
    /// Held by a connection as long as it lives.
    class Slot {
      public:
        Slot(std::shared_ptr<ConnectionCount> count, std::string address);
        ~Slot();
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        /// From now on it counts in all only: a buyer's socket that has said hello is somebody we know.
        void release_address();
        /// Kept until then.
        void keep_until_released(std::shared_ptr<void> kept) { kept_ = std::move(kept); }

      private:
        std::shared_ptr<ConnectionCount> count_;
        std::string address_;
        bool counted_ = true;
        std::shared_ptr<void> kept_;
    };
    static std::shared_ptr<Slot> take(const std::shared_ptr<ConnectionCount>& count, const std::string& address);
    int all() const { return all_; }
    int of(const std::string& address) const;
    /// The address with most; empty when no connection counts for one.
    std::string heaviest() const;

  private:
    int all_ = 0;
    std::map<std::string, int> by_address_;
};

}  // namespace vitrine::web
