#include <cstdlib>
#include <string_view>

#include "pipelines/deliver/ice_reach.h"
#include "pipelines/deliver/web/sdp_fragment.h"
#include "pipelines/deliver/web/sdp_offer.h"
#include "pipelines/deliver/webrtc_peer_offer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)vitrine::web::parse_sdp_fragment(text);
    const auto offer = vitrine::web::judge_offer(text);
    // What passed is clean: judged again it passes and stays as it is.
    if (offer) {
        // The media side takes what the door took, and what it makes of it is such an offer too.
        const auto reduced = vitrine::reduce_offer(offer->text);
        if (!reduced || reduced->ufrag != offer->ice_ufrag) std::abort();
        const auto twice = vitrine::reduce_offer(reduced->sdp);
        if (!twice || twice->sdp != reduced->sdp) std::abort();
        vitrine::IceReach reach({});
        for (const std::string& candidate : reduced->candidates) (void)reach.admits(candidate);
        const auto again = vitrine::web::judge_offer(offer->text);
        if (!again || again->text != offer->text) std::abort();
    }
    return 0;
}
