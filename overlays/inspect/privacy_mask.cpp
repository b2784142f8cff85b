#include "overlays/inspect/privacy_mask.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

namespace vitrine {

namespace {

constexpr int margin = 2;        // px added around every polygon
constexpr int sub_rows = 8;      // scan lines per pixel row
constexpr int step = 16;         // of the means, from the middle one
constexpr double sliver = 1e-3;  // px: narrower than this is a line drawn there and back, not an area
constexpr std::uint8_t solid_y = 45;

/// Marks in `covered` (width × height) what the polygon winds around, on sub_rows lines per row, outwards to whole pixels.
void wind(const std::vector<std::array<float, 2>>& polygon, int width, int height, std::vector<std::uint8_t>& covered) {
    struct Crossing {
        double x;
        int direction;
    };
    std::vector<Crossing> crossings;
    for (int line = 0; line < height * sub_rows; ++line) {
        const double y = (line + 0.5) / sub_rows;
        crossings.clear();
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto& a = polygon[i];
            const auto& b = polygon[(i + 1) % polygon.size()];
            const double ay = double(a[1]) * height, by = double(b[1]) * height;
            if ((ay <= y) == (by <= y)) continue;
            const double x = (a[0] + (double(b[0]) - a[0]) * (y - ay) / (by - ay)) * width;
            crossings.push_back({x, by > ay ? 1 : -1});
        }
        std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
        int winding = 0;
        for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
            winding += crossings[i].direction;
            const double from = crossings[i].x, to = crossings[i + 1].x;
            if (winding == 0 || to - from < sliver) continue;
            const int first = static_cast<int>(std::floor(std::clamp(from, 0.0, double(width))));
            const int last = static_cast<int>(std::ceil(std::clamp(to, 0.0, double(width))));
            if (first < last) std::memset(&covered[static_cast<std::size_t>(line / sub_rows) * width + first], 1, last - first);
        }
    }
}

/// Widens by `margin` px in all directions.
std::vector<std::uint8_t> widen(const std::vector<std::uint8_t>& covered, int width, int height) {
    std::vector<std::uint8_t> across(covered.size()), out(covered.size());
    for (int y = 0; y < height; ++y) {
        const auto* row = &covered[static_cast<std::size_t>(y) * width];
        auto* to = &across[static_cast<std::size_t>(y) * width];
        for (int x = 0; x < width; ++x)
            if (row[x]) std::memset(to + std::max(0, x - margin), 1, std::min(width, x + margin + 1) - std::max(0, x - margin));
    }
    for (int y = 0; y < height; ++y)
        for (int from = std::max(0, y - margin); from < std::min(height, y + margin + 1); ++from)
            for (int x = 0; x < width; ++x)
                out[static_cast<std::size_t>(y) * width + x] |= across[static_cast<std::size_t>(from) * width + x];
    return out;
}

template <class Covered>
std::vector<PrivacyMasks::Span> spans(int width, int height, Covered covered) {
    std::vector<PrivacyMasks::Span> out;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width;) {
            if (!covered(x, y)) {
                ++x;
                continue;
            }
            const int from = x;
            while (x < width && covered(x, y)) ++x;
            out.push_back({y, from, x});
        }
    return out;
}

struct Plane {
    std::uint8_t* data;
    int stride, width, height, cell;
    /// Cells whose means are needed, half-open.
    int left, top, right, bottom;
    std::uint8_t* row(int y) const { return data + static_cast<std::ptrdiff_t>(y) * stride; }
};

