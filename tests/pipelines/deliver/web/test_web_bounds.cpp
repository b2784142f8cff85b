// What one client may hold of this machine: memory, connections, descriptors, the show thread. Each bound is reached for here.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "pipelines/deliver/web/body_memory.h"
#include "pipelines/deliver/web/descriptors.h"
#include "pipelines/deliver/web/listener.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/pipelines/deliver/web/web_guests.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

constexpr Nanoseconds ms = 1'000'000, second = 1'000 * ms;

/// A client that reads only when it is told to, from an address of its own choice within 127/8.
class SlowClient {
  public:
    explicit SlowClient(std::uint16_t port, std::uint32_t from = INADDR_LOOPBACK) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int small = 16 * 1024;
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(from);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    SlowClient(SlowClient&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
    SlowClient& operator=(SlowClient&&) = delete;
    ~SlowClient() {
        if (fd_ >= 0) ::close(fd_);
    }
    bool send(const std::string& text) const {
        return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    void ask(const std::string& target, const std::string& session) const {
        REQUIRE(send("GET " + target + " HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer " + session + "\r\n\r\n"));
    }
    /// Bytes taken, at most `most`; fewer when the connection ended or nothing came for half a second.
    std::string take(std::size_t most) const {
        const timeval half{0, 500'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof half);
        std::string all;
        std::string piece(64 * 1024, '\0');
        while (all.size() < most) {
            const ssize_t n = ::recv(fd_, piece.data(), std::min(piece.size(), most - all.size()), 0);
            if (n <= 0) break;
            all.append(piece.data(), static_cast<std::size_t>(n));
        }
        return all;
    }

  private:
    int fd_;
};

std::size_t resident_bytes() {
    std::size_t pages = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 9));
    return bytes;
}

double metric(WebFixture& web, const std::string& name) {
    const std::string text = HttpClient(web.control_port).ask("GET", "/metrics", web.control_headers()).body;
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

/// A show that is over, with a recording.
struct Ended {
    TemporaryFolder folder;
    std::string video;
    fs::path scenes;
    std::unique_ptr<WebFixture> web;

    explicit Ended(std::size_t size, web::WebInside inside = {}) : video(noise(size)) {
        const fs::path file = folder.write("show-clean.mp4", video);
        std::string lines;
        while (lines.size() < 600'000)
            lines += "{\"t\":" + std::to_string(lines.size()) + ".0,\"cbor\":\"" + std::string(2000, 'A') + "\"}\n";
        scenes = folder.write("show-clean.scenes", lines);
        web = std::make_unique<WebFixture>(small_show(), std::move(inside), 60, false, [&](WebOptions& options) {
            options.replay = [file, scenes = scenes] { return std::optional(ReplayFiles{file, scenes}); };
        });
        web->move(SessionMove::prepare);
        web->move(SessionMove::end);
        REQUIRE(WebFixture::eventually([&] { return web->show->snapshot()->session == SessionState::ended; }));
    }
};

}  // namespace

TEST_CASE("readers of a long recording cost a piece each, however slowly they read", "[web][bounds]") {
    Ended ended(48u << 20);
    WebFixture& web = *ended.web;
    const std::string session = web.join();
    const std::string whole = HttpClient(web.port).ask("GET", "/api/replay/video", {{"Authorization", "Bearer " + session}}).body;
    REQUIRE((whole == ended.video));
    const std::size_t before = resident_bytes();
    std::vector<SlowClient> readers;
    for (int i = 0; i < 24; ++i) {
        readers.emplace_back(web.port);
        readers.back().ask("/api/replay/video", session);
    }
    for (const SlowClient& reader : readers) CHECK(reader.take(4096).substr(0, 15) == "HTTP/1.1 200 OK");
    // 24 files are 1.1 GiB.
    CHECK(resident_bytes() < before + (32u << 20));
    CHECK(HttpClient(web.port).ask("GET", "/").status == 200);
    // One that goes on has missed nothing.
    std::string rest;
    while (rest.size() < (1u << 20)) {
        const std::string more = readers.front().take(1u << 18);
        REQUIRE_FALSE(more.empty());
        rest += more;
    }
    CHECK(ended.video.find(rest.substr(8192, 4096)) != std::string::npos);
}

TEST_CASE("a reader that stops is dropped, a slow one is not", "[web][bounds][timing]") {
    web::WebInside inside;
    inside.http.piece_within = 1500 * ms * patience;
    Ended ended(8u << 20, inside);
    WebFixture& web = *ended.web;
    const std::string session = web.join();
    SlowClient stopped(web.port), slow(web.port);
    stopped.ask("/api/replay/video", session);
    slow.ask("/api/replay/video", session);
    REQUIRE(WebFixture::eventually([&] { return metric(web, "vitrine_connections") >= 2; }));
    // The slow one takes a piece in the time that is for one, for longer than the stopped one is given.
    std::size_t got = 0;
    for (int i = 0; i < 12; ++i) {
        got += slow.take(256 * 1024).size();
        std::this_thread::sleep_for(std::chrono::milliseconds(200 * patience));
    }
    CHECK(got == 12u * 256 * 1024);
    CHECK(WebFixture::eventually([&] { return metric(web, "vitrine_connections") <= 1; }));
    CHECK(stopped.take(16u << 20).size() < (8u << 20));
}

TEST_CASE("bodies made for one reader share a bounded memory", "[web][bounds]") {
    web::WebInside inside;
    inside.http.waiting_bytes = 1'200'000;
    Ended ended(1000, inside);
    WebFixture& web = *ended.web;
    const std::string session = web.join();
    const HttpHeaders mine{{"Authorization", "Bearer " + session}};
    // Half a megabyte of scene frames each, made for the asker.
    std::vector<SlowClient> readers;
    for (int i = 0; i < 6; ++i) {
        readers.emplace_back(web.port);
        readers.back().ask("/api/replay/scenes?from=0", session);
        (void)WebFixture::eventually([&] { return metric(web, "vitrine_http_requests_total") > 0; });
    }
    int busy = 0, served = 0;
    for (const SlowClient& reader : readers) {
        const std::string head = reader.take(1024).substr(0, 12);
        busy += head == "HTTP/1.1 503";
        served += head == "HTTP/1.1 200";
    }
    CHECK(served == 2);
    CHECK(busy == 4);
    // What many share and what comes from the disk is not counted.
    CHECK(HttpClient(web.port).ask("GET", "/").status == 200);
    CHECK(HttpClient(web.port).ask("GET", "/api/replay/scenes", mine).status == 200);
    readers.clear();
    CHECK(WebFixture::eventually([&] { return HttpClient(web.port).ask("GET", "/api/replay/scenes?from=0", mine).status == 200; }));
}

TEST_CASE("who has been reading longest gives way when the memory is full", "[web][bounds]") {
    web::BodyMemory memory(100, 10 * second);
    std::vector<int> cut;
    auto first = memory.take(60, 0, [&] { cut.push_back(1); });
    auto next = memory.take(30, 1 * second, [&] { cut.push_back(2); });
    REQUIRE(first);
    REQUIRE(next);
    CHECK_FALSE(memory.take(20, 9 * second, [] {}));
    CHECK(cut.empty());
    auto third = memory.take(60, 10 * second, [&] { cut.push_back(3); });
    REQUIRE(third);
    CHECK(cut == std::vector<int>{1});
    CHECK(memory.held() == 90);
    first.reset();  // its connection lets go later, and nothing is counted twice
    CHECK(memory.held() == 90);
    auto large = memory.take(1000, 60 * second, [&] { cut.push_back(4); });
    REQUIRE(large);  // alone
    CHECK(cut == std::vector<int>{1, 2, 3});
    CHECK_FALSE(memory.take(1, 61 * second, [] {}));
    next.reset();
    third.reset();
    large.reset();
    CHECK(memory.held() == 0);
}

TEST_CASE("a few addresses cannot hold every connection", "[web][bounds]") {
    web::WebInside inside;
    inside.http.connections = 24;
    inside.http.connections_per_address = 8;
    inside.http.give_way_after = 200 * ms;
    WebFixture web(small_show(), inside);
    const auto serves_from = [&](std::uint32_t from) {
        SlowClient client(web.port, from);
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return client.take(1 << 20).substr(0, 12) == "HTTP/1.1 200";
    };
    std::vector<SlowClient> silent;
    for (std::uint32_t address = 2; address <= 4; ++address)
        for (int i = 0; i < 8; ++i) {
            silent.emplace_back(web.port, INADDR_LOOPBACK - 1 + address);
            silent.back().send("GET /");
        }
    REQUIRE(WebFixture::eventually([&] { return metric(web, "vitrine_connections") == 24; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    // A newcomer from elsewhere, and a neighbour of those who hold them.
    for (int i = 0; i < 10; ++i) CHECK(serves_from(INADDR_LOOPBACK + 100));
    for (int i = 0; i < 7; ++i) CHECK(serves_from(INADDR_LOOPBACK + 1));
    CHECK(metric(web, "vitrine_connections") <= 24);

    // Sockets that say nothing are no better; those that have said hello stay.
    silent.clear();
    REQUIRE(WebFixture::eventually([&] { return metric(web, "vitrine_connections") == 0; }));
    const std::string session = web.join();
    SocketClient known(web.port, "/live");
    REQUIRE(known.send(Json{{"type", "hello"}, {"session", session}}.dump()));
    REQUIRE(known.receive());
    std::vector<std::unique_ptr<SocketClient>> mute;
    for (int i = 0; i < 8; ++i) mute.push_back(std::make_unique<SocketClient>(web.port, "/live"));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    for (int i = 0; i < 5; ++i) CHECK(HttpClient(web.port).ask("GET", "/").status == 200);
    CHECK(known.send(Json{{"type", "ping"}, {"t", 1}}.dump()));
    bool ponged = false;
    while (!ponged) {
        const auto text = known.receive();
        REQUIRE(text);
        ponged = Json::parse(*text).at("type") == "pong";
    }
}

TEST_CASE("descriptors are shared out below the limit", "[web][bounds]") {
    const DescriptorShares wanted{2048, 64, 60};
    CHECK(share_descriptors(16'384, 60, wanted) == wanted);
    for (const std::size_t limit : {0u, 64u, 128u, 256u, 512u, 1024u, 4096u}) {
        CAPTURE(limit);
        const DescriptorShares shares = share_descriptors(limit, 60, wanted);
        CHECK(shares.streams >= 1);
        CHECK(shares.connections >= 16);
        CHECK(shares.control >= 8);
        const auto asked = static_cast<std::size_t>(shares.connections + shares.control) +
                           static_cast<std::size_t>(shares.streams) * descriptors_of_a_stream;
        if (limit >= 256) CHECK(60 + descriptors_of_the_show + asked <= limit);
    }
    CHECK(share_descriptors(1024, 60, {4, 2, 3}) == DescriptorShares{4, 2, 3});
}

TEST_CASE("without a free descriptor connections wait, and nothing spins", "[web][bounds][timing]") {
    net::io_context io;
    auto opened = web::Listener::open(io, "127.0.0.1", 0);
    REQUIRE(opened);
    int accepted = 0;
    (*opened)->start([&](net::ip::tcp::socket) { ++accepted; });
    SlowClient client((*opened)->port());
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    std::vector<int> fill;
    rlimit tight = before;
    tight.rlim_cur = 64 + open_descriptors();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
    while (true) {
        const int fd = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
        if (fd < 0) break;
        fill.push_back(fd);
    }
    const std::size_t turns = io.run_for(std::chrono::milliseconds(500));
    CHECK(accepted == 0);
    CHECK(turns < 20);
    for (const int fd : fill) ::close(fd);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (accepted == 0 && std::chrono::steady_clock::now() < until) io.run_for(std::chrono::milliseconds(20));
    CHECK(accepted == 1);
    (*opened)->stop();
    io.run_for(std::chrono::milliseconds(50));
}

TEST_CASE("raising the limit never lowers it", "[web][bounds]") {
    const std::size_t before = descriptor_limit();
    CHECK(raise_descriptor_limit() >= before);
    CHECK(open_descriptors() < descriptor_limit());
    const std::size_t now = open_descriptors();
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK(open_descriptors() == now + 1);
    ::close(fd);
}

TEST_CASE("an offer that is not theirs is refused without the show's thread", "[web][bounds][desk]") {
    web::WebInside inside;
    inside.api.offer = {6, 1};
    WebFixture web(small_show(), inside, 60, true);
    Guest ana(web, personal_link(web, "Ana")), bo(web, personal_link(web, "Bo"));
    const HttpAnswer asked = ana.act({{"act", "request_quote"}, {"product", "LX-200"}, {"quantity", 500}});
    REQUIRE(asked.status == 200);
    const std::string offer = "/api/quotes/" + Json::parse(asked.body).at("id").get<std::string>() + "/offer";
    std::promise<void> blocked, go_on;
    web.show->records([&](const std::vector<desk::Record>&) {
        blocked.set_value();
        go_on.get_future().wait();
    });
    blocked.get_future().wait();
    CHECK(bo.get(offer).status == 404);
    CHECK(bo.get("/api/quotes/none/offer").status == 404);
    CHECK(ana.get(offer).status == 200);
    go_on.set_value();
    // And not as often as one likes.
    std::map<int, int> statuses;
    for (int i = 0; i < 20; ++i) ++statuses[bo.get(offer).status];
    CHECK(statuses[404] == 4);
    CHECK(statuses[429] == 16);
    CHECK(ana.get(offer).status == 200);
}

TEST_CASE("an attachment goes out as its reader takes it", "[web][bounds][desk]") {
    WebFixture web(small_show(), {}, 60, true);
    Guest ana(web, personal_link(web, "Ana")), bo(web, personal_link(web, "Bo"));
    const std::string drawing = "%PDF-1.7\n" + noise(5'000'000);
    const HttpAnswer kept = ana.put("a1", drawing, "drawing.pdf");
    REQUIRE(kept.status == 201);
    const std::string path = "/api/attachments/" + Json::parse(kept.body).at("id").get<std::string>();
    CHECK((ana.get(path).body == drawing));
    CHECK(bo.get(path).status == 404);
    const HttpAnswer control =
        HttpClient(web.control_port)
            .ask("GET", "/control/attachments/" + Json::parse(kept.body).at("id").get<std::string>(), web.control_headers({}));
    CHECK((control.body == drawing));
    const std::size_t before = resident_bytes();
    std::vector<SlowClient> readers;
    for (int i = 0; i < 24; ++i) {
        readers.emplace_back(web.port);
        readers.back().ask(path, ana.token);
    }
    for (const SlowClient& reader : readers) CHECK(reader.take(4096).substr(0, 15) == "HTTP/1.1 200 OK");
    CHECK(resident_bytes() < before + (24u << 20));  // 24 files are 115 MiB
}
