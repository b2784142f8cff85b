// The table of keys against the reader (both ways) and against the document.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/config.h"
#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

namespace fs = std::filesystem;
using namespace vitrine;

namespace {

std::string row_of(const ConfigKey& key) {
    auto cell = [](const std::string& text) { return text.empty() ? std::string("–") : text; };
    return "| `" + key.key + "` | " + cell(key.type) + " | " + cell(key.range) + " | " + cell(key.default_value) + " | " +
           cell(key.meaning) + " |";
}

// "camera[].masks[].fill" as it must stand in the file, with a value that no key takes.
std::string with_wrong_value(std::string key) {
    std::string sections;
    std::string name;
    for (std::size_t dot; (dot = key.find('.')) != std::string::npos; key.erase(0, dot + 1)) {
        std::string part = key.substr(0, dot);
        const bool list = part.ends_with("[]");
        if (list) part.resize(part.size() - 2);
        name += (name.empty() ? "" : ".") + part;
        sections += list ? "[[" + name + "]]\n" : "[" + name + "]\n";
    }
    return sections + key + " = 1979-05-27\n";
}

}  // namespace

TEST_CASE("every key is there once and described", "[config]") {
    std::set<std::string> seen;
    for (const auto& key : config_keys()) {
        INFO(key.key);
        CHECK(seen.insert(key.key).second);
        CHECK_FALSE(key.type.empty());
        CHECK_FALSE(key.default_value.empty());
        CHECK_FALSE(key.meaning.empty());
        CHECK(key.meaning.back() == '.');
    }
}

TEST_CASE("every key in the table is read: a wrong value is named", "[config]") {
    for (const auto& key : config_keys()) {
        INFO(key.key);
        ScratchShow scratch;
        std::string file = "show.toml", in_file = key.key;
        scratch.write("show.toml", ScratchShow::smallest);
        if (key.key.starts_with("product.")) {
            file = "products/p.toml";
            in_file = key.key.substr(8);
        } else if (key.key.starts_with("calibration.")) {
            file = "c.toml";
            in_file = key.key.substr(12);
            scratch.write("show.toml", std::string(ScratchShow::smallest) + "calibration = \"c.toml\"\n");
        }
        scratch.write(file, with_wrong_value(in_file));
        std::string expected = in_file;
        for (std::size_t at; (at = expected.find("[]")) != std::string::npos;) expected.insert(at + 1, "0");
        const auto loaded = load_show(scratch.folder());
        const bool named = std::any_of(loaded.problems.begin(), loaded.problems.end(), [&](const Problem& p) {
            return p.file == file && p.key == expected && p.what.find("is a date, not ") != std::string::npos;
        });
        CHECK(named);
    }
}

TEST_CASE("CONFIG.md lists exactly the keys, in their order", "[config]") {
    std::ifstream in(fs::path(VITRINE_SOURCE_DIR) / "engine/CONFIG.md");
    REQUIRE(in);
    std::vector<std::string> rows, expected;
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("| `")) rows.push_back(line);
    for (const auto& key : config_keys()) expected.push_back(row_of(key));
    for (std::size_t i = 0; i < std::max(rows.size(), expected.size()); ++i)
        CHECK((i < rows.size() ? rows[i] : "no row") == (i < expected.size() ? expected[i] : "no key"));
}
