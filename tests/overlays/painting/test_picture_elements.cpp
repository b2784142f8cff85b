// Dimensions, badges, spec table, lower third: where they come to lie, when they come and go, what they keep clear of.

#include <algorithm>
#include <cmath>

#include "overlays/painting/badge.h"
#include "overlays/painting/dimension.h"
#include "overlays/painting/painter.h"
#include "overlays/painting/picture_place.h"
#include "tests/overlays/painting/nine_languages.h"
#include "tests/overlays/painting/sample_picture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::painting_test;

namespace {

constexpr int width = 1280, height = 720;

/// Luma of a painted picture whose ground was 90.
struct Painted {
    std::vector<std::uint8_t> bytes;
    int at(int x, int y) const { return bytes[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)]; }
    /// Share of the pixels of a rectangle that are not the ground's.
    double touched(const LabelRect& r) const {
        int count = 0;
        for (int y = r.y; y < r.y + r.height; ++y)
            for (int x = r.x; x < r.x + r.width; ++x) count += at(x, y) != 90;
        return static_cast<double>(count) / (r.width * r.height);
    }
};

Painted painted(Painter& painter, const SceneFrame& scene, const Snapshot& snapshot) {
    VideoFrame frame(width, height);
    fill(frame.view(), 90, 110, 140);
    painter.paint(frame.view(), scene, snapshot);
    return {bytes_of(frame)};
}

Painted once(const std::shared_ptr<ShowConfig>& show, const SceneFrame& scene, const Snapshot& snapshot) {
    Painter painter(show);
    return painted(painter, scene, snapshot);
}

/// The label of show_in(), 120 × 80 mm, upright: 4 px/mm with its corner at (x, y).
SceneFrame label_at(double x, double y) {
    SceneFrame scene = scene_at(0, 0, 1, 1);
    scene.anchors[0].homography = {
        4.0F / width, 0, static_cast<float>(x / width), 0, 4.0F / height, static_cast<float>(y / height), 0, 0, 1};
    return scene;
}

std::shared_ptr<ShowConfig> dimensions_only() {
    auto show = show_in("en");
    show->products[0].callouts.clear();
    show->products[0].badges.clear();
    show->brand.factory = {};
    return show;
}

constexpr LabelRect top_start{64, 36, 500, 58}, bottom_start{64, 560, 300, 124}, inset{858, 482, 358, 202};

SceneFrame with_inset(SceneFrame scene) {
    scene.sources.resize(2);
    scene.sources[1].rect = {inset.x / float(width), inset.y / float(height), inset.width / float(width), inset.height / float(height)};
    return scene;
}

}  // namespace

TEST_CASE("a dimension's length is written as its language writes numbers", "[dimension]") {
    DimensionConfig d{"d", {0, 0, 0}, {1234.5, 0, 0}, 10, {}, {}};
    const auto text = [&](const char* language) { return dimension_text(d, PictureLanguages({language})); };
    CHECK(text("en") == "\u20661,234.5\u00A0mm\u2069");
    CHECK(text("es") == "\u20661.234,5\u00A0mm\u2069");
    d.tolerance_mm = 0.25;
    CHECK(text("pt") == "\u20661.234,50 ± 0,25\u00A0mm\u2069");
    d.to_mm = {80, 0, 0};
    d.tolerance_mm.reset();
    CHECK(text("ar") == "\u206680\u00A0mm\u2069");
    d.text = LocalText{{{"en", "M10"}, {"zh", "M10 螺纹"}}};
    CHECK(text("zh") == "M10 螺纹");
}

