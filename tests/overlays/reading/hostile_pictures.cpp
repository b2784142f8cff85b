// PNG (ISO/IEC 15948) and JPEG (ITU T.81), sound and broken.

#include <turbojpeg.h>
#include <zlib.h>

#include <array>
#include <string_view>

#include "tests/overlays/reading/hostile_files.h"

namespace vitrine::hostile {
namespace {

void put32(Bytes& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(Bytes& out, std::string_view type, const Bytes& data) {
    put32(out, static_cast<std::uint32_t>(data.size()));
    Bytes body(type.begin(), type.end());
    body.insert(body.end(), data.begin(), data.end());
    out.insert(out.end(), body.begin(), body.end());
    put32(out, static_cast<std::uint32_t>(crc32(0, body.data(), static_cast<uInt>(body.size()))));
}

Bytes deflated(const Bytes& raw) {
    uLongf size = compressBound(raw.size());
    Bytes out(size);
    compress2(out.data(), &size, raw.data(), raw.size(), 9);
    out.resize(size);
    return out;
}

struct PngParts {
    std::uint32_t width = 16, height = 12;
    std::uint8_t depth = 8, colour = 6;  ///< 2 RGB, 3 palette, 6 RGBA
    Bytes palette, text, data;
    bool end = true;
};

Bytes scanlines(std::uint32_t width, std::uint32_t height, std::uint32_t bytes_per_pixel) {
    Bytes raw;
    for (std::uint32_t y = 0; y < height; ++y) {
        raw.push_back(0);
        for (std::uint32_t x = 0; x < width; ++x)
            for (std::uint32_t c = 0; c < bytes_per_pixel; ++c)
                raw.push_back(static_cast<std::uint8_t>(c == 0 ? x * 16 : c == 1 ? y * 20 : c == 2 ? 77 : 255));
    }
    return raw;
}

Bytes png(PngParts parts) {
    Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, head;
    put32(head, parts.width);
    put32(head, parts.height);
    head.insert(head.end(), {parts.depth, parts.colour, 0, 0, 0});
    put_chunk(out, "IHDR", head);
    if (!parts.palette.empty()) put_chunk(out, "PLTE", parts.palette);
    if (!parts.text.empty()) put_chunk(out, "zTXt", parts.text);
    if (parts.data.empty()) parts.data = deflated(scanlines(16, 12, parts.colour == 3 ? 1 : parts.colour == 2 ? 3 : 4));
    put_chunk(out, "IDAT", parts.data);
    if (parts.end) put_chunk(out, "IEND", {});
    return out;
}

template <class Change>
Bytes changed(Bytes bytes, Change change) {
    change(bytes);
    return bytes;
}

std::size_t place_of(const Bytes& bytes, std::uint8_t marker) {
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
        if (bytes[i] == 0xff && bytes[i + 1] == marker) return i;
    return 0;
}

/// The picture's first scan again and again.
Bytes with_scans(int count) {
    Bytes bytes = sound_jpeg(90, true);
    // 6000 × 6000, so that each scan costs.
    const std::size_t frame = place_of(bytes, 0xc2);
    for (const std::size_t at : {frame + 5, frame + 7}) bytes[at] = 0x17, bytes[at + 1] = 0x70;
    const std::size_t start = place_of(bytes, 0xda);
    std::size_t next = start + 2;
    while (!(bytes[next] == 0xff && bytes[next + 1] != 0)) ++next;
    const Bytes scan(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.begin() + static_cast<std::ptrdiff_t>(next));
    for (int i = 0; i < count; ++i) bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(start), scan.begin(), scan.end());
    return bytes;
}

Bytes cmyk_jpeg() {
    // Four components in the frame and the scan: enough of a CMYK picture for its colours to be told.
    return {0xff, 0xd8, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0,    100, 0, 0,    0, 0,    0,  // Adobe's mark: no transform
            0xff, 0xc0, 0,    20,   8, 0,  8,   0,   8,   4,   1,   0x11, 0,   2, 0x11, 0, 3,    0x11, 0,    4,
            0x11, 0,  // four components
            0xff, 0xda, 0,    14,   4, 1,  0,   2,   0,   3,   0,   4,    0,   0, 63,   0, 0x55, 0x55, 0xff, 0xd9};
}

}  // namespace

Bytes sound_png() { return png({}); }

Bytes sound_jpeg(int quality, bool progressive) {
    std::array<std::uint8_t, 16 * 12 * 3> rgb{};
    for (std::size_t y = 0; y < 12; ++y)
        for (std::size_t x = 0; x < 16; ++x)
            for (std::size_t c = 0; c < 3; ++c)
                rgb[(y * 16 + x) * 3 + c] = static_cast<std::uint8_t>(c == 0 ? x * 16 : c == 1 ? y * 20 : 77);
    tjhandle encoder = tjInitCompress();
    unsigned char* data = nullptr;
    unsigned long size = 0;
    tjCompress2(encoder, rgb.data(), 16, 0, 12, TJPF_RGB, &data, &size, TJSAMP_444, quality, progressive ? TJFLAG_PROGRESSIVE : 0);
    const Bytes out(data, data + size);
    tjFree(data);
    tjDestroy(encoder);
    return out;
}

Bytes png_with_inflating_text(std::size_t bytes) {
    Bytes text{'C', 'o', 'm', 'm', 'e', 'n', 't', 0, 0};
    // Stored block by block: the whole text never lies in memory here either.
    z_stream stream{};
    deflateInit(&stream, 9);
    Bytes zeros(1 << 20), out(1 << 16);
    for (std::size_t done = 0; done < bytes; done += zeros.size()) {
        stream.next_in = zeros.data(), stream.avail_in = static_cast<uInt>(zeros.size());
        const int flush = done + zeros.size() >= bytes ? Z_FINISH : Z_NO_FLUSH;
        do {
            stream.next_out = out.data(), stream.avail_out = static_cast<uInt>(out.size());
            deflate(&stream, flush);
            text.insert(text.end(), out.begin(), out.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return png({2, 2, 8, 6, {}, text, deflated(scanlines(2, 2, 4))});
}

const std::vector<File>& pictures() {
    static const std::vector<File> files{
        {"flood.png", "65535 × 65535 px",
         [] {
             return png({65535, 65535});
         }},
        {"size-out-of-range.png", "out of range",
         [] {
             return png({0x80000001u, 16});
         }},
        {"no-pixels.png", "without pixels",
         [] {
             return png({0, 12});
         }},
        {"cut-in-data.png", "claims", [] { return changed(sound_png(), [](Bytes& b) { b.resize(60); }); }},
        {"cut-in-header.png", "cut off", [] { return changed(sound_png(), [](Bytes& b) { b.resize(18); }); }},
        {"wrong-check.png", "CRC", [] { return changed(sound_png(), [](Bytes& b) { b[b.size() - 14] ^= 1; }); }},
        {"palette-of-300.png", "palette has 900 bytes",
         [] {
             return png({16, 12, 8, 3, Bytes(900, 7)});
         }},
        {"palette-missing.png", "palette is missing",
         [] {
             return png({16, 12, 8, 3});
         }},
        {"no-end.png", "cut off",
         [] {
             return png({16, 12, 8, 6, {}, {}, {}, false});
         }},
        {"length-of-4-gib.png", "claims 4294967295 bytes",
         [] { return changed(sound_png(), [](Bytes& b) { std::fill(b.begin() + 33, b.begin() + 37, 0xff); }); }},
        {"data-is-noise.png", "damaged PNG",
         [] {
             return png({16, 12, 8, 6, {}, {}, Bytes(200, 0xa5)});
         }},
        {"too-little-data.png", "damaged PNG",
         [] {
             return png({512, 512});
         }},
        {"depth-of-7.png", "damaged PNG",
         [] {
             return png({16, 12, 7});
         }},
        {"not-a-picture.png", "neither a PNG nor a JPEG", [] { return Bytes{'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0}; }},
        {"empty.png", "neither a PNG nor a JPEG", [] { return Bytes{}; }},
        {"flood.jpg", "65535 × 65535 px",
         [] {
             return changed(sound_jpeg(), [](Bytes& b) {
                 const auto frame = static_cast<std::ptrdiff_t>(place_of(b, 0xc0));
                 std::fill(b.begin() + frame + 5, b.begin() + frame + 9, 0xff);
             });
         }},
        {"cut.jpg", "damaged JPEG", [] { return changed(sound_jpeg(), [](Bytes& b) { b.resize(place_of(b, 0xda) + 16); }); }},
        {"cut-before-data.jpg", "cut off", [] { return changed(sound_jpeg(), [](Bytes& b) { b.resize(place_of(b, 0xc0) + 6); }); }},
        {"two-sizes.jpg", "two sizes",
         [] {
             return changed(sound_jpeg(), [](Bytes& b) {
                 const std::size_t at = place_of(b, 0xc0);
                 const Bytes frame(b.begin() + static_cast<std::ptrdiff_t>(at), b.begin() + static_cast<std::ptrdiff_t>(at) + 19);
                 b.insert(b.begin() + static_cast<std::ptrdiff_t>(at), frame.begin(), frame.end());
             });
         }},
        {"300-scans.jpg", "in 3", [] { return with_scans(300); }},
        {"length-0.jpg", "damaged JPEG", [] { return Bytes{0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0}; }},
        {"for-print.jpg", "CMYK", [] { return cmyk_jpeg(); }},
    };
    return files;
}

}  // namespace vitrine::hostile
