#include "overlays/tracking/calibration_board.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

namespace vitrine {

namespace {

constexpr int search_width = 1280;   // a chessboard is looked for at no more than this width
constexpr int quick_width = 640;     // … or at this
constexpr double least_marker = 12;  // px, a marker's side
constexpr std::size_t least_corners = 8;

double bilinear(const cv::Mat& luma, const cv::Point2d& p) {
    const int x = static_cast<int>(p.x), y = static_cast<int>(p.y);
    const double fx = p.x - x, fy = p.y - y;
    const auto* a = luma.ptr<std::uint8_t>(y) + x;
    const auto* b = luma.ptr<std::uint8_t>(y + 1) + x;
    return (a[0] * (1 - fx) + a[1] * fx) * (1 - fy) + (b[0] * (1 - fx) + b[1] * fx) * fy;
}

bool inside(const cv::Mat& luma, const cv::Point2d& p) {
    return p.x >= 0 && p.y >= 0 && p.x < luma.cols - 1.001 && p.y < luma.rows - 1.001;
}

/// The window within which a corner is refined: a fifth of the way to its nearest neighbour, so that no other edge comes into it.
int window_for(double spacing) { return std::clamp(static_cast<int>(0.2 * spacing), 2, 10); }

void refine(const cv::Mat& luma, std::vector<cv::Point2f>& corners, int window) {
    cv::cornerSubPix(luma, corners, cv::Size(window, window), cv::Size(-1, -1),
                     cv::TermCriteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 60, 0.001));
}

double nearest_neighbours(const std::vector<cv::Point2f>& corners, cv::Size grid) {
    double least = 1e9;
    for (int y = 0; y < grid.height; ++y)
        for (int x = 0; x < grid.width; ++x) {
            const auto& here = corners[static_cast<std::size_t>(y * grid.width + x)];
            if (x + 1 < grid.width) least = std::min(least, cv::norm(here - corners[static_cast<std::size_t>(y * grid.width + x + 1)]));
            if (y + 1 < grid.height) least = std::min(least, cv::norm(here - corners[static_cast<std::size_t>((y + 1) * grid.width + x)]));
        }
    return least;
}

/// 10 to 90 % width of the step at `middle` along `across` (unit), seen `reach` px to both sides. Nothing without a clear step.
std::optional<double> step_width(const cv::Mat& luma, const cv::Point2d& middle, const cv::Point2d& across, double reach) {
    if (!inside(luma, middle + across * reach) || !inside(luma, middle - across * reach)) return std::nullopt;
    constexpr int count = 64;
    std::array<double, count> value{};
    for (int i = 0; i < count; ++i) value[i] = bilinear(luma, middle + across * (reach * (2.0 * i / (count - 1) - 1)));
    if (value.front() > value.back()) std::reverse(value.begin(), value.end());
    const double low = (value[0] + value[1] + value[2] + value[3]) / 4,
                 high = (value[count - 1] + value[count - 2] + value[count - 3] + value[count - 4]) / 4;
    if (high - low < 24) return std::nullopt;
    int last_low = 0, first_high = count - 1;
    for (int i = 0; i < count; ++i)
        if (value[i] < low + 0.1 * (high - low)) last_low = i;
    for (int i = count - 1; i >= 0; --i)
        if (value[i] > high - 0.1 * (high - low)) first_high = i;
    return std::max(0, first_high - last_low) * 2 * reach / (count - 1);
}

}  // namespace

Result<CalibrationBoard> CalibrationBoard::make(const BoardSpec& spec) {
    const bool charuco = spec.kind == BoardSpec::Kind::charuco;
    if (spec.columns < 3 || spec.rows < 3 || spec.columns > 60 || spec.rows > 60)
        return fail("A board needs 3 to 60 " + std::string(charuco ? "squares" : "inner corners") + " in each direction, not " +
                        std::to_string(spec.columns) + "x" + std::to_string(spec.rows) + ".",
                    ErrorKind::bad_input);
    if (!(spec.square_mm > 0) || spec.square_mm > 10000) return fail("A board's squares need a size above 0 mm.", ErrorKind::bad_input);
    CalibrationBoard board(spec);
    if (charuco) {
        if (!(spec.marker_mm > 0) || spec.marker_mm >= spec.square_mm)
            return fail("The markers of a ChArUco board lie inside its squares: their size must be above 0 and below that of the squares.",
                        ErrorKind::bad_input);
        auto family = MarkerFamily::named(spec.family);
        if (!family) return tl::unexpected(family.error());
        if (static_cast<int>(board.marker_squares(true).size()) > family->count() ||
            static_cast<int>(board.marker_squares(false).size()) > family->count())
            return fail("A ChArUco board of " + std::to_string(spec.columns) + "x" + std::to_string(spec.rows) +
                            " squares has more markers than " + spec.family + ", which has " + std::to_string(family->count()) + ".",
                        ErrorKind::bad_input);
        board.family_ = std::move(*family);
    }
    return board;
}

