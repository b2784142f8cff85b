#include "overlays/tracking/calibration.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "engine/log.h"
#include "overlays/tracking/calibration_board.h"

namespace vitrine {

namespace {

constexpr double widest_edge = 4.2;    // px at 1280 px of width: a view with wider edges is blurred
constexpr double least_apart = 0.012;  // of the picture's width: mean way of the corners between two views
constexpr double most_motion = 0.003;  // of the picture's width, between two pictures of a live camera
constexpr double tilted = 12;          // degrees
constexpr double least_misfit = 0.3;   // px: a view with less than that is never left out
constexpr double misfit = 2.5;         // times the median view: then it is

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c == at)
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

template <class T>
std::optional<T> number(const std::string& text) {
    T out{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return out;
}

/// OpenCV's names for dictionaries, as they stand on many boards, in ours.
std::string family_name(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name.rfind("dict_", 0) != 0) return name;
    name.erase(0, 5);
    if (name.rfind("apriltag_", 0) == 0) return "apriltag" + name.substr(9);
    return name.rfind("aruco", 0) == 0 ? name : "aruco" + name;
}

std::string shortly(double value) {
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 10).ptr);
}

std::string fixed(double value, int digits) {
    char text[64];
    return std::string(text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr);
}

cv::Mat mat_of(const ConstI420View& picture) {
    return {picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.y), static_cast<std::size_t>(picture.stride_y)};
}

/// Mean way of the corners that both views have; a chessboard found from its other end is the same view.
double apart(const BoardView& a, const BoardView& b, int corners) {
    double least = 1e9;
    for (const bool turned : {false, true}) {
        std::vector<const cv::Point2f*> there(static_cast<std::size_t>(corners), nullptr);
        for (std::size_t i = 0; i < b.ids.size(); ++i)
            there[static_cast<std::size_t>(turned ? corners - 1 - b.ids[i] : b.ids[i])] = &b.corners[i];
        double sum = 0;
        int count = 0;
        for (std::size_t i = 0; i < a.ids.size(); ++i)
            if (const auto* other = there[static_cast<std::size_t>(a.ids[i])]) sum += cv::norm(a.corners[i] - *other), ++count;
        if (count >= 4) least = std::min(least, sum / count);
        if (static_cast<int>(a.ids.size()) < corners) break;  // only chessboards can be turned, and they are whole
    }
    return least;
}

double polynomial(const std::array<double, 5>& d, double r2) { return 1 + r2 * (d[0] + r2 * (d[1] + r2 * d[4])); }

/// Whether points farther from the axis are also seen farther from it, out to the picture's corners.
bool grows_outwards(const Calibration& c) {
    double far = 0;
    for (const double x : {0.0, double(c.width)})
        for (const double y : {0.0, double(c.height)}) far = std::max(far, std::hypot((x - c.cx) / c.fx, (y - c.cy) / c.fy));
    double before = 0;
    for (int i = 1; i <= 100; ++i) {
        const double r = far * i / 100, seen = r * polynomial(c.distortion, r * r);
        if (seen <= before) return false;
        before = seen;
        if (seen > far) break;  // beyond the picture
    }
    return true;
}

struct Taken {
    std::string name;
    BoardView view;
};

struct Fit {
    Calibration camera;
    std::array<double, 9> deviation{};
    std::vector<double> per_view;
};

}  // namespace

std::string BoardSpec::text() const {
    const std::string size = std::to_string(columns) + "x" + std::to_string(rows) + ":" + shortly(square_mm);
    return kind == Kind::chessboard ? "chessboard:" + size : "charuco:" + size + ":" + shortly(marker_mm) + ":" + family;
}

