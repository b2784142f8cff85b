// What the web server decides without sockets: rates, headers, origins, files, JSON, the socket's protocol.

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "pipelines/deliver/web/catalogue.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/live_protocol.h"
#include "pipelines/deliver/web/rate_limit.h"
#include "pipelines/deliver/web/security_headers.h"
#include "pipelines/deliver/web/static_files.h"
#include "pipelines/deliver/web/web_figures.h"
#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using web::Request;
using web::Response;

namespace {
constexpr Nanoseconds second = 1'000'000'000;
}

TEST_CASE("a bucket lets a burst through, then so many a minute", "[rate]") {
    web::RateLimit limit({5, 60});
    for (int i = 0; i < 5; ++i) CHECK(limit.take("a", 0) == 0);
    CHECK(limit.take("a", 0) == 1);
    CHECK(limit.take("b", 0) == 0);
    CHECK(limit.take("a", second) == 0);
    CHECK(limit.take("a", second) == 1);
    CHECK(limit.wait("a", second) == 1);
    CHECK(limit.wait("a", 2 * second) == 0);
    int allowed = 0;
    for (int i = 0; i < 600; ++i) allowed += limit.take("c", i * second / 10) == 0;
    CHECK(allowed >= 63);
    CHECK(allowed <= 65);
    // A clock that stands still or goes back gives nothing and takes nothing.
    web::RateLimit steady({1, 1});
    CHECK(steady.take("a", 100 * second) == 0);
    CHECK(steady.take("a", 50 * second) == 60);
    // Ten times as much for those who are trusted more.
    web::RateLimit scaled({2, 6});
    int wide = 0;
    for (int i = 0; i < 100; ++i) wide += scaled.take("a", 0, 10) == 0;
    CHECK(wide == 20);
}

TEST_CASE("the table of buckets is bounded, and the busy ones stay", "[rate]") {
    web::RateLimit limit({1, 1}, 100);
    CHECK(limit.take("busy", 0) == 0);
    for (int i = 0; i < 10'000; ++i) {
        (void)limit.take("other" + std::to_string(i), 0);
        if (i % 50 == 0) CHECK(limit.take("busy", 0) == 60);
    }
    CHECK(limit.keys() == 100);
}

TEST_CASE("clients are counted by IPv4 address or IPv6 /64", "[rate]") {
    CHECK(web::address_key("203.0.113.9") == "203.0.113.9");
    CHECK(web::address_key("::ffff:203.0.113.9") == "203.0.113.9");
    CHECK(web::address_key("2001:db8:1:2:3:4:5:6") == web::address_key("2001:db8:1:2::1"));
    CHECK(web::address_key("2001:db8:1:3::1") != web::address_key("2001:db8:1:2::1"));
    CHECK(web::is_loopback("127.3.4.5"));
    CHECK(web::is_loopback("::1"));
    CHECK(web::is_loopback("::ffff:127.0.0.1"));
    CHECK_FALSE(web::is_loopback("128.0.0.1"));
    CHECK_FALSE(web::is_loopback("evil"));
}

TEST_CASE("origins", "[web]") {
    struct Row {
        const char* origin;
        const char* host;
        bool secure, same;
    };
    for (const Row& row : std::vector<Row>{{"http://a.test:8080", "a.test:8080", false, true},
                                           {"http://A.test:8080", "a.TEST:8080", false, true},
                                           {"https://a.test", "a.test", true, true},
                                           {"https://a.test", "a.test:443", true, true},
                                           {"http://a.test", "a.test", true, false},
                                           {"https://a.test", "a.test", false, false},
                                           {"http://a.test:8081", "a.test:8080", false, false},
                                           {"http://a.test.evil", "a.test", false, false},
                                           {"http://evil@a.test", "a.test", false, false},
                                           {"http://a.test/", "a.test", false, false},
                                           {"null", "a.test", false, false},
                                           {"", "a.test", false, false},
                                           {"file://", "a.test", false, false}}) {
        INFO(row.origin << " " << row.host);
        const std::string origin = row.origin;
        CHECK(web::same_origin(&origin, row.host, row.secure) == row.same);
    }
    CHECK(web::same_origin(nullptr, "a.test", true));
    const std::string origin = "https://a.test";
    CHECK(web::same_origin(&origin, "a.test", std::nullopt));
}

