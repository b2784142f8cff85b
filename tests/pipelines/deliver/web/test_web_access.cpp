// Who is let in, and from where: cookies and bearer tokens, our own pages and others', those who guess and their neighbours.

#include <future>

#include "pipelines/deliver/web/access.h"
#include "pipelines/deliver/web/access_api.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

constexpr Nanoseconds second = 1'000'000'000;

web::Request request(const std::string& method, std::vector<web::Header> headers) {
    web::Request made;
    made.method = method;
    made.path = "/api/act";
    made.headers = std::move(headers);
    made.headers.push_back({"host", "show.test"});
    return made;
}

/// A browser that has joined: what it sends with each request.
struct Browser {
    explicit Browser(WebFixture& web) : origin(web.server->buyer_origin()) {
        HttpClient client(web.port);
        const Json body{{"invite", web.invite.id}, {"secret", web.invite.secret}, {"language", "en"}};
        const HttpAnswer answer =
            client.ask("POST", "/api/join", {{"Content-Type", "application/json"}, {"Host", host()}, {"Origin", origin}}, body.dump());
        REQUIRE(answer.status == 200);
        set_cookie = answer.header("Set-Cookie");
        CHECK(answer.body.find("session") == std::string::npos);
        cookie = set_cookie.substr(0, set_cookie.find(';'));
    }
    std::string host() const { return origin.substr(origin.find("//") + 2); }
    /// `from`: the Origin; empty: none.
    HttpHeaders headers(const std::string& from, HttpHeaders more = {}) const {
        more.emplace_back("Host", host());
        more.emplace_back("Cookie", cookie);
        if (!from.empty()) more.emplace_back("Origin", from);
        return more;
    }
    std::string origin, set_cookie, cookie;
};

}  // namespace

TEST_CASE("a cookie is read by its whole name, and only when there is one", "[web][access]") {
    const auto cookie = [](std::vector<web::Header> headers) { return request("GET", std::move(headers)).cookie("__Host-vt-1"); };
    CHECK(cookie({{"cookie", "__Host-vt-1=abc"}}) == "abc");
    CHECK(cookie({{"cookie", "a=b; __Host-vt-1=abc ; c=d"}}) == "abc");
    CHECK(cookie({{"cookie", "a=b"}, {"cookie", "__Host-vt-1=abc"}}) == "abc");
    CHECK(cookie({{"cookie", "__Host-vt-1=abc; __Host-vt-1=def"}}).empty());
    CHECK(cookie({{"cookie", "x__Host-vt-1=abc; __Host-vt-12=abc; __host-vt-1=abc; __Host-vt-1"}}).empty());
    CHECK(cookie({}).empty());
}

TEST_CASE("what comes with the cookie counts from our own pages only", "[web][access]") {
    const web::Access access("0a1b2c3d", false);
    const auto refused = [&](const std::string& method, std::vector<web::Header> headers) {
        const web::Request asked = request(method, std::move(headers));
        return access.foreign(asked, access.credential(asked)).has_value();
    };
    const web::Header cookie{"cookie", "__Host-vt-0a1b2c3d=token"}, ours{"origin", "http://show.test"};
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "BREW"}) {
        CAPTURE(method);
        CHECK_FALSE(refused(method, {cookie, ours}));
        CHECK(refused(method, {cookie}));
        for (const char* origin :
             {"http://evil.test", "https://show.test", "http://show.test:81", "http://show.test.evil.test", "null", ""})
            CHECK(refused(method, {cookie, {"origin", origin}}));
        CHECK(refused(method, {cookie, ours, ours}));
        CHECK(refused(method, {cookie, ours, {"sec-fetch-site", "cross-site"}}));
        // A bearer token is set by its owner only.
        CHECK_FALSE(refused(method, {{"authorization", "Bearer x"}}));
        CHECK_FALSE(refused(method, {{"authorization", "Bearer x"}, cookie}));
    }
    CHECK_FALSE(refused("GET", {cookie}));
    CHECK_FALSE(refused("GET", {cookie, {"sec-fetch-site", "none"}}));
    CHECK(refused("GET", {cookie, {"sec-fetch-site", "same-site"}}));
    CHECK(refused("GET", {cookie, {"origin", "http://evil.test"}}));
    CHECK_FALSE(refused("POST", {{"cookie", "__Host-vt-ffffffff=token"}}));  // another show's
    CHECK(web::show_mark("/shows/a").size() == 8);
    CHECK(web::show_mark("/shows/a") != web::show_mark("/shows/b"));
}