Result<BoardSpec> parse_board(const std::string& text) {
    const auto wrong = [&](const std::string& why) {
        return fail("The board \"" + text + "\" " + why +
                        " Write chessboard:9x6:25 for 9 × 6 inner corners with squares of 25 mm, or charuco:7x5:30:22 for 7 × 5 squares of "
                        "30 mm with markers of 22 mm, then perhaps :aruco5x5_100 for another dictionary than aruco4x4.",
                    ErrorKind::bad_input);
    };
    const auto parts = split(text, ':');
    BoardSpec spec;
    if (parts[0] == "chessboard")
        spec.kind = BoardSpec::Kind::chessboard;
    else if (parts[0] == "charuco")
        spec.kind = BoardSpec::Kind::charuco;
    else
        return wrong("is of no known kind.");
    const bool charuco = spec.kind == BoardSpec::Kind::charuco;
    if (parts.size() < (charuco ? 4u : 3u)) return wrong("is not complete.");
    if (parts.size() > (charuco ? 5u : 3u)) return wrong("says more than there is to say.");
    const auto size = split(parts[1], 'x');
    const auto columns = number<int>(size[0]), rows = size.size() == 2 ? number<int>(size[1]) : std::nullopt;
    if (!columns || !rows) return wrong("needs its size as COLUMNSxROWS.");
    const auto square = number<double>(parts[2]);
    if (!square || !std::isfinite(*square)) return wrong("needs the size of a square in mm.");
    spec.columns = *columns, spec.rows = *rows, spec.square_mm = *square;
    if (charuco) {
        const auto marker = number<double>(parts[3]);
        if (!marker || !std::isfinite(*marker)) return wrong("needs the size of a marker in mm.");
        spec.marker_mm = *marker;
        const int markers = (spec.columns * spec.rows + 1) / 2;
        // The sets of 4 × 4 bits are beginnings of each other: the smallest that is enough reads boards made from any of them.
        spec.family = parts.size() == 5 ? family_name(parts[4])
                      : markers <= 50   ? "aruco4x4_50"
                      : markers <= 100  ? "aruco4x4_100"
                      : markers <= 250  ? "aruco4x4_250"
                                        : "aruco4x4_1000";
    }
    if (auto judged = CalibrationBoard::make(spec); !judged) return tl::unexpected(judged.error());
    return spec;
}

Calibration assumed_calibration(int width, int height) {
    Calibration c;
    c.width = width, c.height = height;
    c.fx = c.fy = width;
    c.cx = (width - 1) / 2.0, c.cy = (height - 1) / 2.0;
    return c;
}

std::vector<std::string> Coverage::advice() const {
    std::vector<std::string> out;
    static const char* const names[9] = {"top left corner", "top edge",           "top right corner", "left edge",          "middle",
                                         "right edge",      "bottom left corner", "bottom edge",      "bottom right corner"};
    std::vector<std::string> bare;
    for (std::size_t i = 0; i < 9; ++i)
        if (!areas[i]) bare.emplace_back(names[i]);
    if (!bare.empty()) {
        std::string list;
        for (std::size_t i = 0; i < bare.size(); ++i) list += (i == 0 ? "" : i + 1 == bare.size() ? " and the " : ", the ") + bare[i];
        out.push_back("The board was not seen yet in the " + list + " of the picture: hold it there too.");
    }
    const auto nearer = [&](bool seen, const char* side) {
        if (!seen) out.push_back(std::string("Tilt the board by about 30 degrees, with its ") + side + " edge nearer to the camera.");
    };
    nearer(left, "left"), nearer(right, "right"), nearer(top, "top"), nearer(bottom, "bottom");
    if (views > 0 && largest < 0.45) out.push_back("Hold the board closer once, so that it fills about half of the picture.");
    if (views > 1 && largest < 1.25 * smallest)
        out.push_back("All views are from about the same distance: take some from nearer and some from farther away.");
    if (views < CameraCalibrator::good_views)
        out.push_back(std::to_string(views) + (views == 1 ? " view" : " views") + " so far; from " +
                      std::to_string(CameraCalibrator::good_views) + " on the result is good.");
    return out;
}

std::string CameraCalibrator::Look::sentence() const {
    switch (verdict) {
        case Verdict::taken:
            return "";
        case Verdict::no_board:
            return "The board was not found in it.";
        case Verdict::blurred:
            return "It is blurred: the edges of the squares are " + fixed(edge_px, 1) +
                   " px wide. Hold the board still and in focus, with more light.";
        case Verdict::moving:
            return "The board is moving: hold it still for a moment.";
        case Verdict::duplicate:
            return "The board is where it already was in " + like + ".";
        case Verdict::other_size:
            return "The picture has another size than the ones before. A calibration holds for one size: take all pictures with the same "
                   "setting.";
        case Verdict::unreadable:
            return "The picture is too small.";
    }
    return "";
}

