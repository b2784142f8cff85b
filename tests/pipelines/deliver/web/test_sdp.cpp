#include <random>

#include "pipelines/deliver/web/sdp_fragment.h"
#include "pipelines/deliver/web/sdp_offer.h"
#include "tests/pipelines/deliver/web/offers.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using web::judge_offer;
using web::parse_candidate;
using web::parse_sdp_fragment;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a browser's offer passes and is handed on whole", "[sdp]") {
    const auto offer = judge_offer(browser_offer());
    REQUIRE(offer);
    CHECK(offer->text == browser_offer());
    CHECK(offer->ice_ufrag == "EsAw");
    CHECK(offer->mids == std::vector<std::string>{"0", "1"});
    CHECK(judge_offer(offer_head("") + video_section()));
    CHECK(judge_offer(offer_head("") + audio_section()));
    CHECK(judge_offer(offer_head() + video_section("sendrecv") + audio_section()));
}

TEST_CASE("lines that end in LF alone are handed on with CRLF", "[sdp]") {
    std::string bare = browser_offer();
    std::erase(bare, '\r');
    const auto offer = judge_offer(bare);
    REQUIRE(offer);
    CHECK(offer->text == browser_offer());
}

TEST_CASE("ICE and DTLS attributes may stand in the session part, and direction too", "[sdp]") {
    std::string video = video_section();
    video = replaced(video, transport(), "c=IN IP4 0.0.0.0\r\n");
    CHECK(judge_offer(offer_head("") + transport() + video));
    CHECK_FALSE(judge_offer(offer_head("") + video));
    const auto inactive = judge_offer(offer_head("") + "a=inactive\r\n" + replaced(video_section(), "a=recvonly\r\n", ""));
    REQUIRE_FALSE(inactive);
    CHECK(inactive.error().status == 422);
}

TEST_CASE("a bundle-only m-line may leave its transport to the first one", "[sdp]") {
    std::string audio = replaced(audio_section(), transport(), "c=IN IP4 0.0.0.0\r\na=bundle-only\r\n");
    audio = replaced(audio, "m=audio 9", "m=audio 0");
    CHECK(judge_offer(offer_head() + video_section() + audio));
    CHECK_FALSE(judge_offer(offer_head() + audio + video_section()));
}

TEST_CASE("an offer with a transport for each m-line goes by the one that BUNDLE names first", "[sdp]") {
    const std::string other_print = "sha-256 00" + offer_fingerprint.substr(10);
    std::string audio = replaced(audio_section(), "a=ice-ufrag:EsAw", "a=ice-ufrag:BGKk");
    audio = replaced(audio, "a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y", "a=ice-pwd:mqyWsAjvtKwTGnvhPztQ9mIf");
    audio = replaced(audio, "a=fingerprint:" + offer_fingerprint, "a=fingerprint:" + other_print);
    const auto offer = judge_offer(offer_head() + video_section() + audio);
    REQUIRE(offer);
    CHECK(offer->ice_ufrag == "EsAw");
    CHECK(offer->ufrags == std::set<std::string>{"BGKk", "EsAw"});
    const auto swapped = judge_offer(offer_head("a=group:BUNDLE 1 0\r\n") + video_section() + audio);
    REQUIRE(swapped);
    CHECK(swapped->ice_ufrag == "BGKk");
    // An m-line that is left out of the group would need a second transport.
    const auto apart = judge_offer(offer_head("a=group:BUNDLE 0\r\n") + video_section() + audio);
    REQUIRE_FALSE(apart);
    CHECK(apart.error().status == 422);
}

TEST_CASE("what the media side cannot serve is refused at the door", "[sdp]") {
    const std::string good = browser_offer();
    std::string mode0 = replaced(good, "packetization-mode=1", "packetization-mode=0");
    std::string zero = replaced(replaced(good, "SAVPF 96 97", "SAVPF 0"), "a=rtpmap:96 H264/90000", "a=rtpmap:0 H264/90000");
    zero = replaced(zero, "a=fmtp:96 level", "a=fmtp:0 level");
    std::string rtcp = replaced(replaced(good, "SAVPF 96 97", "SAVPF 72 97"), "a=rtpmap:96 H264/90000", "a=rtpmap:72 H264/90000");
    rtcp = replaced(rtcp, "a=fmtp:96 level", "a=fmtp:72 level");
    std::string alike = replaced(replaced(good, "SAVPF 111", "SAVPF 96"), "a=rtpmap:111", "a=rtpmap:96");
    for (const std::string& offer :
         {mode0, zero, rtcp, alike, replaced(good, "a=rtcp-mux\r\n", ""), offer_head("") + video_section() + audio_section()}) {
        const auto judged = judge_offer(offer);
        REQUIRE_FALSE(judged);
        CHECK(judged.error().status == 422);
    }
}

