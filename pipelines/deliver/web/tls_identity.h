#pragma once
// The show's certificate and key, followed on the disk: what is renewed there is taken without a restart, by the connections that come
// after. A pair that cannot be used (half written, one file without the other, already expired) changes nothing: the one in use stays.
// Net thread only, apart from open().

#include <sys/stat.h>

#include <boost/asio/ssl/context.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "engine/clock.h"
#include "engine/config.h"
#include "engine/result.h"

namespace vitrine::web {

class TlsIdentity {
  public:
    /// bad_input: a file cannot be read or the key is another certificate's.
    static Result<std::unique_ptr<TlsIdentity>> open(const TlsConfig& config);

    std::shared_ptr<boost::asio::ssl::context> context() const { return context_; }
    /// Whole days until the one in use expires, below 0 when it has; nothing when it does not say.
    std::optional<int> days() const;
    /// Why the files on the disk are not the ones in use; empty when they are.
    const std::string& problem() const { return problem_; }

    enum class News { none, renewed, unusable };
    /// Looks at the files; about once a second. `unusable`: they have been so for a while, which is said once for each change.
    News look(Nanoseconds now);

  private:
    /// When and as what a file was last written.
    struct Mark {
        timespec written{};
        std::uint64_t size = 0, number = 0;
        bool operator==(const Mark& other) const;
    };
    using Marks = std::array<std::optional<Mark>, 2>;
    explicit TlsIdentity(TlsConfig config) : config_(std::move(config)) {}
    Marks marks() const;

    TlsConfig config_;
    std::shared_ptr<boost::asio::ssl::context> context_;
    Marks tried_;  ///< of the last files that were read, whether they could be used or not
    std::string problem_;
    Nanoseconds failing_since_ = 0;
    bool failing_ = false, told_ = false;
};

/// TLS 1.2 or later. Errors as TlsIdentity::open().
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsConfig& config);

}  // namespace vitrine::web
