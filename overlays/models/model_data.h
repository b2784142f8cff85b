#pragma once
// A 3D model as the renderer, the edge tracker and the tests see it: flat arrays that have been checked, whatever file they came from.
// Coordinates are glTF's: metres, right-handed, x right, y up, z towards the reader of the front. model_placement.h lays them into a
// target's frame. Every index in here is in range and every number finite: whoever makes a ModelData has seen to that.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrine {

/// sRGB or linear as its user says; rows top to bottom, no padding.
struct ModelImage {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};

struct ModelTexture {
    int image = -1;  ///< index into ModelData::images; −1: none
    bool repeat_s = true, repeat_t = true;
};

/// glTF 2.0 metallic-roughness. Factors are linear.
struct ModelMaterial {
    std::string name;
    std::array<float, 4> base_colour{1, 1, 1, 1};
    float metallic = 1, roughness = 1, normal_scale = 1, occlusion_strength = 1;
    std::array<float, 3> emissive{0, 0, 0};
    float alpha_cutoff = -1;  ///< ≥ 0: masked
    bool blended = false, double_sided = false;
    ModelTexture base_texture, metallic_roughness_texture, normal_texture, occlusion_texture, emissive_texture;
};

/// Triangles of one material. Vertices are in the frame of the part they belong to.
struct ModelMesh {
    int part = 0;      ///< index into ModelData::parts
    int material = 0;  ///< index into ModelData::materials, when no variant is chosen
    /// Material for each of ModelData::variants; −1: `material`.
    std::vector<int> variant_materials;
    std::vector<float> positions;  ///< x y z per vertex
    std::vector<float> normals;    ///< as many; always there, unit length
    std::vector<float> tangents;   ///< x y z w per vertex, or empty
    std::vector<float> uvs;        ///< u v per vertex, or empty
    std::vector<std::uint32_t> indices;
};

/// What moves as one in the exploded view: a node with `explode` extras and what hangs below it up to the next such node; in a model
/// without any, every node with a mesh.
struct ModelPart {
    std::string name;
    std::array<float, 16> to_model{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};  ///< column-major
    /// Metres, in the model's frame, at full explosion: the node's extras {"explode": [x, y, z]}; without any such node, away from the
    /// model's middle by the distance between the two middles.
    std::array<float, 3> explode{0, 0, 0};
};

struct ModelData {
    std::vector<ModelPart> parts;
    std::vector<ModelMesh> meshes;
    std::vector<ModelMaterial> materials;  ///< at least one
    std::vector<ModelImage> images;
    std::vector<std::string> variants;         ///< names of KHR_materials_variants
    std::array<float, 3> least{}, greatest{};  ///< box of everything, not exploded, metres
    /// What of the file is not shown, a sentence each that reads on after the file's name: "has animations, which are not played".
    std::vector<std::string> notes;
    std::size_t triangles() const {
        std::size_t out = 0;
        for (const auto& mesh : meshes) out += mesh.indices.size() / 3;
        return out;
    }
};

}  // namespace vitrine
