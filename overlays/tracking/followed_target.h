#pragma once
// What the track thread follows for a product.

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "overlays/tracking/board_tracker.h"
#include "overlays/tracking/edge_tracker.h"
#include "overlays/tracking/marker_tracker.h"
#include "overlays/tracking/planar_tracker.h"

namespace vitrine {

/// A product with its marker or marker board, its picture, its model, or several of them; all count from the same corner. Where several are
/// seen the marker or the board counts, then the picture: the most exact first. While one of these is seen, it tells the model where to
/// look.
struct FollowedTarget {
    std::string product;
    std::optional<MarkerTarget> marker;
    std::array<double, 2> marker_at{0, 0};  ///< mm
    std::optional<MarkerBoard> board;       ///< instead of `marker`; its corner is at marker_at
    std::optional<PlanarTarget> picture;    ///< its height must be given when it is not to be read from the file
    std::optional<SolidTarget> solid;

    FollowedTarget() = default;
    FollowedTarget(MarkedTarget by) : product(std::move(by.product)), marker(std::move(by.marker)), marker_at(by.marker_at) {}
    FollowedTarget(BoardTarget by) : product(std::move(by.product)), marker_at(by.board_at), board(std::move(by.board)) {}
    FollowedTarget(PlanarTarget by) : product(by.product), picture(std::move(by)) {}
    FollowedTarget(SolidTarget by) : product(by.product), solid(std::move(by)) {}

    std::optional<MarkedTarget> marked() const { return marker ? std::optional(MarkedTarget{product, *marker, marker_at}) : std::nullopt; }
    std::optional<BoardTarget> boarded() const { return board ? std::optional(BoardTarget{product, *board, marker_at}) : std::nullopt; }
    /// x, y, width, height, mm, of what the corners of its sightings are.
    std::array<double, 4> measured() const {
        if (picture) return {0, 0, picture->width_mm, picture->height_mm};
        if (solid) return solid->front;
        return board ? boarded()->outline() : marked()->square();
    }
    std::array<double, 4> box() const { return picture || solid || board ? measured() : marked()->box(); }
};

}  // namespace vitrine
