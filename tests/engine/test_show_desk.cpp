// The desk inside the show: what is kept, told, answered, and what happens when it cannot be kept.

#include <atomic>
#include <mutex>

#include "engine/buyers.h"
#include "engine/desk/store.h"
#include "engine/show.h"
#include "tests/engine/desk/desk_people.h"
#include "tests/support/desk_acts.h"
#include "tests/support/patience.h"
#include "tests/support/scratch_folder.h"

namespace vitrine::test {

using namespace desk;
namespace fs = std::filesystem;

namespace {

const Actor presenter{Role::presenter, {}, {}};

std::shared_ptr<const ShowConfig> config() { return std::make_shared<const ShowConfig>(desk_show()); }

/// The real store, which can be told that its disk is full.
class Narrow final : public Store {
  public:
    Narrow(std::unique_ptr<Store> real, std::shared_ptr<std::atomic<bool>> full) : real_(std::move(real)), full_(std::move(full)) {}
    Result<std::vector<Record>> load() override { return real_->load(); }
    Result<std::vector<Acknowledged>> load_acknowledged() override { return real_->load_acknowledged(); }
    Result<std::vector<Upload>> load_uploads() override { return real_->load_uploads(); }
    const std::string& notice() const override { return real_->notice(); }
    void write(Write write, std::function<void(Result<void>)> done) override {
        if (write.afresh) poisoned_ = false;
        if (*full_ || poisoned_) {
            poisoned_ = true;
            // Answered by the real store's thread, behind what is on its way there.
            return real_->get_attachment("none", [done = std::move(done)](const Result<std::string>&) {
                done(fail("the disk is full; make room on it.", ErrorKind::no_space));
            });
        }
        real_->write(std::move(write), std::move(done));
    }
    void put_attachment(Attachment a, std::string p, std::string b, std::function<void(Result<void>)> done) override {
        real_->put_attachment(std::move(a), std::move(p), std::move(b), std::move(done));
    }
    void get_attachment(std::string id, std::function<void(Result<std::string>)> done) override {
        real_->get_attachment(id, std::move(done));
    }
    void read_attachment(std::string id, std::uint64_t at, std::size_t bytes, std::function<void(Result<std::string>)> done) override {
        real_->read_attachment(std::move(id), at, bytes, std::move(done));
    }
    void outbox_due(std::int64_t now, int most, std::function<void(std::vector<OutboxEntry>)> done) override {
        real_->outbox_due(now, most, std::move(done));
    }
    void outbox_sent(std::int64_t number) override { real_->outbox_sent(number); }
    void outbox_failed(std::int64_t number, std::int64_t next, bool dead) override { real_->outbox_failed(number, next, dead); }
    void outbox(int most, std::function<void(Outbox)> done) override { real_->outbox(most, std::move(done)); }
    void outbox_again(std::int64_t number, std::function<void(bool)> done) override { real_->outbox_again(number, std::move(done)); }
    void sweep(int days, std::function<void(const Swept&)> done) override { real_->sweep(days, std::move(done)); }
    Result<std::size_t> bring_back() override { return real_->bring_back(); }
    Result<std::set<std::string>> load_aside_people() override { return real_->load_aside_people(); }
    const fs::path& file() const override { return real_->file(); }

