#pragma once
// The two kinds of connection, and the slots that keep their number bounded. Net thread only.

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <map>
#include <memory>
#include <string>

#include "engine/config.h"
#include "engine/result.h"

namespace vitrine::web {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// TLS 1.2 or later with the show's certificate. bad_input: a file cannot be read or the key is another certificate's.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsConfig& config);
/// Whole days until the certificate expires, below 0 when it has; nothing when it does not say.
std::optional<int> certificate_days(boost::asio::ssl::context& context);

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

      private:
        std::shared_ptr<ConnectionCount> count_;
        std::string address_;
        bool counted_ = true;
    };
    static std::shared_ptr<Slot> take(const std::shared_ptr<ConnectionCount>& count, const std::string& address);
    int all() const { return all_; }
    int of(const std::string& address) const;

  private:
    int all_ = 0;
    std::map<std::string, int> by_address_;
};

}  // namespace vitrine::web