struct CameraCalibrator::Core {
    Core(CalibrationBoard b, Options o) : board(std::move(b)), options(o) {}

    CalibrationBoard board;
    Options options;
    cv::Size size;
    std::vector<Taken> taken;
    std::optional<BoardView> before;  // live: in the last picture
    Coverage coverage;
    std::array<bool, 12 * 9> cells{};

    Look look(const cv::Mat& luma, const std::string& name) {
        Look out;
        auto view = board.find(luma, options.live);
        const auto last = std::exchange(before, view);
        if (!view) return out;
        out.corners = static_cast<int>(view->ids.size());
        if (!taken.empty() && luma.size() != size) {
            out.verdict = Verdict::other_size;
            return out;
        }
        out.edge_px = board.edge_width(luma, *view);
        const double wide = std::max(1.0, luma.cols / 1280.0);
        if (out.edge_px > widest_edge * wide) {
            out.verdict = Verdict::blurred;
            return out;
        }
        const int corners = board.grid().area();
        if (options.live && (!last || apart(*view, *last, corners) > most_motion * luma.cols)) {
            out.verdict = Verdict::moving;
            return out;
        }
        for (const Taken& one : taken)
            if (apart(*view, one.view, corners) < least_apart * luma.cols) {
                out.verdict = Verdict::duplicate;
                out.like = one.name;
                return out;
            }
        out.verdict = Verdict::taken;
        size = luma.size();
        cover(*view);
        taken.push_back({name, std::move(*view)});
        return out;
    }

    void cover(const BoardView& view) {
        ++coverage.views;
        for (const auto& corner : view.corners) {
            const int x = std::clamp(static_cast<int>(12 * (corner.x + 0.5f) / static_cast<float>(size.width)), 0, 11);
            const int y = std::clamp(static_cast<int>(9 * (corner.y + 0.5f) / static_cast<float>(size.height)), 0, 8);
            cells[static_cast<std::size_t>(12 * y + x)] = true;
        }
        coverage.share = double(std::count(cells.begin(), cells.end(), true)) / double(cells.size());
        for (std::size_t area = 0; area < 9; ++area) {
            int count = 0;
            for (std::size_t y = 0; y < 3; ++y)
                for (std::size_t x = 0; x < 4; ++x) count += cells[12 * (3 * (area / 3) + y) + 4 * (area % 3) + x] ? 1 : 0;
            coverage.areas[area] = count >= 3;
        }
        std::vector<cv::Point2f> hull;
        cv::convexHull(view.corners, hull);
        const double extent = std::sqrt(cv::contourArea(hull) / size.area());
        coverage.smallest = coverage.views == 1 ? extent : std::min(coverage.smallest, extent);
        coverage.largest = std::max(coverage.largest, extent);
        // How it is tilted, as a camera with the usual field of view would see it: good enough to say which way.
        const Calibration guess = assumed_calibration(size.width, size.height);
        std::vector<cv::Point3f> places;
        for (const int id : view.ids) places.push_back(board.place(id));
        cv::Mat r, t;
        if (!cv::solvePnP(places, view.corners, cv::Matx33d(guess.fx, 0, guess.cx, 0, guess.fy, guess.cy, 0, 0, 1), cv::noArray(), r, t,
                          false, cv::SOLVEPNP_IPPE))
            return;
        cv::Matx33d rotation;
        cv::Rodrigues(r, rotation);
        cv::Vec3d away(rotation(0, 2), rotation(1, 2), rotation(2, 2));
        if (away[2] < 0) away = -away;
        const double least = std::tan(tilted * M_PI / 180) * away[2];
        if (away[0] > least) coverage.right = true;  // depth falls to the right
        if (away[0] < -least) coverage.left = true;
        if (away[1] > least) coverage.bottom = true;
        if (away[1] < -least) coverage.top = true;
    }

