#include "overlays/ar/gpu_model.h"

#include <algorithm>
#include <limits>
#include <string>

namespace vitrine {

namespace {

template <class T>
gl::Buffer buffer_of(GLenum kind, const std::vector<T>& values) {
    gl::Buffer buffer = gl::new_buffer();
    glBindBuffer(kind, buffer.get());
    glBufferData(kind, static_cast<GLsizeiptr>(values.size() * sizeof(T)), values.data(), GL_STATIC_DRAW);
    return buffer;
}

GpuMesh upload_mesh(const ModelMesh& mesh) {
    GpuMesh out;
    out.part = mesh.part;
    out.material = mesh.material;
    out.variant_materials = mesh.variant_materials;
    out.indices = static_cast<GLsizei>(mesh.indices.size());
    out.tangents = !mesh.tangents.empty();
    out.uvs = !mesh.uvs.empty();
    std::array<float, 3> least, greatest;
    least.fill(std::numeric_limits<float>::max());
    greatest.fill(std::numeric_limits<float>::lowest());
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        least[i % 3] = std::min(least[i % 3], mesh.positions[i]);
        greatest[i % 3] = std::max(greatest[i % 3], mesh.positions[i]);
    }
    for (std::size_t k = 0; k < 3; ++k) out.middle[k] = (least[k] + greatest[k]) / 2;

    out.arrays = gl::new_vertex_array();
    glBindVertexArray(out.arrays.get());
    const auto attribute = [&](GLuint location, GLint size, const std::vector<float>& values) {
        if (values.empty()) return;
        out.buffers.push_back(buffer_of(GL_ARRAY_BUFFER, values));
        glEnableVertexAttribArray(location);
        glVertexAttribPointer(location, size, GL_FLOAT, GL_FALSE, 0, nullptr);
    };
    attribute(0, 3, mesh.positions);
    attribute(1, 3, mesh.normals);
    attribute(2, 4, mesh.tangents);
    attribute(3, 2, mesh.uvs);
    out.buffers.push_back(buffer_of(GL_ELEMENT_ARRAY_BUFFER, mesh.indices));
    glBindVertexArray(0);
    return out;
}

gl::Texture upload_image(const ModelImage& image, bool srgb, const ModelTexture& wrap) {
    gl::Texture texture = gl::new_texture();
    glBindTexture(GL_TEXTURE_2D, texture.get());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, srgb ? GL_SRGB8_ALPHA8 : GL_RGBA8, image.width, image.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 image.rgba.data());
    glGenerateMipmap(GL_TEXTURE_2D);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, wrap.repeat_s ? GL_REPEAT : GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, wrap.repeat_t ? GL_REPEAT : GL_CLAMP_TO_EDGE);
    return texture;
}

}  // namespace

Result<GpuModel> upload(const ModelData& model, int largest_texture) {
    for (const ModelImage& image : model.images)
        if (image.width > largest_texture || image.height > largest_texture)
            return fail("it has a picture of " + std::to_string(image.width) + " × " + std::to_string(image.height) +
                            " px, and this machine's graphics take at most " + std::to_string(largest_texture) + " px; make it smaller",
                        ErrorKind::bad_input);
    GpuModel out;
    out.parts = model.parts;
    out.materials = model.materials;
    out.shapes = shape_of(model);
    out.least = model.least;
    out.greatest = model.greatest;
    out.textures.resize(model.images.size() * 2);
    const auto want = [&](const ModelTexture& texture, bool srgb) {
        if (texture.image < 0) return;
        const auto image = static_cast<std::size_t>(texture.image);
        auto& slot = out.textures[2 * image + (srgb ? 1 : 0)];
        if (!slot && model.images[image].width > 0) slot = upload_image(model.images[image], srgb, texture);
    };
    for (const ModelMaterial& material : model.materials) {
        want(material.base_texture, true);
        want(material.emissive_texture, true);
        want(material.metallic_roughness_texture, false);
        want(material.normal_texture, false);
        want(material.occlusion_texture, false);
    }
    for (const ModelMesh& mesh : model.meshes) out.meshes.push_back(upload_mesh(mesh));
    if (gl::failed()) return fail("this machine's graphics have no room for it; make its pictures smaller", ErrorKind::bad_input);
    return out;
}

}  // namespace vitrine
