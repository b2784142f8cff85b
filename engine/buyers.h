#pragma once
// Who may watch and act. An invite is a link /j/<id>#<secret>; its secret (128 bits from the system's generator) is kept only as a SHA-256
// hash; exchanging it gives a seat, a reference token checked on every request, so revoking takes effect at once, before the disk has it.
// What is known here comes from the desk's records: invites are made and revoked by acts (engine/desk/acts.h), and a join is answered after
// its seat is kept, so it survives kill -9. A personal link is one person's, on `max_devices` devices; an open link makes a person of each
// who joins. Thread-safe. Times are the run's own UTC (run_utc_us()) from the caller, so that tests own the clock: a clock set forward
// while the show runs throws nobody out, one set back is followed when links are judged (desk/link_clock.h).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/desk/records.h"
#include "engine/result.h"

namespace vitrine {

class Show;

struct BuyerSession {
    std::string id;  ///< the seat's: public, not the token
    std::string person, invite;
    desk::Role role = desk::Role::buyer;
    std::string name, language, group;
    std::string link_language;     ///< the one that the link was made for; may be empty
    bool personal = false;         ///< came by a link of their own, not by an open one
    std::int64_t good_for_us = 0;  ///< until its link is over
};

class Buyers {
  public:
    /// `show` outlives it. Waits for the show thread.
    explicit Buyers(Show& show);
    ~Buyers();

    /// The token goes to the buyer once. not_allowed with the same sentence for unknown id, wrong secret, not yet, expired and revoked, at
    /// once and on the caller's thread; else `done` on the show thread. When all seats are taken, the one unused for longest gives way if
    /// that was 10 minutes or more, or if a person takes over from one of their own devices; else conflict. no_space, failed: it could not
    /// be kept.
    struct Joined {
        BuyerSession session;
        std::string token;
    };
    struct Joining {
        std::string invite, secret, language;
        std::string device;      ///< what it calls itself; at most 40 letters count
        bool take_over = false;  ///< of an open link it counts for nothing: other seats are other people's
    };
    void join(const Joining& joining, std::int64_t now_us, std::function<void(Result<Joined>)> done);
    /// Where a personal invite is open, first the one that would give way; empty for an open link. For those who know its secret.
    struct OpenOn {
        std::string device;
        std::int64_t idle_us = 0;  ///< not used for so long; less than a minute is 0: in use
    };
    std::vector<OpenOn> open_on(const std::string& invite, std::int64_t now_us) const;
    /// Whether that token's seat ended because another device of the person took over.
    bool gave_way(const std::string& token) const;
    /// Constant time in the token's bytes. Counts as use of the session. A known token stops working with its invite.
    std::optional<BuyerSession> check(const std::string& token, std::int64_t now_us) const;
    /// How many devices that person is on. Thread-safe.
    int seats(const std::string& person, std::int64_t now_us) const;
    /// The seat ends at once; `done` on the show thread when that is kept.
    void leave(const std::string& token, std::function<void(Result<void>)> done);

  private:
    struct Core;
    std::shared_ptr<Core> core_;
};

/// 32 hex characters per 16 bytes, from the system's generator.
std::string random_hex(std::size_t bytes);
/// BLAKE2b of the text with a key of 16 to 64 bytes; `bytes` from 16 to 64.
std::string keyed_hex(std::string_view key, std::string_view text, std::size_t bytes);
/// 64 hex characters.
std::string sha256_hex(std::string_view bytes);

}  // namespace vitrine
