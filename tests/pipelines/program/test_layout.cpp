#include "pipelines/program/layout.h"

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

bool even(const PixelRect& r) { return r.x % 2 == 0 && r.y % 2 == 0 && r.width % 2 == 0 && r.height % 2 == 0; }
bool inside(const PixelRect& r, int w, int h) {
    return r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= w && r.y + r.height <= h;
}
bool overlap(const PixelRect& a, const PixelRect& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

}  // namespace

TEST_CASE("cells lie on even pixels inside the program, for every layout, count and size", "[layout]") {
    for (const auto& [w, h] : {std::pair{1280, 720}, {1920, 1080}, {640, 360}, {720, 1280}, {854, 480}, {160, 90}})
        for (const Layout layout : {Layout::full, Layout::pip, Layout::side_by_side, Layout::grid})
            for (std::size_t count = 1; count <= 9; ++count)
                for (const Cell& cell : layout_cells(layout, count, w, h)) {
                    INFO(w << "x" << h << " layout " << static_cast<int>(layout) << " count " << count);
                    CHECK(even(cell.area));
                    CHECK(inside(cell.area, w, h));
                }
}

TEST_CASE("a grid has a cell for each camera and none overlap", "[layout]") {
    for (std::size_t count = 1; count <= 9; ++count) {
        const auto cells = layout_cells(Layout::grid, count, 1280, 720);
        REQUIRE(cells.size() == count);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = i + 1; j < count; ++j) CHECK_FALSE(overlap(cells[i].area, cells[j].area));
    }
}

TEST_CASE("the small picture of pip keeps the 5 % safe area at the bottom end", "[layout]") {
    const auto cells = layout_cells(Layout::pip, 2, 1280, 720);
    REQUIRE(cells.size() == 2);
    CHECK(cells[0].area == PixelRect{0, 0, 1280, 720});
    CHECK(cells[1].area == PixelRect{858, 482, 358, 202});
}

TEST_CASE("contain shows all of the picture, cover fills the cell", "[layout]") {
    const Cell contain{{0, 0, 1280, 720}, false};
    CHECK(place(contain, 1280, 720).to == PixelRect{0, 0, 1280, 720});
    const Placement tall = place(contain, 720, 1280);
    CHECK(tall.from == PixelRect{0, 0, 720, 1280});
    CHECK(tall.to.height == 720);
    CHECK(tall.to.width == 406);
    CHECK(tall.to.x == 438);

    const Cell cover{{640, 0, 640, 720}, true};
    const Placement wide = place(cover, 1280, 720);
    CHECK(wide.to == cover.area);
    CHECK(wide.from == PixelRect{320, 0, 640, 720});
}

TEST_CASE("placing never leaves the picture or the cell, however odd the sizes", "[layout]") {
    for (int w = 16; w < 4000; w += 333)
        for (int h = 16; h < 2200; h += 217)
            for (const bool cover : {false, true}) {
                const Cell cell{{100, 50, 358, 202}, cover};
                const Placement p = place(cell, w & ~1, h & ~1);
                CHECK(inside(p.from, w & ~1, h & ~1));
                CHECK(p.to.x >= 100);
                CHECK(p.to.x + p.to.width <= 458);
                CHECK(p.to.y + p.to.height <= 252);
                CHECK(even(p.to));
                CHECK(even(p.from));
            }
}
