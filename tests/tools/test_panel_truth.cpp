// What stands on the screen is so, or is said not to be known: a show that does not answer, one that has gone, one that has ended; links,
// orders, the log.

#include <stdlib.h>
#include <time.h>

#include "tests/tools/show_bench.h"
#include "tools/panel/links.h"
#include "tools/panel/put_back.h"
#include "tools/panel/views/parts.h"

using namespace vitrine;
using namespace vitrine::panel;

TEST_CASE("what cannot be known without a link is not said as if it were so") {
    Bench bench("live", "zh");  // "Recording" is a heading in English
    bench.state.link = ControlClient::Link::lost;
    forget_standing(bench.state.show);
    bench.frame();
    const auto says = [&](const std::string& words) {
        return std::any_of(bench.drawn.begin(), bench.drawn.end(), [&](const Drawn& d) { return d.text.find(words) != std::string::npos; });
    };
    CHECK(says(bench.state.say("bar.buyers.unknown")));
    CHECK_FALSE(says(bench.state.say("bar.buyers", "12")));
    CHECK(says(bench.state.say("camera.unknown_now")));
    CHECK_FALSE(says(bench.state.say("camera.lost")));
    CHECK(says(bench.state.say("sound.unknown")));
    bench.state.ui.page = Page::record;
    bench.frame();
    CHECK(says(bench.state.say("record.unknown")));
    CHECK_FALSE(says(bench.state.say("record.on")));
    CHECK(says(bench.state.say("outputs.none")));
}

TEST_CASE("a show whose program has ended is told as gone, and can be started again or left") {
    for (const char* language : {"en", "zh"})
        for (const auto& [w, h] : {std::pair{1280.f, 720.f}, {1366.f, 768.f}}) {
            Bench bench("live", language, w, h);
            bench.state.link = ControlClient::Link::lost;
            bench.state.gone = bench.state.can_start_again = bench.state.start.offered = true;
            forget_standing(bench.state.show);
            bench.frame();
            CHECK(std::any_of(bench.drawn.begin(), bench.drawn.end(),
                              [&](const Drawn& d) { return d.text.find(bench.state.say("gone")) != std::string::npos; }));
            CHECK(bench.shows(bench.state.say("session.gone")));
            CHECK_FALSE(bench.shows(bench.state.say("session.live")));
            CHECK(complaints(bench).empty());
            CHECK_FALSE(bench.control("pause").enabled);
            CHECK(std::holds_alternative<StartAgain>(bench.click("gone.again").acts.at(0)));
            CHECK(std::holds_alternative<LeaveShow>(bench.click("gone.leave").acts.at(0)));
            bench.state.can_start_again = false;
            CHECK_THROWS(bench.control("gone.again"));
        }
}

TEST_CASE("a show that was started again is put back, masks first, and not on air") {
    json was = snapshot_of("live"), now = snapshot_of("ready");
    was["scene"] = "both", was["muted"] = true, was["sounds"]["sim:voice"]["gain_db"] = 3;
    now["pinned"] = "", now["hidden_callouts"] = json::array(), now["recording"]["on"] = false;
    now["cameras"]["bench"]["masks"] = json::array();
    now["models"]["LX-200"]["shown"] = false;
    const ShowView before = read_show(&show_document, &was, "en"), after = read_show(&show_document, &now, "en");
    const std::vector<Command> back = commands_back(before, after);
    REQUIRE(back.size() == 9);
    CHECK(std::get<SetMasks>(back[0]).camera == "bench");
    CHECK(std::get<SetMasks>(back[0]).masks.size() == 1);
    CHECK(std::get<SwitchScene>(back[1]).scene == "both");
    CHECK(std::get<PinProduct>(back[2]).product == "LX-200");
    CHECK_FALSE(std::get<ShowCallout>(back[3]).visible);
    CHECK(std::get<ShowModel>(back[4]).visible);
    CHECK(std::get<Mute>(back[6]).muted);
    CHECK(std::get<SetSourceGain>(back[7]).gain_db == 3);
    CHECK(std::get<SetRecording>(back[8]).on);
    CHECK(std::none_of(back.begin(), back.end(), [](const Command& c) { return std::holds_alternative<MoveSession>(c); }));
    CHECK(commands_back(before, before).size() == 2);  // the model's own settings are said again
}

TEST_CASE("a camera is spoken of as what it is") {
    Bench bench;
    CameraItem camera = bench.state.show.cameras[1];
    const auto words = [&](const char* kind, const char* state) {
        camera.kind = kind, camera.state = state;
        return views::camera_words(bench.state, camera).sentence;
    };
    for (const char* state : {"lost", "frozen"}) {
        CHECK(words("v4l2", state).find("cable") != std::string::npos);
        for (const char* kind : {"file", "sim", "srt"}) CHECK(words(kind, state).find("cable") == std::string::npos);
    }
}

TEST_CASE("a recording that is wanted and not written is not told as one that runs") {
    Bench bench("live", "zh");  // the page's heading has another word there
    bench.state.ui.page = Page::record;
    bench.state.show.recording.problem = "The disk is full.";
    bench.state.show.recording.running_s = 0;
    bench.state.show.outputs.push_back({"recording", "clean", "stopped", 900, 0, 100, 0});
    CHECK(bench.shows(bench.state.say("record.stopped")));
    CHECK(bench.shows("The disk is full."));
    CHECK_FALSE(bench.shows(bench.state.say("record.on")));
    CHECK(bench.shows(bench.state.say("output.not_written")));
    bench.state.show.recording.problem.clear();
    CHECK(bench.shows(bench.state.say("record.opening")));  // live, and no file yet
    bench.state.show.session = SessionState::ready;
    CHECK(bench.shows(bench.state.say("record.waits")));
}

