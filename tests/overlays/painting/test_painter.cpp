#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "overlays/painting/painter.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/sprite.h"
#include "test_places.h"
#include "tests/overlays/painting/sample_picture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::painting_test;

namespace {

std::vector<std::uint8_t> painted(Painter& painter, const SceneFrame& scene, const Snapshot& snapshot, int width = 1280, int height = 720) {
    VideoFrame frame(width, height);
    fill(frame.view(), 90, 110, 140);
    painter.paint(frame.view(), scene, snapshot);
    return bytes_of(frame);
}

std::vector<std::uint8_t> painted_once(std::vector<std::string> languages, const SceneFrame& scene, const Snapshot& snapshot,
                                       int width = 1280, int height = 720) {
    Painter painter(sample_show(std::move(languages)));
    return painted(painter, scene, snapshot, width, height);
}

/// Mean luma distance from the plain ground inside a rectangle of normalised coordinates.
double change(const std::vector<std::uint8_t>& bytes, double x0, double y0, double x1, double y1, int width = 1280, int height = 720) {
    double sum = 0;
    int count = 0;
    for (int y = static_cast<int>(y0 * height); y < static_cast<int>(y1 * height); ++y)
        for (int x = static_cast<int>(x0 * width); x < static_cast<int>(x1 * width); ++x, ++count)
            sum += std::abs(bytes[static_cast<std::size_t>(y) * width + x] - 90);
    return sum / count;
}

/// Luma at a place in normalised coordinates.
int luma_at(const std::vector<std::uint8_t>& bytes, double x, double y, int width = 1280, int height = 720) {
    return bytes[static_cast<std::size_t>(y * height) * width + static_cast<std::size_t>(x * width)];
}

}  // namespace

TEST_CASE("a callout's dot lies where its part stands out of the target", "[painter]") {
    SceneFrame scene = scene_at(0.2, 0.3, 0.2, 0.3);
    scene.anchors[0].pose = {0, 0, 0, -60, -45, 500};  // straight on; the label's middle is the picture's
    scene.anchors[0].intrinsics = {0.86F, 1.53F, 0.5F, 0.5F};
    Snapshot snapshot = pinned();
    snapshot.card_visible = false;
    const auto dot = [&](double z) {
        const auto show = sample_show({"en"});
        auto& callouts = show->products[0].callouts;
        callouts.resize(1);
        callouts[0].at_mm = {0, 90, z};
        Painter painter(show);
        return painted(painter, scene, snapshot);
    };
    const auto x = [](double distance) { return 0.5 - 0.86 * 60 / distance; };
    const auto y = [](double distance) { return 0.5 + 1.53 * 45 / distance; };
    const auto flat = dot(0), towards = dot(150), away = dot(-150);
    CHECK(luma_at(flat, x(500), y(500)) > 200);
    CHECK(luma_at(towards, x(350), y(350)) > 200);
    CHECK(luma_at(towards, x(500), y(500)) == 90);
    CHECK(luma_at(away, x(650), y(650)) > 200);
    CHECK(luma_at(away, x(500), y(500)) == 90);
}

TEST_CASE("only new contents are rendered, however often and wherever they are painted", "[painter]") {
    const auto show = sample_show({"en", "zh"});
    ProductConfig other = show->products[0];
    other.id = "LX-310";
    other.name = {{{"en", "LX-310 panel"}}};
    other.callouts.clear();
    show->products.push_back(other);
    Painter painter(show);
    painted(painter, scene_at(0.2, 0.3, 0.2, 0.3), pinned());
    const auto first = painter.sprites_rendered();
    CHECK(first == 6);  // brand, card, four callouts
    for (int i = 0; i < 20; ++i) painted(painter, scene_at(0.2 + 0.01 * i, 0.3, 0.2, 0.3, 0.05F * static_cast<float>(i)), pinned());
    CHECK(painter.sprites_rendered() == first);
    Snapshot snapshot = pinned();
    snapshot.pinned = "LX-310";
    painted(painter, scene_at(0.2, 0.3, 0.2, 0.3), snapshot);
    CHECK(painter.sprites_rendered() == first + 1);
    painted(painter, scene_at(0.2, 0.3, 0.2, 0.3), pinned());
    CHECK(painter.sprites_rendered() == first + 1);
    painted(painter, scene_at(0.2, 0.3, 0.2, 0.3), pinned(), 640, 360);  // another size is another content
    CHECK(painter.sprites_rendered() == first + 7);
}

