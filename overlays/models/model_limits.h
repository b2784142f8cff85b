#pragma once
// What a 3D model may cost before it is refused. The defaults suit a product shown to buyers: a model above them would not download in time
// over a trade-fair network anyway.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine {

struct ModelLimits {
    std::uint64_t file_bytes = std::uint64_t{64} << 20;
    std::uint64_t json_bytes = std::uint64_t{16} << 20;
    std::size_t json_values = 1'000'000;
    std::size_t nodes = 10'000;
    std::size_t meshes = 10'000;  ///< counted as drawn: a mesh used by three nodes counts three times, and so do vertices and triangles
    std::size_t vertices = 2'000'000;
    std::size_t triangles = 2'000'000;
    std::size_t materials = 1'000, images = 256, variants = 64;
    int image_side = 4096;                                   ///< px
    std::uint64_t decoded_bytes = std::uint64_t{256} << 20;  ///< of all images together, RGBA
    float extent = 10'000;                                   ///< m: no coordinate lies further out
    std::uint64_t child_bytes = std::uint64_t{640} << 20;    ///< address space of the reading process
    std::chrono::milliseconds deadline{10'000};              ///< of the whole reading, by the clock and in processor time
};

}  // namespace vitrine
