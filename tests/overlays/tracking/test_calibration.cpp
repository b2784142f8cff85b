#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/reading/still_reader.h"
#include "overlays/tracking/calibration.h"
#include "overlays/tracking/calibration_board.h"
#include "overlays/tracking/pose.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

ConstI420View luma_of(const cv::Mat& m) {
    ConstI420View v;
    v.y = m.data, v.stride_y = static_cast<int>(m.step), v.width = m.cols, v.height = m.rows;
    return v;
}

const Calibration lens{640, 360, 547, 549.5, 315.2, 187.4, {-0.21, 0.09, 0.0012, -0.0008, 0}, 0};

/// Where the pixels of a picture of twice the size look, through that lens.
const std::vector<cv::Point2d>& rays() {
    static const std::vector<cv::Point2d> all = [] {
        std::vector<cv::Point2d> pixels, out;
        for (int y = 0; y < 2 * lens.height; ++y)
            for (int x = 0; x < 2 * lens.width; ++x) pixels.emplace_back((x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5);
        Calibration camera = lens;
        cv::undistortPoints(pixels, out, cv::Matx33d(camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1),
                            cv::Mat(1, 5, CV_64F, camera.distortion.data()), cv::noArray(), cv::noArray(),
                            cv::TermCriteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 40, 1e-7));
        return out;
    }();
    return all;
}

/// A printed board photographed by that camera: each pixel asks, through the lens, which point of the board it sees, four times over.
class Studio {
  public:
    explicit Studio(const BoardSpec& spec, bool first_white = false)
        : board_(*CalibrationBoard::make(spec)), sheet_(board_.draw(px_per_mm, margin, first_white)) {}

    /// The board's middle at (x, y) of the picture (0 … 1) and `away` mm, turned by degrees about its own axes.
    TargetPose pose(double x, double y, double away, double about_x, double about_y, double about_z) const {
        cv::Matx33d rx, ry, rz;
        const double d = M_PI / 180;
        cv::Rodrigues(cv::Vec3d(about_x * d, 0, 0), rx);
        cv::Rodrigues(cv::Vec3d(0, about_y * d, 0), ry);
        cv::Rodrigues(cv::Vec3d(0, 0, about_z * d), rz);
        const cv::Matx33d r = ry * rx * rz;
        const cv::Vec3d middle(size_mm().width / 2, size_mm().height / 2, 0);
        const cv::Vec3d at((x * lens.width - lens.cx) / lens.fx * away, (y * lens.height - lens.cy) / lens.fy * away, away);
        const cv::Vec3d t = at - r * middle;
        cv::Vec3d v;
        cv::Rodrigues(r, v);
        return {{v[0], v[1], v[2]}, {t[0], t[1], t[2]}};
    }

    cv::Mat photo(const TargetPose& pose, int seed, double blur = 0.6, double noise = 2) const {
        cv::Matx33d r;
        cv::Rodrigues(cv::Vec3d(pose.rvec.data()), r);
        const cv::Matx33d plane(r(0, 0), r(0, 1), pose.tvec[0], r(1, 0), r(1, 1), pose.tvec[1], r(2, 0), r(2, 1), pose.tvec[2]);
        const cv::Matx33d back = plane.inv();
        cv::Mat map(2 * lens.height, 2 * lens.width, CV_32FC2);
        for (int i = 0; i < static_cast<int>(rays().size()); ++i) {
            const cv::Vec3d p = back * cv::Vec3d(rays()[static_cast<std::size_t>(i)].x, rays()[static_cast<std::size_t>(i)].y, 1);
            const double px = p[2] > 0 ? p[0] / p[2] : -1e4, py = p[2] > 0 ? p[1] / p[2] : -1e4;
            map.at<cv::Vec2f>(i / map.cols, i % map.cols) =
                cv::Vec2f(float((px + margin) * px_per_mm - 0.5), float((py + margin) * px_per_mm - 0.5));
        }
        cv::Mat fine, out, grain(lens.height, lens.width, CV_16S);
        cv::remap(sheet_, fine, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(110));
        cv::resize(fine, out, cv::Size(lens.width, lens.height), 0, 0, cv::INTER_AREA);
        if (blur > 0) cv::GaussianBlur(out, out, cv::Size(), blur);
        cv::RNG random(static_cast<std::uint64_t>(seed) + 1);
        random.fill(grain, cv::RNG::NORMAL, 0, noise);
        cv::addWeighted(out, 0.7, grain, 1, 25, out, CV_8U);
        return out;
    }

