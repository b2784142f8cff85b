#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "overlays/painting/label_layout.h"
#include "test_places.h"
#include "tests/overlays/painting/label_scenes.h"
#include "tests/support/catch.h"

// The fixtures in tests/fixtures/label_layout are what the buyer page's layout is held to as well. After a change of the algorithm's text:
// VITRINE_REWRITE_FIXTURES=1 bin/test_overlays "[label_layout]" writes them anew; read the difference before you keep it.

using namespace vitrine;
using nlohmann::json;

namespace {

const LabelRect picture{64, 36, 1152, 648};

LabelLayoutInput random_input(Lcg& random) {
    LabelLayoutInput in;
    in.bounds = picture;
    in.product = {random.between(-300, 1100), random.between(-300, 600), random.between(1, 900), random.between(1, 700)};
    for (int n = random.between(0, 3); n > 0; --n)
        in.obstacles.push_back({random.between(-50, 1200), random.between(-50, 700), random.between(1, 450), random.between(1, 250)});
    for (int n = random.between(0, 9); n > 0; --n) {
        LabelInput label{random.between(in.product.x, in.product.x + in.product.width - 1),
                         random.between(in.product.y, in.product.y + in.product.height - 1),
                         random.between(60, 320),
                         random.between(30, 130),
                         {}};
        if (random.between(0, 3) > 0)
            label.previous = {true, static_cast<LabelSide>(random.between(0, 3)), random.between(64, 1000), random.between(36, 600)};
        in.labels.push_back(label);
    }
    in.gap = random.between(0, 40);
    in.spacing = random.between(0, 16);
    return in;
}

json rect_json(const LabelRect& r) { return {{"x", r.x}, {"y", r.y}, {"width", r.width}, {"height", r.height}}; }
constexpr const char* side_names[] = {"left", "right", "above", "below"};

json placement_json(const LabelPlacement& p) {
    return {{"shown", p.shown}, {"side", side_names[static_cast<int>(p.side)]}, {"x", p.x}, {"y", p.y}};
}

LabelPlacement placement_of(const json& j) {
    const auto side = std::find(std::begin(side_names), std::end(side_names), j["side"].get<std::string>()) - std::begin(side_names);
    return {j["shown"], static_cast<LabelSide>(side), j["x"], j["y"]};
}

json input_json(const LabelLayoutInput& in) {
    json obstacles = json::array(), labels = json::array();
    for (const auto& o : in.obstacles) obstacles.push_back(rect_json(o));
    for (const auto& l : in.labels)
        labels.push_back({{"anchor_x", l.anchor_x},
                          {"anchor_y", l.anchor_y},
                          {"width", l.width},
                          {"height", l.height},
                          {"previous", l.previous.shown ? placement_json(l.previous) : json(nullptr)}});
    return {
        {"bounds", rect_json(in.bounds)}, {"product", rect_json(in.product)}, {"obstacles", obstacles}, {"labels", labels}, {"gap", in.gap},
        {"spacing", in.spacing}};
}

json result_json(const std::vector<LabelPlacement>& placements) {
    json list = json::array();
    for (const auto& p : placements) list.push_back(placement_json(p));
    return list;
}

LabelRect rect_of(const json& j) { return {j["x"], j["y"], j["width"], j["height"]}; }

LabelLayoutInput input_of(const json& j) {
    LabelLayoutInput in{rect_of(j["bounds"]), rect_of(j["product"]), {}, {}, j["gap"], j["spacing"]};
    for (const auto& o : j["obstacles"]) in.obstacles.push_back(rect_of(o));
    for (const auto& l : j["labels"]) {
        in.labels.push_back({l["anchor_x"], l["anchor_y"], l["width"], l["height"], {}});
        if (!l["previous"].is_null()) in.labels.back().previous = placement_of(l["previous"]);
    }
    return in;
}

LabelLayoutInput plain_input(std::vector<LabelInput> labels) { return {picture, {500, 260, 240, 200}, {}, std::move(labels), 28, 12}; }

const LabelPlacement nowhere, on_left{true, LabelSide::left, 272, 270}, on_right{true, LabelSide::right, 768, 270};

std::map<std::string, std::vector<LabelLayoutInput>> fixture_inputs() {
    std::map<std::string, std::vector<LabelLayoutInput>> files;
    auto& sides = files["sides"];
    for (const int x : {500, 619, 620, 621, 650, 651, 739})
        for (const LabelPlacement previous : {nowhere, on_left, on_right}) sides.push_back(plain_input({{x, 300, 200, 60, previous}}));
    for (const int x : {-200, 64, 250, 291, 292, 320, 1000, 1216, 1400})  // the product wanders out of the picture
        for (const LabelPlacement previous : {nowhere, on_left}) {
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

}  // namespace

TEST_CASE("1,000 random pictures: no label meets a label, the product or an obstacle, or leaves the bounds", "[label_layout]") {
    Lcg random(1);
    int shown = 0, all = 0;
    for (int round = 0; round < 1000; ++round) {
        const LabelLayoutInput in = random_input(random);
        const auto placements = layout_labels(in);
        REQUIRE(placements.size() == in.labels.size());
        CHECK(layout_labels(in) == placements);
        INFO("round " << round);
        CHECK(std::string(fault_of(in, placements)) == "");
        all += static_cast<int>(in.labels.size());
        for (const auto& p : placements) shown += p.shown;
    }
    CHECK(shown > all / 3);  // a third of these products fill most of the picture; it does not win by hiding
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
    LabelPlacement before;
    const auto step = [&](int x) {
        before = layout_labels(plain_input({{x, 300, 200, 60, before}}))[0];
        return before.side;
    };
    CHECK(step(600) == LabelSide::left);
    CHECK(step(649) == LabelSide::left);
    CHECK(step(650) == LabelSide::right);
    CHECK(step(600) == LabelSide::right);
    CHECK(step(590) == LabelSide::right);
    CHECK(step(589) == LabelSide::left);
}

TEST_CASE("a step of one pixel moves labels by one pixel at most while their order holds", "[label_layout]") {
    std::vector<LabelPlacement> before(4);
    for (int y = 100; y < 620; ++y) {
        const auto placed = layout_labels(plain_input({{540, y, 200, 60, before[0]},
                                                       {550, y + 40, 180, 60, before[1]},
                                                       {560, y + 40, 180, 60, before[2]},
                                                       {690, y, 100, 40, before[3]}}));
        for (std::size_t i = 0; i < placed.size(); ++i) {
            if (!before[i].shown) continue;
            CHECK(std::abs(placed[i].y - before[i].y) <= 1);
            CHECK(placed[i].x == before[i].x);
        }
        before = placed;
    }
}

TEST_CASE("leaders that would cross change places", "[label_layout]") {
    // Five parts at one height: the nearer to the label a part is, the nearer to the middle of the column must the label be.
    const LabelLayoutInput in = plain_input(
        {{510, 360, 200, 60, {}}, {530, 361, 200, 60, {}}, {550, 360, 200, 60, {}}, {570, 361, 200, 60, {}}, {590, 360, 200, 60, {}}});
    const auto placed = layout_labels(in);
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t k = 0; k < i; ++k)
            CHECK_FALSE(segments_cross(label_port(placed[i], 200, 60), {in.labels[i].anchor_x, in.labels[i].anchor_y},
                                       label_port(placed[k], 200, 60), {in.labels[k].anchor_x, in.labels[k].anchor_y}));
    CHECK(std::string(fault_of(in, placed)) == "");
}

TEST_CASE("a label that was pushed past an obstacle stays on that side of it", "[label_layout]") {
    LabelPlacement before;
    const auto step = [&](int y) {
        LabelLayoutInput in = plain_input({{540, y, 200, 60, before}});
        in.obstacles = {{200, 300, 400, 100}};
        before = layout_labels(in)[0];
        return before.y;
    };
    CHECK(step(340) == 300 - 12 - 60);  // the middle, 350, is a little further down
    CHECK(step(360) == 300 - 12 - 60);
    CHECK(step(340) == 300 - 12 - 60);
    CHECK(step(400) == 400 + 12);
    CHECK(step(340) == 400 + 12);
}

TEST_CASE("where the columns have no room, a row above or below the product takes the labels", "[label_layout]") {
    LabelLayoutInput in = plain_input({{300, 280, 220, 60, {}}, {700, 290, 220, 60, {}}, {900, 430, 220, 60, {}}});
    in.product = {100, 260, 1080, 200};
    const auto placed = layout_labels(in);
    CHECK(placed[0].side == LabelSide::above);
    CHECK(placed[1].side == LabelSide::above);
    CHECK(placed[2].side == LabelSide::below);
    CHECK(placed[0] == LabelPlacement{true, LabelSide::above, 300 - 110, 260 - 28 - 60});
    CHECK(std::string(fault_of(in, placed)) == "");
}

TEST_CASE("where there is room for some labels only, the first ones stay", "[label_layout]") {
    LabelLayoutInput in = plain_input({});
    in.bounds.height = 150;
    in.product.y = 40;
    in.product.height = 140;
    for (int i = 0; i < 8; ++i) in.labels.push_back({540 + i, 100 + i, 200, 60, {}});
    const auto placed = layout_labels(in);
    for (std::size_t i = 0; i < 8; ++i) CHECK(placed[i].shown == (i < 4));  // a column holds two
    CHECK(placed[2].side == LabelSide::right);                              // of the first three, the one nearest to the other side
    CHECK(placed[3].side == LabelSide::right);
}

TEST_CASE("a product that fills the picture has no labels, and they come back only with room to spare", "[label_layout]") {
    LabelLayoutInput in = plain_input({{640, 300, 200, 60, {}}});
    in.product = {64 + 200 + 27, 36, 800, 640};
    CHECK_FALSE(layout_labels(in)[0].shown);
    in.product.x += 1;
    in.labels[0].previous = layout_labels(in)[0];
    CHECK(in.labels[0].previous.shown);
    in.product.x -= 28;  // it stays until it would touch
    CHECK(layout_labels(in)[0].shown);
    in.product.x -= 1;
    CHECK_FALSE(layout_labels(in)[0].shown);
}

namespace {

json figures_json(const LayoutFigures& f) {
    return {{"frames", f.frames},       {"labels", f.labels},         {"shown", f.shown},
            {"crossings", f.crossings}, {"side_flips", f.side_flips}, {"most_flips", f.most_flips},
            {"comings", f.comings},     {"jumps", f.jumps},           {"hash", f.hash}};
}

}  // namespace

TEST_CASE("1,000 random poses, twelve callouts at 1080p: nothing meets, nothing leaves the safe area", "[label_layout]") {
    Lcg random(20260301);
    for (int i = 0; i < 1000; ++i) {
        const LabelLayoutInput in = random_pose_input(random);
        INFO("pose " << i);
        CHECK(std::string(fault_of(in, layout_labels(in))) == "");
    }
}

TEST_CASE("poses, turns and shaking give the figures that the buyer page gets too", "[label_layout]") {
    const std::map<std::string, LayoutFigures> figures = {{"random_poses", random_poses()},
                                                          {"table_turn", table_turn()},
                                                          {"upright_turn", upright_turn()},
                                                          {"shaken_turn", shaken_turn()},
                                                          {"shaken_stills", shaken_stills()}};
    for (const char* turn : {"table_turn", "upright_turn", "shaken_turn"}) CHECK(figures.at(turn).most_flips <= 2);
    CHECK(figures.at("shaken_stills").side_flips == 0);
    CHECK(figures.at("shaken_stills").comings == 0);
    CHECK(figures.at("shaken_stills").jumps == 0);
    json now;
    for (const auto& [name, f] : figures) now[name] = figures_json(f);
    const std::string path = VITRINE_SOURCE_DIR "/tests/fixtures/label_layout/summary/figures.json";
    if (std::getenv("VITRINE_REWRITE_FIXTURES") != nullptr) std::ofstream(path) << now.dump(1) << "\n";
    std::ifstream file(path);
    REQUIRE(file);
    CHECK(json::parse(file) == now);
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
