#include "engine/buyers.h"
#include "engine/desk/link_key.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/desk_acts.h"
#include "tests/support/scratch_folder.h"

namespace vitrine {
namespace {

using test::do_act;
using test::join;

constexpr std::int64_t minute = 60'000'000;

struct Door {
    std::shared_ptr<const ShowConfig> config = std::make_shared<const ShowConfig>();
    Show show{config};
    Buyers buyers{show};
    const std::int64_t now = utc_now_us();

    desk::ActResult invite(desk::MakeInvite invite = {}) {
        if (invite.expires_us == 0) invite.expires_us = now + 60 * minute;
        return do_act(show, invite).value();
    }
    desk::ActResult open(int people) { return invite({desk::Role::buyer, "", "", "en", "", true, people}); }
};

bool is_hex(const std::string& text) { return text.find_first_not_of("0123456789abcdef") == std::string::npos; }

}  // namespace

TEST_CASE("random hex has the length asked for and does not repeat", "[buyers]") {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string hex = random_hex(16);
        CHECK(hex.size() == 32);
        CHECK(is_hex(hex));
        CHECK(seen.insert(hex).second);
    }
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a link can be shown again as it was, as long as it lets people in", "[buyers]") {
    Door door;
    const auto ana = door.invite({desk::Role::buyer, "Ana"});
    const auto again = do_act(door.show, desk::ShowLink{ana.id});
    REQUIRE(again);
    CHECK(again->secret == ana.secret);
    CHECK(again->secret.size() == 32);
    CHECK(door.invite({desk::Role::buyer, "Omar"}).secret != ana.secret);
    CHECK(do_act(door.show, desk::ShowLink{"unknown"}).error().kind == ErrorKind::not_found);
    for (const auto role : {desk::Role::buyer, desk::Role::helper})
        CHECK(do_act(door.show, desk::ShowLink{ana.id}, {role, "somebody", "c1"}).error().kind == ErrorKind::not_allowed);
    CHECK(door.show.snapshot()->desk->invites.size() == 2);
    REQUIRE(do_act(door.show, desk::RevokeInvite{ana.id}));
    CHECK_FALSE(do_act(door.show, desk::ShowLink{ana.id}));
}

TEST_CASE("the key of the links is its owner's alone, and the same for every run", "[buyers]") {
    namespace fs = std::filesystem;
    const test::ScratchFolder folder;
    const auto key = desk::read_link_key(folder.path());
    REQUIRE(key);
    const fs::path file = folder.path() / "links.key";
    CHECK((fs::status(file).permissions() & fs::perms::mask) == (fs::perms::owner_read | fs::perms::owner_write));
    fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
    CHECK(*desk::read_link_key(folder.path()) == *key);
    CHECK((fs::status(file).permissions() & fs::perms::group_read) == fs::perms::none);
    std::ofstream(file) << "damaged";
    const auto other = desk::read_link_key(folder.path());
    REQUIRE(other);
    CHECK(*other != *key);
    CHECK_FALSE(desk::read_link_key(folder.path() / "none"));

    // With the store, a link of an earlier run is shown again; with another key it is not, and still lets people in.
    const auto config = std::make_shared<const ShowConfig>();
    const auto shown = [&](const std::string& invite) {
        auto show = Show::open(config, desk::Store::open(folder.path()).value()).value();
        return do_act(*show, desk::ShowLink{invite});
    };
    desk::ActResult made;
    {
        auto show = Show::open(config, desk::Store::open(folder.path()).value()).value();
        made = do_act(*show, desk::MakeInvite{desk::Role::buyer, "Ana"}).value();
    }
    CHECK(shown(made.id)->secret == made.secret);
    fs::remove(file);
    const auto refused = shown(made.id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("another key") != std::string::npos);
}

TEST_CASE("an invitation that is not valid says the same, whatever is wrong with it", "[buyers]") {
    Door door;
    const auto good = door.invite({desk::Role::buyer, "Ana"});
    const auto revoked = door.invite({desk::Role::buyer, "Omar"});
    const auto later = door.invite({desk::Role::buyer, "Jan", "", "en", "", false, 1, 2, door.now + 30 * minute});
    REQUIRE(do_act(door.show, desk::RevokeInvite{revoked.id}));
    CHECK(do_act(door.show, desk::RevokeInvite{"unknown"}).error().kind == ErrorKind::not_found);
    std::set<std::string> sentences;
    const auto refuse = [&](const std::string& id, const std::string& secret, std::int64_t at) {
        const auto joined = join(door.buyers, id, secret, "en", at);
        REQUIRE_FALSE(joined);
        CHECK(joined.error().kind == ErrorKind::not_allowed);
        sentences.insert(joined.error().message);
    };
    refuse("unknown", good.secret, door.now);
    refuse(good.id, revoked.secret, door.now);
    refuse(good.id, "", door.now);
    refuse(revoked.id, revoked.secret, door.now);
    refuse(later.id, later.secret, door.now);
    refuse(good.id, good.secret, door.now + 60 * minute);
    CHECK(sentences.size() == 1);
    CHECK(join(door.buyers, good.id, good.secret, "en", door.now + minute));
}

