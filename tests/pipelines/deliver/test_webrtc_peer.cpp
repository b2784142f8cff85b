#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <set>

#include "engine/log.h"
#include "pipelines/deliver/webrtc_peer.h"
#include "pipelines/encode/annex_b.h"
#include "pipelines/encode/sei.h"
#include "pipelines/gst.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/pipelines/support/webrtc_client.h"
#include "tests/support/catch.h"
#include "tests/support/patience.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds second = 1'000'000'000;

std::optional<SceneFrame> scene_in(const WebRtcClient::Unit& unit) {
    const auto cbor = find_scene_sei(unit.data);
    if (!cbor) return std::nullopt;
    auto scene = scene_frame_from_cbor(*cbor);
    return scene ? std::optional(*scene) : std::nullopt;
}

bool is_keyframe(const WebRtcClient::Unit& unit) {
    NalReader reader(unit.data);
    while (const auto nal = reader.next())
        if (nal->type() == nal_idr) return true;
    return false;
}

/// A program on air with its encoders, and what a viewer of it hears back.
struct Show {
    TestProgram program;
    VideoEncoder video{program.video,
                       Rung{.name = "test", .width = 320, .height = 180, .fps = 30, .bitrate_kbps = 400, .keyframe_s = 60},
                       program.epoch,
                       {}};
    AudioEncoder audio{program.audio, program.epoch};
    std::mutex mutex;
    std::string why_gone;
    std::map<std::uint32_t, std::uint64_t> scenes;  ///< by RTP time

    Show() { program.run(); }

    struct Viewer {
        std::shared_ptr<WebRtcPeer> peer;
        Result<std::string> answer = fail("none");
    };
    Viewer invite(const std::string& offer, Nanoseconds dead_after = 10 * second, Nanoseconds connect_within = 10 * second) {
        auto answered = std::make_shared<std::promise<Result<std::string>>>();
        Viewer viewer;
        viewer.peer = WebRtcPeer::create(offer, {video.output(), audio.output(), [this] { video.request_keyframe(); }, program.epoch, {}},
                                         {.answer = [answered](Result<std::string> answer) { answered->set_value(std::move(answer)); },
                                          .gone =
                                              [this](std::string why) {
                                                  std::lock_guard lock(mutex);
                                                  why_gone = std::move(why);
                                              },
                                          .scene =
                                              [this](std::uint32_t rtp_time, std::shared_ptr<const SceneFrame> scene) {
                                                  std::lock_guard lock(mutex);
                                                  scenes[rtp_time] = scene->number;
                                              }},
                                         dead_after, connect_within);
        auto future = answered->get_future();
        REQUIRE(future.wait_for(5s * patience) == std::future_status::ready);
        viewer.answer = future.get();
        return viewer;
    }
    std::string gone() {
        std::lock_guard lock(mutex);
        return why_gone;
    }
};

}  // namespace

TEST_CASE("a viewer gets a keyframe first, then every picture with its scene frame", "[webrtc]") {
    for (const bool audio_first : {false, true}) {
        Show show;
        WebRtcClient client({.audio_first = audio_first});
        auto viewer = show.invite(client.offer());
        REQUIRE(viewer.answer);
        viewer.peer->want_scenes(true);
        client.accept(*viewer.answer);
        REQUIRE(client.wait_connected(5s * patience));
        std::vector<std::uint64_t> numbers;
        std::vector<std::uint32_t> rtp_times;
        while (numbers.size() < 30) {
            const auto unit = client.next(5s * patience);
            REQUIRE(unit);
            if (numbers.empty()) CHECK(is_keyframe(*unit));
            const auto scene = scene_in(*unit);
            REQUIRE(scene);
            if (!numbers.empty()) CHECK(scene->number == numbers.back() + 1);
            numbers.push_back(scene->number);
            rtp_times.push_back(unit->rtp_time);
        }
        {
            // What the socket tells by RTP time is true of the packets on the wire.
            CHECK(wait_until([&] {
                std::lock_guard lock(show.mutex);
                return show.scenes.count(rtp_times.back()) == 1;
            }));
            std::lock_guard lock(show.mutex);
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                CAPTURE(i, rtp_times[i], numbers[i]);
                REQUIRE(show.scenes.count(rtp_times[i]) == 1);
                CHECK(show.scenes[rtp_times[i]] == numbers[i]);
            }
        }
        CHECK(wait_until([&] { return client.audio_packets() > 10; }));
        const auto stats = viewer.peer->stats();
        CHECK(stats.connected);
        CHECK(stats.frames_sent >= 30);
        CHECK(stats.frames_dropped == 0);
        CHECK(stats.bytes_sent > 10'000);
        CHECK(show.gone().empty());
    }
}

