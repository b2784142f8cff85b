#pragma once
// One ICE candidate line (RFC 8839 5.1). Only UDP candidates with a literal unicast address are of use to a server: names (mDNS among
// them) would make it resolve what a stranger asks for, and TCP ones it cannot reach. The one judge of candidate lines, in offers, in
// trickled fragments and of our own.

#include <optional>
#include <string>
#include <string_view>

namespace vitrine::web {

struct IceCandidate {
    std::string text;  ///< "candidate:…" as written
    std::string address, port;
    bool usable = false;  ///< UDP, a port, one host's address. Whether we send there is ice_reach's to say
};

/// Reentrant. `line` begins with "candidate:". Nothing when it is malformed.
std::optional<IceCandidate> parse_candidate(std::string_view line);

/// ice-ufrag 4 … 256 and ice-pwd 22 … 256 characters of RFC 8839's alphabet.
bool is_ice_ufrag(std::string_view text);
bool is_ice_password(std::string_view text);

/// What MS-ICE2 and every browser stay under, for each m-line.
inline constexpr int most_candidates = 20;

}  // namespace vitrine::web
