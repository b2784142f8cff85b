#pragma once
// What a tracker says of one target in one frame, whatever it was recognised by.

#include <array>
#include <cstddef>
#include <optional>

#include "overlays/tracking/pose.h"

namespace vitrine {

/// One target as measured in one frame.
struct Sighting {
    std::size_t target = 0;           ///< index into the targets given to the tracker's create()
    std::array<Point2, 4> corners{};  ///< px: TL TR BR BL of what was recognised: the marker's black square, the picture's outline
    Plane plane{};                    ///< target mm → camera px; [8] is 1
    std::optional<TargetPose> pose;   ///< of the target's frame; needs a calibration
    double error_px = 0;              ///< root mean square of what the pose leaves unexplained, at the measured places; 0 without pose
    float visibility = 1;             ///< the share of what was expected to be seen that was seen: less than 1 when part of it is covered
};

}  // namespace vitrine
