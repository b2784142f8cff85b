#include "engine/config_files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>

#include "engine/config_problems.h"

namespace vitrine::config {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t most_pixels = 40'000'000;
constexpr std::uintmax_t most_image_bytes = std::uintmax_t{64} << 20;
constexpr std::uintmax_t most_model_bytes = std::uintmax_t{64} << 20;
constexpr std::uintmax_t most_font_bytes = std::uintmax_t{32} << 20;

// The existing name in the folder that was most likely meant.
std::string sibling_like(const fs::path& missing, const fs::path& given) {
    std::vector<std::string> names;
    std::error_code ec;
    fs::directory_iterator it(missing.parent_path(), fs::directory_options::skip_permission_denied, ec);
    for (; !ec && it != fs::directory_iterator() && names.size() < 2000; it.increment(ec)) names.push_back(it->path().filename().string());
    const std::string meant = nearest(missing.filename().string(), names);
    return meant.empty() ? std::string() : (given.parent_path() / meant).string();
}

bool inside(const fs::path& folder, const fs::path& file) {
    const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    (void)unused;
    return end == folder.end();
}

std::string start_of(const fs::path& file, std::size_t bytes) {
    std::string start(bytes, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), static_cast<std::streamsize>(bytes));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    return start;
}

std::uint32_t big_endian(const char* bytes, int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
    return value;
}

Judged<ImageSize> judged_size(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return fault("is an image without pixels", "save it again as PNG or JPEG");
    if (width > 65535 || height > 65535 || static_cast<std::int64_t>(width) * height > most_pixels)
        return fault("is " + std::to_string(width) + " × " + std::to_string(height) + " px, more than 40 Mpx", "make it smaller");
    return ImageSize{static_cast<int>(width), static_cast<int>(height)};
}

Judged<ImageSize> jpeg_size(const fs::path& file) {
    const auto damaged = fault("is a damaged JPEG", "save it again as PNG or JPEG");
    std::ifstream in(file, std::ios::binary);
    in.seekg(2);
    for (int segments = 0; segments < 1000; ++segments) {
        std::array<char, 9> head{};
        int c = in.get();
        if (c != 0xff) return damaged;
        while (c == 0xff) c = in.get();  // fill bytes
        if (c == EOF || c == 0xd9 || c == 0xda) return damaged;
        if (c == 0x01 || (c >= 0xd0 && c <= 0xd8)) continue;  // no length
        if (!in.read(head.data(), 2)) return damaged;
        const std::uint32_t length = big_endian(head.data(), 2);
        if (length < 2) return damaged;
        const bool frame = c >= 0xc0 && c <= 0xcf && c != 0xc4 && c != 0xc8 && c != 0xcc;
        if (frame) {
            if (length < 8 || !in.read(head.data(), 5)) return damaged;
            return judged_size(big_endian(head.data() + 3, 2), big_endian(head.data() + 1, 2));
        }
        in.seekg(static_cast<std::streamoff>(length) - 2, std::ios::cur);
        if (!in) return damaged;
    }
    return damaged;
}

}  // namespace

Judged<fs::path> ShowFolder::file(const std::string& value) const {
    if (value.empty()) return fault("names no file", "give a path inside the show folder");
    if (value.size() > 4000 || std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return fault("is not a file name", "give a path inside the show folder");
    const fs::path given(value);
    const fs::path full = given.is_absolute() ? given : root_ / given;
    if (!given.is_absolute() && *given.lexically_normal().begin() == "..")
        return fault(in_quotes(value) + " leads out of the show folder", "copy the file into the show folder or give an absolute path");
    std::error_code ec;
    const fs::path real = fs::canonical(full, ec);
    if (ec == std::errc::too_many_symbolic_link_levels)
        return fault(in_quotes(value) + " is a link that leads in a circle", "replace it by the file itself");
    if (ec == std::errc::no_such_file_or_directory || ec == std::errc::not_a_directory) {
        const std::string meant = sibling_like(full, given);
        return fault("there is no file " + in_quotes(value),
                     meant.empty() ? "put it there or correct the path" : "did you mean " + in_quotes(meant) + "?");
    }
    if (ec) return fault(in_quotes(value) + " cannot be reached: " + ec.message(), "check the path and its permissions");
    if (!given.is_absolute() && !inside(root_, real))
        return fault(in_quotes(value) + " is a link that leads out of the show folder",
                     "copy the file into the show folder or give an absolute path");
    const auto status = fs::status(real, ec);
    if (fs::is_directory(status)) return fault(in_quotes(value) + " is a folder, not a file", "name a file in it");
    if (ec || !fs::is_regular_file(status)) return fault(in_quotes(value) + " is not a regular file", "give an ordinary file");
    if (::access(real.c_str(), R_OK) != 0) return fault(in_quotes(value) + " cannot be read", "check its permissions");
    return real;
}

Judged<ImageSize> image_size(const fs::path& file) {
    std::error_code ec;
    if (fs::file_size(file, ec) > most_image_bytes && !ec) return fault("is an image of more than 64 MiB", "make it smaller");
    const std::string head = start_of(file, 24);
    if (head.starts_with("\x89PNG\r\n\x1a\n")) {
        if (head.size() < 24 || head.compare(12, 4, "IHDR") != 0) return fault("is a damaged PNG", "save it again as PNG or JPEG");
        return judged_size(big_endian(head.data() + 16, 4), big_endian(head.data() + 20, 4));
    }
    if (head.starts_with("\xff\xd8\xff")) return jpeg_size(file);
    return fault("is neither a PNG nor a JPEG", "save it as PNG or JPEG");
}

Judged<void> judge_model(const fs::path& file) {
    std::error_code ec;
    if (fs::file_size(file, ec) > most_model_bytes && !ec) return fault("is a model of more than 64 MiB", "make it smaller");
    const std::string head = start_of(file, 512);
    if (head.starts_with("glTF")) return {};
    const auto first = head.find_first_not_of(" \t\r\n");
    if (file.extension() == ".gltf" && first != std::string::npos && head[first] == '{') return {};
    return fault("is not a glTF model", "export it as .glb");
}

Judged<void> judge_font(const fs::path& file) {
    std::error_code ec;
    if (fs::file_size(file, ec) > most_font_bytes && !ec) return fault("is a font of more than 32 MiB", "give one for fewer scripts");
    const std::string head = start_of(file, 4);
    if (head == std::string("\0\1\0\0", 4) || head == "OTTO" || head == "true") return {};
    if (head == "ttcf") return fault("is a collection of fonts", "give a .ttf or .otf with one face");
    if (head == "wOFF" || head == "wOF2") return fault("is a font packed for web pages", "give the .ttf or .otf it was made from");
    return fault("is not a TrueType or OpenType font", "give a .ttf or .otf file");
}

Judged<void> judge_pem(const fs::path& file, const std::string& label) {
    const std::string text = start_of(file, std::size_t{256} << 10);
    for (std::size_t at = text.find("-----BEGIN "); at != std::string::npos; at = text.find("-----BEGIN ", at + 1)) {
        const auto end = text.find('\n', at);
        const std::string begin = text.substr(at, end - at);
        if (begin.find(label) == std::string::npos) continue;
        if (begin.find("ENCRYPTED") != std::string::npos)
            return fault("is an encrypted key", "write it without a passphrase: openssl pkey -in KEY -out PLAIN_KEY");
        return {};
    }
    return fault("holds no " + label + " in PEM form", "give a PEM file: -----BEGIN " + label + "-----");
}

}  // namespace vitrine::config
