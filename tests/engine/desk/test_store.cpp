#include "engine/desk/store.h"

#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "engine/desk/money.h"
#include "engine/desk/sqlite_store.h"
#include "engine/desk/store_schema.h"
#include "tests/engine/desk/desk_people.h"
#include "tests/support/scratch_folder.h"

namespace vitrine::test {

using namespace desk;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<Store> opened(const fs::path& folder) {
    auto store = Store::open(folder);
    INFO((store ? "" : store.error().message));
    REQUIRE(store);
    return std::move(*store);
}

Result<void> written(Store& store, Store::Write write) {
    std::promise<Result<void>> done;
    store.write(std::move(write), [&](Result<void> kept) { done.set_value(std::move(kept)); });
    return done.get_future().get();
}

std::vector<Record> loaded_from(Store& store) {
    auto records = store.load();
    REQUIRE(records);
    return std::move(*records);
}

Message message(const std::string& id, const std::string& text = "hello") {
    Message m;
    m.id = id;
    m.person = "p";
    m.text = text;
    m.made_us = 1;
    return m;
}

/// Everything, as text that does not depend on order.
std::multiset<std::string> all_of(const std::vector<Record>& records) {
    std::multiset<std::string> all;
    for (const Record& record : records) {
        std::string text = record_to_json(record).dump();
        if (const auto* seat = std::get_if<Seat>(&record)) text += seat->token_sha256;
        if (const auto* invite = std::get_if<InviteRecord>(&record)) text += invite->secret_sha256;
        all.insert(std::move(text));
    }
    return all;
}

std::string bytes_of(const fs::path& folder) {
    std::string all;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream in(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
}

/// Somebody does something that is allowed more often than not.
void something_happens(DeskTable& table, std::vector<Actor>& people, std::mt19937& random) {
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const auto view = table.desk.view();
    const auto any = [&](const auto& list) { return list.empty() ? std::string("none") : list[random() % list.size()].id; };
    const Actor who = people[random() % people.size()];
    const Actor presenter{Role::presenter, {}, {}};
    const auto kind = pick(2) == 0 ? MessageKind::question : MessageKind::chat;
    switch (pick(17)) {
        case 0:
            return void(table.act(Say{kind, "text " + std::to_string(random()), "es", "", "", pick(4) == 0, {random(), 7, "LX-200"}}, who));
        case 1:
            return void(table.act(Like{any(view->messages)}, who));
        case 2:
            return void(table.act(AnswerMessage{any(view->messages), "answer", "en", pick(3) == 0}));
        case 3:
            return void(table.act(Moderate{any(view->messages), MessageState::hidden, pick(100)}));
        case 4:
            return void(table.act(PlacePoint{"LX-200", "ici", {0.1 * pick(1000), -0.3 * pick(1000), 1e-7 * pick(100)}}, who));
        case 5:
            return void(table.act(SetPoint{any(view->points), static_cast<PointState>(pick(3))}));
        case 6:
            return void(table.act(OpenPoll{{{{"en", "?"}, {"zh", "吗"}}}, {{{{"en", "a"}}}, {{{"en", "b"}}}, {{{"en", "c"}}}}}));
        case 7:
            return void(table.act(CastVote{view->poll ? view->poll->id : "none", pick(3)}, who));
        case 8: {
            RequestQuote ask;
            ask.product = "LX-200";
            ask.quantity = 1 + pick(2000);
            if (pick(2) == 0) ask.target_price = Money{1 + pick(1000), "USD"};
            ask.notes = "note \"quoted\" 'and' more";
            ask.changes = {{"", "colour", "white", "black"}, {"", "logo", "", "ACME"}};
            return void(table.act(ask, who));
        }
        case 9:
            return void(table.act(CounterQuote{any(view->quotes), pick(3) == 0 ? 700 : 0, Money{1 + pick(900), "USD"}, "25 d", "x"}));
        case 10:
            return void(table.act(CounterQuote{any(view->quotes), 0, Money{1 + pick(900), "USD"}}, who));
        case 11:
            return void(table.act(DecideQuote{any(view->quotes), static_cast<QuoteState>(2 + pick(3))}, pick(2) == 0 ? who : presenter));
        case 12:
            return void(table.act(DecideChange{any(view->quotes), "c1", static_cast<ChangeState>(pick(4)), "grey"}));
        case 13:
            return void(table.act(PutOrder{{"#" + std::to_string(pick(20)), "LX-200", "ACME", "São Paulo", "14:30"}}));
        case 14:
            return void(table.act(RemoveOrder{"#" + std::to_string(pick(20))}));
        case 15:
            if (pick(6) == 0) people.push_back(table.join("new" + std::to_string(random())));
            return void(table.act(Introduce{"name " + std::to_string(pick(9)), {}, "BR"}, who));
        default:
            if (pick(12) == 0) return void(table.act(ForgetMe{}, who));
            if (pick(8) == 0) return void(table.act(EndSeat{who.person}));
            table.take({Happening{table.now, "scene", "bench", ""}, Tally{table.now - table.now % 60'000'000, "LX-200", "heart", pick(9)}});
    }
}

}  // namespace

TEST_CASE("a desk loaded from its store is the desk that was", "[desk][store]") {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        ScratchFolder folder;
        std::mt19937 random(seed);
        DeskTable table;
        std::vector<Actor> people{table.join("Ana"), table.join("Jan"), table.join("Omar")};
        auto store = opened(folder.path());
        std::size_t written_so_far = 0;
        std::atomic<int> kept_writes = 0;  // told on the store's thread, which may not speak to Catch
        for (int i = 0; i < 300; ++i) {
            something_happens(table, people, random);
            Store::Write write;
            write.records.assign(table.kept.begin() + static_cast<std::ptrdiff_t>(written_so_far), table.kept.end());
            written_so_far = table.kept.size();
            store->write(std::move(write), [&](const Result<void>& kept) { kept_writes += kept.has_value(); });
        }
        store.reset();
        REQUIRE(kept_writes == 300);
        store = opened(folder.path());
        const auto loaded = store->load();
        REQUIRE(loaded);
        Desk again(std::make_shared<const ShowConfig>(desk_show()));
        for (const Record& record : *loaded) again.apply(record);
        const auto before = all_of(table.desk.records()), after = all_of(again.records());
        std::vector<std::string> lost, extra;
        std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(lost));
        std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(extra));
        CHECK(lost == std::vector<std::string>());
        CHECK(extra == std::vector<std::string>());
        nlohmann::json was = desk_view_to_json(*table.desk.view()), is = desk_view_to_json(*again.view());
        was.erase("version"), is.erase("version");
        CHECK(was == is);
        const auto read = Store::read(folder.path());  // beside the open store
        REQUIRE(read);
        CHECK(all_of(*read) == all_of(*loaded));
    }
}

