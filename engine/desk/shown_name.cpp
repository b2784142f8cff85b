#include "engine/desk/shown_name.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/printable.h"

namespace vitrine::desk {
namespace {

/// Of a whole UTF-8 sequence.
char32_t letter_of(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(sequence[i])); };
    if (sequence.size() == 1) return byte(0);
    char32_t letter = byte(0) & (0x7fU >> sequence.size());
    for (std::size_t i = 1; i < sequence.size(); ++i) letter = letter << 6 | (byte(i) & 0x3fU);
    return letter;
}

bool written_without_spaces(char32_t letter) {
    struct Range {
        char32_t first, last;
    };
    static constexpr std::array<Range, 5> ranges{
        {{0x3040, 0x30ff}, {0x3400, 0x9fff}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}}};
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return letter >= r.first && letter <= r.last; });
}

bool ends_word(char32_t letter) { return letter == ' ' || letter == 0xa0 || letter == 0x3000 || letter == ',' || letter == '@'; }

}  // namespace

std::string shown_name(const std::string& name, NamesShown how) {
    if (how == NamesShown::full) return name;
    if (how == NamesShown::none) return {};
    std::string_view rest = name;
    std::string shown;
    int letters = 0;
    bool without_spaces = false;
    while (!rest.empty()) {
        const std::size_t length = utf8_sequence(rest);
        if (length == 0) break;
        const std::string_view sequence = rest.substr(0, length);
        rest.remove_prefix(length);
        const char32_t letter = letter_of(sequence);
        if (ends_word(letter)) {
            if (letters > 0) break;
            continue;
        }
        if (letters == 0) without_spaces = written_without_spaces(letter);
        if (letters == 1 && without_spaces) return shown + "**";
        shown += sequence;
        ++letters;
    }
    return shown;
}

}  // namespace vitrine::desk