    Fit fit(const std::vector<const Taken*>& views, int flags) const {
        std::vector<std::vector<cv::Point3f>> places;
        std::vector<std::vector<cv::Point2f>> corners;
        for (const Taken* one : views) {
            places.emplace_back();
            for (const int id : one->view.ids) places.back().push_back(board.place(id));
            corners.push_back(one->view.corners);
        }
        cv::Mat k, d, deviation, of_poses, per_view;
        std::vector<cv::Mat> r, t;
        Fit out;
        Calibration& c = out.camera;
        c.rms_px = cv::calibrateCamera(places, corners, size, k, d, r, t, deviation, of_poses, per_view, flags);
        c.width = size.width, c.height = size.height;
        c.fx = k.at<double>(0, 0), c.fy = k.at<double>(1, 1), c.cx = k.at<double>(0, 2), c.cy = k.at<double>(1, 2);
        for (int i = 0; i < 5; ++i) c.distortion[static_cast<std::size_t>(i)] = d.at<double>(i);
        for (int i = 0; i < 9; ++i) out.deviation[static_cast<std::size_t>(i)] = deviation.at<double>(i);
        for (int i = 0; i < per_view.rows; ++i) out.per_view.push_back(per_view.at<double>(i));
        return out;
    }
};

CameraCalibrator::CameraCalibrator() = default;
CameraCalibrator::~CameraCalibrator() = default;

Result<std::unique_ptr<CameraCalibrator>> CameraCalibrator::create(const BoardSpec& spec, Options options) {
    auto board = CalibrationBoard::make(spec);
    if (!board) return tl::unexpected(board.error());
    std::unique_ptr<CameraCalibrator> out(new CameraCalibrator());
    out->core_ = std::make_unique<Core>(std::move(*board), options);
    return out;
}

CameraCalibrator::Look CameraCalibrator::look(const ConstI420View& picture, const std::string& name) {
    Look out;
    out.verdict = Verdict::unreadable;
    if (!picture.y || picture.width < 32 || picture.height < 32) return out;
    try {
        return core_->look(mat_of(picture), name);
    } catch (const std::exception& e) {
        log::warn("calibrate", "A picture could not be searched for the board.", {{"what", e.what()}});
        return out;
    }
}

int CameraCalibrator::views() const { return static_cast<int>(core_->taken.size()); }
int CameraCalibrator::width() const { return core_->size.width; }
int CameraCalibrator::height() const { return core_->size.height; }
Coverage CameraCalibrator::coverage() const { return core_->coverage; }