    /// Views that cover picture, tilts and distances.
    std::vector<TargetPose> round() const {
        std::vector<TargetPose> out;
        // A chessboard counts only whole.
        const bool whole = board_.spec().kind == BoardSpec::Kind::chessboard;
        const double near = size_mm().width * lens.fx / lens.width / (whole ? 0.42 : 0.62), far = near * (whole ? 1.2 : 1.5);
        const double places[][3] = {{0.5, 0.5, whole ? 0.6 : 0.85},
                                    {0.3, 0.3, 1},
                                    {0.7, 0.3, 1},
                                    {0.3, 0.7, 1},
                                    {0.7, 0.7, 1},
                                    {0.5, 0.27, 1.1},
                                    {0.5, 0.73, 1},
                                    {0.24, 0.5, 1.2},
                                    {0.76, 0.5, 1.2},
                                    {0.45, 0.5, 1.5}};
        const double turns[][3] = {{0, 0, 2},  {25, 20, 5},  {25, -20, -8}, {-25, 20, 10}, {-25, -20, 0},
                                   {30, 0, 3}, {-32, 5, -4}, {5, 33, 8},    {0, -35, -6},  {20, 25, 30}};
        for (int i = 0; i < 10; ++i)
            out.push_back(pose(places[i][0], places[i][1], near * places[i][2], turns[i][0], turns[i][1], turns[i][2]));
        out.push_back(pose(0.25, 0.28, far, -20, 25, 95));
        out.push_back(pose(0.75, 0.72, far, 25, -15, 190));
        out.push_back(pose(0.72, 0.28, far, -15, -30, -30));
        out.push_back(pose(0.28, 0.72, far, 15, 30, 45));
        return out;
    }
    const CalibrationBoard& board() const { return board_; }

  private:
    cv::Size2d size_mm() const {
        const auto grid = board_.grid();
        return {(grid.width + 1) * board_.spec().square_mm, (grid.height + 1) * board_.spec().square_mm};
    }
    static constexpr double px_per_mm = 3, margin = 20;
    CalibrationBoard board_;
    cv::Mat sheet_;
};

BoardSpec spec(const std::string& text) {
    const auto parsed = parse_board(text);
    REQUIRE(parsed);
    return *parsed;
}

std::unique_ptr<CameraCalibrator> calibrator(const BoardSpec& board, bool live = false) {
    auto made = CameraCalibrator::create(board, {.live = live});
    REQUIRE(made);
    return std::move(*made);
}

double mean_error(const BoardView& view, const Studio& studio, const TargetPose& pose) {
    double sum = 0;
    for (std::size_t i = 0; i < view.ids.size(); ++i) {
        const auto place = studio.board().place(view.ids[i]);
        const auto at = project_point(pose, lens, {place.x, place.y, 0});
        REQUIRE(at);
        sum += std::hypot((*at)[0] - view.corners[i].x, (*at)[1] - view.corners[i].y);
    }
    return sum / double(view.ids.size());
}

}  // namespace

TEST_CASE("boards are understood as they are written, and nothing else is", "[calibration]") {
    const auto chess = spec("chessboard:9x6:25");
    CHECK((chess.kind == BoardSpec::Kind::chessboard && chess.columns == 9 && chess.rows == 6 && chess.square_mm == 25));
    CHECK(chess.text() == "chessboard:9x6:25");
    const auto charuco = spec("charuco:7x5:30:22.5");
    CHECK((charuco.columns == 7 && charuco.rows == 5 && charuco.marker_mm == 22.5 && charuco.family == "aruco4x4_50"));
    CHECK(spec("charuco:14x9:15:11").family == "aruco4x4_100");
    CHECK(spec("charuco:7x5:30:22:aruco5x5_100").family == "aruco5x5_100");
    CHECK(spec("charuco:7x5:30:22:DICT_5X5_100").family == "aruco5x5_100");
    CHECK(spec("charuco:7x5:30:22:DICT_APRILTAG_36h11").family == "apriltag36h11");
    CHECK(spec("charuco:7x5:30:22:DICT_ARUCO_ORIGINAL").family == "aruco_original");
    for (const char* wrong : {"",
                              "chessboard",
                              "chessboard:9x6",
                              "chessboard:9:25",
                              "chessboard:9x6x3:25",
                              "chessboard:9x6:25:3",
                              "chessboard:2x6:25",
                              "chessboard:9x6:0",
                              "chessboard:9x6:-3",
                              "chessboard:9x6:inf",
                              "chessboard:9x6:nan",
                              "chessboard:-9x6:25",
                              "chessboard:99999999999x6:25",
                              "circles:9x6:25",
                              "charuco:7x5:30",
                              "charuco:7x5:30:30",
                              "charuco:7x5:30:22:nonsense",
                              "charuco:7x5:30:22:aruco4x4_50:x",
                              "charuco:50x50:30:22:aruco4x4_50",
                              "charuco:7x5:30:0"}) {
        const auto refused = parse_board(wrong);
        INFO(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::bad_input);
        CHECK(refused.error().message.size() > 20);
    }
}

