// Show folders made to hurt the reader: too large, too deep, links in circles, pipes, random bytes. Each is refused under a second.

#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>

#include "engine/config.h"
#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"
#include "tests/support/patience.h"

namespace fs = std::filesystem;
using namespace vitrine;

namespace {

std::string repeat(std::string_view piece, std::size_t times) {
    std::string out;
    out.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
}

LoadedShow judged_at_once(const fs::path& folder) {
    const auto begin = std::clock();  // of the processor: a busy machine must not fail this
    auto loaded = load_show(folder);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    CHECK(seconds < 1.0 * test::patience);
    CHECK(loaded.show.has_value() == loaded.problems.empty());
    CHECK(loaded.problems.size() <= 201);
    for (const auto& p : loaded.problems) CHECK(p.text().size() < 2000);
    return loaded;
}

bool has(const LoadedShow& loaded, const std::string& file, const std::string& what) {
    for (const auto& p : loaded.problems)
        if (p.file == file && p.what.find(what) != std::string::npos) return true;
    return false;
}

LoadedShow judged_text(const std::string& text) {
    ScratchShow scratch;
    scratch.write("show.toml", text);
    return judged_at_once(scratch.folder());
}

const std::string smallest(ScratchShow::smallest);

}  // namespace

TEST_CASE("files beyond every measure are refused unread", "[config]") {
    ScratchShow scratch;
    fs::resize_file(scratch.write("show.toml", smallest), std::uintmax_t{100} << 20);
    CHECK(has(judged_at_once(scratch.folder()), "show.toml", "100 MiB"));
    scratch.write("show.toml", smallest);
    for (int i = 0; i < 12; ++i) scratch.write("products/" + std::to_string(i) + ".toml", "#" + std::string(1000 << 10, '#'));
    CHECK(has(judged_at_once(scratch.folder()), "products/9.toml", "past the 8 MiB"));
}

TEST_CASE("more than 500 products are refused unread", "[config]") {
    ScratchShow scratch;
    scratch.write("show.toml", smallest);
    for (int i = 0; i < 501; ++i) scratch.write("products/" + std::to_string(i) + ".toml", "");
    const auto loaded = judged_at_once(scratch.folder());
    CHECK(loaded.problems.size() == 1);
    CHECK(has(loaded, "products", "more than 500"));
}

TEST_CASE("deep nesting neither crashes nor takes long", "[config]") {
    constexpr std::size_t n = 200'000;
    CHECK(has(judged_text("a = " + repeat("[", n)), "show.toml", "nests"));
    CHECK(has(judged_text("a = " + repeat("{a=", n)), "show.toml", "nests"));
    CHECK(has(judged_text(repeat("a.", n) + "a = 1\n"), "show.toml", "dotted key"));
    CHECK(has(judged_text("[" + repeat("a.", n) + "a]\n"), "show.toml", "dotted key"));
    CHECK(has(judged_text("[" + repeat("\"a\" . ", n / 2) + "a]\n"), "show.toml", "dotted key"));
    CHECK(has(judged_text("a = { " + repeat("'a'.", n) + "b = 1 }\n"), "show.toml", "dotted key"));
    // Each within its own bound, together still shallow enough.
    std::string both = smallest + "x = ";
    for (int i = 0; i < 31; ++i) both += "{" + repeat("a.", 30) + "a = ";
    both += "1" + repeat("}", 31) + "\n";
    CHECK_FALSE(judged_text(both).problems.empty());
}

