// The WHEP table without sockets: each row of the conformance list that falls to the server, by its number.

#include <map>

#include "pipelines/deliver/web/whep.h"
#include "tests/pipelines/deliver/web/offers.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using web::Header;
using web::Request;
using web::Response;

namespace {

constexpr Nanoseconds second = 1'000'000'000;

struct Host final : web::WhepHost {
    std::map<std::string, std::string> sessions{{"alice-token", "alice"}, {"bob-token", "bob"}};
    SessionState state = SessionState::live;
    std::vector<std::string> opened, closed, candidates;
    std::string offer;
    bool connects = true;
    std::set<std::string> personal, helpers, never_connects;  ///< sessions by their ids; streams
    std::map<std::string, std::string> links;                 ///< by session

    std::optional<BuyerSession> check(const std::string& token) override {
        const auto found = sessions.find(token);
        if (found == sessions.end()) return std::nullopt;
        BuyerSession session;
        session.id = found->second;
        session.personal = personal.contains(session.id);
        if (helpers.contains(session.id)) session.role = desk::Role::helper;
        if (const auto link = links.find(session.id); link != links.end()) session.invite = link->second;
        return session;
    }
    SessionState session() override { return state; }
    void open(const std::string& id, std::string text) override {
        opened.push_back(id);
        offer = std::move(text);
    }
    void close(const std::string& id) override { closed.push_back(id); }
    bool connected(const std::string& id) override { return connects && !never_connects.contains(id); }
    void add_candidate(const std::string&, unsigned mline, const std::string& candidate) override {
        candidates.push_back(std::to_string(mline) + " " + candidate);
    }
};

struct Bench {
    explicit Bench(web::WhepLimits limits = {}) : whep(host, limits, {"stun:stun.example.org:3478", "stun://[2001:db8::1]:3478"}) {}

    /// Nothing while the answer is still to come.
    std::optional<Response> ask(const std::string& method, const std::string& path, std::vector<Header> headers = {}, std::string body = {},
                                const std::string& address = "203.0.113.9") {
        Request request;
        request.method = method;
        request.path = path;
        request.headers = std::move(headers);
        request.token = request.bearer();
        request.body = std::move(body);
        request.address = address;
        auto answer = std::make_shared<std::optional<Response>>();
        last = answer;
        whep.handle(request, now, [answer](Response response) {
            REQUIRE_FALSE(answer->has_value());
            *answer = std::move(response);
        });
        return *answer;
    }
    static std::vector<Header> as(const std::string& token, std::vector<Header> more = {}) {
        more.push_back({"authorization", "Bearer " + token});
        return more;
    }
    std::optional<Response> post(const std::string& token = "alice-token", std::string body = browser_offer(),
                                 const std::string& type = "application/sdp", const std::string& address = "203.0.113.9") {
        return ask("POST", "/whep", as(token, {{"content-type", type}}), std::move(body), address);
    }
    /// An offer of a guest of that link, from that address; the status at once, 0 when it is being set up.
    int offers(const std::string& name, const std::string& link = "open", const std::string& address = "203.0.113.9") {
        host.sessions[name] = name;
        host.links[name] = link;
        const auto answer = post(name, browser_offer(), "application/sdp", address);
        if (answer) return answer->status;
        whep.answered(host.opened.back(), Result<std::string>("v=0\r\nanswer"));
        return 0;
    }
    bool there(const Response& session) { return ask("GET", header(session, "Location"), as("alice-token"))->status == 200; }
    /// A session that has its answer.
    Response made(const std::string& token = "alice-token") {
        REQUIRE_FALSE(post(token));
        const auto answer = last;
        whep.answered(host.opened.back(), Result<std::string>("v=0\r\nanswer"));
        REQUIRE(answer->has_value());
        REQUIRE((*answer)->status == 201);
        return **answer;
    }
    std::optional<Response> patch(const Response& session, std::vector<Header> headers, std::string body,
                                  const std::string& token = "alice-token", const std::string& type = "application/trickle-ice-sdpfrag") {
        headers.push_back({"content-type", type});
        return ask("PATCH", header(session, "Location"), as(token, std::move(headers)), std::move(body));
    }
    static std::string header(const Response& response, const char* name) {
        const std::string* value = response.header(name);
        return value ? *value : std::string();
    }

    Host host;
    web::Whep whep;
    Nanoseconds now = 1000 * second;
    std::shared_ptr<std::optional<Response>> last;
};

const std::string fragment =
    "a=ice-ufrag:EsAw\r\na=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + candidate_line(1);

}  // namespace

