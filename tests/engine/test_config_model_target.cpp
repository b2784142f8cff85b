#include <algorithm>
#include <string>

#include "engine/config.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// The head of a binary glTF with an empty scene.
const std::string glb = [] {
    const std::string json = R"({"asset":{"version":"2.0"}}  )";
    const auto number = [](std::size_t n) {
        std::string out;
        for (int i = 0; i < 4; ++i) out += static_cast<char>(n >> (8 * i) & 0xff);
        return out;
    };
    return "glTF" + number(2) + number(20 + json.size()) + number(json.size()) + "JSON" + json;
}();

LoadedShow load(const std::string& product) {
    ScratchShow show;
    show.write("show.toml", std::string(ScratchShow::smallest));
    show.write("models/box.glb", glb);
    show.write("products/a.toml", "id = \"A\"\nname = \"A\"\n" + product);
    return load_show(show.folder());
}

}  // namespace

TEST_CASE("a target may be followed by the product's model", "[config]") {
    const auto beside = load(
        "model = \"models/box.glb\"\n[target]\nmodel = true\nmarker = \"apriltag36h11:5\"\nsize_mm = 40\n"
        "width_mm = 120\nheight_mm = 80\n");
    REQUIRE(beside.show);
    const TargetConfig& target = *beside.show->products[0].target;
    CHECK((target.model && target.marker && target.width_mm == 120 && target.height_mm == 80));
    CHECK(beside.show->products[0].model_at_mm == std::array<double, 3>{60, 40, 0});

    const auto without = load("model = \"models/box.glb\"\n[target]\nmarker = \"apriltag36h11:5\"\nsize_mm = 40\n");
    REQUIRE(without.show);
    CHECK_FALSE(without.show->products[0].target->model);
}

TEST_CASE("a target by model that cannot be followed is a problem at its place", "[config]") {
    const auto one_problem = [](const std::string& product, const std::string& key) {
        const auto loaded = load(product);
        INFO(product);
        CHECK_FALSE(loaded.show);
        REQUIRE(loaded.problems.size() == 1);
        CHECK(loaded.problems[0].file == "products/a.toml");
        CHECK(loaded.problems[0].key == key);
        CHECK_FALSE(loaded.problems[0].hint.empty());
    };
    const std::string model = "model = \"models/box.glb\"\n", marker = "marker = \"apriltag36h11:5\"\nsize_mm = 40\n";
    one_problem("[target]\nmodel = true\n" + marker, "target");
    one_problem(model + "[target]\nmodel = true\nwidth_mm = 120\n", "target.model");  // nothing to begin from
    one_problem(model + "[target]\nmodel = \"models/box.glb\"\n" + marker, "target.model");
    one_problem(model + "[target]\nmodel = false\n", "target");
}