TEST_CASE("a dimension line stands off its edge, between arrows that end on it", "[dimension]") {
    const PictureScale scale(width, height);
    const DimensionConfig d{"d", {0, 0, 0}, {120, 0, 0}, 12, {}, {}};
    const auto placed = place_dimension(d, label_at(300, 300).anchors[0], scale, 100, 30);
    REQUIRE(placed);
    CHECK(placed->plate[0] == Approx(300 + 240).margin(0.01));
    CHECK(placed->plate[1] == Approx(300 - 48).margin(0.01));
    // Tips: strokes that begin without width.
    std::vector<double> tips;
    for (const Stroke& s : placed->strokes)
        if (s.r0 == 0) {
            CHECK(s.y0 == Approx(252).margin(0.01));
            tips.push_back(s.x0);
            CHECK(std::abs(s.x1 - 540) < std::abs(s.x0 - 540));  // pointing outwards
        }
    std::sort(tips.begin(), tips.end());
    REQUIRE(tips.size() == 2);
    CHECK(tips[0] == Approx(300).margin(0.01));
    CHECK(tips[1] == Approx(780).margin(0.01));
    // No stroke behind the plate.
    for (const Stroke& s : placed->strokes)
        CHECK_FALSE((std::abs(s.y0 - 252) < 1 && std::min(s.x0, s.x1) < 540 && std::max(s.x0, s.x1) > 540));

    SECTION("too short for plate and arrows: the arrows come from outside, the plate stands off") {
        const DimensionConfig small{"d", {0, 0, 0}, {15, 0, 0}, 12, {}, {}};
        const auto narrow = place_dimension(small, label_at(300, 300).anchors[0], scale, 100, 30);
        REQUIRE(narrow);
        CHECK(narrow->plate[1] < 252 - 15);
        for (const Stroke& s : narrow->strokes)
            if (s.r0 == 0) CHECK(std::abs(s.x1 - 330) > std::abs(s.x0 - 330));
    }
    SECTION("nothing where there is nothing to see") {
        const DimensionConfig tiny{"d", {0, 0, 0}, {3, 0, 0}, 12, {}, {}};
        CHECK_FALSE(place_dimension(tiny, label_at(300, 300).anchors[0], scale, 100, 30));
        SceneFrame behind = label_at(300, 300);
        behind.anchors[0].pose = {0, 0, 0, 0, 0, -100};
        behind.anchors[0].intrinsics = {1, 1.7F, 0.5F, 0.5F};
        CHECK_FALSE(place_dimension(d, behind.anchors[0], scale, 100, 30));
    }
    SECTION("in perspective the nearer end of a tilted label has the longer extension line") {
        SceneFrame tilted = label_at(0, 0);
        tilted.anchors[0].pose = {0, 0.9F, 0, -40, -20, 500};
        tilted.anchors[0].intrinsics = {1.1F, 1.1F * width / height, 0.5F, 0.5F};
        const auto in_depth = place_dimension(d, tilted.anchors[0], scale, 100, 30);
        REQUIRE(in_depth);
        const auto length = [](const Stroke& s) { return std::hypot(s.x1 - s.x0, s.y1 - s.y0); };
        const auto left = project(tilted.anchors[0], {0, 0, 0}), left_end = project(tilted.anchors[0], {0, -12, 0});
        const double expected = std::hypot(((*left)[0] - (*left_end)[0]) * width, ((*left)[1] - (*left_end)[1]) * height);
        CHECK(length(in_depth->strokes[0]) == Approx(expected - scale.px(3) + scale.px(6)).margin(0.1));
        CHECK(std::abs(length(in_depth->strokes[0]) - length(in_depth->strokes[1])) > 2);
    }
}

TEST_CASE("dimensions are painted where the product is, fade with it and can be hidden one by one", "[painter]") {
    const auto show = dimensions_only();
    const auto scene = label_at(300, 300);
    const Snapshot snapshot = pinned(false);
    const Painted both = once(show, scene, snapshot);
    CHECK(both.at(320, 252) > 150);                  // the width's line, 48 px above the label
    CHECK(both.at(252, 320) > 150);                  // the height's
    CHECK(both.at(300, 270) > 150);                  // an extension line
    CHECK(both.touched({310, 310, 400, 200}) == 0);  // not on the product
    Snapshot hidden = snapshot;
    hidden.hidden_callouts = {"width"};
    const Painted height_only = once(show, scene, hidden);
    CHECK(height_only.at(320, 252) == 90);
    CHECK(height_only.at(252, 320) > 150);
    SceneFrame faint = scene;
    faint.anchors[0].visibility = 0.2F;
    const int weak = once(show, faint, snapshot).at(320, 252);
    CHECK(weak > 90);
    CHECK(weak < 140);
    // A plate outside the safe area: not even its lines.
    CHECK(once(show, label_at(300, 40), snapshot).at(320, 20) == 90);
}

