// Devices of one person and sockets of one session: how many there may be, and what happens to the oldest.

#include <memory>
#include <vector>

#include "tests/pipelines/deliver/web/web_guests.h"

using namespace vitrine;
using namespace vitrine::test;

TEST_CASE("a third device is told where the link is open, and may take over from the one unused longest", "[web][desk][access]") {
    WebFixture web;
    const auto link = personal_link(web, "Ana");
    HttpClient client(web.port);
    const auto join = [&](const Json& more) {
        Json body{{"invite", link.id}, {"secret", link.secret}, {"language", "en"}, {"bearer", true}};
        body.update(more);
        return client.ask("POST", "/api/join", {{"Content-Type", "application/json"}}, body.dump());
    };
    const std::string laptop = Json::parse(join({{"device", "Windows"}}).body).at("session");
    const std::string phone = Json::parse(join({{"device", "iPhone"}}).body).at("session");
    Listener at_laptop(web, laptop), at_phone(web, phone);
    const HttpAnswer third = join({{"device", "iPad"}});
    CHECK(third.status == 409);
    CHECK(third.header("Content-Type") == "application/problem+json");
    const Json said = Json::parse(third.body);
    CHECK(said.at("detail").get<std::string>().find("2 devices") != std::string::npos);
    CHECK(said.at("devices") == Json::parse(R"([{"device":"Windows","idle_s":0},{"device":"iPhone","idle_s":0}])"));
    // Who does not know the secret learns nothing.
    CHECK(join({{"secret", "00000000000000000000000000000000"}, {"take_over", true}}).status == 403);
    const HttpAnswer over = join({{"device", "iPad"}, {"take_over", true}});
    REQUIRE(over.status == 200);
    CHECK(at_laptop.socket().close_code() == 4409);
    const auto me = [&](const std::string& token) { return client.ask("GET", "/api/me", WebFixture::whep_headers(token, {})).status; };
    CHECK(me(laptop) == 401);
    CHECK(me(phone) == 200);
    CHECK(me(Json::parse(over.body).at("session")) == 200);
}

TEST_CASE("a session has so many sockets: the oldest goes, and not in a storm", "[web][desk][socket]") {
    WebFixture web;
    Guest ana(web, personal_link(web, "Ana")), omar(web, personal_link(web, "Omar"));
    Listener of_omar(web, omar.token);
    std::vector<std::unique_ptr<Listener>> open;
    for (int i = 0; i < 10; ++i) open.push_back(std::make_unique<Listener>(web, ana.token));
    CHECK(open[0]->socket().close_code() == 1008);
    CHECK(open[1]->socket().close_code() == 1008);
    REQUIRE(ana.act({{"act", "say"}, {"text", "here"}}).status == 200);
    for (int i = 2; i < 10; ++i) CHECK(open[static_cast<std::size_t>(i)]->put("message").is_object());
    CHECK(of_omar.put("message").is_object());
    int refused = 0;
    for (int i = 0; i < 20; ++i) {
        SocketClient socket(web.port, "/live");
        REQUIRE(socket.open());
        REQUIRE(socket.send(Json{{"type", "hello"}, {"session", ana.token}}.dump()));
        const auto first = socket.receive(std::chrono::seconds(5));
        if (!first) ++refused;
    }
    CHECK(refused >= 5);
    REQUIRE(ana.act({{"act", "say"}, {"text", "still here"}}).status == 200);
    CHECK(of_omar.put("message").is_object());
}
