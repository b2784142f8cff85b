#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/painting/painter.h"
#include "test_places.h"
#include "tests/overlays/painting/nine_languages.h"
#include "tests/overlays/painting/sample_picture.h"
#include "tests/support/catch.h"

// How these were made and when to make them anew: tests/golden/painting/README.md.

using namespace vitrine;
using namespace vitrine::painting_test;

namespace {

constexpr double most_difference = 2.0;  // of 255, mean over a quarter of each edge: fonts may differ by a version, layouts may not

cv::Mat callouts_and_card(std::vector<std::string> languages, int width, int height, bool bright, double x, double y, double w, double h) {
    VideoFrame frame(width, height);
    draw_background(frame, bright, x, y, w, h);
    Painter painter(sample_show(std::move(languages)));
    painter.paint(frame.view(), scene_at(x, y, w, h), pinned());
    return to_bgr(frame);
}

cv::Mat slate(std::vector<std::string> languages, CameraState state) {
    VideoFrame frame(640, 360);
    CameraConfig camera;
    camera.id = "bench";
    camera.name = {{{"en", "Demo bench"}, {"zh", "演示台"}, {"ar", "طاولة العرض"}}};
    Painter painter(sample_show(std::move(languages)));
    painter.paint_slate(frame.view(), camera, state);
    return to_bgr(frame);
}

cv::Mat holding(std::vector<std::string> languages, int width, int height, bool logo) {
    auto show = sample_show(std::move(languages));
    show->title = {{{"en", "Spring lighting line"}, {"zh", "春季灯具新品"}, {"ar", "مجموعة الإضاءة لفصل الربيع"}}};
    if (logo) show->brand.logo = VITRINE_SOURCE_DIR "/assets/shows/demo/images/logo.png";
    VideoFrame frame(width, height);
    Painter(show).paint_holding(frame.view());
    return to_bgr(frame);
}

/// Everything at once: dimensions, badges, callouts, card or table, lower third; the label tilted, so that lines run in perspective.
cv::Mat every_element(const std::string& language, bool table = false, int width = 960, int height = 540, bool inset = false) {
    VideoFrame frame(width, height);
    draw_background(frame, language == "zh" || language == "he", 0, 0, 0, 0);
    SceneFrame scene = scene_at(0, 0, 1, 1);
    const bool rtl = language == "ar" || language == "he";
    scene.anchors[0].pose = {0.25F, rtl ? 0.35F : -0.35F, 0.04F, rtl ? 10.0F : -110.0F, -38, 680};
    scene.anchors[0].intrinsics = {1.05F, 1.05F * static_cast<float>(width) / static_cast<float>(height), 0.5F, 0.5F};
    if (inset) {
        scene.sources.resize(2);
        scene.sources[1].rect = {0.67F, 0.67F, 0.28F, 0.28F};
        const I420View v = frame.view();
        for (int y = height * 67 / 100; y < height * 95 / 100; ++y)
            for (int x = width * 67 / 100; x < width * 95 / 100; ++x)
                v.y[y * v.stride_y + x] = static_cast<std::uint8_t>(70 + (x + y) % 40);
    }
    // The label itself, as a pale patch with a darker rim.
    const cv::Mat luma(height, width, CV_8U, frame.view().y, static_cast<std::size_t>(frame.view().stride_y));
    std::vector<cv::Point> outline;
    for (const auto& corner : {std::array<double, 3>{0, 0, 0}, {120, 0, 0}, {120, 80, 0}, {0, 80, 0}}) {
        const auto at = project(scene.anchors[0], corner);
        outline.emplace_back(static_cast<int>((*at)[0] * width), static_cast<int>((*at)[1] * height));
    }
    cv::fillConvexPoly(luma, outline, cv::Scalar(185), cv::LINE_AA);
    Snapshot snapshot = pinned();
    snapshot.specs_visible = table;
    snapshot.speaker = "lin";
    const auto show = show_in(language);
    if (table)
        for (int i = 1; i <= 14; ++i)
            show->products[0].specs.push_back(
                {"more" + std::to_string(i), {{{"en", "Property " + std::to_string(i)}}}, std::to_string(1000 + i), "lx"});
    Painter painter(show);
    painter.paint(frame.view(), scene, snapshot);
    return to_bgr(frame);
}

cv::Mat ticker(std::vector<std::string> languages) {
    VideoFrame frame(640, 360);
    draw_background(frame, false, 0.25, 0.3, 0.18, 0.35);
    Snapshot snapshot = pinned(false);
    snapshot.ticker = true;
    auto desk = std::make_shared<desk::DeskView>();
    desk::Order order;
    order.id = "48291";
    order.place = "São Paulo";
    order.state = desk::OrderState::confirmed;
    order.slot = "14:30";
    order.buyer = "Ana Lima";  // not shown: nobody has allowed it
    desk->orders = {order};
    snapshot.desk = desk;
    Painter(sample_show(std::move(languages))).paint(frame.view(), scene_at(0.25, 0.3, 0.18, 0.35), snapshot);
    return to_bgr(frame);
}

double difference(const cv::Mat& a, const cv::Mat& b) {
    cv::Mat small_a, small_b, distance;
    cv::resize(a, small_a, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::resize(b, small_b, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::absdiff(small_a, small_b, distance);
    const cv::Scalar mean = cv::mean(distance);
    return (mean[0] + mean[1] + mean[2]) / 3;
}

void check(const std::string& name, const cv::Mat& picture) {
    const std::string path = VITRINE_SOURCE_DIR "/tests/golden/painting/" + name + ".png";
    if (std::getenv("VITRINE_REWRITE_GOLDENS") != nullptr) cv::imwrite(path, picture, {cv::IMWRITE_PNG_COMPRESSION, 9});
    const cv::Mat golden = cv::imread(path, cv::IMREAD_COLOR);
    REQUIRE(golden.size() == picture.size());
    const double found = difference(picture, golden);
    INFO(name << " differs by " << found);
    if (found > most_difference) cv::imwrite(VITRINE_BINARY_DIR "/" + name + ".failed.png", picture);
    CHECK(found <= most_difference);
}

}  // namespace

TEST_CASE("painted pictures look as they did when somebody looked at them", "[golden]") {
    check("en_zh", callouts_and_card({"en", "zh"}, 640, 360, false, 0.25, 0.3, 0.18, 0.35));
    check("zh_en", callouts_and_card({"zh", "en"}, 640, 360, true, 0.25, 0.3, 0.18, 0.35));
    check("ar_en", callouts_and_card({"ar", "en"}, 640, 360, false, 0.52, 0.3, 0.2, 0.35));
    check("es", callouts_and_card({"es"}, 640, 360, true, 0.66, 0.3, 0.24, 0.4));
    check("pt_en", callouts_and_card({"pt", "en"}, 640, 360, false, 0.25, 0.3, 0.2, 0.35));
    check("portrait", callouts_and_card({"en", "zh"}, 360, 640, false, 0.3, 0.3, 0.35, 0.2));
    check("slate_lost", slate({"en", "zh"}, CameraState::lost));
    check("holding_logo", holding({"en", "zh"}, 640, 360, true));
    check("holding_portrait", holding({"ar", "en"}, 360, 640, false));
    check("slate_held_back", slate({"ar", "en"}, CameraState::mask_failed));
}

TEST_CASE("every element in nine languages looks as it did when somebody looked at it", "[golden]") {
    for (const char* language : {"en", "zh", "es", "pt", "ar", "he", "hi", "th", "ja"})
        check(std::string("elements_") + language, every_element(language));
    check("elements_table", every_element("en", true));
    check("elements_inset", every_element("en", false, 960, 540, true));
    check("elements_portrait", every_element("ar", false, 540, 960));
}

TEST_CASE("orders along the picture's edge look as they did when somebody looked at them", "[golden]") {
    check("ticker_en", ticker({"en", "zh"}));
    check("ticker_zh", ticker({"zh", "en"}));
    check("ticker_ar", ticker({"ar", "en"}));
}

TEST_CASE("the comparison with goldens sees a missing card, another language and a moved product", "[golden]") {
    const cv::Mat as_it_is = callouts_and_card({"en", "zh"}, 640, 360, false, 0.25, 0.3, 0.18, 0.35);
    CHECK(difference(as_it_is, callouts_and_card({"ar", "zh"}, 640, 360, false, 0.25, 0.3, 0.18, 0.35)) > 2 * most_difference);
    CHECK(difference(as_it_is, callouts_and_card({"en", "zh"}, 640, 360, false, 0.3, 0.4, 0.18, 0.35)) > 2 * most_difference);
    auto frame = std::make_unique<VideoFrame>(640, 360);
    draw_background(*frame, false, 0.25, 0.3, 0.18, 0.35);
    CHECK(difference(as_it_is, to_bgr(*frame)) > 2 * most_difference);
}