TEST_CASE("corners of a board lie where the lens shows them", "[calibration]") {
    // An even number of rows has two layouts in the world; both are read.
    for (const auto& [text, first_white, least] : {std::tuple{"chessboard:9x6:25", false, 54},
                                                   {"charuco:8x5:30:22", false, 25},
                                                   {"charuco:8x6:30:22", false, 30},
                                                   {"charuco:8x6:30:22:aruco5x5_100", true, 30},
                                                   {"charuco:8x6:30:22:apriltag36h11", true, 20}}) {
        const Studio studio(spec(text), first_white);
        for (const auto& pose : {studio.round()[0], studio.round()[1], studio.round()[8]}) {
            const cv::Mat photo = studio.photo(pose, 1);
            const auto view = studio.board().find(photo);
            INFO(text << " " << first_white);
            REQUIRE(view);
            CHECK(static_cast<int>(view->ids.size()) >= least);
            CHECK(mean_error(*view, studio, pose) < 0.15);
            const double edge = studio.board().edge_width(photo, *view);
            CHECK((edge > 1 && edge < 3.2));
        }
    }
}

TEST_CASE("a ChArUco board is read when much of it is outside or covered", "[calibration]") {
    const Studio studio(spec("charuco:8x6:30:22"));
    const auto pose = studio.round()[1];
    cv::Mat photo = studio.photo(pose, 3);
    cv::rectangle(photo, cv::Rect(0, 0, 200, 360), cv::Scalar(90), cv::FILLED);
    auto view = studio.board().find(photo);
    REQUIRE(view);
    CHECK(view->ids.size() < 34);
    // A corner that the cover touches may be off; all others are where they are.
    for (std::size_t i = view->ids.size(); i-- > 0;)
        if (view->corners[i].x < 212) view->corners.erase(view->corners.begin() + long(i)), view->ids.erase(view->ids.begin() + long(i));
    CHECK(view->ids.size() > 10);
    CHECK(mean_error(*view, studio, pose) < 0.15);
    CHECK_FALSE(studio.board().find(cv::Mat(360, 640, CV_8U, cv::Scalar(120))));
}

