#include "pipelines/record/audio_line.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr Nanoseconds ms = 1'000'000;

/// A 10 ms block of one value.
AudioBlock block(Nanoseconds pts, std::int16_t value) { return {std::make_shared<std::vector<std::int16_t>>(960, value), pts}; }

struct Line {
    std::vector<std::int16_t> left;
    Nanoseconds expected = 0;
    AudioLine line{[this](const AudioBlock& b) {
        CHECK(b.pts == expected);  // unbroken
        for (std::size_t i = 0; i < b.samples->size(); i += 2) left.push_back((*b.samples)[i]);
        expected = static_cast<Nanoseconds>(left.size()) * 1'000'000'000 / 48'000;
    }};
};

}  // namespace

TEST_CASE("sound before the first picture is cut to the sample") {
    Line out;
    out.line.put(block(-20 * ms, 1));
    CHECK(out.left.empty());
    out.line.put(block(-4 * ms, 2));
    REQUIRE(out.left.size() == 288);  // 6 ms
    CHECK(out.left.front() == 2);
    out.line.put(block(6 * ms, 3));
    CHECK(out.left.size() == 288 + 480);
    CHECK(out.line.end() == 16 * ms);
}

TEST_CASE("gaps become silence, overlaps are cut, small wander is left alone") {
    Line out;
    out.line.put(block(0, 5));
    out.line.put(block(12 * ms, 6));  // 2 ms late: a time stamp that wanders
    CHECK(out.left.size() == 960);
    out.line.put(block(250 * ms, 7));
    CHECK(out.left.size() == 48 * 250 + 480);
    CHECK(out.left[960] == 0);
    CHECK(out.left[48 * 250 - 1] == 0);
    CHECK(out.left[48 * 250] == 7);
    out.line.put(block(240 * ms, 8));  // wholly in the past
    CHECK(out.left.size() == 48 * 250 + 480);
    out.line.put(block(253 * ms, 9));  // 7 ms of it are
    CHECK(out.left.size() == 48 * 263);
    CHECK(out.left.back() == 9);
}

TEST_CASE("sound that stops is carried on as silence") {
    Line out;
    out.line.put(block(0, 5));
    out.line.fill(9 * ms);
    CHECK(out.line.end() == 10 * ms);
    out.line.fill(1000 * ms);
    CHECK(out.line.end() == 1000 * ms);
    CHECK(out.left.back() == 0);
    out.line.put({nullptr, 2000 * ms});
    CHECK(out.line.end() == 1000 * ms);
}
