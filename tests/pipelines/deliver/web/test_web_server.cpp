// The web server over real sockets.

#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "pipelines/deliver/web/json_views.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/desk_acts.h"

using namespace vitrine;
using namespace vitrine::test;

TEST_CASE("the page and its files, with the headers that keep it safe", "[web]") {
    WebFixture web;
    HttpClient client(web.port);
    for (const char* path : {"/", "/j/abc123", "/index.html", "/?lang=zh"}) {
        INFO(path);
        const HttpAnswer page = client.ask("GET", path);
        CHECK(page.status == 200);
        CHECK(page.body.find("<title>Vitrine</title>") != std::string::npos);
        CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
        CHECK(page.header("Cache-Control") == "no-store");
    }
    const HttpAnswer page = client.ask("GET", "/");
    const std::string policy = page.header("Content-Security-Policy");
    for (const std::string part : {"default-src 'none'", "script-src 'self';", "style-src 'self';", "img-src 'self' blob: data:",
                                   "media-src 'self' blob:", "font-src 'self'", "worker-src 'self' blob:", "base-uri 'none'",
                                   "object-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"})
        CHECK(policy.find(part) != std::string::npos);
    CHECK(policy.find("connect-src 'self' ws://127.0.0.1:" + std::to_string(web.port) + ";") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(page.header("X-Content-Type-Options") == "nosniff");
    CHECK(page.header("Referrer-Policy") == "no-referrer");
    CHECK(page.header("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(page.header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(page.header("Permissions-Policy") == "camera=(), microphone=()");
    CHECK_FALSE(page.has("Strict-Transport-Security"));
    CHECK_FALSE(page.has("Set-Cookie"));
    CHECK_FALSE(page.has("Access-Control-Allow-Origin"));

    const HttpAnswer script = client.ask("GET", "/assets/app-0a1b2c3d.js");
    CHECK(script.header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(script.header("Content-Type") == "text/javascript; charset=utf-8");
    const HttpAnswer icon = client.ask("GET", "/favicon.svg");
    CHECK(icon.header("Cache-Control") == "no-cache");
    CHECK(client.ask("GET", "/favicon.svg", {{"If-None-Match", icon.header("ETag")}}).status == 304);
    const HttpAnswer head = client.ask("HEAD", "/favicon.svg");
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == std::to_string(icon.body.size()));
    CHECK(client.ask("GET", "/media/LX-200").header("Content-Type") == "image/png");
    CHECK(client.ask("GET", "/media/other").status == 404);
    CHECK(client.ask("GET", "/nothing").status == 404);
    CHECK(client.ask("POST", "/").header("Allow") == "GET, HEAD");
    CHECK(client.ask("GET", "/live").status == 426);
}

TEST_CASE("joining gives a session, the session gives the show", "[web]") {
    WebFixture web;
    HttpClient client(web.port);
    const auto join = [&](const Json& body, HttpHeaders headers = {{"Content-Type", "application/json"}}) {
        return client.ask("POST", "/api/join", headers, body.dump());
    };
    const Json good{{"invite", web.invite.id}, {"secret", web.invite.secret}, {"language", "zh"}};
    Json program = good;
    program["bearer"] = true;
    const HttpAnswer joined = join(program);
    REQUIRE(joined.status == 200);
    CHECK_FALSE(joined.has("Set-Cookie"));
    CHECK(joined.header("Cache-Control") == "no-store");
    const Json session = Json::parse(joined.body);
    CHECK(session.at("name") == "Ms Li");
    CHECK(session.at("language") == "zh");
    const std::string token = session.at("session");
    CHECK(token.size() >= 32);

    Json wrong = good;
    wrong["secret"] = std::string(32, '0');
    const HttpAnswer refused = join(wrong);
    CHECK(refused.status == 403);
    CHECK(refused.header("Content-Type") == "application/problem+json");
    Json unknown = good;
    unknown["invite"] = "nobody";
    CHECK(join(unknown).body == refused.body);
    CHECK(join(Json::array()).status == 400);
    CHECK(join({{"invite", 7}, {"secret", "x"}}).status == 400);
    CHECK(join(good, {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(join(good, {{"Content-Type", "application/json"}, {"Origin", "https://evil.test"}}).status == 403);
    CHECK(join(good, {{"Content-Type", "application/json"}, {"Origin", web.server->buyer_origin()}}).status == 200);
    CHECK(client.ask("GET", "/api/join").status == 405);

    CHECK(client.ask("GET", "/api/show").status == 401);
    CHECK(client.ask("GET", "/api/show", {{"Authorization", "Bearer nonsense"}}).status == 401);
    const HttpAnswer show = client.ask("GET", "/api/show", {{"Authorization", "Bearer " + token}});
    REQUIRE(show.status == 200);
    const Json document = Json::parse(show.body);
    CHECK(document.at("title").at("zh") == "春季新品");
    CHECK(document.at("products").at(0).at("image") == "/media/LX-200");
    CHECK(document.at("products").at(0).at("callouts").at(0).at("at") == Json({60.0, 35.0, 0.0}));
    CHECK(document.at("ice_servers").at(0).at("urls") == "stun:stun.example.org:3478");
    CHECK_FALSE(document.contains("scenes"));
}

TEST_CASE("a WHEP session from offer to end", "[web][whep]") {
    WebFixture web;
    const std::string session = web.join();
    HttpClient client(web.port);
    const auto post = [&] { return client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()); };
    const HttpAnswer early = post();
    CHECK(early.status == 409);
    CHECK(early.has("Retry-After"));
    web.go_live();
    const HttpAnswer made = post();
    REQUIRE(made.status == 201);
    CHECK(made.body == fake_answer);
    CHECK(made.header("Content-Type") == "application/sdp");
    CHECK(made.header("Access-Control-Allow-Origin") == "*");
    CHECK(made.header("Access-Control-Expose-Headers") == "Location, ETag, Link");
    CHECK(made.header("Cache-Control") == "no-store");
    CHECK(made.header("Link") == "<stun:stun.example.org:3478>; rel=\"ice-server\"");
    const std::string location = made.header("Location");
    REQUIRE(location.size() == 6 + 32);
    CHECK(WebFixture::eventually([&] { return web.show->snapshot()->buyers == 1; }));
    CHECK(WebFixture::eventually([&] { return web.server->viewers() == 1; }));

    const auto trickle =
        WebFixture::whep_headers(session, {{"Content-Type", "application/trickle-ice-sdpfrag"}, {"If-Match", made.header("ETag")}});
    const HttpAnswer patched =
        client.ask("PATCH", location, trickle, "a=ice-ufrag:EsAw\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n" + candidate_line(1));
    CHECK(patched.status == 204);
    CHECK(patched.body.empty());
    CHECK_FALSE(patched.has("ETag"));
    CHECK(WebFixture::eventually([&] { return web.stage->candidates().size() == 1; }));
    CHECK(web.stage->candidates().at(0).substr(0, 12) == "1 candidate:");

    CHECK(client.ask("DELETE", location, WebFixture::whep_headers(web.join(), {})).status == 404);
    CHECK(web.stage->destroyed == 0);
    CHECK(client.ask("DELETE", location, WebFixture::whep_headers(session, {})).status == 200);
    CHECK(client.ask("DELETE", location, WebFixture::whep_headers(session, {})).status == 404);
    CHECK(WebFixture::eventually([&] { return web.stage->destroyed == 1 && web.server->viewers() == 0; }));
    CHECK(WebFixture::eventually([&] { return web.show->snapshot()->buyers == 0; }));
}

TEST_CASE("a peer that cannot or does not answer", "[web][whep]") {
    web::WebInside inside;
    inside.whep.answer_within = 50'000'000;
    WebFixture web(small_show(), inside);
    web.go_live();
    const std::string session = web.join();
    HttpClient client(web.port);
    const auto post = [&] { return client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()).status; };
    web.stage->manner = PeerStage::Manner::refuses;
    CHECK(post() == 422);
    web.stage->manner = PeerStage::Manner::fails;
    CHECK(post() == 500);
    web.stage->manner = PeerStage::Manner::silent;
    CHECK(post() == 504);
    CHECK(WebFixture::eventually([&] { return web.stage->made == 3 && web.stage->destroyed == 3; }));
    web.stage->manner = PeerStage::Manner::answers;
    CHECK(post() == 201);
    web.stage->callbacks().gone("ICE failed");
    CHECK(WebFixture::eventually([&] { return web.stage->destroyed == 4; }));
}

TEST_CASE("the socket: hello, snapshots, ping, scenes, the end", "[web][socket]") {
    WebFixture web;
    const std::string session = web.join();
    SocketClient socket(web.port, "/live", {{"Origin", web.server->buyer_origin()}});
    REQUIRE(socket.open());
    REQUIRE(socket.send(Json{{"type", "hello"}, {"session", session}, {"language", "en"}}.dump()));
    Json first = Json::parse(socket.receive().value());
    CHECK(first.at("type") == "snapshot");
    CHECK(first.at("session") == "idle");
    CHECK(WebFixture::eventually([&] { return web.show->snapshot()->buyers == 1; }));

    const auto next_of = [&](const std::string& type) {
        while (auto text = socket.receive()) {
            Json message = Json::parse(*text);
            if (message.at("type") == type) return message;
        }
        return Json();
    };
    web.go_live();
    Json live;
    while (!live.is_object() || live.at("session") != "live") {
        live = next_of("snapshot");
        REQUIRE(live.is_object());
    }
    socket.send(R"({"type":"ping","t":12.5})");
    const Json pong = next_of("pong");
    CHECK(pong.at("t") == 12.5);
    CHECK(pong.at("time_us").get<std::int64_t>() > 1'600'000'000'000'000);

    HttpClient client(web.port);
    const HttpAnswer made = client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer());
    REQUIRE(made.status == 201);
    socket.send(Json{{"type", "want"}, {"scenes", true}, {"peer", made.header("Location").substr(6)}}.dump());
    REQUIRE(WebFixture::eventually([&] { return web.stage->scenes_wanted == 1; }));
    SceneFrame frame;
    frame.number = 42;
    web.stage->callbacks().scene(90'000, std::make_shared<const SceneFrame>(frame));
    const Json scene = next_of("scene");
    CHECK(scene.at("rtp") == 90'000);
    const auto cbor = to_cbor(frame);
    CHECK(scene.at("cbor") == web::base64(cbor.data(), cbor.size()));

    web.move(SessionMove::end);
    const Json ended = next_of("ended");
    CHECK(ended.at("reason").get<std::string>().size() > 5);
    CHECK(socket.close_code() == 1000);
    CHECK(WebFixture::eventually([&] { return web.stage->destroyed == 1; }));
    CHECK(WebFixture::eventually([&] { return web.show->snapshot()->buyers == 0; }));
}

TEST_CASE("a buyer counts once, a helper not, and nobody who has left", "[web][socket]") {
    WebFixture web;
    web.go_live();
    const auto page = [&](const std::string& session) {
        auto socket = std::make_unique<SocketClient>(web.port, "/live", HttpHeaders{{"Origin", web.server->buyer_origin()}});
        REQUIRE(socket->open());
        REQUIRE(socket->send(Json{{"type", "hello"}, {"session", session}, {"language", "en"}}.dump()));
        REQUIRE(socket->receive());
        return socket;
    };
    const auto buyers = [&](int count) { return WebFixture::eventually([&] { return web.show->snapshot()->buyers == count; }); };
    const auto listed = [&] {
        const auto desk = web.show->snapshot()->desk;
        return std::count_if(desk->presence.begin(), desk->presence.end(), [](const auto& one) { return one.second.sockets > 0; });
    };
    const std::string session = web.join();
    auto one = page(session), two = page(session);
    CHECK(HttpClient(web.port).ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()).status == 201);
    CHECK(buyers(1));
    desk::MakeInvite for_helper;
    for_helper.role = desk::Role::helper;
    const auto made = test::do_act(*web.show, for_helper).value();
    const Json door{{"invite", made.id}, {"secret", made.secret}, {"language", "en"}, {"bearer", true}};
    const HttpAnswer joined = HttpClient(web.port).ask("POST", "/api/join", {{"Content-Type", "application/json"}}, door.dump());
    REQUIRE(joined.status == 200);
    const auto helper = page(Json::parse(joined.body).at("session").get<std::string>());
    CHECK(WebFixture::eventually([&] { return listed() == 2; }));
    CHECK(web.show->snapshot()->buyers == 1);
    // The page is closed; its stream is not known to be dead yet.
    one.reset();
    two.reset();
    CHECK(buyers(0));
    CHECK(WebFixture::eventually([&] { return listed() == 1; }));
    CHECK(web.server->viewers() == 1);
}

TEST_CASE("sockets that are turned away", "[web][socket]") {
    web::WebInside inside;
    inside.live.hello_within = 60'000'000;
    WebFixture web(small_show(), inside);
    CHECK_FALSE(SocketClient(web.port, "/live", {{"Origin", "https://evil.test"}}).open());
    CHECK_FALSE(SocketClient(web.port, "/live", {{"Origin", "null"}}).open());
    CHECK_FALSE(SocketClient(web.port, "/other").open());

    SocketClient silent(web.port, "/live");
    CHECK(silent.close_code() == 4401);
    const auto code_after = [&](const std::string& text, bool binary = false) {
        SocketClient socket(web.port, "/live");
        REQUIRE(socket.open());
        socket.send(text, binary);
        return socket.close_code();
    };
    CHECK(code_after(R"({"type":"hello","session":"wrong"})") == 4401);
    CHECK(code_after(R"({"type":"ping"})") == 4401);
    CHECK(code_after("not json") == 4401);
    CHECK(code_after(std::string(16 * 1024 + 1, '[')) == 1009);
    CHECK(code_after(std::string(16'000, '[')) == 4401);
    CHECK(code_after("binary", true) == 1003);

    const std::string hello = Json{{"type", "hello"}, {"session", web.join()}}.dump();
    SocketClient flood(web.port, "/live");
    REQUIRE(flood.send(hello));
    for (int i = 0; i < 100 && flood.send(R"({"type":"language","language":"zh"})"); ++i) {
    }
    CHECK(flood.close_code() == 1008);
    SocketClient vague(web.port, "/live");
    REQUIRE(vague.send(hello));
    vague.send("{\"type\":7}");
    CHECK(vague.close_code() == 1007);
}

TEST_CASE("a revoked invite ends sockets and streams", "[web]") {
    web::WebInside inside;
    inside.check_sessions_every = 20'000'000;
    WebFixture web(small_show(), inside);
    web.go_live();
    const std::string session = web.join();
    SocketClient socket(web.port, "/live");
    REQUIRE(socket.send(Json{{"type", "hello"}, {"session", session}}.dump()));
    REQUIRE(socket.receive());
    HttpClient client(web.port);
    REQUIRE(client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()).status == 201);
    REQUIRE(do_act(*web.show, desk::RevokeInvite{web.invite.id}));
    CHECK(socket.close_code() == 4403);
    CHECK(WebFixture::eventually([&] { return web.stage->destroyed == 1; }));
    CHECK(client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()).status == 401);
}

TEST_CASE("commands and snapshots at the control door", "[web][control]") {
    WebFixture web;
    struct stat file {};
    REQUIRE(::stat((web.folder.path / "control" / "token").c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
    CHECK(web.token.size() == 64);
    HttpClient client(web.control_port);
    const auto command = [&](const std::string& body) { return client.ask("POST", "/control/command", web.control_headers(), body); };
    const HttpAnswer prepared = command(R"({"command":"prepare"})");
    REQUIRE(prepared.status == 200);
    const auto version = Json::parse(prepared.body).at("version").get<std::uint64_t>();
    CHECK(command(R"({"command":"resume"})").status == 422);
    CHECK(command(R"({"command":"explode"})").status == 400);
    CHECK(command("[]").status == 400);
    CHECK(command("{").status == 400);
    CHECK(
        client.ask("POST", "/control/command", web.control_headers({{"Content-Type", "text/plain"}}), R"({"command":"go_live"})").status ==
        415);
    CHECK(client.ask("GET", "/control/command", web.control_headers()).status == 405);

    const HttpAnswer snapshot = client.ask("GET", "/control/snapshot", web.control_headers());
    REQUIRE(snapshot.status == 200);
    CHECK(Json::parse(snapshot.body).at("session") == "ready");
    CHECK_FALSE(snapshot.has("Access-Control-Allow-Origin"));
    CHECK(client.ask("GET", "/control/snapshot?after=x", web.control_headers()).status == 400);
    CHECK(client.ask("GET", "/control/snapshot?wait_ms=6000", web.control_headers()).status == 400);

    // A long poll answers when a command makes a newer snapshot.
    const auto newest = Json::parse(client.ask("GET", "/control/snapshot", web.control_headers()).body).at("version").get<std::uint64_t>();
    CHECK(newest >= version);
    HttpClient poll(web.control_port);
    std::string request = "GET /control/snapshot?after=" + std::to_string(newest) +
                          "&wait_ms=5000 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(web.control_port) + "\r\nAuthorization: Bearer " +
                          web.token + "\r\n\r\n";
    REQUIRE(poll.send(request));
    REQUIRE(command(R"({"command":"go_live"})").status == 200);
    const Json polled = Json::parse(poll.receive().body);
    CHECK(polled.at("version").get<std::uint64_t>() > newest);
    CHECK(polled.at("session") == "live");
    // And when its time is over.
    const auto last = polled.at("version").get<std::uint64_t>() + 1000;
    CHECK(client.ask("GET", "/control/snapshot?after=" + std::to_string(last) + "&wait_ms=30", web.control_headers()).status == 200);

    const Json document = Json::parse(client.ask("GET", "/control/show", web.control_headers()).body);
    CHECK(document.at("scenes").at(1).at("layout") == "side-by-side");
    CHECK(document.at("preview") == "/vitrine-test");
    CHECK(document.at("buyer_url") == web.server->buyer_origin());
    const std::string metrics = client.ask("GET", "/metrics", web.control_headers()).body;
    for (const char* line : {"vitrine_viewers 0\n", "vitrine_session_state{state=\"live\"} 1\n", "vitrine_extra 7\n",
                             "vitrine_http_responses_total{status=\"422\"} 1\n", "vitrine_ws_clients 0\n"}) {
        INFO(line);
        CHECK(metrics.find(line) != std::string::npos);
    }
    CHECK(client.ask("GET", "/healthz").body == "ok\n");
    CHECK(client.ask("GET", "/metrics").status == 401);
}

TEST_CASE("the control door opens to the token, our own host and our own origin only", "[web][control]") {
    WebFixture web;
    HttpClient client(web.control_port);
    const std::string body = R"({"command":"prepare"})";
    const std::string port = std::to_string(web.control_port);
    const auto status = [&](HttpHeaders headers, bool with_token = true) {
        headers.emplace_back("Content-Type", "application/json");
        if (with_token) headers.emplace_back("Authorization", "Bearer " + web.token);
        HttpClient fresh(web.control_port);
        return fresh.ask("POST", "/control/command", headers, body).status;
    };
    CHECK(status({}, false) == 401);
    CHECK(status({{"Authorization", "Bearer " + std::string(64, '0')}}, false) == 401);
    CHECK(status({{"Authorization", "Basic " + web.token}}, false) == 401);
    CHECK(status({{"Authorization", "Bearer " + web.token}}) == 401);
    CHECK(status({{"Host", "evil.test:" + port}}) == 403);
    CHECK(status({{"Host", "evil.test"}}) == 403);
    CHECK(status({{"Host", "127.0.0.1"}}) == 403);
    CHECK(status({{"Host", "127.0.0.1:" + port + ".evil.test"}}) == 403);
    CHECK(status({{"Host", "127.0.0.1:" + port}, {"Host", "evil.test"}}) == 400);
    CHECK(status({{"Host", "127.0.0.1:" + port}, {"Host", "127.0.0.1:" + port}}) == 400);
    CHECK(status({{"Host", "127.0.0.1:" + port + ",evil.test"}}) == 400);
    CHECK(status({{"Origin", "https://evil.test"}}) == 403);
    CHECK(status({{"Origin", "null"}}) == 403);
    CHECK(status({{"Origin", web.server->buyer_origin()}}) == 403);
    CHECK(status({{"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(web.show->snapshot()->session == SessionState::idle);
    CHECK(client.ask("OPTIONS", "/control/command", {{"Origin", "https://evil.test"}, {"Access-Control-Request-Method", "POST"}}).status ==
          403);
    CHECK_FALSE(SocketClient(web.control_port, "/live").open());
    CHECK(status({{"Host", "localhost:" + port}, {"Origin", "http://localhost:" + port}}) == 200);
    CHECK(web.show->snapshot()->session == SessionState::ready);
}

TEST_CASE("stopping tells the buyers, ends the peers and takes the token away", "[web]") {
    auto web = std::make_unique<WebFixture>();
    web->go_live();
    const std::string session = web->join();
    SocketClient socket(web->port, "/live");
    REQUIRE(socket.send(Json{{"type", "hello"}, {"session", session}}.dump()));
    REQUIRE(socket.receive());
    HttpClient client(web->port);
    REQUIRE(client.ask("POST", "/whep", WebFixture::whep_headers(session), browser_offer()).status == 201);
    const auto stage = web->stage;
    const auto token = web->folder.path / "control" / "token";
    std::thread stopper([&] { web->server.reset(); });
    std::string last;
    while (auto text = socket.receive()) last = *text;
    CHECK(Json::parse(last).at("type") == "ended");
    CHECK(socket.close_code() == 1000);
    stopper.join();
    CHECK(stage->destroyed == 1);
    CHECK_FALSE(fs::exists(token));
    CHECK(client.closed());
}

TEST_CASE("what keeps the server from starting is said", "[web]") {
    WebFixture web;
    TemporaryFolder folder;
    const auto start = [&](ShowConfig config, fs::path page) {
        Show show(std::make_shared<const ShowConfig>(std::move(config)));
        Buyers buyers(show);
        WebOptions options;
        options.page = std::move(page);
        options.token_file = folder.path / "token";
        web::WebInside inside;
        inside.make_peer = fake_peers(web.stage);
        const auto started = web::start_web_server(show, buyers, options, inside);
        return started ? std::string() : started.error().message;
    };
    const fs::path page = web.folder.path / "page";
    CHECK(start(small_show(), folder.path).find("build it first") != std::string::npos);
    ShowConfig taken = small_show();
    taken.listen_port = web.port;
    CHECK(start(taken, page).find("--port") != std::string::npos);
    ShowConfig open = small_show();
    open.listen_address = "0.0.0.0";
    CHECK(start(open, page).find("TLS") != std::string::npos);
    open.behind_proxy = true;
    CHECK(start(open, page).empty());
    ShowConfig tls = small_show();
    tls.tls = TlsConfig{folder.path / "none.pem", folder.path / "none.key"};
    CHECK(start(tls, page).find("none.pem") != std::string::npos);
    CHECK(start(small_show(), page).empty());
}
