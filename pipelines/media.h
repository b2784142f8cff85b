#pragma once
// What travels through the taps. All times are show time: ns on the monotonic clock since the show's epoch, which is every
// pipeline's base time, so a time stamp means the same moment in every pipeline.

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/frame.h"
#include "engine/scene_frame.h"
#include "engine/snapshot.h"
#include "pipelines/tap.h"

namespace vitrine {

/// One mixed picture with its truth. `clean` has no overlays; `scene` belongs to exactly this picture.
struct ProgramFrame {
    VideoFramePtr picture;
    std::shared_ptr<const SceneFrame> scene;
    SnapshotPtr snapshot;
    Nanoseconds pts = 0;
};

/// 48 kHz, 2 channels, interleaved S16; usually 10 ms.
struct AudioBlock {
    std::shared_ptr<const std::vector<std::int16_t>> samples;
    Nanoseconds pts = 0;
};

/// One access unit: H.264 Annex B with parameter sets at keyframes and the scene frame's SEI, or one Opus packet.
struct EncodedUnit {
    std::shared_ptr<GstBuffer> buffer;  ///< pts and duration in show time; immutable
    bool keyframe = false;
    std::uint64_t number = 0;                 ///< program frame number (video)
    std::shared_ptr<const SceneFrame> scene;  ///< video only
};

using ProgramTap = Tap<ProgramFrame>;
using AudioTap = Tap<AudioBlock>;
using EncodedTap = Tap<EncodedUnit>;

}  // namespace vitrine