TEST_CASE("the answer sends only, carries all candidates, and offers what lost packets need", "[webrtc]") {
    Show show;
    WebRtcClient client({.audio_first = true, .video_payload_type = 109});
    const std::string offer = client.offer();
    auto viewer = show.invite(offer);
    REQUIRE(viewer.answer);
    const std::string& answer = *viewer.answer;
    CAPTURE(answer);
    const auto count = [&](const std::string& what) {
        int n = 0;
        for (auto at = answer.find(what); at != std::string::npos; at = answer.find(what, at + 1)) ++n;
        return n;
    };
    CHECK(count("a=sendonly\r\n") == 2);
    CHECK(count("a=setup:active\r\n") == 2);
    CHECK(count("a=rtcp-mux\r\n") == 2);
    CHECK(count("a=group:BUNDLE ") == 1);
    CHECK(count("m=audio") == 1);
    CHECK(answer.find("m=audio") < answer.find("m=video"));
    CHECK(count("m=video 9 UDP/TLS/RTP/SAVPF 109 ") == 1);
    CHECK(count("a=rtcp-fb:109 nack\r\n") == 1);
    CHECK(count("a=rtcp-fb:109 nack pli\r\n") == 1);
    CHECK(count("apt=109") == 1);
    CHECK(count("a=ssrc-group:FID ") == 1);
    CHECK(count("a=msid:vitrine ") == 2);
    CHECK(count("a=mediaclk:direct=") == 2);
    CHECK(count("a=candidate:") >= 1);
    CHECK(count("tcptype") == 0);
    CHECK(count("a=end-of-candidates") == 1);
    const auto ufrag = offer.find("a=ice-ufrag:") + 12;
    CHECK(viewer.peer->remote_ufrag() == offer.substr(ufrag, offer.find("\r\n", ufrag) - ufrag));
}

TEST_CASE("video alone and sound alone are served", "[webrtc]") {
    Show show;
    WebRtcClient video({.audio = false}), audio({.video = false});
    auto video_viewer = show.invite(video.offer());
    auto audio_viewer = show.invite(audio.offer());
    REQUIRE(video_viewer.answer);
    REQUIRE(audio_viewer.answer);
    video.accept(*video_viewer.answer);
    audio.accept(*audio_viewer.answer);
    CHECK(video.next(5s * patience));
    CHECK(wait_until([&] { return audio.audio_packets() > 10; }));
}

TEST_CASE("an offer without a codec we send is the offer's fault", "[webrtc]") {
    Show show;
    WebRtcClient client({.h264 = "packetization-mode=(string)0,profile-level-id=(string)42e01f"});
    const auto viewer = show.invite(client.offer());
    REQUIRE_FALSE(viewer.answer);
    CHECK(viewer.answer.error().kind == ErrorKind::bad_input);
    CHECK_FALSE(viewer.peer->stats().connected);
}

TEST_CASE("a picture loss indication brings a keyframe", "[webrtc]") {
    Show show;  // keyframes by themselves only once a minute
    WebRtcClient client({});
    auto viewer = show.invite(client.offer());
    REQUIRE(viewer.answer);
    client.accept(*viewer.answer);
    REQUIRE(client.next(5s * patience));
    for (int i = 0; i < 12; ++i) CHECK_FALSE(is_keyframe(*client.next(5s * patience)));
    client.ask_keyframe();
    bool keyframe = false;
    for (int i = 0; i < 60 && !keyframe; ++i) keyframe = is_keyframe(*client.next(5s * patience));
    CHECK(keyframe);
    CHECK(viewer.peer->stats().plis >= 1);
}

TEST_CASE("lost packets are sent again", "[webrtc]") {
    Show show;
    WebRtcClient client({.jitter_ms = 400, .loss = 0.05});
    auto viewer = show.invite(client.offer());
    REQUIRE(viewer.answer);
    client.accept(*viewer.answer);
    CHECK(wait_until([&] { return client.recovered_packets() >= 3; }, 10s));
    CHECK(viewer.peer->stats().nacks >= 3);
}

