#include "engine/desk/csv.h"

#include "engine/desk/export_csv.h"
#include "engine/desk/money.h"
#include "engine/desk/order_csv.h"
#include "engine/desk/printing.h"
#include "tests/engine/desk/desk_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::desk;

namespace {

using Cells = std::vector<std::vector<std::string>>;

Cells cells(std::string_view text) {
    const auto rows = read_csv(text);
    REQUIRE(rows);
    Cells all;
    for (const auto& row : *rows) all.push_back(row.cells);
    return all;
}

std::string written(std::string_view text) {
    CsvWriter csv({"a"});
    csv.text(text).end_row();
    const std::string out = csv.take();
    return out.substr(6);  // mark, "a", CRLF
}

std::string why(std::string_view text) {
    const auto rows = read_csv(text);
    return rows ? "" : rows.error().message;
}

}  // namespace

TEST_CASE("what is written opens in a spreadsheet and is read back the same", "[csv]") {
    CsvWriter csv({"name", "note"});
    const Cells rows{{"王小明", "他说：“可以”"}, {"a,b;c", "line one\r\nline two"}, {"\"quoted\"", " edge "}, {"", "x"}};
    for (const auto& row : rows) csv.text(row[0]).text(row[1]).end_row();
    const std::string out = csv.take();
    CHECK(out.starts_with("\xEF\xBB\xBFname,note\r\n"));
    CHECK(out.ends_with("\r\n"));
    Cells back = cells(out);
    REQUIRE(back.size() == 5);
    back.erase(back.begin());
    CHECK(back == rows);
}

TEST_CASE("no cell of somebody else's runs as a formula", "[csv]") {
    for (const std::string evil :
         {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "－1", "=HYPERLINK(\"http://x\",\"y\")"}) {
        INFO(evil);
        const std::string out = written(evil);
        CHECK((out.starts_with("'") || out.starts_with("\"'")));
    }
    CHECK(written("a=1") == "a=1\r\n");
    CHECK(written("2026-11-25") == "2026-11-25\r\n");
    CsvWriter csv({"n"});
    csv.number("-12.50").end_row();
    CHECK(csv.take().ends_with("\r\n-12.50\r\n"));
}

TEST_CASE("tables come with commas, semicolons or tabs, any line ends, quotes", "[csv]") {
    const Cells wanted{{"id", "place"}, {"1", "São Paulo"}};
    CHECK(cells("id,place\r\n1,São Paulo\r\n") == wanted);
    CHECK(cells("id;place\n1;São Paulo") == wanted);
    CHECK(cells("id\tplace\r1\tSão Paulo\r") == wanted);
    CHECK(cells("\xEF\xBB\xBFid;place\n\n;\n1;\"São Paulo\"\n") == wanted);
    CHECK(cells("a;b,c;d\n1;2;3") == Cells{{"a", "b,c", "d"}, {"1", "2", "3"}});
    CHECK(cells("a,b\n\"x \"\"y\"\"\nz\",") == Cells{{"a", "b"}, {"x \"y\"\nz", ""}});
    CHECK(cells("").empty());
    const auto rows = read_csv("a\n\n\"x\ny\"\nz\n");
    REQUIRE(rows);
    CHECK((*rows)[1].line == 3);
    CHECK((*rows)[2].line == 5);
}