TEST_CASE("HSTS is for names over TLS; a strange Host gets no place in the policy", "[web]") {
    const auto headers = [](const char* host, bool secure) {
        Response response;
        web::add_security_headers(response, host, secure);
        return response;
    };
    CHECK(headers("show.example.com", true).header("Strict-Transport-Security"));
    CHECK_FALSE(headers("show.example.com", false).header("Strict-Transport-Security"));
    CHECK_FALSE(headers("192.0.2.1:8443", true).header("Strict-Transport-Security"));
    CHECK_FALSE(headers("localhost", true).header("Strict-Transport-Security"));
    CHECK(headers("a.test", true).header("Content-Security-Policy")->find("connect-src 'self' wss://a.test;") != std::string::npos);
    const std::string strange = *headers("a.test; script-src *", true).header("Content-Security-Policy");
    CHECK(strange.find('*') == std::string::npos);
    CHECK(strange.find("connect-src 'self';") != std::string::npos);
}

TEST_CASE("an answer's head cannot be split by what is put into it", "[web]") {
    Response response;
    response.set("Location", "/x\r\nSet-Cookie: a=b").set("X-Fine", "yes");
    const std::string head = web::serialize_head(response, true, 784111777);
    CHECK(head.find("Set-Cookie") == std::string::npos);
    CHECK(head.find("X-Fine: yes\r\n") != std::string::npos);
    CHECK(head.find("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n") != std::string::npos);
    CHECK(head.substr(0, 17) == "HTTP/1.1 200 OK\r\n");
}

TEST_CASE("no path leads out of the page's folder", "[web]") {
    TemporaryFolder folder;
    folder.write("secret.txt", "secret");
    folder.write("page/index.html", "page");
    folder.write("page/sub/file.js", "js");
    folder.write("page/with space.txt", "space");
    fs::create_symlink(folder.path / "secret.txt", folder.path / "page" / "leak.txt");
    fs::create_directory_symlink(folder.path, folder.path / "page" / "up");
    fs::create_symlink(folder.path / "page" / "sub" / "file.js", folder.path / "page" / "inside.js");
    const auto files = web::StaticFiles::load(folder.path / "page");
    REQUIRE(files);
    const auto find = [&](const std::string& path) {
        Request request;
        request.method = "GET";
        request.path = path;
        return files->find(request);
    };
    CHECK(find("/sub/file.js")->text() == "js");
    CHECK(find("/inside.js")->text() == "js");
    CHECK(find("/with%20space.txt")->text() == "space");
    CHECK(find("/j/AbC_1-2")->text() == "page");
    const std::string long_path(64 * 1024, 'a');
    for (const std::string& path : {std::string("/../secret.txt"),
                                    std::string("/..%2fsecret.txt"),
                                    std::string("/%2e%2e/secret.txt"),
                                    std::string("/%252e%252e/secret.txt"),
                                    std::string("/sub/../../secret.txt"),
                                    std::string("/..\\secret.txt"),
                                    std::string("/%5c..%5csecret.txt"),
                                    std::string("/leak.txt"),
                                    std::string("/up/secret.txt"),
                                    std::string("//secret.txt"),
                                    std::string("//index.html"),
                                    std::string("/index.html%00.js"),
                                    std::string("/sub/file.js\0", 13),
                                    std::string("/%c0%ae%c0%ae/secret.txt"),
                                    std::string("/%"),
                                    std::string("/%zz"),
                                    std::string("/sub/"),
                                    std::string("/sub"),
                                    std::string("/j/"),
                                    std::string("/j/../index.html"),
                                    std::string("/j/a/b"),
                                    std::string("/j/%2e%2e"),
                                    (folder.path / "secret.txt").string(),
                                    "/" + long_path,
                                    "/j/" + long_path,
                                    std::string("secret.txt"),
                                    std::string()}) {
        INFO(path.substr(0, 60));
        CHECK_FALSE(find(path));
    }
    CHECK_FALSE(web::StaticFiles::load(folder.path / "nowhere"));
}

