#include "tests/engine/desk/desk_people.h"

namespace vitrine::test {

using namespace desk;

TEST_CASE("people say who they are", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    Introduce act;
    act.company = "ACME Ltda";
    act.country = "BR";
    act.email = "ana@acme.example";
    act.phone = "+55 (11) 5555-0100";
    REQUIRE(table.act(act, ana));
    CHECK(table.desk.person(ana.person)->name == "Ana");
    CHECK(table.desk.person(ana.person)->company == "ACME Ltda");
    const auto refused = [&](auto change) {
        Introduce one;
        change(one);
        return table.kind(one, ana);
    };
    CHECK(refused([](Introduce& a) { a.country = "Brazil"; }) == ErrorKind::bad_input);
    CHECK(refused([](Introduce& a) { a.email = "ana at acme"; }) == ErrorKind::bad_input);
    CHECK(refused([](Introduce& a) { a.email = "ana@acme"; }) == ErrorKind::bad_input);
    CHECK(refused([](Introduce& a) { a.phone = "call me"; }) == ErrorKind::bad_input);
    CHECK(refused([](Introduce& a) { a.name = std::string(201, 'x'); }) == ErrorKind::bad_input);
    CHECK(refused([](Introduce& a) { a.name = "a\nb"; }) == ErrorKind::bad_input);
    act.email = "";
    REQUIRE(table.act(act, ana));
    CHECK(table.desk.person(ana.person)->email.empty());
    const Actor jan = table.join("Jan");
    CHECK_FALSE(as_seen_by(*table.desk.person(ana.person), jan));
}

TEST_CASE("links: what may be made", "[desk]") {
    DeskTable table;
    const auto refused = [&](auto change) {
        MakeInvite act;
        change(act);
        return table.kind(act);
    };
    CHECK(refused([](MakeInvite& a) { a.role = Role::presenter; }) == ErrorKind::bad_input);
    CHECK(refused([](MakeInvite& a) { a.role = Role::helper, a.open = true; }) == ErrorKind::bad_input);
    CHECK(refused([](MakeInvite& a) { a.max_devices = 11; }) == ErrorKind::bad_input);
    CHECK(refused([](MakeInvite& a) { a.open = true, a.max_people = 0; }) == ErrorKind::bad_input);
    CHECK(refused([&](MakeInvite& a) { a.expires_us = table.now - 1; }) == ErrorKind::bad_input);
    CHECK(refused([&](MakeInvite& a) { a.not_before_us = table.now + 10'000'000, a.expires_us = table.now + 9'000'000; }) ==
          ErrorKind::bad_input);
    CHECK(refused([&](MakeInvite& a) { a.expires_us = table.now + 367LL * 86'400'000'000; }) == ErrorKind::bad_input);
    CHECK(refused([](MakeInvite& a) { a.group = "no group!"; }) == ErrorKind::bad_input);
    const ActResult made = table.act(MakeInvite{}).value();
    CHECK(made.secret.size() == 32);
    const InviteRecord invite = *table.desk.invite(made.id);
    CHECK(invite.expires_us == table.now + 7LL * 86'400'000'000);
    CHECK(invite.secret_sha256 != made.secret);
    CHECK(invite.secret_sha256.size() == 64);
    CHECK(desk_view_to_json(*table.desk.view()).dump().find(invite.secret_sha256) == std::string::npos);
}

TEST_CASE("a full show counts who is here, and takes in who was invited by name", "[desk]") {
    ShowConfig show = desk_show();
    show.desk.max_people = 3;
    DeskTable table(show);
    MakeInvite open;
    open.open = true, open.max_people = 100;
    const std::string link = table.act(open)->id;
    int seats = 0;
    const auto arrive = [&](const std::string& invite, std::vector<std::string> quiet = {}) {
        const std::string seat = "s" + std::to_string(++seats);
        const auto arrived = table.desk.decide_arrival({invite, seat, "h" + seat, "en", {}, {}, std::move(quiet), {}}, table.now);
        if (arrived) table.take(arrived->records);
        return arrived.has_value();
    };
    for (int i = 0; i < 3; ++i) CHECK(arrive(link));
    CHECK_FALSE(arrive(link));
    // Invited by name: always, as many as there are.
    for (int i = 0; i < 5; ++i) CHECK(arrive(table.act(MakeInvite{})->id));
    CHECK_FALSE(arrive(link));
    // Another open link has no room of its own.
    CHECK_FALSE(arrive(table.act(open)->id));
    SECTION("who has left makes room") {
        table.take(table.desk.decide_leave("s1", table.now)->records);
        CHECK(arrive(link));
        CHECK_FALSE(arrive(link));
    }
    SECTION("who was forgotten or sent away makes room") {
        const auto view = table.desk.view();
        std::vector<std::string> crowd;
        for (const auto& [id, person] : view->people)
            if (person.invite == link) crowd.push_back(id);
        REQUIRE(table.act(ForgetMe{crowd.at(0)}));
        REQUIRE(table.act(EndSeat{crowd.at(1)}));
        CHECK(arrive(link));
        CHECK(arrive(link));
        CHECK_FALSE(arrive(link));
    }
    SECTION("who has been quiet for long gives way, but nobody who was invited by name") {
        CHECK_FALSE(arrive(link, {"s5", "s6"}));
        CHECK(arrive(link, {"s5", "s2"}));
        CHECK_FALSE(arrive(link));
    }
}

TEST_CASE("guests who come and go without a trace fill nothing for ever", "[desk]") {
    DeskTable table;
    MakeInvite open;
    open.open = true, open.max_people = 100;
    const std::string link = table.act(open)->id;
    const Actor ana = table.join("Ana");
    std::string spoke;
    for (int i = 0; i < 10'300; ++i) {
        const std::string seat = "s" + std::to_string(i);
        const auto arrived = table.desk.decide_arrival({link, seat, "h" + seat, "en", {}}, table.now += 1000);
        REQUIRE(arrived);
        table.take(arrived->records);
        if (i == 0) {
            for (const Record& record : arrived->records)
                if (const auto* person = std::get_if<Person>(&record)) spoke = person->id;
            REQUIRE(table.act(Say{MessageKind::chat, "hello"}, {Role::buyer, spoke, "c"}));
        }
        table.take(table.desk.decide_leave(seat, table.now)->records);
        table.kept.clear();
    }
    CHECK(table.desk.view()->people.size() <= 10'001);
    CHECK(table.desk.person(spoke));
    CHECK(table.desk.person(ana.person));
}

TEST_CASE("links that are over or revoked take nobody's place", "[desk]") {
    DeskTable table;
    for (int i = 0; i < 5000; ++i) REQUIRE(table.act(MakeInvite{}));
    table.kept.clear();
    CHECK(table.kind(MakeInvite{}) == ErrorKind::bad_input);
    REQUIRE(table.act(RevokeInvite{table.desk.view()->invites.begin()->first}));
    CHECK(table.act(MakeInvite{}));
    CHECK(table.kind(MakeInvite{}) == ErrorKind::bad_input);
    table.now += 8LL * 86'400'000'000;
    CHECK(table.act(MakeInvite{}));
}

TEST_CASE("files wait for a request, five a person", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    for (int i = 0; i < 5; ++i) {
        REQUIRE(table.desk.decide_upload(ana.person, 5 << 20));
        table.desk.uploaded({{"f" + std::to_string(i), "a.png", "image/png", 1, ""}, ana.person, table.now});
    }
    CHECK(table.desk.decide_upload(ana.person, 1).error().kind == ErrorKind::conflict);
    CHECK(table.desk.decide_upload(ana.person, 0).error().kind == ErrorKind::bad_input);
    CHECK(table.desk.decide_upload(ana.person, (5 << 20) + 1).error().kind == ErrorKind::bad_input);
    CHECK(table.desk.decide_upload("nobody", 1).error().kind == ErrorKind::not_allowed);
}

TEST_CASE("who is forgotten leaves no word behind, and the books stay", "[desk]") {
    DeskTable table;
    MakeInvite invite;
    invite.company = "Wong & Sons";
    const Actor ana = table.join("Ana Quintero", invite), jan = table.join("Jan");
    REQUIRE(table.act(Introduce{{}, {}, {}, "ana@quintero.example", "+34 600 123 123"}, ana));
    const std::string said = table.act(Say{MessageKind::question, "Quintero here"}, ana)->id;
    const std::string theirs = table.act(Say{MessageKind::question, "hello"}, jan)->id;
    REQUIRE(table.act(Like{theirs}, ana));
    REQUIRE(table.act(Say{MessageKind::chat, "dear Quintero", "", "", ana.person}));
    REQUIRE(table.act(PlacePoint{"LX-200", "Quintero's spot"}, ana));
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    ask.notes = "for Quintero";
    ask.destination = "Quintero street";
    ask.changes = {{"c1", "logo", "", "Quintero"}};
    const std::string quote = table.act(ask, ana)->id;
    REQUIRE(table.act(CounterQuote{quote, 0, Money{40000, "USD"}, "25 d", "dear Quintero"}));
    Order hers{"1", "LX-200", "Ana Quintero", "Madrid"};
    hers.person = ana.person, hers.quantity = 70;
    REQUIRE(table.act(PutOrder{hers}));
    hers.person.clear();  // as a table of orders brings it again: it stays hers
    REQUIRE(table.act(PutOrder{hers}));
    CHECK(table.desk.order("1")->person == ana.person);
    hers.id = "3", hers.person = "nobody";
    CHECK(table.kind(PutOrder{hers}) == ErrorKind::not_found);
    table.desk.uploaded({{"f", "quintero.pdf", "application/pdf", 1, ""}, ana.person, 1});

    CHECK(table.kind(ForgetMe{jan.person}, ana) == ErrorKind::not_allowed);
    CHECK(table.kind(ForgetMe{}) == ErrorKind::bad_input);
    REQUIRE(table.act(ForgetMe{}, ana));
    std::string everything = desk_view_to_json(*table.desk.view()).dump();
    for (const Record& record : table.desk.records()) everything += record_to_json(record).dump();
    for (const char* word : {"uintero", "Wong", "600 123"}) CHECK(everything.find(word) == std::string::npos);
    CHECK_FALSE(table.desk.message(said));
    CHECK(table.desk.message(theirs)->likes == 0);
    CHECK_FALSE(table.desk.upload("f"));
    CHECK(table.desk.quote(quote)->rounds.back().unit_price == Money{40000, "USD"});
    CHECK(table.desk.quote(quote)->quantity == 500);
    CHECK(table.desk.order("1")->quantity == 70);
    CHECK(table.desk.person(ana.person)->erased);
    CHECK(table.kind(Say{MessageKind::chat, "me again"}, ana) == ErrorKind::not_allowed);
    CHECK(table.act(ForgetMe{ana.person}));  // again: nothing to do
}

TEST_CASE("who is forgotten takes no record of others along, whatever they call themselves", "[desk]") {
    DeskTable table;
    const Actor jan = table.join("Jan"), evil = table.join("Nobody");
    REQUIRE(table.act(Introduce{{}, "Acme", {}, "jan@acme.example"}, jan));
    const std::string said = table.act(Say{MessageKind::chat, "Acme here"}, jan)->id;
    REQUIRE(table.act(PutOrder{{"1", "LX-200", "Acme", "Madrid"}}));
    REQUIRE(table.act(PutOrder{{"2", "LX-200", "Jan", "Madrid"}}));
    REQUIRE(table.act(Introduce{"Jan", "Acme", {}, "jan@acme.example"}, evil));
    REQUIRE(table.act(ForgetMe{}, evil));
    CHECK(table.desk.order("1")->buyer == "Acme");
    CHECK(table.desk.order("2")->buyer == "Jan");
    CHECK(table.desk.message(said));
    CHECK(table.desk.person(jan.person)->company == "Acme");
}

TEST_CASE("records as JSON and back are the same", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    const std::string id = table.act(Say{MessageKind::question, "¿IP65? \"<b>\"", "es", "", "", false, {812, 77, "LX-200"}}, ana)->id;
    REQUIRE(table.act(Like{id}, jan));
    REQUIRE(table.act(PlacePoint{"LX-200", "here", {1.5, -2.25, 3}}, ana));
    RequestQuote ask;
    ask.product = "LX-200";
    ask.quantity = 500;
    ask.target_price = Money{39900, "USD"};
    ask.changes = {{"c1", "logo", "", "ACME"}};
    REQUIRE(table.act(ask, ana));
    REQUIRE(table.act(OpenPoll{{{{"en", "?"}}}, {{{{"en", "a"}}}, {{{"zh", "乙"}}}}}));
    REQUIRE(table.act(PutOrder{{"1", "LX-200"}}));
    table.desk.apply(Happening{5, "scene", "bench", ""});
    for (const Record& record : table.desk.records()) {
        const auto json = record_to_json(record);
        const auto back = record_from_json(json);
        REQUIRE(back);
        CHECK(back->index() == record.index());
        CHECK(record_to_json(*back) == json);
    }
    const auto view = desk_view_to_json(*table.desk.view());
    const auto back = desk_view_from_json(view);
    REQUIRE(back);
    CHECK(desk_view_to_json(*back) == view);
    CHECK(view["messages"][0]["moment"]["frame"] == 812);
    CHECK(view["quotes"][0]["list_price"] == nlohmann::json({{"amount", "4.20"}, {"currency", "USD"}}));
    for (const char* broken : {R"({})", R"([])", R"({"record":"none"})", R"({"record":"message","likes":"many"})",
                               R"({"record":"message","state":"odd"})", R"({"record":"poll","options":7})"})
        CHECK_FALSE(record_from_json(nlohmann::json::parse(broken)));
}

}  // namespace vitrine::test
