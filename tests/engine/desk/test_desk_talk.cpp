#include <cmath>

#include "tests/engine/desk/desk_people.h"

namespace vitrine::test {

using namespace desk;

TEST_CASE("what each role may do at all", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    const Actor mei = table.join("Mei", {Role::helper});
    for (const Act& act : std::vector<Act>{AnswerMessage{"m", "t"}, Moderate{"m"}, OpenPoll{}, PutOrder{}, RemoveOrder{"1"}, MakeInvite{},
                                           ShowLink{"i"}, RevokeInvite{"i"}, RevokeEverybody{}, EndSeat{"p"}, ClosePoll{"p"}})
        CHECK(table.kind(act, ana) == ErrorKind::not_allowed);
    for (const Act& act : std::vector<Act>{PutOrder{}, MakeInvite{}, ShowLink{"i"}, RevokeInvite{"i"}, RevokeEverybody{}, EndSeat{"p"},
                                           RequestQuote{}, CounterQuote{}, DecideQuote{}, DecideChange{}})
        CHECK(table.kind(act, mei) == ErrorKind::not_allowed);
    CHECK(table.kind(RequestQuote{}) == ErrorKind::not_allowed);
    CHECK(table.kind(Say{MessageKind::chat, "hello"}, {Role::buyer, "nobody", {}}) == ErrorKind::not_allowed);
    CHECK(table.kind(Say{MessageKind::chat, "hello"}, {Role::buyer, ana.person, "no good id!"}) == ErrorKind::bad_input);
}

TEST_CASE("words: limits, moderation, privacy", "[desk]") {
    ShowConfig show = desk_show();
    SECTION("open") {
        DeskTable table(show);
        const Actor ana = table.join("Ana"), jan = table.join("Jan");
        const std::string id = table.act(Say{MessageKind::question, "  IP65\nversion? "}, ana)->id;
        CHECK(table.desk.message(id)->text == "IP65 version?");
        CHECK(table.desk.message(id)->state == MessageState::shown);
        std::string long_text(500, 'x');
        CHECK(table.act(Say{MessageKind::chat, long_text}, ana));
        CHECK(table.kind(Say{MessageKind::chat, long_text + "x"}, ana) == ErrorKind::bad_input);
        std::string umlauts;
        for (int i = 0; i < 500; ++i) umlauts += "ü";
        CHECK(table.act(Say{MessageKind::chat, umlauts}, ana));
        CHECK(table.kind(Say{MessageKind::chat, " \n "}, ana) == ErrorKind::bad_input);
        CHECK(table.kind(Say{MessageKind::chat, "a\x1b[31m"}, ana) == ErrorKind::bad_input);
        CHECK(table.kind(Say{MessageKind::chat, "bad \xff"}, ana) == ErrorKind::bad_input);
        CHECK(table.kind(Say{MessageKind::announcement, "me"}, ana) == ErrorKind::not_allowed);
        CHECK(table.kind(Say{MessageKind::chat, "psst", "", "", jan.person}, ana) == ErrorKind::not_allowed);
        CHECK(table.kind(Say{MessageKind::chat, "re", "", "gone"}, ana) == ErrorKind::not_found);
        CHECK(table.kind(Say{MessageKind::chat, "re", "no language"}, ana) == ErrorKind::bad_input);
        const std::string secret = table.act(Say{MessageKind::question, "my price?", "", "", "", true}, ana)->id;
        CHECK(table.kind(Say{MessageKind::chat, "re", "", secret}, jan) == ErrorKind::not_found);
        CHECK(table.kind(Like{secret}, jan) == ErrorKind::not_found);
        CHECK_FALSE(as_seen_by(*table.desk.message(secret), jan));
        CHECK(as_seen_by(*table.desk.message(secret), ana));
        const std::string word = table.act(Say{MessageKind::chat, "for you", "", "", jan.person})->id;
        CHECK(table.desk.message(word)->is_private);
        CHECK(as_seen_by(*table.desk.message(word), jan));
        CHECK_FALSE(as_seen_by(*table.desk.message(word), ana));
    }
    SECTION("moderated: public words wait, private ones need not") {
        show.desk.chat = ChatMode::moderated;
        DeskTable table(show);
        const Actor ana = table.join("Ana"), jan = table.join("Jan"), mei = table.join("Mei", {Role::helper});
        const std::string id = table.act(Say{MessageKind::chat, "hello"}, ana)->id;
        CHECK(table.desk.message(id)->state == MessageState::waiting);
        CHECK_FALSE(as_seen_by(*table.desk.message(id), jan));
        CHECK(as_seen_by(*table.desk.message(id), mei));
        REQUIRE(table.act(Moderate{id, MessageState::shown}, mei));
        CHECK(as_seen_by(*table.desk.message(id), jan));
        CHECK(table.desk.message(table.act(Say{MessageKind::question, "x", "", "", "", true}, ana)->id)->state == MessageState::shown);
        CHECK(table.desk.message(table.act(Say{MessageKind::chat, "staff"}, mei)->id)->state == MessageState::shown);
    }
    SECTION("off: questions still") {
        show.desk.chat = ChatMode::off;
        DeskTable table(show);
        const Actor ana = table.join("Ana");
        CHECK(table.kind(Say{MessageKind::chat, "hello"}, ana) == ErrorKind::conflict);
        CHECK(table.act(Say{MessageKind::question, "hello?"}, ana));
    }
}

TEST_CASE("likes are counted once a person, answers and pins show", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan"), mei = table.join("Mei", {Role::helper});
    const std::string id = table.act(Say{MessageKind::question, "MOQ?"}, ana)->id;
    CHECK(table.kind(Like{id}, ana) == ErrorKind::bad_input);
    REQUIRE(table.act(Like{id}, jan));
    REQUIRE(table.act(Like{id}, jan));
    CHECK(table.desk.message(id)->likes == 1);
    REQUIRE(table.act(Like{id}, mei));
    CHECK(table.desk.message(id)->likes == 2);
    REQUIRE(table.act(AnswerMessage{id, "500", "en"}, mei));
    CHECK(table.desk.message(id)->answered_by == mei.person);
    CHECK(table.desk.message(id)->state == MessageState::answered);
    CHECK(table.desk.message(id)->likes == 2);
    const std::string other = table.act(Say{MessageKind::announcement, "Welcome"})->id;
    REQUIRE(table.act(Moderate{id, {}, {}, true}));
    REQUIRE(table.act(Moderate{other, {}, {}, true}));
    CHECK_FALSE(table.desk.message(id)->pinned);
    CHECK(table.desk.message(other)->pinned);
    CHECK(table.kind(Moderate{id, {}, 101}) == ErrorKind::bad_input);
    CHECK(table.kind(AnswerMessage{other, "x"}) == ErrorKind::bad_input);
    REQUIRE(table.act(AnswerMessage{id, "privately", "en", true}));
    CHECK_FALSE(as_seen_by(*table.desk.message(id), jan));
    CHECK(table.kind(Moderate{id, {}, {}, true}) == ErrorKind::bad_input);
}

TEST_CASE("points: three a person, the fourth takes the place of the first", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(table.act(PlacePoint{"LX-200", "here", {1.0 * i, 2, 0}}, ana)->id);
    REQUIRE(table.desk.view()->points.size() == 3);
    CHECK(table.desk.view()->points.front().id == ids[1]);
    CHECK(table.kind(PlacePoint{"LX-310"}, ana) == ErrorKind::bad_input);
    CHECK(table.kind(PlacePoint{"none"}, ana) == ErrorKind::not_found);
    CHECK(table.kind(PlacePoint{"LX-200", "", {1e9, 0, 0}}, ana) == ErrorKind::bad_input);
    CHECK(table.kind(PlacePoint{"LX-200", "", {std::nan(""), 0, 0}}, ana) == ErrorKind::bad_input);
    CHECK(table.kind(SetPoint{ids[1], PointState::done}, jan) == ErrorKind::not_found);
    CHECK(table.kind(SetPoint{ids[1], PointState::shown}, ana) == ErrorKind::not_allowed);
    REQUIRE(table.act(SetPoint{ids[1], PointState::shown}));
    const auto seen = as_seen_by(table.desk.view()->points.front(), jan);
    REQUIRE(seen);
    CHECK(std::get<Point>(*seen).person.empty());
    CHECK_FALSE(as_seen_by(table.desk.view()->points.back(), jan));
    REQUIRE(table.act(SetPoint{ids[1], PointState::done}, ana));
    CHECK(table.desk.view()->points.size() == 2);
}

TEST_CASE("polls: one at a time, a vote can be changed", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    const auto text = [](const char* words) { return LocalText{{{"en", words}}}; };
    CHECK(table.kind(OpenPoll{text("?"), {text("a")}}) == ErrorKind::bad_input);
    CHECK(table.kind(OpenPoll{{}, {text("a"), text("b")}}) == ErrorKind::bad_input);
    const std::string first = table.act(OpenPoll{text("Colour?"), {text("white"), text("black")}})->id;
    REQUIRE(table.act(CastVote{first, 0}, ana));
    REQUIRE(table.act(CastVote{first, 1}, ana));
    REQUIRE(table.act(CastVote{first, 1}, jan));
    CHECK(table.desk.view()->poll->votes == std::vector<int>{0, 2});
    CHECK(table.kind(CastVote{first, 2}, jan) == ErrorKind::bad_input);
    REQUIRE(table.act(ClosePoll{first, false}));
    CHECK(table.kind(CastVote{first, 0}, jan) == ErrorKind::conflict);
    CHECK(std::get<Poll>(*as_seen_by(*table.desk.view()->poll, jan)).votes == std::vector<int>{0, 0});
    const std::string second = table.act(OpenPoll{text("Size?"), {text("S"), text("L")}})->id;
    const std::string third = table.act(OpenPoll{text("When?"), {text("now"), text("later")}})->id;
    CHECK(table.kind(CastVote{second, 0}, jan) == ErrorKind::conflict);
    CHECK(table.desk.view()->poll->id == third);
}

TEST_CASE("hands and reactions", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana"), jan = table.join("Jan");
    CHECK(table.act(React{"heart"}, ana));
    CHECK(table.kind(React{"bomb"}, ana) == ErrorKind::bad_input);
    CHECK(table.act(RaiseHand{true}, ana));
    CHECK(table.kind(RaiseHand{false, jan.person}, ana) == ErrorKind::not_allowed);
    CHECK(table.kind(RaiseHand{true, ana.person}) == ErrorKind::bad_input);
    CHECK(table.act(RaiseHand{false, ana.person}));
    CHECK(table.kind(RaiseHand{false}) == ErrorKind::bad_input);
    table.desk.raise_hand(ana.person, true, 5);
    table.desk.present(ana.person, {1});
    CHECK(table.desk.view()->presence.at(ana.person).hand);
    table.desk.present(ana.person, {0});
    CHECK_FALSE(table.desk.view()->presence.at(ana.person).hand);
}

TEST_CASE("what is written after the clock was set back is still the newest", "[desk][clock]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    for (int i = 0; i < 600; ++i) REQUIRE(table.act(Say{MessageKind::chat, "before"}, ana));
    table.now -= 10LL * 365 * 86'400'000'000;
    const std::string first = table.act(Say{MessageKind::chat, "after"}, ana)->id;
    const std::string last = table.act(Say{MessageKind::chat, "after"}, ana)->id;
    const auto view = table.desk.view();
    REQUIRE(view->messages.size() == 500);
    CHECK(view->messages.at(498).id == first);
    CHECK(view->messages.at(499).id == last);
    REQUIRE(table.act(Moderate{last, MessageState::hidden}));
    CHECK(table.desk.view()->messages.at(499).id == last);
}

TEST_CASE("memory is bounded whatever is said", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    Message m;
    m.kind = MessageKind::question;
    m.id = "waits";
    m.made_us = 1;
    table.desk.apply(m);
    for (int i = 0; i < 20'500; ++i) {
        m.kind = MessageKind::chat;
        m.id = "m" + std::to_string(i);
        m.person = "p" + std::to_string(i % 100);
        m.made_us = 10 + i;
        table.desk.apply(m);
    }
    CHECK(table.desk.message("waits"));
    CHECK_FALSE(table.desk.message("m0"));
    CHECK(table.desk.message("m20499"));
    CHECK(table.desk.view()->messages.size() == 501);
    CHECK(table.desk.view()->messages.front().id == "waits");
    for (int i = 0; i < 1000; ++i) REQUIRE(table.act(Say{MessageKind::chat, "x"}, ana));
    CHECK(table.kind(Say{MessageKind::chat, "x"}, ana) == ErrorKind::bad_input);
}

TEST_CASE("guests of open links cannot fill what is kept, nor push out what others wrote", "[desk]") {
    DeskTable table;
    const Actor ana = table.join("Ana");
    MakeInvite open;
    open.open = true;
    open.max_people = 10;
    const std::string link = table.act(open)->id;
    const auto arrived = table.desk.decide_arrival({link, "seat-guest", "hash-guest", "en", {}}, table.now);
    REQUIRE(arrived);
    table.take(arrived->records);
    std::string person;
    for (const Record& record : arrived->records)
        if (const auto* one = std::get_if<Person>(&record)) person = one->id;
    const Actor guest{Role::buyer, person, {}};
    const std::string hers = table.act(Say{MessageKind::question, "IP65?"}, ana)->id;
    for (int i = 0; i < 14'998; ++i) {
        Message message;
        message.id = "m" + std::to_string(i);
        message.person = "p" + std::to_string(i % 100);
        message.text = "x";
        message.made_us = table.now + i;
        table.desk.apply(message);
    }
    table.now += 20'000;
    CHECK(table.act(Say{MessageKind::chat, "the last of guests"}, guest));
    CHECK(table.kind(Say{MessageKind::chat, "one too many"}, guest) == ErrorKind::bad_input);
    CHECK(table.act(Say{MessageKind::chat, "mine"}, ana));
    CHECK(table.desk.message(hers) != nullptr);
    for (int i = 0; i < 300; ++i) {
        Quote quote;
        quote.id = "q" + std::to_string(i);
        quote.person = "p";
        for (int k = 0; k < 5; ++k)
            quote.attachments.push_back({"a" + std::to_string(i) + "-" + std::to_string(k), "x.pdf", "application/pdf", 1 << 20, {}});
        table.desk.apply(quote);
    }
    CHECK(table.desk.decide_upload(ana.person, 1000));
    CHECK(table.desk.decide_upload(person, 1000));
    for (int i = 300; i < 310; ++i) {
        Quote quote;
        quote.id = "q" + std::to_string(i);
        for (int k = 0; k < 5; ++k)
            quote.attachments.push_back({"a" + std::to_string(i) + "-" + std::to_string(k), "x.pdf", "application/pdf", 1 << 20, {}});
        table.desk.apply(quote);
    }
    const auto full = table.desk.decide_upload(person, 1000);
    REQUIRE_FALSE(full);
    CHECK(full.error().kind == ErrorKind::no_space);
    CHECK(table.desk.decide_upload(ana.person, 1000));
}

}  // namespace vitrine::test