TEST_CASE("rows 1 to 4: OPTIONS, GET and HEAD need no token", "[whep]") {
    Bench bench;
    const auto options = bench.ask("OPTIONS", "/whep");
    CHECK(options->status == 200);
    CHECK(Bench::header(*options, "Accept-Post") == "application/sdp");
    CHECK(Bench::header(*options, "Access-Control-Allow-Origin") == "*");
    CHECK(Bench::header(*options, "Access-Control-Allow-Methods").empty());

    const auto preflight = bench.ask("OPTIONS", "/whep", {{"origin", "https://a.test"}, {"access-control-request-method", "POST"}});
    CHECK(preflight->status == 200);
    CHECK(Bench::header(*preflight, "Access-Control-Allow-Methods") == "POST, PATCH, DELETE, OPTIONS");
    CHECK(Bench::header(*preflight, "Access-Control-Allow-Headers") == "Authorization, Content-Type, If-Match");
    CHECK(Bench::header(*preflight, "Link").empty());
    CHECK(bench.ask("OPTIONS", "/whep/00112233445566778899aabbccddeeff")->status == 200);

    const auto get = bench.ask("GET", "/whep"), head = bench.ask("HEAD", "/whep");
    CHECK(get->status == 200);
    CHECK(get->text().empty());
    CHECK(head->status == 200);
    CHECK(head->head);
    CHECK(Bench::header(*head, "Content-Type") == "application/sdp");
    REQUIRE(get->headers.size() == head->headers.size());
    for (std::size_t i = 0; i < get->headers.size(); ++i) CHECK(get->headers[i].value == head->headers[i].value);

    const Response session = bench.made();
    const auto read = bench.ask("GET", Bench::header(session, "Location"), Bench::as("alice-token"));
    CHECK(read->status == 200);
    CHECK(read->text().empty());
    CHECK(bench.ask("PUT", "/whep")->status == 405);
    CHECK(bench.ask("PUT", Bench::header(session, "Location"), Bench::as("alice-token"))->status == 405);
}

TEST_CASE("rows 5, 6 and 35: 201 with location, entity tag and ICE servers", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    CHECK(session.text() == "v=0\r\nanswer");
    CHECK(Bench::header(session, "Content-Type") == "application/sdp");
    CHECK(Bench::header(session, "Location") == "/whep/" + bench.host.opened.back());
    CHECK(bench.host.opened.back().size() == 32);
    const std::string etag = Bench::header(session, "ETag");
    CHECK(etag.size() == 18);
    CHECK(etag.front() == '"');
    CHECK(Bench::header(session, "Cache-Control") == "no-store");
    CHECK(Bench::header(session, "Access-Control-Expose-Headers") == "Location, ETag, Link");
    std::vector<std::string> links;
    for (const Header& h : session.headers)
        if (h.name == "Link") links.push_back(h.value);
    CHECK(links ==
          std::vector<std::string>{"<stun:stun.example.org:3478>; rel=\"ice-server\"", "<stun:[2001:db8::1]:3478>; rel=\"ice-server\""});
    CHECK(bench.host.offer == browser_offer());
    CHECK_FALSE(bench.post("alice-token", browser_offer(), "application/sdp; charset=utf-8"));
    CHECK_FALSE(bench.post("alice-token", browser_offer(), "Application/SDP"));
}