TEST_CASE("secrets and tokens are 128 bits or more, sessions carry no token", "[buyers]") {
    Door door;
    const auto made = door.invite({desk::Role::buyer, "Ana", "ACME", "pt", "vip"});
    CHECK(made.secret.size() == 32);
    CHECK(is_hex(made.secret));
    const auto joined = join(door.buyers, made.id, made.secret, "").value();
    CHECK(joined.token.size() == 64);
    CHECK(is_hex(joined.token));
    CHECK(joined.session.id.size() == 16);
    CHECK(joined.token.find(joined.session.id) == std::string::npos);
    CHECK(joined.session.name == "Ana");
    CHECK(joined.session.language == "pt");
    CHECK(joined.session.group == "vip");
    CHECK(joined.session.role == desk::Role::buyer);
    CHECK(join(door.buyers, made.id, made.secret, "es")->session.language == "es");
    const auto helper = door.invite({desk::Role::helper, "Mei"});
    CHECK(join(door.buyers, helper.id, helper.secret, "zh")->session.role == desk::Role::helper);
}

TEST_CASE("a token works until its invitation is revoked or over", "[buyers]") {
    Door door;
    const auto made = door.invite({desk::Role::buyer, "Ana"});
    const auto other = door.invite({desk::Role::buyer, "Jan"});
    const auto ana = join(door.buyers, made.id, made.secret, "pt").value();
    const auto jan = join(door.buyers, other.id, other.secret, "en").value();
    REQUIRE(door.buyers.check(ana.token, door.now + minute));
    CHECK(door.buyers.check(ana.token, door.now + minute)->id == ana.session.id);
    CHECK(door.buyers.check(ana.token, door.now + 60 * minute - 1));
    CHECK_FALSE(door.buyers.check(ana.token, door.now + 60 * minute));
    CHECK_FALSE(door.buyers.check("", door.now));
    CHECK_FALSE(door.buyers.check(ana.token.substr(1), door.now));
    std::string changed = ana.token;
    changed[5] = changed[5] == '0' ? '1' : '0';
    CHECK_FALSE(door.buyers.check(changed, door.now));
    REQUIRE(do_act(door.show, desk::RevokeInvite{made.id}));
    CHECK_FALSE(door.buyers.check(ana.token, door.now));
    CHECK(door.buyers.check(jan.token, door.now));
    REQUIRE(do_act(door.show, desk::RevokeEverybody{}));
    CHECK_FALSE(door.buyers.check(jan.token, door.now));
}