TEST_CASE("early and odd candidates are taken or dropped silently", "[webrtc]") {
    Show show;
    WebRtcClient client({});
    std::string offer = client.offer();
    std::vector<std::string> candidates;
    for (auto at = offer.find("a=candidate:"); at != std::string::npos; at = offer.find("a=candidate:")) {
        const auto end = offer.find("\r\n", at);
        candidates.push_back(offer.substr(at + 2, end - at - 2));
        offer.erase(at, end + 2 - at);
    }
    REQUIRE_FALSE(candidates.empty());
    auto viewer = show.invite(offer);
    REQUIRE(viewer.answer);
    viewer.peer->add_candidate(0, "candidate:1 1 UDP 2113937151 6c1f2e90.local 40000 typ host");
    viewer.peer->add_candidate(0, "candidate:1 1 TCP 1015021823 192.0.2.2 9 typ host tcptype active");
    viewer.peer->add_candidate(7, "candidate:");
    client.accept(*viewer.answer);
    for (const auto& candidate : candidates) viewer.peer->add_candidate(0, candidate);
    REQUIRE(client.wait_connected(5s * patience));
    CHECK(client.next(5s * patience));
}

TEST_CASE("a viewer that falls silent is missed", "[webrtc]") {
    Show show;
    auto client = std::make_unique<WebRtcClient>(WebRtcClient::Options{});
    // Reports have been 0.8 s apart, however short an interval was asked for.
    const Nanoseconds dead_after = 2 * second;
    auto viewer = show.invite(client->offer(), dead_after);
    REQUIRE(viewer.answer);
    client->accept(*viewer.answer);
    client->set_rtcp_interval(second / 10);
    REQUIRE(client->next(5s * patience));
    // Alive for longer than dead_after while it reports.
    const Nanoseconds until = steady_now() + 3 * second;
    while (steady_now() < until) REQUIRE(client->next(1s));
    CHECK(show.gone().empty());
    client->fall_silent();
    REQUIRE(wait_until([&] { return !show.gone().empty(); }));
    const Nanoseconds unheard = steady_now() - client->last_sent();
    CHECK(unheard > dead_after);
    CHECK(unheard < dead_after + second * patience);
    CHECK(show.gone().find("nothing was heard") != std::string::npos);
    CHECK_FALSE(viewer.peer->stats().connected);
}

TEST_CASE("a viewer that says goodbye is gone at once", "[webrtc]") {
    Show show;
    auto client = std::make_unique<WebRtcClient>(WebRtcClient::Options{});
    auto viewer = show.invite(client->offer());
    REQUIRE(viewer.answer);
    client->accept(*viewer.answer);
    REQUIRE(client->next(5s * patience));
    client->say_goodbye();
    CHECK(wait_until([&] { return !show.gone().empty(); }, 2s));
    CHECK(show.gone().find("closed") != std::string::npos);
}

TEST_CASE("a viewer that never connects is given up", "[webrtc]") {
    Show show;
    WebRtcClient client({});
    auto viewer = show.invite(client.offer(), 10 * second, second / 2);
    REQUIRE(viewer.answer);
    CHECK(wait_until([&] { return !show.gone().empty(); }, 2s));
    CHECK(show.gone().find("no connection") != std::string::npos);
}

namespace {

std::size_t entries(const char* folder) {
    std::size_t count = 0;
    DIR* dir = opendir(folder);
    while (readdir(dir)) ++count;
    closedir(dir);
    return count;
}

long resident_kib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (word == "VmRSS:") {
            long kib = 0;
            status >> kib;
            return kib;
        }
    return 0;
}

}  // namespace

TEST_CASE("viewers that come and go leave nothing behind", "[webrtc]") {
    Show show;
    // Two at a time, so that one keyframe serves both: keyframes are 300 ms apart.
    const auto visit = [&] {
        WebRtcClient one({.jitter_ms = 0}), other({.jitter_ms = 0});
        auto first = show.invite(one.offer());
        auto second_one = show.invite(other.offer());
        REQUIRE(first.answer);
        REQUIRE(second_one.answer);
        one.accept(*first.answer);
        other.accept(*second_one.answer);
        REQUIRE(one.next(5s * patience));
        REQUIRE(other.next(5s * patience));
    };
    const auto keep_running = show.video.output()->read(1);
    const auto keep_sounding = show.audio.output()->read(1);
    for (int i = 0; i < 3; ++i) visit();  // caches and pools fill
    const auto files = entries("/proc/self/fd");
    const auto threads = entries("/proc/self/task");
    const long memory = resident_kib();
    for (int i = 0; i < 15; ++i) visit();
    CHECK(entries("/proc/self/fd") <= files);
    CHECK(wait_until([&] { return entries("/proc/self/task") <= threads; }));
    if (!sanitized) CHECK(resident_kib() - memory < 6 * 1024);  // a sanitizer keeps freed memory back
}
