#include "pipelines/deliver/web/replay_api.h"

#include <stdlib.h>

#include <cmath>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <sstream>

#include "pipelines/deliver/web/scene_lines.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::web;

namespace {

/// The net thread of these tests: whoever waits.
struct Net {
    std::mutex mutex;
    std::condition_variable woken;
    std::deque<std::function<void()>> queue;
    Awaited awaited{[this](std::function<void()> work) {
        const std::lock_guard lock(mutex);
        queue.push_back(std::move(work));
        woken.notify_one();
    }};
    void run_one() {
        std::unique_lock lock(mutex);
        REQUIRE(woken.wait_for(lock, std::chrono::seconds(20), [&] { return !queue.empty(); }));
        const auto work = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        work();
    }
};

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "vitrine-replay-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

Response ask(Net& net, ReplayApi& api, const std::string& path, std::vector<Header> headers = {}, bool ended = true,
             const std::string& method = "GET") {
    Request request;
    request.method = method;
    request.path = path.substr(0, path.find('?'));
    if (path.find('?') != std::string::npos) request.query = path.substr(path.find('?') + 1);
    request.headers = std::move(headers);
    std::optional<Response> answer;
    api.handle(request, ended, [&](Response response) { answer = std::move(response); });
    if (!answer) net.run_one();
    REQUIRE(answer);
    return *answer;
}

/// All of a body, as a connection takes it.
std::string bytes_of(Net& net, const Response& response) {
    if (!response.source) return std::string(response.text());
    std::string all;
    while (all.size() < response.source->size()) {
        const std::size_t bytes = std::min<std::size_t>(body_piece, response.source->size() - all.size());
        BodySource::Piece piece;
        response.source->read(all.size(), bytes, [&](BodySource::Piece got) { piece = std::move(got); });
        if (!piece) net.run_one();
        REQUIRE(piece);
        REQUIRE(piece->size() == bytes);
        all += *piece;
    }
    return all;
}

}  // namespace

TEST_CASE("a range is what RFC 9110 says", "[web][replay]") {
    const auto range = [](std::string_view text, std::uint64_t size = 1000) { return parse_range(text, size); };
    CHECK(range("bytes=0-99").value() == ByteRange{0, 99});
    CHECK(range("bytes=100-").value() == ByteRange{100, 999});
    CHECK(range("bytes=-100").value() == ByteRange{900, 999});
    CHECK(range("bytes=-5000").value() == ByteRange{0, 999});
    CHECK(range("Bytes=999-99999999999999999999").value() == ByteRange{999, 999});
    CHECK(range("bytes=1000-").error() == 416);
    CHECK(range("bytes=-0").error() == 416);
    CHECK(range("bytes=0-", 0).error() == 416);
    for (const char* odd : {"bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "bytes=", "bytes=-", "lines=0-1", "", "bytes=0--1", "bytes=1"}) {
        INFO(odd);
        CHECK_FALSE(range(odd).value());
    }
}

TEST_CASE("a recording is given in pieces, only when the show is over", "[web][replay]") {
    const Folder folder;
    const auto video = folder.path / "show-clean.mp4", scenes = folder.path / "show-clean.scenes";
    std::string bytes(5u << 20, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 9));
    std::ofstream(video, std::ios::binary) << bytes;
    std::ofstream(scenes) << "{\"t\":0.0,\"cbor\":\"oA==\"}\n{\"t\":12.5,\"cbor\":\"oA==\"}\n{\"t\":13.0,\"cb";
    Net net;
    ReplayApi api([&] { return std::optional(ReplayFiles{video, scenes}); }, net.awaited);

    CHECK(ask(net, api, "/api/replay/video", {{"range", "bytes=0-"}}, false).status == 404);
    CHECK(api.document(false) == "null");
    CHECK(api.document(true).find("12.5") != std::string::npos);

    // As a player does: all the rest, again and again.
    std::string got;
    std::string etag;
    while (got.size() < bytes.size()) {
        const Response piece = ask(net, api, "/api/replay/video", {{"range", "bytes=" + std::to_string(got.size()) + "-"}});
        REQUIRE(piece.status == 206);
        const std::string part = bytes_of(net, piece);
        CHECK(*piece.header("Content-Range") == "bytes " + std::to_string(got.size()) + "-" + std::to_string(got.size() + part.size() - 1) +
                                                    "/" + std::to_string(bytes.size()));
        REQUIRE(part.size() <= (2u << 20));
        REQUIRE_FALSE(part.empty());
        got += part;
        etag = *piece.header("ETag");
    }
    CHECK(got == bytes);
    CHECK(bytes_of(net, ask(net, api, "/api/replay/video", {{"range", "bytes=10-13"}, {"if-range", etag}})) == bytes.substr(10, 4));
    CHECK(bytes_of(net, ask(net, api, "/api/replay/video")) == bytes);
    // Another version of the file than the player knows: from the start.
    CHECK(ask(net, api, "/api/replay/video", {{"range", "bytes=10-13"}, {"if-range", "\"older\""}}).status == 200);
    CHECK(ask(net, api, "/api/replay/video", {{"range", "bytes=99999999-"}}).status == 416);
    CHECK(ask(net, api, "/api/replay/video", {{"range", "bytes=0-3"}}, true, "HEAD").head);
    CHECK(ask(net, api, "/api/replay/video", {}, true, "POST").status == 405);
    CHECK(ask(net, api, "/api/replay/../show.toml").status == 404);
    CHECK(bytes_of(net, ask(net, api, "/api/replay/scenes")).size() == std::filesystem::file_size(scenes));
    const Response late = ask(net, api, "/api/replay/scenes?from=3");
    CHECK(late.status == 200);
    CHECK(late.text() == "{\"t\":12.5,\"cbor\":\"oA==\"}\n");
    CHECK_FALSE(late.header("X-Next"));
    for (const char* wrong : {"", "x", "-1", "1x", "nan"})
        CHECK(ask(net, api, std::string("/api/replay/scenes?from=") + wrong).status == 400);
    // A file that becomes shorter while it is read ends the body; nothing is made up.
    const Response cut = ask(net, api, "/api/replay/video");
    std::filesystem::resize_file(video, 1000);
    BodySource::Piece piece = std::make_shared<const std::string>("unread");
    cut.source->read(4096, 4096, [&](BodySource::Piece got) { piece = std::move(got); });
    net.run_one();
    CHECK_FALSE(piece);
    std::filesystem::remove(video);
    CHECK(ask(net, api, "/api/replay/video", {{"range", "bytes=0-"}}).status == 404);
}

