#include "pipelines/program/layout.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

int even(double v) { return static_cast<int>(std::lround(v / 2)) * 2; }

}  // namespace

std::vector<Cell> layout_cells(Layout layout, std::size_t count, int width, int height) {
    const PixelRect all{0, 0, width, height};
    if (count == 0) return {};
    switch (layout) {
        case Layout::full:
            return {{all, false}};
        case Layout::pip: {
            std::vector<Cell> cells{{all, false}};
            if (count > 1) {
                const int w = even(width * 0.28), h = even(height * 0.28);
                const int margin_x = even(width * 0.05), margin_y = even(height * 0.05);
                cells.push_back({{width - w - margin_x, height - h - margin_y, w, h}, true});
            }
            return cells;
        }
        case Layout::side_by_side: {
            if (count == 1) return {{all, false}};
            const int half = even(width / 2.0) & ~1;
            return {{{0, 0, half, height}, true}, {{half, 0, width - half, height}, true}};
        }
        case Layout::grid: {
            const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
            const int rows = static_cast<int>((count + columns - 1) / columns);
            std::vector<Cell> cells;
            for (std::size_t i = 0; i < count; ++i) {
                const int column = static_cast<int>(i) % columns, row = static_cast<int>(i) / columns;
                const int x0 = even(static_cast<double>(width) * column / columns),
                          x1 = even(static_cast<double>(width) * (column + 1) / columns);
                const int y0 = even(static_cast<double>(height) * row / rows), y1 = even(static_cast<double>(height) * (row + 1) / rows);
                cells.push_back({{x0, y0, x1 - x0, y1 - y0}, false});
            }
            return cells;
        }
    }
    return {};
}

Placement place(const Cell& cell, int picture_width, int picture_height) {
    const PixelRect& area = cell.area;
    const double fit_x = static_cast<double>(area.width) / picture_width, fit_y = static_cast<double>(area.height) / picture_height;
    if (cell.cover) {
        const double scale = std::max(fit_x, fit_y);
        const int w = std::min(picture_width, even(area.width / scale)), h = std::min(picture_height, even(area.height / scale));
        return {area, {even((picture_width - w) / 2.0), even((picture_height - h) / 2.0), w, h}};
    }
    const double scale = std::min(fit_x, fit_y);
    const int w = std::min(area.width, even(picture_width * scale)), h = std::min(area.height, even(picture_height * scale));
    return {{area.x + even((area.width - w) / 2.0), area.y + even((area.height - h) / 2.0), w, h}, {0, 0, picture_width, picture_height}};
}

}  // namespace vitrine