TEST_CASE("huge lists and crowds of tables take no second", "[config]") {
    CHECK_FALSE(judged_text(smallest + "masks = [" + repeat("0,", 500'000) + "]\n").problems.empty());
    CHECK_FALSE(judged_text("[show]\nlanguages = [" + repeat("\"xx\",", 200'000) + "]\n").problems.empty());
    CHECK(has(judged_text(repeat("[[camera]]\n", 90'000)), "show.toml", "past 4000 tables"));
    CHECK_FALSE(judged_text(repeat("[[camera]]\n", 4000)).problems.empty());
    std::string dotted, headers, many, unknown;
    for (int i = 0; i < 4000; ++i) {
        dotted += "a" + std::to_string(i) + ".b = 1\n";
        headers += "[t" + std::to_string(i) + ".x]\n";
    }
    for (int i = 0; i < 60'000; ++i) many += "key" + std::to_string(i) + " = 1\n";
    CHECK_FALSE(judged_text(dotted).problems.empty());
    CHECK_FALSE(judged_text(headers).problems.empty());
    const auto loaded = judged_text(many);
    CHECK(loaded.problems.size() == 201);
    CHECK(loaded.problems.back().what.find("more problems") != std::string::npos);
    CHECK_FALSE(judged_text(std::string(900'000, 'k') + " = 1\n").problems.empty());
    CHECK_FALSE(judged_text("[show]\ntitle = \"" + std::string(900'000, 't') + "\"\n").problems.empty());
    CHECK_FALSE(judged_text(repeat("a = \n", 100'000)).problems.empty());
}

TEST_CASE("links in circles, links that lead out, folders and pipes are problems, not surprises", "[config]") {
    ScratchShow scratch, outside;
    scratch.write("show.toml", smallest + "calibration = \"circle.toml\"\n\n[brand]\nlogo = \"out.png\"\n");
    fs::create_symlink("circle.toml", scratch.folder() / "circle.toml");
    outside.write("secret.png", "\x89PNG");
    fs::create_symlink(outside.folder() / "secret.png", scratch.folder() / "out.png");
    fs::create_directories(scratch.folder() / "products/folder.toml");
    fs::create_symlink("b.toml", scratch.folder() / "products/a.toml");
    fs::create_symlink("a.toml", scratch.folder() / "products/b.toml");
    fs::create_symlink("gone.toml", scratch.folder() / "products/c.toml");
    outside.write("stolen.toml", "id = \"stolen\"\nname = \"S\"\n");
    fs::create_symlink(outside.folder() / "stolen.toml", scratch.folder() / "products/d.toml");
    REQUIRE(::mkfifo((scratch.folder() / "products/pipe.toml").c_str(), 0600) == 0);
    fs::create_symlink("/dev/zero", scratch.folder() / "products/zero.toml");
    const auto loaded = judged_at_once(scratch.folder());
    CHECK(has(loaded, "show.toml", "\"circle.toml\" is a link that leads in a circle"));
    CHECK(has(loaded, "show.toml", "\"out.png\" is a link that leads out of the show folder"));
    CHECK(has(loaded, "products/a.toml", "leads in a circle"));
    CHECK(has(loaded, "products/b.toml", "leads in a circle"));
    CHECK(has(loaded, "products/c.toml", "is not there"));
    CHECK(has(loaded, "products/d.toml", "leads out of the show folder"));
    CHECK(has(loaded, "products/folder.toml", "is a folder"));
    CHECK(has(loaded, "products/pipe.toml", "not a regular file"));
    CHECK(has(loaded, "products/zero.toml", "leads out of the show folder"));
    CHECK(loaded.problems.size() == 9);
}

TEST_CASE("show.toml itself may be anything", "[config]") {
    ScratchShow scratch;
    fs::create_symlink("show.toml", scratch.folder() / "show.toml");
    CHECK(has(judged_at_once(scratch.folder()), "show.toml", "circle"));
    fs::remove(scratch.folder() / "show.toml");
    REQUIRE(::mkfifo((scratch.folder() / "show.toml").c_str(), 0600) == 0);
    CHECK(has(judged_at_once(scratch.folder()), "show.toml", "not a regular file"));
    fs::remove(scratch.folder() / "show.toml");
    fs::create_directory(scratch.folder() / "show.toml");
    CHECK(has(judged_at_once(scratch.folder()), "show.toml", "is a folder"));
    CHECK(has(judged_at_once(scratch.folder() / "nowhere"), "", "there is no show folder"));
    fs::create_symlink("loop", scratch.folder() / "loop");
    CHECK(has(judged_at_once(scratch.folder() / "loop"), "", "circle"));
    CHECK(has(judged_at_once("/dev/null"), "", "is not a folder"));
    CHECK(has(judged_at_once(""), "", "there is no show folder"));
}

TEST_CASE("a show folder reached through a link is read", "[config]") {
    ScratchShow scratch;
    scratch.write("real/show.toml", smallest);
    fs::create_symlink("real", scratch.folder() / "link");
    const auto loaded = judged_at_once(scratch.folder() / "link");
    REQUIRE(loaded.show);
    CHECK(loaded.show->folder == fs::canonical(scratch.folder() / "real"));
}

TEST_CASE("file names of any bytes come out printable", "[config]") {
    ScratchShow scratch;
    scratch.write("show.toml", smallest);
    scratch.write("products/evil\x1b[2J\xff.toml", "x = 1\n");
    const auto loaded = judged_at_once(scratch.folder());
    REQUIRE_FALSE(loaded.problems.empty());
    CHECK(loaded.problems[0].file == "products/evil\\x1b[2J\\xff.toml");
}

TEST_CASE("random bytes and damaged shows crash nothing", "[config]") {
    std::mt19937 random(20240301);
    auto any = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    std::ifstream in(fs::path(VITRINE_SOURCE_DIR) / "tests/fixtures/shows/complete/show.toml");
    const std::string good((std::istreambuf_iterator<char>(in)), {});
    REQUIRE(good.size() > 500);
    ScratchShow scratch;
    constexpr std::string_view spice = "[]{}=.,\"'#\n\\\xff\x00 0e-_";
    for (int round = 0; round < 400; ++round) {
        std::string text = good;
        if (round % 10 == 0) {
            text.resize(any(4000));
            for (char& c : text) c = static_cast<char>(any(256));
        } else {
            for (unsigned edits = 1 + any(6); edits > 0; --edits) {
                const std::size_t at = any(static_cast<unsigned>(text.size()));
                switch (any(4)) {
                    case 0:
                        text[at] = spice[any(static_cast<unsigned>(spice.size()))];
                        break;
                    case 1:
                        text.erase(at, 1 + any(40));
                        break;
                    case 2:
                        text.insert(at, text.substr(any(static_cast<unsigned>(text.size())), any(60)));
                        break;
                    default:
                        text.insert(at, 1, spice[any(static_cast<unsigned>(spice.size()))]);
                        break;
                }
            }
        }
        scratch.write("show.toml", text);
        const auto loaded = load_show(scratch.folder());
        if (loaded.show.has_value() != loaded.problems.empty()) FAIL(text);
    }
}
