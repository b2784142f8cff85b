#include "engine/desk/events.h"

#include <nlohmann/json.hpp>

#include "tests/engine/desk/desk_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::desk;

namespace {

struct Told {
    std::shared_ptr<ShowConfig> show = std::make_shared<ShowConfig>(test::small_show());
    int ids = 0;
    std::optional<EventMaker> maker;
    std::optional<Desk> desk;

    explicit Told(std::vector<WebhookConfig> hooks = {{"crm", "https://x/", {}, {}}}) {
        show->webhooks = std::move(hooks);
        maker.emplace(
            show, "/shows/spring", [] { return test::show_start_us; }, [this] { return "id-" + std::to_string(++ids); });
        desk.emplace(show);
    }
    std::vector<OutboxEntry> entries(const std::vector<Record>& records) {
        auto made = (*maker)(records, *desk);
        for (const Record& record : records) desk->apply(record);
        return made;
    }
    std::vector<std::string> of(const std::vector<Record>& records) {
        std::vector<std::string> names;
        for (const OutboxEntry& e : entries(records)) names.push_back(e.type.substr(12));
        return names;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each thing that happens is told once", "[events]") {
    Told told;
    Person ana = test::person("p1", "Ana", "Luz", "BR", "pt", 1);
    CHECK(told.of({ana}) == Names{"buyer.joined"});
    CHECK(told.of({ana}).empty());
    ana.email = "ana@example.com";
    CHECK(told.of({ana}) == Names{"buyer.changed"});
    Person helper = ana;
    helper.id = "h1";
    helper.role = Role::helper;
    CHECK(told.of({helper}).empty());

    Message m;
    m.id = "m1";
    m.person = "p1";
    m.text = "hello";
    CHECK(told.of({m}).empty());  // chat is no news for a CRM
    m.id = "m2";
    m.kind = MessageKind::question;
    CHECK(told.of({m}) == Names{"question.asked"});
    m.likes = 3;
    CHECK(told.of({m}).empty());
    m.answer = "Yes";
    m.state = MessageState::answered;
    CHECK(told.of({m}) == Names{"question.answered"});

    Quote q = test::quote("q1", "Q-0001", "p1", 2000, 380, "USD");
    CHECK(told.of({q}) == Names{"quote.requested"});
    q.rounds.push_back({Role::presenter, 1, 2000, Money{39000, "USD"}, "", ""});
    q.state = QuoteState::countered;
    CHECK(told.of({q}) == Names{"quote.countered"});
    q.changes.push_back({"c1", "colour", "", "black", "", ChangeState::accepted, ""});
    CHECK(told.of({q}) == Names{"quote.changed"});
    q.state = QuoteState::accepted;
    CHECK(told.of({q}) == Names{"quote.accepted"});

    Order order;
    order.id = "48291";
    CHECK(told.of({order}) == Names{"order.changed"});
    CHECK(told.of({Removal{"order", "48291"}}) == Names{"order.changed"});
    Point point;
    point.id = "x1";
    point.person = "p1";
    point.product = "LX-200";
    CHECK(told.of({point}) == Names{"point.placed"});
    point.state = PointState::shown;
    CHECK(told.of({point}).empty());

    // A pause is neither an end nor a start.
    Names show;
    for (const char* state : {"ready", "live", "paused", "live", "ended"})
        for (const std::string& name : told.of({Happening{1, "session", state, ""}})) show.push_back(name);
    CHECK(show == Names{"show.started", "show.ended"});

    Quote nameless = q;
    nameless.notes.clear();
    Person gone = ana;
    gone.erased = true;
    gone.name.clear();
    CHECK(told.of({Erasure{"p1", 1}, gone, nameless}) == Names{"buyer.erased"});
}

TEST_CASE("an event is a CloudEvent with all that a CRM needs, one for each receiver that wants it", "[events]") {
    Told told({{"crm", "https://x/", {}, {"quote.*"}},
               {"mail", "https://y/", {}, {"quote.requested"}},
               {"other", "https://z/", {}, {"buyer.joined"}}});
    told.entries({test::person("p1", "王小明", "宁波", "CN", "zh", 1)});
    const auto entries = told.entries({test::quote("q1", "Q-0001", "p1", 2000, 380, "USD")});
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].hook == "crm");
    CHECK(entries[1].hook == "mail");
    CHECK(entries[0].data == entries[1].data);
    CHECK(entries[0].person == "p1");
    const auto event = nlohmann::json::parse(entries[0].data);
    CHECK(event["specversion"] == "1.0");
    CHECK(event["id"] == "id-2");
    CHECK(event["source"] == "/shows/spring");
    CHECK(event["type"] == "com.vitrine.quote.requested");
    CHECK(event["subject"] == "quote/q1");
    CHECK(event["time"] == "2025-11-25T14:00:00Z");
    CHECK(event["datacontenttype"] == "application/json");
    CHECK(event["data"]["buyer"]["name"] == "王小明");
    CHECK(event["data"]["product"]["name"]["zh"] == "LX-200 筒灯");
    CHECK(event["data"]["quote"]["number"] == "Q-0001");
    CHECK(event["data"]["sum"]["amount"] == "7600.00");
    CHECK(entries[0].data.find("sha256") == std::string::npos);

    Told nobody(std::vector<WebhookConfig>{});
    CHECK(nobody.of({test::person("p1", "Ana", "", "", "", 1)}).empty());
}
