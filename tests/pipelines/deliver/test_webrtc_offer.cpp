#include <algorithm>
#include <random>

#include "pipelines/deliver/webrtc_peer_offer.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

const std::string session =
    "v=0\r\no=- 4611732 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n";
const std::string transport =
    "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:uF7x\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\na=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n";
const std::string audio =
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0\r\n" + transport +
    "a=mid:0\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 "
    "PCMU/8000\r\n";
// The order and the numbers in which a browser lists them: VP8 first, H.264 in several profiles and both packetization modes.
const std::string video =
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 108 109 114 39 40\r\n" + transport +
    "a=mid:1\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=rtpmap:103 H264/90000\r\na=rtcp-fb:103 goog-remb\r\na=rtcp-fb:103 transport-cc\r\na=rtcp-fb:103 ccm fir\r\na=rtcp-fb:103 nack\r\n"
    "a=rtcp-fb:103 nack pli\r\na=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n"
    "a=rtpmap:104 rtx/90000\r\na=fmtp:104 apt=103\r\n"
    "a=rtpmap:107 H264/90000\r\na=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f\r\n"
    "a=rtpmap:108 rtx/90000\r\na=fmtp:108 apt=107\r\n"
    "a=rtpmap:109 H264/90000\r\na=rtcp-fb:109 ccm fir\r\na=rtcp-fb:109 nack\r\na=rtcp-fb:109 nack pli\r\n"
    "a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
    "a=rtpmap:114 rtx/90000\r\na=fmtp:114 apt=109\r\na=rtpmap:39 H264/90000\r\n"
    "a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f\r\na=rtpmap:40 rtx/90000\r\na=fmtp:40 apt=39\r\n";

std::string replace(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

bool has(const std::string& text, const std::string& line) { return text.find(line + "\r\n") != std::string::npos; }

void refused(const std::string& offer, const std::string& because) {
    CAPTURE(offer);
    const auto reduced = reduce_offer(offer);
    REQUIRE_FALSE(reduced);
    CHECK(reduced.error().kind == ErrorKind::bad_input);
    CHECK(reduced.error().message.find(because) != std::string::npos);
}

}  // namespace

