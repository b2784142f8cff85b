#pragma once
// Judges a WHEP offer before anything is built for it: an SDP that is well-formed (RFC 8866), carries what ICE and DTLS need, and can be
// served (webrtc_peer_offer's judgement, which the media side goes by). What passes is handed on cleaned: lines end in CRLF, candidates
// that are of no use are gone.

#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace vitrine::web {

struct SdpOffer {
    std::string text;
    std::string ice_ufrag;          ///< of the m-line that BUNDLE names first: the only one that counts
    std::set<std::string> ufrags;   ///< of all m-lines: "balanced" offers have one for each
    std::vector<std::string> mids;  ///< by m-line; empty where an m-line has none
    int candidates = 0;             ///< usable ones, left in `text`
};

struct SdpRefusal {
    int status = 400;  ///< 400 malformed, 422 understood but not possible
    std::string detail;
};

/// Reentrant.
tl::expected<SdpOffer, SdpRefusal> judge_offer(std::string_view sdp);

}  // namespace vitrine::web
