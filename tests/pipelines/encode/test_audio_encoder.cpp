#include "pipelines/encode/encoders.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;

TEST_CASE("sound becomes Opus packets of 10 ms on the show's time", "[encode]") {
    TestProgram program;
    AudioEncoder encoder(program.audio, program.epoch);
    CHECK(program.audio->readers() == 0);
    auto reader = encoder.output()->read(100);
    REQUIRE(wait_until([&] { return program.audio->readers() == 1; }));
    constexpr Nanoseconds first = 3'000'000'000;
    std::vector<EncodedUnit> packets;
    std::size_t bytes = 0;
    while (packets.size() < 50) {
        program.audio->push(program.next_sound(first));
        if (auto packet = reader->pop(packets.empty() ? 1000ms : 200ms)) {
            bytes += gst_buffer_get_size(packet->buffer.get());
            packets.push_back(std::move(*packet));
        }
    }
    const auto at = [&](std::size_t n) { return static_cast<Nanoseconds>(GST_BUFFER_PTS(packets[n].buffer.get())); };
    CHECK(at(0) == first);
    // The codec looks 6.5 ms ahead (RFC 7845 calls it pre-skip), which shortens the first packet and dates all later ones.
    for (std::size_t i = 1; i < packets.size(); ++i)
        CHECK(std::abs(at(i) - (first + static_cast<Nanoseconds>(i) * 10'000'000 - 6'500'000)) <= 1);
    CHECK(bytes * 8 / packets.size() == Approx(64000 * 0.01).epsilon(0.1));  // 64 kbit/s
    reader.reset();
    REQUIRE(wait_until([&] { return program.audio->readers() == 0; }));
}
