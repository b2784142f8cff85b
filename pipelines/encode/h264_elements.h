#pragma once
// What each H.264 encoder element needs to be told to be a low-latency one. Property names and units differ per element; the differences
// live in h264_elements.cpp alone.

#include <string>
#include <vector>

#include "pipelines/encode/encoders.h"

namespace vitrine {

/// Best first.
const std::vector<std::string>& h264_candidates();

/// The gst-launch part from raw I420 of any size to constrained baseline byte-stream access units with parameter sets at keyframes:
/// scaler, converter where the element takes no I420, the encoder named "encoder", parser where it repeats no parameter sets.
std::string h264_description(const std::string& element, const Rung& rung);

}  // namespace vitrine
