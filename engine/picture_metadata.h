#pragma once
// What cameras and programs write into a picture's file beside the picture: where and when it was taken, with which device, by whom, small
// copies of what was cut away. Whatever picture leaves for somebody else goes through here: catalogue, offers, attachments both ways,
// models' textures, pictures that a new show takes in. What is not known to be needed for showing it goes. Nothing here decodes; bytes may
// be anybody's.

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

/// The same binary glTF 2.0 with its textures' pictures so treated, and without names of pictures, XMP, extras (but for what says how a
/// model comes apart) and chunks that glTF does not define. Byte for byte the same when there is nothing of that. Nothing when it is none,
/// or a picture in it is neither JPEG nor PNG. Reentrant.
std::optional<std::string> model_without_metadata(std::string bytes);

}  // namespace vitrine