TEST_CASE("a show edited while it runs: a callout that moved is not rendered anew, one with other words is", "[painter]") {
    const auto show = sample_show({"en", "zh"});
    Painter painter(show);
    const SceneFrame scene = scene_at(0.2, 0.3, 0.2, 0.3);
    Snapshot snapshot = pinned();
    snapshot.show = show;
    const auto before = painted(painter, scene, snapshot);
    const auto first = painter.sprites_rendered();
    auto moved = std::make_shared<ShowConfig>(*show);
    moved->products[0].callouts[0].at_mm[0] += 15;
    snapshot.show = moved;
    CHECK(painted(painter, scene, snapshot) != before);
    CHECK(painter.sprites_rendered() == first);
    auto said = std::make_shared<ShowConfig>(*moved);
    said->products[0].callouts[0].text = {{{"en", "Something else"}, {"zh", "别的"}}};
    snapshot.show = said;
    painted(painter, scene, snapshot);
    CHECK(painter.sprites_rendered() == first + 1);
    auto fewer = std::make_shared<ShowConfig>(*said);
    fewer->products[0].callouts.clear();
    snapshot.show = fewer;
    painted(painter, scene, snapshot);
    snapshot.show = said;
    painted(painter, scene, snapshot);
    CHECK(painter.sprites_rendered() == first + 1 + said->products[0].callouts.size());
}

TEST_CASE("a card never covers what a camera without a picture says", "[painter]") {
    Painter painter(sample_show({"en"}));
    Snapshot with = pinned(), without = pinned();
    without.card_visible = false;
    SceneFrame scene = scene_at(0.2, 0.3, 0.2, 0.3);
    scene.anchors.clear();
    scene.sources = {{"bench", 1, {0, 0, 1, 1}, 1}};
    const auto same = [&] { return painted(painter, scene, with) == painted(painter, scene, without); };
    with.cameras["bench"].state = without.cameras["bench"].state = CameraState::live;
    CHECK_FALSE(same());
    with.cameras["bench"].state = without.cameras["bench"].state = CameraState::lost;
    CHECK(same());
    scene.sources[0].rect = {0.4F, 0.4F, 0.1F, 0.1F};  // small, and elsewhere
    CHECK_FALSE(same());
}

TEST_CASE("held safe, nothing is painted over the holding picture", "[painter]") {
    const auto show = sample_show({"en"});
    Painter painter(show);
    Snapshot snapshot = pinned();
    snapshot.safe = true;
    SceneFrame scene = scene_at(0.2, 0.3, 0.2, 0.3);
    const auto bytes = painted(painter, scene, snapshot);
    CHECK(std::all_of(bytes.begin(), bytes.begin() + 1280 * 720, [&](std::uint8_t y) { return y == bytes[0]; }));
    CHECK(painter.sprites_rendered() == 0);
}

TEST_CASE("the same scene gives the same picture", "[painter]") {
    CHECK(painted_once({"en", "zh"}, scene_at(0.2, 0.3, 0.2, 0.3), pinned()) ==
          painted_once({"en", "zh"}, scene_at(0.2, 0.3, 0.2, 0.3), pinned()));
}

TEST_CASE("nothing pinned, an unknown product or no anchor: no callouts, and no card without a product", "[painter]") {
    const auto nothing = painted_once({"en"}, {}, Snapshot());
    Snapshot unknown = pinned();
    unknown.pinned = "LX-999";
    CHECK(painted_once({"en"}, scene_at(0.2, 0.3, 0.2, 0.3), unknown) == nothing);
    CHECK(painted_once({"en"}, {}, pinned(false)) == nothing);
    CHECK(change(nothing, 0.05, 0.2, 0.95, 0.95) == 0);
    CHECK(change(nothing, 0.75, 0.05, 0.95, 0.13) > 10);  // the factory's name
    CHECK(painted_once({"en"}, {}, pinned()) != nothing);
}

