#pragma once
// A ModelData on the graphics card. Inner header of overlays/ar; thread-bound like its context.

#include <cstdint>
#include <vector>

#include "overlays/ar/gl.h"
#include "overlays/ar/model_shape.h"
#include "overlays/models/model_data.h"

namespace vitrine {

struct GpuMesh {
    int part = 0, material = 0;
    std::vector<int> variant_materials;
    gl::VertexArray arrays;
    std::vector<gl::Buffer> buffers;
    GLsizei indices = 0;
    bool tangents = false, uvs = false;
    std::array<float, 3> middle{};  ///< of its box, in the frame of its part
};

struct GpuModel {
    std::vector<ModelPart> parts;
    std::vector<ModelMaterial> materials;
    std::vector<PartShape> shapes;
    std::array<float, 3> least{}, greatest{};
    std::vector<GpuMesh> meshes;
    /// By image and by whether it is read as sRGB ([2·image + srgb]); made only where a material asks.
    std::vector<gl::Texture> textures;

    int material_of(const GpuMesh& mesh, int variant) const {
        const auto v = static_cast<std::size_t>(variant);
        if (variant >= 0 && v < mesh.variant_materials.size() && mesh.variant_materials[v] >= 0) return mesh.variant_materials[v];
        return mesh.material;
    }
};

/// bad_input when the context cannot hold it.
Result<GpuModel> upload(const ModelData& model, int largest_texture);

}  // namespace vitrine
