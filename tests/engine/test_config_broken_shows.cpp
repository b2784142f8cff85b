// Every folder in tests/fixtures/shows names, in expected.json, the problems that load_show must find in it: all of them and no others,
// with file, line and key, and a part of the sentence. An empty list is a valid show.

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/config.h"
#include "test_places.h"
#include "tests/support/catch.h"

namespace fs = std::filesystem;
using namespace vitrine;

namespace {

const fs::path shows = fs::path(VITRINE_SOURCE_DIR) / "tests/fixtures/shows";

std::string list_of(const std::vector<Problem>& problems) {
    std::string out;
    for (const auto& p : problems) out += p.text() + "\n";
    return out;
}

std::vector<fs::path> folders() {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(shows))
        if (fs::exists(entry.path() / "expected.json")) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("every broken show names all its problems", "[config]") {
    int broken = 0;
    for (const auto& folder : folders()) {
        INFO(folder.filename().string());
        const auto expected = nlohmann::json::parse(std::ifstream(folder / "expected.json"));
        broken += expected.empty() ? 0 : 1;
        const auto begin = std::clock();  // of the processor: a busy machine must not fail this
        const auto loaded = load_show(folder);
        const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        CHECK(seconds < 1.0);
        INFO(list_of(loaded.problems));
        CHECK(loaded.show.has_value() == expected.empty());
        CHECK(loaded.problems.size() == expected.size());
        for (const auto& e : expected) {
            INFO(e.dump());
            const auto matches = std::count_if(loaded.problems.begin(), loaded.problems.end(), [&](const Problem& p) {
                return p.file == e.at("file") && p.line == e.at("line") && p.key == e.value("key", "") &&
                       p.what.find(e.at("what").get<std::string>()) != std::string::npos;
            });
            CHECK(matches == 1);
        }
        for (const auto& p : loaded.problems) {
            CHECK_FALSE(p.what.empty());
            CHECK_FALSE(p.hint.empty());
        }
        CHECK(std::is_sorted(loaded.problems.begin(), loaded.problems.end(),
                             [](const Problem& a, const Problem& b) { return a.file == b.file && a.line < b.line; }));
    }
    CHECK(broken >= 30);
}

TEST_CASE("a slip is met with the word that was meant", "[config]") {
    auto hint = [](const std::string& folder, const std::string& key) {
        for (const auto& p : load_show(shows / folder).problems)
            if (p.key == key) return p.hint;
        return std::string("no such problem");
    };
    CHECK(hint("unknown-keys", "show.titel") == "did you mean title?");
    CHECK(hint("unknown-keys", "show.fps") == "it belongs in [program]");
    CHECK(hint("unknown-keys", "camera[0].Latency_ms") == "did you mean latency_ms?");
    CHECK(hint("scenes-that-do-not-fit", "scene[0].cameras[0]") == "did you mean \"bench\"?");
    CHECK(hint("camera-sources", "camera[0].source") == "did you mean \"rtsp\"?");
    CHECK(hint("camera-sources", "camera[10].source") == "write \"v4l2:/dev/video0\"");
    CHECK(hint("missing-files", "brand.logo") == "did you mean \"images/logo.png\"?");
    CHECK(hint("language-tags", "show.languages[1]") == "for Chinese write \"zh\"");
    CHECK(hint("several-syntax-slips", "") == "strings need quotes: listen = \"127.0.0.1:8080\"");
}

TEST_CASE("a problem reads file, line, key, what is wrong, what would be right", "[config]") {
    CHECK(Problem{"show.toml", 12, "camera[1].source", "is missing", "add it"}.text() ==
          "show.toml:12: camera[1].source: is missing – add it");
    CHECK(Problem{"show.toml", 0, "", "is not there", ""}.text() == "show.toml: is not there");
    CHECK(Problem{"", 0, "--port", "is -1", "0 to 65535"}.text() == "--port: is -1 – 0 to 65535");
}

TEST_CASE("no problem gives away a camera's password", "[config]") {
    for (const auto& p : load_show(shows / "camera-sources").problems) CHECK(p.text().find("pass word") == std::string::npos);
}
