#include "engine/desk/kept_time.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <iterator>

#include "engine/clock.h"
#include "engine/desk/link_clock.h"
#include "engine/desk/sqlite_store.h"
#include "engine/desk/store_schema.h"
#include "engine/show.h"
#include "tests/engine/desk/desk_people.h"
#include "tests/support/desk_acts.h"
#include "tests/support/scratch_folder.h"

namespace vitrine::test {

using namespace desk;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t hour = 3'600'000'000, year = 365 * us_per_day;
constexpr std::int64_t begin_us = 1'800'000'000'000'000;

/// A machine whose clocks the test owns.
struct Machine {
    std::int64_t utc_us = begin_us, boot_us = hour;
    int boots = 1;

    void pass(std::int64_t us) { utc_us += us, boot_us += us; }
    void jump(std::int64_t us) { utc_us += us; }
    void restart() { ++boots, boot_us = 60'000'000; }
    Sight look() const { return {utc_us, boot_us, "boot-" + std::to_string(boots)}; }
};

struct Kept {
    ScratchFolder folder;
    Machine machine;
    std::unique_ptr<Store> store;

    Store::Swept open(int keep_days = 365) {
        store.reset();
        auto opened = Store::open(folder.path(), [this] { return machine.look(); });
        REQUIRE(opened);
        store = std::move(*opened);
        return sweep(keep_days);
    }
    Store::Swept sweep(int keep_days = 365) {
        std::promise<Store::Swept> swept;
        store->sweep(keep_days, [&](const Store::Swept& now) { swept.set_value(now); });
        return swept.get_future().get();
    }
    void keep(std::vector<Record> records) {
        std::promise<bool> kept;
        Store::Write write;
        write.records = std::move(records);
        write.acknowledged = Acknowledged{"p", "c1", "{}"};
        store->write(std::move(write), [&](const Result<void>& done) { kept.set_value(done.has_value()); });
        REQUIRE(kept.get_future().get());
    }
    std::size_t loaded() {
        const auto records = store->load();
        REQUIRE(records);
        return records->size();
    }
    std::string bytes() const {
        std::string all;
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            std::ifstream in(entry.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(in), {});
        }
        return all;
    }
    /// A buyer with a message, a mark, a price asked for, an order.
    DeskTable filled() {
        DeskTable table;
        table.now = machine.utc_us;
        const Actor ana = table.join("Quintero");
        REQUIRE(table.act(Say{MessageKind::question, "Quintero asks"}, ana));
        REQUIRE(table.act(PlacePoint{"LX-200", "here"}, ana));
        RequestQuote ask;
        ask.product = "LX-200";
        ask.quantity = 500;
        REQUIRE(table.act(ask, ana));
        REQUIRE(table.act(PutOrder{{"1", "LX-200", "Quintero"}}));
        table.take({Happening{table.now, "came", ana.person, ""}, Tally{table.now, "LX-200", "heart", 3}});
        keep(table.kept);
        return table;
    }
};

}  // namespace

TEST_CASE("time that passed is told from a clock that jumped", "[desk][clock]") {
    Machine machine;
    KeptTime time;
    const std::int64_t gap = most_gap_us(365);
    CHECK(gap == 31 * us_per_day);
    CHECK(most_gap_us(30) == 7 * us_per_day);
    CHECK(most_gap_us(1) == us_per_day);
    const auto see = [&] {
        const std::int64_t before = time.age_us;
        time.see(machine.look(), gap);
        return time.age_us - before;
    };
    CHECK(see() == 0);
    SECTION("while the machine is up its uptime counts, whatever the clock says") {
        for (const std::int64_t jump : {hour, -hour, year, -10 * year, 20 * year}) {
            machine.jump(jump);
            machine.pass(2 * hour);
            CHECK(see() == 2 * hour);
        }
        CHECK(time.up_us == 10 * hour);
    }
    SECTION("over a restart of the machine a jump counts for one gap at most, and back again for nothing") {
        machine.restart(), machine.pass(3 * us_per_day);
        CHECK(see() == 3 * us_per_day + 0 * hour);
        machine.restart(), machine.jump(year);
        CHECK(see() == gap);
        machine.restart(), machine.jump(-year), machine.pass(us_per_day);
        CHECK(see() == us_per_day);
        machine.restart(), machine.jump(-10 * year);
        CHECK(see() == 0);
        machine.restart(), machine.jump(10 * year), machine.pass(us_per_day);
        CHECK(see() == us_per_day);
        CHECK(time.up_us == 0);
    }
    SECTION("a clock that flies back and forth grows nothing old") {
        for (int i = 0; i < 50; ++i) {
            machine.restart(), machine.jump(i % 2 ? 10 * year : -10 * year);
            see();
        }
        CHECK(time.age_us <= gap);
    }
}

