#pragma once
// glTF 2.0 (Khronos Group, 2021) into a ModelData: binary .glb, or .gltf with everything embedded as data URIs. Runs on whatever bytes it
// is given, in the calling process: the program calls it in the reading process only (model_reader.h), fuzzers and tests directly.
//
// Parts: when any node has extras {"explode": [x, y, z]} (m, in the model's frame), each such node with what hangs below it is a part, and
// nodes with meshes outside of all these are parts that stay. Without any, every node with a mesh is a part and moves away from the middle.
// Missing normals become flat ones, as the standard demands. Tangents are kept; where a normal texture needs them and there are none they
// are summed over the triangles of each vertex (Lengyel's method, not MikkTSpace: seams of mirrored texture coordinates may show).
// KHR_materials_variants, KHR_mesh_quantization and KHR_materials_emissive_strength are understood. What is left out is said in
// ModelData::notes. Compressed geometry (Draco, meshopt) and files beside the model are refused.

#include <cstdint>
#include <span>

#include "engine/result.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_limits.h"

namespace vitrine {

/// The error reads on after a file's name: "is cut off: …".
Result<ModelData> parse_model(std::span<const std::uint8_t> bytes, const ModelLimits& limits = {});

/// All that model_data.h promises: indices in range, numbers finite, arrays of matching length, within the limits.
Result<void> judge_model_data(const ModelData& model, const ModelLimits& limits = {});

}  // namespace vitrine
