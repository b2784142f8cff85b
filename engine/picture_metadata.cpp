#include "engine/picture_metadata.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

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

/// What of a segment is needed to show the picture as it was meant; nothing: the segment goes.
std::optional<std::string> kept_of(std::uint8_t marker, std::string_view content) {
    constexpr std::string_view icc("ICC_PROFILE\0", 12), jfif("JFIF\0", 5), adobe("Adobe");
    const auto segment = [&](std::string_view kept) {
        const std::size_t length = kept.size() + 2;
        return std::string{'\xff', static_cast<char>(marker), static_cast<char>(length >> 8), static_cast<char>(length)} +
               std::string(kept);
    };
    if (marker == 0xe0) {
        if (!content.starts_with(jfif) || content.size() < 14) return std::nullopt;
        std::string header(content.substr(0, 14));
        header[12] = header[13] = 0;  // the size of a small copy, which stood behind
        return segment(header);
    }
    if (marker == 0xe2) return content.starts_with(icc) ? std::optional(segment(content)) : std::nullopt;
    if (marker == 0xee)
        return content.starts_with(adobe) && content.size() >= 12 ? std::optional(segment(content.substr(0, 12))) : std::nullopt;
    // Frames, tables, scans; not APPn, comments and what is reserved.
    const bool defined = (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8) || (marker >= 0xda && marker <= 0xdf);
    return defined ? std::optional(segment(content)) : std::nullopt;
}

std::optional<std::string> plain_jpeg(std::string_view text) {
    const Bytes bytes = as_bytes(text);
    std::string out(text.substr(0, 2));
    int orientation = 1;
    bool scanned = false;
    for (std::size_t at = 2; at < bytes.size();) {
        if (bytes[at] != 0xff) {
            if (!scanned) return std::nullopt;
            const std::size_t end = std::min(text.find('\xff', at), text.size());
            out += text.substr(at, end - at);  // entropy-coded data
            at = end;
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
        if (const auto kept = kept_of(marker, content)) out += *kept;
        at += length + 2;
    }
    if (!scanned) return std::nullopt;
    return out;
}

std::optional<std::string> plain_png(std::string_view text) {
    // Critical chunks, colours, transparency, animation. What a program has thought up for itself (small copies, layers) goes too.
    constexpr std::array<std::string_view, 21> shown{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV",
                                                     "mDCv", "cLLI", "cLLi", "sBIT", "bKGD", "hIST", "pHYs", "acTL", "fcTL", "fdAT"};
    const Bytes bytes = as_bytes(text);
    std::string out(text.substr(0, 8));
    for (std::size_t at = 8; at < bytes.size() && bytes.size() - at >= 12;) {
        const std::size_t length = big32(bytes, at);
        if (length > bytes.size() - at - 12) return std::nullopt;
        const std::string_view type = text.substr(at + 4, 4), chunk = text.substr(at, length + 12);
        if (std::find(shown.begin(), shown.end(), type) != shown.end()) out += chunk;
        if (type == "IEND") return out;
        at += chunk.size();
    }
    return std::nullopt;
}

using Json = nlohmann::json;

constexpr std::size_t most_json = 16u << 20;

std::uint32_t little32(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::string little_text(std::size_t value) {
    return {static_cast<char>(value), static_cast<char>(value >> 8), static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
}

std::string chunk_text(std::string content, std::string_view type, char filler) {
    content.resize((content.size() + 3) / 4 * 4, filler);
    return little_text(content.size()) + std::string(type) + content;
}

/// Whether brackets stand in each other more than anything that glTF has: writing such a text again would take the stack.
bool too_deep(std::string_view json) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > 64)
            return true;
        else if (!quoted && (c == ']' || c == '}'))
            --depth;
    }
    return false;
}

/// Extras and XMP, wherever they hang; a node's "explode" is how the model comes apart on the page. Whether anything went.
bool drop_remarks(Json& json) {
    bool changed = false;
    std::vector<Json*> left{&json};  // a list, not the stack: files may be nested deeply
    while (!left.empty()) {
        Json& one = *left.back();
        left.pop_back();
        if (one.is_object()) {
            if (const auto extras = one.find("extras"); extras != one.end()) {
                Json kept = Json::object();
                if (extras->is_object() && extras->contains("explode")) kept["explode"] = (*extras)["explode"];
                if (kept.empty())
                    one.erase("extras"), changed = true;
                else if (*extras != kept)
                    *extras = std::move(kept), changed = true;
            }
            for (const char* xmp : {"KHR_xmp", "KHR_xmp_json_ld"}) changed = one.erase(xmp) > 0 || changed;
        }
        if (one.is_structured())
            for (Json& inner : one)
                if (inner.is_structured()) left.push_back(&inner);
    }
    return changed;
}

