#include <algorithm>
#include <cstdlib>

#include "overlays/reading/font_check.h"
#include "overlays/reading/picture_decoder.h"
#include "tests/overlays/reading/hostile_files.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr std::uint64_t plenty = 1'000'000;

/// The picture's bytes with an Exif segment that says its orientation, in either byte order.
hostile::Bytes with_orientation(std::uint8_t orientation, bool little) {
    hostile::Bytes exif{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
    const hostile::Bytes intel{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0};
    const hostile::Bytes motorola{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0};
    exif.insert(exif.end(), (little ? intel : motorola).begin(), (little ? intel : motorola).end());
    hostile::Bytes bytes = hostile::sound_jpeg(100);
    bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
    return bytes;
}

}  // namespace

TEST_CASE("a PNG's pixels come out as they went in", "[reading]") {
    const auto picture = decode_picture(hostile::sound_png(), 4096, plenty);
    REQUIRE(picture);
    REQUIRE(picture->width == 16);
    REQUIRE(picture->height == 12);
    for (std::size_t y = 0; y < 12; ++y)
        for (std::size_t x = 0; x < 16; ++x) {
            const std::uint8_t* p = &picture->rgba[(y * 16 + x) * 4];
            CHECK((p[0] == x * 16 && p[1] == y * 20 && p[2] == 77 && p[3] == 255));
        }
}

TEST_CASE("a JPEG is turned as its Exif orientation says", "[reading]") {
    // Where the stored picture's point (x, y) of 16 × 12 is shown: Exif 2.3, 4.6.4.
    const auto shown = [](int orientation, int x, int y) -> std::pair<int, int> {
        switch (orientation) {
            case 2:
                return {15 - x, y};
            case 3:
                return {15 - x, 11 - y};
            case 4:
                return {x, 11 - y};
            case 5:
                return {y, x};
            case 6:
                return {11 - y, x};
            case 7:
                return {11 - y, 15 - x};
            case 8:
                return {y, 15 - x};
            default:
                return {x, y};
        }
    };
    for (int orientation = 1; orientation <= 8; ++orientation)
        for (const bool little : {false, true}) {
            const auto picture = decode_picture(with_orientation(static_cast<std::uint8_t>(orientation), little), 4096, plenty);
            REQUIRE(picture);
            CHECK(picture->width == (orientation >= 5 ? 12 : 16));
            int worst = 0;
            for (int y = 0; y < 12; ++y)
                for (int x = 0; x < 16; ++x) {
                    const auto [sx, sy] = shown(orientation, x, y);
                    const std::uint8_t* p = &picture->rgba[static_cast<std::size_t>(sy * picture->width + sx) * 4];
                    worst = std::max({worst, std::abs(p[0] - x * 16), std::abs(p[1] - y * 20)});
                }
            INFO("orientation " << orientation);
            CHECK(worst <= 6);
        }
}

TEST_CASE("an orientation that makes no sense is passed over", "[reading]") {
    for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{9}, std::uint8_t{255}}) {
        const auto picture = decode_picture(with_orientation(value, true), 4096, plenty);
        REQUIRE(picture);
        CHECK(picture->width == 16);
    }
}

TEST_CASE("pictures are judged by their header before they are decoded", "[reading]") {
    CHECK(decode_picture(hostile::sound_png(), 16, 16 * 12));
    CHECK_FALSE(decode_picture(hostile::sound_png(), 15, plenty));
    CHECK_FALSE(decode_picture(hostile::sound_png(), 16, 16 * 12 - 1));
    CHECK_FALSE(decode_picture(hostile::sound_jpeg(), 15, plenty));
    const auto header = picture_header(hostile::sound_jpeg(90, true));
    REQUIRE(header);
    CHECK(header->format == PictureFormat::jpeg);
    CHECK(header->width == 16);
    CHECK(header->height == 12);
}

TEST_CASE("a sound font is taken", "[reading]") {
    const auto facts = check_font(hostile::sound_font());
    INFO((facts ? std::string() : facts.error().message));
    REQUIRE(facts);
    CHECK(facts->family == "Vitrine Test");
    CHECK(facts->glyphs == 3);
}
