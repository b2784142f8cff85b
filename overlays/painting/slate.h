#pragma once
// The picture that stands for a camera which has none. Reentrant, but see FontBook.

#include <memory>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/snapshot.h"

namespace vitrine {

std::shared_ptr<const VideoFrame> render_slate(const ShowConfig& show, const CameraConfig& camera, CameraState state, int width,
                                               int height);

}  // namespace vitrine
