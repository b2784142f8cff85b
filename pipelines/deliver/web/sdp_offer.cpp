#include "pipelines/deliver/web/sdp_offer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <set>

#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/ice_candidate.h"
#include "pipelines/deliver/webrtc_peer_offer.h"

namespace vitrine::web {

namespace {

constexpr std::size_t most_lines = 2000;
constexpr std::size_t longest_line = 2048;

struct Section {
    bool bundle_only = false;
    std::string_view mid, ufrag, password, fingerprint;
    int candidates = 0;
};

using Refused = tl::unexpected<SdpRefusal>;

Refused malformed(std::string detail) { return Refused(SdpRefusal{400, "The offer is not valid SDP: " + std::move(detail)}); }

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const auto space = text.find(' ');
        words.push_back(text.substr(0, space));
        if (space == std::string_view::npos) return words;
        text.remove_prefix(space + 1);
    }
}

bool is_number(std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() && value <= most;
}

bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '"' && c != ','; });
}

/// RFC 8122: "sha-256 AB:CD:…". MD5 and SHA-1 are refused.
bool is_fingerprint(std::string_view value) {
    const auto words = words_of(value);
    if (words.size() != 2) return false;
    std::size_t bytes = 0;
    if (same_text(words[0], "sha-256")) bytes = 32;
    if (same_text(words[0], "sha-384")) bytes = 48;
    if (same_text(words[0], "sha-512")) bytes = 64;
    if (bytes == 0 || words[1].size() != bytes * 3 - 1) return false;
    for (std::size_t i = 0; i < words[1].size(); ++i)
        if (i % 3 == 2 ? words[1][i] != ':' : !std::isxdigit(static_cast<unsigned char>(words[1][i]))) return false;
    return true;
}

/// Splits into lines that end in LF or CRLF; nothing when a line is not "x=value".
std::optional<std::vector<std::string_view>> lines_of(std::string_view sdp) {
    std::vector<std::string_view> lines;
    while (!sdp.empty()) {
        const auto end = sdp.find('\n');
        std::string_view line = sdp.substr(0, end);
        sdp = end == std::string_view::npos ? std::string_view() : sdp.substr(end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() && sdp.empty()) break;
        if (line.size() < 2 || line.size() > longest_line || line[0] < 'a' || line[0] > 'z' || line[1] != '=') return std::nullopt;
        if (std::any_of(line.begin(), line.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }))
            return std::nullopt;
        lines.push_back(line);
        if (lines.size() > most_lines) return std::nullopt;
    }
    return lines;
}

class Judge {
  public:
    tl::expected<SdpOffer, SdpRefusal> judge(std::string_view sdp) {
        const auto lines = lines_of(sdp);
        if (!lines) return malformed("every line must read \"x=value\", without control characters.");
        if (lines->size() < 2 || (*lines)[0] != "v=0" || (*lines)[1].substr(0, 2) != "o=")
            return malformed("it must begin with v=0 and o=.");
        for (const std::string_view line : *lines) {
            keep_ = true;
            if (auto read_result = read(line[0], line.substr(2)); !read_result) return Refused(read_result.error());
            if (keep_) offer_.text.append(line).append("\r\n");
        }
        return conclude();
    }

  private:
    tl::expected<void, SdpRefusal> read(char type, std::string_view value) {
        switch (type) {
            case 'v':
                if (value != "0" || versions_++ > 0) return malformed("v=0 must appear once.");
                return {};
            case 'o':
                if (words_of(value).size() != 6 || origins_++ > 0) return malformed("o= must appear once and have six fields.");
                return {};
            case 's':
                ++names_;
                return {};
            case 't':
                ++times_;
                if (words_of(value).size() != 2) return malformed("t= must have two fields.");
                return {};
            case 'm':
                return read_media(value);
            case 'a':
                return read_attribute(value);
            default:
                return {};
        }
    }

