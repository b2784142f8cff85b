#include "pipelines/encode/h264_elements.h"
#include "pipelines/encode/keyframe_gate.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("hardware encoders come before software, the known good one before the other") {
    CHECK(*choose_h264_encoder({"openh264enc", "x264enc", "nvh264enc"}) == "nvh264enc");
    CHECK(*choose_h264_encoder({"openh264enc", "x264enc", "vaapih264enc", "vah264enc"}) == "vah264enc");
    CHECK(*choose_h264_encoder({"v4l2h264enc", "x264enc"}) == "v4l2h264enc");
    CHECK(*choose_h264_encoder({"openh264enc", "x264enc"}) == "x264enc");
    CHECK(*choose_h264_encoder({"openh264enc"}) == "openh264enc");
    CHECK(*choose_h264_encoder({"x265enc", "openh264enc"}) == "openh264enc");
}

TEST_CASE("without an encoder the sentence says what to install") {
    for (const auto& none : {std::set<std::string>{}, std::set<std::string>{"jpegenc"}}) {
        const auto choice = choose_h264_encoder(none);
        REQUIRE_FALSE(choice);
        CHECK(choice.error().kind == ErrorKind::missing);
        CHECK(choice.error().message.find("gstreamer1.0-plugins-ugly") != std::string::npos);
    }
}

TEST_CASE("a usable encoder is one that opens") {
    const auto usable = usable_h264_encoders();
    CHECK(usable.count("x264enc") == 1);
    for (const auto& name : usable) CHECK(std::count(h264_candidates().begin(), h264_candidates().end(), name) == 1);
}

TEST_CASE("the rung's figures reach every encoder in its own units") {
    const Rung rung{.width = 640, .height = 360, .fps = 25, .bitrate_kbps = 900, .keyframe_s = 2};
    for (const auto& name : h264_candidates()) {
        const std::string text = h264_description(name, rung);
        CAPTURE(name, text);
        CHECK(text.find(name + " name=encoder") != std::string::npos);
        CHECK((text.find("=900 ") != std::string::npos || text.find("=900000") != std::string::npos));
        CHECK(text.find("=50") != std::string::npos);  // frames between keyframes
        CHECK(text.find("width=640,height=360") != std::string::npos);
        CHECK(text.find("constrained-baseline") != std::string::npos);
    }
    CHECK(h264_description("x265enc", rung).empty());
}

TEST_CASE("keyframe requests are joined and at least 300 ms apart") {
    constexpr Nanoseconds ms = 1'000'000;
    KeyframeGate gate;
    CHECK_FALSE(gate.due(0));
    gate.request();
    CHECK(gate.due(33 * ms));
    CHECK_FALSE(gate.due(66 * ms));
    gate.request();
    gate.request();
    CHECK_FALSE(gate.due(100 * ms));
    CHECK_FALSE(gate.due(332 * ms));
    CHECK(gate.due(333 * ms));  // the request that came too early is honoured later, once
    CHECK_FALSE(gate.due(900 * ms));
}

TEST_CASE("a keyframe that the encoder made by itself serves who had asked and counts for the gap") {
    constexpr Nanoseconds ms = 1'000'000;
    KeyframeGate gate;
    gate.request();
    gate.made(1000 * ms);
    CHECK_FALSE(gate.due(1400 * ms));
    gate.made(2000 * ms);
    gate.request();
    CHECK_FALSE(gate.due(2100 * ms));
    CHECK(gate.due(2300 * ms));
}