TEST_CASE("rows 8 to 11, 14 and 15: what POST refuses", "[whep]") {
    struct Row {
        const char* what;
        int status;
        std::vector<Header> headers;
        std::string body;
    };
    const Header sdp{"content-type", "application/sdp"}, alice{"authorization", "Bearer alice-token"};
    const std::vector<Row> rows{
        {"no token", 401, {sdp}, browser_offer()},
        {"unknown token", 401, {sdp, {"authorization", "Bearer nobody"}}, browser_offer()},
        {"another scheme", 401, {sdp, {"authorization", "Basic alice-token"}}, browser_offer()},
        {"two tokens", 401, {sdp, alice, alice}, browser_offer()},
        {"no type", 415, {alice}, browser_offer()},
        {"two types", 415, {alice, sdp, sdp}, browser_offer()},
        {"text/plain", 415, {alice, {"content-type", "text/plain"}}, browser_offer()},
        {"empty", 400, {alice, sdp}, ""},
        {"malformed", 400, {alice, sdp}, "v=0\r\nnonsense"},
        {"too large", 413, {alice, sdp}, browser_offer() + std::string(64 * 1024, 'a')},
        {"sendonly", 422, {alice, sdp}, offer_head() + video_section("sendonly") + audio_section("sendonly")},
        {"inactive", 422, {alice, sdp}, offer_head() + video_section("inactive") + audio_section("inactive")},
        {"no usable codec", 422, {alice, sdp}, offer_head("") + video_section("recvonly", "0", "VP9/90000")},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        Bench bench;
        const auto answer = bench.ask("POST", "/whep", row.headers, row.body);
        REQUIRE(answer);
        CHECK(answer->status == row.status);
        CHECK(Bench::header(*answer, "Content-Type") == "application/problem+json");
        CHECK(Bench::header(*answer, "Access-Control-Allow-Origin") == "*");
        CHECK(Bench::header(*answer, "WWW-Authenticate").empty() == (row.status != 401));
        if (row.status == 401) CHECK(Bench::header(*answer, "WWW-Authenticate").substr(0, 6) == "Bearer");
        CHECK(bench.host.opened.empty());
        CHECK(bench.whep.size() == 0);
    }
}

TEST_CASE("row 14: an offer that the media side refuses leaves nothing behind", "[whep]") {
    Bench bench;
    CHECK_FALSE(bench.post());
    bench.whep.answered(bench.host.opened.back(), fail("no codec in common", ErrorKind::bad_input));
    CHECK((*bench.last)->status == 422);
    CHECK(bench.host.closed == bench.host.opened);
    CHECK(bench.whep.size() == 0);
    CHECK_FALSE(bench.post());
    bench.whep.answered(bench.host.opened.back(), fail("no pipeline"));
    CHECK((*bench.last)->status == 500);
}

TEST_CASE("row 16: only a show that is live or paused has a stream", "[whep]") {
    Bench bench;
    for (const SessionState state : {SessionState::idle, SessionState::ready, SessionState::ended}) {
        bench.host.state = state;
        const auto answer = bench.post();
        REQUIRE(answer);
        CHECK(answer->status == 409);
        CHECK_FALSE(Bench::header(*answer, "Retry-After").empty());
    }
    bench.host.state = SessionState::paused;
    CHECK_FALSE(bench.post());
}

TEST_CASE("row 17: the viewer cap", "[whep]") {
    web::WhepLimits limits;
    limits.viewers = 2;
    Bench bench(limits);
    bench.made("alice-token");
    bench.made("alice-token");
    const auto full = bench.post("bob-token");
    REQUIRE(full);
    CHECK(full->status == 503);
    CHECK_FALSE(Bench::header(*full, "Retry-After").empty());
    // One's own third stream takes the place of one's first.
    bench.made("alice-token");
    CHECK(bench.whep.size() == 2);
    CHECK(bench.host.closed == std::vector<std::string>{bench.host.opened.front()});
}

TEST_CASE("row 18: rates per session and per network, and pending streams", "[whep]") {
    web::WhepLimits limits;
    limits.post_per_session = {3, 6};
    Bench bench(limits);
    for (int i = 0; i < 3; ++i) bench.made();
    const auto answer = bench.post();
    REQUIRE(answer);
    CHECK(answer->status == 429);
    CHECK(Bench::header(*answer, "Retry-After") == "10");
    bench.now += 10 * second;
    bench.made();

    web::WhepLimits narrow;
    narrow.connecting.per_address = 2;
    Bench crowd(narrow);
    crowd.host.connects = false;
    crowd.host.sessions["carol-token"] = "carol";
    CHECK_FALSE(crowd.post("bob-token"));
    crowd.made("bob-token");
    CHECK(crowd.post("carol-token")->status == 429);
    CHECK_FALSE(
        crowd.ask("POST", "/whep", Bench::as("carol-token", {{"content-type", "application/sdp"}}), browser_offer(), "198.51.100.4"));
    crowd.host.connects = true;
    CHECK_FALSE(crowd.post("carol-token"));

    web::WhepLimits few;
    few.post_per_address = {5, 60};
    Bench flooded(few);
    int refused = 0;
    for (int i = 0; i < 100; ++i) refused += flooded.ask("POST", "/whep")->status == 429;
    CHECK(refused == 95);
    CHECK(flooded.ask("POST", "/whep", {}, {}, "198.51.100.4")->status == 401);
}

