#include "engine/buyers.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "engine/clock.h"
#include "engine/desk/link_clock.h"
#include "engine/desk/text_rules.h"
#include "engine/log.h"
#include "engine/show.h"

namespace vitrine {
namespace {

constexpr std::size_t secret_bytes = 16;
constexpr std::size_t token_bytes = 32;
/// A seat that nobody used for so long is given up when the invitation is full.
constexpr std::int64_t idle_us = 10LL * 60 * 1'000'000;
/// Open pages are heard of every second; what was heard of so lately is in use.
constexpr std::int64_t minute_us = 60LL * 1'000'000;
constexpr std::int64_t in_use_us = minute_us;
constexpr std::size_t most_quiet = 4;
constexpr std::size_t longest_device = 40, most_gone_remembered = 10'000;

// Without a source of randomness no secret is a secret, so nothing goes on.
void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (ready) return;
    log::error("buyers", "The system gives no random numbers; secrets cannot be made.");
    std::abort();
}

bool same(const std::string& a, const std::string& b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

tl::unexpected<Error> not_valid() {
    return fail("This invitation is not valid, or no longer. Ask the person who sent it for a new link.", ErrorKind::not_allowed);
}

std::string hex_of(const unsigned char* bytes, std::size_t size) {
    std::string hex(2 * size + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes, size);
    hex.pop_back();  // the terminating zero
    return hex;
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    need_sodium();
    std::string raw(bytes, '\0');
    randombytes_buf(raw.data(), raw.size());
    std::string hex = hex_of(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
    sodium_memzero(raw.data(), raw.size());
    return hex;
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hex_of(hash.data(), hash.size());
}

std::string keyed_hex(std::string_view key, std::string_view text, std::size_t bytes) {
    need_sodium();
    std::string hash(bytes, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
    return hex_of(reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
}

// Tokens are found by their hash, so how long a look-up takes says nothing about a token: a guess cannot steer its hash.
struct Buyers::Core {
    struct Used {
        desk::Seat seat;
        mutable std::atomic<std::int64_t> used_us{0};
    };

    explicit Core(Show& s) : show(s) {}

    Show& show;
    mutable std::shared_mutex mutex;  // guards all below
    std::map<std::string, desk::InviteRecord> invites;
    std::map<std::string, desk::Person> people;
    std::map<std::string, Used> seats;           // by the token's hash
    std::map<std::string, std::string> tokens;   // seat -> the token's hash
    std::set<std::string> revoked, ended, gone;  // invites, seats, people: holds even if the disk did not take it
    std::set<std::string> moved;                 // hashes of tokens whose seats gave way
    const std::string nobody = sha256_hex(random_hex(secret_bytes));
    std::shared_ptr<void> listening, ending;

    desk::LinkClock clock(std::int64_t now_us) const { return {now_us - set_back_us(), show.up_us()}; }
    bool open(const desk::InviteRecord& invite, std::int64_t now_us) const {
        return !revoked.contains(invite.id) && desk::is_open(invite, clock(now_us));
    }
    bool good(const desk::Seat& seat, std::int64_t now_us) const {
        if (ended.contains(seat.id) || gone.contains(seat.person)) return false;
        const auto invite = invites.find(seat.invite);
        return invite != invites.end() && open(invite->second, now_us);
    }
    BuyerSession session_of(const desk::Seat& seat) const {
        BuyerSession session;
        session.id = seat.id;
        session.person = seat.person;
        session.invite = seat.invite;
        session.language = seat.language;
        if (const auto invite = invites.find(seat.invite); invite != invites.end()) {
            session.link_language = invite->second.language;
            session.personal = !invite->second.person.empty();
            // The whole of its life, by whatever clock the end is judged: sessions are looked at with every request.
            session.good_for_us = invite->second.expires_us - invite->second.made_us;
        }
        if (const auto person = people.find(seat.person); person != people.end()) {
            session.role = person->second.role;
            session.name = person->second.name;
            session.group = person->second.group;
        }
        return session;
    }

    // Called with the mutex held for writing.
    void put(const desk::InviteRecord& r) { invites.insert_or_assign(r.id, r); }
    void put(const desk::Person& r) { people.insert_or_assign(r.id, r); }
    void put(const desk::Seat& r) {
        if (r.ended_us != 0) return drop(r.id);
        Used& used = seats[r.token_sha256];
        used.seat = r;
        // From an earlier run it is not known when it was last used, and the clock may have been wrong then: it has a minute to come back.
        const std::int64_t now = run_utc_us();
        if (used.used_us == 0) used.used_us = std::clamp(r.made_us, now - idle_us + minute_us, now);
        tokens[r.id] = r.token_sha256;
    }
    void put(const desk::Erasure& r) {
        people.erase(r.person);
        std::erase_if(tokens, [&](const auto& entry) { return seats.at(entry.second).seat.person == r.person; });
        for (auto it = seats.begin(); it != seats.end();) it = it->second.seat.person == r.person ? seats.erase(it) : std::next(it);
    }
    void put(const desk::Removal& r) {
        if (r.kind == "person") put(desk::Erasure{r.id, 0});
    }
    template <class Other>
    void put(const Other&) {}
    void drop(const std::string& seat) {
        ended.erase(seat);
        const auto found = tokens.find(seat);
        if (found == tokens.end()) return;
        seats.erase(found->second);
        tokens.erase(found);
    }
    void take(const std::vector<desk::Record>& records) {
        const std::unique_lock lock(mutex);
        for (const desk::Record& record : records) std::visit([this](const auto& r) { put(r); }, record);
    }
    void end(const std::vector<desk::Record>& records) {
        const std::unique_lock lock(mutex);
        for (const desk::Record& record : records) {
            if (const auto* invite = std::get_if<desk::InviteRecord>(&record)) revoked.insert(invite->id);
            if (const auto* seat = std::get_if<desk::Seat>(&record); seat && tokens.contains(seat->id)) {
                ended.insert(seat->id);
                if (seat->gave_way && moved.size() < most_gone_remembered) moved.insert(seat->token_sha256);
            }
            if (const auto* erasure = std::get_if<desk::Erasure>(&record)) gone.insert(erasure->person);
        }
    }
    struct Idle {
        std::int64_t idle_us;
        const desk::Seat* seat;
    };
    /// The seats of an invite, first those that should give way: unused for longest, of those in use the one that came first.
    std::vector<Idle> by_use(const std::string& invite, std::int64_t now_us) const {
        std::vector<Idle> found;
        for (const auto& [token, used] : seats) {
            if (used.seat.invite != invite || !good(used.seat, now_us)) continue;
            const std::int64_t idle = now_us - used.used_us;
            found.push_back({idle < in_use_us ? 0 : idle, &used.seat});
        }
        std::sort(found.begin(), found.end(), [](const Idle& a, const Idle& b) {
            return std::tuple(-a.idle_us, a.seat->made_us, a.seat->id) < std::tuple(-b.idle_us, b.seat->made_us, b.seat->id);
        });
        return found;
    }
    /// Of open links: first those whose link is over, then the ones unused for longest.
    std::vector<std::string> quiet(std::int64_t now_us) const {
        std::vector<std::pair<std::int64_t, std::string>> found;
        for (const auto& [token, used] : seats) {
            const auto invite = invites.find(used.seat.invite);
            if (invite == invites.end() || !invite->second.person.empty()) continue;
            const std::int64_t idle = good(used.seat, now_us) ? now_us - used.used_us : std::numeric_limits<std::int64_t>::max();
            if (idle >= idle_us) found.emplace_back(-idle, used.seat.id);
        }
        const auto enough = std::min(found.size(), most_quiet);
        std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(enough), found.end());
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < enough; ++i) ids.push_back(std::move(found[i].second));
        return ids;
    }
};

Buyers::Buyers(Show& show) : core_(std::make_shared<Core>(show)) {
    need_sodium();
    // Listening first: what settles meanwhile comes again with everything and is the same.
    core_->listening = show.listen_desk([core = core_.get()](const auto& settled, const auto&) { core->take(settled); });
    core_->ending = show.listen_endings([core = core_.get()](const auto& decided) { core->end(decided); });
    std::promise<void> loaded;
    show.records([&](const std::vector<desk::Record>& records) {
        core_->take(records);
        loaded.set_value();
    });
    loaded.get_future().wait();
}

Buyers::~Buyers() {
    core_->listening.reset();
    core_->ending.reset();
}

void Buyers::join(const Joining& joining, std::int64_t now_us, std::function<void(Result<Joined>)> done) {
    const std::string given = sha256_hex(joining.secret);
    desk::Arrival arrival;
    {
        const std::shared_lock lock(core_->mutex);
        const auto it = core_->invites.find(joining.invite);
        const bool known = it != core_->invites.end();
        // The same work for an unknown id as for a wrong secret.
        const bool right = same(given, known ? it->second.secret_sha256 : core_->nobody);
        if (known && right && core_->open(it->second, now_us)) {
            arrival.invite = joining.invite;
            arrival.clock = core_->clock(now_us);
            if (it->second.person.empty()) arrival.quiet_seats = core_->quiet(now_us);
            const bool take_over = joining.take_over && !it->second.person.empty();
            for (const auto& idle : core_->by_use(joining.invite, now_us))
                if (take_over || idle.idle_us >= idle_us) arrival.idle_seats.push_back(idle.seat->id);
        }
    }
    if (arrival.invite.empty()) return done(not_valid());
    const std::string token = random_hex(token_bytes);
    arrival.seat = random_hex(8);
    arrival.token_sha256 = sha256_hex(token);
    arrival.language = joining.language;
    if (const auto device = desk::clean_text(joining.device); device && desk::letters(*device) <= longest_device) arrival.device = *device;
    core_->show.arrive(arrival, [core = core_, token, now_us, done = std::move(done)](const Result<desk::ActResult>& arrived) {
        if (!arrived) return done(tl::unexpected<Error>(arrived.error()));
        std::optional<BuyerSession> session;
        {
            const std::shared_lock lock(core->mutex);
            const auto seat = core->seats.find(sha256_hex(token));
            if (seat != core->seats.end()) {
                seat->second.used_us = now_us;
                session = core->session_of(seat->second.seat);
            }
        }
        if (!session) return done(not_valid());  // ended while it was being kept
        done(Joined{*session, token});
    });
}

std::optional<BuyerSession> Buyers::check(const std::string& token, std::int64_t now_us) const {
    if (token.size() != 2 * token_bytes) return std::nullopt;
    const std::string given = sha256_hex(token);
    const std::shared_lock lock(core_->mutex);
    const auto it = core_->seats.find(given);
    if (it == core_->seats.end() || !same(it->first, given) || !core_->good(it->second.seat, now_us)) return std::nullopt;
    it->second.used_us = now_us;
    return core_->session_of(it->second.seat);
}

std::vector<Buyers::OpenOn> Buyers::open_on(const std::string& invite, std::int64_t now_us) const {
    std::vector<OpenOn> all;
    const std::shared_lock lock(core_->mutex);
    const auto found = core_->invites.find(invite);
    if (found == core_->invites.end() || found->second.person.empty()) return all;
    for (const auto& idle : core_->by_use(invite, now_us)) all.push_back({idle.seat->device, idle.idle_us});
    return all;
}

bool Buyers::gave_way(const std::string& token) const {
    const std::string given = sha256_hex(token);
    const std::shared_lock lock(core_->mutex);
    return core_->moved.contains(given);
}

int Buyers::seats(const std::string& person, std::int64_t now_us) const {
    const std::shared_lock lock(core_->mutex);
    return static_cast<int>(std::count_if(core_->seats.begin(), core_->seats.end(), [&](const auto& entry) {
        return entry.second.seat.person == person && core_->good(entry.second.seat, now_us);
    }));
}

void Buyers::leave(const std::string& token, std::function<void(Result<void>)> done) {
    std::string seat;
    {
        const std::unique_lock lock(core_->mutex);
        const auto it = core_->seats.find(sha256_hex(token));
        if (it != core_->seats.end()) core_->ended.insert(seat = it->second.seat.id);
    }
    if (seat.empty()) return done(Result<void>());
    core_->show.leave(seat, std::move(done));
}

}  // namespace vitrine