TEST_CASE("the buyers' snapshot", "[json]") {
    Snapshot snapshot;
    snapshot.version = 7;
    snapshot.edition = 3;
    snapshot.session = SessionState::live;
    snapshot.scene = "bench";
    snapshot.pinned = "LX-200";
    snapshot.card_visible = false;
    snapshot.specs_visible = true;
    snapshot.speaker = "ana";
    snapshot.hidden_callouts = {"LX-200/1"};
    snapshot.chapters = {{1, 0, "Start"}, {2, 0, "Press"}};
    snapshot.cameras["bench"].state = CameraState::lost;
    snapshot.models["LX-200"] = {true, "matt black", 0.25F, true, 0.5F};
    snapshot.models["LX-310"] = {};
    snapshot.model_facts["LX-200"] = {{"white", "matt black"}, ""};
    snapshot.buyers = 3;
    const auto view = web::buyer_snapshot(snapshot, 1234);
    CHECK(Json::parse(view.text) ==
          Json::parse(
              R"({"type":"snapshot","version":7,"session":"live","safe":false,"edition":3,"scene":"bench","pinned":"LX-200","card":false,
        "badges":true,"specs":true,"lower_third":"ana",
        "chapter":2,"chapter_title":"Press","hidden_callouts":["LX-200/1"],"models":{
          "LX-200":{"shown":true,"variant":"matt black","explode":0.25,"x_ray":true,"section":0.5,"variants":["white","matt black"],"usable":true},
          "LX-310":{"shown":false,"variant":"","explode":0.0,"x_ray":false,"section":null,"variants":[],"usable":null}},
        "cameras":[{"id":"bench","state":"lost"}],"recording":"off","ticker":false,"viewers":3,"time_us":1234})"));
    Snapshot later = snapshot;
    later.version = 8;
    later.audio_peak_db = -3;
    CHECK(web::buyer_snapshot(later, 99).what == view.what);
    later.safe = true;
    CHECK(web::buyer_snapshot(later, 99).what != view.what);
    later.safe = false;
    later.edition = 4;
    CHECK(web::buyer_snapshot(later, 99).what != view.what);
    later.edition = 3;
    later.pinned.clear();
    CHECK(web::buyer_snapshot(later, 99).what != view.what);
    snapshot.chapters.back().title = "\xff\xfe";
    CHECK_NOTHROW(Json::parse(web::buyer_snapshot(snapshot, 1).text));
}