TEST_CASE("a known lens comes out of pictures of either board", "[calibration]") {
    for (const char* text : {"chessboard:9x6:25", "charuco:8x6:30:22"}) {
        const Studio studio(spec(text));
        auto work = calibrator(spec(text));
        int n = 0;
        for (const auto& pose : studio.round()) {
            ++n;
            const auto look = work->look(luma_of(studio.photo(pose, n)), "photo " + std::to_string(n));
            INFO(text << " photo " << n << ": " << look.sentence());
            CHECK(look.verdict == CameraCalibrator::Verdict::taken);
        }
        const auto report = work->solve();
        REQUIRE(report);
        const Calibration& c = report->calibration;
        std::cout << text << ": rms " << c.rms_px << " px, fx " << c.fx - lens.fx << ", fy " << c.fy - lens.fy << ", cx " << c.cx - lens.cx
                  << ", cy " << c.cy - lens.cy << " px off; deviations " << report->deviation[0] << " " << report->deviation[2]
                  << "; share " << report->coverage.share << "\n";
        INFO(text);
        CHECK(c.rms_px < 0.1);
        CHECK(std::abs(c.fx / lens.fx - 1) < 0.002);
        CHECK(std::abs(c.fy / lens.fy - 1) < 0.002);
        CHECK(std::abs(c.cx - lens.cx) < 1);
        CHECK(std::abs(c.cy - lens.cy) < 1);
        // What matters of the distortion is where it puts things: compared over the part of the picture that was covered.
        for (double y = 0.1; y < 0.95; y += 0.2)
            for (double x = 0.1; x < 0.95; x += 0.2) {
                const std::array<double, 3> ray{(x * lens.width - lens.cx) / lens.fx, (y * lens.height - lens.cy) / lens.fy, 1};
                const TargetPose none{};
                const auto there = project_point(none, lens, ray), here = project_point(none, c, ray);
                REQUIRE((there && here));
                CHECK(std::hypot((*there)[0] - (*here)[0], (*there)[1] - (*here)[1]) < 1);
            }
        // The deviations say how far off it may be: five of them are ample.
        CHECK(std::abs(c.fx - lens.fx) < 5 * report->deviation[0] + 0.1);
        CHECK(report->deviation[0] < 2);
        for (const auto& view : report->views) CHECK((view.used && view.rms_px < 0.15));
        CHECK(report->coverage.advice().empty());
        CHECK(report->warnings.empty());
    }
}

TEST_CASE("blurred, moving, repeated and odd-sized pictures are left out, each with its reason", "[calibration]") {
    using Verdict = CameraCalibrator::Verdict;
    const Studio studio(spec("charuco:8x6:30:22"));
    const auto poses = studio.round();
    auto work = calibrator(studio.board().spec());
    CHECK(work->look(luma_of(studio.photo(poses[0], 1)), "one").verdict == Verdict::taken);
    const auto again = work->look(luma_of(studio.photo(poses[0], 2)), "two");
    CHECK(again.verdict == Verdict::duplicate);
    CHECK(again.sentence().find("one") != std::string::npos);
    const auto blurred = work->look(luma_of(studio.photo(poses[0], 3, 2.4)), "three");
    CHECK(blurred.verdict == Verdict::blurred);
    CHECK(blurred.edge_px > 4.2);
    cv::Mat small;
    cv::resize(studio.photo(poses[2], 4), small, cv::Size(), 0.8, 0.8, cv::INTER_AREA);
    CHECK(work->look(luma_of(small), "four").verdict == Verdict::other_size);
    CHECK(work->look(luma_of(cv::Mat(360, 640, CV_8U, cv::Scalar(7))), "five").verdict == Verdict::no_board);
    CHECK(work->look(luma_of(cv::Mat(8, 8, CV_8U, cv::Scalar(7))), "six").verdict == Verdict::unreadable);
    CHECK(work->look(ConstI420View(), "seven").verdict == Verdict::unreadable);
    CHECK(work->views() == 1);
    const auto few = work->solve();
    REQUIRE_FALSE(few);
    CHECK(few.error().message.find("at least 5") != std::string::npos);

    auto live = calibrator(studio.board().spec(), true);
    CHECK(live->look(luma_of(studio.photo(poses[3], 5)), "a").verdict == Verdict::moving);
    CHECK(live->look(luma_of(studio.photo(poses[3], 6)), "b").verdict == Verdict::taken);
    CHECK(live->look(luma_of(studio.photo(poses[4], 7)), "c").verdict == Verdict::moving);
}

TEST_CASE("a view that does not fit the others is left out", "[calibration]") {
    const Studio studio(spec("chessboard:9x6:25"));
    auto work = calibrator(studio.board().spec());
    int n = 0;
    for (const auto& pose : studio.round()) {
        cv::Mat photo = studio.photo(pose, ++n);
        if (n == 5) {  // the board was bent, or the camera shook: seen as a picture that is warped
            cv::Mat map(photo.size(), CV_32FC2);
            for (int y = 0; y < map.rows; ++y)
                for (int x = 0; x < map.cols; ++x) map.at<cv::Vec2f>(y, x) = cv::Vec2f(float(x) + 4 * std::sin(float(y) / 40), float(y));
            cv::remap(photo, photo, map, cv::noArray(), cv::INTER_LINEAR);
        }
        REQUIRE(work->look(luma_of(photo), std::to_string(n)).verdict == CameraCalibrator::Verdict::taken);
    }
    const auto report = work->solve();
    REQUIRE(report);
    for (std::size_t i = 0; i < report->views.size(); ++i) CHECK(report->views[i].used == (i != 4));
    CHECK(report->views[4].rms_px > 0.3);
    CHECK(std::abs(report->calibration.fx / lens.fx - 1) < 0.003);
}

