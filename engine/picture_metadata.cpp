#include "engine/picture_metadata.h"

#include <algorithm>
#include <array>

namespace vitrine {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t big16(Bytes bytes, std::size_t at) { return std::uint32_t{bytes[at]} << 8 | bytes[at + 1]; }
std::uint32_t big32(Bytes bytes, std::size_t at) { return big16(bytes, at) << 16 | big16(bytes, at + 2); }

Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// An APP1 segment that says an orientation and nothing else.
std::string orientation_segment(int orientation) {
    std::string segment(
        "\xff\xe1\0\x22"
        "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0",
        36);
    segment[29] = static_cast<char>(orientation);
    return segment;
}

/// Whether a segment before the picture's data is needed to show it as it was meant.
bool shows(std::uint8_t marker, std::string_view content) {
    constexpr std::string_view icc("ICC_PROFILE\0", 12), jfif("JFIF\0", 5), adobe("Adobe");
    if (marker == 0xe0) return content.starts_with(jfif);
    if (marker == 0xe2) return content.starts_with(icc);
    if (marker == 0xee) return content.starts_with(adobe);
    return !(marker >= 0xe0 && marker <= 0xef) && marker != 0xfe;  // other APPn, comments
}

std::optional<std::string> plain_jpeg(std::string_view text) {
    const Bytes bytes = as_bytes(text);
    std::string out(text.substr(0, 2));
    int orientation = 1;
    bool scanned = false;
    for (std::size_t at = 2; at < bytes.size();) {
        if (bytes[at] != 0xff) {
            if (!scanned) return std::nullopt;
            out += text[at++];  // entropy-coded data
            continue;
        }
        if (at + 1 == bytes.size()) break;  // cut off within a marker
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xff) {  // fill
            ++at;
            continue;
        }
        if (marker == 0xd9) {
            if (!scanned) return std::nullopt;
            out += "\xff\xd9";
            break;
        }
        if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd7)) {  // a stuffed byte, a restart: without a length
            if (!scanned) return std::nullopt;
            out += text.substr(at, 2);
            at += 2;
            continue;
        }
        if (marker == 0xd8 || bytes.size() - at < 4) return std::nullopt;
        const std::size_t length = big16(bytes, at + 2);
        if (length < 2 || length > bytes.size() - at - 2) return std::nullopt;
        const std::string_view content = text.substr(at + 4, length - 2);
        if (marker == 0xe1 && orientation == 1) orientation = exif_orientation(as_bytes(content));
        if (marker == 0xda && !scanned) {
            scanned = true;
            if (orientation != 1) out.insert(2, orientation_segment(orientation));
        }
        if (shows(marker, content)) out += text.substr(at, length + 2);
        at += length + 2;
    }
    if (!scanned) return std::nullopt;
    return out;
}

std::optional<std::string> plain_png(std::string_view text) {
    constexpr std::array<std::string_view, 5> beside{"tEXt", "zTXt", "iTXt", "eXIf", "tIME"};
    const Bytes bytes = as_bytes(text);
    std::string out(text.substr(0, 8));
    for (std::size_t at = 8; at < bytes.size() && bytes.size() - at >= 12;) {
        const std::size_t length = big32(bytes, at);
        if (length > bytes.size() - at - 12) return std::nullopt;
        const std::string_view type = text.substr(at + 4, 4), chunk = text.substr(at, length + 12);
        if (std::find(beside.begin(), beside.end(), type) == beside.end()) out += chunk;
        if (type == "IEND") return out;
        at += chunk.size();
    }
    return std::nullopt;
}

}  // namespace

int exif_orientation(std::span<const std::uint8_t> segment) {
    static constexpr std::array<std::uint8_t, 6> mark{'E', 'x', 'i', 'f', 0, 0};
    if (segment.size() < 14 || !std::equal(mark.begin(), mark.end(), segment.begin())) return 1;
    const Bytes tiff = segment.subspan(6);
    const bool little = tiff[0] == 'I';
    const auto u16 = [&](std::size_t at) { return little ? std::uint32_t{tiff[at]} | std::uint32_t{tiff[at + 1]} << 8 : big16(tiff, at); };
    const auto u32 = [&](std::size_t at) { return little ? u16(at) | u16(at + 2) << 16 : big32(tiff, at); };
    const std::size_t directory = u32(4);
    if (directory > tiff.size() || tiff.size() - directory < 2) return 1;
    const std::size_t entries = u16(directory);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + i * 12;
        if (at > tiff.size() || tiff.size() - at < 12) return 1;
        if (u16(at) != 0x0112) continue;
        const std::uint32_t value = u16(at + 8);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

std::optional<std::string> without_metadata(std::string_view bytes) {
    if (bytes.starts_with("\xff\xd8\xff")) return plain_jpeg(bytes);
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return plain_png(bytes);
    return std::nullopt;
}

}  // namespace vitrine