TEST_CASE("a browser's offer is cut down to constrained baseline with its retransmission, and Opus") {
    const auto reduced = reduce_offer(session + audio + video);
    REQUIRE(reduced);
    REQUIRE(reduced->media.size() == 2);
    CHECK_FALSE(reduced->media[0].video);
    CHECK(reduced->media[0].mline == 0);
    CHECK(reduced->media[0].payload_type == 111);
    CHECK(reduced->media[0].rtx_payload_type == -1);
    CHECK(reduced->media[1].video);
    CHECK(reduced->media[1].mline == 1);
    CHECK(reduced->media[1].mid == "1");
    CHECK(reduced->media[1].payload_type == 109);
    CHECK(reduced->media[1].rtx_payload_type == 114);
    CHECK(reduced->ufrag == "uF7x");
    CHECK(has(reduced->sdp, "m=video 9 UDP/TLS/RTP/SAVPF 109 114"));
    CHECK(has(reduced->sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111"));
    CHECK(has(reduced->sdp, "a=rtcp-fb:109 nack pli"));
    for (const char* gone : {"VP8", "G722", "transport-cc", "goog-remb", "extmap", "apt=103", "rtpmap:107", "rtcp:9"})
        CHECK(reduced->sdp.find(gone) == std::string::npos);
}

TEST_CASE("m-lines keep the offer's order, and one kind alone is served") {
    const auto swapped = reduce_offer(session + video + audio);
    REQUIRE(swapped);
    CHECK(swapped->media[0].video);
    CHECK(swapped->media[0].mline == 0);
    CHECK(swapped->media[1].mline == 1);
    const auto only_video = reduce_offer(session + video);
    REQUIRE(only_video);
    CHECK(only_video->media.size() == 1);
    const auto only_audio = reduce_offer(session + audio);
    REQUIRE(only_audio);
    CHECK_FALSE(only_audio->media[0].video);
}

TEST_CASE("baseline is taken when constrained baseline is not offered, never packetization mode 0") {
    const std::string no_constrained = replace(video, "42e01f", "640c1f");
    CHECK(reduce_offer(session + no_constrained)->media[0].payload_type == 103);
    const std::string main_only = replace(no_constrained, "42001f", "640c1f");
    CHECK(reduce_offer(session + main_only)->media[0].payload_type == 39);
    refused(session + replace(video, "packetization-mode=1", "packetization-mode=0"), "packetization-mode=1");
}

TEST_CASE("every m-line of the reduced offer has the bundle's one transport") {
    const std::string first = replace(audio, "c=IN IP4 0.0.0.0", "c=IN IP4 10.0.0.7");
    std::string second = replace(replace(video, "uF7x", "sEc2"), "0123456789abcdefghijkl", "abcdefghijkl0123456789");
    second = replace(second, "sha-256 AA:BB", "sha-256 CC:DD") + "a=candidate:1 1 udp 1 198.51.100.2 40000 typ host\r\n";
    const auto reduced = reduce_offer(session + first + "a=candidate:1 1 udp 1 198.51.100.1 40000 typ host\r\n" + second);
    REQUIRE(reduced);
    CHECK(reduced->ufrag == "uF7x");
    for (const char* gone : {"sEc2", "CC:DD", "abcdefghijkl0123456789", "10.0.0.7"}) CHECK(reduced->sdp.find(gone) == std::string::npos);
    CHECK(reduced->candidates == std::vector<std::string>{"candidate:1 1 udp 1 198.51.100.1 40000 typ host"});
    const auto again = reduce_offer(reduced->sdp);
    REQUIRE(again);
    CHECK(again->sdp == reduced->sdp);
    const auto tagged = reduce_offer(replace(session, "BUNDLE 0 1", "BUNDLE 1 0") + first + second);
    REQUIRE(tagged);
    CHECK(tagged->ufrag == "sEc2");
    CHECK(tagged->sdp.find("uF7x") == std::string::npos);
    CHECK(tagged->sdp.find("AA:BB") == std::string::npos);
}

TEST_CASE("without its apt a retransmission type is not used") {
    const auto reduced = reduce_offer(session + replace(video, "apt=109", "apt=99"));
    REQUIRE(reduced);
    CHECK(reduced->media[0].payload_type == 109);
    CHECK(reduced->media[0].rtx_payload_type == -1);
}

TEST_CASE("offers that cannot be served whole are refused with the reason") {
    refused("", "not SDP");
    refused("hello", "not SDP");
    refused("v=0\r\nnonsense\r\n", "not SDP");
    refused(session, "neither video nor sound");
    refused(session + audio + replace(video, "H264", "H265"), "no H.264");
    refused(session + replace(audio, "opus/48000/2", "ISAC/16000") + video, "no Opus");
    refused(session + video + video, "twice");
    refused(session + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "video and sound only");
    refused(session + replace(video, "a=recvonly", "a=sendonly"), "recvonly");
    refused(session + replace(video, "a=rtcp-mux\r\n", ""), "rtcp-mux");
    refused(session + replace(video, "UDP/TLS/RTP/SAVPF", "RTP/AVP"), "UDP/TLS/RTP/SAVPF");
    refused(session + replace(video, "a=fingerprint:sha-256 AA:BB\r\n", ""), "fingerprint");
    refused(replace(session, "a=group:BUNDLE 0 1\r\n", "") + audio + video, "BUNDLE");
    refused(replace(session, "BUNDLE 0 1", "BUNDLE 1") + audio + video, "BUNDLE");
    refused(session + replace(video, "m=video 9", "m=video 0"), "recvonly");
    refused(replace(session, "t=0 0\r\n", "t=0 0\r\na=inactive\r\n") + replace(video, "a=recvonly\r\n", ""), "recvonly");
    refused(session + replace(replace(audio, "111", "109"), "a=mid:0", "a=mid:2") + video, "BUNDLE");
    refused(session + replace(audio, "111", "109") + video, "alike");
    refused(session + replace(audio, "111", "8"), "payload type");
    refused(std::string(200'000, 'v'), "128 KiB");
}

TEST_CASE("candidates that name no UDP address are dropped") {
    CHECK(usable_candidate("candidate:1 1 UDP 2015363327 192.0.2.2 40000 typ host"));
    CHECK(usable_candidate("a=candidate:1 1 udp 2015363327 2001:db8::2 40000 typ srflx raddr 0.0.0.0 rport 0"));
    CHECK_FALSE(usable_candidate("candidate:1 1 TCP 1015021823 192.0.2.2 9 typ host tcptype active"));
    CHECK_FALSE(usable_candidate("candidate:1 1 UDP 2113937151 6c1f2e90-aaaa-bbbb-cccc-123456789abc.local 40000 typ host"));
    CHECK_FALSE(usable_candidate("candidate:1 1 UDP 2113937151 example.com 40000 typ host"));
    CHECK_FALSE(usable_candidate("candidate:1 1 UDP 1 192.0.2.2 70000 typ host"));
    CHECK_FALSE(usable_candidate("candidate:1 1 UDP 1 192.0.2.2 40000"));
    CHECK_FALSE(usable_candidate("candidate:1 1 UDP 1 192.0.2.2 40000 typ host\r\na=inactive"));
    CHECK_FALSE(usable_candidate(""));
    std::string many;
    for (int i = 0; i < 500; ++i)
        many += "a=candidate:" + std::to_string(i) + " 1 UDP 1 192.0.2.2 " + std::to_string(10000 + i) + " typ host\r\n";
    CHECK(reduce_offer(session + video + many)->candidates.size() == 20);
}

TEST_CASE("the answer holds every candidate once, one stream id, and each m-line's clock") {
    const std::string answer =
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:1\r\na=ssrc:1 msid:user a\r\na=ssrc:1 cname:x\r\na=candidate:9 1 UDP 1 192.0.2.9 "
        "1 typ "
        "host\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n";
    const std::string whole = complete_answer(answer, {"candidate:1 1 UDP 1 192.0.2.2 2 typ host"}, "show", {4294967295u, 7});
    CHECK(whole ==
          "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:1\r\na=ssrc:1 cname:x\r\na=msid:show "
          "show-0\r\na=ts-refclk:private\r\na=mediaclk:direct=4294967295\r\n"
          "a=candidate:1 1 UDP 1 192.0.2.2 2 typ host\r\na=end-of-candidates\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=msid:show "
          "show-1\r\na=ts-refclk:private\r\na=mediaclk:direct=7\r\n");
}

TEST_CASE("the answer's candidates stand where its BUNDLE begins") {
    const std::string whole = complete_answer("v=0\r\na=group:BUNDLE 1 0\r\nm=video 9 X 1\r\na=mid:0\r\nm=audio 9 X 2\r\na=mid:1\r\n",
                                              {"candidate:1 1 UDP 1 192.0.2.2 2 typ host"}, "show", {});
    CHECK(whole.find("a=candidate:") > whole.find("m=audio"));
    CHECK(whole.find("a=candidate:") != std::string::npos);
}

TEST_CASE("damaged offers are judged without harm") {
    std::mt19937 random(7);
    const std::string good = session + audio + video;
    int accepted = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string bad = good.substr(0, std::uniform_int_distribution<std::size_t>(0, good.size())(random));
        for (int flips = 0; flips < 6 && !bad.empty(); ++flips)
            bad[std::uniform_int_distribution<std::size_t>(0, bad.size() - 1)(random)] =
                static_cast<char>(std::uniform_int_distribution<int>(0, 255)(random));
        if (const auto reduced = reduce_offer(bad)) {
            ++accepted;
            REQUIRE(reduced->media.size() <= 2);
        } else {
            REQUIRE(reduced.error().kind == ErrorKind::bad_input);
        }
    }
    CHECK(accepted > 0);
}
