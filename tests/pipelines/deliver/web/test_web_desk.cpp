// The desk over real sockets: acts and their answers, who hears what, who may do what, files, and how access ends.

#include "pipelines/deliver/web/attachment_api.h"
#include "pipelines/deliver/web/desk_feed.h"
#include "pipelines/deliver/web/path_api.h"
#include "tests/pipelines/deliver/web/web_guests.h"

using namespace vitrine;
using namespace vitrine::test;

TEST_CASE("what one says the others hear, what is private they do not", "[web][desk]") {
    WebFixture web;
    Guest ana(web, personal_link(web, "Ana Lima")), bo(web, personal_link(web, "Bo Chen"));
    Listener at_ana(web, ana.token), at_bo(web, bo.token);
    CHECK(at_ana.whole.at("me").at("name") == "Ana Lima");

    const HttpAnswer said = ana.act(say("Is there an IP65 version?"), "first");
    REQUIRE(said.status == 200);
    const Json heard = at_bo.put("message");
    REQUIRE(heard.is_object());
    CHECK(heard.at("id") == Json::parse(said.body).at("id"));
    CHECK(heard.at("text") == "Is there an IP65 version?");
    CHECK(heard.at("name") == "Ana");  // not the whole of it
    CHECK(at_ana.put("message").at("name") == "Ana Lima");
    // Sent again because the answer was lost: the same answer, and nothing new.
    CHECK(ana.act(say("Is there an IP65 version?"), "first").body == said.body);
    CHECK(web.show->snapshot()->desk->messages.size() == 1);

    REQUIRE(ana.act(say("our margin is thin", true)).status == 200);
    REQUIRE(ana.act(quote()).status == 200);
    CHECK(at_ana.put("quote").at("incoterm") == "FOB");
    REQUIRE(bo.act(say("over")).status == 200);
    while (at_bo.put("message").at("text") != "over") {
    }
    CHECK(at_bo.all.find("margin") == std::string::npos);
    CHECK(at_bo.all.find("Santos") == std::string::npos);
    CHECK(at_bo.all.find("Lima") == std::string::npos);

    // Taken back: those who saw it hear that it is gone.
    REQUIRE(do_act(*web.show, desk::Moderate{heard.at("id"), desk::MessageState::hidden, {}, {}}));
    const Json gone = at_bo.wait([](const Json& message) { return message.contains("gone"); });
    REQUIRE(gone.is_object());
    CHECK(gone.at("gone").at(0) == Json{{"record", "message"}, {"id", heard.at("id")}});
    Guest late(web, personal_link(web, "Cy"));
    Listener at_late(web, late.token);
    CHECK(at_late.whole.at("messages").size() == 1);
}

TEST_CASE("a waiting page times the way from here and tells; on air the uplink is left to the picture", "[web][desk]") {
    WebFixture web;
    web.move(SessionMove::prepare);
    Guest ana(web, personal_link(web, "Ana Lima")), bo(web, personal_link(web, "Bo Chen"));
    const HttpAnswer bytes = ana.get("/api/path");
    REQUIRE(bytes.status == 200);
    CHECK(bytes.body.size() == web::path_bytes);
    CHECK(std::set<char>(bytes.body.begin(), bytes.body.end()).size() == 256);
    CHECK(bytes.header("X-Picture-Kbps") == "2890");
    CHECK(bytes.header("Cache-Control") == "no-store");
    CHECK(ana.get("/api/path").status == 200);
    // A burst of two for all together: the others wait and are told how long.
    const HttpAnswer later = bo.get("/api/path");
    CHECK(later.status == 429);
    CHECK_FALSE(later.header("Retry-After").empty());
    CHECK(ana.ask("POST", "/api/path", "{}").status == 405);

    Listener at_ana(web, ana.token);
    const auto at_desk = [&] {
        const auto view = web.show->snapshot()->desk;
        const auto found = view->presence.find(ana.person);
        return found == view->presence.end() ? desk::Presence{} : found->second;
    };
    REQUIRE(at_ana.socket().send(Json{{"type", "quality"}, {"path_kbps", 8123}}.dump()));
    CHECK(WebFixture::eventually([&] { return at_desk().path_kbps == 8123; }));
    REQUIRE(at_ana.socket().send(Json{{"type", "quality"}, {"rtt_ms", 80}}.dump()));
    CHECK(WebFixture::eventually([&] { return at_desk().rtt_ms == 80; }));
    CHECK(at_desk().path_kbps == 8123);  // what was measured once stays

    web.move(SessionMove::go_live);
    CHECK(bo.get("/api/path").status == 409);
}

