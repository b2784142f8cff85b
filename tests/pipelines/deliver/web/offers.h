#pragma once
// Offers as browsers make them.

#include <string>

namespace vitrine::test {

inline const std::string offer_fingerprint =
    "sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08";

inline std::string transport(const std::string& ufrag = "EsAw") {
    return "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:" + ufrag + "\r\na=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\n" +
           "a=ice-options:trickle\r\na=fingerprint:" + offer_fingerprint + "\r\na=setup:actpass\r\n";
}

inline std::string video_section(const std::string& direction = "recvonly", const std::string& mid = "0",
                                 const std::string& codec = "H264/90000") {
    return "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" + transport() + "a=mid:" + mid + "\r\na=" + direction +
           "\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 " + codec +
           "\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=fmtp:96 "
           "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
           "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
}

inline std::string audio_section(const std::string& direction = "recvonly", const std::string& mid = "1",
                                 const std::string& codec = "opus/48000/2") {
    return "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + transport() + "a=mid:" + mid + "\r\na=" + direction + "\r\na=rtcp-mux\r\na=rtpmap:111 " +
           codec + "\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
}

inline std::string offer_head(const std::string& group = "a=group:BUNDLE 0 1\r\n") {
    return "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + group +
           "a=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n";
}

inline std::string browser_offer() { return offer_head() + video_section() + audio_section(); }

inline std::string candidate_line(int number, const std::string& address = "192.0.2.7", const std::string& transport = "udp") {
    return "a=candidate:" + std::to_string(1000 + number) + " 1 " + transport + " 2122260223 " + address + " " +
           std::to_string(50000 + number) + " typ host generation 0\r\n";
}

}  // namespace vitrine::test