TEST_CASE("after the end clocks stand") {
    Bench bench("ended");
    bench.state.now += 60;
    CHECK(bench.state.live_seconds() == 65.5);
    CHECK(bench.state.pinned_seconds() == 200);
}

TEST_CASE("the log has times, whose hand it was, and one language") {
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    for (const char* language : {"en", "zh"}) {
        Bench bench("live", language);
        bench.state.ui.page = Page::log;
        bench.state.log = read_log(json::parse(R"({"lines":[
            {"number":1,"at_us":1796100000000000,"key":"log.live","text":{"en":"The show is live","zh":"节目开始直播"},"by":{"en":"panel","zh":"控制面板"}},
            {"number":2,"at_us":1796100065000000,"key":"","text":{"en":"The sound is back."}},7,{"text":{}}]})"));
        REQUIRE(bench.state.log.size() == 2);
        const bool zh = bench.state.ui.language == "zh";
        CHECK(bench.shows("12:40:00"));
        CHECK(bench.shows("12:41:05"));
        CHECK(bench.shows(zh ? "节目开始直播  ·  控制面板" : "The show is live  ·  panel"));
        CHECK(bench.shows(zh ? "声音已恢复。" : "The sound is back."));
    }
}

TEST_CASE("what was agreed becomes an order, and no order is written over") {
    Bench bench("live", "en", 1600, 1000);
    bench.state.ui.page = Page::buyers;
    bench.state.ui.kept["buyers.tab"] = "quotes";
    CHECK_THROWS(bench.control("quote.order"));  // nothing is agreed yet
    desk::Quote& quote = bench.state.desk.quotes[0];
    quote.state = desk::QuoteState::accepted;
    quote.product = "LX-310";
    quote.rounds.push_back({desk::Role::presenter, 2, 1500, desk::Money{40500, "USD"}, "", ""});
    bench.state.ui.kept["order.named"] = "1";
    for (const Act& act : bench.click("quote.order").acts) apply(act, bench.state);
    CHECK(bench.state.kept("buyers.tab") == "orders");
    const Commands put = bench.click("order.put");
    REQUIRE(put.to_desk.size() == 1);
    const desk::Order& order = std::get<desk::PutOrder>(put.to_desk[0]).order;
    CHECK(order.id == "Q-0042");
    CHECK(order.product == "LX-310");
    CHECK(order.quantity == 1500);
    CHECK(order.buyer == "Ana Silva");
    CHECK(order.place == "BR");
    CHECK_FALSE(order.name_allowed);
    for (const Act& act : put.acts) apply(act, bench.state);
    CHECK(bench.state.kept("order.product").empty());
    bench.state.desk.orders.push_back(order);
    bench.keep("order.number", "Q-0042");
    bench.keep("order.quantity", "1");
    CHECK_FALSE(bench.control("order.put").enabled);
    bench.state.ui.kept["buyers.tab"] = "quotes";
    CHECK_FALSE(bench.control("quote.order").enabled);
}

TEST_CASE("an older invitation is copied again; a link of this computer says that it opens nowhere else") {
    Bench bench("live", "en", 1600, 1000);
    bench.state.ui.page = Page::buyers;
    bench.state.ui.kept["buyers.tab"] = "invites";
    CHECK(std::get<desk::ShowLink>(bench.click("show_link:i1").to_desk.at(0)).invite == "i1");
    bench.keep("invite.link", "https://show.example.org/j/i1#s");
    CHECK_FALSE(bench.shows(bench.state.say("link.only_here")));
    const auto warned = [&] {
        bench.frame();
        return std::any_of(bench.drawn.begin(), bench.drawn.end(),
                           [&](const Drawn& d) { return d.text == bench.state.say("link.only_here"); });
    };
    for (const char* link : {"http://127.0.0.1:8080/j/i1#s", "http://[::1]:8080/j/i1#s", "http://localhost/j/i1#s"}) {
        bench.keep("invite.link", link);
        CHECK(warned());
    }
    CHECK_FALSE(only_here("https://localhost.example.org/j/i1#s"));

    bench.state.desk.people.at("p1").role = desk::Role::helper;
    bench.state.ui.kept["buyers.tab"] = "people";
    bench.frame();
    CHECK(std::any_of(bench.drawn.begin(), bench.drawn.end(),
                      [&](const Drawn& d) { return d.text.find(bench.state.say("invite.helper")) != std::string::npos; }));
}

TEST_CASE("an open link that lets nobody in is not handed out") {
    Bench bench;
    CHECK(std::get<CopyText>(bench.click("copy").acts.at(0)).text == bench.state.show.buyer_url);
    bench.state.desk.invites.at("ab").revoked_us = 5;
    const Commands fresh = bench.click("copy");
    CHECK(fresh.acts.empty());
    const auto& made = std::get<desk::MakeInvite>(fresh.to_desk.at(0));
    CHECK(made.open);
    desk::InviteRecord other;
    other.id = "cd", other.max_people = anybody, other.made_us = 9;
    bench.state.desk.invites["cd"] = other;
    CHECK(std::get<desk::ShowLink>(bench.click("copy").to_desk.at(0)).invite == "cd");
}
