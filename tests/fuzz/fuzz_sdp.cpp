#include <cstdlib>
#include <string_view>

#include "pipelines/deliver/web/sdp_fragment.h"
#include "pipelines/deliver/web/sdp_offer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)vitrine::web::parse_sdp_fragment(text);
    const auto offer = vitrine::web::judge_offer(text);
    // What passed is clean: judged again it passes and stays as it is.
    if (offer) {
        const auto again = vitrine::web::judge_offer(offer->text);
        if (!again || again->text != offer->text) std::abort();
    }
    return 0;
}
