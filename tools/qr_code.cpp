#include "tools/qr_code.h"

#include <png.h>
#include <qrencode.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "engine/private_files.h"

namespace vitrine {

namespace {

constexpr int quiet = 4;

}  // namespace

Result<QrCode> make_qr_code(const std::string& text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> made(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
    if (!made) return fail("The link is too long for a QR code.");
    QrCode code;
    code.size = made->width + 2 * quiet;
    code.dark.assign(static_cast<std::size_t>(code.size * code.size), false);
    for (int y = 0; y < made->width; ++y)
        for (int x = 0; x < made->width; ++x)
            code.dark[static_cast<std::size_t>((y + quiet) * code.size + x + quiet)] = (made->data[y * made->width + x] & 1) != 0;
    return code;
}

std::string qr_text(const QrCode& code, bool coloured) {
    std::string text;
    for (int y = 0; y < code.size; y += 2) {
        if (coloured) text += "\x1b[97;40m";
        for (int x = 0; x < code.size; ++x) {
            const bool upper = !code.at(x, y), lower = y + 1 < code.size && !code.at(x, y + 1);
            text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        if (coloured) text += "\x1b[0m";
        text += "\n";
    }
    return text;
}

Result<void> write_qr_png(const QrCode& code, const std::filesystem::path& file, int module_px) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = image.height = static_cast<png_uint_32>(code.size * module_px);
    image.format = PNG_FORMAT_GRAY;
    std::vector<png_byte> pixels(static_cast<std::size_t>(image.width) * image.height);
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x)
            pixels[y * image.width + x] = code.at(static_cast<int>(x) / module_px, static_cast<int>(y) / module_px) ? 0 : 255;
    const auto failed = [&](const std::string& why) {
        return fail("The QR code could not be written to " + file.string() + ": " + why + ".");
    };
    png_alloc_size_t size = 0;
    if (!png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr)) return failed(image.message);
    std::string bytes(size, '\0');
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr)) return failed(image.message);
    bytes.resize(size);
    return write_private_file(file, bytes);  // whoever has it gets in
}

}  // namespace vitrine