TEST_CASE("the columns of every table are the fields of its record", "[desk][store]") {
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    migrate(database);
    CHECK(database.execAndGet("PRAGMA user_version").getInt() == newest_schema());
    Rows rows(database);
    for (const std::string& sql : {select_sql<InviteRecord>(""), select_sql<Person>(""), select_sql<Seat>(""), select_sql<Message>(""),
                                   select_sql<Liking>(""), select_sql<Point>(""), select_sql<Poll>(""), select_sql<Vote>(""),
                                   select_sql<Quote>(""), select_sql<SpecChange>(""), select_sql<QuoteRound>(""),
                                   select_sql<Attachment>(""), select_sql<Order>(""), select_sql<Happening>(""), select_sql<Tally>("")}) {
        INFO(sql);
        CHECK_NOTHROW(rows.prepared(sql));
    }
}

TEST_CASE("a store whose money was in cents says the same sums", "[desk][store]") {
    ScratchFolder folder;
    const fs::path file = folder.path() / "show.db";
    {
        SQLite::Database old(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        migrate(old, 1);
        const auto quote = [&](const std::string& id, const std::string& money) {
            old.exec("INSERT INTO quotes VALUES('" + id + "','p','LX-200','','Q-1','requested',0,10,0," + money +
                     ",'','','','','',0,0,'',1,1,'')");
            old.exec("INSERT INTO quote_rounds VALUES('" + id + "',0,'buyer',1,10," + money + ",'','')");
        };
        quote("usd", "420,'USD'"), quote("jpy", "900,'JPY'"), quote("kwd", "1234,'KWD'"), quote("much", "1000000000000,'KRW'");
        quote("none", "NULL,NULL");
    }
    ::chmod(file.c_str(), 0600);
    const auto read = Store::read(folder.path());  // changes nothing
    REQUIRE(read);
    CHECK(SQLite::Database(file.string()).execAndGet("PRAGMA user_version").getInt() == 1);
    std::map<std::string, std::optional<Money>> list, said;
    auto store = opened(folder.path());
    CHECK(all_of(loaded_from(*store)) == all_of(*read));
    for (const Record& record : loaded_from(*store))
        if (const auto* quote = std::get_if<Quote>(&record))
            list[quote->id] = quote->list_price, said[quote->id] = quote->rounds.at(0).unit_price;
    CHECK(list == said);
    REQUIRE(list.size() == 5);
    CHECK(list["usd"] == Money{42'000, "USD"});
    CHECK(list["jpy"] == Money{9'000'000, "JPY"});
    CHECK(list["kwd"] == Money{12'340, "KWD"});
    CHECK(list["much"] == Money{10'000'000'000'000'000, "KRW"});
    CHECK_FALSE(list["none"]);
}

TEST_CASE("two shows cannot use one store, and a newer one is left alone", "[desk][store]") {
    ScratchFolder folder;
    auto store = opened(folder.path() / "data");
    struct stat about {};
    REQUIRE(::stat((folder.path() / "data").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0700);
    for (const char* name : {"show.db", "show.db-wal"}) {
        REQUIRE(::stat((folder.path() / "data" / name).c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
    }
    const auto second = Store::open(folder.path() / "data");
    REQUIRE_FALSE(second);
    CHECK(second.error().message.find("Another show") != std::string::npos);
    store.reset();
    {
        SQLite::Database database((folder.path() / "data/show.db").string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA user_version = 99");
    }
    const auto newer = Store::open(folder.path() / "data");
    REQUIRE_FALSE(newer);
    CHECK(newer.error().kind == ErrorKind::bad_input);
    CHECK(newer.error().message.find("newer version") != std::string::npos);
    CHECK(Store::read(folder.path() / "none").error().kind == ErrorKind::missing);
}

TEST_CASE("a damaged file is put aside and never lost", "[desk][store]") {
    ScratchFolder folder;
    std::string original;
    SECTION("no database at all") { std::ofstream(folder.path() / "show.db") << (original = std::string(4096, 'x')); }
    SECTION("pages overwritten") {
        {
            auto store = opened(folder.path());
            Store::Write write;
            for (int i = 0; i < 300; ++i) write.records.push_back(message("m" + std::to_string(i), std::string(300, 'x')));
            REQUIRE(written(*store, write));
        }
        std::fstream file(folder.path() / "show.db", std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 2; page < 60; ++page) file.seekp(page * 4096), file.write("\xde\xad\xbe\xef damaged", 12);
        file.close();
        std::ifstream in(folder.path() / "show.db", std::ios::binary);
        original.assign(std::istreambuf_iterator<char>(in), {});
    }
    auto store = opened(folder.path());
    CHECK(store->notice().find("put aside") != std::string::npos);
    CHECK(loaded_from(*store).empty());
    bool found = false;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().filename().string().rfind("show-damaged-2", 0) != 0 || entry.path().extension() != ".db") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        found = std::string(std::istreambuf_iterator<char>(in), {}) == original;
    }
    CHECK(found);
    REQUIRE(written(*store, {{message("m")}}));
}

TEST_CASE("the outbox keeps its lines in order", "[desk][store]") {
    ScratchFolder folder;
    auto store = opened(folder.path());
    const auto entry = [](const char* hook, const char* person, const char* data) {
        OutboxEntry e;
        e.hook = hook, e.person = person, e.type = "t", e.data = data, e.made_us = 1;
        return e;
    };
    REQUIRE(written(*store,
                    {{}, {entry("a", "p", "1"), entry("a", "p", "2"), entry("a", "q", "3"), entry("b", "p", "4"), entry("a", "", "5")}}));
    int of_each = 10;
    const auto due = [&](std::int64_t now) {
        std::promise<std::vector<OutboxEntry>> done;
        store->outbox_due(now, of_each, [&](std::vector<OutboxEntry> entries) { done.set_value(std::move(entries)); });
        return done.get_future().get();
    };
    const auto datas = [&](std::int64_t now) {
        std::string all;
        for (const OutboxEntry& e : due(now)) all += e.data;
        return all;
    };
    CHECK(datas(10) == "1345");
    of_each = 1;  // each hook has its own share
    CHECK(datas(10) == "14");
    of_each = 10;
    const std::int64_t first = due(10).front().number;
    store->outbox_failed(first, 100, false);
    CHECK(datas(10) == "345");
    CHECK(datas(100) == "1345");
    // A try put off by a clock that has been set back since is due.
    store->outbox_failed(first, 365LL * 86'400'000'000, false);
    CHECK(datas(100) == "1345");
    CHECK(datas(365LL * 86'400'000'000 - 1'000'000) == "345");
    store->outbox_failed(first, 0, true);
    CHECK(datas(10) == "2345");
    std::promise<Store::Outbox> listed;
    store->outbox(10, [&](Store::Outbox outbox) { listed.set_value(std::move(outbox)); });
    const Store::Outbox outbox = listed.get_future().get();
    CHECK(outbox.waiting == 4);
    REQUIRE(outbox.dead.size() == 1);
    CHECK(outbox.dead.front().tries == 3);
    const auto again = [&](std::int64_t number) {
        std::promise<bool> done;
        store->outbox_again(number, [&](bool there) { done.set_value(there); });
        return done.get_future().get();
    };
    CHECK(again(first));
    CHECK_FALSE(again(first));
    CHECK(datas(10) == "1345");
    store->outbox_sent(first);
    CHECK(datas(10) == "2345");
    REQUIRE(written(*store, {{Person{"p"}}}));
    REQUIRE(written(*store, {{Erasure{"p", 5}}, {entry("a", "p", "9")}}));
    CHECK(datas(10) == "359");
}

TEST_CASE("what somebody wrote is gone from the files when they are forgotten", "[desk][store]") {
    ScratchFolder folder;
    auto store = opened(folder.path());
    DeskTable table;
    const Actor ana = table.join("Quintero");
    REQUIRE(table.act(Introduce{{}, "Quintero Hermanos", {}, "ana@quintero.example"}, ana));
    for (int i = 0; i < 50; ++i) REQUIRE(table.act(Say{MessageKind::chat, "Quintero says " + std::to_string(i)}, ana));
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    ask.notes = "for Quintero";
    REQUIRE(table.act(ask, ana));
    OutboxEntry event;
    event.person = ana.person;
    event.data = "Quintero in the outbox";
    REQUIRE(written(*store, {table.kept, {event}, Acknowledged{ana.person, "c1", "{}"}}));
    std::promise<Result<void>> put;
    store->put_attachment({"f1", "quintero.pdf", "application/pdf", 17, ""}, ana.person, "Quintero's drawing",
                          [&](Result<void> kept) { put.set_value(std::move(kept)); });
    REQUIRE(put.get_future().get());
    CHECK(bytes_of(folder.path()).find("uintero") != std::string::npos);
    table.kept.clear();
    REQUIRE(table.act(ForgetMe{}, ana));
    REQUIRE(written(*store, {table.kept}));
    CHECK(bytes_of(folder.path()).find("uintero") == std::string::npos);
    const auto loaded = loaded_from(*store);
    CHECK(std::count_if(loaded.begin(), loaded.end(), [](const Record& r) { return std::holds_alternative<Quote>(r); }) == 1);
    CHECK(bytes_of(folder.path()).find(table.act(MakeInvite{})->secret) == std::string::npos);
}

TEST_CASE("what is put aside is as gone from the desk as from the store", "[desk][store]") {
    ScratchFolder folder;
    Sight now{1'800'000'000'000'000, 1'000'000, "boot"};
    auto store = Store::open(folder.path(), [&now] { return now; });
    REQUIRE(store);
    const auto swept = [&] {
        std::promise<Store::Swept> done;
        (*store)->sweep(365, [&](const Store::Swept& one) { done.set_value(one); });
        return done.get_future().get();
    };
    CHECK(swept().put_aside == 0);
    DeskTable table;
    const Actor old = table.join("Old");
    REQUIRE(table.act(Say{MessageKind::chat, "old"}, old));
    REQUIRE(table.act(PutOrder{{"1"}}));
    REQUIRE(written(**store, {std::exchange(table.kept, {})}));
    constexpr std::int64_t years = 400LL * 86'400'000'000;
    now.utc_us += years, now.boot_us += years, table.now += years;
    (void)swept();
    const Actor young = table.join("Young");
    REQUIRE(table.act(Say{MessageKind::chat, "young"}, young));
    REQUIRE(written(**store, {std::exchange(table.kept, {})}));
    constexpr std::int64_t week = 7LL * 86'400'000'000;
    now.utc_us += week, now.boot_us += week;
    const auto last = swept();
    Desk again(std::make_shared<const ShowConfig>(desk_show()));
    for (const Record& record : loaded_from(**store)) again.apply(record);
    CHECK(again.view()->messages.size() == 1);
    CHECK_FALSE(again.person(old.person));
    CHECK(again.person(young.person));
    CHECK(again.view()->orders.empty());
    CHECK(last.aside >= 5);
}

// A process that writes and says what was acknowledged is killed at a random moment, thirty times over one file.
TEST_CASE("what was acknowledged survives kill -9, once", "[desk][store][kill]") {
    ScratchFolder folder;
    std::mt19937 random(20'261'125);
    std::set<std::string> acknowledged;
    for (int round = 0; round < 30; ++round) {
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(pipe[0]);
            auto store = Store::open(folder.path());
            if (!store) ::_exit(1);
            for (int i = 0;; ++i) {
                const std::string id = std::to_string(round) + "-" + std::to_string(i);
                auto turn = std::make_shared<std::promise<void>>();
                auto done = turn->get_future();
                (*store)->write({{message(id)}, {}, Acknowledged{"p", id, "{}"}}, [&pipe, id, turn](const Result<void>& kept) {
                    const std::string line = id + "\n";
                    if (kept && ::write(pipe[1], line.data(), line.size()) < 0) ::_exit(2);
                    turn->set_value();
                });
                if (i % 5 == 0) done.wait();  // the others are committed together
            }
        }
        ::close(pipe[1]);
        pollfd first{pipe[0], POLLIN, 0};
        REQUIRE(::poll(&first, 1, 20'000) == 1);  // on a busy machine the store takes its time to open
        ::usleep(static_cast<useconds_t>(random() % 150'000));
        ::kill(child, SIGKILL);
        std::string said;
        char buffer[4096];
        for (ssize_t n; (n = ::read(pipe[0], buffer, sizeof buffer)) > 0;) said.append(buffer, static_cast<std::size_t>(n));
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        for (std::size_t at = 0, end; (end = said.find('\n', at)) != std::string::npos; at = end + 1)
            acknowledged.insert(said.substr(at, end - at));

        auto store = opened(folder.path());
        CHECK(store->notice().empty());
        std::map<std::string, int> there;
        for (const Record& record : loaded_from(*store)) ++there[std::get<Message>(record).id];
        std::set<std::string> answers;
        const auto acknowledged_there = store->load_acknowledged();
        for (const Acknowledged& one : *acknowledged_there) answers.insert(one.client_id);
        for (const std::string& id : acknowledged) {
            if (there[id] == 1 && answers.contains(id)) continue;
            FAIL("lost or doubled: " << id << " in round " << round);
        }
    }
    CHECK(acknowledged.size() > 30);
}

// Needs to mount: as root only.
TEST_CASE("a full disk is said, keeps nothing by halves, and is used again when there is room", "[desk][store][disk]") {
    ScratchFolder folder;
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=600k") != 0) {
        WARN("no file system can be mounted here; the full disk is not tried");
        return;
    }
    {
        auto store = opened(folder.path());
        std::set<std::string> kept;
        Error error;
        for (int i = 0; i < 2000 && error.message.empty(); ++i) {
            const std::string id = "m" + std::to_string(i);
            const auto done = written(*store, {{message(id, std::string(2000, 'x'))}});
            if (done)
                kept.insert(id);
            else
                error = done.error();
        }
        CHECK(error.kind == ErrorKind::no_space);
        CHECK(kept.size() > 10);
        // Behind a failed write nothing is taken until its maker knows.
        CHECK_FALSE(written(*store, {{message("behind", "x")}}));
        const auto ids = [&](Store& from) {
            std::set<std::string> found;
            for (const Record& record : loaded_from(from)) found.insert(std::get<Message>(record).id);
            return found;
        };
        CHECK(ids(*store) == kept);
        REQUIRE(::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=8m") == 0);
        Store::Write again{{message("again")}};
        again.afresh = true;
        REQUIRE(written(*store, again));
        kept.insert("again");
        CHECK(ids(*store) == kept);
        store.reset();
        store = opened(folder.path());
        CHECK(store->notice().empty());
        CHECK(ids(*store) == kept);
    }
    ::umount(folder.path().c_str());
}

}  // namespace vitrine::test