/// Mean of each needed cell, row by row, in steps from the median: cells that are alike keep their colour, and what differs from them is
/// told no more exactly than by a step.
void measure(const Plane& plane, std::vector<std::uint8_t>& means, std::vector<std::uint8_t>& sorted) {
    means.clear();
    for (int cy = plane.top; cy < plane.bottom; ++cy)
        for (int cx = plane.left; cx < plane.right; ++cx) {
            const int x0 = cx * plane.cell, x1 = std::min(plane.width, x0 + plane.cell);
            const int y0 = cy * plane.cell, y1 = std::min(plane.height, y0 + plane.cell);
            std::uint32_t sum = 0;
            for (int y = y0; y < y1; ++y) {
                const std::uint8_t* row = plane.row(y);
                for (int x = x0; x < x1; ++x) sum += row[x];
            }
            const auto count = static_cast<std::uint32_t>((x1 - x0) * (y1 - y0));
            means.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
        }
    sorted = means;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    for (std::uint8_t& mean : means) {
        const int away = mean - *middle;
        const int steps = (std::abs(away) + step / 2) / step;
        mean = static_cast<std::uint8_t>(std::clamp(*middle + (away < 0 ? -steps : steps) * step, 0, 255));
    }
}

void mosaic(const Plane& plane, const std::vector<PrivacyMasks::Span>& area, const std::vector<std::uint8_t>& means) {
    const int columns = plane.right - plane.left;
    for (const auto& span : area) {
        const std::uint8_t* values = &means[static_cast<std::size_t>(span.y / plane.cell - plane.top) * columns];
        std::uint8_t* row = plane.row(span.y);
        for (int x = span.from; x < span.to;) {
            const int cx = x / plane.cell, end = std::min(span.to, (cx + 1) * plane.cell);
            std::memset(row + x, values[cx - plane.left], static_cast<std::size_t>(end - x));
            x = end;
        }
    }
}

/// Bilinear between the centres of the cells, whose means stand in for everything inside.
void blur(const Plane& plane, const std::vector<PrivacyMasks::Span>& area, const std::vector<std::uint8_t>& means) {
    const int columns = plane.right - plane.left, rows = plane.bottom - plane.top;
    std::vector<int> values(static_cast<std::size_t>(columns));
    int ready = -1;
    for (const auto& span : area) {
        if (span.y != ready) {
            const double at = (span.y + 0.5) / plane.cell - 0.5 - plane.top;
            const int above = std::clamp(static_cast<int>(std::floor(at)), 0, rows - 1), below = std::min(above + 1, rows - 1);
            const int weight = static_cast<int>(std::clamp(at - above, 0.0, 1.0) * 256);
            for (int i = 0; i < columns; ++i)
                values[i] = means[static_cast<std::size_t>(above) * columns + i] * (256 - weight) +
                            means[static_cast<std::size_t>(below) * columns + i] * weight;
            ready = span.y;
        }
        std::uint8_t* row = plane.row(span.y);
        for (int x = span.from; x < span.to;) {
            // Within one interval between two centres the value is a straight line.
            const int doubled = 2 * x + 1 - plane.cell;  // twice the distance from the first cell's centre
            const int left = doubled < 0 ? -1 : doubled / (2 * plane.cell);
            const int end = std::min(span.to, ((left + 1) * 2 * plane.cell + plane.cell) / 2);
            const int a = values[std::clamp(left - plane.left, 0, columns - 1)],
                      b = values[std::clamp(left + 1 - plane.left, 0, columns - 1)];
            const int increment = (b - a) / plane.cell;
            int value = a + static_cast<int>(static_cast<std::int64_t>(b - a) * (doubled - left * 2 * plane.cell) / (2 * plane.cell)) + 128;
            for (; x < end; ++x, value += increment) row[x] = static_cast<std::uint8_t>(value >> 8);
        }
    }
}

void hide(const Plane& plane, const std::vector<PrivacyMasks::Span>& area, MaskFill fill, std::uint8_t solid,
          std::vector<std::uint8_t>& means, std::vector<std::uint8_t>& sorted) {
    if (fill == MaskFill::solid) {
        for (const auto& span : area) std::memset(plane.row(span.y) + span.from, solid, static_cast<std::size_t>(span.to - span.from));
        return;
    }
    measure(plane, means, sorted);
    if (fill == MaskFill::mosaic)
        mosaic(plane, area, means);
    else
        blur(plane, area, means);
}

