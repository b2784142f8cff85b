#include "tools/panel/file_pictures.h"

#include <turbojpeg.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace vitrine::panel {
namespace {

constexpr int most_side = 2048;

struct Pixels {
    int width = 0, height = 0;
    std::vector<unsigned char> rgb;
};

Pixels decoded(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
    const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    Pixels out;
    int subsampling = 0, colours = 0;
    if (!decoder || bytes.empty() ||
        tjDecompressHeader3(decoder.get(), data, bytes.size(), &out.width, &out.height, &subsampling, &colours) != 0 || out.width < 1 ||
        out.height < 1 || out.width > most_side || out.height > most_side)
        return {};
    out.rgb.resize(static_cast<std::size_t>(out.width) * out.height * 3);
    if (tjDecompress2(decoder.get(), data, bytes.size(), out.rgb.data(), out.width, 0, out.height, TJPF_RGB, 0) != 0) return {};
    return out;
}

}  // namespace

FilePictures::~FilePictures() {
    for (const auto& [file, texture] : textures_) glDeleteTextures(1, &texture);
}

Picture FilePictures::load(const std::string& file) {
    const Pixels pixels = decoded(file);
    if (pixels.rgb.empty()) return {};
    GLuint& texture = textures_[file];
    if (!texture) glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, pixels.width, pixels.height, 0, GL_RGB, GL_UNSIGNED_BYTE, pixels.rgb.data());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    return {texture, pixels.width, pixels.height, 0};
}

}  // namespace vitrine::panel
