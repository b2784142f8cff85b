#include "pipelines/record/scene_file.h"

#include <stdlib.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("scene frames lie beside a recording, a whole line each", "[record][scenes]") {
    std::string name = (std::filesystem::temp_directory_path() / "vitrine-scenes-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    const std::filesystem::path file = SceneFile::beside(std::filesystem::path(name) / "show-clean.mp4");
    CHECK(file.filename() == "show-clean.scenes");
    const auto lines = [&] {
        std::ifstream in(file);
        std::vector<std::string> all;
        for (std::string line; std::getline(in, line);) all.push_back(line);
        return all;
    };
    {
        auto scenes = SceneFile::create(file);
        REQUIRE(scenes);
        SceneFrame frame;
        for (int i = 0; i < 40; ++i) {
            frame.number = static_cast<std::uint64_t>(i);
            (*scenes)->put(i * Nanoseconds{33'333'333}, frame);
        }
        // Written twice a second, not at each frame, and never half a line.
        const auto so_far = lines();
        CHECK(so_far.size() >= 31);
        CHECK(so_far.size() < 40);
        CHECK(so_far.back().ends_with("}"));
    }
    const auto all = lines();
    REQUIRE(all.size() == 40);
    const auto last = nlohmann::json::parse(all.back());
    CHECK(last["t"].get<double>() == Approx(39 / 30.0).margin(1e-4));
    CHECK(last["cbor"].is_string());
    CHECK_FALSE(SceneFile::create(file));  // never overwritten
    std::filesystem::remove_all(name);
}
