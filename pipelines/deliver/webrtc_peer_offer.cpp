#include "pipelines/deliver/webrtc_peer_offer.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "pipelines/deliver/web/ice_candidate.h"

namespace vitrine {
namespace {

constexpr std::size_t most_bytes = 128 * 1024;
using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

std::vector<std::string_view> words_of(std::string_view text, char separator = ' ') {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = text.find(separator);
        if (end != 0) words.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return words;
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    return out;
}

bool starts(std::string_view line, std::string_view with) { return line.substr(0, with.size()) == with; }

/// "a=rtpmap:96 H264/90000" -> {96, "H264/90000"}
std::optional<std::pair<int, std::string_view>> of_payload(std::string_view line, std::string_view attribute) {
    if (!starts(line, attribute)) return std::nullopt;
    line.remove_prefix(attribute.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto type = number(line.substr(0, space));
    if (!type || *type < 0 || *type > 127) return std::nullopt;
    return std::pair{*type, line.substr(space + 1)};
}

struct Codec {
    std::string name;                               ///< "h264/90000"
    std::map<std::string, std::string> parameters;  ///< lower case names
};

struct Section {
    std::string_view mline;
    Lines lines;
};

std::map<int, Codec> codecs_of(const Section& section, const std::set<int>& listed) {
    std::map<int, Codec> codecs;
    for (const auto line : section.lines)
        if (const auto map = of_payload(line, "a=rtpmap:"); map && listed.count(map->first)) codecs[map->first].name = lower(map->second);
    for (const auto line : section.lines) {
        const auto fmtp = of_payload(line, "a=fmtp:");
        if (!fmtp || !codecs.count(fmtp->first)) continue;
        for (auto item : words_of(fmtp->second, ';')) {
            while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
            const auto equal = item.find('=');
            if (equal != std::string_view::npos)
                codecs[fmtp->first].parameters[lower(item.substr(0, equal))] = std::string(item.substr(equal + 1));
        }
    }
    return codecs;
}

/// How well a viewer's H.264 format fits a constrained baseline stream with FU-A packets; 0: not at all.
int fitness(const Codec& codec) {
    if (codec.name != "h264/90000") return 0;
    const auto mode = codec.parameters.find("packetization-mode");
    if (mode == codec.parameters.end() || mode->second != "1") return 0;
    const auto profile = codec.parameters.find("profile-level-id");
    const std::string id = profile == codec.parameters.end() ? "420010" : lower(profile->second);
    // The second byte's 0x40 is constraint_set1: with profile 66 that makes it constrained baseline.
    if (starts(id, "42") && id.size() == 6) return std::string_view("4567cdef").find(id[2]) != std::string_view::npos ? 4 : 3;
    if (starts(id, "4d")) return 2;
    return 1;
}

/// What RFC 3551 and RFC 5761 leave free for formats of one's own choice on a port that carries RTCP too: 0 to 34 are or may be somebody
/// else's, 64 to 95 read as RTCP.
bool free_payload_type(int type) { return (type >= 35 && type <= 63) || (type >= 96 && type <= 127); }

std::string say(bool video) { return video ? "video" : "sound"; }

Result<OfferedMedia> choose(const Section& section, bool video, const std::vector<std::string_view>& words) {
    std::set<int> listed;
    for (std::size_t i = 3; i < words.size(); ++i)
        if (const auto type = number(words[i])) listed.insert(*type);
    const auto codecs = codecs_of(section, listed);
    OfferedMedia media{.video = video};
    int best = 0;
    bool only_unfree = false;
    for (std::size_t i = 3; i < words.size(); ++i) {  // in the viewer's order of preference
        const auto type = number(words[i]);
        const auto codec = type ? codecs.find(*type) : codecs.end();
        if (codec == codecs.end()) continue;
        const int fits = video ? fitness(codec->second) : codec->second.name == "opus/48000/2" ? 1 : 0;
        if (fits > 0 && !free_payload_type(*type)) {
            only_unfree = true;
        } else if (fits > best) {
            best = fits;
            media.payload_type = *type;
        }
    }
    if (best == 0 && only_unfree)
        return fail("The offer numbers its " + say(video) + " with a payload type that is not free: take one from 96 to 127, or 35 to 63.",
                    ErrorKind::bad_input);
    if (best == 0)
        return fail(video ? "The offer has no H.264 video with packetization-mode=1, which is what this server sends."
                          : "The offer has no Opus sound, which is what this server sends.",
                    ErrorKind::bad_input);
    for (const auto& [type, codec] : codecs) {
        const auto apt = codec.parameters.find("apt");
        if (codec.name == "rtx/90000" && free_payload_type(type) && apt != codec.parameters.end() &&
            number(apt->second) == media.payload_type)
            media.rtx_payload_type = type;
    }
    return media;
}

bool keep_session_line(std::string_view line) {
    return std::string_view("vost").find(line[0]) != std::string_view::npos || starts(line, "a=group:BUNDLE ");
}

/// ICE and DTLS. With BUNDLE there is one transport, the one of the m-line that the group names first (RFC 8843 7.2): what others say of
/// theirs ("balanced" and "max-compat" offers) is for peers that do not bundle.
struct Transport {
    std::string_view ufrag, password, fingerprint, setup = "a=setup:actpass";
    std::string_view options;

    void read(const Lines& lines) {
        for (const auto line : lines) {
            if (starts(line, "a=ice-ufrag:")) ufrag = line;
            if (starts(line, "a=ice-pwd:")) password = line;
            if (starts(line, "a=ice-options:")) options = line;
            if (starts(line, "a=setup:")) setup = line;
        }
        // Of several the one that every DTLS library knows.
        std::string_view found;
        for (const auto line : lines)
            if (starts(line, "a=fingerprint:") && (found.empty() || lower(line.substr(14, 8)) == "sha-256 ")) found = line;
        if (!found.empty()) fingerprint = found;
    }
    std::string text() const {
        std::string out = "c=IN IP4 0.0.0.0\r\n";
        for (const auto line : {ufrag, password, options, fingerprint, setup})
            if (!line.empty()) out += std::string(line) + "\r\n";
        return out;
    }
};

std::string_view value_in(const Lines& lines, std::string_view attribute) {
    std::string_view value;
    for (const auto line : lines)
        if (starts(line, attribute)) value = line.substr(attribute.size());
    return value;
}

bool has(const Lines& lines, std::string_view line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); }

/// "sendrecv" when nothing is said (RFC 8866 6.7).
std::string_view direction_of(const Lines& lines, std::string_view otherwise) {
    for (const auto line : lines)
        for (const std::string_view direction : {"sendrecv", "recvonly", "sendonly", "inactive"})
            if (line.size() == direction.size() + 2 && starts(line, "a=") && line.substr(2) == direction) otherwise = direction;
    return otherwise;
}

/// The m-line whose transport carries all; nothing when they do not share one.
std::optional<std::size_t> tagged(const Lines& session, const std::vector<Section>& sections) {
    for (const auto line : session) {
        if (!starts(line, "a=group:BUNDLE ")) continue;
        const auto mids = words_of(line.substr(15));
        std::size_t first = 0;
        for (std::size_t i = 0; i < sections.size(); ++i) {
            const auto mid = value_in(sections[i].lines, "a=mid:");
            if (sections.size() > 1 && (mid.empty() || std::find(mids.begin(), mids.end(), mid) == mids.end())) return std::nullopt;
            if (!mids.empty() && mid == mids.front()) first = i;
        }
        return first;
    }
    return sections.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
}

bool keep_media_line(std::string_view line, const OfferedMedia& media) {
    for (const auto* kept : {"a=mid:", "a=rtcp-mux", "a=rtcp-rsize"})
        if (starts(line, kept)) return true;
    const auto ours = [&](int type) { return type == media.payload_type || (type == media.rtx_payload_type && type >= 0); };
    for (const auto* attribute : {"a=rtpmap:", "a=fmtp:"})
        if (const auto item = of_payload(line, attribute)) return ours(item->first);
    if (starts(line, "a=rtcp-fb:* ") || of_payload(line, "a=rtcp-fb:")) {
        // What we act on. Bandwidth estimation (transport-cc, goog-remb) would cost the viewer reports that nobody reads.
        const auto item = of_payload(line, "a=rtcp-fb:");
        const auto what = item ? item->second : line.substr(12);
        return media.video && (!item || item->first == media.payload_type) && (what == "nack" || what == "nack pli" || what == "ccm fir");
    }
    return false;
}

}  // namespace

bool usable_candidate(const std::string& line) {
    const auto candidate = web::parse_candidate(starts(line, "a=") ? std::string_view(line).substr(2) : std::string_view(line));
    return candidate && candidate->usable;
}

Result<ReducedOffer> reduce_offer(const std::string& offer) {
    const auto bad = [](std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); };
    if (offer.size() > most_bytes) return bad("The offer is longer than 128 KiB.");
    if (!starts(offer, "v=0")) return bad("The offer is not SDP: it does not begin with v=0.");
    Lines session;
    std::vector<Section> sections;
    for (const auto line : lines_of(offer)) {
        if (line.size() < 2 || line[1] != '=') return bad("The offer is not SDP: a line is not of the form x=….");
        if (starts(line, "m="))
            sections.push_back({line, {}});
        else if (sections.empty())
            session.push_back(line);
        else
            sections.back().lines.push_back(line);
    }
    ReducedOffer reduced;
    for (const auto line : session)
        if (keep_session_line(line)) reduced.sdp += std::string(line) + "\r\n";
    if (sections.empty()) return bad("The offer asks for neither video nor sound.");
    Transport transport;
    const auto first = tagged(session, sections);
    transport.read(session);
    if (first) transport.read(sections[*first].lines);
    for (unsigned index = 0; index < sections.size(); ++index) {
        const Section& section = sections[index];
        const auto words = words_of(section.mline.substr(2));
        if (words.size() < 4) return bad("The offer has an m-line without formats.");
        const bool video = words[0] == "video";
        if (!video && words[0] != "audio")
            return bad("The offer may ask for video and sound only, not for \"" + std::string(words[0]) + "\".");
        if (words[2] != "UDP/TLS/RTP/SAVPF") return bad("The offer's transport must be UDP/TLS/RTP/SAVPF.");
        for (const OfferedMedia& other : reduced.media)
            if (other.video == video) return bad("The offer asks for " + say(video) + " twice; one is sent.");
        const auto direction = direction_of(section.lines, direction_of(session, "sendrecv"));
        if (direction == "sendonly" || direction == "inactive" || (words[1] == "0" && !has(section.lines, "a=bundle-only")))
            return bad("The offer must be able to receive: the direction of its " + say(video) + " has to be recvonly.");
        auto media = choose(section, video, words);
        if (!media) return tl::unexpected(media.error());
        for (const OfferedMedia& other : reduced.media)
            for (const int type : {media->payload_type, media->rtx_payload_type})
                if (first && type >= 0 && (type == other.payload_type || type == other.rtx_payload_type))
                    return bad("The offer numbers its video and its sound alike, which one transport cannot tell apart.");
        media->mline = index;
        media->mid = std::string(value_in(section.lines, "a=mid:"));
        if (!has(section.lines, "a=rtcp-mux")) return bad("The offer must use rtcp-mux.");
        reduced.sdp += "m=" + std::string(words[0]) + " 9 UDP/TLS/RTP/SAVPF " + std::to_string(media->payload_type);
        if (media->rtx_payload_type >= 0) reduced.sdp += " " + std::to_string(media->rtx_payload_type);
        reduced.sdp += "\r\n" + transport.text();
        for (const auto line : section.lines)
            if (keep_media_line(line, *media)) reduced.sdp += std::string(line) + "\r\n";
        reduced.sdp += "a=recvonly\r\n";
        // Those of another transport lead nowhere.
        const auto own = value_in(section.lines, "a=ice-ufrag:");
        for (const auto line : section.lines)
            if ((own.empty() || "a=ice-ufrag:" + std::string(own) == transport.ufrag) && starts(line, "a=candidate:") &&
                reduced.candidates.size() < web::most_candidates && usable_candidate(std::string(line)))
                reduced.candidates.emplace_back(line.substr(2));
        reduced.media.push_back(*media);
    }
    if (!first) return bad("The offer must BUNDLE its m-lines on one transport.");
    if (transport.ufrag.empty() || transport.password.empty() || transport.fingerprint.empty())
        return bad("The offer lacks ICE credentials or a DTLS fingerprint.");
    reduced.ufrag = std::string(transport.ufrag.substr(12));
    return reduced;
}

