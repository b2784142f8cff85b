#pragma once
// Numbers out of a glTF file's buffers (glTF 2.0, 3.6): every offset is judged in 64 bits before a byte is touched. Sparse accessors are
// filled in; integers become numbers as KHR_mesh_quantization has it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/result.h"

namespace tinygltf {
class Model;
}

namespace vitrine {

class GltfAccessors {
  public:
    explicit GltfAccessors(const tinygltf::Model& model) : model_(model) {}

    /// `components` (1 to 4) numbers for each element, all finite. More than `most` elements are refused before anything is allocated.
    Result<std::vector<float>> numbers(int accessor, int components, std::size_t most) const;
    /// Unsigned integers, each below `below`.
    Result<std::vector<std::uint32_t>> indices(int accessor, std::size_t below, std::size_t most) const;
    /// The bytes of a buffer view.
    Result<std::span<const std::uint8_t>> view(int view) const;

  private:
    struct Elements;
    Result<Elements> elements(int accessor, int components, std::size_t most) const;
    Result<std::span<const std::uint8_t>> range(int view, std::uint64_t offset, std::uint64_t bytes, const std::string& whose) const;
    const tinygltf::Model& model_;
};

}  // namespace vitrine