TEST_CASE("no jump of the clock takes anything away", "[desk][store][clock]") {
    for (const bool restarts : {false, true})
        for (const std::int64_t jump : {hour, -hour, 40 * us_per_day, 366 * us_per_day, 10 * year, -10 * year}) {
            INFO((restarts ? "restarted, " : "up, ") << jump / hour << " h");
            Kept kept;
            kept.open();
            kept.filled();
            const std::size_t before = kept.loaded();
            kept.store.reset();
            kept.machine.pass(hour);
            if (restarts) kept.machine.restart();
            kept.machine.jump(jump);
            const auto swept = kept.open();
            CHECK(swept.put_aside == 0);
            CHECK(swept.erased == 0);
            CHECK(kept.loaded() == before);
            CHECK(kept.store->load_acknowledged()->size() == 1);
            CHECK(std::abs(swept.clock_ahead_us - jump - (restarts ? hour : 0)) <= 1);
            // And back again.
            if (restarts) kept.machine.restart();
            kept.machine.jump(-jump);
            CHECK(kept.open().put_aside == 0);
            CHECK(kept.loaded() == before);
        }
}

TEST_CASE("what is written while the clock is ten years back is not old when it is right again", "[desk][store][clock]") {
    Kept kept;
    kept.open();
    // A store that has been used for two years.
    for (int day = 0; day < 730; day += 10) {
        kept.machine.restart(), kept.machine.pass(10 * us_per_day);
        kept.open();
    }
    kept.machine.restart(), kept.machine.jump(-10 * year);
    kept.open();
    kept.filled();
    const std::size_t before = kept.loaded();
    kept.machine.restart(), kept.machine.jump(10 * year), kept.machine.pass(us_per_day);
    CHECK(kept.open().put_aside == 0);
    CHECK(kept.loaded() == before);
}

TEST_CASE("what is too old is put aside, comes back by a command, and is erased after the grace period", "[desk][store][clock]") {
    Kept kept;
    kept.open();
    const DeskTable table = kept.filled();
    const std::string person = table.desk.view()->people.begin()->first;
    const std::size_t all = kept.loaded();
    const auto days_pass = [&](int days, int step) {
        Store::Swept last;
        for (int day = 0; day < days; day += step) {
            kept.machine.pass(step * us_per_day);
            kept.machine.restart();
            last = kept.open();
            if (last.put_aside > 0) return last;
        }
        return last;
    };
    CHECK(days_pass(360, 7).put_aside == 0);
    CHECK(kept.loaded() == all);
    // The link ended a week after it was made: it, its seat and its person go last.
    const auto first = days_pass(14, 7);
    CHECK(first.put_aside >= 5);
    CHECK(first.aside == first.put_aside);
    const auto second = days_pass(28, 7);
    CHECK(second.put_aside >= 3);
    CHECK(kept.loaded() == 0);
    CHECK(kept.bytes().find("uintero") != std::string::npos);
    CHECK(kept.store->load_aside_people()->contains(person));
    CHECK(Store::read(kept.folder.path())->empty());
    CHECK(Store::read(kept.folder.path(), true)->size() == all);

    SECTION("brought back it is all there, and stays") {
        CHECK(*kept.store->bring_back() == second.aside);
        CHECK(kept.loaded() == all);
        CHECK(kept.open().put_aside == 0);
        CHECK(days_pass(300, 10).put_aside == 0);
        CHECK(kept.loaded() == all);
    }
    SECTION("a jump of the clock does not shorten the grace period to nothing") {
        kept.machine.restart(), kept.machine.jump(10 * year);
        CHECK(kept.open().erased == 0);
        CHECK(*kept.store->bring_back() == second.aside);
        CHECK(kept.loaded() == all);
    }
    SECTION("then it is gone from the files") {
        (void)days_pass(49, 7);
        CHECK(kept.open().aside == 0);
        CHECK(*kept.store->bring_back() == 0);
        CHECK(kept.bytes().find("uintero") == std::string::npos);
    }
    SECTION("forgetting somebody reaches what is aside") {
        Desk desk(std::make_shared<const ShowConfig>(desk_show()));
        desk.aside(*kept.store->load_aside_people());
        CHECK_FALSE(desk.decide(ForgetMe{"nobody"}, {Role::presenter, {}, {}}, kept.machine.utc_us));
        CHECK_FALSE(desk.decide(ForgetMe{person}, {Role::buyer, "somebody", "c"}, kept.machine.utc_us));
        const auto decided = desk.decide(ForgetMe{person}, {Role::presenter, {}, {}}, kept.machine.utc_us);
        REQUIRE(decided);
        REQUIRE(decided->records.size() == 1);
        kept.keep(decided->records);
        CHECK(kept.store->load_aside_people()->empty());
        std::string left = kept.bytes();
        // The factory's own order names somebody; it is the factory's.
        CHECK(left.find("Quintero asks") == std::string::npos);
        CHECK(kept.loaded() == 0);
        CHECK(*kept.store->bring_back() > 0);
        for (const Record& record : *kept.store->load())
            if (const auto* p = std::get_if<Person>(&record)) CHECK(p->erased);
    }
}

