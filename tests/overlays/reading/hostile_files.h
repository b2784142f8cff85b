#pragma once
// Files that nobody should send, and the sound ones they were made from. Everything is built here, from the formats' descriptions, so what
// is wrong with each can be read where it is made. Also the first inputs of the fuzzers (tests/fuzz).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace vitrine::hostile {

using Bytes = std::vector<std::uint8_t>;

struct File {
    std::string name;  ///< with its extension
    std::string says;  ///< a part of the sentence by which it is refused
    std::function<Bytes()> make;
};

/// glTF: a tetrahedron in two parts with a texture and two variants, 1 m large; and as a .gltf with everything in data URIs.
Bytes sound_glb();
Bytes sound_gltf();
/// `json` and, when there are any, `binary` in a container with right lengths.
Bytes glb(std::string json, const Bytes& binary = {});
const std::vector<File>& models();

/// 16 × 12 px, each pixel its own colour.
Bytes sound_png();
Bytes sound_jpeg(int quality = 90, bool progressive = false);
const std::vector<File>& pictures();
/// A PNG of 2 × 2 px with a text that inflates to `bytes`.
Bytes png_with_inflating_text(std::size_t bytes);

/// TrueType with the letters A and space, named "Vitrine Test".
Bytes sound_font();
const std::vector<File>& fonts();

}  // namespace vitrine::hostile