TEST_CASE("offers that are refused", "[sdp]") {
    struct Row {
        const char* what;
        int status;
        std::string offer;
    };
    const std::string good = browser_offer();
    std::string crowd;
    for (int i = 0; i < 21; ++i) crowd += candidate_line(i);
    const std::vector<Row> rows{
        {"empty", 400, ""},
        {"prose", 400, "hello, may I watch?"},
        {"json", 400, "{\"type\":\"offer\",\"sdp\":\"v=0\"}"},
        {"no version", 400, good.substr(5)},
        {"version 1", 400, replaced(good, "v=0", "v=1")},
        {"version twice", 400, replaced(good, "t=0 0", "v=0\r\nt=0 0")},
        {"no origin", 400, replaced(good, "o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n", "")},
        {"short origin", 400, replaced(good, " IN IP4 127.0.0.1\r\ns=", "\r\ns=")},
        {"no name", 400, replaced(good, "s=-\r\n", "")},
        {"no time", 400, replaced(good, "t=0 0\r\n", "")},
        {"no media", 400, offer_head("")},
        {"a line without =", 400, replaced(good, "a=rtcp-rsize", "artcp-rsize")},
        {"an empty line inside", 400, replaced(good, "a=rtcp-rsize", "\r\na=rtcp-rsize")},
        {"a NUL", 400, replaced(good, "s=-", std::string("s=-\0", 4))},
        {"a line of 3000 bytes", 400, good + "a=x:" + std::string(3000, 'x') + "\r\n"},
        {"3000 lines", 400,
         [&] {
             std::string text = good;
             for (int i = 0; i < 3000; ++i) text += "a=x\r\n";
             return text;
         }()},
        {"no ufrag", 400, replaced(good, "a=ice-ufrag:EsAw\r\n", "")},
        {"short ufrag", 400, replaced(good, "a=ice-ufrag:EsAw", "a=ice-ufrag:abc")},
        {"no password", 400, replaced(good, "a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\n", "")},
        {"short password", 400, replaced(good, "a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y", "a=ice-pwd:short")},
        {"no fingerprint", 400, replaced(good, "a=fingerprint:" + offer_fingerprint + "\r\n", "")},
        {"SHA-1 fingerprint", 400, replaced(good, "a=fingerprint:sha-256", "a=fingerprint:sha-1")},
        {"fingerprint cut off", 400, replaced(good, ":19:08", "")},
        {"setup holdconn", 400, replaced(good, "a=setup:actpass", "a=setup:holdconn")},
        {"same mid twice", 400, replaced(good, "a=mid:1", "a=mid:0")},
        {"BUNDLE of an unknown mid", 400, replaced(good, "BUNDLE 0 1", "BUNDLE 0 7")},
        {"payload type 200", 400, replaced(good, "SAVPF 96 97", "SAVPF 96 200")},
        {"port 99999", 400, replaced(good, "m=video 9 ", "m=video 99999 ")},
        {"m= cut off", 400, replaced(good, "m=video 9 UDP/TLS/RTP/SAVPF 96 97", "m=video 9")},
        {"candidate of garbage", 400, good + "a=candidate:what is this\r\n"},
        {"21 candidates", 400, good + crowd},
        {"500 candidates", 400,
         [&] {
             std::string text = good;
             for (int i = 0; i < 500; ++i) text += candidate_line(i);
             return text;
         }()},
        {"sendonly", 422, offer_head() + video_section("sendonly") + audio_section()},
        {"inactive sound", 422, offer_head() + video_section() + audio_section("inactive")},
        {"rejected m-line", 422, replaced(good, "m=audio 9", "m=audio 0")},
        {"two videos", 422, offer_head() + video_section() + video_section("recvonly", "1")},
        {"two sounds", 422, offer_head() + audio_section("recvonly", "0") + audio_section()},
        {"data channel", 422, good + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" + transport() + "a=mid:2\r\n"},
        {"VP8 only", 422, offer_head() + video_section("recvonly", "0", "VP8/90000") + audio_section()},
        {"PCMU only", 422, offer_head() + video_section() + audio_section("recvonly", "1", "PCMU/8000")},
        {"plain RTP", 422, replaced(good, "UDP/TLS/RTP/SAVPF", "RTP/AVP")},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        const auto offer = judge_offer(row.offer);
        CHECK_FALSE(offer);
        if (!offer) {
            CHECK(offer.error().status == row.status);
            CHECK(offer.error().detail.size() > 20);
        }
    }
}

TEST_CASE("candidates that a server must not use are taken out of the offer", "[sdp]") {
    const std::string useful = candidate_line(1) + candidate_line(2, "2001:db8::7");
    const std::string useless = candidate_line(3, "6ea1c7e8-94ab-4c1b-8f2c-000000000000.local") + candidate_line(4, "192.0.2.7", "tcp") +
                                candidate_line(5, "example.org") + candidate_line(6, "224.0.0.1") + candidate_line(7, "0.0.0.0") +
                                candidate_line(8, "255.255.255.255") + candidate_line(9, "ff02::1") + candidate_line(10, "240.0.0.1") +
                                candidate_line(11, "::ffff:198.51.100.7") + candidate_line(12, "0.1.2.3") + candidate_line(13, "127.1") +
                                candidate_line(14, "fe80::1%eth0");
    const auto offer = judge_offer(browser_offer() + useless + useful);
    REQUIRE(offer);
    CHECK(offer->text == browser_offer() + useful);
    CHECK(offer->candidates == 2);
}

TEST_CASE("candidate lines", "[sdp]") {
    CHECK(parse_candidate("candidate:1 1 UDP 2130706431 198.51.100.1 39132 typ host")->usable);
    CHECK(parse_candidate("candidate:842163049 1 udp 1677729535 203.0.113.4 46154 typ srflx raddr 10.0.0.1 rport 46154 generation 0")
              ->usable);
    CHECK_FALSE(parse_candidate("candidate:1 1 tcp 1 198.51.100.1 9 typ host tcptype active")->usable);
    CHECK_FALSE(parse_candidate("candidate:1 1 udp 1 198.51.100.1 0 typ host")->usable);
    for (const char* bad :
         {"", "candidate:", "candidate:1", "candidate:1 1 udp 1 198.51.100.1 39132 host", "candidate:1 1 udp x 198.51.100.1 1 typ host",
          "candidate:1 999 udp 1 198.51.100.1 1 typ host", "candidate:1 1 udp 1 198.51.100.1 99999 typ host",
          "candidate:1  1 udp 1 198.51.100.1 1 typ host", "candidate:\xff 1 udp 1 198.51.100.1 1 typ host"})
        CHECK_FALSE(parse_candidate(bad));
}

TEST_CASE("trickled fragments", "[sdp]") {
    const auto fragment = parse_sdp_fragment(
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n" +
        candidate_line(1) + candidate_line(2, "x.local") + "a=end-of-candidates\r\n");
    REQUIRE(fragment);
    CHECK(fragment->ice_ufrag == "EsAw");
    CHECK(fragment->ice_password == "P2uYro0UCOQ4zxjKXaWCBui1");
    CHECK(fragment->end_of_candidates);
    REQUIRE(fragment->candidates.size() == 2);
    CHECK(fragment->candidates[0].mid == "1");
    CHECK(fragment->candidates[0].candidate.usable);
    CHECK_FALSE(fragment->candidates[1].candidate.usable);
    CHECK(parse_sdp_fragment("a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n"));
    for (const std::string& bad : {std::string(), std::string("hello"), std::string("a=mid:0\r\n"), std::string("v=0\r\na=mid:0\r\n"),
                                   std::string("a=ice-ufrag:x\r\n"), std::string("a=candidate:broken\r\n"),
                                   std::string("a=ice-ufrag:EsAw\0\r\n", 18), std::string(2000, '\n')})
        CHECK_FALSE(parse_sdp_fragment(bad));
}

TEST_CASE("10000 mangled offers and fragments are answered, and what passes still begins with v=0", "[sdp]") {
    std::mt19937 random(7);
    const std::string offer = browser_offer() + candidate_line(1);
    const std::string fragment = "a=ice-ufrag:EsAw\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + candidate_line(1);
    int passed = 0;
    for (int i = 0; i < 10000; ++i) {
        std::string text = i % 4 ? offer : fragment;
        for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
            const std::size_t at = random() % text.size();
            switch (random() % 4) {
                case 0:
                    text[at] = static_cast<char>(random());
                    break;
                case 1:
                    text.erase(at, 1 + random() % 40);
                    break;
                case 2:
                    text.insert(at, text.substr(random() % text.size(), random() % 60));
                    break;
                default:
                    text.resize(at + 1);
            }
            if (text.empty()) text = "v";
        }
        if (const auto judged = judge_offer(text)) {
            ++passed;
            CHECK(judged->text.substr(0, 5) == "v=0\r\n");
        }
        (void)parse_sdp_fragment(text);
    }
    CHECK(passed > 100);
    CHECK(passed < 7000);
}
