#pragma once
// The picture buyers see while a session is paused: whose show it is, what it is about, and that it goes on. Reentrant, but see FontBook.

#include <memory>

#include "engine/config.h"
#include "engine/frame.h"
#include "overlays/painting/brand.h"

namespace vitrine {

/// `logo` may be null. Parts that the show does not name leave no gap.
std::shared_ptr<const VideoFrame> render_holding(const ShowConfig& show, const LogoPicture* logo, int width, int height);

}  // namespace vitrine
