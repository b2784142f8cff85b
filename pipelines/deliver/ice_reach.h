#pragma once
// Which of a viewer's candidates we send to unasked. A candidate is a stranger's word: taken as it comes it would let them send our packets
// to any address that this machine can reach. So only public addresses are, and none of this machine's own networks or of its own public
// address; a few of them for each viewer. Everything else is reached by the viewer's own packets: whoever has the ICE password and sends
// from there becomes a peer-reflexive candidate, which is how viewers on the factory's network, on this machine, and those whose browser
// hides its addresses behind mDNS names connect.

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// IPv4 as ::ffff:a.b.c.d.
using IpAddress = std::array<std::uint8_t, 16>;
/// Reentrant. An address as it is written, without a zone; nothing for anything else.
std::optional<IpAddress> ip_address(const std::string& text);
/// Reentrant. Whether it leads to one place in the public internet (the IANA registries of special addresses): nothing private, shared,
/// local, for documentation or tests, multicast, or with another address inside, but for NAT64 of a public IPv4 address.
bool is_public(const IpAddress& address);

struct IpNetwork {
    IpAddress address{};
    int prefix = 128;  ///< of the 128 bits
    bool holds(const IpAddress& other) const;
};
/// Of this machine's interfaces, as they are now. Reentrant.
std::vector<IpNetwork> own_networks();

/// One viewer's. Thread-safe.
class IceReach {
  public:
    static constexpr std::size_t most_targets = 8;

    explicit IceReach(std::vector<IpNetwork> own) : own_(std::move(own)) {}
    /// One of our own candidates: what a STUN server says we look like from outside is ours too.
    void is_ours(const std::string& candidate);
    /// Whether to send to that candidate ("candidate:…", with or without "a="). At most `most_targets` of them.
    bool admits(const std::string& candidate);

  private:
    std::mutex mutex_;
    std::vector<IpNetwork> own_;
    std::set<std::pair<IpAddress, std::string>> targets_;  ///< address and port
};

}  // namespace vitrine