TEST_CASE("energy classes go from green to red and each looks different", "[badge]") {
    for (char grade = 'A'; grade < 'G'; ++grade) CHECK_FALSE(energy_colour(grade) == energy_colour(static_cast<char>(grade + 1)));
    CHECK(energy_colour('A').g > energy_colour('A').r);
    CHECK(energy_colour('G').r > energy_colour('G').g);
    const auto show = show_in("en");
    const auto badges = [&](char grade, int room) {
        show->products[0].badges[1].grade = grade;
        return render_badges(show->products[0].badges, {}, PictureLanguages({"en"}), PictureScale(width, height), room);
    };
    const auto all = badges('A', 1000), two = badges('A', all.width() - 1), none = badges('A', 40);
    CHECK(all.height() == 58);
    CHECK(two.width() < all.width() - 50);
    CHECK(none.sprite.empty());
    CHECK(all.sprite.luma().value != badges('G', 1000).sprite.luma().value);
}

TEST_CASE("badges, table and lower third come and go as the presenter says, in five frames", "[painter]") {
    const auto show = show_in("en");
    Painter painter(show);
    Snapshot snapshot = pinned();
    const auto look_at = [&](const LabelRect& where) { return painted(painter, {}, snapshot).touched(where); };
    CHECK(look_at(top_start) > 0.6);
    CHECK(look_at(bottom_start) == 0);
    snapshot.badges_visible = false;
    snapshot.speaker = "lin";
    Painted last = painted(painter, {}, snapshot);
    for (int i = 0; i < 5; ++i) {
        const Painted next = painted(painter, {}, snapshot);
        CHECK(next.at(70, 640) <= last.at(70, 640) + 1 + 255 * (i == 0));
        last = next;
    }
    CHECK(last.touched(top_start) == 0);
    CHECK(last.touched({70, 600, 100, 60}) > 0.95);
    CHECK(painted(painter, {}, snapshot).bytes == last.bytes);
    snapshot.speaker.clear();
    CHECK(painted(painter, {}, snapshot).bytes != last.bytes);
    for (int i = 0; i < 5; ++i) last = painted(painter, {}, snapshot);
    CHECK(last.touched(bottom_start) == 0);

    snapshot.card_visible = false;
    CHECK(painted(painter, {}, snapshot).touched({800, 110, 400, 200}) == 0);
    snapshot.specs_visible = true;  // the table comes whether the card is there or not
    const Painted table = painted(painter, {}, snapshot);
    CHECK(table.touched({800, 110, 400, 120}) > 0.9);
    snapshot.card_visible = true;
    CHECK(painted(painter, {}, snapshot).bytes == table.bytes);
    snapshot.speaker = "nobody";  // from a show of before
    CHECK(painted(painter, {}, snapshot).touched(bottom_start) == 0);
}

TEST_CASE("a long table takes two columns, then says what it leaves out", "[painter]") {
    const auto show = show_in("en");
    auto& specs = show->products[0].specs;
    const auto table = [&](std::size_t count) {
        specs.resize(1);
        while (specs.size() < count) {
            specs.push_back(specs[0]);
            specs.back().key += std::to_string(specs.size());
        }
        Snapshot snapshot = pinned();
        snapshot.specs_visible = true;
        const Painted seen = once(show, {}, snapshot);
        int left = width;
        while (left > 0 && seen.at(left - 1, 200) == 90 && left > 900) --left;
        while (left > 0 && seen.at(left - 1, 200) != 90) --left;
        return std::pair(left, seen);
    };
    const int few = table(6).first, many = table(20).first;
    CHECK(few > 780);
    CHECK(many < 620);
    CHECK(table(20).second.bytes == table(20).second.bytes);
    CHECK(table(199).second.bytes != table(20).second.bytes);
    CHECK(table(199).second.touched({600, 700, 600, 20}) == 0);  // never past the safe area, its shadow apart
}