TEST_CASE("callouts fade with visibility and vanish at 0.05", "[painter]") {
    const auto none = painted_once({"en"}, {}, pinned(false));
    CHECK(painted_once({"en"}, scene_at(0.4, 0.3, 0.2, 0.3, 0.05F), pinned(false)) == none);
    const auto difference = [&](float visibility) {
        const auto some = painted_once({"en"}, scene_at(0.4, 0.3, 0.2, 0.3, visibility), pinned(false));
        double sum = 0;
        for (std::size_t i = 0; i < some.size(); ++i) sum += std::abs(some[i] - none[i]);
        return sum;
    };
    const double faint = difference(0.1F), half = difference(0.3F), full = difference(0.5F);
    CHECK(faint > 0);
    CHECK(half > 2 * faint);
    CHECK(full > 1.3 * half);
    CHECK(difference(1.0F) == full);
}

TEST_CASE("hidden callouts and callouts on parts outside the picture are not painted", "[painter]") {
    const auto none = painted_once({"en"}, {}, pinned(false));
    Snapshot snapshot = pinned(false);
    snapshot.hidden_callouts = {"c0", "c1", "c2", "c3"};
    CHECK(painted_once({"en"}, scene_at(0.4, 0.3, 0.2, 0.3), snapshot) == none);
    snapshot.hidden_callouts = {"c0", "c2", "c3"};
    const auto one = painted_once({"en"}, scene_at(0.4, 0.3, 0.2, 0.3), snapshot);
    CHECK(one != none);
    CHECK(change(one, 0.05, 0.2, 0.39, 0.9) == 0);  // c1 is on the right part
    CHECK(painted_once({"en"}, scene_at(1.1, 0.3, 0.2, 0.3), pinned(false)) == none);
}

TEST_CASE("the outer edge of the picture stays as it was, in every shape", "[painter]") {
    for (const auto& [width, height] : {std::pair(1280, 720), {640, 360}, {720, 1280}, {1080, 1080}, {1920, 1080}}) {
        const auto bytes = painted_once({"en", "ar"}, scene_at(0.7, 0.5, 0.5, 0.6), pinned(), width, height);
        INFO(width << "x" << height);
        CHECK(change(bytes, 0, 0, 1, 0.03, width, height) == 0);
        CHECK(change(bytes, 0, 0.97, 1, 1, width, height) == 0);
        CHECK(change(bytes, 0, 0, 0.03, 1, width, height) == 0);
        CHECK(change(bytes, 0.97, 0, 1, 1, width, height) == 0);
        CHECK(change(bytes, 0.05, 0.05, 0.95, 0.95, width, height) > 1);
    }
}

TEST_CASE("the card stands at the end side, which is left in a right-to-left show", "[painter]") {
    const auto english = painted_once({"en"}, {}, pinned()), arabic = painted_once({"ar"}, {}, pinned());
    CHECK(change(english, 0.65, 0.2, 0.94, 0.6) > 30);
    CHECK(change(english, 0.05, 0.2, 0.5, 0.9) == 0);
    CHECK(change(arabic, 0.06, 0.2, 0.35, 0.6) > 30);
    CHECK(change(arabic, 0.5, 0.05, 0.95, 0.9) == 0);
}

TEST_CASE("the card's ground is the surface colour at 88 %", "[painter]") {
    VideoFrame frame(1280, 720);
    fill(frame.view(), 235, 128, 128);
    Painter painter(sample_show({"en"}));
    painter.paint(frame.view(), {}, pinned());
    const Ycc surface = to_ycc(look().dark.surface);
    const int x = 1280 - 64 - 8, y = 300;  // in the card's end margin, where no text is
    CHECK(std::abs(std::as_const(frame).view().y[y * frame.view().stride_y + x] - (0.88 * surface.y + 0.12 * 235)) <= 1.5);
    CHECK(std::abs(std::as_const(frame).view().u[y / 2 * frame.view().stride_uv + x / 2] - (0.88 * surface.u + 0.12 * 128)) <= 1.5);
}

TEST_CASE("the card makes way for the product once, and does not flutter", "[painter]") {
    Painter fresh(sample_show({"en"}));
    const auto at_once = painted(fresh, scene_at(0.6, 0.3, 0.3, 0.4), pinned());  // pinned while it stands there
    CHECK(change(at_once, 0.06, 0.1, 0.3, 0.6) > 30);

    Painter painter(sample_show({"en"}));
    const auto side = [&](double x) {  // -1 left, 1 right, 0 between
        const auto bytes = painted(painter, scene_at(x, 0.4, 0.3, 0.3), pinned());
        const bool left = change(bytes, 0.052, 0.1, 0.07, 0.6) > 20, right = change(bytes, 0.93, 0.2, 0.948, 0.6) > 20;
        return left == right ? 0 : left ? -1 : 1;
    };
    CHECK(side(0.1) == 1);
    for (int i = 0; i < 4; ++i) CHECK(side(0.62) == 1);  // for a moment only
    CHECK(side(0.1) == 1);
    int changes = 0, last = 1;
    for (int i = 0; i < 60; ++i) {
        const int now = side(0.62);
        if (now != 0 && now != last) ++changes, last = now;
    }
    CHECK(changes == 1);
    CHECK(last == -1);
    for (int i = 0; i < 60; ++i) CHECK(side(0.5 + 0.002 * (i % 2)) == -1);
}