TEST_CASE("what is missing is said", "[calibration]") {
    const Studio studio(spec("charuco:8x6:30:22"));
    auto work = calibrator(studio.board().spec());
    // Always straight, always in the top left, always from the same distance.
    for (int n = 0; n < 6; ++n) work->look(luma_of(studio.photo(studio.pose(0.24 + 0.02 * n, 0.3, 620, 0, 0, 0), n)), std::to_string(n));
    const Coverage coverage = work->coverage();
    CHECK(coverage.areas[0]);
    CHECK_FALSE(coverage.areas[8]);
    CHECK_FALSE(coverage.left);
    std::string all;
    for (const auto& sentence : coverage.advice()) all += sentence + "\n";
    CHECK(all.find("bottom right corner") != std::string::npos);
    CHECK(all.find("top left") == std::string::npos);
    CHECK(all.find("left edge nearer") != std::string::npos);
    CHECK(all.find("same distance") != std::string::npos);
    // One view with the right edge nearer: only the others are asked for then.
    work->look(luma_of(studio.photo(studio.pose(0.3, 0.35, 620, 0, 25, 0), 9)), "turned");
    CHECK(work->coverage().right != work->coverage().left);
    const auto at = project_point(studio.pose(0.3, 0.35, 620, 0, 25, 0), lens, {240, 90, 0});
    REQUIRE(at);
    // Turned by a positive angle about the axis that points down, the right edge goes towards the camera.
    CHECK(work->coverage().right);
    const auto report = work->solve();
    if (report) CHECK_FALSE(report->warnings.empty());
}

TEST_CASE("an unmeasured camera is taken for one of 53 degrees", "[calibration]") {
    const Calibration c = assumed_calibration(1280, 720);
    CHECK(2 * std::atan(1280 / 2.0 / c.fx) * 180 / M_PI == Approx(53.13).margin(0.01));
    CHECK(c.fx == c.fy);
    CHECK((c.cx == 639.5 && c.cy == 359.5));
    CHECK(scaled(c, 640, 360).fx == Approx(assumed_calibration(640, 360).fx));
    CHECK(scaled(c, 640, 360).cx == Approx(assumed_calibration(640, 360).cx));
}

TEST_CASE("OpenCV's own chessboard pictures", "[calibration]") {
    const std::filesystem::path folder = "/usr/share/doc/opencv-doc/examples/data";
    if (!std::filesystem::exists(folder / "left01.jpg")) {
        WARN("SKIP: package opencv-doc, with left01.jpg to left14.jpg, is not installed");
        return;
    }
    auto work = calibrator(spec("chessboard:9x6:25"));
    for (int n = 1; n <= 14; ++n) {
        const auto file = folder / ("left" + std::string(n < 10 ? "0" : "") + std::to_string(n) + ".jpg");
        if (!std::filesystem::exists(file)) continue;  // there is no left10.jpg
        const auto luma = read_still(file);
        REQUIRE(luma);
        const auto look = work->look(luma->view(), file.filename().string());
        INFO(file.filename() << ": " << look.sentence());
        CHECK(look.edge_px < 3.5);
        CHECK(look.verdict == CameraCalibrator::Verdict::taken);
    }
    const auto report = work->solve();
    REQUIRE(report);
    const Calibration& c = report->calibration;
    std::cout << "left01 to left14: rms " << c.rms_px << " px, fx " << c.fx << " fy " << c.fy << " cx " << c.cx << " cy " << c.cy << ", "
              << report->views.size() << " views\n";
    CHECK(c.rms_px < 0.3);
    // Published in left_intrinsics.yml: fx = fy = 535.9, (342.3, 235.6); that fit has an RMS of 0.39 px and one view at 1.2 px.
    CHECK(c.fx == Approx(535.9).margin(5));
    CHECK(c.fy == Approx(535.9).margin(5));
    CHECK(c.cx == Approx(342.3).margin(4));
    CHECK(c.cy == Approx(235.6).margin(4));
    CHECK(c.distortion[0] == Approx(-0.27).margin(0.05));
}
