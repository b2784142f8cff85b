#include "engine/new_show/names.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "engine/printable.h"

namespace vitrine::new_show {
namespace {

constexpr std::size_t longest_id = 40, longest_name = 200;

bool alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool in_id(char c) { return alnum(c) || c == '.' || c == '_' || c == '+' || c == '-'; }

std::string trimmed(std::string text) {
    while (!text.empty() && !alnum(text.back())) text.pop_back();
    const auto first = std::find_if(text.begin(), text.end(), alnum);
    text.erase(text.begin(), first);
    return text;
}

}  // namespace

std::string id_of(std::string_view name) {
    // A model number stands first and holds a digit; what follows it is words.
    std::size_t end = 0;
    while (end < name.size() && in_id(name[end]) && name[end] != '_') ++end;
    const std::string first = trimmed(std::string(name.substr(0, end)));
    if (first.size() >= 2 && first.size() <= longest_id && std::any_of(first.begin(), first.end(), digit)) return first;
    std::string out;
    for (const char c : name)
        if (in_id(c))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    return trimmed(trimmed(std::move(out)).substr(0, longest_id));
}

std::string distinct_id(std::string wish, std::set<std::string>& taken) {
    const auto small = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
    };
    std::string id = wish;
    for (int n = 2; !taken.insert(small(id)).second; ++n) id = wish + "-" + std::to_string(n);
    return id;
}

std::string shown_name(std::string_view stem) {
    std::string out;
    for (const char c : printable(stem, longest_name)) {
        const char plain = c == '_' ? ' ' : c;
        if (plain == ' ' && (out.empty() || out.back() == ' ')) continue;
        out += plain;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

bool has_han(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(std::max<std::size_t>(1, utf8_sequence(text)))) {
        if (utf8_sequence(text) != 3) continue;
        const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
        const std::uint32_t c = (at(0) & 15) << 12 | (at(1) & 63) << 6 | (at(2) & 63);
        if ((c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff)) return true;
    }
    return false;
}

bool counts_before(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    const auto run = [](std::string_view s, std::size_t& at) {
        while (at < s.size() && s[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < s.size() && digit(s[at])) ++at;
        return s.substr(begin, at - begin);
    };
    while (i < a.size() && j < b.size()) {
        if (digit(a[i]) && digit(b[j])) {
            const auto left = run(a, i), right = run(b, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
            continue;
        }
        if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
        ++i, ++j;
    }
    if ((i == a.size()) != (j == b.size())) return i == a.size();
    return a < b;
}

}  // namespace vitrine::new_show