TEST_CASE("the control snapshot", "[json]") {
    Snapshot snapshot;
    snapshot.version = 9;
    snapshot.session = SessionState::paused;
    snapshot.live_since = 10 * second;
    snapshot.safe = true;
    snapshot.edition = 2;
    snapshot.pinned_since = 13 * second;
    snapshot.rundown_at = 1;
    snapshot.sounds["sim:voice"] = {true, -6, -20};
    snapshot.recording = {true, "/srv", 11 * second, 77, -1, ""};
    auto show = std::make_shared<ShowConfig>();
    show->cameras.resize(1);
    show->cameras[0].id = "bench";
    show->cameras[0].masks = {{{{0, 0}, {0.5F, 0}, {0.5F, 0.25F}}, MaskFill::mosaic}};
    snapshot.show = show;
    snapshot.scene = "line";
    snapshot.transition = {"bench", 11 * second, 500'000'000};
    snapshot.chapters = {{1, 12 * second, "Start"}};
    CameraStatus status;
    status.state = CameraState::frozen;
    status.detail = "No new picture.";
    status.fps = 29.5;
    status.width = 640;
    status.height = 360;
    status.frames = 100;
    snapshot.cameras["bench"] = status;
    snapshot.outputs = {{"webrtc", "viewers", "2 connected", 10, 1, 5000, 2500.5}};
    snapshot.buyers = 2;
    snapshot.audio_peak_db = -std::numeric_limits<double>::infinity();
    snapshot.notices = {"A camera is frozen."};
    CHECK(Json::parse(web::control_snapshot(snapshot, 15 * second)) ==
          Json::parse(R"({"version":9,"session":"paused","safe":true,"edition":2,"live_s":5.0,"scene":"line",
        "transition":{"from":"bench","duration_ms":500},"pinned":"","pinned_s":2.0,"rundown_at":1,"card":true,"badges":true,"specs":false,"lower_third":"","muted":false,"ticker":false,"hidden_callouts":[],"models":{},
        "chapters":[{"number":1,"title":"Start","at_s":2.0}],
        "cameras":{"bench":{"state":"frozen","detail":"No new picture.","fps":29.5,"width":640,"height":360,"frames":100,"dropped":0,"reconnects":0,
          "masks":[{"polygon":[[0.0,0.0],[0.5,0.0],[0.5,0.25]],"fill":"mosaic"}]}},
        "outputs":[{"kind":"webrtc","name":"viewers","state":"2 connected","frames":10,"dropped":1,"bytes":5000,"bitrate_kbps":2500.5}],
        "buyers":2,"audio_peak_db":null,"sounds":{"sim:voice":{"muted":true,"gain_db":-6.0,"peak_db":-20.0}},
        "recording":{"on":true,"writing":true,"seconds":4.0,"bytes":77,"minutes_left":null,"folder":"/srv","problem":""},"notices":["A camera is frozen."],"log":0})"));

    // Ended, the clocks stand.
    snapshot.session = SessionState::ended;
    snapshot.ended_at = 15 * second;
    const Json ended = Json::parse(web::control_snapshot(snapshot, 60 * second));
    CHECK(ended.at("live_s") == 5.0);
    CHECK(ended.at("pinned_s") == 2.0);
    CHECK(ended.at("chapters")[0].at("at_s") == 2.0);

    show->cameras[0].name.by_language = {{"en", "Demo bench"}, {"zh", "演示台"}};
    snapshot.log =
        std::make_shared<const std::vector<LogLine>>(std::vector<LogLine>{{1, 77, "log.camera_lost", {{"camera", "bench"}}, {}, {}},
                                                                          {2, 78, {}, {}, "A file could not be read.", {}},
                                                                          {3, 79, "log.live", {}, {}, {Doer::Kind::panel, {}}}});
    CHECK(Json::parse(web::control_snapshot(snapshot, 60 * second)).at("log") == 3);
    CHECK(Json::parse(web::control_log(snapshot)) == Json::parse(R"({"lines":[
        {"number":1,"at_us":77,"key":"log.camera_lost","text":{"en":"Demo bench: the picture is lost","zh":"演示台：画面丢失"}},
        {"number":2,"at_us":78,"key":"","text":{"en":"A file could not be read."}},
        {"number":3,"at_us":79,"key":"log.live","text":{"en":"The show is live","zh":"节目开始直播"},"by":{"en":"panel","zh":"控制面板"}}]})"));
}

TEST_CASE("the show document is the one the protocol describes", "[json]") {
    const Json document = Json::parse(web::show_document(small_show(), {{"LX-200", 5000}}));
    CHECK(document ==
          Json::parse(R"({"edition":1,"title":{"en":"Spring line","zh":"春季新品"},"factory":{"en":"Bright Works"},"languages":["en","zh"],
        "accent":"#3BA7A0","program":{"width":1280,"height":720,"fps":30},"starts_at_us":null,"ice_servers":[{"urls":"stun:stun.example.org:3478"}],
        "cameras":[{"id":"bench","name":{"en":"Demo bench"}}],
        "speakers":[{"id":"ana","name":{"en":"Ana Lima"},"role":{"en":"Sales"},"language":"pt"}],
        "products":[{"id":"LX-200","name":{"en":"LX-200 downlight","zh":"LX-200 筒灯"},"description":null,"image":null,"model":{"url":"/api/models/LX-200",
            "bytes":5000,"at":[60.0,40.0,5.0],"turn":[-90.0,0.0,0.0],"scale":1.0},"width_mm":0.0,"height_mm":0.0,
          "lead_time":{"en":"30 days","zh":"30 天"},"hs_code":"","incoterm":"","specs":[{"key":"flux","label":{"en":"Luminous flux"},"value":"1200","unit":"lm"}],
          "callouts":[{"id":"LX-200/0","at":[60.0,35.0,0.0],"text":{"en":"Heat sink"},"spec":"flux"}],
          "dimensions":[{"id":"width","from":[0.0,0.0,0.0],"to":[120.0,0.0,0.0],"line_from":[0.0,-10.0,0.0],"line_to":[120.0,-10.0,0.0],
            "length_mm":120.0,"decimals":1,"tolerance_mm":0.5,"text":null}],
          "badges":[{"id":"ce","kind":"certificate","label":null,"scheme":"","text":"CE","image":null},
            {"id":"label","kind":"energy","label":{"en":"Energy"},"scheme":"EU 2019/2015","grade":"C"},
            {"id":"co2","kind":"carbon","label":null,"scheme":"","value":8.4,"unit":"kg CO₂e"}],
          "prices":[{"min":500,"unit":4.2,"currency":"USD"}],"moq_negotiable":true,"certificates":[],"packing":null}],
        "chat":"open","rates":null})"));
}

