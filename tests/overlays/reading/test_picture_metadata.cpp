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
    // Behind the header of a picture that has none yet: a small copy in the first segment, one in a JFXX, what no standard defines.
    bytes.insert(2, segment('\xe0', std::string("JFIF\0\1\2\0\0\1\0\1\2\2", 14) + "secret thumb") +
                        segment('\xe0', std::string("JFXX\0\x10", 6) + "secret thumb") +
                        segment('\xee', std::string("Adobe\0d\0\0\0\0\1", 12) + "secret behind") + segment('\xe1', exif + "secret place") +
                        segment('\xe1', "http://ns.adobe.com/xap/1.0/ secret name") + segment('\xe2', "MPF secret offsets") +
                        segment('\xe2', std::string("ICC_PROFILE\0\1\1colours", 21)) + segment('\xed', "Photoshop secret words") +
                        segment('\xfe', "secret remark"));
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
                         chunk("eXIf", "MM secret place") + chunk("tIME", "secret!") + chunk("caBX", "secret maker") +
                         chunk("mkBT", "secret layers") + chunk("prVW", "secret small copy"));
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

    std::string reserved = phone;
    reserved.insert(2, segment('\xf0', "secret reserved"));  // no decoder takes it
    CHECK(without_metadata(reserved) == plain);

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

namespace {

std::uint32_t u32(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::string u32(std::size_t value) {
    return {static_cast<char>(value), static_cast<char>(value >> 8), static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
}

std::string glb_of(std::string json, std::string binary, const std::string& behind = "") {
    json.resize((json.size() + 3) / 4 * 4, ' ');
    binary.resize((binary.size() + 3) / 4 * 4, '\0');
    const std::string chunks = u32(json.size()) + "JSON" + json + u32(binary.size()) + std::string("BIN\0", 4) + binary + behind;
    return "glTF" + u32(2) + u32(chunks.size() + 12) + chunks;
}

}  // namespace

TEST_CASE("a model keeps its shape and its textures' pixels, and tells nothing else", "[reading]") {
    const std::string jpeg = phone_jpeg(), png = talking_png(), shape = "shape of it!";
    const auto views = [&](std::size_t first, std::size_t second) {
        const auto view = [](std::size_t at, std::size_t size) {
            return R"({"buffer":0,"byteLength":)" + std::to_string(size) + R"(,"byteOffset":)" + std::to_string(at) + "}";
        };
        return R"("bufferViews":[)" + view(0, shape.size()) + "," + view(shape.size(), first) + "," +
               view(shape.size() + jpeg.size(), second) + "]";
    };
    const std::string talking =
        R"({"asset":{"version":"2.0","extras":{"author":"secret"}},)" + views(jpeg.size(), png.size()) +
        R"(,"extensions":{"KHR_xmp_json_ld":{"packets":["secret"]}},"extensionsUsed":["KHR_xmp_json_ld","KHR_materials_unlit"],)"
        R"("images":[{"bufferView":1,"mimeType":"image/jpeg","name":"C:/secret/a.jpg"},{"bufferView":2,"mimeType":"image/png"}],)"
        R"("nodes":[{"extras":{"explode":[0,0,1],"note":"secret"}},{"extras":"secret"}]})";
    const auto plain = model_without_metadata(glb_of(talking, shape + jpeg + png, u32(8) + "NOTEsecret!!"));
    REQUIRE(plain);
    CHECK(plain->find("secret") == std::string::npos);
    CHECK(u32(*plain, 8) == plain->size());
    CHECK(plain->find(shape) != std::string::npos);
    CHECK(plain->find(R"("explode":[0,0,1])") != std::string::npos);
    CHECK(plain->find(R"("extensionsUsed":["KHR_materials_unlit"])") != std::string::npos);
    const std::string first = *without_metadata(jpeg), second = *without_metadata(png);
    CHECK(plain->find(first) != std::string::npos);
    CHECK(plain->find(second) != std::string::npos);
    CHECK(plain->find("\"byteLength\":" + std::to_string(first.size())) != std::string::npos);
    CHECK(model_without_metadata(*plain) == plain);

    const std::string silent = glb_of(R"({ "asset": {"version":"2.0"} })", shape);
    CHECK(model_without_metadata(silent) == silent);
    for (const std::string& json :
         {std::string("[]"), std::string("{"), R"({"images":[{"bufferView":7}]})" + std::string(),
          R"({"images":[{"uri":"file:///etc/passwd"}]})" + std::string(), std::string(100, '[') + std::string(100, ']'),
          R"({"bufferViews":[{"buffer":0,"byteLength":4}],"images":[{"bufferView":0}]})" + std::string()})
        CHECK_FALSE(model_without_metadata(glb_of(json, shape)));
    for (std::size_t size = 0; size < silent.size(); ++size) CHECK_FALSE(model_without_metadata(silent.substr(0, size)));
}