TEST_CASE("acts are judged: form, role, whose it is, how often", "[web][desk][attack]") {
    WebFixture web;
    Guest ana(web, personal_link(web, "Ana")), bo(web, personal_link(web, "Bo")), helper(web, personal_link(web, "Hu", desk::Role::helper));
    CHECK(helper.role == "helper");
    SECTION("form") {
        HttpClient client(web.port);
        const auto post = [&](const std::string& body, const std::string& type = "application/json") {
            return client.ask("POST", "/api/act", WebFixture::whep_headers(ana.token, {{"Content-Type", type}}), body).status;
        };
        CHECK(post("{}") == 400);
        CHECK(post("[]") == 400);
        CHECK(post("{") == 400);
        CHECK(post(R"({"act":"fly","client_id":"a"})") == 400);
        CHECK(post(R"({"act":"say","text":7,"client_id":"a"})") == 400);
        CHECK(post(R"({"act":"say","text":"x","spice":1,"client_id":"a"})") == 400);
        CHECK(post(R"({"act":"say","text":"x"})") == 400);
        CHECK(post(R"({"act":"say","text":"x","client_id":"../../x"})") == 400);
        CHECK(post(R"({"act":"say","text":"x","client_id":"a"})", "text/plain") == 415);
        CHECK(post("{\"act\":" + std::string(20'000, '[') + std::string(20'000, ']') + "}") == 400);
        CHECK(post("{\"act\":\"say\",\"client_id\":\"a\",\"text\":\"" + std::string(40'000, 'x') + "\"}") >= 400);
        CHECK(post(std::string(70'000, ' ')) == 413);
        CHECK(HttpClient(web.port).ask("GET", "/api/act", ana.headers()).status == 405);
        CHECK(HttpClient(web.port).ask("POST", "/api/act", {{"Content-Type", "application/json"}}, "{}").status == 401);
        CHECK(web.show->snapshot()->desk->messages.empty());
    }
    SECTION("role") {
        const std::vector<Json> presenters{
            {{"act", "make_invite"}, {"name", "me"}, {"role", "helper"}},
            {{"act", "revoke_everybody"}},
            {{"act", "revoke_invite"}, {"invite", web.invite.id}},
            {{"act", "end_person"}, {"person", bo.person}},
            {{"act", "put_order"}, {"order", {{"id", "1"}, {"product", "LX-200"}}}},
            {{"act", "open_poll"}, {"question", {{"en", "?"}}}, {"options", {{{"en", "a"}}, {{"en", "b"}}}}},
        };
        for (const Json& act : presenters) {
            CAPTURE(act.dump());
            CHECK(ana.act(act).status == 403);
        }
        for (const char* act : {"revoke_everybody", "make_invite"}) CHECK(helper.act({{"act", act}}).status == 403);
        const HttpAnswer said = ana.act({{"act", "say"}, {"kind", "question"}, {"text", "IP65?"}});
        REQUIRE(said.status == 200);
        const Json answer{{"act", "answer"}, {"message", Json::parse(said.body).at("id")}, {"text", "yes"}, {"language", "en"}};
        CHECK(bo.act(answer).status == 403);
        CHECK(helper.act(answer).status == 200);
        // Speaking for somebody else, or as the presenter, is no field of an act.
        CHECK(ana.act({{"act", "say"}, {"text", "x"}, {"person", bo.person}}).status == 400);
        CHECK(ana.act({{"act", "say"}, {"kind", "announcement"}, {"text", "x"}}).status >= 400);

        const auto command = [&](Guest& who, const std::string& body) { return who.ask("POST", "/api/show-command", body).status; };
        CHECK(command(helper, R"({"command":"pin","product":"LX-200"})") == 200);
        CHECK(web.show->snapshot()->pinned == "LX-200");
        CHECK(command(helper, R"({"command":"end"})") == 403);
        CHECK(command(helper, R"({"command":"go_live"})") == 403);
        CHECK(command(helper, R"({"command":"set_start","starts_at":null})") == 403);
        CHECK(command(helper, R"({"command":"pin","product":"none"})") == 422);
        CHECK(command(helper, "{") == 400);
        CHECK(command(ana, R"({"command":"pin","product":""})") == 403);
        CHECK(web.show->snapshot()->pinned == "LX-200");
    }
    SECTION("whose it is") {
        const HttpAnswer asked = ana.act(quote());
        REQUIRE(asked.status == 200);
        const Json id = Json::parse(asked.body).at("id");
        CHECK_FALSE(Json::parse(asked.body).at("number").get<std::string>().empty());
        for (const Json& act : std::vector<Json>{{{"act", "decide_quote"}, {"quote", id}, {"state", "withdrawn"}},
                                                 {{"act", "counter_quote"}, {"quote", id}, {"quantity", 1}}}) {
            const int status = bo.act(act).status;
            CHECK((status == 403 || status == 404));
        }
        CHECK(web.show->snapshot()->desk->quotes.at(0).state == desk::QuoteState::requested);
        CHECK(ana.act({{"act", "decide_quote"}, {"quote", id}, {"state", "accepted"}}).status == 409);  // not their turn
        CHECK(ana.act({{"act", "decide_quote"}, {"quote", "nothing"}, {"state", "withdrawn"}}).status == 404);
    }
    SECTION("how often, each for themself") {
        std::map<int, int> statuses;
        for (int i = 0; i < 12; ++i) ++statuses[ana.act(say("again " + std::to_string(i))).status];
        CHECK(statuses[200] >= 5);
        CHECK(statuses[429] >= 5);
        CHECK(statuses[200] + statuses[429] == 12);
        CHECK(bo.act(say("me too")).status == 200);
        for (int i = 0; i < 5; ++i) CHECK(ana.act(quote(500 + i)).status == 200);
        const HttpAnswer late = ana.act(quote(900));
        CHECK(late.status == 429);
        CHECK(std::stoi(late.header("Retry-After")) > 60);
    }
}

TEST_CASE("files are what their bytes say, their owner's, and downloads only", "[web][desk][attack]") {
    WebFixture web(small_show(), {}, 60, true);
    Guest ana(web, personal_link(web, "Ana")), bo(web, personal_link(web, "Bo"));
    SECTION("kept and given back") {
        const HttpAnswer kept = ana.put("a1", png, "my%20drawing%22%0d%0aX%3a.exe");
        REQUIRE(kept.status == 201);
        const Json file = Json::parse(kept.body);
        CHECK(file.at("type") == "image/png");
        CHECK(file.at("bytes") == png.size());
        CHECK(file.at("name").get<std::string>().ends_with(".exe.png"));
        const std::string target = "/api/attachments/" + file.at("id").get<std::string>();
        const HttpAnswer back = ana.get(target);
        REQUIRE(back.status == 200);
        CHECK(back.body == png);
        CHECK(back.header("Content-Type") == "image/png");
        CHECK(back.header("X-Content-Type-Options") == "nosniff");
        CHECK(back.header("Content-Disposition").substr(0, 11) == "attachment;");
        CHECK(back.header("Content-Security-Policy") == "default-src 'none'; sandbox; frame-ancestors 'none'");
        CHECK_FALSE(back.has("X"));
        const int others = bo.get(target).status;
        CHECK((others == 403 || others == 404));
        CHECK(HttpClient(web.port).ask("GET", target).status == 401);
        CHECK(ana.act([&] {
                     Json act = quote();
                     act["attachments"] = {file.at("id")};
                     return act;
                 }())
                  .status == 200);
        const int stolen = bo.act([&] {
                                 Json act = quote();
                                 act["attachments"] = {file.at("id")};
                                 return act;
                             }())
                               .status;
        CHECK(stolen >= 400);
        const HttpAnswer presenters =
            HttpClient(web.control_port).ask("GET", "/control/attachments/" + file.at("id").get<std::string>(), web.control_headers({}));
        CHECK(presenters.status == 200);
        CHECK(presenters.body == png);
    }
    SECTION("refused") {
        CHECK(ana.put("a1", "<svg onload=alert(1)>").status == 415);
        CHECK(ana.put("a2", "GIF89a").status == 415);
        CHECK(ana.put("a3", "MZ program", "drawing.png").status == 415);
        CHECK(ana.put("a4", "").status >= 400);
        CHECK(ana.put("../a5", png).status == 400);
        CHECK(ana.put("%2e%2e%2fa5", png).status == 400);
        CHECK(HttpClient(web.port)
                  .ask("PUT", "/api/attachments/a6", WebFixture::whep_headers(ana.token, {{"Content-Type", "application/pdf"}}), png)
                  .status == 415);
        for (const char* id : {"nothing", "..", "%2e%2e%2fshow.db", "a/b", ""})
            CHECK(ana.get("/api/attachments/" + std::string(id)).status == 404);
    }
    SECTION("too large, and by whom, is known before the body is read") {
        const auto begin = [&](const std::string& headers, std::size_t length) {
            HttpClient raw(web.port);
            raw.send("PUT /api/attachments/a1 HTTP/1.1\r\nHost: a.test\r\n" + headers + "Content-Length: " + std::to_string(length) +
                     "\r\n\r\n");
            return raw.receive().status;
        };
        const std::string ours = "Authorization: Bearer " + ana.token + "\r\n";
        CHECK(begin(ours, web::most_attachment + 1) == 413);
        CHECK(begin("", 1000) == 401);
        CHECK(begin("Authorization: Bearer nonsense\r\n", 4'000'000) == 401);
        // Without a length: cut off when it is too much.
        HttpClient chunked(web.port);
        chunked.send("PUT /api/attachments/a2 HTTP/1.1\r\nHost: a.test\r\n" + ours + "Transfer-Encoding: chunked\r\n\r\n600000\r\n" +
                     std::string(web::most_attachment + 1, 'x'));
        CHECK(chunked.receive().status == 413);
        CHECK(ana.put("a3", png + std::string(web::most_attachment - png.size(), 'x')).status == 201);
        // Elsewhere the small limit holds.
        CHECK(ana.ask("POST", "/api/act", std::string(65 * 1024, ' ')).status == 413);
    }
}

TEST_CASE("a few large bodies at once, the rest wait", "[web][desk][attack]") {
    web::WebInside inside;
    inside.api.uploads = {2};
    inside.api.attachment = {100, 100};
    WebFixture web(small_show(), inside);
    Guest ana(web, personal_link(web, "Ana"));
    const auto begin = [&](HttpClient& raw, int number) {
        raw.send("PUT /api/attachments/u" + std::to_string(number) + " HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer " + ana.token +
                 "\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
        return raw.receive(true).status;
    };
    {
        HttpClient one(web.port), two(web.port), three(web.port);
        CHECK(begin(one, 1) == 100);
        CHECK(begin(two, 2) == 100);
        CHECK(begin(three, 3) == 503);
    }
    CHECK(WebFixture::eventually([&] {
        HttpClient four(web.port);
        return begin(four, 4) == 100;
    }));
}

TEST_CASE("access that ends, ends everywhere within two seconds", "[web][desk][access]") {
    web::WebInside inside;
    inside.check_sessions_every = 3600'000'000'000;  // what is fast here is not the round
    WebFixture web(small_show(), inside);
    web.go_live();
    const desk::ActResult link = personal_link(web, "Ana");
    Guest ana(web, link), bo(web, personal_link(web, "Bo"));
    Listener at_ana(web, ana.token), at_bo(web, bo.token);
    HttpClient client(web.port);
    REQUIRE(client.ask("POST", "/whep", WebFixture::whep_headers(ana.token), browser_offer()).status == 201);
    const auto begin = std::chrono::steady_clock::now();
    SECTION("a link is revoked") { REQUIRE(do_act(*web.show, desk::RevokeInvite{link.id})); }
    SECTION("a person is sent out") { REQUIRE(do_act(*web.show, desk::EndSeat{ana.person})); }
    SECTION("somebody wants to be forgotten") { REQUIRE(ana.act({{"act", "forget"}}).status == 200); }
    CHECK(at_ana.socket().close_code() == 4403);
    CHECK(WebFixture::eventually([&] { return web.stage->destroyed == 1; }));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2) * patience);
    CHECK(ana.get("/api/show").status == 401);
    CHECK(ana.act(say("still here")).status == 401);
    CHECK(bo.act(say("I am")).status == 200);
    CHECK(at_bo.put("message").at("text") == "I am");
}

TEST_CASE("a personal link is for two devices, and leaving makes room", "[web][desk][access]") {
    WebFixture web;
    const desk::ActResult link = personal_link(web, "Ana");
    Guest phone(web, link), laptop(web, link);
    CHECK(phone.person == laptop.person);
    HttpClient client(web.port);
    const auto third = [&] {
        return client
            .ask("POST", "/api/join", {{"Content-Type", "application/json"}},
                 Json{{"invite", link.id}, {"secret", link.secret}, {"language", "en"}, {"bearer", true}}.dump())
            .status;
    };
    CHECK(third() == 409);
    const Json me = Json::parse(phone.get("/api/me").body);
    CHECK(me.at("person").at("name") == "Ana");
    CHECK(me.at("role") == "buyer");
    CHECK(phone.ask("POST", "/api/leave", "").status == 204);
    CHECK(phone.get("/api/me").status == 401);
    CHECK(laptop.get("/api/me").status == 200);
    CHECK(third() == 200);
}

TEST_CASE("the presenter's desk over the control listener", "[web][desk][control]") {
    WebFixture web;
    HttpClient control(web.control_port);
    const auto act = [&](const Json& body) { return control.ask("POST", "/control/act", web.control_headers(), body.dump()); };
    const HttpAnswer made = act({{"act", "make_invite"}, {"name", "Dana"}});
    REQUIRE(made.status == 200);
    const Json invite = Json::parse(made.body);
    CHECK(invite.at("link") ==
          web.server->buyer_origin() + "/j/" + invite.at("id").get<std::string>() + "#" + invite.at("secret").get<std::string>());
    Guest dana(web, {invite.at("id"), "", invite.at("secret")});
    CHECK(act({{"act", "fly"}}).status == 400);
    CHECK(act({{"act", "revoke_invite"}, {"invite", "nothing"}}).status == 404);
    CHECK(control.ask("POST", "/control/act", {{"Content-Type", "application/json"}}, "{}").status == 401);
    CHECK(control.ask("GET", "/control/act", web.control_headers()).status == 405);

    const auto desk = [&](const std::string& query) {
        const HttpAnswer answer = control.ask("GET", "/control/desk" + query, web.control_headers());
        REQUIRE(answer.status == 200);
        CHECK(answer.body.find("sha256") == std::string::npos);
        return Json::parse(answer.body);
    };
    const Json before = desk("");
    const auto version = before.at("version").get<std::uint64_t>();
    REQUIRE(dana.act(say("hello")).status == 200);
    Json after;
    CHECK(WebFixture::eventually([&] {
        after = desk("?after=" + std::to_string(version) + "&wait_ms=2000");
        return after.at("messages").size() == 1;
    }));
    CHECK(after.at("messages").at(0).at("person") == dana.person);
    CHECK(control.ask("GET", "/control/desk?after=x", web.control_headers()).status == 400);
    CHECK(control.ask("GET", "/control/desk?wait_ms=5001", web.control_headers()).status == 400);
    // Nothing was given to the server for these.
    for (const char* path : {"/control/export/quotes.csv", "/control/report.html", "/control/outbox", "/control/export/../../etc/passwd"})
        CHECK(control.ask("GET", path, web.control_headers()).status == 404);
    // The buyers' listener knows none of it.
    for (const char* path : {"/control/desk", "/control/act", "/metrics"}) CHECK(dana.get(path).status == 404);
}

TEST_CASE("orders come in as a table, all or nothing, and are told while the ticker is on", "[web][desk][control]") {
    WebFixture web;
    HttpClient control(web.control_port);
    const auto post = [&](const std::string& csv, const std::string& type = "text/csv") {
        return control.ask("POST", "/control/orders", web.control_headers({{"Content-Type", type}}), csv);
    };
    CHECK(post("id\n1\n", "application/json").status == 415);
    const HttpAnswer wrong = post("id,product,state\n48291,LX-200,confirmed\n48292,LX-200,sideways\n");
    CHECK(wrong.status == 422);
    CHECK(Json::parse(wrong.body).at("problems").at(0).at("line") == 3);
    CHECK(web.show->snapshot()->desk->orders.empty());
    // What only the desk refuses: each bad line is named, the good ones between them are not taken.
    const std::string long_slot(61, '1'), longer_slot(100, '2');
    const HttpAnswer refused = post("id,slot\n1,14:30\n2," + long_slot + "\n\n3,15:00\n4," + longer_slot + "\n");
    CHECK(refused.status == 422);
    const Json said = Json::parse(refused.body);
    CHECK(said.at("read") == 0);
    REQUIRE(said.at("problems").size() == 2);
    CHECK(said.at("problems").at(0).at("line") == 3);
    CHECK(said.at("problems").at(1).at("line") == 6);
    CHECK(said.at("problems").at(1).at("what").get<std::string>().find("order 4") != std::string::npos);
    CHECK(web.show->snapshot()->desk->orders.empty());

    Guest ana(web, personal_link(web, "Ana"));
    Listener before(web, ana.token);
    CHECK(before.whole.value("orders", Json::array()).empty());
    const HttpAnswer good = post(
        "id,product,buyer,place,state,slot,quantity,name_allowed\n48291,LX-200,Casa Souza,São Paulo,confirmed,14:30,500,no\n"
        "48292,LX-200,Lima SA,Lima,placed,,20,yes\n");
    CHECK(good.status == 200);
    CHECK(Json::parse(good.body).at("read") == 2);
    REQUIRE(web.show->post(ShowTicker{true}).get());
    const Json told = before.wait([](const Json& message) { return message.contains("put"); });
    REQUIRE(told.is_object());
    CHECK(told.at("put").size() == 2);
    CHECK(before.all.find("São Paulo") != std::string::npos);
    CHECK(before.all.find("Casa Souza") == std::string::npos);
    CHECK(before.all.find("Lima SA") != std::string::npos);
    Listener later(web, ana.token);
    CHECK(later.whole.at("orders").size() == 2);
    REQUIRE(do_act(*web.show, desk::RemoveOrder{"48292"}));
    const Json gone = before.wait([](const Json& message) { return message.contains("gone"); });
    CHECK(gone.at("gone").at(0).at("id") == "48292");
}

TEST_CASE("offers, tables and the report come from the desk as it is kept", "[web][desk][control]") {
    WebFixture web(small_show(), {}, 60, true);
    Guest ana(web, personal_link(web, "=cmd|' /C calc'!A0")), bo(web, personal_link(web, "Bo"));
    const HttpAnswer asked = ana.act(quote());
    REQUIRE(asked.status == 200);
    const std::string offer = "/api/quotes/" + Json::parse(asked.body).at("id").get<std::string>() + "/offer?language=es";
    const HttpAnswer page = ana.get(offer);
    REQUIRE(page.status == 200);
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.header("Content-Security-Policy").find("script-src") == std::string::npos);
    CHECK(page.header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
    CHECK(page.body.find("Santos") != std::string::npos);
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(bo.get(offer).status == 404);
    CHECK(HttpClient(web.port).ask("GET", offer).status == 401);

    HttpClient control(web.control_port);
    const auto get = [&](const std::string& path) { return control.ask("GET", path, web.control_headers({})); };
    for (const char* name : {"quotes", "buyers", "questions"}) {
        const HttpAnswer table = get("/control/export/" + std::string(name) + ".csv");
        CAPTURE(name, table.body);
        REQUIRE(table.status == 200);
        CHECK(table.header("Content-Type") == "text/csv; charset=utf-8");
        CHECK(table.header("Content-Disposition").find("attachment") == 0);
        CHECK(table.body.substr(0, 3) == "\xEF\xBB\xBF");
        // No cell begins like a formula.
        for (const char* start : {",=", "\"=", ",+", ",@", "\n="}) CHECK(table.body.find(start) == std::string::npos);
    }
    CHECK(get("/control/export/buyers.vcf").body.find("BEGIN:VCARD") == 0);
    const HttpAnswer report = get("/control/report.html?language=zh");
    REQUIRE(report.status == 200);
    CHECK(report.body.find("lang=\"zh\"") != std::string::npos);
    for (const char* path : {"/control/export/show.db", "/control/export/..%2fshow.db", "/control/export/"}) CHECK(get(path).status == 404);
    CHECK(control.ask("GET", "/control/export/quotes.csv").status == 401);
}

TEST_CASE("everybody's text is one text, a person's own is theirs", "[desk][feed]") {
    web::DeskFeed feed;
    desk::DeskView view;
    desk::Person ana;
    ana.id = "ana";
    ana.name = "Ana Lima";
    view.people["ana"] = ana;
    desk::Message message;
    message.id = "m1";
    message.person = "ana";
    message.text = "hello";
    const auto news = feed.news({message}, view, false);
    const desk::Actor bo{desk::Role::buyer, "bo", ""}, cy{desk::Role::buyer, "cy", ""}, hers{desk::Role::buyer, "ana", ""};
    REQUIRE(news.for_viewer(bo).size() == 1);
    CHECK(news.for_viewer(bo).at(0) == news.for_viewer(cy).at(0));  // the same text, rendered once
    CHECK(news.for_viewer(hers).at(0) != news.for_viewer(bo).at(0));

    message.is_private = true;
    message.id = "m2";
    const auto hidden = feed.news({message}, view, false);
    CHECK(hidden.for_viewer(bo).empty());
    CHECK(hidden.for_viewer(hers).size() == 1);
    CHECK(hidden.for_viewer({desk::Role::helper, "hu", ""}).size() == 1);
    // A private one that changes tells nobody that it exists.
    message.state = desk::MessageState::hidden;
    CHECK(feed.news({message}, view, false).for_viewer(bo).empty());
}

TEST_CASE("of very many questions a newcomer gets the newest, the pinned and their own; the rest page by page", "[desk][feed]") {
    web::DeskFeed feed;
    desk::DeskView view;
    std::string emoji;
    for (int i = 0; i < 500; ++i) emoji += "\U0001F600";
    std::set<std::string> all;
    for (int i = 0; i < 2500; ++i) {
        desk::Message message;
        message.id = "m" + std::to_string(i);
        message.kind = desk::MessageKind::question;
        message.person = i == 5 || i == 2400 ? "bo" : "p" + std::to_string(i);
        message.pinned = i == 3;
        message.is_private = i % 50 == 49;
        message.text = emoji;
        message.made_us = 1000 + i / 2;  // two at a time
        view.messages.push_back(message);
        if (!message.is_private) all.insert(message.id);
    }
    const desk::Actor bo{desk::Role::buyer, "bo", ""};
    const auto texts = feed.whole(view, bo, false);
    CHECK(texts.size() < web::LiveLimits().most_waiting / 2);
    std::set<std::string> known;
    Json earlier;
    const auto hear = [&](const web::Texts& page) {
        for (const web::Text& text : page) {
            CHECK(text->size() <= web::most_socket_text);
            const Json part = Json::parse(*text);
            for (const Json& message : part.value("messages", Json::array())) known.insert(message.at("id").get<std::string>());
            if (part.contains("earlier")) earlier = part.at("earlier");
        }
    };
    hear(texts);
    CHECK(known.contains("m2498"));
    CHECK(known.contains("m5"));
    CHECK(known.contains("m3"));
    CHECK_FALSE(known.contains("m100"));
    REQUIRE(earlier.contains("messages"));
    CHECK_FALSE(earlier.contains("quotes"));
    int pages = 0;
    for (; earlier.at("messages").is_string() && pages < 200; ++pages) {
        const auto page = feed.earlier(view, bo, false, "messages", earlier.at("messages"));
        CHECK(page.size() <= 8);
        hear(page);
    }
    CHECK(known == all);
    CHECK(pages > 10);
    // Nothing of lists that are not theirs or do not exist, nor from a place that is none.
    for (const char* list : {"people", "orders", "invites", ""}) CHECK(feed.earlier(view, bo, false, list, "99-x").empty());
    for (const char* place : {"", "x", "12", "-", "99999999999999999999-x"})
        CHECK(feed.earlier(view, bo, false, "messages", place).empty());
}

TEST_CASE("a long desk comes in messages that are none too long, the last says so", "[desk][feed]") {
    web::DeskFeed feed;
    desk::DeskView view;
    for (int i = 0; i < 400; ++i) {
        desk::Message message;
        message.id = "m" + std::to_string(i);
        message.person = "ana";
        message.text = std::string(400, 'x');
        view.messages.push_back(message);
    }
    const auto texts = feed.whole(view, {desk::Role::buyer, "bo", ""}, false);
    CHECK(texts.size() > 10);
    std::size_t count = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        CHECK(texts[i]->size() <= web::most_socket_text);
        const Json part = Json::parse(*texts[i]);
        CHECK(part.at("full") == true);
        CHECK(part.value("last", false) == (i + 1 == texts.size()));
        count += part.value("messages", Json::array()).size();
    }
    CHECK(count == 400);
}

TEST_CASE("votes and reactions are told as sums, and one's own vote to oneself", "[desk][feed]") {
    web::DeskFeed feed;
    desk::DeskView view;
    desk::Poll poll;
    poll.id = "p";
    poll.question.by_language = {{"en", "Colour?"}};
    poll.options.resize(2);
    poll.votes = {1, 0};
    view.poll = poll;
    const auto news = feed.news({desk::Vote{"p", "ana", 0}}, view, false);
    // The poll itself was made before this server began.
    feed.remember({poll, desk::Vote{"p", "ana", 0}});
    const auto again = feed.news({desk::Vote{"p", "ana", 0}}, view, false);
    const auto mine = [](const web::Texts& texts) { return Json::parse(*texts.at(0)).at("put").at(0).at("mine"); };
    CHECK(mine(again.for_viewer({desk::Role::buyer, "ana", ""})) == 0);
    CHECK(mine(again.for_viewer({desk::Role::buyer, "bo", ""})).is_null());
    view.reactions = {{"heart", 3}};
    CHECK(*feed.reactions(view) == R"({"counts":{"heart":3},"type":"reactions"})");
    CHECK_FALSE(feed.reactions(view));
    view.reactions = {{"heart", 5}, {"wow", 1}};
    CHECK(*feed.reactions(view) == R"({"counts":{"heart":2,"wow":1},"type":"reactions"})");
    CHECK(feed.room(view));
    CHECK_FALSE(feed.room(view));
}

TEST_CASE("names of files are harmless", "[web][desk]") {
    const auto name = [](const std::string& text, const std::string& type = "application/pdf") { return web::plain_file_name(text, type); };
    CHECK(name("offer.pdf") == "offer.pdf");
    CHECK(name("../../etc/passwd") == "passwd.pdf");
    CHECK(name("C:\\x\\y.pdf") == "y.pdf");
    CHECK(name("a\r\nb.pdf") == "a__b.pdf");
    CHECK(name("...") == "pdf");
    CHECK(name("图纸.PDF") == "图纸.PDF");
    CHECK(name("a.jpeg", "image/jpeg") == "a.jpeg");
    CHECK(name("a.html", "image/png") == "a.html.png");
    const std::string long_name = name(std::string(100, 'x') + "筒灯筒灯筒灯筒灯筒灯筒灯筒灯筒灯.pdf");
    CHECK(long_name.size() <= 120);
    CHECK(long_name.ends_with(".pdf"));
    CHECK(Json(long_name).dump().size() > 0);  // throws when a letter was cut
}