TEST_CASE("offers that never connect take no viewer's place, and leave room for invited people and helpers", "[whep][shares]") {
    Bench bench;
    bench.host.connects = false;
    const web::Share share = web::WhepLimits().connecting;
    // From ever new addresses and links, so that only the share of all guests stops them.
    int taken = 0;
    for (int i = 0; i < 100; ++i)
        taken += bench.offers("g" + std::to_string(i), "link" + std::to_string(i / 10), "203.0.113." + std::to_string(i)) == 0;
    CHECK(taken == share.for_guests());
    CHECK(bench.offers("late guest", "another link", "198.51.100.1") == 429);
    bench.host.personal = {"vip", "vip2"};
    bench.host.helpers = {"mei"};
    CHECK(bench.offers("vip", "own", "198.51.100.1") == 0);
    for (int i = 0; i < 100; ++i) {
        const std::string name = "vip" + std::to_string(10 + i);
        bench.host.personal.insert(name);
        taken += bench.offers(name, name, "198.51.100." + std::to_string(i)) == 0;
    }
    CHECK(taken + 1 == share.for_invited());
    CHECK(bench.offers("mei", "helper", "198.51.100.1") == 0);

    // Whoever has taken long to connect gives way to those who come, and nobody else.
    const std::size_t closed = bench.host.closed.size();
    bench.now += 2 * second;
    CHECK(bench.offers("later guest", "another link", "198.51.100.2") == 429);
    CHECK(bench.host.closed.size() == closed);
    bench.now += 1 * second;
    CHECK(bench.offers("latest guest", "another link", "198.51.100.2") == 0);
    REQUIRE(bench.host.closed.size() == closed + 1);
    CHECK(bench.host.closed.back() == bench.host.opened.front());
}

TEST_CASE("guests of one link or address leave places to the others", "[whep][shares]") {
    web::WhepLimits limits;
    limits.post_per_address = {1000, 1000};
    const auto connected = [&](auto link_of, auto address_of) {
        Bench bench(limits);
        int there = 0;
        for (int i = 0; i < 100; ++i) there += bench.offers("g" + std::to_string(i), link_of(i), address_of(i)) == 0;
        bench.host.personal = {"vip"};
        CHECK(bench.offers("vip", "own", "203.0.113.1") == 0);
        return std::pair{there, bench.offers("other", "other link", "198.51.100.9")};
    };
    const web::Share share = web::share_of_viewers(60);
    const auto own_address = [](int i) { return "203.0.113." + std::to_string(i); };
    const auto one_link = [](int) { return std::string("open"); };
    const auto by_link = connected(one_link, own_address);
    CHECK(by_link.first == share.per_link);
    CHECK(by_link.second == 0);
    const auto by_address = connected([](int i) { return "link" + std::to_string(i); }, [](int) { return std::string("203.0.113.1"); });
    CHECK(by_address.first == share.per_address);
    CHECK(by_address.second == 0);
    const auto all = connected([](int i) { return "link" + std::to_string(i % 9); }, own_address);
    CHECK(all.first == share.for_guests());
    CHECK(all.second == 503);
    CHECK(share.for_guests() == 52);
    CHECK(share.for_invited() == 58);
}

TEST_CASE("when more connect than there are places the last one goes, not one that runs", "[whep][shares]") {
    web::WhepLimits limits;
    limits.viewers = 2;
    Bench bench(limits);
    bench.host.connects = false;
    for (int i = 0; i < 3; ++i) CHECK(bench.offers("g" + std::to_string(i), "open", "203.0.113." + std::to_string(i)) == 0);
    bench.host.never_connects = {bench.host.opened[2]};
    bench.host.connects = true;
    bench.whep.tick(bench.now);
    CHECK(bench.whep.size() == 3);
    bench.host.never_connects.clear();
    bench.whep.tick(bench.now);
    CHECK(bench.whep.size() == 2);
    CHECK(bench.host.closed == std::vector<std::string>{bench.host.opened[2]});
}