TEST_CASE("a store from before tells the age of its things by the days on which something was kept", "[desk][store][clock]") {
    Kept kept;
    const fs::path file = kept.folder.path() / "show.db";
    {
        SQLite::Database old(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        migrate(old, 3);
        for (int day = 0; day < 400; day += 5) {
            const std::string at = std::to_string(begin_us + day * us_per_day);
            old.exec("INSERT INTO messages VALUES('m" + std::to_string(day) +
                     "','p','chat','shown',0,'','hello','en','',0,0,'',0,0,0,'','',''," + at + ",0)");
        }
        old.exec("INSERT INTO messages VALUES('wrong','p','chat','shown',0,'','hello','en','',0,0,'',0,0,0,'','',''," +
                 std::to_string(begin_us - 10 * year) + ",0)");
    }
    kept.machine.jump(400 * us_per_day);
    const auto swept = kept.open();
    CHECK(swept.put_aside == 8);  // of the first 35 days: seven, and the one that was written with a wrong clock
    CHECK(kept.loaded() == 73);
}

TEST_CASE("links by their two clocks: a wrong clock ends none for good and makes none immortal", "[desk][clock]") {
    InviteRecord link;
    link.made_us = begin_us, link.expires_us = begin_us + 7 * us_per_day, link.made_up_us = 5 * hour;
    const auto open_at = [&](std::int64_t utc, std::int64_t up) { return is_open(link, {utc, up}); };
    CHECK(open_at(begin_us + hour, 6 * hour));
    CHECK_FALSE(open_at(begin_us + year, 6 * hour));
    CHECK(open_at(begin_us + 2 * hour, 7 * hour));  // the clock is right again
    CHECK(open_at(begin_us - 10 * year, 7 * hour));
    CHECK(open_at(begin_us - 10 * year, 5 * hour + 7 * us_per_day - 1));
    CHECK_FALSE(open_at(begin_us - 10 * year, 5 * hour + 7 * us_per_day));
    link.revoked_us = 1;
    CHECK_FALSE(open_at(begin_us + hour, 6 * hour));
}

TEST_CASE("a link outlives no clock that was set back: its life runs out while the machine is up", "[buyers][clock]") {
    Kept kept;
    kept.machine.utc_us = utc_now_us();
    const auto config = std::make_shared<const ShowConfig>(desk_show());
    const auto opened = [&] {
        auto store = Store::open(kept.folder.path(), [&] { return kept.machine.look(); });
        REQUIRE(store);
        auto show = Show::open(config, std::move(*store));
        REQUIRE(show);
        return std::move(*show);
    };
    ActResult made;
    std::string token;
    const std::int64_t now = utc_now_us();
    {
        const auto show = opened();
        Buyers buyers(*show);
        made = *do_act(*show, MakeInvite{Role::buyer, "Ana"});
        const auto joined = *join(buyers, made.id, made.secret, "en", now);
        token = joined.token;
        CHECK(joined.session.good_for_us > 7 * us_per_day - hour);
        CHECK(joined.session.good_for_us <= 7 * us_per_day);
        CHECK_FALSE(buyers.check(token, now + 366 * us_per_day));
        CHECK(buyers.check(token, now));
        CHECK(buyers.check(token, now - 10 * year)->good_for_us <= 7 * us_per_day);
    }
    kept.machine.pass(6 * us_per_day);
    {
        const auto show = opened();
        Buyers buyers(*show);
        CHECK(buyers.check(token, now - 10 * year));
        CHECK(join(buyers, made.id, made.secret, "en", now - 10 * year));
    }
    kept.machine.pass(us_per_day + hour);
    const auto show = opened();
    Buyers buyers(*show);
    CHECK_FALSE(buyers.check(token, now - 10 * year));
    CHECK_FALSE(join(buyers, made.id, made.secret, "en", now - 10 * year));
}

TEST_CASE("a show says that its machine's clock jumped, and what it put aside", "[show][clock]") {
    Kept kept;
    kept.machine.utc_us = utc_now_us();
    auto config = std::make_shared<ShowConfig>(desk_show());
    config->folder = kept.folder.path() / "show";
    const auto notices_of = [&] {
        kept.store.reset();
        auto store = Store::open(kept.folder.path(), [&] { return kept.machine.look(); });
        REQUIRE(store);
        auto show = Show::open(config, std::move(*store));
        REQUIRE(show);
        std::string all;
        (void)eventually([&] { return !(*show)->snapshot()->notices.empty(); }, std::chrono::milliseconds(200));
        for (const std::string& notice : (*show)->snapshot()->notices) all += notice + "\n";
        return all;
    };
    kept.open();
    kept.filled();
    CHECK(notices_of().empty());
    kept.machine.pass(hour);
    CHECK(notices_of().empty());
    kept.machine.jump(366 * us_per_day);
    CHECK(notices_of().find("went 366 days and 0 hours ahead") != std::string::npos);
    kept.machine.jump(-366 * us_per_day);
    CHECK(notices_of().find("366 days and 0 hours behind") != std::string::npos);
    kept.machine.pass(400 * us_per_day);
    const std::string said = notices_of();
    CHECK(said.find("put aside") != std::string::npos);
    CHECK(said.find("vitrine restore " + config->folder.string() + " --data " + kept.folder.path().string()) != std::string::npos);
    CHECK(notices_of().find("will be erased") != std::string::npos);
}

}  // namespace vitrine::test
