#pragma once
// What is judged of a glTF file before a JSON library builds anything from it: the binary container's lengths, the JSON's depth and size,
// that integers fit where they stand, and that nothing points at a file or an address.

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/result.h"
#include "overlays/models/model_limits.h"

namespace vitrine {

struct GltfText {
    bool binary = false;
    std::string_view json;  ///< into the bytes judged
};

Result<GltfText> judge_gltf_text(std::span<const std::uint8_t> bytes, const ModelLimits& limits);

}  // namespace vitrine
