// What model_data.h promises, checked: after parsing, and again on what came back from the reading process.

#include <algorithm>
#include <cmath>

#include "overlays/models/model_parser.h"

namespace vitrine {
namespace {

template <class Numbers>
bool finite(const Numbers& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](float n) { return std::isfinite(n); });
}

bool unit_length(const std::vector<float>& numbers, std::size_t each) {
    for (std::size_t i = 0; i + 2 < numbers.size(); i += each) {
        const float square = numbers[i] * numbers[i] + numbers[i + 1] * numbers[i + 1] + numbers[i + 2] * numbers[i + 2];
        if (!(std::abs(square - 1) < 0.01f)) return false;
    }
    return true;
}

const char* fault_of(const ModelMesh& mesh, const ModelData& model) {
    const std::size_t vertices = mesh.positions.size() / 3;
    const auto material = [&](int m) { return m >= 0 && static_cast<std::size_t>(m) < model.materials.size(); };
    if (mesh.part < 0 || static_cast<std::size_t>(mesh.part) >= model.parts.size()) return "a mesh belongs to no part";
    if (!material(mesh.material)) return "a mesh has no material";
    if (mesh.variant_materials.size() != model.variants.size()) return "a mesh has not a material for each variant";
    if (!std::all_of(mesh.variant_materials.begin(), mesh.variant_materials.end(), [&](int m) { return m == -1 || material(m); }))
        return "a variant has no material";
    if (mesh.positions.size() % 3 != 0 || mesh.normals.size() != mesh.positions.size() ||
        (!mesh.tangents.empty() && mesh.tangents.size() != vertices * 4) || (!mesh.uvs.empty() && mesh.uvs.size() != vertices * 2))
        return "a mesh's arrays are of different lengths";
    if (mesh.indices.size() % 3 != 0) return "a triangle is not whole";
    if (!std::all_of(mesh.indices.begin(), mesh.indices.end(), [&](std::uint32_t i) { return i < vertices; }))
        return "a triangle's corner does not exist";
    if (!finite(mesh.positions) || !finite(mesh.uvs)) return "a number is not finite";
    if (!unit_length(mesh.normals, 3) || !unit_length(mesh.tangents, 4)) return "a direction is not of unit length";
    return nullptr;
}

const char* fault_of(const ModelMaterial& material, const ModelData& model) {
    if (!finite(material.base_colour) || !finite(material.emissive) || !std::isfinite(material.metallic) ||
        !std::isfinite(material.roughness) || !std::isfinite(material.normal_scale) || !std::isfinite(material.occlusion_strength) ||
        !std::isfinite(material.alpha_cutoff))
        return "a material's number is not finite";
    for (const ModelTexture* texture : {&material.base_texture, &material.metallic_roughness_texture, &material.normal_texture,
                                        &material.occlusion_texture, &material.emissive_texture})
        if (texture->image < -1 || texture->image >= static_cast<int>(model.images.size())) return "a texture has no picture";
    return nullptr;
}

const char* fault_of(const ModelData& model, const ModelLimits& limits) {
    if (model.materials.empty() || model.materials.size() > limits.materials) return "the number of materials is out of range";
    if (model.meshes.size() > limits.meshes || model.parts.size() > limits.nodes) return "the number of meshes is out of range";
    if (model.images.size() > limits.images || model.variants.size() > limits.variants) return "the number of images is out of range";
    std::size_t vertices = 0, triangles = 0;
    std::uint64_t decoded = 0;
    for (const auto& mesh : model.meshes) {
        vertices += mesh.positions.size() / 3, triangles += mesh.indices.size() / 3;
        if (const char* fault = fault_of(mesh, model)) return fault;
    }
    if (vertices > limits.vertices || triangles > limits.triangles) return "the number of triangles is out of range";
    for (const auto& material : model.materials)
        if (const char* fault = fault_of(material, model)) return fault;
    for (const auto& image : model.images) {
        if (image.width < 1 || image.height < 1 || image.width > limits.image_side || image.height > limits.image_side ||
            image.rgba.size() != std::size_t{4} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height))
            return "a picture's size is wrong";
        decoded += image.rgba.size();
    }
    if (decoded > limits.decoded_bytes) return "its pictures are too large";
    for (const auto& part : model.parts)
        if (!finite(part.to_model) || !finite(part.explode)) return "a part's place is not finite";
    if (!finite(model.least) || !finite(model.greatest)) return "its size is not finite";
    return nullptr;
}

}  // namespace

Result<void> judge_model_data(const ModelData& model, const ModelLimits& limits) {
    if (const char* fault = fault_of(model, limits)) return fail(std::string("is damaged: ") + fault, ErrorKind::bad_input);
    return {};
}

}  // namespace vitrine
