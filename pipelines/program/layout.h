#pragma once
// Where each camera of a scene lies in the program. Pure arithmetic on whole, even pixels, so that I420 planes line up.

#include <array>
#include <vector>

#include "engine/config.h"

namespace vitrine {

struct PixelRect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const PixelRect&) const = default;
};

struct Cell {
    PixelRect area;
    bool cover = false;  ///< true: fill the area, cutting what overhangs; false: show all of the picture, with bars
};

/// Back to front, one per camera of the layout; a layout with fewer cameras than `count` ignores the rest.
std::vector<Cell> layout_cells(Layout layout, std::size_t count, int program_width, int program_height);

struct Placement {
    PixelRect to;    ///< in the program
    PixelRect from;  ///< in the camera picture
};

/// How a picture of that size goes into a cell.
Placement place(const Cell& cell, int picture_width, int picture_height);

}  // namespace vitrine
