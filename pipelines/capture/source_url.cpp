#include "pipelines/capture/source_url.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace vitrine {
namespace {

constexpr std::array<std::string_view, 9> secret_keys{"passphrase", "password", "passwd", "pwd",     "pass",
                                                      "token",      "key",      "auth",   "streamid"};

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const int lower = std::tolower(static_cast<unsigned char>(c));
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool ends_url(char c) { return std::isspace(static_cast<unsigned char>(c)) || c == '"' || c == '\'' || c == '<' || c == '>'; }

// Where the user information of a URL ends: the position of its '@', or npos. `rest` follows "://". A password may hold '/', '?' or '#'
// that its writer forgot to encode; then the last '@' before a host-like rest counts, unless the '@' comes after a query began properly.
std::size_t user_information_end(std::string_view rest) {
    const std::size_t authority = rest.find_first_of("/?#");
    const std::string_view head = rest.substr(0, authority);
    if (const std::size_t at = head.rfind('@'); at != std::string_view::npos) return at;
    if (authority == std::string_view::npos) return authority;
    // "user:pa/ss@host/…": a colon whose right side is no port number means that the slash belongs to the password.
    const std::size_t colon = head.rfind(':');
    if (colon == std::string_view::npos) return colon;
    const std::string_view port = head.substr(colon + 1);
    const bool is_port =
        !port.empty() && std::all_of(port.begin(), port.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)); });
    if (is_port || head.front() == '[') return std::string_view::npos;
    return rest.rfind('@');
}

bool is_secret_key(std::string_view key) {
    std::string lower(key);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(secret_keys.begin(), secret_keys.end(), lower) != secret_keys.end();
}

// Calls `found(begin, length)` for the value of every query key that names a secret; positions in `url`.
template <class Found>
void each_secret_value(std::string_view url, Found found) {
    std::size_t at = url.find('?');
    while (at != std::string_view::npos && at + 1 < url.size()) {
        const std::size_t end = std::min(url.find_first_of("&#", at + 1), url.size());
        const std::string_view pair = url.substr(at + 1, end - at - 1);
        if (const std::size_t equals = pair.find('='); equals != std::string_view::npos && is_secret_key(pair.substr(0, equals)))
            found(at + 1 + equals + 1, pair.size() - equals - 1);
        at = end < url.size() && url[end] == '&' ? end : std::string_view::npos;
    }
}

std::string url_without_secrets(std::string_view url) {
    std::string out;
    std::size_t kept = 0;
    each_secret_value(url, [&](std::size_t begin, std::size_t length) {
        out += url.substr(kept, begin - kept);
        out += "***";
        kept = begin + length;
    });
    out += url.substr(kept);
    const std::size_t scheme = out.find("://") + 3;
    if (const std::size_t at = user_information_end(std::string_view(out).substr(scheme)); at != std::string_view::npos)
        out.replace(scheme, at, "***");
    return out;
}

}  // namespace

SourceUrl split_url(std::string_view url) {
    SourceUrl parts{std::string(url), {}, {}};
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return parts;
    const std::string_view rest = url.substr(scheme_end + 3);
    const std::size_t at = user_information_end(rest);
    if (at == std::string_view::npos) return parts;
    const std::string_view information = rest.substr(0, at);
    const std::size_t colon = information.find(':');
    parts.user = percent_decoded(information.substr(0, colon));
    if (colon != std::string_view::npos) parts.password = percent_decoded(information.substr(colon + 1));
    parts.location = std::string(url.substr(0, scheme_end + 3)) + std::string(rest.substr(at + 1));
    return parts;
}

std::string without_secrets(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t mark = text.find("://", at);
        if (mark == std::string_view::npos) break;
        std::size_t begin = mark;
        while (begin > at &&
               (std::isalnum(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '+' || text[begin - 1] == '-'))
            --begin;
        std::size_t end = mark + 3;
        while (end < text.size() && !ends_url(text[end])) ++end;
        out += text.substr(at, begin - at);
        out += url_without_secrets(text.substr(begin, end - begin));
        at = end;
    }
    out += text.substr(at);
    return out;
}

std::vector<std::string> secrets_of(std::string_view url) {
    std::vector<std::string> secrets;
    const auto keep = [&](std::string_view written) {
        if (written.empty()) return;
        secrets.emplace_back(written);
        if (std::string decoded = percent_decoded(written); decoded != written) secrets.push_back(std::move(decoded));
    };
    each_secret_value(url, [&](std::size_t begin, std::size_t length) { keep(url.substr(begin, length)); });
    if (const std::size_t scheme_end = url.find("://"); scheme_end != std::string_view::npos) {
        const std::string_view rest = url.substr(scheme_end + 3);
        if (const std::size_t at = user_information_end(rest); at != std::string_view::npos) {
            const std::string_view information = rest.substr(0, at);
            if (const std::size_t colon = information.find(':'); colon != std::string_view::npos) keep(information.substr(colon + 1));
        }
    }
    return secrets;
}

}  // namespace vitrine
