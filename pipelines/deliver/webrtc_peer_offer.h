#pragma once
// What a viewer offers, cut down to what we will send. webrtcbin is given only the reduced offer: one payload type per m-line (and its
// retransmission type), so its answer can hold nothing else. Input is untrusted; nothing here throws.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct OfferedMedia {
    bool video = false;
    unsigned mline = 0;
    std::string mid;
    int payload_type = -1;
    int rtx_payload_type = -1;  ///< RFC 4588; -1: the viewer offers none
};

struct ReducedOffer {
    std::string sdp;                      ///< with CRLF, without candidates, each m-line with the one transport's ICE and DTLS lines
    std::vector<OfferedMedia> media;      ///< in the offer's order; at most one audio and one video
    std::vector<std::string> candidates;  ///< the usable ones, "candidate:…"; all m-lines share one transport
    std::string ufrag;                    ///< of that transport: the m-line's that BUNDLE names first
};

/// Reentrant. The one judge of what can be served; web/sdp_offer asks it after it has found the offer well-formed. Video is H.264 with
/// packetization-mode=1, constrained baseline preferred (RFC 6184, RFC 7742), audio Opus (RFC 7587). bad_input: no m-line can be served,
/// one of them has no usable codec or cannot receive, it is not BUNDLE with rtcp-mux, or not SDP.
Result<ReducedOffer> reduce_offer(const std::string& offer);

/// Reentrant. Whether a candidate line (with or without "a=") is one that web/ice_candidate takes.
bool usable_candidate(const std::string& candidate);

/// Reentrant. The answer with every candidate on the m-line that its BUNDLE names first, the end of candidates marked, one msid on all
/// m-lines. `clock_offsets`: for each m-line the RTP time stamp of the show's time 0, told by RFC 7273's a=mediaclk, so that whoever plays
/// both can put them in step.
std::string complete_answer(const std::string& answer, const std::vector<std::string>& candidates, const std::string& stream_id,
                            const std::vector<std::uint32_t>& clock_offsets);

}  // namespace vitrine