TEST_CASE("a table that cannot be read says where", "[csv]") {
    CHECK(why("a\n\"open\n").starts_with("Line 2: "));
    CHECK(why("a\n\"x\"y\n").starts_with("Line 2: "));
    CHECK(why("\xFF\xFE"
              "a")
              .find("UTF-16") != std::string::npos);
    CHECK(why("a\n\xC3(").find("UTF-8") != std::string::npos);
    CHECK(why(std::string("a\0b", 3)).find("not text") != std::string::npos);
    CHECK_FALSE(why(std::string(70, ',')).empty());
    CHECK_FALSE(why(std::string((1 << 20) + 1, 'a')).empty());
    std::string many = "id\n";
    for (int i = 0; i < 10'001; ++i) many += "1\n";
    CHECK_FALSE(why(many).empty());
}

TEST_CASE("orders are read by the columns' names, all or nothing", "[csv][orders]") {
    const auto table = read_orders(
        "状态;id;Place;slot;buyer;name_allowed;ignored\r\n已确认;48291;São Paulo;14:30;Ana Lima;yes;x\r\nin "
        "production;48292;迪拜;;'=Omar;否;\r\n",
        77);
    REQUIRE(table.problems.empty());
    REQUIRE(table.orders.size() == 2);
    CHECK(table.orders[0].id == "48291");
    CHECK(table.orders[0].place == "São Paulo");
    CHECK(table.orders[0].slot == "14:30");
    CHECK(table.orders[0].state == OrderState::confirmed);
    CHECK(table.orders[0].name_allowed);
    CHECK(table.orders[0].changed_us == 77);
    CHECK(table.orders[1].state == OrderState::in_production);
    CHECK(table.orders[1].buyer == "=Omar");
    CHECK_FALSE(table.orders[1].name_allowed);

    const auto bad = read_orders("id,state,quantity,name_allowed\n1,confirmed,5,yes\n1,lost,-4,perhaps\n,placed,1e9,no\n", 1);
    CHECK(bad.orders.empty());
    std::vector<int> lines;
    for (const auto& p : bad.problems) lines.push_back(p.line);
    CHECK(lines == std::vector<int>{3, 3, 3, 3, 4, 4});
    CHECK(read_orders("product,state\nLX,placed\n", 1).problems.size() == 1);
    CHECK(read_orders("", 1).problems.size() == 1);
    CHECK(read_orders("id\n\"1", 1).problems.at(0).line == 2);
    CHECK(read_orders("id,place\n1,a\xE2\x80\xAE"
                      "b\n",
                      1)
              .problems.at(0)
              .line == 2);  // a direction override
}

TEST_CASE("quotes are a row each with last round and sums", "[csv][export]") {
    const ShowConfig show = test::small_show();
    Quote q = test::quote("q1", "Q-0001", "p1", 2000, 380, "USD");
    q.rounds.push_back({Role::presenter, q.made_us, 2500, Money{38500, "USD"}, "30 d", "=cmd"});
    q.changes.push_back({"c1", "colour", "white", "black", "", ChangeState::countered, "anthracite"});
    const auto people = test::person("p1", "=Ana", "Luz, Lda", "BR", "pt", 1);
    const auto rows = cells(quotes_csv(history_of({people, q}), show));
    REQUIRE(rows.size() == 2);
    const auto at = [&](const std::string& column) {
        const auto found = std::find(rows[0].begin(), rows[0].end(), column);
        REQUIRE(found != rows[0].end());
        return rows[1].at(static_cast<std::size_t>(found - rows[0].begin()));
    };
    CHECK(at("number") == "Q-0001");
    CHECK(at("name") == "'=Ana");
    CHECK(at("quantity") == "2500");
    CHECK(at("last by") == "factory");
    CHECK(at("last unit price") == "3.85");
    CHECK(at("last sum") == "9625.00");
    CHECK(at("list unit price") == "3.90");
    CHECK(at("changes") == "colour: white -> anthracite (countered)");
    CHECK(at("last note") == "'=cmd");
    CHECK(at("asked at") == "2025-11-25T14:20:00Z");
}

TEST_CASE("buyers, questions and orders are exported", "[csv][export]") {
    Message question;
    question.id = "m1";
    question.person = "p1";
    question.kind = MessageKind::question;
    question.text = "+IP65?";
    question.made_us = test::show_start_us;
    Person gone = test::person("p2", "", "", "", "", 2);
    gone.erased = true;
    Order order;
    order.id = "48291";
    order.place = "São Paulo";
    const History h = history_of({test::person("p1", "Ana", "Luz", "BR", "pt", 1), gone, question, order});
    const auto buyers = cells(buyers_csv(h));
    REQUIRE(buyers.size() == 3);
    CHECK(buyers[1][2] == "Ana");
    CHECK(buyers[1][10] == "1");
    CHECK(buyers[2].back() == "yes");
    CHECK(cells(questions_csv(h)).at(1).at(4) == "'+IP65?");
    const auto orders = read_orders(orders_csv(h), 1);
    REQUIRE(orders.orders.size() == 1);
    CHECK(orders.orders[0].place == "São Paulo");
}

TEST_CASE("the last value of a record counts, in the order of their making", "[history]") {
    Quote a = test::quote("q1", "Q-1", "p1", 10, 1, "USD"), b = test::quote("q2", "Q-2", "p1", 20, 1, "USD");
    b.made_us -= 1;
    Quote changed = a;
    changed.state = QuoteState::accepted;
    const History h = history_of({a, b, changed});
    REQUIRE(h.quotes.size() == 2);
    CHECK(h.quotes[0].id == "q2");
    CHECK(h.quotes[1].state == QuoteState::accepted);
    const std::string data = data_of_person(history_of({test::person("p1", "Ana", "Luz", "BR", "pt", 1), a}), "p1");
    CHECK(data.find("\"Q-1\"") != std::string::npos);
    CHECK(data_of_person(h, "nobody").empty());
}

TEST_CASE("money is written exactly", "[printing]") {
    CHECK(plain_money({124'800'000, "USD"}) == "12480.00");
    CHECK(plain_money({500, "USD"}) == "0.05");
    CHECK(plain_money({-500, "USD"}) == "-0.05");
    CHECK(plain_money({350, "USD"}) == "0.035");
    CHECK(plain_money({1, "USD"}) == "0.0001");
    CHECK(plain_money({15'000'000, "JPY"}) == "1500");
    CHECK(plain_money({5'000, "JPY"}) == "0.5");
    CHECK(plain_money({15'000, "KWD"}) == "1.500");
    CHECK(plain_money({INT64_MIN, "USD"}) == "-922337203685477.5808");
    CHECK(money_text({124'800'000, "USD"}) == "USD\u00A012\u202F480.00");
    CHECK(money_text({-12'345'670'350, "USD"}) == "USD\u00A0−1\u202F234\u202F567.035");
    CHECK(money_text({15'000'000, "JPY"}) == "JPY\u00A01\u202F500");
    for (const std::int64_t e4 : {std::int64_t{1}, std::int64_t{350}, std::int64_t{42'000}, most_money_e4})
        for (const char* currency : {"USD", "JPY", "KWD", "XXX"}) CHECK(e4_from(plain_money({e4, currency})) == e4);
    CHECK(e4_from("4.2") == 42'000);
    CHECK(e4_from("1000000000000") == most_money_e4);
    CHECK_FALSE(e4_from("1000000000000.0001"));
    CHECK(duration_text(3'723'000'000) == "1:02:03");
    CHECK(iso_time(test::show_start_us) == "2025-11-25T14:00:00Z");
    CHECK(html("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST_CASE("a piece may cost less than a cent, a total is rounded once", "[printing]") {
    CHECK(sum_of(Money{39'000, "USD"}, 2000) == Money{78'000'000, "USD"});
    CHECK(sum_of(Money{350, "USD"}, 10'000) == Money{3'500'000, "USD"});
    CHECK(sum_of(Money{350, "USD"}, 1) == Money{400, "USD"});  // half a cent goes up
    CHECK(sum_of(Money{349, "USD"}, 1) == Money{300, "USD"});
    CHECK(sum_of(Money{1, "USD"}, 49) == Money{0, "USD"});
    CHECK(sum_of(Money{1, "USD"}, 50) == Money{100, "USD"});
    CHECK(sum_of(Money{5'000, "JPY"}, 3) == Money{20'000, "JPY"});
    CHECK(sum_of(Money{15, "KWD"}, 1) == Money{20, "KWD"});
    CHECK(rounded({-350, "USD"}) == Money{-400, "USD"});
    CHECK(rounded({-349, "USD"}) == Money{-300, "USD"});
    CHECK_FALSE(sum_of(Money{most_money_e4, "USD"}, 1'000'000'000));
    CHECK(sum_of(Money{9'000'000'000, "USD"}, 1'000'000'000) == Money{9'000'000'000'000'000'000, "USD"});
    CHECK_FALSE(sum_of(Money{INT64_MAX, "USD"}, 2));
    CHECK_FALSE(sum_of(std::nullopt, 2));
    std::int64_t total = INT64_MAX - 1;
    add_to(total, 5);
    CHECK(total == INT64_MAX);
}
