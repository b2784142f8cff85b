#include "overlays/tracking/planar_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/tracking/planar_align.h"

namespace vitrine {

namespace {

constexpr double least_side = 48, most_side = 480, size_step = 1.5;  // px of the target's shorter and longer side when features are taken
constexpr double tilt = 2.0;                                         // foreshortening of the tilted views
constexpr int views_round = 4;
constexpr float ratio = 0.82f;  // of the best match's distance to that of the best match elsewhere on the target
constexpr int most_distance = 72;
constexpr int least_agreeing = 8;

void append(FeatureSet& set, const std::vector<cv::KeyPoint>& points, const cv::Mat& descriptors, const cv::Matx33d& to_place) {
    for (int i = 0; i < descriptors.rows; ++i) {
        const cv::Vec3d p = to_place * cv::Vec3d(points[i].pt.x, points[i].pt.y, 1);
        set.places.emplace_back(float(p[0] / p[2]), float(p[1] / p[2]));
        set.bits.emplace_back();
        std::memcpy(set.bits.back().data(), descriptors.ptr(i), 32);
    }
}

}  // namespace

TargetFeatures features_of_target(const cv::Mat& luma, double scale_x, double scale_y) {
    FeatureSet out;
    const double largest = std::min(most_side, double(std::max(luma.cols, luma.rows)));
    for (double longer = largest;; longer /= size_step) {
        const double by = longer / std::max(luma.cols, luma.rows);
        if (std::min(luma.cols, luma.rows) * by < least_side && longer < largest) break;
        cv::Mat small;
        cv::resize(luma, small, cv::Size(std::max(8, cvRound(luma.cols * by)), std::max(8, cvRound(luma.rows * by))), 0, 0, cv::INTER_AREA);
        const double kx = scale_x * small.cols / luma.cols, ky = scale_y * small.rows / luma.rows;
        const cv::Matx33d to_place(1 / kx, 0, 0.5 / kx, 0, 1 / ky, 0.5 / ky, 0, 0, 1);
        for (int view = 0; view <= views_round; ++view) {
            // View 0 is the front; the others are turned by `angle` and then squeezed along x.
            cv::Mat shown = small, inside;
            cv::Matx33d back = cv::Matx33d::eye();  // shown px → small px
            if (view > 0) {
                const double angle = CV_PI * (view - 1) / views_round, c = std::cos(angle), s = std::sin(angle);
                const double w = small.cols, h = small.rows;
                const cv::Matx33d turn(c, s, 0, -s, c, 0, 0, 0, 1);
                double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
                for (const cv::Vec3d& p : {cv::Vec3d(0, 0, 1), cv::Vec3d(w, 0, 1), cv::Vec3d(w, h, 1), cv::Vec3d(0, h, 1)}) {
                    const cv::Vec3d q = turn * p;
                    left = std::min(left, q[0]), right = std::max(right, q[0]), top = std::min(top, q[1]), bottom = std::max(bottom, q[1]);
                }
                // A margin round it, so that features near the edge are found.
                const cv::Matx33d forth =
                    cv::Matx33d(1 / tilt, 0, 20, 0, 1, 20, 0, 0, 1) * cv::Matx33d(1, 0, -left, 0, 1, -top, 0, 0, 1) * turn;
                const cv::Size size(static_cast<int>((right - left) / tilt) + 40, static_cast<int>(bottom - top) + 40);
                cv::Mat soft, axis;
                // Blurred along what will be squeezed.
                const double sigma = 0.55 * std::sqrt(tilt * tilt - 1);
                cv::Mat turned;
                const cv::Matx33d only_turn = cv::Matx33d(1, 0, 20 - left, 0, 1, 20 - top, 0, 0, 1) * turn;
                const cv::Size turned_size(static_cast<int>(right - left) + 40, static_cast<int>(bottom - top) + 40);
                cv::warpAffine(small, turned, only_turn.get_minor<2, 3>(0, 0), turned_size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
                cv::GaussianBlur(turned, soft, cv::Size(0, 0), sigma, 0.01);
                const cv::Matx33d squeeze = forth * only_turn.inv();
                cv::warpAffine(soft, shown, squeeze.get_minor<2, 3>(0, 0), size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
                cv::warpAffine(cv::Mat(small.size(), CV_8U, cv::Scalar(255)), inside, forth.get_minor<2, 3>(0, 0), size, cv::INTER_NEAREST);
                back = forth.inv();
            } else {
                cv::copyMakeBorder(small, shown, 20, 20, 20, 20, cv::BORDER_REPLICATE);
                inside = cv::Mat(shown.size(), CV_8U, cv::Scalar(0));
                inside(cv::Rect(20, 20, small.cols, small.rows)).setTo(255);
                back = cv::Matx33d(1, 0, -20, 0, 1, -20, 0, 0, 1);
            }
            const int most = std::clamp(static_cast<int>(longer * (view == 0 ? 0.75 : 0.45)), 60, view == 0 ? 320 : 200);
            const auto orb = cv::ORB::create(most, 1.22f, 2, 16, 0, 2, cv::ORB::HARRIS_SCORE, 31, 8);
            std::vector<cv::KeyPoint> points;
            cv::Mat descriptors;
            orb->detectAndCompute(shown, inside, points, descriptors);
            append(out, points, descriptors, to_place * back);
        }
    }
    TargetFeatures made{std::move(out.places), {}};
    made.table.assign(out.bits);
    return made;
}

FeatureSet features_of_picture(const cv::Mat& luma, int most, const cv::Point2f& from) {
    FeatureSet out;
    if (luma.cols < 40 || luma.rows < 40) return out;
    const auto orb = cv::ORB::create(most, 1.22f, 2, 16, 0, 2, cv::ORB::HARRIS_SCORE, 31, 10);
    std::vector<cv::KeyPoint> points;
    cv::Mat descriptors;
    orb->detectAndCompute(luma, cv::noArray(), points, descriptors);
    append(out, points, descriptors, cv::Matx33d(1, 0, from.x, 0, 1, from.y, 0, 0, 1));
    return out;
}

std::vector<Proposal> propose(const TargetFeatures& target, const cv::Size2d& size_mm, const FeatureSet& picture, double reach, int most) {
    // The best match of each feature of the picture, and how much better it is than the best elsewhere on the target.
    const float elsewhere = float(0.03 * std::max(size_mm.width, size_mm.height));
    struct Match {
        cv::Point2f mm, px;
        float quality;
    };
    std::vector<Match> matches;
    std::vector<std::uint16_t> distances;
    for (std::size_t i = 0; i < picture.size(); ++i) {
        target.table.distances(picture.bits[i], distances);
        const auto best = std::min_element(distances.begin(), distances.end());
        if (best == distances.end() || *best > most_distance) continue;
        const cv::Point2f at = target.places[static_cast<std::size_t>(best - distances.begin())];
        int second = 256;
        for (std::size_t k = 0; k < distances.size(); ++k)
            if (distances[k] < second &&
                (std::abs(target.places[k].x - at.x) > elsewhere || std::abs(target.places[k].y - at.y) > elsewhere))
                second = distances[k];
        const float quality = float(*best) / float(second);
        if (quality < ratio) matches.push_back({at, picture.places[i], quality});
    }
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.quality < b.quality; });
    if (matches.size() > 300) matches.resize(300);

    std::vector<Proposal> out;
    for (int round = 0; round < most && static_cast<int>(matches.size()) >= least_agreeing; ++round) {
        std::vector<cv::Point2f> from, to;
        for (const auto& m : matches) from.push_back(m.mm), to.push_back(m.px);
        std::vector<std::uint8_t> agree;
        const cv::Mat found = cv::findHomography(from, to, cv::USAC_MAGSAC, reach, agree, 1500, 0.99);
        if (found.empty()) break;
        std::vector<Match> rest;
        int agreeing = 0;
        for (std::size_t i = 0; i < matches.size(); ++i)
            if (agree[i])
                ++agreeing;
            else
                rest.push_back(matches[i]);
        if (agreeing < least_agreeing) break;
        cv::Matx33d plane = found;
        plane *= 1 / plane(2, 2);
        matches.swap(rest);
        // Seen from the front, whole before the camera, not edge on, not absurdly bent.
        std::array<cv::Point2d, 4> corners;
        const std::array<cv::Point2d, 4> outline{cv::Point2d(0, 0), cv::Point2d(size_mm.width, 0),
                                                 cv::Point2d(size_mm.width, size_mm.height), cv::Point2d(0, size_mm.height)};
        bool sane = true;
        for (int i = 0; i < 4 && sane; ++i) {
            const auto p = through(plane, outline[i]);
            sane = p.has_value();
            if (sane) corners[i] = *p;
        }
        double smallest = 1e9, largest = 0;
        for (int i = 0; i < 4 && sane; ++i) {
            const cv::Point2d a = corners[(i + 1) % 4] - corners[i], b = corners[(i + 2) % 4] - corners[(i + 1) % 4];
            const double cross = a.cross(b);
            sane = cross > 0;
            smallest = std::min(smallest, cross), largest = std::max(largest, cross);
        }
        if (sane && largest < 12 * smallest && smallest > 200) out.push_back({plane, agreeing});
    }
    std::stable_sort(out.begin(), out.end(), [](const Proposal& a, const Proposal& b) { return a.agreeing > b.agreeing; });
    return out;
}

}  // namespace vitrine
