#pragma once
// Lines, dots and arrowheads that move with every frame, drawn straight into the picture: antialiased by their distance from each pixel's
// centre, touching only the pixels near them. Positions in px at any fraction, pixel centres at halves. Reentrant.

#include <span>

#include "engine/frame.h"
#include "overlays/painting/sprite.h"

namespace vitrine {

/// A line from (x0, y0) to (x1, y1) whose half width goes evenly from r0 to r1. Round ends reach past the two points; flat ones end there.
/// A dot is a round stroke without length, an arrowhead a flat one with r0 = 0 at its tip.
struct Stroke {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    double r0 = 1, r1 = 1;
    bool flat = false;
};

/// What keeps a line legible on a ground of its own colour: drawn below it, that much further to all sides.
struct Halo {
    double width = 0;  ///< px
    Ycc colour;
    double opacity = 0;  ///< share of the line's own
};

/// All strokes as one shape: where they meet nothing is covered twice. Strokes that are not finite are left out.
void draw_strokes(const I420View& picture, std::span<const Stroke> strokes, Ycc colour, std::uint8_t opacity, const Halo& halo = {});

/// A line with rounded ends and, at (x1, y1), a dot.
struct Leader {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    double width = 1.5, dot = 6;  ///< px across
    Ycc colour;
};
void draw_leader(const I420View& picture, const Leader& leader, std::uint8_t opacity, const Halo& halo = {});

}  // namespace vitrine
