#include "pipelines/deliver/web/ice_candidate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

namespace {

bool ice_chars(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/'; });
}

bool number_up_to(std::string_view text, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value <= most;
}

bool usable_address(const std::string& text) {
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
        const std::uint32_t ip = ntohl(four.s_addr);
        return (ip >> 24) != 0 && (ip >> 28) < 0xE;  // "this network"; multicast, reserved and broadcast
    }
    // RFC 8445 5.1.1.1: IPv4 addresses inside IPv6 ones are not candidates.
    in6_addr six{};
    return inet_pton(AF_INET6, text.c_str(), &six) == 1 && !IN6_IS_ADDR_UNSPECIFIED(&six) && !IN6_IS_ADDR_MULTICAST(&six) &&
           !IN6_IS_ADDR_V4MAPPED(&six) && !IN6_IS_ADDR_V4COMPAT(&six);
}

}  // namespace

bool is_ice_ufrag(std::string_view text) { return ice_chars(text, 4, 256); }
bool is_ice_password(std::string_view text) { return ice_chars(text, 22, 256); }

std::optional<IceCandidate> parse_candidate(std::string_view line) {
    if (line.size() > 512 || line.substr(0, 10) != "candidate:") return std::nullopt;
    if (std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; })) return std::nullopt;
    std::vector<std::string_view> words;
    for (std::string_view rest = line.substr(10); !rest.empty();) {
        const auto space = rest.find(' ');
        words.push_back(rest.substr(0, space));
        if (words.back().empty()) return std::nullopt;
        rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    }
    if (words.size() < 8 || words[6] != "typ") return std::nullopt;
    if (!ice_chars(words[0], 1, 32) || !number_up_to(words[1], 256) || !number_up_to(words[3], 0xFFFFFFFFu) ||
        !number_up_to(words[5], 65535))
        return std::nullopt;
    IceCandidate result;
    result.text = std::string(line);
    result.address = std::string(words[4]);
    result.port = std::string(words[5]);
    result.usable = same_text(words[2], "udp") && words[5] != "0" && usable_address(result.address);
    return result;
}

}  // namespace vitrine::web