TEST_CASE("scene frames of a show of hours are found by their time and given by stretches", "[web][replay]") {
    const Folder folder;
    const auto video = folder.path / "show-clean.mp4", scenes = folder.path / "show-clean.scenes";
    std::ofstream(video) << "x";
    // Four hours at 30 frames a second, lines of many lengths, and what a kill and a second start leave between them.
    constexpr int frames = 4 * 3600 * 30;
    std::size_t largest = 0;
    {
        std::ofstream out(scenes, std::ios::binary);
        for (int i = 0; i < frames; ++i) {
            const std::string cbor(static_cast<std::size_t>(8 + (i * 37) % 900), 'A');
            char line[1200];
            const int n = std::snprintf(line, sizeof line, "{\"t\":%.6f,\"cbor\":\"%s\"}\n", i / 30.0, cbor.c_str());
            out.write(line, n);
            largest = std::max(largest, static_cast<std::size_t>(n));
            if (i % 50'000 == 777) out << "{\"t\":99,\"cb\n\n" << std::string(5000, '#') << "\n";
        }
        out << "{\"t\":999999.0,\"cbor\":\"o";  // torn
    }
    CHECK(std::filesystem::file_size(scenes) > (128u << 20));
    Net net;
    ReplayApi api([&] { return std::optional(ReplayFiles{video, scenes}); }, net.awaited);
    const auto from = [&](double seconds) {
        char query[64];
        std::snprintf(query, sizeof query, "/api/replay/scenes?from=%.6f", seconds);
        return ask(net, api, query);
    };
    const auto times = [](const Response& response) {
        std::vector<double> all;
        std::istringstream in{std::string(response.text())};
        for (std::string line; std::getline(in, line);)
            if (const auto at = scene_time(line)) all.push_back(*at);
        return all;
    };
    for (const double at : {0.0, 0.001, 59.99, 3600.0, 7199.5001, 14'399.9, 14'399.966}) {
        CAPTURE(at);
        const auto got = times(from(at));
        REQUIRE_FALSE(got.empty());
        CHECK(got.front() == Approx(std::ceil(at * 30 - 1e-3) / 30).margin(1e-5));
        CHECK(from(at).text().size() <= (512u << 10));
    }
    CHECK(from(20'000).text().empty());
    CHECK_FALSE(from(20'000).header("X-Next"));
    // As a page does: each stretch from where the one before said. Nothing twice, nothing left out.
    std::size_t seen = 0;
    double expected = 0;
    for (std::optional<double> next = 0; next;) {
        const Response stretch = from(*next);
        REQUIRE(stretch.status == 200);
        REQUIRE(stretch.text().ends_with('\n'));
        for (const double at : times(stretch)) {
            if (at != Approx(expected).margin(1e-5)) FAIL("a frame at " << at << " where " << expected << " comes next");
            expected = static_cast<double>(++seen) / 30;
        }
        next.reset();
        if (const auto* header = stretch.header("X-Next")) next = std::stod(*header);
    }
    CHECK(seen == frames);
}
