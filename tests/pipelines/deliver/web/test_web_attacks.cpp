// What strangers do to a web server: broken requests, slow ones, too many. It answers or closes, and goes on serving.

#include <random>

#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

/// What the server answers to exactly these bytes; 0 when it just closes.
int status_of(std::uint16_t port, const std::string& bytes) {
    HttpClient client(port);
    client.send(bytes);
    return client.receive().status;
}

bool serves(const WebFixture& web) { return HttpClient(web.port).ask("GET", "/").status == 200; }

}  // namespace

TEST_CASE("requests that are not HTTP/1.1 as it should be", "[web][attack]") {
    WebFixture web;
    const std::string host = "Host: a.test\r\n";
    struct Row {
        const char* what;
        int status;
        std::string bytes;
    };
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    const std::vector<Row> rows{
        {"no host", 400, "GET / HTTP/1.1\r\n\r\n"},
        {"two hosts", 400, "GET / HTTP/1.1\r\n" + host + host + "\r\n"},
        {"a strange host", 400, "GET / HTTP/1.1\r\nHost: a.test/evil\r\n\r\n"},
        {"two hosts in one", 400, "GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n"},
        {"absolute target", 400, "GET http://evil.test/ HTTP/1.1\r\n" + host + "\r\n"},
        {"asterisk", 400, "OPTIONS * HTTP/1.1\r\n" + host + "\r\n"},
        {"length and chunked", 400,
         "POST /api/join HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"chunked and length", 400,
         "POST /api/join HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
        {"two lengths", 400, "POST /api/join HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
        {"a negative length", 400, "POST /api/join HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n"},
        {"a huge length", 413, "POST /api/join HTTP/1.1\r\n" + host + "Content-Length: 99999999999\r\n\r\n"},
        {"a length past 2^64", 400, "POST /api/join HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n"},
        {"another coding", 400, "POST /api/join HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n"},
        {"two codings", 400, "POST /api/join HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        {"a bad chunk", 400, "POST /api/join HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"},
        {"a chunk past 64 KiB", 413, "POST /api/join HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"},
        {"10000 headers", 431, "GET / HTTP/1.1\r\n" + host + many + "\r\n"},
        {"a header of 20 KiB", 431, "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20 * 1024, 'y') + "\r\n\r\n"},
        {"a target of 20 KiB", 431, "GET /" + std::string(20 * 1024, 'y') + " HTTP/1.1\r\n" + host + "\r\n"},
        {"another version", 505, "GET / HTTP/2.0\r\n" + host + "\r\n"},
        {"the HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"another expectation", 417, "POST /api/join HTTP/1.1\r\n" + host + "Expect: tea\r\nContent-Length: 1\r\n\r\n"},
        {"a space before the colon", 400, "GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n"},
        {"a bare CR in a value", 400, "GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n"},
        {"a NUL in a value", 400, "GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10)},
        {"a TLS hello", 400, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
        {"an unknown method", 405, "BREW / HTTP/1.1\r\n" + host + "\r\n"},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        CHECK(status_of(web.port, row.bytes) == row.status);
        if (row.status != 405) CHECK(status_of(web.control_port, row.bytes) == row.status);
    }
    CHECK(serves(web));
    CHECK(web.stage->made == 0);
}

TEST_CASE("a body past 64 KiB is refused before it is read, with CORS for WHEP", "[web][attack]") {
    WebFixture web;
    const std::string session = web.join();
    for (const std::size_t size : {64 * 1024 + 1, 1 << 20}) {
        HttpClient client(web.port);
        const HttpAnswer answer = client.ask("POST", "/whep", WebFixture::whep_headers(session), std::string(size, 'v'));
        CHECK(answer.status == 413);
        CHECK(answer.header("Content-Type") == "application/problem+json");
        CHECK(answer.header("Access-Control-Allow-Origin") == "*");
        CHECK(client.closed());
    }
    HttpClient client(web.port);
    CHECK(client.ask("POST", "/whep", WebFixture::whep_headers(session), std::string(64 * 1024, 'v')).status == 409);
}

TEST_CASE("100-continue, chunked bodies, pipelining and HTTP/1.0", "[web]") {
    WebFixture web;
    const std::string body = Json{{"invite", web.invite.id}, {"secret", web.invite.secret}}.dump();
    const std::string head = "POST /api/join HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/json\r\n";
    HttpClient waiting(web.port);
    REQUIRE(waiting.send(head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"));
    REQUIRE(waiting.receive(true).status == 100);
    REQUIRE(waiting.send(body));
    CHECK(waiting.receive().status == 200);

    HttpClient chunked(web.port);
    std::string pieces;
    for (const char c : body) pieces += std::string("1\r\n") + c + "\r\n";
    REQUIRE(chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n" + pieces + "0\r\n\r\n"));
    CHECK(chunked.receive().status == 200);

    HttpClient pipelined(web.port);
    REQUIRE(
        pipelined.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /favicon.svg HTTP/1.1\r\nHost: "
                       "a\r\nConnection: close\r\n\r\n"));
    CHECK(pipelined.receive().status == 200);
    CHECK(pipelined.receive().status == 404);
    const HttpAnswer last = pipelined.receive();
    CHECK(last.header("Content-Type") == "image/svg+xml");
    CHECK(last.header("Connection") == "close");
    CHECK(pipelined.closed());

    HttpClient old(web.port);
    REQUIRE(old.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
    CHECK(old.receive().status == 200);
    CHECK(old.closed());

    HttpClient bytewise(web.port);
    for (const char c : std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) REQUIRE(bytewise.send(std::string(1, c)));
    CHECK(bytewise.receive().status == 200);
}

TEST_CASE("slow clients are closed while others are served", "[web][attack]") {
    web::WebInside inside;
    inside.http.header_within = 150'000'000;
    inside.http.idle_within = 300'000'000;
    WebFixture web(small_show(), inside);
    HttpClient silent(web.port), half(web.port), body(web.port), idle(web.port);
    REQUIRE(half.send("GET / HTTP/1.1\r\nHost: a"));
    REQUIRE(body.send("POST /api/join HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"));
    REQUIRE(idle.ask("GET", "/").status == 200);
    // A byte now and then does not move the deadline.
    HttpClient dripping(web.port);
    const auto began = std::chrono::steady_clock::now();
    bool cut = false;
    while (!cut && std::chrono::steady_clock::now() - began < std::chrono::seconds(5)) {
        cut = !dripping.send("G");
        if (!cut) cut = dripping.closed(std::chrono::milliseconds(20));
        if (!cut) break;  // the client gave up waiting and closed itself
    }
    CHECK(silent.closed());
    CHECK(half.closed());
    CHECK(body.closed());
    CHECK(idle.closed());
    CHECK(serves(web));
}

TEST_CASE("connections are bounded; resting ones make room first", "[web][attack]") {
    web::WebInside inside;
    inside.http.connections_per_address = 8;
    inside.http.give_way_after = 60'000'000'000;  // longer than this test waits for anything
    WebFixture web(small_show(), inside);
    std::vector<std::unique_ptr<HttpClient>> resting;
    for (int i = 0; i < 8; ++i) {
        resting.push_back(std::make_unique<HttpClient>(web.port));
        REQUIRE(resting.back()->ask("GET", "/favicon.svg").status == 200);
    }
    CHECK(serves(web));
    CHECK(resting.front()->closed());
    resting.clear();
    REQUIRE(WebFixture::eventually([&] { return serves(web); }));

    // Eight that say nothing fill the address; the ninth is turned away, and a buyer who has said hello does not count.
    const std::string session = web.join();
    std::vector<std::unique_ptr<SocketClient>> sockets;
    for (int i = 0; i < 20; ++i) {
        sockets.push_back(std::make_unique<SocketClient>(web.port, "/live"));
        REQUIRE(sockets.back()->send(Json{{"type", "hello"}, {"session", session}}.dump()));
        REQUIRE(sockets.back()->receive());
    }
    std::vector<std::unique_ptr<HttpClient>> silent;
    for (int i = 0; i < 8; ++i) {
        silent.push_back(std::make_unique<HttpClient>(web.port));
        REQUIRE(silent.back()->send("GET"));
    }
    CHECK(WebFixture::eventually([&] { return HttpClient(web.port).ask("GET", "/").status == 0; }));
    silent.clear();
    CHECK(WebFixture::eventually([&] { return serves(web); }));
}

TEST_CASE("a buyer who never reads is cut off, the others hear everything", "[web][attack]") {
    web::WebInside inside;
    inside.live.close_within = 50'000'000;
    WebFixture web(small_show(), inside);
    web.go_live();
    const std::string session = web.join();
    const std::string hello = Json{{"type", "hello"}, {"session", session}}.dump();
    SocketClient deaf(web.port, "/live"), reader(web.port, "/live");
    REQUIRE(reader.send(hello));
    REQUIRE(reader.receive());
    REQUIRE(deaf.send(hello));
    const HttpAnswer made = HttpClient(web.port).ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer());
    REQUIRE(made.status == 201);
    REQUIRE(deaf.send(Json{{"type", "want"}, {"scenes", true}, {"peer", made.header("Location").substr(6)}}.dump()));
    REQUIRE(WebFixture::eventually([&] { return web.stage->scenes_wanted == 1; }));

    SceneFrame frame;
    frame.values = {{"note", std::string(900, 'x'), 0}};
    const auto scene = std::make_shared<const SceneFrame>(frame);
    const auto callbacks = web.stage->callbacks();
    REQUIRE(WebFixture::eventually([&] {
        for (std::uint32_t i = 0; i < 500; ++i) callbacks.scene(i, scene);
        return web.stage->scenes_wanted == 0;
    }));
    const auto sockets = [&] { return HttpClient(web.control_port).ask("GET", "/metrics", web.control_headers()).body; };
    CHECK(WebFixture::eventually([&] { return sockets().find("vitrine_ws_clients 1\n") != std::string::npos; }));

    web.move(SessionMove::pause);
    std::string last;
    while (auto text = reader.receive()) {
        last = Json::parse(*text).value("session", last);
        if (last == "paused") break;
    }
    CHECK(last == "paused");
}

TEST_CASE("joining too often is answered 429", "[web][attack]") {
    web::WebInside inside;
    inside.loopback_scale = 1;
    inside.api.join_per_address = {5, 1};
    WebFixture web(small_show(), inside);
    HttpClient client(web.port);
    const std::string body = Json{{"invite", web.invite.id}, {"secret", web.invite.secret}}.dump();
    std::map<int, int> statuses;
    for (int i = 0; i < 50; ++i) {
        const HttpAnswer answer = client.ask("POST", "/api/join", {{"Content-Type", "application/json"}}, body);
        ++statuses[answer.status];
        if (answer.status == 429) CHECK(std::stoi(answer.header("Retry-After")) >= 1);
    }
    CHECK(statuses[200] == 5);
    CHECK(statuses[429] == 45);
}

TEST_CASE("behind a proxy the client's own address counts, and https is believed", "[web][attack]") {
    web::WebInside inside;
    inside.loopback_scale = 1;
    inside.api.join_per_address = {2, 1};
    ShowConfig config = small_show();
    config.behind_proxy = true;
    WebFixture web(config, inside);
    HttpClient client(web.port);
    const std::string body = Json{{"invite", web.invite.id}, {"secret", web.invite.secret}}.dump();
    const auto join = [&](const std::string& forwarded) {
        return client
            .ask("POST", "/api/join",
                 {{"Content-Type", "application/json"},
                  {"X-Forwarded-For", forwarded},
                  {"Origin", "https://show.test"},
                  {"Host", "show.test"}},
                 body)
            .status;
    };
    CHECK(join("198.51.100.1") == 200);
    CHECK(join("203.0.113.1, 198.51.100.1") == 200);
    CHECK(join("203.0.113.2, 198.51.100.1") == 429);
    CHECK(join("198.51.100.2") == 200);
    const HttpAnswer page = client.ask("GET", "/", {{"Host", "show.test"}, {"X-Forwarded-Proto", "https"}});
    CHECK(page.has("Strict-Transport-Security"));
    CHECK(page.header("Content-Security-Policy").find("wss://show.test") != std::string::npos);
}

TEST_CASE("500 random and mangled requests, and the server still serves", "[web][attack]") {
    web::WebInside inside;
    inside.http.header_within = 1'000'000'000;
    WebFixture web(small_show(), inside);
    web.go_live();
    const std::string session = web.join();
    const std::string offer = browser_offer();
    const std::vector<std::string> seeds{
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /whep HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + session +
            "\r\nContent-Type: application/sdp\r\nContent-Length: " + std::to_string(offer.size()) + "\r\n\r\n" + offer,
        "GET /live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n\x81\x85"
        "abcdhello",
        "POST /api/join HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\n{\"a\":\r\n0\r\n\r\n",
        "GET /control/snapshot?after=0&wait_ms=10 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + web.token + "\r\n\r\n",
    };
    std::mt19937 random(20261122);
    for (int i = 0; i < 500; ++i) {
        std::string bytes = seeds[random() % seeds.size()];
        if (i % 10 == 0) {
            bytes.resize(random() % 2000);
            for (char& c : bytes) c = static_cast<char>(random());
        }
        for (unsigned changes = random() % 6; changes > 0 && !bytes.empty(); --changes) {
            const std::size_t at = random() % bytes.size();
            switch (random() % 4) {
                case 0:
                    bytes[at] = static_cast<char>(random());
                    break;
                case 1:
                    bytes.erase(at, 1 + random() % 20);
                    break;
                case 2:
                    bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 200));
                    break;
                default:
                    bytes.insert(at, "\r\n");
            }
        }
        HttpClient client(i % 3 ? web.port : web.control_port);
        client.send(bytes);
        if (i % 5 == 0) client.receive();
    }
    CHECK(serves(web));
    CHECK(web.show->snapshot()->session == SessionState::live);
}
