#pragma once
// Who may watch. An invite is a link /j/<id>#<secret>; its secret (128 bits or more from the system's generator) is stored only as a
// SHA-256 hash; exchanging it gives a session, a reference token checked on every request, so revoking takes effect at once. All methods
// thread-safe. Times are UTC µs from the caller, so that tests own the clock.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct Invite {
    std::string id;
    std::string name;  ///< whom it was made for; empty: open link
    std::string language;
    std::int64_t expires_us = 0;
    int max_sessions = 200;
    bool revoked = false;
};

struct BuyerSession {
    std::string id;  ///< public, not the token
    std::string invite;
    std::string name, language;
};

class Buyers {
  public:
    Buyers();
    ~Buyers();
    struct NewInvite {
        Invite invite;
        std::string secret;
    };
    NewInvite invite(std::string name, std::string language, std::int64_t expires_us, int max_sessions);
    /// The token goes to the buyer once. bad_input with the same sentence for unknown id, wrong secret, expired and revoked. When
    /// max_sessions are seated, the one unused for longest gives way if that was 10 minutes or more; else bad_input.
    struct Joined {
        BuyerSession session;
        std::string token;
    };
    Result<Joined> join(const std::string& invite_id, const std::string& secret, const std::string& language, std::int64_t now_us);
    /// Constant time in the token's bytes. Counts as use of the session. A known token stops working with its invite.
    std::optional<BuyerSession> check(const std::string& token, std::int64_t now_us) const;
    bool revoke(const std::string& invite_id);

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

/// 32 hex characters per 16 bytes, from the system's generator.
std::string random_hex(std::size_t bytes);

}  // namespace vitrine
