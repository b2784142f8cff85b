#include "engine/source_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace vitrine {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view hidden = "***";

constexpr std::array<std::string_view, 16> secret_keys{"passphrase", "password",     "passwd",    "pwd",     "pass",    "psw",
                                                       "token",      "access_token", "key",       "apikey",  "api_key", "auth",
                                                       "secret",     "sig",          "signature", "streamid"};
/// What may stand behind a secret and still be shown. Anything else there may be a piece of the secret: an '&' that nobody encoded.
constexpr std::array<std::string_view, 11> plain_keys{"mode",      "latency", "pbkeylen", "localaddress", "localport", "transport",
                                                      "transtype", "channel", "subtype",  "stream",       "pkt_size"};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <std::size_t n>
bool one_of(std::string_view word, const std::array<std::string_view, n>& list) {
    return std::find(list.begin(), list.end(), lower(word)) != list.end();
}

int hex_value(char c) {
    if (digit(c)) return c - '0';
    const int small = std::tolower(static_cast<unsigned char>(c));
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
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

bool port_number(std::string_view text) { return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), digit); }

/// "192.168.1.20", "192.168.1.20:554", "[::1]:554": surely a host, never a user name.
bool numeric_host(std::string_view text) {
    if (text.starts_with('[')) return text.find(']') != npos;
    if (const auto colon = text.find(':'); colon != npos) {
        if (!port_number(text.substr(colon + 1))) return false;
        text = text.substr(0, colon);
    }
    in_addr four{};
    return inet_pton(AF_INET, std::string(text).c_str(), &four) == 1;
}

struct Ending {
    std::size_t at = npos;  ///< of the '@' that ends the user information
    bool doubtful = false;
};

/// `rest` follows "://".
Ending user_information(std::string_view scheme, std::string_view rest) {
    const std::size_t last = rest.rfind('@');
    if (last == npos) return {};
    const std::size_t authority = std::min(rest.find_first_of("/?#"), rest.size());
    const std::string_view head = rest.substr(0, authority);
    const std::size_t in_head = head.rfind('@');
    if (in_head == last) return {last};
    // "user:p@ss/word@host", or a path that holds an '@' behind a host?
    if (in_head != npos) return {in_head, !numeric_host(head.substr(in_head + 1))};
    const std::size_t colon = head.rfind(':');
    if (colon == npos || numeric_host(head)) return {};
    if (!port_number(head.substr(colon + 1))) return {last};
    // SRT has no user information; its keys may hold anything.
    if (scheme == "srt" && (rest.substr(authority).starts_with('?') || rest.substr(authority).starts_with("/?"))) return {};
    return {npos, true};  // "user:12/34@host", or "camera:554/live@2"?
}

/// The last '@' of what may be user information; npos when there is none to hide.
std::size_t hidden_until(std::string_view scheme, std::string_view rest) {
    const Ending ending = user_information(scheme, rest);
    if (ending.doubtful) return rest.rfind('@');
    if (ending.at != npos || numeric_host(rest.substr(0, rest.find_first_of("/?#"))) || scheme == "srt") return ending.at;
    const std::size_t last = rest.rfind('@');
    return last != npos && rest.substr(0, last).find(':') != npos ? last : npos;
}

struct Key {
    std::size_t begin, value;
};

/// The next key that names a secret, "key=", from `from` on.
std::optional<Key> next_secret(std::string_view url, std::size_t from) {
    for (auto equals = url.find('=', from); equals != npos; equals = url.find('=', equals + 1)) {
        std::size_t begin = equals;
        while (begin > from && (alphanumeric(url[begin - 1]) || url[begin - 1] == '_' || url[begin - 1] == '-')) --begin;
        // Some cameras write "user=admin_password=…_channel=1" as their path.
        for (std::size_t word = begin; word < equals; word = std::min(url.find('_', word), equals - 1) + 1)
            if (one_of(url.substr(word, equals - word), secret_keys)) return Key{word, equals + 1};
    }
    return std::nullopt;
}

bool plain_pair(std::string_view pair) {
    const auto equals = pair.find('=');
    return equals != npos && one_of(pair.substr(0, equals), plain_keys) &&
           std::all_of(pair.begin() + static_cast<std::ptrdiff_t>(equals), pair.end(),
                       [](char c) { return alphanumeric(c) || c == '=' || c == '.' || c == ':' || c == '-'; });
}

