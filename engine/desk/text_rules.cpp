#include "engine/desk/text_rules.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "engine/printable.h"

namespace vitrine::desk {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_plain(char c) { return is_digit(c) || is_small(c) || is_capital(c); }

enum class Letter { keep, space, drop, refuse };

Letter judge(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1) {
        const unsigned char c = byte(0);
        if (c == '\n' || c == '\r' || c == '\t') return Letter::space;
        return c < 0x20 || c == 0x7f ? Letter::refuse : Letter::keep;
    }
    if (sequence.size() == 2 && byte(0) == 0xc2 && byte(1) < 0xa0) return byte(1) == 0x85 ? Letter::space : Letter::refuse;
    if (sequence.size() == 3 && byte(0) == 0xe2) {
        if (byte(1) == 0x80 && (byte(2) == 0xa8 || byte(2) == 0xa9)) return Letter::space;  // line, paragraph separator
        if (byte(1) == 0x80 && byte(2) >= 0xaa && byte(2) <= 0xae) return Letter::drop;     // embeddings, overrides
        if (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return Letter::drop;     // isolates
    }
    if (sequence == "\xef\xbb\xbf") return Letter::drop;  // byte order mark
    return Letter::keep;
}

}  // namespace

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Result<std::string> clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    bool space = false;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        if (length == 0) return fail("The text is not valid UTF-8.", ErrorKind::bad_input);
        const std::string_view sequence = text.substr(0, length);
        text.remove_prefix(length);
        const Letter letter = judge(sequence);
        if (letter == Letter::refuse) return fail("The text holds control characters.", ErrorKind::bad_input);
        if (letter == Letter::drop) continue;
        if (letter == Letter::space || sequence == " ") {
            // Spaces inside a line stay as they are; a line break is one space.
            if (letter == Letter::space && space) continue;
            space = true;
            clean += ' ';
        } else {
            space = false;
            clean += sequence;
        }
    }
    const auto first = clean.find_first_not_of(' ');
    if (first == std::string::npos) return std::string();
    return clean.substr(first, clean.find_last_not_of(' ') - first + 1);
}

bool is_language(std::string_view tag) {
    const std::size_t dash = tag.find('-');
    const std::string_view primary = tag.substr(0, dash);
    if (primary.size() < 2 || primary.size() > 3 || !std::all_of(primary.begin(), primary.end(), is_small)) return false;
    return tag.size() <= 35 && tag.back() != '-' && std::all_of(tag.begin(), tag.end(), [](char c) { return is_plain(c) || c == '-'; });
}

bool is_country(std::string_view code) { return code.size() == 2 && is_capital(code[0]) && is_capital(code[1]); }

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(), [](char c) { return is_plain(c) || c == '.' || c == '_' || c == '+' || c == '-'; });
}

bool is_client_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) { return is_plain(c) || c == '-'; });
}

bool is_email(std::string_view address) {
    const std::size_t at = address.find('@');
    if (at == 0 || at == std::string_view::npos || address.find('@', at + 1) != std::string_view::npos) return false;
    const std::string_view domain = address.substr(at + 1);
    return domain.size() >= 3 && domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.' &&
           address.find_first_of(" ,;:<>()[]\"\\") == std::string_view::npos;
}

bool is_phone(std::string_view number) {
    const auto digits = std::count_if(number.begin(), number.end(), is_digit);
    return digits >= 4 && digits <= 20 && number.find_first_not_of("0123456789+-(). /") == std::string_view::npos;
}

bool is_date(std::string_view date) {
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') return false;
    int numbers[3] = {0, 0, 0};
    constexpr std::array<std::array<std::size_t, 2>, 3> places{{{0, 4}, {5, 2}, {8, 2}}};
    for (std::size_t i = 0; i < 3; ++i)
        for (const char c : date.substr(places[i][0], places[i][1])) {
            if (!is_digit(c)) return false;
            numbers[i] = numbers[i] * 10 + (c - '0');
        }
    return std::chrono::year_month_day(std::chrono::year(numbers[0]), std::chrono::month(static_cast<unsigned>(numbers[1])),
                                       std::chrono::day(static_cast<unsigned>(numbers[2])))
        .ok();
}

bool is_incoterm(std::string_view term) {
    static constexpr std::array<std::string_view, 11> rules{"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"};
    return std::find(rules.begin(), rules.end(), term.substr(0, term.find(' '))) != rules.end();
}

}  // namespace vitrine::desk