TEST_CASE("a browser gets a cookie that no script and no other site can use", "[web][access]") {
    WebFixture web;
    const Browser browser(web);
    for (const char* attribute : {"; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"})
        CHECK(browser.set_cookie.find(attribute) != std::string::npos);
    CHECK(browser.set_cookie.find("Domain") == std::string::npos);
    CHECK(browser.set_cookie.substr(0, 10) == "__Host-vt-");
    // It lives as long as the link, to which revoking puts an end in between.
    const auto lives = std::stoll(browser.set_cookie.substr(browser.set_cookie.find("; Max-Age=") + 10));
    const auto& link = web.show->snapshot()->desk->invites.at(web.invite.id);
    const auto left = (link.expires_us - utc_now_us()) / 1'000'000;
    CHECK(lives >= left);
    CHECK(lives <= left + 60);
    HttpClient client(web.port);
    CHECK(client.ask("GET", "/api/show", browser.headers("")).status == 200);
    CHECK(client.ask("GET", "/api/show", browser.headers("http://evil.test")).status == 403);
    web.go_live();
    const auto whep = [&](const std::string& from) {
        return client.ask("POST", "/whep", browser.headers(from, {{"Content-Type", "application/sdp"}}), browser_offer()).status;
    };
    CHECK(whep("") == 403);
    CHECK(whep("http://evil.test") == 403);
    CHECK(whep(browser.origin) == 201);
    // A page that wants the token itself is one into which somebody else's script came.
    const Json body{{"invite", web.invite.id}, {"secret", web.invite.secret}, {"bearer", true}};
    CHECK(client
              .ask("POST", "/api/join", {{"Content-Type", "application/json"}, {"Host", browser.host()}, {"Origin", browser.origin}},
                   body.dump())
              .status == 400);
}

TEST_CASE("the socket opens with the cookie from our own page only", "[web][access][socket]") {
    WebFixture web;
    const Browser browser(web);
    const auto upgrade = [&](const HttpHeaders& headers) {
        HttpClient raw(web.port);
        std::string text =
            "GET /live HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
        for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
        raw.send(text + "\r\n");
        return raw.receive(true).status;
    };
    CHECK(upgrade(browser.headers(browser.origin)) == 101);
    CHECK(upgrade(browser.headers("")) == 403);
    CHECK(upgrade(browser.headers("http://evil.test")) == 403);
    CHECK(upgrade({{"Host", browser.host()}}) == 101);  // a program, which must say hello with its token
    CHECK(upgrade({{"Host", browser.host()}, {"Origin", "http://evil.test"}}) == 403);

    SocketClient socket(web.port, "/live", {{"Cookie", browser.cookie}, {"Origin", browser.origin}});
    REQUIRE(socket.open());
    REQUIRE(socket.send(R"({"type":"hello","language":"zh"})"));
    const auto first = socket.receive();
    REQUIRE(first);
    CHECK(Json::parse(*first).at("type") == "snapshot");
}

TEST_CASE("wrong secrets run out, for their own network only, and keep no neighbour out", "[web][access]") {
    Show show(std::make_shared<const ShowConfig>(small_show()));
    Buyers buyers(show);
    const auto invite = open_link(show, "", "en", utc_now_us() + 3'600'000'000, 1000);
    const web::Access access("0a1b2c3d", false);
    // The show thread stands in for the net thread: one request at a time.
    web::Awaited awaited([](const auto& job) { job(); });
    web::AccessApi api(buyers, access, awaited, {"en", "zh"}, {});
    const auto join = [&](const std::string& secret, const std::string& address, Nanoseconds now) {
        web::Request asked;
        asked.method = "POST";
        asked.path = "/api/join";
        asked.headers = {{"host", "a.test"}, {"content-type", "application/json"}};
        asked.body = Json{{"invite", invite.id}, {"secret", secret}, {"language", "xx"}}.dump();
        asked.address = address;
        const auto answered = std::make_shared<std::promise<web::Response>>();
        api.join(asked, now, utc_now_us(), 1, [answered](web::Response response) { answered->set_value(std::move(response)); });
        return answered->get_future().get();
    };
    for (int i = 0; i < 10; ++i) CHECK(join("wrong", "192.0.2.1", 0).status == 403);
    const web::Response slowed = join("wrong", "192.0.2.1", 0);
    CHECK(slowed.status == 429);
    CHECK(*slowed.header("Retry-After") == "6");
    CHECK(join(invite.secret, "192.0.2.1", 0).status == 200);
    CHECK(join("wrong", "192.0.2.1", 6 * second).status == 403);
    int joined = 0;
    for (int i = 0; i < 300; ++i) joined += join(invite.secret, "192.0.2.3", 0).status == 200;
    CHECK(joined == 200);  // a factory's whole sales team behind one address
    CHECK(Json::parse(join(invite.secret, "192.0.2.4", 0).text()).at("language") == "en");
}
