#pragma once
// What cameras and programs write into a picture's file beside the picture: where and when it was taken, with which device, by whom, small
// copies of what was cut away. Buyers get pictures without it. Nothing here decodes; bytes may be anybody's.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vitrine {

/// The orientation (Exif 2.3, 4.6.4: 1 to 8) in a JPEG's APP1 segment after its length; 1 when there is none or it is damaged. Reentrant.
int exif_orientation(std::span<const std::uint8_t> segment);

/// The same JPEG (ITU-T T.81) or PNG, pixel for pixel, with its colour profile and orientation and nothing else that was written beside the
/// picture, also behind its end (second pictures, films). Nothing when it is neither, or cannot be followed to its picture. Reentrant.
std::optional<std::string> without_metadata(std::string_view bytes);

}  // namespace vitrine