std::optional<std::size_t> natural(const Json& object, const char* key, std::size_t otherwise) {
    const auto found = object.find(key);
    if (found == object.end()) return otherwise;
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > 0xffffffff) return std::nullopt;
    return found->get<std::size_t>();
}

enum class Change { none, made, impossible };

/// Each picture in its place, the rest of its place empty.
Change plain_textures(Json& json, std::string& binary) {
    const auto images = json.find("images");
    if (images == json.end()) return Change::none;
    if (!images->is_array()) return Change::impossible;
    Change change = Change::none;
    for (Json& image : *images) {
        if (!image.is_object() || image.contains("uri")) return Change::impossible;
        if (image.erase("name") > 0) change = Change::made;
        const auto index = natural(image, "bufferView", 0xffffffff);
        const auto views = json.find("bufferViews");
        if (!index || views == json.end() || !views->is_array() || *index >= views->size() || !(*views)[*index].is_object())
            return Change::impossible;
        Json& view = (*views)[*index];
        const auto start = natural(view, "byteOffset", 0), size = natural(view, "byteLength", 0);
        if (!start || !size || *start > binary.size() || *size > binary.size() - *start) return Change::impossible;
        const auto plain = without_metadata(std::string_view(binary).substr(*start, *size));
        if (!plain || plain->size() > *size) return Change::impossible;
        if (*plain == std::string_view(binary).substr(*start, *size)) continue;
        std::fill_n(std::copy(plain->begin(), plain->end(), binary.begin() + static_cast<std::ptrdiff_t>(*start)), *size - plain->size(),
                    '\0');
        view["byteLength"] = plain->size();
        change = Change::made;
    }
    return change;
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

std::optional<std::string> model_without_metadata(std::string bytes) {
    constexpr std::string_view json_type("JSON"), binary_type("BIN\0", 4);
    if (bytes.size() < 20 || !bytes.starts_with("glTF") || little32(bytes, 4) != 2 || little32(bytes, 8) != bytes.size())
        return std::nullopt;
    const std::size_t json_size = little32(bytes, 12);
    if (std::string_view(bytes).substr(16, 4) != json_type || json_size > bytes.size() - 20 || json_size > most_json) return std::nullopt;
    if (too_deep(std::string_view(bytes).substr(20, json_size))) return std::nullopt;
    Json json = Json::parse(bytes.begin() + 20, bytes.begin() + 20 + static_cast<std::ptrdiff_t>(json_size), nullptr, false);
    if (!json.is_object()) return std::nullopt;
    std::string binary;
    std::size_t at = 20 + json_size;
    if (at + 8 <= bytes.size() && std::string_view(bytes).substr(at + 4, 4) == binary_type) {
        const std::size_t size = little32(bytes, at);
        if (size > bytes.size() - at - 8) return std::nullopt;
        binary = bytes.substr(at + 8, size);
        at += 8 + size;
    }
    bool changed = drop_remarks(json);
    if (const auto used = json.find("extensionsUsed"); changed && used != json.end() && used->is_array())
        used->erase(
            std::remove_if(used->begin(), used->end(), [](const Json& name) { return name == "KHR_xmp" || name == "KHR_xmp_json_ld"; }),
            used->end());
    if (const auto used = json.find("extensionsUsed"); used != json.end() && used->is_array() && used->empty()) json.erase(used);
    const Change pictures = plain_textures(json, binary);
    if (pictures == Change::impossible) return std::nullopt;
    changed = changed || pictures == Change::made || at != bytes.size();
    if (!changed) return bytes;
    std::string out = chunk_text(json.dump(), json_type, ' ');
    if (!binary.empty()) out += chunk_text(std::move(binary), binary_type, '\0');
    return "glTF" + little_text(2) + little_text(out.size() + 12) + out;
}

}  // namespace vitrine