TEST_CASE("a personal link is one person's, on so many devices", "[buyers]") {
    Door door;
    const auto made = door.invite({desk::Role::buyer, "Ana"});
    const auto one = join(door.buyers, made.id, made.secret, "en", door.now).value();
    const auto two = join(door.buyers, made.id, made.secret, "en", door.now + minute).value();
    CHECK(one.session.person == two.session.person);
    CHECK(one.session.id != two.session.id);
    const auto third = join(door.buyers, made.id, made.secret, "en", door.now + 2 * minute);
    REQUIRE_FALSE(third);
    CHECK(third.error().kind == ErrorKind::conflict);
    CHECK(third.error().message.find("2 devices") != std::string::npos);
    SECTION("only one long unused gives way") {
        REQUIRE(door.buyers.check(one.token, door.now + 10 * minute));
        CHECK_FALSE(join(door.buyers, made.id, made.secret, "en", door.now + 10 * minute));
        REQUIRE(join(door.buyers, made.id, made.secret, "en", door.now + 11 * minute));
        CHECK(door.buyers.check(one.token, door.now + 11 * minute));
        CHECK_FALSE(door.buyers.check(two.token, door.now + 11 * minute));
    }
    const auto take_over = [&](const std::string& device, std::int64_t at) {
        std::promise<Result<Buyers::Joined>> joined;
        door.buyers.join({made.id, made.secret, "en", device, true}, at,
                         [&](Result<Buyers::Joined> one) { joined.set_value(std::move(one)); });
        return joined.get_future().get();
    };
    SECTION("who takes over signs off the one unused longest, and it is told so") {
        REQUIRE(door.buyers.check(one.token, door.now + 5 * minute));
        const auto open_on = door.buyers.open_on(made.id, door.now + 5 * minute);
        REQUIRE(open_on.size() == 2);
        CHECK(open_on[0].idle_us == 4 * minute);
        CHECK(open_on[1].idle_us == 0);
        const auto phone = take_over("iPhone", door.now + 5 * minute).value();
        CHECK(phone.session.person == one.session.person);
        CHECK_FALSE(door.buyers.check(two.token, door.now + 5 * minute));
        CHECK(door.buyers.gave_way(two.token));
        CHECK(door.buyers.check(one.token, door.now + 5 * minute));
        CHECK_FALSE(door.buyers.gave_way(one.token));
        CHECK_FALSE(door.buyers.gave_way("none"));
        // Both in use: the one that came first goes.
        REQUIRE(door.buyers.check(phone.token, door.now + 5 * minute + 1));
        CHECK(door.buyers.open_on(made.id, door.now + 5 * minute + 1).back().device == "iPhone");
        REQUIRE(take_over("", door.now + 5 * minute + 2));
        CHECK(door.buyers.gave_way(one.token));
        CHECK(door.buyers.check(phone.token, door.now + 5 * minute + 2));
        CHECK(door.buyers.seats(one.session.person, door.now + 5 * minute) == 2);
    }
    SECTION("a device's name is a short text or none") {
        CHECK(take_over(std::string(41, 'x'), door.now + minute));
        CHECK(door.buyers.open_on(made.id, door.now + minute).back().device.empty());
        REQUIRE(take_over("Pixel \xe2\x80\xae 9", door.now + 2 * minute));
        CHECK(door.buyers.open_on(made.id, door.now + 2 * minute).back().device.find("\xe2\x80\xae") == std::string::npos);
    }
    SECTION("leaving frees a device") {
        std::promise<bool> left;  // told on the show's thread, which may not speak to Catch
        door.buyers.leave(one.token, [&](const Result<void>& done) { left.set_value(done.has_value()); });
        CHECK_FALSE(door.buyers.check(one.token, door.now));
        CHECK(left.get_future().get());
        CHECK(join(door.buyers, made.id, made.secret, "en", door.now));
    }
    SECTION("ended by the presenter: both devices and the link") {
        REQUIRE(do_act(door.show, desk::EndSeat{one.session.person}));
        CHECK_FALSE(door.buyers.check(one.token, door.now));
        CHECK_FALSE(door.buyers.check(two.token, door.now));
        CHECK_FALSE(join(door.buyers, made.id, made.secret, "en"));
    }
    SECTION("forgotten: out at once, and the link leads nowhere") {
        REQUIRE(do_act(door.show, desk::ForgetMe{}, {desk::Role::buyer, one.session.person, "f1"}));
        CHECK_FALSE(door.buyers.check(one.token, door.now));
        CHECK_FALSE(join(door.buyers, made.id, made.secret, "en"));
    }
}

TEST_CASE("nobody takes over another's place of an open link", "[buyers]") {
    Door door;
    const auto made = door.open(1);
    const auto one = join(door.buyers, made.id, made.secret, "en", door.now).value();
    std::promise<Result<Buyers::Joined>> joined;
    door.buyers.join({made.id, made.secret, "en", "iPhone", true}, door.now + minute,
                     [&](Result<Buyers::Joined> other) { joined.set_value(std::move(other)); });
    const auto other = joined.get_future().get();
    REQUIRE_FALSE(other);
    CHECK(other.error().kind == ErrorKind::conflict);
    CHECK(door.buyers.check(one.token, door.now + minute));
    CHECK(door.buyers.open_on(made.id, door.now + minute).empty());
}

TEST_CASE("an open link makes a person of each, up to its places", "[buyers]") {
    Door door;
    const auto made = door.open(2);
    const auto one = join(door.buyers, made.id, made.secret, "en", door.now).value();
    const auto two = join(door.buyers, made.id, made.secret, "en", door.now).value();
    CHECK(one.session.person != two.session.person);
    CHECK(join(door.buyers, made.id, made.secret, "en", door.now + minute).error().kind == ErrorKind::conflict);
    REQUIRE(do_act(door.show, desk::EndSeat{one.session.person}));
    CHECK_FALSE(door.buyers.check(one.token, door.now));
    CHECK(door.buyers.check(two.token, door.now));
    CHECK(join(door.buyers, made.id, made.secret, "en", door.now + minute));
}

TEST_CASE("what came before is known to buyers made later", "[buyers]") {
    Door door;
    const auto made = door.open(5);
    const auto one = join(door.buyers, made.id, made.secret, "en").value();
    Buyers again(door.show);
    CHECK(again.check(one.token, door.now)->person == one.session.person);
}

TEST_CASE("many threads join, check and revoke at once", "[buyers]") {
    Door door;
    const auto made = door.open(1000);
    const auto doomed = door.open(1000);
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const auto joined = join(door.buyers, made.id, made.secret, "en");
                if (joined && door.buyers.check(joined->token, door.now)) ++good;
                (void)join(door.buyers, doomed.id, doomed.secret, "en");
                if (t == 0 && i == 12) (void)do_act(door.show, desk::RevokeInvite{doomed.id});
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(good == 100);
    CHECK_FALSE(join(door.buyers, doomed.id, doomed.secret, "en"));
}

}  // namespace vitrine