TEST_CASE("nothing covers a camera that stands small in front of another", "[painter]") {
    const auto show = show_in("en");
    Snapshot snapshot = pinned();
    snapshot.speaker = "lin";
    for (const bool table : {false, true})
        for (const char* language : {"en", "ar"}) {  // the second has its start at the right
            CAPTURE(table, language);
            const auto spoken = show_in(language);
            while (spoken->products[0].specs.size() < 6) spoken->products[0].specs.push_back(spoken->products[0].specs[0]);
            snapshot.specs_visible = table;
            const Painted seen = once(spoken, with_inset(label_at(380, 260)), snapshot);
            CHECK(seen.touched(inset) == 0);
            CHECK(seen.touched({64, 110, 1152, 360}) > 0.1);  // card or table is there all the same
        }
    // Two cameras side by side are not small in front of anything.
    SceneFrame halves;
    halves.sources.resize(2);
    halves.sources[0].rect = {0, 0, 0.5F, 1};
    halves.sources[1].rect = {0.5F, 0, 0.5F, 1};
    CHECK(insets_of(halves, width, height).empty());
    CHECK(insets_of(with_inset({}), width, height) == std::vector<LabelRect>{inset});
    SceneFrame gone = with_inset({});
    gone.sources[1].opacity = 0;
    CHECK(insets_of(gone, width, height).empty());
}

TEST_CASE("the free part of a column is its highest stretch clear of everything", "[painter]") {
    const LabelRect column{100, 40, 200, 600};
    CHECK(free_part(column, {}, 10) == column);
    CHECK(free_part(column, {{90, 40, 50, 60}}, 10) == LabelRect{100, 110, 200, 530});
    CHECK(free_part(column, {{290, 500, 50, 60}, {100, 40, 10, 10}}, 10) == LabelRect{100, 60, 200, 430});
    CHECK(free_part(column, {{311, 200, 50, 60}}, 10) == column);  // beside it
    CHECK(free_part(column, {{0, 0, 1000, 1000}}, 10).height == 0);
}

TEST_CASE("a label follows exactly while it moves and rests on a whole pixel when it does not", "[painter]") {
    RestingPlace resting;
    CHECK(resting.next({163, 325}).x == 160);
    int worst = 0;
    SpritePlace wanted{163, 325};
    for (int i = 0; i < 60; ++i) {  // half a pixel a frame
        wanted = {wanted.x + 8, wanted.y + 3};
        const SpritePlace drawn = resting.next(wanted);
        if (i > 12) worst = std::max({worst, std::abs(drawn.x - wanted.x), std::abs(drawn.y - wanted.y)});
    }
    CHECK(worst == 0);
    SpritePlace drawn, before = wanted;
    for (int i = 0; i < 30; ++i) {  // still, but for a tremble of a sixteenth
        drawn = resting.next({wanted.x + i % 2, wanted.y});
        CHECK(std::abs(drawn.x - before.x) <= 2);
        before = drawn;
    }
    CHECK(drawn.x % 16 == 0);
    CHECK(drawn.y % 16 == 0);
    CHECK(std::abs(drawn.x - wanted.x) <= 8);
    const SpritePlace rest = drawn;
    for (int i = 0; i < 100; ++i) CHECK(resting.next({wanted.x + (i * 7) % 3 - 1, wanted.y}).x == rest.x);
    // A creep of a hundredth of a pixel a frame never jumps.
    for (int i = 0; i < 1000; ++i) {
        drawn = resting.next({wanted.x + i * 16 / 100, wanted.y});
        CHECK(std::abs(drawn.x - before.x) <= 2);
        before = drawn;
    }
    CHECK(std::abs(drawn.x - (wanted.x + 160)) <= 12);
}

TEST_CASE("an element is rendered once, whatever moves", "[painter]") {
    Painter painter(show_in("en"));
    Snapshot snapshot = pinned();
    snapshot.speaker = "lin";
    painted(painter, label_at(300, 300), snapshot);
    const auto first = painter.sprites_rendered();
    CHECK(first == 8);  // brand, badges, lower third, card, two dimensions, two callouts
    for (int i = 0; i < 20; ++i) painted(painter, label_at(300 + 3.7 * i, 300 + 0.3 * i), snapshot);
    CHECK(painter.sprites_rendered() == first);
}
