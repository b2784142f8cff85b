#pragma once
// The scene frame: what is where in exactly one program frame. It travels with the frame as an H.264 SEI message and holds no
// texts, prices or models: those come from the snapshot of `state_version`. All positions are in normalised program
// coordinates: (0,0) is the outer top left corner of the picture, (1,1) the outer bottom right.
// Wire format: CBOR (RFC 8949) maps with integer keys, in this order; absent keys have the default; unknown keys are skipped:
//
//   frame  {0: format version (1), 1: number, 2: capture time UTC µs, 3: state version, 4: chapter,
//           5: [source…], 6: [anchor…], 7: [value…]}
//   source {0: camera id, 1: camera frame number, 2: [x, y, w, h], 3: opacity}
//   anchor {0: product id, 1: visibility 0…1, 2: [9 floats] homography row-major, target mm -> program,
//           3: [rx,ry,rz,tx,ty,tz], 4: [fx,fy,cx,cy]}
//   value  {0: key, 1: number or text, 2: age s}
//
// A point of the target is (x, y, z) mm in the show's frame of a target: x right and y down as printed, z towards the camera. The pose (3)
// is OpenCV's convention, mm, and right-handed: its third axis goes into the target, so z changes its sign before the pose is used. With
// (4), normalised intrinsics of the camera as laid out in the program, (x, y, z) is drawn at X' = fx·X/Z + cx, Y' = fy·Y/Z + cy, where
// (X,Y,Z) = R(r)·(x, y, -z) + t. A reader uses pose when both are there, else the homography (z ignored).

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct SceneSource {
    std::string camera;
    std::uint64_t sequence = 0;
    std::array<float, 4> rect{0, 0, 1, 1};  ///< x, y, width, height
    float opacity = 1;
    bool operator==(const SceneSource&) const = default;
};

struct Anchor {
    std::string product;
    float visibility = 0;
    std::array<float, 9> homography{1, 0, 0, 0, 1, 0, 0, 0, 1};
    std::optional<std::array<float, 6>> pose;
    std::optional<std::array<float, 4>> intrinsics;
    bool operator==(const Anchor&) const = default;
};

struct DataValue {
    std::string key;
    std::variant<double, std::string> value;
    float age_s = 0;
    bool operator==(const DataValue&) const = default;
};

struct SceneFrame {
    static constexpr int format_version = 1;
    std::uint64_t number = 0;
    std::int64_t capture_utc_us = 0;
    std::uint64_t state_version = 0;
    int chapter = 0;
    std::vector<SceneSource> sources;
    std::vector<Anchor> anchors;
    std::vector<DataValue> values;
    bool operator==(const SceneFrame&) const = default;
};

/// The most that may travel with one access unit, without the SEI's own framing.
inline constexpr std::size_t scene_frame_limit = 1024;

/// 56f7e1a4-5d0b-4e2e-9a5c-7d3b8c1f2e90: marks our user_data_unregistered SEI messages.
inline constexpr std::array<std::uint8_t, 16> scene_frame_uuid{0x56, 0xf7, 0xe1, 0xa4, 0x5d, 0x0b, 0x4e, 0x2e,
                                                               0x9a, 0x5c, 0x7d, 0x3b, 0x8c, 0x1f, 0x2e, 0x90};

/// Reentrant. At most scene_frame_limit bytes: if it would be more, values, then the least visible anchors, are left out.
std::vector<std::uint8_t> to_cbor(const SceneFrame& frame);
/// Reentrant. Refuses damaged, oversized, deeply nested or non-finite input; never throws.
Result<SceneFrame> scene_frame_from_cbor(std::span<const std::uint8_t> bytes);

/// x, y (normalised program) of a point of the target in mm, z towards the camera; nothing when it lies behind the camera.
std::optional<std::array<double, 2>> project(const Anchor& anchor, const std::array<double, 3>& point_mm);

}  // namespace vitrine