TEST_CASE("how a product is packed goes out as the page reads it", "[json]") {
    // The page's tests read the same "sent".
    std::ifstream in(std::string(VITRINE_SOURCE_DIR) + "/tests/fixtures/packing/packing.json");
    const Json cases = Json::parse(in);
    REQUIRE(cases.size() >= 3);
    for (const Json& one : cases) {
        INFO(one.dump());
        ScratchShow scratch;
        scratch.write("show.toml", ScratchShow::smallest);
        scratch.write("products/p.toml", "id = \"P\"\nname = \"P\"\n[packing]\n" + one.at("toml").get<std::string>());
        const LoadedShow loaded = load_show(scratch.folder());
        REQUIRE(loaded.show);
        CHECK(Json::parse(web::show_document(*loaded.show, {})).at("products").at(0).at("packing") == one.at("sent"));
    }
}

TEST_CASE("a group with prices of its own sees these and no others, the presenter's side all", "[json]") {
    ShowConfig show = small_show();
    show.products.at(0).prices = {{500, 4.20, "USD", ""}, {100, 3.90, "USD", "gold"}};
    show.templates = {{"hello", {{{"en", "Hello"}}}}};
    const auto seen = [&](const std::string& group, bool staff = false) {
        return Json::parse(web::buyer_show_document(show, {}, {group, staff, true}));
    };
    const auto units = [](const Json& document) {
        std::vector<double> found;
        for (const Json& price : document.at("products").at(0).at("prices")) found.push_back(price.at("unit"));
        return found;
    };
    CHECK(units(seen("")) == std::vector<double>{4.20});
    CHECK(units(seen("silver")) == std::vector<double>{4.20});
    CHECK(units(seen("gold")) == std::vector<double>{3.90});
    CHECK(seen("").dump().find("gold") == std::string::npos);
    CHECK(seen("").at("translation") == true);
    CHECK_FALSE(seen("").contains("templates"));
    CHECK(seen("", true).at("templates").at(0).at("id") == "hello");
    const Json all = Json::parse(web::control_show_document(show, {}, "", ""));
    CHECK(units(all) == std::vector<double>{4.20, 3.90});
    CHECK(all.at("products").at(0).at("prices").at(1).at("group") == "gold");
}

