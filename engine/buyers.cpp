#include "engine/buyers.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "engine/log.h"

namespace vitrine {
namespace {

constexpr std::size_t secret_bytes = 16;
constexpr std::size_t token_bytes = 32;
/// A session that nobody used for so long gives up its seat when the invitation is full.
constexpr std::int64_t idle_us = 10LL * 60 * 1'000'000;

using Hash = std::array<unsigned char, crypto_hash_sha256_BYTES>;

// Without a source of randomness no secret is a secret, so nothing goes on.
void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (ready) return;
    log::error("buyers", "The system gives no random numbers; secrets cannot be made.");
    std::abort();
}

Hash hash_of(const std::string& secret) {
    Hash hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    return hash;
}

bool same(const Hash& a, const Hash& b) { return sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

tl::unexpected<Error> not_valid() {
    return fail("This invitation is not valid, or no longer. Ask the person who sent it for a new link.", ErrorKind::bad_input);
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    need_sodium();
    std::string raw(bytes, '\0');
    randombytes_buf(raw.data(), raw.size());
    std::string hex(2 * bytes + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
    sodium_memzero(raw.data(), raw.size());
    hex.pop_back();  // the terminating zero
    return hex;
}

// Tokens are found by their hash, so how long a look-up takes says nothing about a token: a guess cannot steer its hash.
struct Buyers::Core {
    struct Made {
        Invite invite;
        Hash secret{};
        int sessions = 0;
    };
    struct Seat {
        BuyerSession session;
        mutable std::atomic<std::int64_t> used_us{0};
    };

    mutable std::shared_mutex mutex;
    std::map<std::string, Made> invites;
    std::map<Hash, Seat> seats;
    const Hash nobody = hash_of(random_hex(secret_bytes));

    static bool open(const Invite& invite, std::int64_t now_us) { return !invite.revoked && now_us < invite.expires_us; }

    // Called with the mutex held for writing.
    void clear_seats(std::int64_t now_us) {
        for (auto it = seats.begin(); it != seats.end();) {
            auto& made = invites.at(it->second.session.invite);
            if (open(made.invite, now_us)) {
                ++it;
            } else {
                --made.sessions;
                it = seats.erase(it);
            }
        }
    }

    bool free_idle_seat(Made& made, std::int64_t now_us) {
        auto oldest = seats.end();
        for (auto it = seats.begin(); it != seats.end(); ++it) {
            if (it->second.session.invite != made.invite.id) continue;
            if (oldest == seats.end() || it->second.used_us < oldest->second.used_us) oldest = it;
        }
        if (oldest == seats.end() || now_us - oldest->second.used_us < idle_us) return false;
        seats.erase(oldest);
        --made.sessions;
        return true;
    }
};

Buyers::Buyers() : core_(std::make_unique<Core>()) {}
Buyers::~Buyers() = default;

Buyers::NewInvite Buyers::invite(std::string name, std::string language, std::int64_t expires_us, int max_sessions) {
    NewInvite made{{random_hex(8), std::move(name), std::move(language), expires_us, max_sessions, false}, random_hex(secret_bytes)};
    log::hide(made.secret);
    std::unique_lock lock(core_->mutex);
    core_->invites[made.invite.id] = {made.invite, hash_of(made.secret), 0};
    return made;
}

Result<Buyers::Joined> Buyers::join(const std::string& invite_id, const std::string& secret, const std::string& language,
                                    std::int64_t now_us) {
    const Hash given = hash_of(secret);
    const std::string token = random_hex(token_bytes);
    std::unique_lock lock(core_->mutex);
    const auto it = core_->invites.find(invite_id);
    const bool known = it != core_->invites.end();
    // The same work for an unknown id as for a wrong secret.
    const bool right = same(given, known ? it->second.secret : core_->nobody);
    if (!known || !right || !Core::open(it->second.invite, now_us)) return not_valid();
    auto& made = it->second;
    core_->clear_seats(now_us);
    if (made.sessions >= made.invite.max_sessions && !core_->free_idle_seat(made, now_us))
        return fail("This invitation is already open on " + std::to_string(made.invite.max_sessions) +
                        " devices. Close it on one of them, or ask for a link of your own.",
                    ErrorKind::bad_input);
    auto& seat = core_->seats[hash_of(token)];
    seat.session = {random_hex(8), invite_id, made.invite.name, language.empty() ? made.invite.language : language};
    seat.used_us = now_us;
    ++made.sessions;
    return Joined{seat.session, token};
}

std::optional<BuyerSession> Buyers::check(const std::string& token, std::int64_t now_us) const {
    if (token.size() != 2 * token_bytes) return std::nullopt;
    const Hash given = hash_of(token);
    std::shared_lock lock(core_->mutex);
    const auto it = core_->seats.find(given);
    if (it == core_->seats.end() || !same(it->first, given)) return std::nullopt;
    if (!Core::open(core_->invites.at(it->second.session.invite).invite, now_us)) return std::nullopt;
    it->second.used_us = now_us;
    return it->second.session;
}

bool Buyers::revoke(const std::string& invite_id) {
    std::unique_lock lock(core_->mutex);
    const auto it = core_->invites.find(invite_id);
    if (it == core_->invites.end()) return false;
    it->second.invite.revoked = true;
    return true;
}

}  // namespace vitrine
