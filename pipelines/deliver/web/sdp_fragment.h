#pragma once
// Trickled candidates: application/trickle-ice-sdpfrag (RFC 8840).

#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "pipelines/deliver/web/ice_candidate.h"

namespace vitrine::web {

struct SdpFragment {
    struct Trickled {
        std::string mid;     ///< empty when the fragment names none
        unsigned mline = 0;  ///< position of its m= line in the fragment
        std::string ufrag;   ///< its section's, else the fragment's; empty when neither names one
        IceCandidate candidate;
    };
    std::string ice_ufrag, ice_password;  ///< the first; empty when absent
    std::set<std::string> ufrags;         ///< all that it names
    std::vector<Trickled> candidates;
    bool end_of_candidates = false;
};

/// Reentrant. The error is a sentence.
tl::expected<SdpFragment, std::string> parse_sdp_fragment(std::string_view text);

}  // namespace vitrine::web
