#include "overlays/reading/picture_decoder.h"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "engine/picture_metadata.h"
#include "engine/printable.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::string_view save_again = "save it again as PNG or JPEG";
constexpr std::array<std::uint8_t, 8> png_magic{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
// What a decoder goes through of a progressive JPEG, pixels times scans: ten scans, as encoders write, of the largest picture.
constexpr std::uint64_t most_scanned_pixels = 400'000'000;

using Bytes = std::span<const std::uint8_t>;

bool is_png(Bytes bytes) { return bytes.size() >= 8 && std::equal(png_magic.begin(), png_magic.end(), bytes.begin()); }
bool is_jpeg(Bytes bytes) { return bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff; }

std::uint32_t big32(Bytes bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}
std::uint32_t big16(Bytes bytes, std::size_t at) { return std::uint32_t{bytes[at]} << 8 | bytes[at + 1]; }

Result<PictureHeader> png_header(Bytes bytes) {
    PictureHeader header;
    bool palette = false, data = false;
    for (std::size_t at = 8;;) {
        if (bytes.size() - at < 12) return refuse("is a PNG that is cut off", save_again);
        const std::uint64_t length = big32(bytes, at);
        const std::string type(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
        if (length > bytes.size() - at - 12)
            return refuse("is a damaged PNG: its part \"" + printable(type) + "\" claims " + std::to_string(length) + " bytes, " +
                              std::to_string(bytes.size() - at - 12) + " are left",
                          save_again);
        if (at == 8) {
            if (type != "IHDR" || length != 13) return refuse("is a damaged PNG: it does not start with its size", save_again);
            const std::uint32_t width = big32(bytes, at + 8), height = big32(bytes, at + 12);
            if (width == 0 || height == 0) return refuse("is an image without pixels", save_again);
            if (width > 0x7fffffff || height > 0x7fffffff) return refuse("is a damaged PNG: its size is out of range", save_again);
            header.width = static_cast<int>(width), header.height = static_cast<int>(height);
            palette = bytes[at + 17] == 3;
        } else if (type == "PLTE") {
            if (length > 768 || length % 3 != 0 || length == 0)
                return refuse("is a damaged PNG: its palette has " + std::to_string(length) + " bytes", save_again);
            palette = false;
        } else if (type == "IDAT") {
            if (palette) return refuse("is a damaged PNG: its palette is missing", save_again);
            data = true;
        } else if (type == "IEND") {
            if (!data) return refuse("is a damaged PNG: it holds no picture", save_again);
            return header;
        }
        at += 12 + static_cast<std::size_t>(length);
    }
}

Result<PictureHeader> jpeg_header(Bytes bytes) {
    PictureHeader header{PictureFormat::jpeg};
    std::uint64_t scans = 0;
    std::size_t at = 2;
    while (true) {
        // Between segments, and inside a scan's data: on to the next marker. 0xff00 is a stuffed byte, 0xffd0 to 0xffd7 restart.
        while (at + 1 < bytes.size() &&
               !(bytes[at] == 0xff && bytes[at + 1] != 0xff && bytes[at + 1] != 0 && !(bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7))) {
            if (scans == 0 && bytes[at] != 0xff) return refuse("is a damaged JPEG", save_again);
            ++at;
        }
        if (at + 1 >= bytes.size()) {
            if (scans == 0 || header.width == 0) return refuse("is a JPEG that is cut off", save_again);
            break;  // without its end marker: the decoder says what is missing
        }
        const int marker = bytes[at + 1];
        at += 2;
        if (marker == 0xd9) break;
        if (marker == 0x01 || marker == 0xd8) continue;
        if (bytes.size() - at < 2) return refuse("is a JPEG that is cut off", save_again);
        const std::size_t length = big16(bytes, at);
        if (length < 2) return refuse("is a damaged JPEG", save_again);
        if (length > bytes.size() - at) return refuse("is a JPEG that is cut off", save_again);
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            if (length < 8) return refuse("is a damaged JPEG", save_again);
            if (header.width != 0) return refuse("is a damaged JPEG: it has two sizes", save_again);
            header.height = static_cast<int>(big16(bytes, at + 3)), header.width = static_cast<int>(big16(bytes, at + 5));
            if (header.width == 0 || header.height == 0) return refuse("is an image without pixels", save_again);
        } else if (marker == 0xe1 && header.orientation == 1) {
            header.orientation = exif_orientation(bytes.subspan(at + 2, length - 2));
        } else if (marker == 0xda) {
            if (header.width == 0) return refuse("is a damaged JPEG: it does not say its size", save_again);
            ++scans;
        }
        at += length;
    }
    if (header.width == 0 || scans == 0) return refuse("is a damaged JPEG: it holds no picture", save_again);
    if (scans > 10 && scans * static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height) > most_scanned_pixels)
        return refuse("is a JPEG in " + std::to_string(scans) + " scans", "save it again, not progressive");
    return header;
}

