#pragma once
// What the track thread follows for a product.

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "overlays/tracking/board_tracker.h"
#include "overlays/tracking/marker_tracker.h"
#include "overlays/tracking/planar_tracker.h"

namespace vitrine {

/// A product with its marker or marker board, its picture, or both; both count from the same corner. Where both are seen the marker or the
/// board counts, which is the more exact.
struct FollowedTarget {
    std::string product;
    std::optional<MarkerTarget> marker;
    std::array<double, 2> marker_at{0, 0};  ///< mm
    std::optional<MarkerBoard> board;       ///< instead of `marker`; its corner is at marker_at
    std::optional<PlanarTarget> picture;    ///< its height must be given when it is not to be read from the file

    FollowedTarget() = default;
    FollowedTarget(MarkedTarget by) : product(std::move(by.product)), marker(std::move(by.marker)), marker_at(by.marker_at) {}
    FollowedTarget(BoardTarget by) : product(std::move(by.product)), marker_at(by.board_at), board(std::move(by.board)) {}
    FollowedTarget(PlanarTarget by) : product(by.product), picture(std::move(by)) {}

    std::optional<MarkedTarget> marked() const { return marker ? std::optional(MarkedTarget{product, *marker, marker_at}) : std::nullopt; }
    std::optional<BoardTarget> boarded() const { return board ? std::optional(BoardTarget{product, *board, marker_at}) : std::nullopt; }
    /// x, y, width, height, mm, of what the corners of its sightings are.
    std::array<double, 4> measured() const {
        if (picture) return {0, 0, picture->width_mm, picture->height_mm};
        return board ? boarded()->outline() : marked()->square();
    }
    std::array<double, 4> box() const { return picture || board ? measured() : marked()->box(); }
};

}  // namespace vitrine
