#pragma once
// One target between sightings: carries it to another moment at constant velocity, in pose space where there is a pose, else by the
// corners. No lag is added to what moves: a sighting is taken as it is unless it lies within a fraction of a pixel of where the
// target was expected; then most of the difference is noise, and only part of it is followed, so that a still target stands still.

#include <array>
#include <optional>

#include "engine/clock.h"
#include "overlays/tracking/marker_tracker.h"
#include "overlays/tracking/pose.h"

namespace vitrine {

inline constexpr Nanoseconds carry_most = 150'000'000;  ///< a target is carried no further than this
inline constexpr Nanoseconds fade_after = 150'000'000;  ///< not seen for so long: visibility falls …
inline constexpr Nanoseconds gone_after = 300'000'000;  ///< … and ends
inline constexpr float seen_enough = 0.4f;              ///< covered so that less than this share is seen: visibility falls as well

/// A target at one moment.
struct CarriedTarget {
    std::size_t target = 0;
    float visibility = 1;
    Plane plane{};                   ///< target mm → camera px
    std::optional<TargetPose> pose;  ///< as a pinhole camera would see it
};

/// A value: copies are moments of its history.
class Motion {
  public:
    /// Both x, y, width, height in mm of the target's frame: the rectangle whose corners the sightings name, and what a reader without a
    /// lens model wants to be right about (pose.h, as_seen()).
    Motion(const std::array<double, 4>& measured, const std::array<double, 4>& box) : measured_(measured), box_(box) {}
    explicit Motion(const MarkedTarget& target) : Motion(target.square(), target.box()) {}

    /// `camera` for pictures of the size that `s` was measured in.
    void sighted(const Sighting& s, Nanoseconds at, const std::optional<Calibration>& camera);
    /// Nothing before the first sighting and when it is gone. Times before the sighting carry backwards.
    std::optional<CarriedTarget> at(Nanoseconds when) const;
    void forget() { seen_ = false; }

  private:
    TargetPose carried_pose(double seconds) const;
    std::array<Point2, 4> carried_corners(double seconds) const;
    std::array<Point2, 4> outline() const;

    std::array<double, 4> measured_, box_;
    bool seen_ = false, moving_ = false;
    float visibility_ = 1;
    std::size_t index_ = 0;
    Nanoseconds at_ = 0;
    std::optional<Calibration> camera_;
    std::optional<TargetPose> pose_;
    std::array<double, 3> spin_{}, velocity_{};            ///< rad/s about camera axes; mm/s of the middle of what is measured
    std::array<Point2, 4> corners_{}, corner_velocity_{};  ///< px, px/s
};

}  // namespace vitrine