Result<CameraCalibrator::Report> CameraCalibrator::solve() const {
    if (views() < least_views)
        return fail((views() == 0 ? std::string("No usable view")
                                  : "Only " + std::to_string(views()) + (views() == 1 ? " usable view" : " usable views")) +
                    " of the board; at least " + std::to_string(least_views) + " are needed, and " + std::to_string(good_views) +
                    " or more are good. Take pictures of the board in all parts of the picture, tilted to each side.");
    Report report;
    std::vector<const Taken*> used;
    for (const Taken& one : core_->taken) {
        used.push_back(&one);
        report.views.push_back({one.name, static_cast<int>(one.view.ids.size())});
    }
    const auto view_of = [&](const Taken* one) -> View& { return report.views[static_cast<std::size_t>(one - core_->taken.data())]; };
    Fit fit;
    try {
        // The worst view that does not fit goes first; then the others are judged anew.
        const std::size_t most_out = used.size() / 3;
        for (std::size_t out = 0;; ++out) {
            fit = core_->fit(used, cv::CALIB_FIX_K3);
            for (std::size_t i = 0; i < used.size(); ++i) view_of(used[i]).rms_px = fit.per_view[i];
            std::vector<double> sorted = fit.per_view;
            std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
            const double median = sorted[sorted.size() / 2];
            const auto worst = std::max_element(fit.per_view.begin(), fit.per_view.end());
            if (*worst <= std::max(least_misfit, misfit * median) || out >= most_out || used.size() <= least_views) break;
            const auto index = worst - fit.per_view.begin();
            view_of(used[static_cast<std::size_t>(index)]).used = false;
            used.erase(used.begin() + index);
        }
        // A third radial coefficient is kept when it is surely not 0 and does not fold the picture's corners back.
        Fit third = core_->fit(used, 0);
        if (std::abs(third.camera.distortion[4]) > 3 * third.deviation[8] && grows_outwards(third.camera)) fit = std::move(third);
    } catch (const std::exception& e) {
        log::debug("calibrate", "No fit.", {{"what", e.what()}});
        return fail("The views do not determine a lens. Take more, with the board tilted to each side and at different distances.");
    }
    for (std::size_t i = 0; i < used.size(); ++i) view_of(used[i]).rms_px = fit.per_view[i];
    report.calibration = fit.camera;
    report.deviation = fit.deviation;
    report.coverage = core_->coverage;

    const Calibration& c = report.calibration;
    for (const double value :
         {c.fx, c.fy, c.cx, c.cy, c.rms_px, c.distortion[0], c.distortion[1], c.distortion[2], c.distortion[3], c.distortion[4]})
        if (!std::isfinite(value)) return fail("The views do not determine a lens. Take more, with the board tilted to each side.");
    auto& warnings = report.warnings;
    if (c.rms_px > 1)
        warnings.push_back("The fit is poor (RMS " + fixed(c.rms_px, 2) +
                           " px; below 0.5 is good): is the board flat, are its sizes right, does the camera's autofocus or zoom move?");
    const bool all_areas = std::all_of(report.coverage.areas.begin(), report.coverage.areas.end(), [](bool seen) { return seen; });
    if (!all_areas || report.coverage.share < 0.4)
        warnings.push_back("Corners were seen in " + fixed(100 * report.coverage.share, 0) +
                           " % of the picture only: outside of that the lens is guessed.");
    if (static_cast<int>(report.coverage.left) + report.coverage.right + report.coverage.top + report.coverage.bottom < 2)
        warnings.push_back("The board was hardly tilted: the focal length is not well determined.");
    if (fit.deviation[0] > 0.01 * c.fx || fit.deviation[1] > 0.01 * c.fy)
        warnings.push_back("The focal length is known to " + fixed(100 * std::max(fit.deviation[0] / c.fx, fit.deviation[1] / c.fy), 1) +
                           " % only (one standard deviation): take more views, tilted and near.");
    if (std::abs(c.fx / c.fy - 1) > 0.03)
        warnings.push_back("The pixels do not come out square (fx " + fixed(c.fx, 1) + ", fy " + fixed(c.fy, 1) +
                           "): is the picture stretched, or the board's printing?");
    if (std::abs(c.cx / c.width - 0.5) > 0.15 || std::abs(c.cy / c.height - 0.5) > 0.15)
        warnings.push_back("The lens' axis comes out far from the picture's middle: were the pictures cropped?");
    if (!grows_outwards(c)) warnings.push_back("Near the picture's corners the lens comes out folded: more views are needed there.");
    const auto left_out = static_cast<int>(std::count_if(report.views.begin(), report.views.end(), [](const View& v) { return !v.used; }));
    if (views() - left_out < good_views)
        warnings.push_back("Only " + std::to_string(views() - left_out) + " views were used; " + std::to_string(good_views) +
                           " or more are good.");
    return report;
}

std::optional<std::string> CameraCalibrator::other_board(const ConstI420View& picture) const {
    const BoardSpec& spec = core_->board.spec();
    if (spec.kind != BoardSpec::Kind::chessboard || !picture.y || picture.width < 32 || picture.height < 32) return std::nullopt;
    for (const auto& [columns, rows] : {std::pair{spec.columns - 1, spec.rows - 1},
                                        {spec.columns + 1, spec.rows + 1},
                                        {spec.columns - 1, spec.rows},
                                        {spec.columns, spec.rows - 1},
                                        {spec.columns + 1, spec.rows},
                                        {spec.columns, spec.rows + 1}}) {
        BoardSpec other = spec;
        other.columns = columns, other.rows = rows;
        try {
            const auto board = CalibrationBoard::make(other);
            if (board && board->find(mat_of(picture))) return other.text();
        } catch (const std::exception&) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace vitrine
