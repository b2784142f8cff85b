#include "engine/buyers.h"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr std::int64_t minute = 60'000'000, now = 1'700'000'000'000'000, later = now + 120 * minute;

bool is_hex(const std::string& s) { return !s.empty() && s.find_first_not_of("0123456789abcdef") == std::string::npos; }

}  // namespace

TEST_CASE("random hex has the length asked for and does not repeat", "[buyers]") {
    CHECK(random_hex(16).size() == 32);
    CHECK(random_hex(0).empty());
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        CHECK(is_hex(random_hex(16)));
        CHECK(seen.insert(random_hex(16)).second);
    }
}

TEST_CASE("an invitation that is not valid says the same, whatever is wrong with it", "[buyers]") {
    Buyers buyers;
    const auto good = buyers.invite("Ana", "pt", later, 10);
    const auto revoked = buyers.invite("Omar", "ar", later, 10);
    const auto expired = buyers.invite("Jan", "en", now, 10);
    REQUIRE(buyers.revoke(revoked.invite.id));
    CHECK_FALSE(buyers.revoke("unknown"));

    std::set<std::string> sentences;
    auto refused = [&](const std::string& id, const std::string& secret) {
        const auto joined = buyers.join(id, secret, "en", now);
        REQUIRE_FALSE(joined);
        CHECK(joined.error().kind == ErrorKind::bad_input);
        sentences.insert(joined.error().message);
    };
    refused("unknown", good.secret);
    refused(good.invite.id, revoked.secret);
    refused(good.invite.id, "");
    refused(good.invite.id, good.secret.substr(0, 31));
    refused(good.invite.id, good.secret + "0");
    refused(revoked.invite.id, revoked.secret);
    refused(expired.invite.id, expired.secret);
    CHECK(sentences.size() == 1);
    CHECK(buyers.join(good.invite.id, good.secret, "en", now));
}

TEST_CASE("secrets and tokens are 128 bits or more, sessions carry no token", "[buyers]") {
    Buyers buyers;
    const auto made = buyers.invite("Ana", "pt", later, 10);
    CHECK(is_hex(made.secret));
    CHECK(made.secret.size() >= 32);
    CHECK(made.secret != made.invite.id);
    const auto joined = buyers.join(made.invite.id, made.secret, "", now);
    REQUIRE(joined);
    CHECK(is_hex(joined->token));
    CHECK(joined->token.size() >= 32);
    CHECK(joined->session.id != joined->token);
    CHECK(joined->token.find(joined->session.id) == std::string::npos);
    CHECK(joined->session.invite == made.invite.id);
    CHECK(joined->session.name == "Ana");
    CHECK(joined->session.language == "pt");  // the invitation's, when the buyer asks for none
    CHECK(buyers.join(made.invite.id, made.secret, "es", now)->session.language == "es");
}

TEST_CASE("a token works until its invitation is revoked or over", "[buyers]") {
    Buyers buyers;
    const auto made = buyers.invite("Ana", "pt", later, 10);
    const auto other = buyers.invite("Jan", "en", later, 10);
    const auto ana = buyers.join(made.invite.id, made.secret, "pt", now).value();
    const auto jan = buyers.join(other.invite.id, other.secret, "en", now).value();
    REQUIRE(buyers.check(ana.token, now));
    CHECK(buyers.check(ana.token, now)->id == ana.session.id);
    CHECK(buyers.check(ana.token, later - 1));
    CHECK_FALSE(buyers.check(ana.token, later));
    CHECK_FALSE(buyers.check("", now));
    CHECK_FALSE(buyers.check(ana.token.substr(1), now));
    auto changed = ana.token;
    changed.back() = changed.back() == '0' ? '1' : '0';
    CHECK_FALSE(buyers.check(changed, now));
    buyers.revoke(made.invite.id);
    CHECK_FALSE(buyers.check(ana.token, now));
    CHECK(buyers.check(jan.token, now));
}

TEST_CASE("seats are counted; only one long unused gives way", "[buyers]") {
    Buyers buyers;
    const auto made = buyers.invite("", "en", later, 2);
    const auto first = buyers.join(made.invite.id, made.secret, "en", now).value();
    const auto second = buyers.join(made.invite.id, made.secret, "en", now + minute).value();
    const auto third = buyers.join(made.invite.id, made.secret, "en", now + 2 * minute);
    REQUIRE_FALSE(third);
    CHECK(third.error().message.find("2 devices") != std::string::npos);
    // The first is used on, so the second is the one that has left.
    REQUIRE(buyers.check(first.token, now + 10 * minute));
    CHECK_FALSE(buyers.join(made.invite.id, made.secret, "en", now + 10 * minute));
    REQUIRE(buyers.join(made.invite.id, made.secret, "en", now + 11 * minute));
    CHECK(buyers.check(first.token, now + 11 * minute));
    CHECK_FALSE(buyers.check(second.token, now + 11 * minute));
}

TEST_CASE("many threads join, check and revoke at once", "[buyers]") {
    Buyers buyers;
    const auto made = buyers.invite("", "en", later, 1000);
    const auto doomed = buyers.invite("", "en", later, 1000);
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                const auto joined = buyers.join(made.invite.id, made.secret, "en", now);
                if (joined && buyers.check(joined->token, now)) ++good;
                buyers.join(doomed.invite.id, doomed.secret, "en", now);
                if (i == 25) buyers.revoke(doomed.invite.id);
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(good == 200);
    CHECK_FALSE(buyers.join(doomed.invite.id, doomed.secret, "en", now));
}
