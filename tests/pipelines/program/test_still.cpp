// The still: the right picture, its colours as they were, and nothing made when nobody asks.

#include "pipelines/program/still.h"

#include <turbojpeg.h>

#include <future>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

struct Rgb {
    int r, g, b;
};

/// One colour in BT.709 at studio range.
VideoFramePtr picture_of(const Rgb& c, int width, int height, std::uint64_t sequence = 1) {
    auto frame = std::make_shared<VideoFrame>(width, height);
    const double r = c.r / 255.0, g = c.g / 255.0, b = c.b / 255.0;
    const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    fill(frame->view(), static_cast<std::uint8_t>(16 + 219 * y + 0.5), static_cast<std::uint8_t>(128 + 224 * (b - y) / 1.8556 + 0.5),
         static_cast<std::uint8_t>(128 + 224 * (r - y) / 1.5748 + 0.5));
    frame->sequence = sequence;
    return frame;
}

Rgb centre_of(const std::string& jpeg, int& width, int& height) {
    const tjhandle decoder = tjInitDecompress();
    int sampling = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
    REQUIRE(tjDecompressHeader2(decoder, const_cast<unsigned char*>(bytes), jpeg.size(), &width, &height, &sampling) == 0);
    std::vector<unsigned char> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    REQUIRE(tjDecompress2(decoder, bytes, jpeg.size(), pixels.data(), width, 0, height, TJPF_RGB, 0) == 0);
    tjDestroy(decoder);
    const std::size_t at =
        (static_cast<std::size_t>(height / 2) * static_cast<std::size_t>(width) + static_cast<std::size_t>(width / 2)) * 3;
    return {pixels[at], pixels[at + 1], pixels[at + 2]};
}

}  // namespace

TEST_CASE("a JPEG has the colours that the program has", "[still]") {
    for (const Rgb c :
         {Rgb{0, 0, 0}, Rgb{255, 255, 255}, Rgb{128, 128, 128}, Rgb{200, 30, 40}, Rgb{20, 180, 60}, Rgb{30, 60, 210}, Rgb{230, 200, 40}}) {
        const auto jpeg = jpeg_of(picture_of(c, 322, 182)->view(), 95);
        REQUIRE(jpeg);
        int width = 0, height = 0;
        const Rgb seen = centre_of(*jpeg, width, height);
        CHECK(width == 322);
        CHECK(height == 182);
        CAPTURE(c.r, c.g, c.b, seen.r, seen.g, seen.b);
        CHECK(std::abs(seen.r - c.r) <= 4);
        CHECK(std::abs(seen.g - c.g) <= 4);
        CHECK(std::abs(seen.b - c.b) <= 4);
    }
}

TEST_CASE("a still is the next frame of the program with its scene, shared by those who ask at once", "[still]") {
    const auto tap = ProgramTap::create();
    std::promise<void> reading;
    tap->on_readers([&, told = false](std::size_t count) mutable {
        if (count == 1 && !std::exchange(told, true)) reading.set_value();
    });
    StillMaker maker(tap);
    CHECK(tap->readers() == 0);
    std::promise<Result<Still>> first, second;
    maker.take([&](Result<Still> still) { first.set_value(std::move(still)); });
    reading.get_future().get();
    maker.take([&](Result<Still> still) { second.set_value(std::move(still)); });
    auto scene = std::make_shared<SceneFrame>();
    scene->number = 812;
    tap->push({picture_of({200, 30, 40}, 320, 180), scene, nullptr, 0});
    const auto one = first.get_future().get(), two = second.get_future().get();
    REQUIRE(one);
    REQUIRE(two);
    CHECK(one->frame == 812);
    CHECK(one->jpeg == two->jpeg);
    const auto read = scene_frame_from_cbor(one->scene);
    REQUIRE(read);
    CHECK(read->number == 812);
    CHECK(tap->readers() == 0);
}

TEST_CASE("a program that stands still gives a sentence, and so does a show that closes", "[still]") {
    std::promise<Result<Still>> answer;
    auto maker = std::make_unique<StillMaker>(ProgramTap::create());
    maker->take([&](Result<Still> still) { answer.set_value(std::move(still)); });
    maker.reset();
    CHECK_FALSE(answer.get_future().get());
}
