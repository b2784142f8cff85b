#include "pipelines/deliver/ice_reach.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "pipelines/deliver/web/ice_candidate.h"

namespace vitrine {
namespace {

constexpr IpAddress mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_four(const IpAddress& address) { return std::equal(mapped.begin(), mapped.begin() + 12, address.begin()); }

IpAddress from_four(const void* bytes) {
    IpAddress address = mapped;
    std::memcpy(address.data() + 12, bytes, 4);
    return address;
}

bool public_four(const std::uint8_t* bytes) {
    struct Range {
        std::uint32_t start;
        int bits;
    };
    static constexpr Range special[] = {
        {0x00000000, 8},   // this network
        {0x0a000000, 8},   // private
        {0x64400000, 10},  // shared, behind a provider's NAT
        {0x7f000000, 8},   // loopback
        {0xa9fe0000, 16},  // link-local
        {0xac100000, 12},  // private
        {0xc0000000, 24},  // protocol assignments
        {0xc0000200, 24},  // documentation
        {0xc0586300, 24},  // 6to4 relays, given up
        {0xc0a80000, 16},  // private
        {0xc6120000, 15},  // benchmarks
        {0xc6336400, 24},  // documentation
        {0xcb007100, 24},  // documentation
        {0xe0000000, 3},   // multicast, reserved, broadcast
    };
    const std::uint32_t ip = std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
    return std::none_of(std::begin(special), std::end(special), [&](Range range) { return (ip ^ range.start) >> (32 - range.bits) == 0; });
}

bool starts_with(const IpAddress& address, std::initializer_list<std::uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), address.begin());
}

/// A candidate's address and port.
std::optional<std::pair<IpAddress, std::string>> target_of(std::string_view line) {
    if (line.substr(0, 2) == "a=") line.remove_prefix(2);
    const auto candidate = web::parse_candidate(line);
    if (!candidate || !candidate->usable) return std::nullopt;
    const auto address = ip_address(candidate->address);
    if (!address) return std::nullopt;
    return std::pair{*address, candidate->port};
}

}  // namespace

std::optional<IpAddress> ip_address(const std::string& text) {
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1) return from_four(&four);
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return std::nullopt;
    IpAddress address;
    std::memcpy(address.data(), six.s6_addr, address.size());
    return address;
}

bool is_public(const IpAddress& address) {
    if (is_four(address)) return public_four(address.data() + 12);
    if (starts_with(address, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return public_four(address.data() + 12);  // NAT64
    if ((address[0] & 0xe0) != 0x20) return false;                      // only 2000::/3 is given out
    return !(starts_with(address, {0x20, 0x01}) && address[2] < 2) &&   // Teredo, ORCHID, benchmarks
           !starts_with(address, {0x20, 0x01, 0x0d, 0xb8}) &&           // documentation
           !starts_with(address, {0x20, 0x02}) &&                       // 6to4: an IPv4 address inside
           !(starts_with(address, {0x3f, 0xff}) && address[2] < 0x10);  // documentation
}

bool IpNetwork::holds(const IpAddress& other) const {
    for (int bit = 0; bit < prefix; bit += 8) {
        const int bits = std::min(8, prefix - bit);
        if (((address[static_cast<std::size_t>(bit / 8)] ^ other[static_cast<std::size_t>(bit / 8)]) >> (8 - bits)) != 0) return false;
    }
    return true;
}

std::vector<IpNetwork> own_networks() {
    std::vector<IpNetwork> found;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return found;
    for (const ifaddrs* one = list; one; one = one->ifa_next) {
        if (!one->ifa_addr || !(one->ifa_flags & IFF_UP)) continue;
        IpNetwork network;
        if (one->ifa_addr->sa_family == AF_INET) {
            network.address = from_four(&reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr);
            if (one->ifa_netmask)
                network.prefix = 96 + std::popcount(reinterpret_cast<const sockaddr_in*>(one->ifa_netmask)->sin_addr.s_addr);
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            std::memcpy(network.address.data(), reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr.s6_addr, 16);
            network.prefix = 0;
            if (one->ifa_netmask)
                for (const std::uint8_t byte : reinterpret_cast<const sockaddr_in6*>(one->ifa_netmask)->sin6_addr.s6_addr)
                    network.prefix += std::popcount(byte);
        } else {
            continue;
        }
        // A tunnel that calls half the internet its network is one address of ours and no more.
        if (network.prefix < (is_four(network.address) ? 96 + 8 : 16)) network.prefix = 128;
        found.push_back(network);
    }
    freeifaddrs(list);
    return found;
}

void IceReach::is_ours(const std::string& candidate) {
    if (const auto target = target_of(candidate)) {
        const std::lock_guard lock(mutex_);
        own_.push_back({target->first, 128});
    }
}

bool IceReach::admits(const std::string& candidate) {
    const auto target = target_of(candidate);
    if (!target || !is_public(target->first)) return false;
    const std::lock_guard lock(mutex_);
    if (std::any_of(own_.begin(), own_.end(), [&](const IpNetwork& network) { return network.holds(target->first); })) return false;
    if (targets_.size() >= most_targets && !targets_.contains(*target)) return false;
    targets_.insert(*target);
    return true;
}

}  // namespace vitrine
