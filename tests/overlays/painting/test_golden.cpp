#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/painting/painter.h"
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

TEST_CASE("the comparison with goldens sees a missing card, another language and a moved product", "[golden]") {
    const cv::Mat as_it_is = callouts_and_card({"en", "zh"}, 640, 360, false, 0.25, 0.3, 0.18, 0.35);
    CHECK(difference(as_it_is, callouts_and_card({"ar", "zh"}, 640, 360, false, 0.25, 0.3, 0.18, 0.35)) > 2 * most_difference);
    CHECK(difference(as_it_is, callouts_and_card({"en", "zh"}, 640, 360, false, 0.3, 0.4, 0.18, 0.35)) > 2 * most_difference);
    auto frame = std::make_unique<VideoFrame>(640, 360);
    draw_background(*frame, false, 0.25, 0.3, 0.18, 0.35);
    CHECK(difference(as_it_is, to_bgr(*frame)) > 2 * most_difference);
}