TEST_CASE("every language paints a picture of its own", "[painter]") {
    std::vector<std::vector<std::uint8_t>> pictures;
    for (const auto& languages :
         std::vector<std::vector<std::string>>{{"en"}, {"zh"}, {"ar"}, {"es"}, {"pt"}, {"en", "zh"}, {"zh", "en"}, {"en", "ar"}})
        pictures.push_back(painted_once(languages, scene_at(0.3, 0.3, 0.2, 0.3), pinned()));
    for (std::size_t i = 0; i < pictures.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK(pictures[i] != pictures[j]);
}

TEST_CASE("no scene, however odd, and no size, however small, does harm", "[painter]") {
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    std::vector<SceneFrame> scenes{scene_at(1e6, -1e6, 1e-6, 1e6), scene_at(0, 0, 1000, 1000), scene_at(0.5, 0.5, 0, 0),
                                   scene_at(0.2, 0.2, -0.5, 0.5)};
    scenes.push_back(scene_at(0.3, 0.3, 0.2, 0.2, nan));
    scenes.push_back(scene_at(0.3, 0.3, 0.2, 0.2));
    scenes.back().anchors[0].homography.fill(nan);
    scenes.push_back(scene_at(0.3, 0.3, 0.2, 0.2));
    scenes.back().anchors[0].homography.fill(inf);
    scenes.push_back(scene_at(0.3, 0.3, 0.2, 0.2));
    scenes.back().anchors[0].pose = {0, 3.1F, 0, 0, 0, 10};
    scenes.back().anchors[0].intrinsics = {1, 1.7F, 0.5F, 0.5F};
    for (const auto& scene : scenes)
        for (const auto& [width, height] : {std::pair(2, 2), {16, 64}, {64, 64}, {66, 300}, {320, 180}, {1280, 720}}) {
            const auto bytes = painted_once({"en", "zh"}, scene, pinned(), width, height);
            CHECK(bytes.size() == static_cast<std::size_t>(width) * height * 3 / 2);
        }
}

TEST_CASE("a slate covers all of the camera's picture, and says which camera and what is wrong", "[slate]") {
    const auto show = sample_show({"en", "zh"});
    Painter painter(show);
    CameraConfig camera;
    camera.id = "bench";
    camera.name = {{{"en", "Demo bench"}, {"zh", "演示台"}}};
    const auto slate = [&](CameraState state, std::uint8_t secret) {
        VideoFrame frame(1280, 720);
        fill(frame.view(), secret, secret, secret);
        painter.paint_slate(frame.view(), camera, state);
        return bytes_of(frame);
    };
    std::vector<std::vector<std::uint8_t>> slates;
    for (const CameraState state : {CameraState::connecting, CameraState::lost, CameraState::frozen, CameraState::mask_failed}) {
        slates.push_back(slate(state, 200));
        CHECK(slates.back() == slate(state, 31));  // nothing of what was there before
        for (std::size_t i = 0; i + 1 < slates.size(); ++i) CHECK(slates[i] != slates.back());
    }
    const Ycc ground = to_ycc(look().dark.ground);
    CHECK(slates[0][0] == ground.y);
    CHECK(slates[0].back() == ground.v);
    CHECK(std::count_if(slates[0].begin(), slates[0].begin() + 1280 * 720, [](int y) { return y > 150; }) > 2000);  // there is writing
    camera.name.by_language["en"] = "Other bench";
    CHECK(slate(CameraState::lost, 200) != slates[1]);
    camera.name = {};
    CHECK(slate(CameraState::lost, 200) != slates[1]);  // its id then
}

TEST_CASE("slates may be asked for by all camera threads at once", "[slate]") {
    Painter painter(sample_show({"en", "ar"}));
    const auto slate = [&](int n) {
        CameraConfig camera;
        camera.id = "camera" + std::to_string(n % 3);
        camera.name = {{{"en", "Camera " + std::to_string(n % 3)}}};
        VideoFrame frame(320, 180);
        painter.paint_slate(frame.view(), camera, n % 2 ? CameraState::lost : CameraState::frozen);
        return bytes_of(frame);
    };
    std::vector<std::vector<std::uint8_t>> seen(6), again;
    std::vector<std::thread> threads;
    for (int n = 0; n < 6; ++n)
        threads.emplace_back([&, n] {
            for (int i = 0; i < 10; ++i) seen[static_cast<std::size_t>(n)] = slate(n);
        });
    for (auto& thread : threads) thread.join();
    for (int n = 0; n < 6; ++n) {
        CHECK(seen[static_cast<std::size_t>(n)] == slate(n));
        for (int m = 0; m < n; ++m) CHECK(seen[static_cast<std::size_t>(n)] != seen[static_cast<std::size_t>(m)]);
    }
}

TEST_CASE("the holding picture covers the whole frame with the show's own words", "[holding]") {
    const auto held = [](const std::shared_ptr<ShowConfig>& show, std::uint8_t secret, int width = 1280, int height = 720) {
        Painter painter(show);
        VideoFrame frame(width, height);
        fill(frame.view(), secret, secret, secret);
        painter.paint_holding(frame.view());
        return bytes_of(frame);
    };
    const auto show = sample_show({"en", "zh"});
    show->title = {{{"en", "Spring lighting line"}, {"zh", "春季灯具新品"}}};
    const auto as_it_is = held(show, 200);
    CHECK(as_it_is == held(show, 31));  // nothing of what was there before
    CHECK(as_it_is[0] == to_ycc(look().dark.ground).y);
    CHECK(std::count_if(as_it_is.begin(), as_it_is.begin() + 1280 * 720, [](int y) { return y > 150; }) > 4000);  // there is writing

    SECTION("title, factory, logo, languages and accent show") {
        show->title.by_language["zh"] = "另一场";
        const auto other_title = held(show, 200);
        CHECK(other_title != as_it_is);
        show->brand.factory.by_language["en"] = "Other Works";
        const auto other_factory = held(show, 200);
        CHECK(other_factory != other_title);
        show->brand.logo = VITRINE_SOURCE_DIR "/assets/shows/demo/images/logo.png";
        CHECK(held(show, 200) != other_factory);
        CHECK(held(sample_show({"en"}), 200) != held(sample_show({"es"}), 200));
        CHECK(held(sample_show({"ar"}), 200) != held(sample_show({"es"}), 200));
    }
    SECTION("a show without any words of its own, in the smallest programs") {
        auto bare = std::make_shared<ShowConfig>();
        bare->languages = {"en"};
        for (const auto& [width, height] : {std::pair(320, 180), {180, 320}, {1920, 1080}}) {
            CAPTURE(width, height);
            const auto bytes = held(bare, 200, width, height);
            CHECK(bytes[0] == to_ycc(look().dark.ground).y);
            CHECK(std::count_if(bytes.begin(), bytes.begin() + width * height, [](int y) { return y > 100; }) > 60);
        }
    }
    SECTION("every frame of a pause is a copy of one picture") {
        Painter painter(show);
        VideoFrame frame(1280, 720), preview(320, 180);
        for (int i = 0; i < 30; ++i) {
            fill(frame.view(), 90, 110, 140);
            painter.paint_holding(frame.view());
            painter.paint_holding(preview.view());
            REQUIRE(bytes_of(frame) == as_it_is);
        }
        CHECK(painter.frames_rendered() == 2);  // one for each size
    }
}

TEST_CASE("text is never smaller than the look allows, sizes grow with the picture", "[painter]") {
    for (const auto& [width, height] : {std::pair(1280, 720), {640, 360}, {720, 1280}, {3840, 2160}}) {
        const PictureScale scale(width, height);
        CHECK(scale.least() == Approx(0.028 * std::min(width, height)));
        CHECK(scale.text(10) == scale.least());
        CHECK(scale.second(scale.text(40)) == Approx(0.72 * scale.text(40)));
        CHECK(scale.safe.x >= 0.05 * width);
        CHECK(scale.safe.y >= 0.05 * height);
        CHECK(scale.safe.x % 2 == 0);
    }
}