TEST_CASE("JSON from outside: objects only, shallow, never a throw", "[json]") {
    CHECK(web::parse_object(R"({"a":[1,{"b":2}]})"));
    CHECK(web::parse_object(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[["})"));
    for (const std::string& bad : {std::string(), std::string("[]"), std::string("7"), std::string("{"), std::string("{\"a\":\xff}"),
                                   "{\"a\":" + std::string(60'000, '[') + std::string(60'000, ']') + "}", std::string("{\"a\":1}x"),
                                   std::string("{\"a\":\"\xc3\x28\"}"), std::string(60'000, '{')})
        CHECK_FALSE(web::parse_object(bad));
    CHECK(web::base64(reinterpret_cast<const std::uint8_t*>("Man"), 3) == "TWFu");
    CHECK(web::base64(reinterpret_cast<const std::uint8_t*>("Ma"), 2) == "TWE=");
    CHECK(web::base64(reinterpret_cast<const std::uint8_t*>("M"), 1) == "TQ==");
}

namespace {

struct FakeLive final : web::LiveHost {
    bool good = true;
    std::string was, is;
    std::optional<BuyerSession> check(const std::string& token) override {
        if (!good || token != "good") return std::nullopt;
        BuyerSession session;
        session.id = "alice";
        session.language = "zh";
        return session;
    }
    std::shared_ptr<const std::string> newest_snapshot() override { return std::make_shared<const std::string>("first"); }
    bool owns(const std::string& session_id, const std::string& peer) override { return session_id == "alice" && peer == "hers"; }
    std::int64_t utc_us() override { return 77; }
    bool moved = false, room = true;
    bool gave_way(const std::string& token) override { return moved && token == "good"; }
    bool may_greet(const BuyerSession& session, Nanoseconds) override { return room && session.id == "alice"; }
    std::string full_for;
    bool room_for(const BuyerSession&, const std::string& address) override { return address != full_for || address.empty(); }
    std::vector<std::string> asked;
    std::vector<std::shared_ptr<const std::string>> earlier(const BuyerSession&, const std::string& list,
                                                            const std::string& before) override {
        asked.push_back(list + " before " + before);
        return {std::make_shared<const std::string>("a page")};
    }
    void scenes_wanted(const std::string& no_longer, const std::string& now) override {
        was = no_longer;
        is = now;
    }
};

std::shared_ptr<const std::string> text(const std::string& words) { return std::make_shared<const std::string>(words); }
const std::string hello = R"({"type":"hello","session":"good","language":"en"})";

}  // namespace

TEST_CASE("of snapshots only the newest waits; of the rest so many, then the buyer is too slow", "[socket]") {
    FakeLive host;
    web::LiveProtocol socket(host, {}, 0);
    socket.on_snapshot(text("too early"));
    CHECK_FALSE(socket.next());
    socket.on_text(hello, 0);
    CHECK(socket.greeted());
    CHECK(socket.language() == "en");
    for (int i = 0; i < 1000; ++i) socket.on_snapshot(text("snapshot " + std::to_string(i)));
    CHECK(*socket.next() == "snapshot 999");
    CHECK_FALSE(socket.next());
    for (int i = 0; i < 256; ++i) socket.on_scene(text("scene"));
    CHECK_FALSE(socket.closing());
    socket.on_scene(text("one more"));
    REQUIRE(socket.closing());
    CHECK(socket.closing()->code == 1013);
    CHECK_FALSE(socket.next());
}

TEST_CASE("scene frames go to the owner of the stream and stop with it", "[socket]") {
    FakeLive host;
    web::LiveProtocol socket(host, {}, 0);
    socket.on_text(hello, 0);
    socket.on_text(R"({"type":"want","scenes":true,"peer":"somebody else's"})", 0);
    CHECK(socket.scenes_of().empty());
    socket.on_text(R"({"type":"want","scenes":true,"peer":"hers"})", 0);
    CHECK(socket.scenes_of() == "hers");
    CHECK(host.is == "hers");
    // What is refused changes nothing.
    socket.on_text(R"({"type":"want","scenes":true,"peer":"somebody else's"})", 0);
    CHECK(socket.scenes_of() == "hers");
    socket.on_peer_gone("other");
    CHECK(socket.scenes_of() == "hers");
    socket.on_peer_gone("hers");
    CHECK(host.was == "hers");
    CHECK(host.is.empty());
    socket.on_text(R"({"type":"want","scenes":true,"peer":"hers"})", 0);
    socket.on_text(R"({"type":"want","scenes":false})", 0);
    CHECK(socket.scenes_of().empty());
    socket.on_text(R"({"type":"want","scenes":true,"peer":"hers"})", 0);
    socket.end("over");
    CHECK(host.is.empty());
}

TEST_CASE("time and revocation close a socket", "[socket]") {
    FakeLive host;
    web::LiveProtocol late(host, {}, 10 * second);
    late.tick(14 * second);
    CHECK_FALSE(late.closing());
    late.tick(15 * second);
    CHECK(late.closing()->code == 4401);

    web::LiveProtocol socket(host, {}, 0);
    socket.on_text(hello, 0);
    socket.tick(100 * second);
    CHECK_FALSE(socket.closing());
    host.good = false;
    socket.on_text(R"({"type":"ping","t":1})", 0);
    CHECK(socket.closing()->code == 4403);
    CHECK_FALSE(socket.next());
}

TEST_CASE("a socket that gives way to another says which way", "[socket]") {
    FakeLive host;
    web::LiveProtocol moved(host, {}, 0), crowded(host, {}, 0), older(host, {}, 0);
    moved.on_text(hello, 0);
    older.on_text(hello, 0);
    host.room = false;
    crowded.on_text(hello, 0);
    CHECK(crowded.closing()->code == 1008);
    CHECK_FALSE(crowded.greeted());
    older.give_way();
    CHECK(older.closing()->code == 1008);
    host.good = false;
    host.moved = true;
    moved.check_session();
    CHECK(moved.closing()->code == 4409);
}

TEST_CASE("a socket for which there is no place is told so before anything gives way for it", "[socket][shares]") {
    FakeLive host;
    host.full_for = "203.0.113.9";
    web::LiveProtocol socket(host, {}, 0, {}, "203.0.113.9"), other(host, {}, 0, {}, "198.51.100.4");
    socket.on_text(hello, 0);
    other.on_text(hello, 0);
    CHECK(socket.closing()->code == 1013);
    CHECK_FALSE(socket.greeted());
    CHECK(other.greeted());
}

TEST_CASE("what came before is sent by the page, not in a flood", "[socket]") {
    FakeLive host;
    web::LiveProtocol socket(host, {}, 0);
    socket.on_text(hello, 0);
    while (socket.next()) {
    }
    const std::string ask = R"({"type":"earlier","list":"messages","before":"12-x"})";
    socket.on_text(ask, 0);
    CHECK(host.asked == std::vector<std::string>{"messages before 12-x"});
    CHECK(*socket.next() == "a page");
    for (int i = 0; i < 30; ++i) socket.on_text(ask, 0);
    CHECK(host.asked.size() == 10);
    // With much still on its way there is no page, and the socket stays.
    for (int i = 0; i < 70; ++i) socket.on_desk(text("news"));
    socket.on_text(ask, 60 * second);
    CHECK(host.asked.size() == 10);
    CHECK_FALSE(socket.closing());
}

TEST_CASE("20 messages a second are served, a flood is not", "[socket]") {
    FakeLive host;
    web::LiveProtocol steady(host, {}, 0), flood(host, {}, 0);
    steady.on_text(hello, 0);
    flood.on_text(hello, 0);
    for (int i = 0; i < 400; ++i) {
        steady.on_text(R"({"type":"language","language":"pt"})", i * second / 20);
        flood.on_text(R"({"type":"language","language":"pt"})", i * second / 100);
    }
    CHECK_FALSE(steady.closing());
    CHECK(steady.language() == "pt");
    CHECK(flood.closing()->code == 1008);
}

TEST_CASE("messages from a newer page are ignored, nonsense is not", "[socket]") {
    FakeLive host;
    for (const char* fine :
         {R"({"type":"something new","x":[1]})", R"({"type":"pong","t":1})", R"({"type":"language","language":7})",
          R"({"type":"language","language":"<script>"})", R"({"type":"want"})", R"({"type":"want","scenes":"yes","peer":{}})"}) {
        web::LiveProtocol socket(host, {}, 0);
        socket.on_text(hello, 0);
        socket.on_text(fine, 0);
        INFO(fine);
        CHECK_FALSE(socket.closing());
        CHECK(socket.language() == "en");
    }
    for (const char* bad : {"", "[]", "null", "{", R"({"type":1})", R"({"no":"type"})"}) {
        web::LiveProtocol socket(host, {}, 0);
        socket.on_text(hello, 0);
        socket.on_text(bad, 0);
        INFO(bad);
        REQUIRE(socket.closing());
        CHECK(socket.closing()->code == 1007);
    }
    web::LiveProtocol socket(host, {}, 0);
    socket.on_text(hello, 0);
    (void)socket.next();
    socket.on_text(R"({"type":"ping","t":")" + std::string(1000, 'x') + "\"}", 0);
    CHECK(*socket.next() == R"({"type":"pong","time_us":77})");
}

TEST_CASE("metrics are Prometheus text", "[web]") {
    web::WebFigures figures;
    figures.answers = {{200, 12}, {404, 3}};
    figures.sockets = 2;
    web::PeerKeeper::Totals totals;
    totals.peers = 4;
    totals.bytes = 12'345'678'901;
    Snapshot snapshot;
    const std::string metrics = web::metrics_text(figures, totals, snapshot, "extra 1");
    for (const char* line : {"\nvitrine_viewers 4\n", "vitrine_sent_bytes_total 12345678901\n",
                             "vitrine_http_responses_total{status=\"404\"} 3\n", "vitrine_ws_clients 2\n",
                             "vitrine_session_state{state=\"idle\"} 1\n", "vitrine_session_state{state=\"live\"} 0\n", "\nextra 1\n"})
        CHECK(metrics.find(line) != std::string::npos);
}
