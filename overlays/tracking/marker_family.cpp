#include "overlays/tracking/marker_family.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace vitrine {

namespace {

struct Known {
    std::string name;
    int dictionary;
};

const std::vector<Known>& known() {
    static const std::vector<Known> all = [] {
        std::vector<Known> out{{"apriltag16h5", cv::aruco::DICT_APRILTAG_16h5},
                               {"apriltag25h9", cv::aruco::DICT_APRILTAG_25h9},
                               {"apriltag36h10", cv::aruco::DICT_APRILTAG_36h10},
                               {"apriltag36h11", cv::aruco::DICT_APRILTAG_36h11},
                               {"aruco_original", cv::aruco::DICT_ARUCO_ORIGINAL}};
        int next = cv::aruco::DICT_4X4_50;  // the enumeration runs by size, then by count
        for (int size = 4; size <= 7; ++size)
            for (int count : {50, 100, 250, 1000})
                out.push_back({"aruco" + std::to_string(size) + "x" + std::to_string(size) + "_" + std::to_string(count), next++});
        return out;
    }();
    return all;
}

}  // namespace

const std::vector<std::string>& MarkerFamily::names() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out;
        for (const auto& family : known()) out.push_back(family.name);
        return out;
    }();
    return all;
}

Result<MarkerFamily> MarkerFamily::named(const std::string& name) {
    for (const auto& family : known()) {
        if (family.name != name) continue;
        MarkerFamily out;
        out.name_ = name;
        out.dictionary_ = cv::aruco::getPredefinedDictionary(family.dictionary);
        return out;
    }
    std::string all;
    for (const auto& one : names()) all += (all.empty() ? "" : ", ") + one;
    return fail("There is no marker family \"" + name + "\"; there are " + all + ".", ErrorKind::bad_input);
}

int MarkerFamily::count() const { return dictionary().bytesList.rows; }
int MarkerFamily::bits() const { return dictionary().markerSize; }

cv::Mat MarkerFamily::draw(int id, int edge) const {
    cv::Mat out;
#if CV_VERSION_MAJOR > 4 || (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR >= 7)
    cv::aruco::generateImageMarker(dictionary_, id, edge, out, 1);
#else
    cv::aruco::drawMarker(dictionary_, id, edge, out, 1);
#endif
    return out;
}

std::vector<MarkerFamily::Found> MarkerFamily::detect(const cv::Mat& luma, double least_edge) const {
    std::vector<std::vector<cv::Point2f>> corners;
    std::vector<int> ids;
#if CV_VERSION_MAJOR > 4 || (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR >= 7)
    cv::aruco::DetectorParameters settings;
#else
    const cv::Ptr<cv::aruco::DetectorParameters> made = cv::aruco::DetectorParameters::create();
    cv::aruco::DetectorParameters& settings = *made;
#endif
    settings.cornerRefinementMethod = cv::aruco::CORNER_REFINE_NONE;
    settings.minMarkerPerimeterRate = 4 * least_edge / std::max(luma.cols, luma.rows);
    settings.adaptiveThreshWinSizeMin = 5;
    settings.adaptiveThreshWinSizeMax = 21;
    settings.adaptiveThreshWinSizeStep = 16;
    settings.minDistanceToBorder = 1;
#if CV_VERSION_MAJOR > 4 || (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR >= 7)
    cv::aruco::ArucoDetector(dictionary_, settings).detectMarkers(luma, corners, ids);
#else
    cv::aruco::detectMarkers(luma, dictionary_, corners, ids, made);
#endif
    std::vector<Found> out;
    for (std::size_t i = 0; i < ids.size(); ++i) out.push_back({ids[i], corners[i]});
    return out;
}

bool MarkerFamily::matches(const cv::Mat& sampled, int id) const {
    if (id < 0 || id >= count()) return false;
    // OpenCV gives the AprilTag families no correction at all; two bits are far below the distance of any family but the largest ArUco
    // sets.
    const int wrong = dictionary().getDistanceToId(sampled, id, false);
    return wrong <= std::min(2, std::max(dictionary().maxCorrectionBits, bits() >= 5 ? 2 : 0));
}

}  // namespace vitrine
