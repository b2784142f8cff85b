#include "engine/scene_frame.h"

#include <cmath>
#include <limits>
#include <random>

#include "tests/support/catch.h"
#include "tests/support/patience.h"

using namespace vitrine;

namespace {

Anchor anchor(std::string product, float visibility) {
    Anchor a;
    a.product = std::move(product);
    a.visibility = visibility;
    a.homography = {0.002F, 0.0001F, 0.25F, 0.0003F, 0.004F, 0.125F, 0.00001F, 0.00002F, 1};
    return a;
}

SceneFrame random_frame(std::mt19937& random) {
    const auto number = [&](double low, double high) {
        return static_cast<float>(std::uniform_real_distribution<double>(low, high)(random));
    };
    const auto count = [&](unsigned most) { return random() % (most + 1); };
    SceneFrame f;
    f.number = random() >> (random() % 32);
    f.capture_utc_us = static_cast<std::int64_t>(random()) * 1'000'003 - 1'000'000'000'000;
    f.state_version = random();
    f.chapter = static_cast<int>(count(40));
    for (unsigned i = count(3); i > 0; --i) {
        f.sources.push_back(
            {"camera" + std::to_string(i), random(), {number(-1, 1), number(-1, 1), number(0, 2), number(0, 2)}, number(0, 1)});
    }
    for (unsigned i = count(3); i > 0; --i) {
        Anchor a;
        a.product = std::string(count(20), 'p');
        a.visibility = number(0, 1);
        for (float& h : a.homography) h = number(-3, 3);
        if (count(1) == 1) a.pose = {number(-3, 3), number(-3, 3), number(-3, 3), number(-900, 900), number(-900, 900), number(0, 5000)};
        if (count(1) == 1) a.intrinsics = {number(0.1, 3), number(0.1, 3), number(0, 1), number(0, 1)};
        f.anchors.push_back(a);
    }
    for (unsigned i = count(3); i > 0; --i) {
        DataValue v{"value" + std::to_string(i), 0.0, number(0, 100)};
        if (count(2) == 0) {
            v.value = std::string(count(10), 't');
        } else {
            v.value = std::ldexp(std::uniform_real_distribution<double>(-1, 1)(random), static_cast<int>(count(200)) - 100);
        }
        f.values.push_back(v);
    }
    return f;
}

}  // namespace

TEST_CASE("a scene frame survives the way through CBOR exactly", "[scene_frame]") {
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) {
        const SceneFrame frame = random_frame(random);
        const auto bytes = to_cbor(frame);
        REQUIRE(bytes.size() <= scene_frame_limit);
        const auto read = scene_frame_from_cbor(bytes);
        INFO((read ? "" : read.error().message));
        REQUIRE(read.has_value());
        REQUIRE(*read == frame);
    }
}

TEST_CASE("every shorter piece of a scene frame is refused", "[scene_frame]") {
    std::mt19937 random(2);
    for (int i = 0; i < 20; ++i) {
        const auto bytes = to_cbor(random_frame(random));
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            CAPTURE(i, length);
            REQUIRE_FALSE(scene_frame_from_cbor({bytes.data(), length}).has_value());
        }
    }
}

TEST_CASE("flipped bits and noise are refused or read as a sound frame, never more", "[scene_frame]") {
    std::mt19937 random(3);
    int read = 0, refused = 0;
    const auto judge = [&](const std::vector<std::uint8_t>& bytes) {
        const auto frame = scene_frame_from_cbor(bytes);
        frame ? ++read : ++refused;
        if (!frame) return;
        for (const auto& s : frame->sources) REQUIRE((s.rect[2] >= 0 && s.rect[3] >= 0 && s.opacity >= 0 && s.opacity <= 1));
        for (const auto& a : frame->anchors) {
            REQUIRE((a.visibility >= 0 && a.visibility <= 1));
            for (const float h : a.homography) REQUIRE(std::isfinite(h));
        }
        REQUIRE(scene_frame_from_cbor(to_cbor(*frame)).has_value());
    };
    for (int i = 0; i < 40 / test::patience; ++i) {
        const auto whole = to_cbor(random_frame(random));
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            auto bytes = whole;
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            judge(bytes);
        }
    }
    for (int i = 0; i < 20000 / test::patience; ++i) {
        std::vector<std::uint8_t> bytes(random() % 80);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(0xa0 | (bytes[0] & 7));
        judge(bytes);
    }
    CHECK(read > 1000);
    CHECK(refused > 1000);
}

