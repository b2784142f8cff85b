// The shares of README.md over real sockets: what guests of open links take together, and who still gets in. Streams: test_whep.cpp.

#include <memory>
#include <vector>

#include "pipelines/deliver/web/desk_api.h"
#include "tests/pipelines/deliver/web/web_guests.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

desk::ActResult another_open_link(WebFixture& web) { return open_link(*web.show, "Fair", "en", utc_now_us() + 3'600'000'000); }

/// A socket that has said hello; its close code when it was turned away.
struct Try {
    Try(WebFixture& web, const std::string& token) : socket(web.port, "/live") {
        REQUIRE(socket.open());
        REQUIRE(socket.send(Json{{"type", "hello"}, {"session", token}}.dump()));
        greeted = socket.receive(std::chrono::seconds(5)).has_value();
    }
    SocketClient socket;
    bool greeted = false;
};

/// A translation service that does not answer until it is told to.
struct Stuck final : web::DeskHost {
    std::vector<std::function<void(Result<Translation>)>> waiting;
    std::shared_ptr<desk::DeskView> view = std::make_shared<desk::DeskView>();
    void act(desk::Act, desk::Actor, std::function<void(Result<desk::ActResult>)>) override {}
    void command(Command, Doer, std::function<void(Result<std::uint64_t>)>) override {}
    desk::DeskViewPtr desk() override { return view; }
    void translate(const std::string&, const std::string&, const std::string&, std::function<void(Result<Translation>)> done) override {
        waiting.push_back(std::move(done));
    }
    bool translates() override { return true; }
};

}  // namespace

TEST_CASE("translations: who asks for many at once waits alone", "[web][desk][shares]") {
    Stuck host;
    desk::Message message;
    message.id = "m";
    message.text = "hello";
    host.view->messages.push_back(message);
    web::DeskApi api(host, {});
    std::vector<int> answers;
    const auto ask = [&](const std::string& person) {
        web::Request request;
        request.query = "message=m&to=es";
        request.address = "203.0.113.9";
        BuyerSession who;
        who.id = who.person = person;
        who.personal = true;
        api.translate(request, who, 1, [&](web::Response response) { answers.push_back(response.status); });
    };
    for (int i = 0; i < 10; ++i) ask("greedy");
    CHECK(host.waiting.size() == 3);
    CHECK(answers == std::vector<int>(7, 429));
    ask("other");
    CHECK(host.waiting.size() == 4);
    host.waiting[0](Translation{"hola", "es", "test"});
    CHECK(answers.back() == 200);
    ask("greedy");
    CHECK(host.waiting.size() == 5);
}

TEST_CASE("sockets: guests fill their share, invited people and helpers have theirs, and nobody's ends for a refusal", "[web][shares]") {
    web::WebInside inside;
    inside.api.all_sockets = {8, 2, 1, 0, 0, 4};
    inside.api.sockets = 2;
    WebFixture web(small_show(), inside);
    std::vector<std::unique_ptr<Try>> open;
    std::vector<std::unique_ptr<Guest>> people;
    const auto come = [&](const desk::ActResult& link) -> Try& {
        people.push_back(std::make_unique<Guest>(web, link));
        return *open.emplace_back(std::make_unique<Try>(web, people.back()->token));
    };
    for (int i = 0; i < 4; ++i) CHECK(come(web.invite).greeted);
    Try& of_the_link = come(web.invite);
    CHECK_FALSE(of_the_link.greeted);
    CHECK(of_the_link.socket.close_code() == 1013);
    const desk::ActResult other = another_open_link(web);
    CHECK(come(other).greeted);
    CHECK_FALSE(come(other).greeted);  // five guests in all
    const desk::ActResult ana = personal_link(web, "Ana");
    CHECK(come(ana).greeted);
    const std::string her_token = people.back()->token;
    CHECK(come(personal_link(web, "Omar")).greeted);
    // Full for her: her second page is told so, and her first goes on. A helper comes in all the same.
    Try again(web, her_token);
    CHECK_FALSE(again.greeted);
    CHECK(come(personal_link(web, "Mei", desk::Role::helper)).greeted);
    REQUIRE(people.back()->act({{"act", "say"}, {"kind", "announcement"}, {"text", "Welcome"}}).status == 200);
    int heard = 0;
    for (const auto& one : open) {
        if (!one->greeted) continue;
        for (auto text = one->socket.receive(std::chrono::seconds(5)); text; text = one->socket.receive(std::chrono::seconds(5)))
            if (text->find("Welcome") != std::string::npos) {
                ++heard;
                break;
            }
    }
    CHECK(heard == 8);
}

TEST_CASE("messages: guests of one link write so much together, invited people and other links write on", "[web][desk][shares]") {
    web::WebInside inside;
    inside.api.guests_per_link = {3, 1};
    WebFixture web(small_show(), inside);
    Guest one(web, web.invite), two(web, web.invite);
    CHECK(one.act(say("a")).status == 200);
    CHECK(two.act(say("b")).status == 200);
    CHECK(one.act(say("c")).status == 200);
    const HttpAnswer refused = two.act(say("d"));
    CHECK(refused.status == 429);
    CHECK_FALSE(refused.header("Retry-After").empty());
    CHECK(two.act({{"act", "react"}, {"kind", "heart"}}).status == 200);  // makes nothing to read
    CHECK(Guest(web, another_open_link(web)).act(say("e")).status == 200);
    CHECK(Guest(web, personal_link(web, "Ana")).act(say("f")).status == 200);
}

TEST_CASE("uploads: guests leave places for invited people", "[web][desk][shares]") {
    web::WebInside inside;
    inside.api.attachment = {100, 100};
    WebFixture web(small_show(), inside);
    std::vector<std::unique_ptr<HttpClient>> held;
    int number = 0;
    const auto begin = [&](const Guest& who) {
        held.push_back(std::make_unique<HttpClient>(web.port));
        held.back()->send("PUT /api/attachments/u" + std::to_string(++number) + " HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer " +
                          who.token + "\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
        return held.back()->receive(true).status;
    };
    const desk::ActResult other = another_open_link(web);
    Guest one(web, web.invite), two(web, web.invite), three(web, web.invite), four(web, other), five(web, other),
        ana(web, personal_link(web, "Ana")), omar(web, personal_link(web, "Omar")), mei(web, personal_link(web, "Mei", desk::Role::helper));
    CHECK(begin(one) == 100);
    CHECK(begin(one) == 100);
    CHECK(begin(one) == 503);  // one person's
    CHECK(begin(two) == 100);
    CHECK(begin(two) == 100);
    CHECK(begin(three) == 503);  // one link's
    CHECK(begin(four) == 100);
    CHECK(begin(five) == 503);  // all guests'
    CHECK(begin(ana) == 100);
    CHECK(begin(omar) == 100);
    CHECK(begin(omar) == 503);
    CHECK(begin(mei) == 100);
}