Plane plane_of(std::uint8_t* data, int stride, int width, int height, int cell, const PrivacyMasks::Area& area, int subsampling) {
    const int columns = (width + cell - 1) / cell, rows = (height + cell - 1) / cell;
    const int ring = area.fill == MaskFill::blur ? 1 : 0;
    return {data,
            stride,
            width,
            height,
            cell,
            std::max(0, area.left / subsampling / cell - ring),
            std::max(0, area.top / subsampling / cell - ring),
            std::min(columns, (area.right / subsampling + cell - 1) / cell + ring),
            std::min(rows, (area.bottom / subsampling + cell - 1) / cell + ring)};
}

}  // namespace

int PrivacyMasks::cell(int width) { return std::max(24, ((width + 39) / 40 + 1) / 2 * 2); }

Result<PrivacyMasks::Area> PrivacyMasks::rasterise(const PrivacyMask& mask, int width, int height) {
    if (width < 2 || height < 2 || width % 2 || height % 2)
        return fail("The privacy mask cannot be applied to a picture of " + std::to_string(width) + "×" + std::to_string(height) +
                    " px: both must be even.");
    if (mask.polygon.size() < 3) return fail("A privacy mask has fewer than 3 corners; give it at least 3.", ErrorKind::bad_input);
    for (const auto& corner : mask.polygon)
        if (!std::isfinite(corner[0]) || !std::isfinite(corner[1]) || std::abs(corner[0]) > 1000 || std::abs(corner[1]) > 1000)
            return fail("A privacy mask has a corner that is no place in the picture; corners lie between 0 and 1.", ErrorKind::bad_input);

    std::vector<std::uint8_t> covered(static_cast<std::size_t>(width) * height);
    wind(mask.polygon, width, height, covered);
    if (std::find(covered.begin(), covered.end(), 1) == covered.end())
        return fail("A privacy mask covers no pixel of the picture; give its polygon an area inside the picture.", ErrorKind::bad_input);
    covered = widen(covered, width, height);

    Area area;
    area.fill = mask.fill;
    area.luma = spans(width, height, [&](int x, int y) { return covered[static_cast<std::size_t>(y) * width + x] != 0; });
    area.chroma = spans(width / 2, height / 2, [&](int x, int y) {
        const auto* row = &covered[static_cast<std::size_t>(2 * y) * width + 2 * x];
        return (row[0] | row[1] | row[width] | row[width + 1]) != 0;
    });
    area.left = width, area.top = area.luma.front().y / 2 * 2;
    area.bottom = std::min(height, (area.luma.back().y + 2) / 2 * 2);
    for (const auto& span : area.luma) {
        area.left = std::min(area.left, span.from / 2 * 2);
        area.right = std::max(area.right, (span.to + 1) / 2 * 2);
    }
    return area;
}

Result<void> PrivacyMasks::apply(const I420View& picture) {
    if (masks_.empty()) return {};
    if (!picture.y || !picture.u || !picture.v) return fail("The camera's picture has no planes to mask.");
    if (picture.width != width_ || picture.height != height_ || areas_.size() != masks_.size()) {
        areas_.clear();
        for (const auto& mask : masks_) {
            auto area = rasterise(mask, picture.width, picture.height);
            if (!area) return tl::unexpected<Error>(area.error());
            areas_.push_back(std::move(*area));
        }
        width_ = picture.width, height_ = picture.height;
    }
    const int edge = cell(picture.width);
    for (const auto& area : areas_) {
        hide(plane_of(picture.y, picture.stride_y, picture.width, picture.height, edge, area, 1), area.luma, area.fill, solid_y, means_,
             sorted_);
        for (std::uint8_t* chroma : {picture.u, picture.v})
            hide(plane_of(chroma, picture.stride_uv, picture.width / 2, picture.height / 2, edge / 2, area, 2), area.chroma, area.fill, 128,
                 means_, sorted_);
    }
    return {};
}

}  // namespace vitrine
