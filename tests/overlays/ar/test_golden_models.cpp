#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/models/model_reader.h"
#include "test_places.h"
#include "tests/overlays/ar/sample_models.h"
#include "tests/support/catch.h"

// How these were made and when to make them anew: tests/golden/ar/README.md.

using namespace vitrine;
using namespace vitrine::ar_test;

namespace {

constexpr double most_difference = 1.5;  // of 255, mean over a quarter of each edge: rasterisers differ along edges

/// Over a light grey that gets darker downwards.
cv::Mat over_grey(const ModelPicture& picture) {
    cv::Mat out(height, width, CV_8UC3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto p = pixel(picture, x, y);
            for (int c = 0; c < 3; ++c)
                out.at<cv::Vec3b>(y, x)[c] =
                    cv::saturate_cast<std::uint8_t>(p[static_cast<std::size_t>(2 - c)] + (205 - y / 6) * (255 - p[3]) / 255.0);
        }
    return out;
}

double difference(const cv::Mat& a, const cv::Mat& b) {
    cv::Mat small_a, small_b, distance;
    cv::resize(a, small_a, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::resize(b, small_b, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::absdiff(small_a, small_b, distance);
    const cv::Scalar mean = cv::mean(distance);
    return (mean[0] + mean[1] + mean[2]) / 3;
}

}  // namespace

TEST_CASE("the demo's model looks as it did when somebody looked at it", "[ar][golden]") {
    if (!renderer()) return;
    const auto model = read_model(VITRINE_SOURCE_DIR "/assets/shows/demo/models/lx200.glb");
    REQUIRE(model.has_value());
    struct Case {
        std::string name;
        double turn_x, turn_y, distance;
        ModelLook look;
    };
    std::vector<cv::Mat> pictures;
    for (const Case& one : {Case{"brass", 25, -30, 330, {2, 0, false, {}, 1}}, Case{"exploded", 40, 30, 640, {-1, 0.8F, false, {}, 1}},
                            Case{"x_ray", 35, 25, 330, {-1, 0, true, {}, 1}}, Case{"section", 20, 50, 330, {1, 0, false, 0.5F, 1}}}) {
        const cv::Mat picture = over_grey(rendered(*model, view_of(looked_at(one.turn_x, one.turn_y, one.distance)), one.look));
        const std::string path = VITRINE_SOURCE_DIR "/tests/golden/ar/" + one.name + ".png";
        if (std::getenv("VITRINE_REWRITE_GOLDENS") != nullptr) cv::imwrite(path, picture, {cv::IMWRITE_PNG_COMPRESSION, 9});
        const cv::Mat golden = cv::imread(path, cv::IMREAD_COLOR);
        REQUIRE(golden.size() == picture.size());
        const double found = difference(picture, golden);
        INFO(one.name << " differs by " << found);
        if (found > most_difference) cv::imwrite(VITRINE_BINARY_DIR "/" + one.name + ".failed.png", picture);
        CHECK(found <= most_difference);
        for (const cv::Mat& other : pictures) CHECK(difference(picture, other) > 2 * most_difference);
        pictures.push_back(picture);
    }
}