TEST_CASE("a refused POST, and a stream that never connects, end nothing that runs", "[whep]") {
    web::WhepLimits limits;
    limits.post_per_session = {100, 100};
    Bench bench(limits);
    const Response one = bench.made(), two = bench.made();
    const auto both_there = [&] { return bench.there(one) && bench.there(two); };
    // Refused by the media side, not answered in time, for want of a place, by the show's state.
    CHECK_FALSE(bench.post());
    bench.whep.answered(bench.host.opened.back(), fail("no pipeline"));
    CHECK((*bench.last)->status == 500);
    CHECK(both_there());
    CHECK_FALSE(bench.post());
    bench.whep.tick(bench.now += 6 * second);
    CHECK((*bench.last)->status == 504);
    CHECK(both_there());
    CHECK(bench.post("alice-token", "v=0\r\nnonsense")->status == 400);
    bench.host.state = SessionState::idle;
    CHECK(bench.post()->status == 409);
    bench.host.state = SessionState::live;
    bench.host.connects = false;
    for (int i = 0; i < 40; ++i) bench.offers("g" + std::to_string(i), "open" + std::to_string(i / 10), "198.51.100." + std::to_string(i));
    CHECK(bench.post()->status == 429);
    CHECK(both_there());
    CHECK(bench.patch(one, {{"if-match", "*"}}, "a=ice-ufrag:NewU\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n")->status == 422);
    CHECK(bench.ask("DELETE", Bench::header(one, "Location"), Bench::as("bob-token"))->status == 404);
    CHECK(both_there());
    // Answered, and never connects.
    bench.now += 4 * second;
    bench.made();
    CHECK(both_there());
    // It connects: now it has taken the oldest one's place.
    bench.host.connects = true;
    bench.whep.tick(bench.now);
    CHECK_FALSE(bench.there(one));
    CHECK(bench.there(two));
}

TEST_CASE("of one's own offers that do not connect the oldest gives way", "[whep]") {
    Bench bench;
    bench.host.connects = false;
    const Response first = bench.made(), second_one = bench.made();
    bench.made();
    CHECK_FALSE(bench.there(first));
    CHECK(bench.there(second_one));
    CHECK(bench.whep.size() == 2);
    CHECK(bench.whep.sessions().empty());  // nobody is here for an offer
}

TEST_CASE("fragments of an offer with a transport for each m-line", "[whep]") {
    Bench bench;
    std::string offer = browser_offer();
    offer.replace(offer.rfind("a=ice-ufrag:EsAw"), 16, "a=ice-ufrag:Snd2");
    CHECK_FALSE(bench.post("alice-token", offer));
    bench.whep.answered(bench.host.opened.back(), Result<std::string>("v=0\r\nanswer"));
    const Response session = **bench.last;
    const std::string pwd = "a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\n";
    const auto trickled = bench.patch(session, {{"if-match", "*"}},
                                      "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n" + pwd + candidate_line(1) +
                                          "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\na=ice-ufrag:Snd2\r\n" + pwd + candidate_line(2));
    CHECK(trickled->status == 204);
    REQUIRE(bench.host.candidates.size() == 1);
    CHECK(bench.host.candidates[0].front() == '0');
    CHECK(bench.patch(session, {{"if-match", "*"}}, "a=ice-ufrag:Thrd\r\n" + pwd)->status == 422);
}

