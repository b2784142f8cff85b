#pragma once
// English sentences known by their words, in Chinese. Tables of them are held against what is said by the lint (said_sentences).

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::panel {

/// "{}" stands for what changes; it is taken over as it is, in the same order.
struct Sentence {
    std::string_view en, zh;
};

/// What `pattern` becomes for this text: `in_place` gives the words for each "{}". Nothing when the sentence is another.
template <class InPlace>
std::optional<std::string> translated(const Sentence& sentence, std::string_view text, InPlace in_place) {
    std::string_view pattern = sentence.en, rest = sentence.zh;
    std::string out;
    while (true) {
        const std::size_t place = pattern.find("{}");
        const std::string_view fixed = pattern.substr(0, place);
        if (!text.starts_with(fixed)) return std::nullopt;
        text.remove_prefix(fixed.size());
        if (place == std::string_view::npos) return text.empty() ? std::optional(out.append(rest)) : std::nullopt;
        pattern.remove_prefix(place + 2);
        const std::string_view next = pattern.substr(0, pattern.find("{}"));
        const std::size_t end = next.empty()                                   ? text.size()
                                : pattern.find("{}") == std::string_view::npos ? text.rfind(next)
                                                                               : text.find(next);
        if (end == std::string_view::npos) return std::nullopt;
        const std::size_t place_zh = rest.find("{}");
        out.append(rest.substr(0, place_zh)).append(in_place(text.substr(0, end)));
        rest.remove_prefix(place_zh + 2);
        text.remove_prefix(end);
    }
}

template <class InPlace>
std::optional<std::string> first_translated(std::span<const Sentence> known, std::string_view text, InPlace in_place) {
    for (const Sentence& sentence : known)
        if (auto found = translated(sentence, text, in_place)) return found;
    return std::nullopt;
}

}  // namespace vitrine::panel
