#include "engine/printable.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace vitrine {
namespace {

bool drives_the_reader(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

std::string escaped(std::uint32_t c) {
    if (c == '\n') return "\\n";
    if (c == '\r') return "\\r";
    if (c == '\t') return "\\t";
    std::array<char, 12> out{};
    std::snprintf(out.data(), out.size(), c < 0x80 ? "\\x%02x" : "\\u%04x", c);
    return out.data();
}

}  // namespace

std::size_t utf8_sequence(std::string_view bytes) {
    auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
    auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return i < bytes.size() && at(i) >= low && at(i) <= high;
    };
    const unsigned first = at(0);
    if (bytes.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : 0xbf;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned low = first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string printable(std::string_view bytes, std::size_t longest) {
    constexpr std::string_view cut = "…";
    std::string out;
    std::size_t fits = 0;  // where to cut so that the mark still has room
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence(bytes);
        std::string piece;
        if (length == 0) {
            std::array<char, 8> hex{};
            std::snprintf(hex.data(), hex.size(), "\\x%02x", static_cast<unsigned char>(bytes[0]));
            piece = hex.data();
        } else {
            std::uint32_t c = static_cast<unsigned char>(bytes[0]);
            if (length > 1) c &= 0x7fu >> length;
            for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (static_cast<unsigned char>(bytes[i]) & 0x3fu);
            piece = drives_the_reader(c) ? escaped(c) : std::string(bytes.substr(0, length));
        }
        if (out.size() + piece.size() > longest) return out.substr(0, fits) + std::string(longest >= cut.size() ? cut : "");
        out += piece;
        if (out.size() + cut.size() <= longest) fits = out.size();
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

}  // namespace vitrine
