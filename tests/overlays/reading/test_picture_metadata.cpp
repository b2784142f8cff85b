// Pictures without what their makers wrote beside them: the same pixels, nothing else.

#include "engine/picture_metadata.h"
#include "overlays/reading/picture_decoder.h"
#include "tests/overlays/reading/hostile_files.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::string text_of(const hostile::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string segment(char marker, const std::string& content) {
    const std::size_t length = content.size() + 2;
    return std::string("\xff") + marker + static_cast<char>(length >> 8) + static_cast<char>(length) + content;
}

/// As a phone writes it: turned, with a place, a thumbnail, a second picture and a film behind it.
std::string phone_jpeg() {
    std::string exif("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 32);
    std::string bytes = text_of(hostile::sound_jpeg(100));
    bytes.insert(2, segment('\xe1', exif + "secret place") + segment('\xe1', "http://ns.adobe.com/xap/1.0/ secret name") +
                        segment('\xe2', "MPF secret offsets") + segment('\xe2', std::string("ICC_PROFILE\0\1\1colours", 21)) +
                        segment('\xed', "Photoshop secret words") + segment('\xfe', "secret remark"));
    return bytes + "secret film" + bytes;
}

std::string chunk(const std::string& type, const std::string& content) {
    const auto n = static_cast<std::uint32_t>(content.size());
    return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)} + type +
           content + "CRC!";
}

std::string talking_png() {
    std::string bytes = text_of(hostile::sound_png());
    bytes.insert(33, chunk("tEXt", "Author\0secret") + chunk("iTXt", "secret") + chunk("zTXt", "secret") +
                         chunk("eXIf", "MM secret place") + chunk("tIME", "secret!"));
    return bytes + "secret tail";
}

std::vector<std::uint8_t> pixels(const std::string& bytes, int& width) {
    const auto picture = decode_picture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, 4096, 1'000'000);
    REQUIRE(picture);
    width = picture->width;
    return picture->rgba;
}

}  // namespace

TEST_CASE("a photo keeps its pixels, its turn and its colours, and tells nothing else", "[reading]") {
    const std::string phone = phone_jpeg();
    const auto plain = without_metadata(phone);
    REQUIRE(plain);
    CHECK(plain->find("secret") == std::string::npos);
    CHECK(plain->find("colours") != std::string::npos);
    CHECK(plain->ends_with("\xff\xd9"));
    int before = 0, after = 0;
    CHECK(pixels(phone, before) == pixels(*plain, after));
    CHECK(before == 12);  // 16 × 12 stands on its side
    CHECK(after == 12);
    CHECK(without_metadata(*plain) == plain);

    const std::string upright = text_of(hostile::sound_jpeg(100));
    CHECK(without_metadata(upright)->find("Exif") == std::string::npos);
    CHECK(pixels(upright, before) == pixels(*without_metadata(upright), after));
}

TEST_CASE("a PNG keeps its pixels and tells nothing else", "[reading]") {
    const auto plain = without_metadata(talking_png());
    REQUIRE(plain);
    CHECK(*plain == text_of(hostile::sound_png()));
}

TEST_CASE("what is no whole picture comes to nothing, whatever its bytes", "[reading]") {
    for (const char* other : {"", "GIF89a", "\xff\xd8", "\x89PNG\r\n\x1a\n", "<svg xmlns='http://www.w3.org/2000/svg'/>"})
        CHECK_FALSE(without_metadata(other));
    const std::string end("\0\0\0\0IEND\xae\x42\x60\x82", 12);
    for (const std::string& whole : {phone_jpeg(), talking_png()}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto plain = without_metadata(std::string_view(whole).substr(0, size));
            if (plain) CHECK(plain->find("secret") == std::string::npos);
            if (plain) CHECK(without_metadata(*plain) == plain);  // nothing more goes the second time
        }
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const char value : {'\x00', '\xff', '\x7f'}) {
                std::string damaged = whole;
                damaged[at] = value;
                if (const auto plain = without_metadata(damaged)) CHECK(plain->size() <= damaged.size() + 36);
            }
    }
    CHECK_FALSE(without_metadata(std::string("\x89PNG\r\n\x1a\n\xff\xff\xff\xff", 12) + "IDAT" + end));
}