std::string complete_answer(const std::string& answer, const std::vector<std::string>& candidates, const std::string& stream_id,
                            const std::vector<std::uint32_t>& clock_offsets) {
    std::string out;
    int mline = -1, carrier = 0;
    const Lines lines = lines_of(answer);
    if (const auto group = value_in(lines, "a=group:BUNDLE "); !group.empty()) {
        const std::string first = "a=mid:" + std::string(group.substr(0, group.find(' ')));
        int at = -1;
        for (const auto line : lines) {
            if (starts(line, "m=")) ++at;
            if (line == first && at >= 0) carrier = at;
        }
    }
    const auto close_section = [&] {
        if (mline < 0) return;
        out += "a=msid:" + stream_id + " " + stream_id + "-" + std::to_string(mline) + "\r\n";
        if (static_cast<std::size_t>(mline) < clock_offsets.size())
            out += "a=ts-refclk:private\r\na=mediaclk:direct=" + std::to_string(clock_offsets[static_cast<std::size_t>(mline)]) + "\r\n";
        if (mline != carrier) return;
        for (const std::string& candidate : candidates) out += "a=" + candidate + "\r\n";
        out += "a=end-of-candidates\r\n";
    };
    for (const auto line : lines) {
        if (starts(line, "m=")) {
            close_section();
            ++mline;
        }
        if (starts(line, "a=candidate:") || line == "a=end-of-candidates" || starts(line, "a=msid:")) continue;
        // a=ssrc:… msid:… repeats what a=msid says (RFC 8830), in an older form.
        if (starts(line, "a=ssrc:") && line.find(" msid:") != std::string_view::npos) continue;
        out += std::string(line) + "\r\n";
    }
    close_section();
    return out;
}

}  // namespace vitrine
