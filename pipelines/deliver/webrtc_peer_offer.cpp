#include "pipelines/deliver/webrtc_peer_offer.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace vitrine {
namespace {

constexpr std::size_t most_bytes = 128 * 1024;
constexpr std::size_t most_candidates = 20;

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

std::string say(bool video) { return video ? "video" : "sound"; }

Result<OfferedMedia> choose(const Section& section, bool video, const std::vector<std::string_view>& words) {
    std::set<int> listed;
    for (std::size_t i = 3; i < words.size(); ++i)
        if (const auto type = number(words[i])) listed.insert(*type);
    const auto codecs = codecs_of(section, listed);
    OfferedMedia media{.video = video};
    int best = 0;
    for (std::size_t i = 3; i < words.size(); ++i) {  // in the viewer's order of preference
        const auto type = number(words[i]);
        const auto codec = type ? codecs.find(*type) : codecs.end();
        if (codec == codecs.end()) continue;
        const int fits = video ? fitness(codec->second) : codec->second.name == "opus/48000/2" ? 1 : 0;
        if (fits > best) {
            best = fits;
            media.payload_type = *type;
        }
    }
    if (best == 0)
        return fail(video ? "The offer has no H.264 video with packetization-mode=1, which is what this server sends."
                          : "The offer has no Opus sound, which is what this server sends.",
                    ErrorKind::bad_input);
    for (const auto& [type, codec] : codecs) {
        const auto apt = codec.parameters.find("apt");
        if (codec.name == "rtx/90000" && apt != codec.parameters.end() && number(apt->second) == media.payload_type)
            media.rtx_payload_type = type;
    }
    return media;
}

bool keep_session_line(std::string_view line) {
    if (line.size() < 2 || line[1] != '=') return false;
    if (line[0] != 'a') return std::string_view("vosct").find(line[0]) != std::string_view::npos;
    for (const auto* kept : {"a=group:", "a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:", "a=fingerprint:", "a=setup:"})
        if (starts(line, kept)) return true;
    return false;
}

bool keep_media_line(std::string_view line, const OfferedMedia& media) {
    if (starts(line, "c=")) return true;
    for (const auto* kept :
         {"a=mid:", "a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:", "a=fingerprint:", "a=setup:", "a=rtcp-mux", "a=rtcp-rsize"})
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

bool usable_candidate(const std::string& candidate) {
    std::string_view text(candidate);
    if (starts(text, "a=")) text.remove_prefix(2);
    if (!starts(text, "candidate:")) return false;
    if (text.find_first_of("\r\n") != std::string_view::npos) return false;
    // foundation component transport priority address port "typ" type
    const auto words = words_of(text);
    if (words.size() < 8 || words[6] != "typ" || lower(words[2]) != "udp") return false;
    const auto port = number(words[5]);
    if (!port || *port < 1 || *port > 65535) return false;
    const auto address = words[4];
    // A name (mDNS or other) would have to be looked up; only addresses are taken.
    const bool v4 = address.find_first_not_of("0123456789.") == std::string_view::npos;
    const bool v6 =
        address.find(':') != std::string_view::npos && address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    return v4 || v6;
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
    bool bundle = false;
    for (const auto line : session) {
        bundle |= starts(line, "a=group:BUNDLE");
        if (starts(line, "a=ice-ufrag:")) reduced.ufrag = std::string(line.substr(12));
        if (keep_session_line(line)) reduced.sdp += std::string(line) + "\r\n";
    }
    if (sections.empty()) return bad("The offer asks for neither video nor sound.");
    if (!bundle && sections.size() > 1) return bad("The offer must BUNDLE its m-lines on one transport.");
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
        auto media = choose(section, video, words);
        if (!media) return tl::unexpected(media.error());
        media->mline = index;
        bool mux = false;
        std::string body;
        for (const auto line : section.lines) {
            if (line == "a=sendonly" || line == "a=inactive")
                return bad("The offer must be able to receive: its direction has to be recvonly.");
            if (starts(line, "a=mid:")) media->mid = std::string(line.substr(6));
            if (starts(line, "a=ice-ufrag:") && reduced.ufrag.empty()) reduced.ufrag = std::string(line.substr(12));
            mux |= line == "a=rtcp-mux";
            if (starts(line, "a=candidate:") && reduced.candidates.size() < most_candidates && usable_candidate(std::string(line)))
                reduced.candidates.emplace_back(line.substr(2));
            if (keep_media_line(line, *media)) body += std::string(line) + "\r\n";
        }
        if (!mux) return bad("The offer must use rtcp-mux.");
        reduced.sdp += "m=" + std::string(words[0]) + " 9 UDP/TLS/RTP/SAVPF " + std::to_string(media->payload_type);
        if (media->rtx_payload_type >= 0) reduced.sdp += " " + std::to_string(media->rtx_payload_type);
        reduced.sdp += "\r\n" + body + "a=recvonly\r\n";
        reduced.media.push_back(*media);
    }
    if (reduced.ufrag.empty() || reduced.sdp.find("a=fingerprint:") == std::string::npos)
        return bad("The offer lacks ICE credentials or a DTLS fingerprint.");
    return reduced;
}

std::string complete_answer(const std::string& answer, const std::vector<std::string>& candidates, const std::string& stream_id) {
    std::string out;
    int mline = -1;
    const auto close_section = [&] {
        if (mline < 0) return;
        out += "a=msid:" + stream_id + " " + stream_id + "-" + std::to_string(mline) + "\r\n";
        if (mline > 0) return;
        for (const std::string& candidate : candidates) out += "a=" + candidate + "\r\n";
        out += "a=end-of-candidates\r\n";
    };
    for (const auto line : lines_of(answer)) {
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
