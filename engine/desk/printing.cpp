#include "engine/desk/printing.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "engine/desk/money.h"
#include "engine/look.h"

namespace vitrine::desk {
namespace {

constexpr std::string_view narrow_space = "\u202F";

std::string grouped(std::string_view digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text += narrow_space;
        text += digits[i];
    }
    return text;
}

std::string formatted(std::int64_t utc_us, const char* format, bool local) {
    if (utc_us == 0) return {};
    const std::time_t seconds = static_cast<std::time_t>(utc_us / 1'000'000 - (utc_us % 1'000'000 < 0 ? 1 : 0));
    std::tm parts{};
    if (local)
        localtime_r(&seconds, &parts);
    else
        gmtime_r(&seconds, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

std::string hex(const Rgb& c) {
    char text[8];
    std::snprintf(text, sizeof text, "#%02X%02X%02X", c.r, c.g, c.b);
    return text;
}

}  // namespace

std::string money_text(const Money& money) {
    std::string plain = plain_money(money);
    const bool negative = plain.front() == '-';
    if (negative) plain.erase(0, 1);
    const std::size_t whole = std::min(plain.find('.'), plain.size());
    return money.currency + "\u00A0" + (negative ? "−" : "") + grouped(std::string_view(plain).substr(0, whole)) + plain.substr(whole);
}

std::string count_text(std::int64_t count) {
    const std::string digits = std::to_string(count);
    return count < 0 ? "−" + grouped(std::string_view(digits).substr(1)) : grouped(digits);
}

std::string iso_time(std::int64_t utc_us) { return formatted(utc_us, "%Y-%m-%dT%H:%M:%SZ", false); }
std::string local_date(std::int64_t utc_us) { return formatted(utc_us, "%Y-%m-%d", true); }
std::string local_clock(std::int64_t utc_us) { return formatted(utc_us, "%H:%M", true); }

std::string duration_text(std::int64_t us) {
    const std::int64_t s = us / 1'000'000;
    char text[40];
    if (s >= 3600)
        std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(s / 3600), static_cast<int>(s / 60 % 60),
                      static_cast<int>(s % 60));
    else
        std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(s / 60), static_cast<int>(s % 60));
    return text;
}

std::string html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string_view direction(std::string_view language) {
    for (const std::string_view tag : {"ar", "he", "fa", "ur"})
        if (language == tag) return "rtl";
    return "ltr";
}

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // its terminating zero
    return text;
}

PrintedPage printed_page(std::string_view language, std::string_view title, std::string_view style, std::string_view body) {
    const Palette& p = look().light;
    std::string css = ":root{";
    const std::pair<const char*, Rgb> tokens[] = {{"ground", p.ground}, {"surface", p.surface}, {"raised", p.raised}, {"line", p.line},
                                                  {"ink", p.ink},       {"ink-2", p.ink_2},     {"accent", p.accent}, {"live", p.live},
                                                  {"ready", p.ready},   {"warn", p.warn},       {"info", p.info}};
    for (const auto& [name, colour] : tokens) css += std::string("--") + name + ":" + hex(colour) + ";";
    css += "}";
    css += style;
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(css.data()), css.size());
    PrintedPage page;
    page.policy = "default-src 'none'; img-src data:; style-src 'sha256-" +
                  base64({reinterpret_cast<const char*>(hash.data()), hash.size()}) +
                  "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    // The same policy inside, for the file that somebody has kept; frame-ancestors counts in a header only.
    const std::string inside = page.policy.substr(0, page.policy.rfind("; frame-ancestors"));
    page.html =
        "<!doctype html>\n<html lang=\"" + html(language) + "\" dir=\"" + std::string(direction(language)) +
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + html(inside) +
        "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n"
        "<title>" +
        html(title) + "</title>\n<style>" + css + "</style>\n</head>\n<body>\n" + std::string(body) + "</body>\n</html>\n";
    return page;
}

}  // namespace vitrine::desk
