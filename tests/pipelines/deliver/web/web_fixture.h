#pragma once
// A running web server over a real show and real invites, with fake peers, a small page and free ports.

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "engine/buyers.h"
#include "engine/show.h"
#include "pipelines/deliver/web/desk_papers.h"
#include "pipelines/deliver/web/web_core.h"
#include "tests/pipelines/deliver/web/fake_peer.h"
#include "tests/pipelines/deliver/web/offers.h"
#include "tests/support/catch.h"
#include "tests/support/desk_acts.h"
#include "tests/support/http_client.h"
#include "tests/support/patience.h"

namespace vitrine::test {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "vitrine-web-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    fs::path write(const std::string& name, const std::string& bytes) const {
        fs::create_directories((path / name).parent_path());
        std::ofstream(path / name, std::ios::binary) << bytes;
        return path / name;
    }
    fs::path path;
};

inline ShowConfig small_show() {
    ShowConfig show;
    show.title.by_language = {{"en", "Spring line"}, {"zh", "春季新品"}};
    show.languages = {"en", "zh"};
    show.brand.factory.by_language = {{"en", "Bright Works"}};
    show.listen_port = 0;
    CameraConfig bench;
    bench.id = "bench";
    bench.name.by_language = {{"en", "Demo bench"}};
    bench.source = {"sim", "bench"};
    show.cameras = {bench};
    SceneConfig scene;
    scene.id = "bench";
    scene.name.by_language = {{"en", "Bench"}};
    scene.cameras = {"bench"};
    SceneConfig wide = scene;
    wide.id = "wide";
    wide.layout = Layout::side_by_side;
    show.scenes = {scene, wide};
    ProductConfig lamp;
    lamp.id = "LX-200";
    lamp.name.by_language = {{"en", "LX-200 downlight"}, {"zh", "LX-200 筒灯"}};
    lamp.specs = {{"flux", {{{"en", "Luminous flux"}}}, "1200", "lm"}};
    lamp.model = "lx200.glb";
    lamp.model_at_mm = {60, 40, 5};
    lamp.model_turn_deg = {-90, 0, 0};
    lamp.callouts = {{"LX-200/0", {60, 35, 0}, {{{"en", "Heat sink"}}}, "flux"}};
    lamp.dimensions = {{"width", {0, 0, 0}, {120, 0, 0}, 10, {}, 0.5}};
    lamp.badges.resize(3);
    lamp.badges[0].id = "ce";
    lamp.badges[0].text = "CE";
    lamp.badges[1].id = "label";
    lamp.badges[1].kind = BadgeKind::energy;
    lamp.badges[1].grade = 'C';
    lamp.badges[1].label = LocalText{{{"en", "Energy"}}};
    lamp.badges[1].scheme = "EU 2019/2015";
    lamp.badges[2].id = "co2";
    lamp.badges[2].kind = BadgeKind::carbon;
    lamp.badges[2].value = 8.4;
    lamp.prices = {{500, 4.20, "USD"}};
    lamp.lead_time = LocalText{{{"en", "30 days"}, {"zh", "30 天"}}};
    show.products = {lamp};
    show.speakers = {{"ana", {{{"en", "Ana Lima"}}}, LocalText{{{"en", "Sales"}}}, "pt"}};
    show.stun_servers = {"stun://stun.example.org:3478"};
    return show;
}

class WebFixture {
  public:
    /// `kept`: with a store, and with the documents that are made of it.
    /// `adjust` may change the options before the start.
    explicit WebFixture(ShowConfig config = small_show(), web::WebInside limits = {}, int viewer_cap = 60, bool kept = false,
                        const std::function<void(WebOptions&)>& adjust = {}) {
        folder.write("page/index.html", "<!doctype html><title>Vitrine</title>");
        folder.write("page/assets/app-0a1b2c3d.js", "export {};");
        folder.write("page/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        config.products.at(0).image = folder.write("lamp.png", std::string("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82", 20));
        const auto shared = std::make_shared<const ShowConfig>(std::move(config));
        if (kept) {
            auto opened = Show::open(shared, std::move(desk::Store::open(folder.path).value()));
            if (!opened) throw std::runtime_error(opened.error().message);
            show = std::move(*opened);
        } else {
            show = std::make_unique<Show>(shared);
        }
        buyers = std::make_unique<Buyers>(*show);
        invite = open_link(*show, "Ms Li", "zh", utc_now_us() + 3'600'000'000);
        WebOptions options;
        options.page = folder.path / "page";
        options.token_file = folder.path / "control" / "token";
        options.preview_name = "/vitrine-test";
        options.viewer_cap = viewer_cap;
        options.metrics = [] { return std::string("vitrine_extra 7\n"); };
        if (kept) options.files = make_desk_files(*show);
        if (adjust) adjust(options);
        limits.make_peer = fake_peers(stage);
        limits.tick = 5'000'000;
        auto started = web::start_web_server(*show, *buyers, std::move(options), std::move(limits));
        if (!started) throw std::runtime_error(started.error().message);
        server = std::move(*started);
        port = port_of(server->buyer_origin());
        control_port = port_of(server->control_url());
        std::getline(std::ifstream(folder.path / "control" / "token"), token);
    }

    static std::uint16_t port_of(const std::string& url) { return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))); }

    void move(SessionMove to) { REQUIRE(show->post(MoveSession{to}).get()); }
    void go_live() {
        move(SessionMove::prepare);
        move(SessionMove::go_live);
    }

    std::string join() {
        HttpClient client(port);
        const Json body{{"invite", invite.id}, {"secret", invite.secret}, {"language", "en"}, {"bearer", true}};
        const HttpAnswer answer = client.ask("POST", "/api/join", {{"Content-Type", "application/json"}}, body.dump());
        REQUIRE(answer.status == 200);
        return Json::parse(answer.body).at("session").get<std::string>();
    }

    static HttpHeaders whep_headers(const std::string& session, HttpHeaders more = {{"Content-Type", "application/sdp"}}) {
        more.emplace_back("Authorization", "Bearer " + session);
        return more;
    }
    HttpHeaders control_headers(HttpHeaders more = {{"Content-Type", "application/json"}}) const {
        more.emplace_back("Authorization", "Bearer " + token);
        return more;
    }

    /// Waits for something that other threads bring about.
    template <class Condition>
    static bool eventually(Condition condition, std::chrono::milliseconds within = std::chrono::seconds(5)) {
        const auto until = std::chrono::steady_clock::now() + within * patience;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }

    TemporaryFolder folder;
    std::unique_ptr<Show> show;
    std::unique_ptr<Buyers> buyers;
    desk::ActResult invite;
    std::shared_ptr<PeerStage> stage = std::make_shared<PeerStage>();
    std::unique_ptr<WebServer> server;
    std::uint16_t port = 0, control_port = 0;
    std::string token;
};

}  // namespace vitrine::test