TEST_CASE("rows 21 to 25: trickled candidates", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    const Header current{"if-match", Bench::header(session, "ETag")};
    const auto trickled = bench.patch(session, {current}, fragment);
    CHECK(trickled->status == 204);
    CHECK(trickled->text().empty());
    CHECK(Bench::header(*trickled, "ETag").empty());
    REQUIRE(bench.host.candidates.size() == 1);
    CHECK(bench.host.candidates[0] == "0 " + candidate_line(1).substr(2, candidate_line(1).size() - 4));

    CHECK(bench.patch(session, {}, fragment)->status == 428);
    CHECK(bench.patch(session, {{"if-match", "\"old\""}}, fragment)->status == 412);
    CHECK(bench.patch(session, {{"if-match", "\"old\", " + current.value}}, fragment)->status == 204);
    CHECK(bench.patch(session, {current}, fragment, "alice-token", "application/sdp")->status == 415);
    CHECK(bench.patch(session, {current}, "garbage")->status == 400);
    CHECK(bench.patch(session, {current}, "")->status == 400);
    const std::size_t before = bench.host.candidates.size();
    for (const std::string& line :
         {candidate_line(1, "abc.local"), candidate_line(1, "192.0.2.7", "tcp"), candidate_line(1, "example.org")})
        CHECK(bench.patch(session, {current}, "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + line)->status == 204);
    CHECK(bench.patch(session, {current}, "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:9\r\n" + candidate_line(1))->status == 204);
    CHECK(bench.host.candidates.size() == before);
    CHECK(bench.patch(session, {current}, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n" + candidate_line(1))->status == 204);
    CHECK(bench.host.candidates.back().front() == '1');
}

TEST_CASE("candidates are bounded over a session's life", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    for (int i = 0; i < 30; ++i) {
        std::string many = "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n";
        for (int k = 0; k < 10; ++k) many += candidate_line(k);
        CHECK(bench.patch(session, {{"if-match", "*"}}, many)->status == 204);
    }
    CHECK(bench.host.candidates.size() == 40);
}

TEST_CASE("rows 26 to 29: an ICE restart is refused and the session goes on", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    const std::string restart = "a=ice-ufrag:NewU\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";
    for (const std::string& any : {std::string("*"), std::string("\"*\""), Bench::header(session, "ETag")}) {
        const auto answer = bench.patch(session, {{"if-match", any}}, restart);
        CHECK(answer->status == 422);
        CHECK(bench.whep.size() == 1);
    }
    CHECK(bench.host.closed.empty());
    CHECK(bench.patch(session, {{"if-match", "*"}}, fragment)->status == 204);
    CHECK(bench.patch(session, {{"if-match", "\"*\""}}, fragment)->status == 204);
}

TEST_CASE("rows 30 to 32: DELETE ends the session once, and only for its owner", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    const std::string location = Bench::header(session, "Location");
    CHECK(bench.ask("DELETE", location)->status == 401);
    CHECK(bench.ask("DELETE", location, Bench::as("bob-token"))->status == 404);
    CHECK(bench.patch(session, {{"if-match", "*"}}, fragment, "bob-token")->status == 404);
    CHECK(bench.host.closed.empty());
    CHECK(bench.ask("DELETE", location, Bench::as("alice-token", {{"if-match", "\"old\""}}))->status == 200);
    CHECK(bench.host.closed.size() == 1);
    CHECK(bench.ask("DELETE", location, Bench::as("alice-token"))->status == 404);
    CHECK(bench.ask("DELETE", "/whep/unknown", Bench::as("alice-token"))->status == 404);
}

TEST_CASE("guessing session addresses finds nothing and is slowed down", "[whep]") {
    Bench bench;
    bench.made();
    int unknown = 0, slowed = 0;
    for (int i = 0; i < 10'000; ++i) {
        const int status = bench.ask("DELETE", "/whep/" + random_hex(16), Bench::as("bob-token"))->status;
        unknown += status == 404;
        slowed += status == 429;
    }
    CHECK(unknown == 20);
    CHECK(slowed == 9'980);
    CHECK(bench.whep.size() == 1);
}

TEST_CASE("rows 33 and 34: the peer's end, a late answer, a revoked session", "[whep]") {
    Bench bench;
    const Response session = bench.made();
    bench.whep.gone(bench.host.opened.back());
    CHECK(bench.whep.size() == 0);
    CHECK(bench.host.closed.size() == 1);
    CHECK(bench.ask("DELETE", Bench::header(session, "Location"), Bench::as("alice-token"))->status == 404);

    CHECK_FALSE(bench.post());
    const auto late = bench.last;
    bench.whep.tick(bench.now + 4 * second);
    CHECK_FALSE(late->has_value());
    bench.whep.tick(bench.now + 5 * second);
    REQUIRE(late->has_value());
    CHECK((*late)->status == 504);
    bench.whep.answered(bench.host.opened.back(), Result<std::string>("too late"));
    CHECK(bench.whep.size() == 0);

    bench.made("alice-token");
    bench.made("bob-token");
    bench.host.sessions.erase("alice-token");
    bench.whep.check_sessions();
    CHECK(bench.whep.sessions().size() == 1);
    CHECK(bench.whep.sessions().contains("bob"));
    CHECK_FALSE(bench.post("bob-token"));
    const auto waiting = bench.last;
    bench.whep.end_all();
    CHECK(bench.whep.size() == 0);
    REQUIRE(waiting->has_value());
    CHECK((*waiting)->status == 409);
}

TEST_CASE("session addresses are unguessable and never repeat", "[whep]") {
    web::WhepLimits limits;
    limits.post_per_session = limits.post_per_address = {100'000, 60};
    Bench bench(limits);
    std::set<std::string> seen;
    for (int i = 0; i < 2'000; ++i) seen.insert(Bench::header(bench.made(), "Location"));
    CHECK(seen.size() == 2'000);
    // Each of the 32 hex digits takes every value: 128 bits, none of them fixed (a UUID's version digits would be).
    for (std::size_t at = 6; at < 38; ++at) {
        std::set<char> values;
        for (const std::string& one : seen) values.insert(one[at]);
        CHECK(values.size() == 16);
    }
}