Result<Picture> decode_png(Bytes bytes, const PictureHeader& header) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    struct Freed {
        png_image* image;
        ~Freed() { png_image_free(image); }
    } freed{&image};
    const auto damaged = [&] { return refuse("is a damaged PNG (" + printable(image.message) + ")", save_again); };
    if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) return damaged();
    image.format = PNG_FORMAT_RGBA;
    if (image.width != static_cast<png_uint_32>(header.width) || image.height != static_cast<png_uint_32>(header.height)) return damaged();
    Picture picture{header.width, header.height, {}};
    picture.rgba.resize(PNG_IMAGE_SIZE(image));
    if (!png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr)) return damaged();
    return picture;
}

/// Exif 2.3, 4.6.4: where the stored picture's first row and column lie in the shown one.
Picture turned(Picture stored, int orientation) {
    if (orientation == 1) return stored;
    const bool swapped = orientation >= 5;
    const bool mirror_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool mirror_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    Picture shown{swapped ? stored.height : stored.width, swapped ? stored.width : stored.height, {}};
    shown.rgba.resize(stored.rgba.size());
    for (int y = 0; y < shown.height; ++y)
        for (int x = 0; x < shown.width; ++x) {
            int sx = swapped ? y : x, sy = swapped ? x : y;
            if (mirror_x) sx = stored.width - 1 - sx;
            if (mirror_y) sy = stored.height - 1 - sy;
            std::memcpy(&shown.rgba[(static_cast<std::size_t>(y) * shown.width + x) * 4],
                        &stored.rgba[(static_cast<std::size_t>(sy) * stored.width + sx) * 4], 4);
        }
    return shown;
}

Result<Picture> decode_jpeg(Bytes bytes, const PictureHeader& header) {
    struct Closer {
        void operator()(void* handle) const { tjDestroy(handle); }
    };
    const std::unique_ptr<void, Closer> decoder(tjInitDecompress());
    if (!decoder) return fail("cannot be read: there is no memory for a JPEG decoder");
    const auto damaged = [&] { return refuse("is a damaged JPEG (" + printable(tjGetErrorStr2(decoder.get())) + ")", save_again); };
    int width = 0, height = 0, sampling = 0, colours = 0;
    if (tjDecompressHeader3(decoder.get(), bytes.data(), bytes.size(), &width, &height, &sampling, &colours) != 0) return damaged();
    if (width != header.width || height != header.height) return damaged();
    if (colours == TJCS_CMYK || colours == TJCS_YCCK) return refuse("is a JPEG in CMYK, for print", "save it in RGB, as PNG or JPEG");
    Picture picture{width, height, {}};
    picture.rgba.resize(static_cast<std::size_t>(width) * height * 4);
    if (tjDecompress2(decoder.get(), bytes.data(), bytes.size(), picture.rgba.data(), width, 0, height, TJPF_RGBA, TJFLAG_LIMITSCANS) !=
        0) {
        // A warning leaves a whole picture behind it, except when data ended too early.
        if (tjGetErrorCode(decoder.get()) == TJERR_FATAL || std::strstr(tjGetErrorStr2(decoder.get()), "remature end")) return damaged();
    }
    return turned(std::move(picture), header.orientation);
}

}  // namespace

bool looks_like_picture(Bytes bytes) { return is_png(bytes) || is_jpeg(bytes); }

Result<PictureHeader> picture_header(Bytes bytes) {
    if (is_png(bytes)) return png_header(bytes);
    if (is_jpeg(bytes)) return jpeg_header(bytes);
    return refuse("is neither a PNG nor a JPEG", "save it as PNG or JPEG");
}

Result<Picture> decode_picture(Bytes bytes, int most_side, std::uint64_t most_pixels) {
    const auto header = picture_header(bytes);
    if (!header) return tl::unexpected(header.error());
    if (header->width > most_side || header->height > most_side ||
        static_cast<std::uint64_t>(header->width) * static_cast<std::uint64_t>(header->height) > most_pixels)
        return refuse("is an image of " + std::to_string(header->width) + " × " + std::to_string(header->height) + " px, more than " +
                          (header->width > most_side || header->height > most_side ? std::to_string(most_side) + " px a side"
                                                                                   : std::to_string(most_pixels / 1'000'000) + " Mpx"),
                      "make it smaller");
    return header->format == PictureFormat::png ? decode_png(bytes, *header) : decode_jpeg(bytes, *header);
}

}  // namespace vitrine
