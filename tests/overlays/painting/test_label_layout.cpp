#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "overlays/painting/label_layout.h"
#include "tests/support/catch.h"

// The fixtures in tests/fixtures/label_layout are what the buyer page's layout is held to as well. After a change of the algorithm's text:
// VITRINE_REWRITE_FIXTURES=1 bin/test_overlays "[label_layout]" writes them anew; read the difference before you keep it.

using namespace vitrine;
using nlohmann::json;

namespace {

/// The same numbers everywhere (Numerical Recipes' 32-bit generator), unlike the library's distributions.
class Lcg {
  public:
    explicit Lcg(std::uint32_t seed) : state_(seed) {}
    int between(int low, int high) {
        state_ = state_ * 1664525U + 1013904223U;
        return low + static_cast<int>((state_ >> 8) % static_cast<std::uint32_t>(high - low + 1));
    }

  private:
    std::uint32_t state_;
};

const LabelRect picture{64, 36, 1152, 648};

LabelLayoutInput random_input(Lcg& random) {
    LabelLayoutInput in;
    in.bounds = picture;
    in.product = {random.between(-300, 1100), random.between(-300, 600), random.between(1, 900), random.between(1, 700)};
    for (int n = random.between(0, 3); n > 0; --n)
        in.obstacles.push_back({random.between(-50, 1200), random.between(-50, 700), random.between(1, 450), random.between(1, 250)});
    for (int n = random.between(0, 9); n > 0; --n) {
        LabelInput label{random.between(in.product.x - 20, in.product.x + in.product.width + 20),
                         random.between(in.product.y - 20, in.product.y + in.product.height + 20),
                         random.between(60, 320),
                         random.between(30, 130),
                         {}};
        const int previous = random.between(0, 3);
        if (previous == 1) label.previous = LabelSide::left;
        if (previous == 2) label.previous = LabelSide::right;
        in.labels.push_back(label);
    }
    in.gap = random.between(0, 40);
    in.spacing = random.between(0, 16);
    return in;
}

json rect_json(const LabelRect& r) { return {{"x", r.x}, {"y", r.y}, {"width", r.width}, {"height", r.height}}; }
json side_json(LabelSide s) { return s == LabelSide::left ? "left" : "right"; }

json input_json(const LabelLayoutInput& in) {
    json obstacles = json::array(), labels = json::array();
    for (const auto& o : in.obstacles) obstacles.push_back(rect_json(o));
    for (const auto& l : in.labels)
        labels.push_back({{"anchor_x", l.anchor_x},
                          {"anchor_y", l.anchor_y},
                          {"width", l.width},
                          {"height", l.height},
                          {"previous", l.previous ? side_json(*l.previous) : json(nullptr)}});
    return {
        {"bounds", rect_json(in.bounds)}, {"product", rect_json(in.product)}, {"obstacles", obstacles}, {"labels", labels}, {"gap", in.gap},
        {"spacing", in.spacing}};
}

json result_json(const std::vector<LabelPlacement>& placements) {
    json list = json::array();
    for (const auto& p : placements) list.push_back({{"shown", p.shown}, {"side", side_json(p.side)}, {"x", p.x}, {"y", p.y}});
    return list;
}

LabelRect rect_of(const json& j) { return {j["x"], j["y"], j["width"], j["height"]}; }

LabelLayoutInput input_of(const json& j) {
    LabelLayoutInput in{rect_of(j["bounds"]), rect_of(j["product"]), {}, {}, j["gap"], j["spacing"]};
    for (const auto& o : j["obstacles"]) in.obstacles.push_back(rect_of(o));
    for (const auto& l : j["labels"]) {
        in.labels.push_back({l["anchor_x"], l["anchor_y"], l["width"], l["height"], {}});
        if (!l["previous"].is_null()) in.labels.back().previous = l["previous"] == "left" ? LabelSide::left : LabelSide::right;
    }
    return in;
}

LabelLayoutInput plain_input(std::vector<LabelInput> labels) { return {picture, {500, 260, 240, 200}, {}, std::move(labels), 28, 12}; }

std::map<std::string, std::vector<LabelLayoutInput>> fixture_inputs() {
    std::map<std::string, std::vector<LabelLayoutInput>> files;
    auto& sides = files["sides"];
    for (const int x : {500, 619, 620, 621, 650, 651, 739})
        for (const auto previous : {std::optional<LabelSide>(), std::optional(LabelSide::left), std::optional(LabelSide::right)})
            sides.push_back(plain_input({{x, 300, 200, 60, previous}}));
    for (const int x : {-200, 64, 250, 291, 292, 320, 1000, 1216, 1400})  // the product wanders out of the picture
        for (const auto previous : {std::optional<LabelSide>(), std::optional(LabelSide::left)}) {
            LabelLayoutInput in = plain_input({{x + 60, 300, 200, 60, previous}, {x + 180, 340, 200, 60, previous}});
            in.product.x = x;
            sides.push_back(in);
        }
    auto& crowded = files["crowded"];
    crowded.push_back(plain_input({}));
    crowded.push_back(plain_input({{540, 300, 180, 60, {}}, {540, 300, 200, 80, {}}, {540, 300, 150, 61, {}}}));
    crowded.push_back(plain_input({{540, 20, 180, 60, {}}, {541, 30, 200, 80, {}}, {700, 700, 150, 61, {}}, {690, 690, 150, 61, {}}}));
    LabelLayoutInput many = plain_input({});
    for (int i = 0; i < 14; ++i) many.labels.push_back({520 + i, 280 + 10 * ((i * 5) % 14), 200, 90, {}});
    crowded.push_back(many);
    crowded.push_back(plain_input({{540, 300, 1153, 60, {}}, {540, 300, 200, 649, {}}, {700, 300, 1152, 60, {}}}));
    LabelLayoutInput closeup =
        plain_input({{200, 100, 240, 60, {}}, {900, 600, 240, 60, {}}, {640, 360, 700, 60, {}}, {300, 360, 700, 60, {}}});
    closeup.product = {-100, -100, 1500, 1000};
    crowded.push_back(closeup);
    auto& obstacles = files["obstacles"];
    for (const LabelRect o :
         {LabelRect{200, 250, 300, 80}, LabelRect{0, 300, 1280, 420}, LabelRect{0, 0, 1280, 720}, LabelRect{760, 36, 456, 500}}) {
        LabelLayoutInput in =
            plain_input({{540, 300, 180, 60, {}}, {550, 330, 200, 80, {}}, {700, 310, 150, 61, {}}, {690, 460, 150, 61, {}}});
        in.obstacles = {o};
        obstacles.push_back(in);
        in.obstacles.push_back({200, 400, 200, 40});
        obstacles.push_back(in);
    }
    Lcg random(20240607);
    for (int i = 0; i < 60; ++i) files["random"].push_back(random_input(random));
    return files;
}

bool meet(const LabelRect& a, const LabelRect& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

}  // namespace

TEST_CASE("labels never meet, never leave the bounds, never cover an obstacle: 1,000 random pictures", "[label_layout]") {
    Lcg random(1);
    int shown = 0, all = 0;
    for (int round = 0; round < 1000; ++round) {
        const LabelLayoutInput in = random_input(random);
        const auto placements = layout_labels(in);
        REQUIRE(placements.size() == in.labels.size());
        CHECK(layout_labels(in) == placements);
        std::vector<LabelRect> taken = in.obstacles;
        for (std::size_t i = 0; i < placements.size(); ++i) {
            ++all;
            if (!placements[i].shown) continue;
            ++shown;
            const LabelRect r{placements[i].x, placements[i].y, in.labels[i].width, in.labels[i].height};
            REQUIRE(r.x >= picture.x);
            REQUIRE(r.y >= picture.y);
            REQUIRE(r.x + r.width <= picture.x + picture.width);
            REQUIRE(r.y + r.height <= picture.y + picture.height);
            for (const auto& other : taken) REQUIRE_FALSE(meet(r, other));
            taken.push_back(r);
        }
    }
    CHECK(shown > all * 8 / 10);  // it does not win by hiding
}

TEST_CASE("a lone label stands beside the product at its anchor's height", "[label_layout]") {
    CHECK(layout_labels(plain_input({{540, 300, 200, 61, {}}})) ==
          std::vector<LabelPlacement>{{true, LabelSide::left, 500 - 28 - 200, 300 - 30}});
    CHECK(layout_labels(plain_input({{700, 300, 200, 61, {}}})) ==
          std::vector<LabelPlacement>{{true, LabelSide::right, 740 + 28, 300 - 30}});
}

TEST_CASE("labels that want the same height part evenly and keep the order of their anchors", "[label_layout]") {
    const auto placed = layout_labels(plain_input({{540, 301, 180, 60, {}}, {540, 300, 180, 60, {}}, {540, 299, 180, 60, {}}}));
    CHECK(placed[2].y < placed[1].y);
    CHECK(placed[1].y < placed[0].y);
    CHECK(placed[1].y == 300 - 30);
    CHECK(placed[1].y - placed[2].y == 72);
    CHECK(placed[0].y - placed[1].y == 72);
}

TEST_CASE("a label changes sides only well past the middle", "[label_layout]") {
    // Middle 620, slack 240 / 8 = 30.
    std::optional<LabelSide> side;
    const auto step = [&](int x) {
        side = layout_labels(plain_input({{x, 300, 200, 60, side}}))[0].side;
        return *side;
    };
    CHECK(step(600) == LabelSide::left);
    CHECK(step(650) == LabelSide::left);
    CHECK(step(651) == LabelSide::right);
    CHECK(step(600) == LabelSide::right);
    CHECK(step(590) == LabelSide::right);
    CHECK(step(589) == LabelSide::left);
}

TEST_CASE("a step of one pixel moves a lone label by one pixel at most", "[label_layout]") {
    std::vector<LabelPlacement> before;
    for (int y = 100; y < 620; ++y) {
        const auto placed = layout_labels(plain_input(
            {{540, y, 200, 60, LabelSide::left}, {550, y + 40, 180, 60, LabelSide::left}, {690, y, 100, 40, LabelSide::right}}));
        for (std::size_t i = 0; i < before.size(); ++i) {
            CHECK(std::abs(placed[i].y - before[i].y) <= 1);
            CHECK(placed[i].x == before[i].x);
        }
        before = placed;
    }
}

TEST_CASE("where there is room for some labels only, the first ones stay", "[label_layout]") {
    LabelLayoutInput in = plain_input({});
    in.bounds.height = 150;
    for (int i = 0; i < 8; ++i) in.labels.push_back({540, 100 + i, 200, 60, {}});
    const auto placed = layout_labels(in);
    for (std::size_t i = 0; i < 8; ++i) {  // a column holds two
        CHECK(placed[i].shown == (i < 4));
        CHECK(placed[i].side == (i == 2 || i == 3 ? LabelSide::right : LabelSide::left));
    }
}

TEST_CASE("the layout is that of the fixtures", "[label_layout]") {
    const std::string folder = VITRINE_SOURCE_DIR "/tests/fixtures/label_layout/";
    for (const auto& [name, inputs] : fixture_inputs()) {
        const std::string path = folder + name + ".json";
        if (std::getenv("VITRINE_REWRITE_FIXTURES") != nullptr) {
            json cases = json::array();
            for (const auto& in : inputs) cases.push_back({{"input", input_json(in)}, {"expected", result_json(layout_labels(in))}});
            std::ofstream out(path);
            out << "[\n";
            for (std::size_t i = 0; i < cases.size(); ++i) out << cases[i].dump() << (i + 1 < cases.size() ? ",\n" : "\n");
            out << "]\n";
        }
        std::ifstream file(path);
        REQUIRE(file);
        const json cases = json::parse(file);
        REQUIRE(cases.size() == inputs.size());
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            INFO(name << " case " << i);
            CHECK(input_of(cases[i]["input"]) == inputs[i]);
            CHECK(result_json(layout_labels(input_of(cases[i]["input"]))) == cases[i]["expected"]);
        }
    }
}