/// Path and query with their secrets' values hidden.
std::string shown_rest(std::string_view rest) {
    const auto secret = next_secret(rest, 0);
    if (!secret) return std::string(rest);
    std::string out(rest.substr(0, secret->value));
    out += hidden;
    bool hiding = true;  // the last thing shown stands for all up to here
    for (std::size_t at = rest.find('&', secret->value); at != npos;) {
        const std::size_t end = std::min(rest.find('&', at + 1), rest.size());
        const std::string_view pair = rest.substr(at + 1, end - at - 1);
        if (plain_pair(pair)) {
            out += "&" + std::string(pair);
            hiding = false;
        } else if (const auto key = pair.substr(0, pair.find('=')); key.size() < pair.size() && one_of(key, secret_keys)) {
            out += "&" + std::string(key) + "=" + std::string(hidden);
            hiding = true;
        } else if (!hiding) {
            out += "&" + std::string(hidden);
            hiding = true;
        }
        at = end < rest.size() ? end : npos;
    }
    return out;
}

std::string shown_url(std::string_view url, std::size_t scheme_end) {
    const std::string scheme = lower(url.substr(0, scheme_end));
    std::string_view rest = url.substr(scheme_end + 3);
    std::string out(url.substr(0, scheme_end + 3));
    if (const std::size_t at = hidden_until(scheme, rest); at != npos) {
        out += std::string(hidden) + "@";
        rest.remove_prefix(at + 1);
    }
    const bool web = scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss";
    const std::size_t fragment = web ? rest.find('#') : npos;
    out += shown_rest(rest.substr(0, fragment));
    if (fragment != npos) out += "#" + std::string(hidden);
    return out;
}

}  // namespace

SourceUrl split_url(std::string_view url) {
    SourceUrl parts{std::string(url), {}, {}};
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == npos) return parts;
    const std::string_view rest = url.substr(scheme_end + 3);
    const Ending ending = user_information(lower(url.substr(0, scheme_end)), rest);
    parts.doubtful = ending.doubtful;
    if (ending.at == npos) return parts;
    const std::string_view information = rest.substr(0, ending.at);
    const std::size_t colon = information.find(':');
    parts.user = percent_decoded(information.substr(0, colon));
    if (colon != npos) parts.password = percent_decoded(information.substr(colon + 1));
    parts.location = std::string(url.substr(0, scheme_end + 3)) + std::string(rest.substr(ending.at + 1));
    return parts;
}

std::string_view encoding_advice() {
    return "in a user name or password write % as %25, @ as %40, / as %2F, # as %23, ? as %3F and a space as %20";
}

std::string shown_address(std::string_view address) {
    if (const std::size_t mark = address.find("://"); mark != npos) return shown_url(address, mark);
    // No scheme, or a slash too few: whatever stands before the last '@' may be a password.
    std::string out;
    if (const std::size_t last = address.rfind('@'); last != npos) {
        out = std::string(hidden) + "@";
        address.remove_prefix(last + 1);
    }
    return out + shown_rest(address);
}

std::string without_secrets(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t mark = text.find("://", at);
        if (mark == npos) break;
        std::size_t begin = mark;
        while (begin > at && (alphanumeric(text[begin - 1]) || text[begin - 1] == '+' || text[begin - 1] == '-')) --begin;
        std::size_t end = mark + 3;
        while (end < text.size() && !ends_url(text[end])) ++end;
        out += text.substr(at, begin - at);
        out += shown_url(text.substr(begin, end - begin), mark - begin);
        at = end;
    }
    if (at < text.size()) out += text.substr(at);
    return out;
}

std::string shown_origin(std::string_view url) {
    const std::size_t mark = url.find("://");
    if (mark == npos) return std::string(hidden);
    std::string_view rest = url.substr(mark + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const std::size_t at = rest.rfind('@'); at != npos) rest.remove_prefix(at + 1);
    return std::string(url.substr(0, mark + 3)) + std::string(rest);
}

std::vector<std::string> secrets_of(std::string_view url) {
    std::vector<std::string> secrets;
    const auto keep = [&](std::string_view written) {
        if (written.empty()) return;
        secrets.emplace_back(written);
        if (std::string decoded = percent_decoded(written); decoded != written) secrets.push_back(std::move(decoded));
    };
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == npos) return secrets;
    const std::string_view rest = url.substr(scheme_end + 3);
    for (auto key = next_secret(rest, 0); key; key = next_secret(rest, key->value)) {
        const std::size_t end = std::min(rest.find_first_of("&", key->value), rest.size());
        keep(rest.substr(key->value, end - key->value));
    }
    if (const std::size_t at = hidden_until(lower(url.substr(0, scheme_end)), rest); at != npos) {
        const std::string_view information = rest.substr(0, at);
        if (const std::size_t colon = information.find(':'); colon != npos) keep(information.substr(colon + 1));
    }
    return secrets;
}

}  // namespace vitrine
