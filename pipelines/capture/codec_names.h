#pragma once
// What people call an encoding.

#include <string>
#include <string_view>

namespace vitrine {

/// Of caps as text, such as "video/x-h264, profile=…", or an RTP encoding name, such as "H264"; empty when it is a container, raw or
/// unknown. Reentrant.
std::string codec_name(std::string_view caps);

}  // namespace vitrine
