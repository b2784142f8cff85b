// A rehearsal against the real desk: the script asks nothing that would be refused, the guide ticks what was done, the outcome counts it.

#include <nlohmann/json.hpp>
#include <set>

#include "engine/desk/money.h"
#include "engine/messages.h"
#include "engine/rehearsal/guide.h"
#include "engine/rehearsal/script.h"
#include "tests/engine/desk/desk_people.h"

namespace vitrine::test {

using namespace rehearsal;
using namespace desk;

namespace {

ShowConfig many_languages() {
    ShowConfig show = desk_show();
    show.languages = {"en", "zh", "es", "pt", "ar", "ja"};
    show.products[0].target->width_mm = 120;
    show.products[0].target->height_mm = 80;
    CalloutConfig callout;
    callout.at_mm = {60, 35, 5};
    callout.text.by_language = {{"en", "Heat sink"}};
    show.products[0].callouts = {callout};
    Spec spec;
    spec.key = "flux";
    spec.label.by_language = {{"en", "Luminous flux"}, {"zh", "光通量"}};
    show.products[0].specs = {spec};
    return show;
}

std::string as_text(const Script& script) {
    std::string out;
    for (const TimedAct& each : script.acts)
        out += std::to_string(each.after_live) + " " + std::to_string(each.buyer) + " " + act_to_json(each.act) + "\n";
    return out;
}

Money usd(std::int64_t cents) { return {cents * money_scale / 100, "USD"}; }

/// Everybody joins and does what the script says.
struct Room {
    explicit Room(const ShowConfig& show, std::uint32_t seed) : table(show), script(make_script(show, seed)) {
        for (std::size_t i = 0; i < script.buyers.size(); ++i) {
            MakeInvite invite;
            invite.language = script.buyers[i].language;
            actors.push_back(table.join(script.buyers[i].name + " " + std::to_string(i), invite));
        }
    }
    void play() {
        for (const TimedAct& each : script.acts) {
            if (std::holds_alternative<React>(each.act) || std::holds_alternative<RaiseHand>(each.act)) continue;
            table.now += 1'000'000;
            const auto done = table.act(each.act, actors.at(each.buyer));
            INFO(act_to_json(each.act));
            INFO((done ? "" : done.error().message));
            REQUIRE(done);
        }
    }
    DeskTable table;
    Script script;
    std::vector<Actor> actors;
};

Snapshot snapshot_of(const ShowConfig& show, SessionState session, DeskViewPtr view = std::make_shared<const DeskView>()) {
    Snapshot snapshot;
    snapshot.show = std::make_shared<const ShowConfig>(show);
    snapshot.session = session;
    snapshot.desk = std::move(view);
    return snapshot;
}

bool done(const Guide& guide, StepId id) {
    for (const Step& step : guide.steps())
        if (step.id == id) return step.done;
    return false;
}

}  // namespace

TEST_CASE("the same seed gives the same rehearsal, another one another", "[rehearsal]") {
    const ShowConfig show = many_languages();
    CHECK(as_text(make_script(show, 7)) == as_text(make_script(show, 7)));
    CHECK(as_text(make_script(show, 7)) != as_text(make_script(show, 8)));
    const Script script = make_script(show, 7);
    CHECK(std::is_sorted(script.acts.begin(), script.acts.end(),
                         [](const TimedAct& a, const TimedAct& b) { return a.after_live < b.after_live; }));
    CHECK(make_script(show, 7, 10).acts.back().after_live < script.acts.back().after_live / 9);
    std::set<std::string> languages;
    for (const Buyer& buyer : script.buyers) languages.insert(buyer.language);
    CHECK(languages == std::set<std::string>{"en", "zh", "es", "pt", "ar"});
    ShowConfig one = desk_show();
    CHECK(make_script(one, 1).buyers.size() == 3);
    CHECK(make_script(one, 1).buyers[0].name != make_script(one, 1).buyers[1].name);
}

TEST_CASE("the desk takes everything that simulated buyers do, whatever the show", "[rehearsal]") {
    ShowConfig bare = desk_show();
    bare.products.clear();
    ShowConfig plain = desk_show();
    for (ProductConfig& product : plain.products) product.prices.clear(), product.target.reset();
    for (const ShowConfig& show : {many_languages(), desk_show(), bare, plain})
        for (std::uint32_t seed = 0; seed < 40; ++seed) {
            Room room(show, seed);
            room.play();
            const DeskViewPtr view = room.table.desk.view();
            int questions = 0;
            for (const Message& message : view->messages) {
                questions += message.kind == MessageKind::question;
                CHECK(message.text.find('{') == std::string::npos);
            }
            CHECK(questions >= 4);
            CHECK(view->quotes.size() == (show.products.empty() ? 0 : 2));
        }
    Room room(many_languages(), 3);
    room.play();
    const auto view = room.table.desk.view();
    CHECK(std::any_of(view->messages.begin(), view->messages.end(), [](const Message& m) { return m.language == "zh"; }));
    CHECK(std::any_of(view->points.begin(), view->points.end(), [](const Point& p) {
        return p.at_mm == std::array<double, 3>{60, 35, 5};
    }));
}

TEST_CASE("a buyer takes a good offer, meets a dear one in the middle once, and declines what stays above the list", "[rehearsal]") {
    Quote quote;
    quote.id = "q";
    quote.list_price = usd(420);
    quote.rounds = {{Role::buyer, 0, 500, usd(400), "", ""}};
    CHECK_FALSE(answer_to(quote));  // the factory's turn
    const auto offer = [&](std::int64_t cents) {
        quote.state = QuoteState::countered;
        quote.rounds.push_back({Role::presenter, 0, 500, usd(cents), "30 days", ""});
    };
    offer(400);
    CHECK(std::get<DecideQuote>(*answer_to(quote)).state == QuoteState::accepted);
    quote.rounds.pop_back();
    offer(420);
    const CounterQuote middle = std::get<CounterQuote>(*answer_to(quote));
    CHECK(middle.unit_price == usd(410));
    CHECK(middle.quantity == 500);
    quote.rounds.push_back({Role::buyer, 0, 500, middle.unit_price, "", ""});
    CHECK_FALSE(answer_to(quote));
    offer(415);
    CHECK(std::get<DecideQuote>(*answer_to(quote)).state == QuoteState::accepted);  // not above the list
    quote.rounds.pop_back();
    offer(430);
    CHECK(std::get<DecideQuote>(*answer_to(quote)).state == QuoteState::declined);
    quote.state = QuoteState::accepted;
    CHECK_FALSE(answer_to(quote));
    quote.state = QuoteState::countered;
    quote.rounds = {{Role::buyer, 0, 500, std::nullopt, "", ""}, {Role::presenter, 0, 500, usd(990), "", ""}};
    CHECK(std::get<DecideQuote>(*answer_to(quote)).state == QuoteState::accepted);  // had no price in mind
    quote.changes = {{"c1", "colour", "white", "black"}};
    CHECK_FALSE(answer_to(quote));  // the factory has not answered the change
    quote.changes[0].state = ChangeState::countered;
    CHECK(std::get<DecideChange>(*answer_to(quote)).state == ChangeState::accepted);
}

TEST_CASE("steps are ticked when the snapshot shows them, in any order, but not before going live", "[rehearsal]") {
    const ShowConfig show = many_languages();
    Guide guide(show);
    CHECK(guide.steps().size() == 8);
    Snapshot before = snapshot_of(show, SessionState::ready);
    before.safe = true;
    before.pinned = "LX-200";
    CHECK_FALSE(guide.see(before));
    CHECK(guide.current() == 0);

    Snapshot now = snapshot_of(show, SessionState::live);
    CHECK(guide.see(now));
    CHECK(done(guide, StepId::go_live));
    CHECK_FALSE(guide.see(now));
    CHECK(guide.current() == 1);
    now.safe = true;
    CHECK(guide.see(now));
    CHECK(done(guide, StepId::safe));
    CHECK_FALSE(done(guide, StepId::back));
    now.safe = false;
    guide.see(now);
    CHECK(done(guide, StepId::back));
    CHECK(guide.current() == 1);
    now.pinned = "LX-200";
    guide.see(now);
    now.chapters = {{1, 0, "Lamps"}};
    guide.see(now);
    CHECK(done(guide, StepId::chapter));
    CHECK(guide.steps()[guide.current()].id == StepId::answer);

    Room room(show, 5);
    room.play();
    now.desk = room.table.desk.view();
    guide.see(now);
    CHECK_FALSE(done(guide, StepId::answer));
    CHECK_FALSE(done(guide, StepId::counter));
    const auto question = std::find_if(now.desk->messages.begin(), now.desk->messages.end(),
                                       [](const Message& m) { return m.kind == MessageKind::question; });
    const std::int64_t asked = question->made_us;
    REQUIRE(room.table.act(AnswerMessage{question->id, "Yes.", "en", false}));
    const Quote& quote = now.desk->quotes.front();
    REQUIRE(room.table.act(CounterQuote{quote.id, quote.quantity, quote.list_price ? quote.list_price : usd(100), "30 days", ""}));
    now.desk = room.table.desk.view();
    CHECK(guide.see(now));
    CHECK(done(guide, StepId::answer));
    CHECK(done(guide, StepId::counter));
    CHECK_FALSE(guide.over());
    now.session = SessionState::ended;
    guide.see(now);
    CHECK(guide.over());
    CHECK(guide.current() == guide.steps().size());

    const Outcome out = outcome(guide, *now.desk);
    CHECK(out.steps_done == 8);
    CHECK(out.answered == 1);
    CHECK(out.questions == static_cast<int>(out.unanswered.size()) + 1);
    CHECK(out.quotes == 2);
    CHECK(out.offered == 1);
    CHECK(out.open_quotes.size() == 1);
    CHECK(out.longest_s == Approx(static_cast<double>(room.table.desk.view()->messages.empty() ? 0 : room.table.now - 1000 - asked) / 1e6));

    const auto document = nlohmann::json::parse(rehearsal::document(guide, out));
    CHECK(document["over"] == true);
    CHECK(document["steps"].size() == 8);
    CHECK(document["steps"][1]["text"]["zh"] == "置顶一个产品");
    for (const auto& step : document["steps"])
        for (const char* part : {"text", "how"})
            for (const char* language : {"en", "zh"})
                CHECK(step[part][language].get<std::string>().find("rehearsal.") == std::string::npos);
    CHECK(document["outcome"]["sentences"]["en"][0] == "Steps done: 8 of 8.");
}

TEST_CASE("an early end leaves the rest undone; a show without products asks for less", "[rehearsal]") {
    ShowConfig bare = desk_show();
    bare.products.clear();
    Guide guide(bare);
    CHECK(guide.steps().size() == 6);
    guide.see(snapshot_of(bare, SessionState::live));
    guide.see(snapshot_of(bare, SessionState::ended));
    CHECK(guide.over());
    const Outcome out = outcome(guide, DeskView{});
    CHECK(out.steps_done == 2);
    CHECK(sentences(out, "en").size() == 2);
    // What comes after the end counts no more.
    Snapshot again = snapshot_of(bare, SessionState::live);
    again.safe = true;
    CHECK_FALSE(guide.see(again));
}

}  // namespace vitrine::test
