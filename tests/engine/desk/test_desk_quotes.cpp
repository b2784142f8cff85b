#include "engine/desk/money.h"
#include "tests/engine/desk/desk_people.h"

namespace vitrine::test {

using namespace desk;

namespace {

RequestQuote lamps(std::int64_t quantity) {
    RequestQuote act;
    act.product = "LX-200";
    act.quantity = quantity;
    return act;
}
Money usd(std::int64_t cents) { return {cents * 100, "USD"}; }

}  // namespace

TEST_CASE("a currency has its own small change", "[desk]") {
    CHECK(minor_digits("USD") == 2);
    CHECK(minor_digits("JPY") == 0);
    CHECK(minor_digits("KWD") == 3);
    CHECK_FALSE(minor_digits("XXX"));
    CHECK_FALSE(minor_digits("SDU"));
    CHECK_FALSE(minor_digits("US"));
    CHECK(exact_money(4.2, "USD") == usd(420));
    CHECK(exact_money(900, "JPY") == Money{9'000'000, "JPY"});
    CHECK(exact_money(1.234, "KWD") == Money{12'340, "KWD"});
    CHECK(exact_money(0.035, "USD") == Money{350, "USD"});
    CHECK(exact_money(0.0001, "USD") == Money{1, "USD"});
    CHECK_FALSE(exact_money(0.00005, "USD"));
    CHECK_FALSE(exact_money(-1, "USD"));
    CHECK_FALSE(exact_money(1, "XXX"));
}

TEST_CASE("the price of a quote is that of the tier, of one's own group", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    const Actor pat = table.join("Pat", {Role::buyer, "", "", "", "partner"});
    const auto quote_of = [&](std::int64_t quantity, const Actor& who) { return *table.desk.quote(table.act(lamps(quantity), who)->id); };
    CHECK(quote_of(100, ana).list_price == usd(510));
    CHECK(quote_of(499, ana).list_price == usd(510));
    CHECK(quote_of(500, ana).list_price == usd(420));
    CHECK(quote_of(500, pat).list_price == usd(460));
    const Quote below = quote_of(99, ana);
    CHECK_FALSE(below.list_price);
    CHECK(below.below_minimum);
    RequestQuote sample = lamps(2);
    sample.sample = true;
    CHECK_FALSE(table.desk.quote(table.act(sample, ana)->id)->below_minimum);
    CHECK(table.desk.quote(table.act(lamps(1), ana)->id)->number == "Q-0007");
    RequestQuote panel = lamps(999);
    panel.product = "LX-310";
    CHECK(table.kind(panel, ana) == ErrorKind::bad_input);
    panel.quantity = 5000;
    CHECK(table.desk.quote(table.act(panel, ana)->id)->list_price == Money{350, "USD"});  // 3.5 cents
}

TEST_CASE("what a request may hold", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    const auto refused = [&](auto change) {
        RequestQuote act = lamps(500);
        change(act);
        return table.kind(act, ana);
    };
    CHECK(refused([](RequestQuote& a) { a.product = "none"; }) == ErrorKind::not_found);
    CHECK(refused([](RequestQuote& a) { a.quantity = 0; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.target_price = Money{0, "USD"}; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.target_price = Money{100, "AAA"}; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.incoterm = "ABC"; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.wanted_by = "2027-02-29"; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.notes = std::string(2001, 'x'); }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.notes = "a\x02"; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.attachments = {"none"}; }) == ErrorKind::not_found);
    CHECK(refused([](RequestQuote& a) { a.changes = {{"c1", "colour", "", ""}}; }) == ErrorKind::bad_input);
    CHECK(refused([](RequestQuote& a) { a.changes = {{"c1", "colour", "", "red"}, {"c1", "size", "", "XL"}}; }) == ErrorKind::bad_input);
    table.desk.uploaded({{"file1", "drawing.pdf", "application/pdf", 10, "aa"}, ana.person, table.now});
    RequestQuote act = lamps(500);
    act.attachments = {"file1"};
    act.snapshot = "file1";
    act.wanted_by = "2028-02-29";
    act.incoterm = "CIF Santos";
    act.changes = {{"", "colour", "white", "black"}, {"", "logo", "", "ACME"}};
    CHECK(table.kind(act, jan) == ErrorKind::not_found);
    const Quote quote = *table.desk.quote(table.act(act, ana)->id);
    CHECK(quote.attachments.size() == 1);
    CHECK(quote.changes[0].id == "c1");
    CHECK(quote.changes[1].id == "c2");
    CHECK_FALSE(table.desk.upload("file1"));
    CHECK(table.kind(act, ana) == ErrorKind::not_found);  // used already
    for (int i = 0; i < 49; ++i) REQUIRE(table.act(lamps(100), jan));
    REQUIRE(table.act(lamps(100), jan));
    CHECK(table.kind(lamps(100), jan) == ErrorKind::bad_input);
}

TEST_CASE("bargaining goes by turns until it is decided", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    RequestQuote ask = lamps(500);
    ask.target_price = usd(390);
    const std::string id = table.act(ask, ana)->id;
    CHECK(table.kind(CounterQuote{id, 0, usd(380)}, ana) == ErrorKind::conflict);
    CHECK(table.kind(DecideQuote{id, QuoteState::accepted}, ana) == ErrorKind::conflict);
    CHECK(table.kind(CounterQuote{id, 0, usd(380)}, jan) == ErrorKind::not_found);
    CHECK(table.kind(CounterQuote{id, 0, Money{3, "EUR"}}) == ErrorKind::bad_input);
    CHECK(table.kind(CounterQuote{id}) == ErrorKind::bad_input);
    REQUIRE(table.act(CounterQuote{id, 0, usd(405), "25 days", "for 500"}));
    CHECK(table.kind(CounterQuote{id, 0, usd(400)}) == ErrorKind::conflict);
    REQUIRE(table.act(CounterQuote{id, 1000, usd(395)}, ana));
    CHECK(table.desk.quote(id)->quantity == 1000);
    CHECK(table.desk.quote(id)->state == QuoteState::countered);
    CHECK(table.kind(DecideQuote{id, QuoteState::withdrawn}) == ErrorKind::not_allowed);
    CHECK(table.kind(DecideQuote{id, QuoteState::requested}) == ErrorKind::bad_input);
    REQUIRE(table.act(DecideQuote{id, QuoteState::accepted}));
    CHECK(table.desk.quote(id)->rounds.size() == 3);
    CHECK(table.kind(DecideQuote{id, QuoteState::withdrawn}, ana) == ErrorKind::conflict);
    CHECK_FALSE(as_seen_by(*table.desk.quote(id), jan));
    CHECK(as_seen_by(*table.desk.quote(id), ana));

    const std::string open = table.act(lamps(500), ana)->id;  // "tell me": nothing to accept yet
    CHECK(table.kind(DecideQuote{open, QuoteState::accepted}) == ErrorKind::conflict);
    REQUIRE(table.act(DecideQuote{open, QuoteState::withdrawn}, ana));
    CHECK(table.kind(CounterQuote{open, 0, usd(400)}) == ErrorKind::conflict);
}

TEST_CASE("a price is not agreed while a change is open, by neither side", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    RequestQuote ask = lamps(500);
    ask.target_price = usd(390);
    ask.changes = {{"c1", "colour", "white", "black"}};
    const std::string id = table.act(ask, ana)->id;
    CHECK(table.kind(DecideQuote{id, QuoteState::accepted}) ==
          ErrorKind::conflict);  // the presenter takes her price, but not a word on black
    REQUIRE(table.act(CounterQuote{id, 0, usd(405)}));
    CHECK(table.kind(DecideQuote{id, QuoteState::accepted}, ana) == ErrorKind::conflict);
    REQUIRE(table.act(DecideChange{id, "c1", ChangeState::countered, "graphite"}));
    CHECK(table.kind(DecideQuote{id, QuoteState::accepted}, ana) == ErrorKind::conflict);
    CHECK(table.desk.quote(id)->state == QuoteState::countered);
    REQUIRE(table.act(DecideChange{id, "c1", ChangeState::declined}, ana));
    REQUIRE(table.act(DecideQuote{id, QuoteState::accepted}, ana));
    CHECK(table.desk.quote(id)->state == QuoteState::accepted);

    const std::string other = table.act(ask, ana)->id;
    REQUIRE(table.act(DecideQuote{other, QuoteState::declined}));  // declining settles everything
}

TEST_CASE("changes are accepted, countered or declined one by one", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    RequestQuote ask = lamps(500);
    ask.changes = {{"c1", "colour", "white", "black"}, {"c2", "logo", "", "ACME"}};
    const std::string id = table.act(ask, ana)->id;
    CHECK(table.kind(DecideChange{id, "c1", ChangeState::accepted}, ana) == ErrorKind::conflict);
    CHECK(table.kind(DecideChange{id, "c9", ChangeState::accepted}) == ErrorKind::not_found);
    CHECK(table.kind(DecideChange{id, "c1", ChangeState::countered}) == ErrorKind::bad_input);
    CHECK(table.kind(DecideChange{id, "c1", ChangeState::proposed}) == ErrorKind::bad_input);
    REQUIRE(table.act(DecideChange{id, "c1", ChangeState::countered, "graphite grey"}));
    REQUIRE(table.act(DecideChange{id, "c2", ChangeState::declined}));
    CHECK(table.kind(DecideChange{id, "c1", ChangeState::countered, "blue"}, ana) == ErrorKind::not_allowed);
    REQUIRE(table.act(DecideChange{id, "c1", ChangeState::accepted}, ana));
    CHECK(table.desk.quote(id)->changes[0].state == ChangeState::accepted);
    CHECK(table.desk.quote(id)->changes[0].counter == "graphite grey");
}

TEST_CASE("many orders come all or none, and each refused one is named", "[desk]") {
    DeskTable table;
    REQUIRE(table.act(PutOrder{{"1", "LX-200", "ACME"}}));
    const auto decide = [&](const std::vector<Order>& orders, std::vector<OrderRefusal>& refused) {
        return table.desk.decide_orders(orders, 9'000'000, refused);
    };
    std::vector<OrderRefusal> refused;
    Order bad{"2"}, worse{"3"};
    bad.slot = std::string(61, 'x');
    worse.quantity = -1;
    CHECK(decide({{"1"}, bad, {"4"}, worse, {"4"}}, refused).records.empty());
    REQUIRE(refused.size() == 3);
    CHECK(refused[0].index == 1);
    CHECK(refused[1].index == 3);
    CHECK(refused[2].index == 4);
    CHECK(refused[2].why == "Order 4 is there twice.");
    refused.clear();
    const Decided good = decide({{"1"}, {"4"}}, refused);
    CHECK(refused.empty());
    REQUIRE(good.records.size() == 2);
    CHECK(std::get<Order>(good.records[0]).made_us == table.desk.order("1")->made_us);
    CHECK(std::get<Order>(good.records[1]).made_us == 9'000'000);
    // There is room for so many; those that are there already need none.
    std::vector<Order> many;
    for (int i = 0; i < 5001; ++i) many.push_back({std::to_string(i)});
    CHECK(decide(many, refused).records.empty());
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].index == 5000);
    many.pop_back();
    refused.clear();
    CHECK(decide(many, refused).records.size() == 5000);
}

TEST_CASE("orders come, change and go", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    Order order{"48291", "LX-200", "ACME", "São Paulo", "14:30", OrderState::confirmed, 500};
    REQUIRE(table.act(PutOrder{order}));
    CHECK(std::get<Order>(*as_seen_by(*table.desk.order("48291"), ana)).buyer.empty());
    const std::int64_t made = table.desk.order("48291")->made_us;
    order.state = OrderState::shipped;
    order.name_allowed = true;
    REQUIRE(table.act(PutOrder{order}));
    CHECK(table.desk.order("48291")->made_us == made);
    CHECK(table.desk.order("48291")->changed_us > made);
    CHECK(std::get<Order>(*as_seen_by(*table.desk.order("48291"), ana)).buyer == "ACME");
    order.id.clear();
    CHECK(table.kind(PutOrder{order}) == ErrorKind::bad_input);
    REQUIRE(table.act(RemoveOrder{"48291"}));
    CHECK(table.kind(RemoveOrder{"48291"}) == ErrorKind::not_found);
    CHECK(table.desk.view()->orders.empty());
}

}  // namespace vitrine::test
