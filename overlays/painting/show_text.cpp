#include "overlays/painting/show_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace vitrine {

namespace {

struct Separators {
    const char *group, *decimal;
};

// Unicode CLDR 42, number formatting of the plain locale of each language.
Separators separators(const std::string& language) {
    static constexpr std::array point_groups{"es", "pt", "de", "it", "nl", "tr", "id", "el", "da", "sl", "hr", "ro", "vi"};
    static constexpr std::array space_groups{"fr", "ru", "pl", "cs", "sk", "uk", "bg", "hu", "fi", "sv", "nb", "no"};
    const auto among = [&](const auto& list) { return std::find(list.begin(), list.end(), language) != list.end(); };
    if (among(point_groups)) return {".", ","};
    if (among(space_groups)) return {"\u00A0", ","};
    return {",", "."};
}

}  // namespace

PictureLanguages::PictureLanguages(const std::vector<std::string>& languages) {
    if (!languages.empty()) first = languages[0];
    if (languages.size() > 1) second = languages[1];
}

BilingualText bilingual(const LocalText& text, const PictureLanguages& languages) {
    BilingualText both{text.by_language.empty() ? std::string() : text.in(languages.first), ""};
    const auto second = text.by_language.find(languages.second);
    if (!languages.second.empty() && second != text.by_language.end() && second->second != both.first) both.second = second->second;
    return both;
}

BilingualText bilingual_message(std::string_view key, const PictureLanguages& languages) {
    BilingualText both{message(key, languages.first), ""};
    if (!languages.second.empty() && has_message(key, languages.second) && message(key, languages.second) != both.first)
        both.second = message(key, languages.second);
    return both;
}

std::string number_text(double value, int decimals, const std::string& language) {
    if (!std::isfinite(value)) return "–";
    std::array<char, 400> plain{};  // the longest double has 309 digits before the point
    std::snprintf(plain.data(), plain.size(), "%.*f", std::clamp(decimals, 0, 9), std::abs(value));
    const std::string digits = plain.data();
    const std::size_t whole =
        digits.find_first_not_of("0123456789") == std::string::npos ? digits.size() : digits.find_first_not_of("0123456789");
    const Separators separator = separators(language);
    std::string text = value < 0 ? "\u2212" : "";
    for (std::size_t i = 0; i < whole; ++i) {
        if (i > 0 && (whole - i) % 3 == 0) text += separator.group;
        text += digits[i];
    }
    if (whole < digits.size()) text += separator.decimal + digits.substr(whole + 1);
    return text;
}

std::string amount_text(double value, const std::string& language) {
    if (!(std::abs(value) < 1e12)) return number_text(value, 0, language);
    const std::int64_t hundredths = std::llround(value * 100);
    return number_text(value, hundredths % 10 != 0 ? 2 : hundredths % 100 != 0 ? 1 : 0, language);
}

std::string price_text(double value, const std::string& language) {
    if (!(std::abs(value) < 1e12)) return number_text(value, 2, language);
    const std::int64_t ten_thousandths = std::llround(value * 1e4);
    return number_text(value, ten_thousandths % 10 != 0 ? 4 : ten_thousandths % 100 != 0 ? 3 : 2, language);
}

}  // namespace vitrine