    tl::expected<void, SdpRefusal> read_media(std::string_view value) {
        const auto words = words_of(value);
        if (words.size() < 4 || words.size() > 132) return malformed("an m= line needs a medium, a port, a protocol and formats.");
        if (!is_token(words[0]) || !is_number(words[1].substr(0, words[1].find('/')), 65535))
            return malformed("an m= line has no valid port.");
        if (words[0] == "video" || words[0] == "audio")
            for (std::size_t i = 3; i < words.size(); ++i)
                if (!is_number(words[i], 127)) return malformed("a payload type is not a number from 0 to 127.");
        sections_.emplace_back();
        return {};
    }

    tl::expected<void, SdpRefusal> read_attribute(std::string_view value) {
        const auto colon = value.find(':');
        const std::string_view name = value.substr(0, colon);
        const std::string_view rest = colon == std::string_view::npos ? std::string_view() : value.substr(colon + 1);
        Section& section = sections_.empty() ? session_ : sections_.back();
        if (name == "ice-ufrag") {
            if (!is_ice_ufrag(rest)) return malformed("ice-ufrag needs 4 to 256 letters, digits, + or /.");
            section.ufrag = rest;
        } else if (name == "ice-pwd") {
            if (!is_ice_password(rest)) return malformed("ice-pwd needs 22 to 256 letters, digits, + or /.");
            section.password = rest;
        } else if (name == "fingerprint") {
            if (!is_fingerprint(rest)) return malformed("a=fingerprint needs sha-256 (or longer) and its bytes in hex.");
            section.fingerprint = rest;
        } else if (name == "setup") {
            if (rest != "actpass" && rest != "active" && rest != "passive") return malformed("a=setup must be actpass, active or passive.");
        } else if (name == "mid") {
            if (!is_token(rest) || !mids_.insert(rest).second) return malformed("a=mid must be a token of its own for each m-line.");
            section.mid = rest;
        } else if (name == "group") {
            if (rest.substr(0, 7) == "BUNDLE ") bundle_ = rest.substr(7);
        } else if (name == "bundle-only") {
            section.bundle_only = true;
        } else if (name == "candidate") {
            const auto candidate = parse_candidate(value);
            if (!candidate) return malformed("an ICE candidate cannot be read.");
            if (++section.candidates > most_candidates) return malformed("more than 20 ICE candidates for one m-line.");
            keep_ = candidate->usable;
            if (keep_) ++offer_.candidates;
        }
        return {};
    }

    tl::expected<SdpOffer, SdpRefusal> conclude() {
        if (names_ != 1 || times_ < 1) return malformed("s= must appear once and t= at least once.");
        if (sections_.empty()) return malformed("it has no m= line for video or audio.");
        if (!bundle_.empty())
            for (const std::string_view mid : words_of(bundle_))
                if (!mid.empty() && !mids_.count(mid)) return malformed("a=group:BUNDLE names an m-line that is not there.");
        for (const Section& section : sections_) {
            // A bundle-only m-line may leave its transport to the first one (RFC 8843 6).
            const bool follows = section.bundle_only && &section != &sections_.front();
            if (!follows && (pick(section.ufrag, session_.ufrag).empty() || pick(section.password, session_.password).empty()))
                return malformed("ice-ufrag and ice-pwd are missing.");
            if (!follows && pick(section.fingerprint, session_.fingerprint).empty()) return malformed("a=fingerprint is missing.");
            offer_.mids.emplace_back(section.mid);
            if (const auto ufrag = pick(section.ufrag, session_.ufrag); !ufrag.empty()) offer_.ufrags.emplace(ufrag);
        }
        const auto reduced = reduce_offer(offer_.text);
        if (!reduced) return Refused(SdpRefusal{422, reduced.error().message});
        offer_.ice_ufrag = reduced->ufrag;
        return std::move(offer_);
    }

    static std::string_view pick(std::string_view own, std::string_view session) { return own.empty() ? session : own; }

    SdpOffer offer_;
    Section session_;
    std::vector<Section> sections_;
    std::set<std::string_view> mids_;
    std::string_view bundle_;
    int versions_ = 0, origins_ = 0, names_ = 0, times_ = 0;
    bool keep_ = true;
};

}  // namespace

tl::expected<SdpOffer, SdpRefusal> judge_offer(std::string_view sdp) {
    if (sdp.empty()) return Refused(SdpRefusal{400, "The request has no SDP offer in its body."});
    return Judge().judge(sdp);
}

}  // namespace vitrine::web
