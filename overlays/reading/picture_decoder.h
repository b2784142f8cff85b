#pragma once
// PNG (ISO/IEC 15948) and JPEG (ITU T.81) in memory into pixels, in the calling process: for the reading process, fuzzers and tests. The
// size is taken from the header and judged before anything is decoded or allocated.

#include <cstdint>
#include <span>

#include "engine/result.h"
#include "overlays/reading/picture.h"

namespace vitrine {

enum class PictureFormat { png, jpeg };

struct PictureHeader {
    PictureFormat format = PictureFormat::png;
    int width = 0, height = 0;  ///< as stored, before an Exif orientation is applied
    int orientation = 1;        ///< Exif 2.3, tag 0x0112: 1 to 8
};

/// True for the first bytes of a PNG or JPEG.
bool looks_like_picture(std::span<const std::uint8_t> bytes);

/// Walks every chunk or segment: lengths inside the file, a palette of at most 256 colours, image data there, for a JPEG not so many scans
/// that decoding takes seconds. Nothing is inflated.
Result<PictureHeader> picture_header(std::span<const std::uint8_t> bytes);

/// Refuses more than `most_side` px in either direction and more than `most_pixels`. Text, colour profiles and unknown chunks are skipped
/// unread.
Result<Picture> decode_picture(std::span<const std::uint8_t> bytes, int most_side, std::uint64_t most_pixels);

}  // namespace vitrine
