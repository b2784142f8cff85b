#pragma once
// A transparent cairo picture that becomes a sprite. Reentrant.

#include <memory>

#include "engine/look.h"
#include "overlays/painting/sprite.h"

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace vitrine {

class Canvas {
  public:
    /// Sizes below 1 are taken as 1.
    Canvas(int width, int height);
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    cairo_t* cr() const { return cr_; }
    int width() const { return width_; }
    int height() const { return height_; }
    void colour(Rgb c, double alpha = 1) const;
    void rounded(double x, double y, double width, double height, double radius) const;
    /// A rounded plate over a soft shadow that reaches `reach` px outwards and a third of that down; the plate's own opacity is kept.
    void plate(double x, double y, double width, double height, double radius, Rgb fill, double opacity, double reach) const;
    /// Finishes drawing. See Sprite for `any_position`.
    Sprite sprite(bool any_position) const;
    /// Rows of premultiplied 0xAARRGGBB.
    const std::uint8_t* pixels() const;
    int stride() const;

  private:
    cairo_surface_t* surface_;
    cairo_t* cr_;
    int width_, height_;
};

}  // namespace vitrine