cv::Size CalibrationBoard::grid() const {
    return spec_.kind == BoardSpec::Kind::chessboard ? cv::Size(spec_.columns, spec_.rows) : cv::Size(spec_.columns - 1, spec_.rows - 1);
}

cv::Point3f CalibrationBoard::place(int id) const {
    const int width = grid().width;
    return {static_cast<float>((id % width + 1) * spec_.square_mm), static_cast<float>((id / width + 1) * spec_.square_mm), 0};
}

std::vector<cv::Point> CalibrationBoard::marker_squares(bool first_white) const {
    std::vector<cv::Point> out;
    for (int y = 0; y < spec_.rows; ++y)
        for (int x = 0; x < spec_.columns; ++x)
            if (((x + y) % 2 == 0) == first_white) out.emplace_back(x, y);
    return out;
}

std::optional<BoardView> CalibrationBoard::find(const cv::Mat& luma, bool quick) const {
    return spec_.kind == BoardSpec::Kind::chessboard ? find_chessboard(luma, quick) : find_charuco(luma);
}

std::optional<BoardView> CalibrationBoard::find_chessboard(const cv::Mat& luma, bool quick) const {
    cv::Mat reduced = luma;
    const double factor = std::max(1.0, double(std::max(luma.cols, luma.rows)) / (quick ? quick_width : search_width));
    if (factor > 1) cv::resize(luma, reduced, cv::Size(cvRound(luma.cols / factor), cvRound(luma.rows / factor)), 0, 0, cv::INTER_AREA);
    BoardView view;
    const bool found =
        quick ? cv::findChessboardCornersSB(reduced, grid(), view.corners, cv::CALIB_CB_NORMALIZE_IMAGE)
              : cv::findChessboardCorners(reduced, grid(), view.corners,
                                          cv::CALIB_CB_ADAPTIVE_THRESH | cv::CALIB_CB_NORMALIZE_IMAGE | cv::CALIB_CB_FAST_CHECK);
    if (!found) return std::nullopt;
    if (factor > 1) {
        refine(reduced, view.corners, window_for(nearest_neighbours(view.corners, grid())));
        for (auto& corner : view.corners) {
            corner.x = static_cast<float>((corner.x + 0.5) * luma.cols / reduced.cols - 0.5);
            corner.y = static_cast<float>((corner.y + 0.5) * luma.rows / reduced.rows - 0.5);
        }
    }
    refine(luma, view.corners, window_for(nearest_neighbours(view.corners, grid())));
    for (int id = 0; id < grid().area(); ++id) view.ids.push_back(id);
    return view;
}

std::optional<BoardView> CalibrationBoard::find_charuco(const cv::Mat& luma) const {
    const auto found = family_->detect(luma, least_marker);
    if (found.empty()) return std::nullopt;
    const float inset = static_cast<float>((spec_.square_mm - spec_.marker_mm) / 2), edge = static_cast<float>(spec_.marker_mm);
    const auto corners_of = [&](const cv::Point& square) {
        const float x = static_cast<float>(square.x * spec_.square_mm) + inset, y = static_cast<float>(square.y * spec_.square_mm) + inset;
        return std::array<cv::Point2f, 4>{{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}}};
    };

    // Which squares hold markers, and which of those found lie on one plane with the others. The lens may bend the board a good deal.
    std::map<std::pair<int, int>, const MarkerFamily::Found*> on_board;
    for (const bool first_white : {false, true}) {
        if (first_white && spec_.rows % 2 == 1) continue;  // there the two layouts are one
        const auto squares = marker_squares(first_white);
        std::vector<cv::Point2f> from, to;
        std::vector<const MarkerFamily::Found*> known;
        for (const auto& marker : found) {
            if (marker.id >= static_cast<int>(squares.size())) continue;
            known.push_back(&marker);
            const auto printed = corners_of(squares[static_cast<std::size_t>(marker.id)]);
            from.insert(from.end(), printed.begin(), printed.end());
            to.insert(to.end(), marker.corners.begin(), marker.corners.end());
        }
        if (known.empty()) continue;
        cv::Mat fits;
        if (cv::findHomography(from, to, cv::RANSAC, std::max(3.0, 0.01 * luma.cols), fits).empty()) continue;
        std::map<std::pair<int, int>, const MarkerFamily::Found*> good;
        for (std::size_t i = 0; i < known.size(); ++i) {
            int votes = 0;
            for (std::size_t c = 0; c < 4; ++c) votes += fits.at<std::uint8_t>(static_cast<int>(4 * i + c)) ? 1 : 0;
            const cv::Point square = squares[static_cast<std::size_t>(known[i]->id)];
            if (votes >= 3) good[{square.x, square.y}] = known[i];
        }
        if (good.size() > on_board.size()) on_board = std::move(good);
    }

    // Each corner is foretold by the one or two markers whose squares touch it, then refined.
    BoardView view;
    const cv::Size size = grid();
    for (int id = 0; id < size.area(); ++id) {
        const int column = id % size.width, row = id / size.width;
        const cv::Point3f at = place(id);
        cv::Point2f sum(0, 0);
        int count = 0;
        double px_per_mm = 1e9;
        for (const cv::Point square :
             {cv::Point(column, row), cv::Point(column + 1, row), cv::Point(column, row + 1), cv::Point(column + 1, row + 1)}) {
            const auto marker = on_board.find({square.x, square.y});
            if (marker == on_board.end()) continue;
            const auto printed = corners_of(square);
            std::vector<cv::Point2f> from{cv::Point2f(at.x, at.y)}, to;
            cv::perspectiveTransform(from, to, cv::getPerspectiveTransform(printed.data(), marker->second->corners.data()));
            sum += to[0], ++count;
            for (std::size_t c = 0; c < 4; ++c)
                px_per_mm =
                    std::min(px_per_mm, cv::norm(marker->second->corners[(c + 1) % 4] - marker->second->corners[c]) / spec_.marker_mm);
        }
        if (count == 0) continue;
        const double room = px_per_mm * inset;  // to the markers' own corners, which must stay out of the window
        if (room < 1.5) continue;
        const int window = std::clamp(static_cast<int>(0.9 * room), 2, 10);
        std::vector<cv::Point2f> corner{sum * (1.f / static_cast<float>(count))};
        const cv::Point2f foretold = corner[0];
        const float margin = static_cast<float>(window) + 1;
        if (foretold.x < margin || foretold.y < margin || foretold.x > static_cast<float>(luma.cols) - 1 - margin ||
            foretold.y > static_cast<float>(luma.rows) - 1 - margin)
            continue;
        refine(luma, corner, window);
        if (cv::norm(corner[0] - foretold) > window) continue;
        view.ids.push_back(id);
        view.corners.push_back(corner[0]);
    }
    int low_row = 99, high_row = -1, low_column = 99, high_column = -1;
    for (const int id : view.ids) {
        low_row = std::min(low_row, id / size.width), high_row = std::max(high_row, id / size.width);
        low_column = std::min(low_column, id % size.width), high_column = std::max(high_column, id % size.width);
    }
    if (view.ids.size() < least_corners || low_row == high_row || low_column == high_column) return std::nullopt;
    return view;
}