  private:
    std::unique_ptr<Store> real_;
    std::shared_ptr<std::atomic<bool>> full_;
    bool poisoned_ = false;
};

std::unique_ptr<Show> kept_in(const fs::path& folder, const std::shared_ptr<std::atomic<bool>>& full = nullptr) {
    auto store = Store::open(folder);
    REQUIRE(store);
    std::unique_ptr<Store> used = std::move(*store);
    if (full) used = std::make_unique<Narrow>(std::move(used), full);
    auto show = Show::open(config(), std::move(used));
    REQUIRE(show);
    return std::move(*show);
}

Buyers::Joined joined(Show& show, Buyers& buyers, const std::string& name) {
    MakeInvite invite;
    invite.name = name;
    const auto made = do_act(show, invite).value();
    auto in = join(buyers, made.id, made.secret, "en");
    REQUIRE(in);
    return *in;
}

Actor actor_of(const Buyers::Joined& who, std::string client_id) { return {who.session.role, who.session.person, std::move(client_id)}; }

std::vector<Record> records_of(Show& show) {
    std::promise<std::vector<Record>> all;
    show.records([&](std::vector<Record> records) { all.set_value(std::move(records)); });
    return all.get_future().get();
}

template <class T>
int count_of(const std::vector<Record>& records) {
    return static_cast<int>(std::count_if(records.begin(), records.end(), [](const Record& r) { return std::holds_alternative<T>(r); }));
}

}  // namespace

TEST_CASE("an act is shown and told before it is answered", "[show][desk]") {
    Show show(config());
    Buyers buyers(show);
    const auto ana = joined(show, buyers, "Ana");
    std::mutex mutex;
    std::vector<std::string> told;
    const auto listening = show.listen_desk([&](const std::vector<Record>& settled, const DeskViewPtr& view) {
        const std::lock_guard lock(mutex);
        for (const Record& record : settled)
            if (const auto* message = std::get_if<Message>(&record)) {
                told.push_back(message->id);
                CHECK(view->messages.back().id == message->id);
            }
    });
    const std::uint64_t version = show.snapshot()->version;
    const auto said = do_act(show, Say{MessageKind::question, "IP65?"}, actor_of(ana, "c1"));
    REQUIRE(said);
    CHECK(show.snapshot()->desk->messages.back().id == said->id);
    CHECK(show.snapshot()->version == version);  // the desk has numbers of its own
    {
        const std::lock_guard lock(mutex);
        CHECK(told == std::vector<std::string>{said->id});
    }
    CHECK(do_act(show, AnswerMessage{"none", "x"}, presenter).error().kind == ErrorKind::not_found);
    CHECK(do_act(show, React{"heart"}, actor_of(ana, "c2")));
    CHECK(show.snapshot()->desk->reactions.at("heart") == 1);
}

TEST_CASE("the same client id does nothing twice, also after a restart", "[show][desk]") {
    ScratchFolder folder;
    std::string first, person, token;
    {
        auto show = kept_in(folder.path());
        Buyers buyers(*show);
        const auto ana = joined(*show, buyers, "Ana");
        person = ana.session.person;
        token = ana.token;
        RequestQuote ask;
        ask.product = "LX-200";
        ask.quantity = 500;
        std::vector<std::future<Result<ActResult>>> answers;
        for (int i = 0; i < 5; ++i) {
            auto promise = std::make_shared<std::promise<Result<ActResult>>>();
            answers.push_back(promise->get_future());
            show->act(ask, actor_of(ana, "q-1"), [promise](Result<ActResult> result) { promise->set_value(std::move(result)); });
        }
        std::set<std::string> ids;
        for (auto& answer : answers) ids.insert(answer.get().value().id);
        CHECK(ids.size() == 1);
        first = *ids.begin();
        CHECK(show->snapshot()->desk->quotes.size() == 1);
        CHECK(do_act(*show, ask, actor_of(ana, "q-2"))->number == "Q-0002");
    }
    auto show = kept_in(folder.path());
    Buyers buyers(*show);
    CHECK(buyers.check(token, utc_now_us())->person == person);  // the session is there again
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    const auto again = do_act(*show, ask, {Role::buyer, person, "q-1"});
    REQUIRE(again);
    CHECK(again->id == first);
    CHECK(again->number == "Q-0001");
    CHECK(show->snapshot()->desk->quotes.size() == 2);
    CHECK(do_act(*show, ask, {Role::buyer, person, "q-3"})->number == "Q-0003");
}

TEST_CASE("a refusal is not remembered, an invite's secret neither", "[show][desk]") {
    Show show(config());
    Buyers buyers(show);
    const auto ana = joined(show, buyers, "Ana");
    CHECK_FALSE(do_act(show, Say{MessageKind::chat, " "}, actor_of(ana, "c")));
    CHECK(do_act(show, Say{MessageKind::chat, "hello"}, actor_of(ana, "c")));
    const auto made = do_act(show, MakeInvite{}, {Role::presenter, {}, "i"});
    CHECK(made->secret.size() == 32);
    const auto again = do_act(show, MakeInvite{}, {Role::presenter, {}, "i"});
    CHECK(again->id == made->id);
    CHECK(again->secret.empty());
}

TEST_CASE("when the disk is full nothing has happened, and it goes on when there is room", "[show][desk]") {
    ScratchFolder folder;
    const auto full = std::make_shared<std::atomic<bool>>(false);
    std::string kept_id;
    {
        auto show = kept_in(folder.path(), full);
        Buyers buyers(*show);
        const auto ana = joined(*show, buyers, "Ana"), jan = joined(*show, buyers, "Jan");
        kept_id = do_act(*show, Say{MessageKind::question, "kept"}, actor_of(ana, "c0"))->id;
        *full = true;
        std::vector<std::future<Result<ActResult>>> answers;
        for (int i = 0; i < 20; ++i) {
            auto promise = std::make_shared<std::promise<Result<ActResult>>>();
            answers.push_back(promise->get_future());
            show->act(Say{MessageKind::chat, "lost " + std::to_string(i)}, actor_of(ana, "c" + std::to_string(1 + i)),
                      [promise](Result<ActResult> result) { promise->set_value(std::move(result)); });
        }
        for (auto& answer : answers) {
            const auto result = answer.get();
            REQUIRE_FALSE(result);
            CHECK(result.error().kind == ErrorKind::no_space);
            CHECK(result.error().message == "Your request could not be stored. Nothing was sent; please try again in a minute.");
        }
        CHECK(show->snapshot()->desk->messages.size() == 1);
        // Whoever is put out stays out, even when that cannot be kept.
        CHECK_FALSE(do_act(*show, EndSeat{jan.session.person}, presenter));
        CHECK_FALSE(buyers.check(jan.token, utc_now_us()));
        CHECK(buyers.check(ana.token, utc_now_us()));
        CHECK(eventually([&] { return !show->snapshot()->notices.empty(); }));
        *full = false;
        REQUIRE(do_act(*show, Say{MessageKind::chat, "again"}, actor_of(ana, "c1")));
        CHECK(show->snapshot()->desk->messages.size() == 2);
    }
    auto show = kept_in(folder.path());
    const auto records = records_of(*show);
    CHECK(count_of<Message>(records) == 2);
    CHECK(show->snapshot()->desk->messages.front().id == kept_id);
}

TEST_CASE("files are kept for their owner", "[show][desk]") {
    ScratchFolder folder;
    auto show = kept_in(folder.path());
    Buyers buyers(*show);
    const auto ana = joined(*show, buyers, "Ana"), jan = joined(*show, buyers, "Jan");
    const auto put = [&](const Buyers::Joined& who, const std::string& client, const std::string& bytes) {
        std::promise<Result<Attachment>> done;
        show->attach("C:\\fakepath\\drawing.pdf", "application/pdf", bytes, actor_of(who, client),
                     [&](Result<Attachment> result) { done.set_value(std::move(result)); });
        return done.get_future().get();
    };
    const auto got = [&](const std::string& id, const Actor& who) {
        std::promise<Result<Show::AttachmentFile>> done;
        show->attachment(id, who, [&](Result<Show::AttachmentFile> result) { done.set_value(std::move(result)); });
        return done.get_future().get();
    };
    const std::string bytes("%PDF-1.7 \0 end", 14);
    const auto file = put(ana, "f1", bytes);
    REQUIRE(file);
    CHECK(file->name == "drawing.pdf");
    CHECK(put(ana, "f1", bytes)->id == file->id);
    CHECK(got(file->id, actor_of(ana, ""))->bytes == bytes);
    CHECK(got(file->id, actor_of(jan, "")).error().kind == ErrorKind::not_found);
    CHECK(got(file->id, presenter)->attachment.type == "application/pdf");
    for (int i = 2; i <= 5; ++i) REQUIRE(put(ana, "f" + std::to_string(i), bytes));
    CHECK(put(ana, "f6", bytes).error().kind == ErrorKind::conflict);
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    ask.attachments = {file->id};
    REQUIRE(do_act(*show, ask, actor_of(ana, "q")));
    CHECK(put(ana, "f6", bytes));
    show.reset();
    show = kept_in(folder.path());
    CHECK(got(file->id, presenter)->bytes == bytes);
}

TEST_CASE("what was on air when is kept, with who came and went", "[show][desk]") {
    ScratchFolder folder;
    {
        auto show = kept_in(folder.path());
        Buyers buyers(*show);
        const auto ana = joined(*show, buyers, "Ana");
        REQUIRE(show->post(MoveSession{SessionMove::prepare}).get());
        REQUIRE(show->post(MoveSession{SessionMove::go_live}).get());
        REQUIRE(show->post(PinProduct{"LX-310"}).get());
        REQUIRE(show->post(MarkChapter{"Panels"}).get());
        show->report(PresenceReport{ana.session.person, ana.session.id, 1, 20, 0, 30});
        CHECK(eventually([&] { return show->snapshot()->desk->presence.contains(ana.session.person); }));
        CHECK(show->snapshot()->desk->presence.at(ana.session.person).rtt_ms == 20);
    }
    auto show = kept_in(folder.path());
    std::vector<std::string> kinds;
    for (const Record& record : records_of(*show))
        if (const auto* happening = std::get_if<Happening>(&record)) kinds.push_back(happening->kind + " " + happening->what);
    const auto has = [&](const std::string& what) { return std::find(kinds.begin(), kinds.end(), what) != kinds.end(); };
    CHECK(has("session live"));
    CHECK(has("pinned LX-200"));
    CHECK(has("pinned LX-310"));
    CHECK(has("chapter Panels"));
    CHECK(std::count_if(kinds.begin(), kinds.end(), [](const std::string& k) { return k.rfind("came ", 0) == 0; }) == 1);
    CHECK(std::count_if(kinds.begin(), kinds.end(), [](const std::string& k) { return k.rfind("went ", 0) == 0; }) == 1);
}

TEST_CASE("reactions and raised hands are kept as counts of the minute and the product", "[show][desk]") {
    ScratchFolder folder;
    const auto counts = [](Show& show) {
        std::map<std::string, int> all;
        for (const Record& record : records_of(show))
            if (const auto* tally = std::get_if<Tally>(&record)) {
                CHECK(tally->minute_us % 60'000'000 == 0);
                all[tally->product + " " + tally->what] += tally->count;
            }
        return all;
    };
    for (const int round : {1, 2}) {  // the second in the same minute or the next: counts add up
        auto show = kept_in(folder.path());
        Buyers buyers(*show);
        const Actor ana = actor_of(joined(*show, buyers, "Ana" + std::to_string(round)), "");
        REQUIRE(show->post(PinProduct{"LX-200"}).get());
        for (int i = 0; i < 3; ++i) REQUIRE(do_act(*show, React{"heart"}, ana));
        REQUIRE(do_act(*show, RaiseHand{true}, ana));
        REQUIRE(do_act(*show, RaiseHand{true}, ana));  // it is up already
        REQUIRE(do_act(*show, RaiseHand{false}, ana));
        REQUIRE(show->post(PinProduct{"LX-310"}).get());
        REQUIRE(do_act(*show, React{"clap"}, ana));
    }
    auto show = kept_in(folder.path());
    CHECK(counts(*show) == std::map<std::string, int>{{"LX-200 hand", 2}, {"LX-200 heart", 6}, {"LX-310 clap", 2}});
}

TEST_CASE("events are kept together with what they speak of", "[show][desk]") {
    ScratchFolder folder;
    auto show = kept_in(folder.path());
    show->make_events([](const std::vector<Record>& records, const Desk& before) {
        std::vector<OutboxEntry> events;
        for (const Record& record : records)
            if (const auto* quote = std::get_if<Quote>(&record); quote && !before.quote(quote->id)) {
                OutboxEntry event;
                event.person = quote->person;
                event.type = "com.vitrine.quote.requested";
                event.data = quote->number;
                events.push_back(std::move(event));
            }
        return events;
    });
    Buyers buyers(*show);
    const auto ana = joined(*show, buyers, "Ana");
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    const std::string quote = do_act(*show, ask, actor_of(ana, "q"))->id;
    REQUIRE(do_act(*show, CounterQuote{quote, 0, Money{40000, "USD"}}, presenter));
    std::promise<std::vector<OutboxEntry>> due;
    show->store()->outbox_due(utc_now_us(), 10, [&](std::vector<OutboxEntry> entries) { due.set_value(std::move(entries)); });
    const auto entries = due.get_future().get();
    REQUIRE(entries.size() == 1);
    CHECK(entries.front().data == "Q-0001");
}

}  // namespace vitrine::test
