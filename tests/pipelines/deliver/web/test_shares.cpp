// Who may take which share: the rule itself. Where each share is asked is tested where that is.

#include "pipelines/deliver/web/shares.h"
#include "tests/support/catch.h"

using namespace vitrine;
using web::Holder;
using web::Share;
using web::Standing;
using web::Taken;

namespace {

struct Room {
    Share share;
    std::vector<Holder> holders;

    std::optional<Taken> ask(const Holder& asks, double scale = 1) const {
        std::vector<const Holder*> there;
        for (const Holder& one : holders) there.push_back(&one);
        return web::taken(share, asks, there, scale);
    }
    int fill(Standing standing, const std::string& link = "open", const std::string& address = {}) {
        int count = 0;
        while (count < 1000) {
            const std::string name = std::to_string(holders.size());
            const Holder one{standing, name, name, link, address.empty() ? "address " + name : address};
            if (ask(one)) break;
            holders.push_back(one);
            ++count;
        }
        return count;
    }
};

}  // namespace

TEST_CASE("guests leave what is kept for invited people, and both what is kept for the presenter's side", "[shares]") {
    Room room{{20, 4, 2, 0, 0, 0}, {}};
    CHECK(room.fill(Standing::guest) == 14);
    CHECK(room.fill(Standing::invited) == 4);
    CHECK(room.fill(Standing::staff) == 2);
    CHECK(room.fill(Standing::staff) == 0);
    Room other{{20, 4, 2, 0, 0, 0}, {}};
    CHECK(other.fill(Standing::staff) == 20);
    Room invited{{20, 4, 2, 0, 0, 0}, {}};
    CHECK(invited.fill(Standing::invited) == 18);
    CHECK(invited.fill(Standing::guest) == 0);
}

TEST_CASE("one person, one address, one open link have their own bounds", "[shares]") {
    Room room{{100, 0, 0, 2, 5, 10}, {}};
    const Holder ana{Standing::guest, "phone", "ana", "open", "a"};
    room.holders = {ana, ana};
    CHECK(room.ask(ana) == Taken::by_person);
    CHECK(room.fill(Standing::guest, "open", "a") == 3);
    const Holder next{Standing::guest, "x", "x", "open", "a"};
    CHECK(room.ask(next) == Taken::by_address);
    CHECK_FALSE(room.ask(next, 2));
    CHECK(room.fill(Standing::guest, "open") == 5);
    CHECK(room.ask({Standing::guest, "x", "x", "open", "elsewhere"}) == Taken::by_link);
    CHECK_FALSE(room.ask({Standing::guest, "x", "x", "another", "elsewhere"}));
    // Guests do not use up what invited people at their address may have; the presenter's side is bounded by neither.
    CHECK_FALSE(room.ask({Standing::invited, "x", "x", "own", "a"}));
    CHECK(room.fill(Standing::invited, "own", "a") == 5);
    CHECK(room.fill(Standing::staff, "helper", "a") > 20);
}

TEST_CASE("a session's standing is by its link", "[shares]") {
    BuyerSession session;
    session.id = "seat";
    session.invite = "link";
    CHECK(web::holder_of(session, "a").standing == Standing::guest);
    session.personal = true;
    CHECK(web::holder_of(session, "a").standing == Standing::invited);
    session.role = desk::Role::helper;
    CHECK(web::holder_of(session, "a").standing == Standing::staff);
    CHECK(web::holder_of(session, "a").device == "seat");
}