double CalibrationBoard::edge_width(const cv::Mat& luma, const BoardView& view) const {
    const cv::Size size = grid();
    std::map<int, cv::Point2d> at;
    for (std::size_t i = 0; i < view.ids.size(); ++i) at[view.ids[i]] = view.corners[i];
    // What lies beside an edge is even for this share of a square: half of it, or up to a marker.
    const double even = spec_.kind == BoardSpec::Kind::charuco ? 0.45 * (1 - spec_.marker_mm / spec_.square_mm) : 0.45;
    std::vector<double> widths;
    for (const auto& [id, here] : at)
        for (const int step : {1, size.width}) {
            if (step == 1 && id % size.width + 1 == size.width) continue;
            const auto next = at.find(id + step);
            if (next == at.end()) continue;
            const cv::Point2d along = next->second - here;
            const double length = cv::norm(along), reach = std::min(12.0, even * length);
            if (reach < 2) continue;
            if (const auto width = step_width(luma, here + along * 0.5, cv::Point2d(-along.y, along.x) * (1 / length), reach))
                widths.push_back(*width);
        }
    if (widths.size() < 4) return 0;
    std::nth_element(widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2), widths.end());
    return widths[widths.size() / 2];
}

cv::Mat CalibrationBoard::draw(double px, double margin_mm, bool first_white) const {
    const bool charuco = spec_.kind == BoardSpec::Kind::charuco;
    const int columns = charuco ? spec_.columns : spec_.columns + 1, rows = charuco ? spec_.rows : spec_.rows + 1;
    const auto at = [&](double mm) { return cvRound((margin_mm + mm) * px); };
    cv::Mat out(at(rows * spec_.square_mm + margin_mm), at(columns * spec_.square_mm + margin_mm), CV_8U, cv::Scalar(255));
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < columns; ++x)
            if (((x + y) % 2 == 0) != first_white)
                out(cv::Range(at(y * spec_.square_mm), at((y + 1) * spec_.square_mm)),
                    cv::Range(at(x * spec_.square_mm), at((x + 1) * spec_.square_mm))) = 0;
    if (!charuco) return out;
    const auto squares = marker_squares(first_white);
    const double inset = (spec_.square_mm - spec_.marker_mm) / 2;
    for (std::size_t id = 0; id < squares.size(); ++id) {
        const int left = at(squares[id].x * spec_.square_mm + inset), top = at(squares[id].y * spec_.square_mm + inset);
        const int edge = at(squares[id].x * spec_.square_mm + inset + spec_.marker_mm) - left;
        family_->draw(static_cast<int>(id), edge).copyTo(out(cv::Rect(left, top, edge, edge)));
    }
    return out;
}

}  // namespace vitrine
