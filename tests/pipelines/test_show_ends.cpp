// A whole show that ends while its replay is watched, files are sent and fetched, people join, listen and ask for a stream: nothing of it
// touches what has gone. Meant for the sanitizers; in a release build a crash or a hang still shows.

#include <atomic>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/buyers.h"
#include "pipelines/deliver/web/desk_papers.h"
#include "pipelines/show_graph.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/pipelines/deliver/web/offers.h"
#include "tests/pipelines/deliver/web/web_guests.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;

namespace {

/// A show with everything in it that needs no window and no model.
struct WholeShow {
    TemporaryFolder folder;
    testing::BareStage stage;
    std::unique_ptr<Show> show;
    std::unique_ptr<Buyers> buyers;
    desk::ActResult link;
    std::unique_ptr<ShowGraph> graph;
    std::uint16_t port = 0, control_port = 0;
    std::string token;

    WholeShow() {
        folder.write("page/index.html", "<!doctype html><title>Vitrine</title>");
        ShowConfig config = small_show();
        config.cameras[0].source = {"sim", "plain"};
        config.program = {320, 180, 30, 500, false};
        config.stun_servers.clear();
        config.audio.sources = {{"sim", "voice"}};
        config.products.at(0).model.reset();
        auto opened = Show::open(std::make_shared<const ShowConfig>(std::move(config)), std::move(desk::Store::open(folder.path).value()));
        REQUIRE(opened);
        show = std::move(*opened);
        buyers = std::make_unique<Buyers>(*show);
        link = open_link(*show, "Everybody", "en", utc_now_us() + 3'600'000'000);
        GraphOptions options;
        options.page = folder.path / "page";
        options.token_file = folder.path / "control" / "token";
        options.record = folder.path / "recordings";
        options.files = make_desk_files(*show);
        auto started = ShowGraph::start(*show, *buyers, stage, std::move(options));
        REQUIRE(started);
        graph = std::move(*started);
        port = WebFixture::port_of(graph->buyer_origin());
        control_port = WebFixture::port_of(graph->control_url());
        std::getline(std::ifstream(folder.path / "control" / "token"), token);
        move(SessionMove::prepare);
        move(SessionMove::go_live);
    }
    void move(SessionMove to) const { REQUIRE(show->post(MoveSession{to}).get()); }
    std::uint64_t recorded() const {
        std::uint64_t frames = UINT64_MAX;
        int files = 0;
        for (const OutputStatus& output : show->snapshot()->outputs)
            if (output.kind == "recording") frames = std::min(frames, output.frames), ++files;
        return files == 2 ? frames : 0;
    }
};

/// Calls again and again until the show has gone: what is answered by then does not matter, only that asking ends.
class Crowd {
  public:
    Crowd(std::uint16_t port, std::uint16_t control_port, const desk::ActResult& link, std::string token)
        : port_(port), control_port_(control_port), token_(std::move(token)) {
        join_ = Json{{"invite", link.id}, {"secret", link.secret}, {"language", "en"}, {"bearer", true}}.dump();
        const auto session = join(port_);
        for (int i = 0; i < 2; ++i) add([this, session] { (void)HttpClient(port_).ask("GET", "/api/replay/video", bearer(session)); });
        add([this, session] { (void)HttpClient(port_).ask("GET", "/api/replay/scenes?from=0", bearer(session)); });
        add([this] { (void)join(port_); });
        add([this, session] {
            HttpClient client(port_);
            const HttpAnswer kept =
                client.ask("PUT", "/api/attachments/" + random_hex(8) + "?name=a.png", bearer(session), png + std::string(200'000, 'x'));
            if (kept.status != 201) return;
            (void)client.ask("GET", "/api/attachments/" + Json::parse(kept.body).at("id").get<std::string>(), bearer(session));
        });
        add([this, session] {
            SocketClient socket(port_, "/live");
            if (!socket.open() || !socket.send(Json{{"type", "hello"}, {"session", session}}.dump())) return;
            for (int i = 0; i < 5 && socket.receive(200ms); ++i) {
            }
        });
        add([this, session] {
            auto headers = bearer(session);
            headers.emplace_back("Content-Type", "application/sdp");
            (void)HttpClient(port_).ask("POST", "/whep", headers, browser_offer());
        });
        add([this, session] {
            auto headers = bearer(session);
            headers.emplace_back("Content-Type", "application/json");
            Json act = say("still here?");
            act["client_id"] = random_hex(8);
            (void)HttpClient(port_).ask("POST", "/api/act", headers, act.dump());
        });
        add([this] {
            HttpClient control(control_port_);
            for (const char* path : {"/control/snapshot", "/metrics", "/control/report.html?language=en", "/control/still"})
                (void)control.ask("GET", path, bearer(token_));
        });
    }
    ~Crowd() {
        over_ = true;
        for (std::thread& thread : threads_) thread.join();
    }
    int done() const { return done_; }

  private:
    static HttpHeaders bearer(const std::string& session) { return {{"Authorization", "Bearer " + session}}; }
    std::string join(std::uint16_t port) const {
        const HttpAnswer answer = HttpClient(port).ask("POST", "/api/join", {{"Content-Type", "application/json"}}, join_);
        return answer.status == 200 ? Json::parse(answer.body).at("session").get<std::string>() : std::string();
    }
    void add(std::function<void()> work) {
        threads_.emplace_back([this, work = std::move(work)] {
            while (!over_) {
                try {
                    work();
                    ++done_;
                } catch (const std::exception&) {
                    std::this_thread::sleep_for(5ms);  // nobody listens any more
                }
            }
        });
    }

    const std::uint16_t port_, control_port_;
    std::string join_, token_;
    std::atomic<bool> over_{false};
    std::atomic<int> done_{0};
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("a show ends while replays are watched, files are fetched, and people join and ask for streams", "[show_ends]") {
    const bool ended_before = GENERATE(true, false);
    CAPTURE(ended_before);
    const auto caught = barrier::caught();
    for (int round = 0; round < (sanitized ? 2 : 3); ++round) {
        auto whole = std::make_unique<WholeShow>();
        REQUIRE(testing::wait_for(10s, [&] { return whole->recorded() > 30; }));
        if (ended_before) {
            whole->move(SessionMove::end);
            // Its recording is there to be watched.
            REQUIRE(testing::wait_for(10s, [&] { return whole->recorded() == 0; }));
        }
        Crowd crowd(whole->port, whole->control_port, whole->link, whole->token);
        REQUIRE(testing::wait_for(10s, [&] { return crowd.done() > 30; }));
        const auto begin = std::chrono::steady_clock::now();
        whole->graph.reset();
        whole->buyers.reset();
        whole->show.reset();
        CHECK(std::chrono::steady_clock::now() - begin < 10s * patience);
        std::this_thread::sleep_for(50ms);
    }
    CHECK(barrier::caught() == caught);
}