TEST_CASE("what does not fit is left out: values, then the least visible anchors, then sources", "[scene_frame]") {
    SceneFrame f;
    f.number = 5;
    f.sources = {{"line", 1, {0, 0, 1, 1}, 1}};
    for (int i = 0; i < 13; ++i) f.anchors.push_back(anchor("P" + std::to_string(10 + i), static_cast<float>((i * 5) % 13 + 1) / 16));
    const SceneFrame anchors_fit = f;
    f.values = {{"first", 1.5, 0}, {"second", std::string(300, 'x'), 0}};
    {
        const auto read = scene_frame_from_cbor(to_cbor(f));
        REQUIRE(read.has_value());
        CHECK(read->anchors == anchors_fit.anchors);  // none lost to values
        REQUIRE(read->values.size() == 1);
        CHECK(read->values[0].key == "first");
    }
    for (int i = 0; i < 30; ++i) f.anchors.push_back(anchor("more", 0.03F));
    {
        const auto read = scene_frame_from_cbor(to_cbor(f));
        REQUIRE(read.has_value());
        CHECK(read->values.empty());
        REQUIRE(read->anchors.size() >= 13);
        for (std::size_t i = 0; i < 13; ++i) CHECK(read->anchors[i] == anchors_fit.anchors[i]);
        CHECK(read->sources == f.sources);
    }
    f.sources.push_back({std::string(2000, 'c'), 1, {0, 0, 1, 1}, 1});
    {
        const auto bytes = to_cbor(f);
        CHECK(bytes.size() <= scene_frame_limit);
        const auto read = scene_frame_from_cbor(bytes);
        REQUIRE(read.has_value());
        CHECK(read->number == 5);
        CHECK(read->sources.size() == 1);
    }
}

TEST_CASE("what a reader would refuse is not written", "[scene_frame]") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    SceneFrame f;
    f.chapter = -3;
    f.sources = {
        {"good", 1, {0, 0, 1, 1}, 1}, {"negative", 1, {0, 0, -1, 1}, 1}, {"nan", 1, {nan, 0, 1, 1}, 1}, {"thick", 1, {0, 0, 1, 1}, 2}};
    f.anchors = {anchor("good", 1), anchor("nan", nan), anchor("\xff", 1), anchor("pose", 1)};
    f.anchors[3].pose = {0, 0, 0, 0, 0, std::numeric_limits<float>::infinity()};
    f.values = {{"good", 1.0, 0}, {"inf", std::numeric_limits<double>::infinity(), 0}, {"old", 1.0, -1}, {"text", std::string("\xc3"), 0}};
    const auto read = scene_frame_from_cbor(to_cbor(f));
    REQUIRE(read.has_value());
    CHECK(read->chapter == 0);
    REQUIRE(read->sources.size() == 1);
    REQUIRE(read->anchors.size() == 1);
    REQUIRE(read->values.size() == 1);
    CHECK(read->sources[0].camera == "good");
    CHECK(read->anchors[0].product == "good");
    CHECK(read->values[0].key == "good");
}

TEST_CASE("more than 64 of anything is cut to what a reader takes", "[scene_frame]") {
    SceneFrame f;
    f.anchors.resize(200);
    const auto read = scene_frame_from_cbor(to_cbor(f));
    REQUIRE(read.has_value());
    CHECK(read->anchors.size() == 64);
}

TEST_CASE("floats travel as 32 bits, values as short as they are exact", "[scene_frame]") {
    const auto size_with = [](double value) {
        SceneFrame f;
        f.values = {{"k", value, 0}};
        return to_cbor(f).size();
    };
    const std::size_t integer = size_with(7);
    CHECK(size_with(0.5) == integer + 4);
    CHECK(size_with(0.1) == integer + 8);
    CHECK(size_with(-7) == integer);
    CHECK(size_with(70000) == integer + 4);
    SceneFrame f;
    f.anchors = {anchor("P", 0.3F)};
    const std::size_t without = to_cbor(f).size();
    f.anchors[0].pose = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F};
    CHECK(to_cbor(f).size() == without + 2 + 6 * 5);  // key, list head, six floats
}
