#include "pipelines/deliver/web/sdp_fragment.h"

#include <algorithm>

namespace vitrine::web {

tl::expected<SdpFragment, std::string> parse_sdp_fragment(std::string_view text) {
    SdpFragment result;
    std::string mid, common_ufrag, section_ufrag;
    int mline = -1;
    int lines = 0;
    const auto refuse = [](std::string why) { return tl::unexpected<std::string>("The fragment cannot be read: " + std::move(why)); };
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() && text.empty()) break;
        if (std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
            return refuse("it holds control characters.");
        if (++lines > 500) return refuse("it has more than 500 lines.");
        if (line.substr(0, 2) == "m=") {
            ++mline;
            mid.clear();
            section_ufrag.clear();
            continue;
        }
        if (line.substr(0, 2) != "a=") return refuse("every line must begin with a= or m=.");
        const std::string_view attribute = line.substr(2);
        const auto value_of = [&](std::string_view name) {
            return attribute.substr(0, name.size()) == name ? attribute.substr(name.size()) : std::string_view();
        };
        if (const auto value = value_of("mid:"); !value.empty()) {
            mid = std::string(value);
        } else if (const auto ufrag = value_of("ice-ufrag:"); !ufrag.empty()) {
            if (!is_ice_ufrag(ufrag)) return refuse("ice-ufrag is not valid.");
            (mline < 0 ? common_ufrag : section_ufrag) = std::string(ufrag);
            if (result.ice_ufrag.empty()) result.ice_ufrag = std::string(ufrag);
            result.ufrags.emplace(ufrag);
        } else if (const auto password = value_of("ice-pwd:"); !password.empty()) {
            if (!is_ice_password(password)) return refuse("ice-pwd is not valid.");
            if (result.ice_password.empty()) result.ice_password = std::string(password);
        } else if (attribute == "end-of-candidates") {
            result.end_of_candidates = true;
        } else if (attribute.substr(0, 9) == "candidate") {
            auto candidate = parse_candidate(attribute);
            if (!candidate) return refuse("an ICE candidate is malformed.");
            result.candidates.push_back({mid, static_cast<unsigned>(std::max(mline, 0)),
                                         section_ufrag.empty() ? common_ufrag : section_ufrag, std::move(*candidate)});
        }
    }
    if (lines == 0) return refuse("it is empty.");
    if (result.ice_ufrag.empty() && result.candidates.empty() && !result.end_of_candidates)
        return refuse("it has neither candidates nor ice-ufrag.");
    return result;
}

}  // namespace vitrine::web
