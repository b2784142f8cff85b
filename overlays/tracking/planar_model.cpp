#include "overlays/tracking/planar_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "overlays/reading/picture_reader.h"

namespace vitrine {

namespace {

constexpr double most_side = 1200, least_side = 24;  // px of the finest level's longer and the coarsest level's shorter side
constexpr int smallest = 32;                         // px a picture must have
constexpr int window = 9;                            // px of a patch
constexpr int most_places = 240;
constexpr float least_texture = 6;  // grey levels squared per px, mean square gradient of a patch worth following
constexpr std::size_t least_places = 8, least_features = 40;

/// Places with texture, spread: the picture is cut into cells, and the best of all cells come first, then the second best, and so on.
std::vector<cv::Point2d> textured_places(const cv::Mat& luma, double scale_x, double scale_y) {
    cv::Mat dx, dy, xx, yy, xy;
    cv::Mat smooth;
    cv::GaussianBlur(luma, smooth, cv::Size(3, 3), 0.7);
    cv::Scharr(smooth, dx, CV_32F, 1, 0, 1 / 32.0);
    cv::Scharr(smooth, dy, CV_32F, 0, 1, 1 / 32.0);
    const cv::Size size(window, window);
    cv::boxFilter(dx.mul(dx), xx, CV_32F, size);
    cv::boxFilter(dy.mul(dy), yy, CV_32F, size);
    cv::boxFilter(dx.mul(dy), xy, CV_32F, size);
    struct Place {
        float score;
        int x, y;
    };
    // Cells of about the size that 64 of them need.
    const double cell = std::max(5.0, std::sqrt(double(luma.cols) * luma.rows / 64.0));
    const int across = std::max(1, cvRound(luma.cols / cell)), down = std::max(1, cvRound(luma.rows / cell));
    std::vector<std::vector<Place>> cells(static_cast<std::size_t>(across) * down);
    constexpr int rim = window / 2 + 2;
    for (int y = rim; y < luma.rows - rim; ++y)
        for (int x = rim; x < luma.cols - rim; ++x) {
            const float a = xx.at<float>(y, x), b = yy.at<float>(y, x), c = xy.at<float>(y, x);
            if (a + b < least_texture) continue;
            const float root = std::sqrt((a - b) * (a - b) / 4 + c * c), low = (a + b) / 2 - root;
            // Corners first; an edge is worth something too. The root keeps one strong contrast from taking all.
            const float score = std::sqrt(std::max(0.0f, low)) + 0.15f * std::sqrt(a + b);
            cells[static_cast<std::size_t>(y * down / luma.rows) * across + static_cast<std::size_t>(x * across / luma.cols)].push_back(
                {score, x, y});
        }
    const int apart = std::max(4, static_cast<int>(cell / 2.2));
    std::vector<cv::Point> taken;
    std::vector<std::vector<Place>> rounds;
    for (auto& c : cells) {
        std::sort(c.begin(), c.end(),
                  [](const Place& a, const Place& b) { return std::tie(b.score, a.y, a.x) < std::tie(a.score, b.y, b.x); });
        std::size_t round = 0;
        for (const auto& p : c) {
            if (std::any_of(taken.begin(), taken.end(),
                            [&](const cv::Point& q) { return std::abs(q.x - p.x) < apart && std::abs(q.y - p.y) < apart; }))
                continue;
            taken.emplace_back(p.x, p.y);
            if (rounds.size() <= round) rounds.emplace_back();
            rounds[round++].push_back(p);
            if (round >= 4) break;
        }
    }
    std::vector<cv::Point2d> out;
    for (auto& r : rounds) {
        std::stable_sort(r.begin(), r.end(), [](const Place& a, const Place& b) { return a.score > b.score; });
        for (const auto& p : r)
            if (static_cast<int>(out.size()) < most_places) out.emplace_back((p.x + 0.5) / scale_x, (p.y + 0.5) / scale_y);
    }
    return out;
}

tl::unexpected<Error> wrong(const PlanarTarget& target, const std::string& what) {
    return fail("The picture " + (target.image.empty() ? std::string() : target.image.string() + " ") + "of " +
                    (target.product.empty() ? std::string("the target") : target.product) + " " + what,
                ErrorKind::bad_input);
}

}  // namespace

const PlanarLevel& PlanarModel::Core::level_for(double texels_per_mm) const {
    for (auto level = levels.rbegin(); level != levels.rend(); ++level)
        if (std::sqrt(level->scale_x * level->scale_y) >= 0.84 * texels_per_mm) return *level;
    return levels.front();
}

PlanarModel::PlanarModel() : core_(std::make_unique<Core>()) {}
PlanarModel::~PlanarModel() = default;
const std::string& PlanarModel::product() const { return core_->target.product; }
double PlanarModel::width_mm() const { return core_->target.width_mm; }
double PlanarModel::height_mm() const { return core_->target.height_mm; }

Result<std::shared_ptr<const PlanarModel>> PlanarModel::read(const PlanarTarget& target) {
    auto picture = read_picture(target.image);
    if (!picture) return wrong(target, picture.error().message + ".");
    cv::Mat luma;
    try {
        cv::cvtColor(cv::Mat(picture->height, picture->width, CV_8UC4, picture->rgba.data()), luma, cv::COLOR_RGBA2GRAY);
    } catch (const std::exception& error) {
        return wrong(target, std::string("cannot be read: ") + error.what());
    }
    ConstI420View view;
    view.y = luma.data, view.stride_y = static_cast<int>(luma.step), view.width = luma.cols, view.height = luma.rows;
    return make(target, view);
}

Result<std::shared_ptr<const PlanarModel>> PlanarModel::make(const PlanarTarget& target, const ConstI420View& picture) {
    if (!(target.width_mm > 0) || !(target.height_mm >= 0)) return wrong(target, "needs a width in mm above 0, as measured on the print.");
    if (!picture.y || picture.width < smallest || picture.height < smallest)
        return wrong(target, "is smaller than " + std::to_string(smallest) + " px; give a larger one.");
    try {
        std::shared_ptr<PlanarModel> out(new PlanarModel());
        Core& core = *out->core_;
        core.target = target;
        if (core.target.height_mm == 0) core.target.height_mm = target.width_mm * picture.height / picture.width;
        const cv::Mat luma(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y),
                           static_cast<std::size_t>(picture.stride_y));
        const double w = core.target.width_mm, h = core.target.height_mm;
        const double longer = std::min(most_side, double(std::max(luma.cols, luma.rows)));
        for (double side = longer;; side /= std::sqrt(2.0)) {
            const double by = side / std::max(luma.cols, luma.rows);
            const cv::Size size(cvRound(luma.cols * by), cvRound(luma.rows * by));
            if (std::min(size.width, size.height) < least_side && !core.levels.empty()) break;
            PlanarLevel level;
            cv::resize(luma, level.luma, cv::Size(std::max(size.width, 12), std::max(size.height, 12)), 0, 0, cv::INTER_AREA);
            level.scale_x = level.luma.cols / w, level.scale_y = level.luma.rows / h;
            level.places = textured_places(level.luma, level.scale_x, level.scale_y);
            core.levels.push_back(std::move(level));
        }
        core.features = features_of_target(luma, luma.cols / w, luma.rows / h);
        const auto richest = std::max_element(core.levels.begin(), core.levels.end(),
                                              [](const auto& a, const auto& b) { return a.places.size() < b.places.size(); });
        if (richest->places.size() < least_places || core.features.places.size() < least_features)
            return tl::unexpected(
                wrong(target, "has too little texture to be followed; take one with print or structure on it, or use a marker."));
        return out;
    } catch (const std::exception& e) {
        return wrong(target, std::string("could not be prepared: ") + e.what());
    }
}

}  // namespace vitrine
