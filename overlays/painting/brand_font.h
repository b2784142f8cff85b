#pragma once
// The factory's own font for text in the picture. It is copied into sealed memory, tried out in a reading process, and only that copy is
// given to fontconfig: what is shown is what was tried, whatever becomes of the file.

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace vitrine {

/// Text set from now on in this process starts with this font; what it lacks comes from the look's families. Takes the place of an earlier
/// one. To be called before other threads set text: fontconfig's list of fonts belongs to the process. Errors as read_font.
Result<void> use_brand_font(const std::filesystem::path& file);
void forget_brand_font();

/// Its family with a comma after it, for the front of a list of families; empty without one. Thread-safe.
std::string brand_family();
/// Another number after each change, so that a font map knows when its list of fonts is old. Thread-safe.
unsigned brand_font_changes();

}  // namespace vitrine
