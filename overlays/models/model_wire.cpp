#include "overlays/models/model_wire.h"

#include "overlays/models/model_parser.h"

namespace vitrine {
namespace {

constexpr std::uint64_t most_name = 1000, most_notes = 20;

void write(const ModelTexture& texture, WireWriter& out) {
    out.number<std::int32_t>(texture.image);
    out.flag(texture.repeat_s);
    out.flag(texture.repeat_t);
}

void write(const ModelMaterial& material, WireWriter& out) {
    out.text(material.name);
    out.fill(material.base_colour);
    for (const float value : {material.metallic, material.roughness, material.normal_scale, material.occlusion_strength}) out.number(value);
    out.fill(material.emissive);
    out.number(material.alpha_cutoff);
    out.flag(material.blended);
    out.flag(material.double_sided);
    for (const ModelTexture* texture : {&material.base_texture, &material.metallic_roughness_texture, &material.normal_texture,
                                        &material.occlusion_texture, &material.emissive_texture})
        write(*texture, out);
}

void write(const ModelMesh& mesh, WireWriter& out) {
    out.number<std::int32_t>(mesh.part);
    out.number<std::int32_t>(mesh.material);
    out.array(mesh.variant_materials);
    out.array(mesh.positions);
    out.array(mesh.normals);
    out.array(mesh.tangents);
    out.array(mesh.uvs);
    out.array(mesh.indices);
}

void read(ModelTexture& texture, WireReader& in) {
    texture.image = in.number<std::int32_t>();
    texture.repeat_s = in.flag();
    texture.repeat_t = in.flag();
}

void read(ModelMaterial& material, WireReader& in) {
    material.name = in.text(most_name);
    in.fill(material.base_colour);
    for (float* value : {&material.metallic, &material.roughness, &material.normal_scale, &material.occlusion_strength})
        *value = in.number<float>();
    in.fill(material.emissive);
    material.alpha_cutoff = in.number<float>();
    material.blended = in.flag();
    material.double_sided = in.flag();
    for (ModelTexture* texture : {&material.base_texture, &material.metallic_roughness_texture, &material.normal_texture,
                                  &material.occlusion_texture, &material.emissive_texture})
        read(*texture, in);
}

}  // namespace

void write_model(const ModelData& model, WireWriter& out) {
    out.number<std::uint64_t>(model.parts.size());
    for (const auto& part : model.parts) {
        out.text(part.name);
        out.fill(part.to_model);
        out.fill(part.explode);
    }
    out.number<std::uint64_t>(model.materials.size());
    for (const auto& material : model.materials) write(material, out);
    out.number<std::uint64_t>(model.variants.size());
    for (const auto& name : model.variants) out.text(name);
    out.number<std::uint64_t>(model.notes.size());
    for (const auto& note : model.notes) out.text(note);
    out.fill(model.least);
    out.fill(model.greatest);
    out.number<std::uint64_t>(model.images.size());
    for (const auto& image : model.images) {
        out.number<std::int32_t>(image.width);
        out.number<std::int32_t>(image.height);
        out.array(image.rgba);
    }
    out.number<std::uint64_t>(model.meshes.size());
    for (const auto& mesh : model.meshes) write(mesh, out);
}

std::optional<ModelData> read_model(WireReader& in, const ModelLimits& limits) {
    ModelData model;
    // Lists grow element by element and stop with the bytes, so a length alone reserves nothing; arrays of numbers are taken off what is
    // left of the limits before they are allocated.
    for (std::size_t n = in.length(limits.nodes); n > 0 && in.good(); --n) {
        auto& part = model.parts.emplace_back();
        part.name = in.text(most_name);
        in.fill(part.to_model);
        in.fill(part.explode);
    }
    for (std::size_t n = in.length(limits.materials); n > 0 && in.good(); --n) read(model.materials.emplace_back(), in);
    for (std::size_t n = in.length(limits.variants); n > 0 && in.good(); --n) model.variants.push_back(in.text(most_name));
    for (std::size_t n = in.length(most_notes); n > 0 && in.good(); --n) model.notes.push_back(in.text(most_name));
    in.fill(model.least);
    in.fill(model.greatest);
    std::uint64_t bytes = limits.decoded_bytes;
    for (std::size_t n = in.length(limits.images); n > 0 && in.good(); --n) {
        auto& image = model.images.emplace_back();
        image.width = in.number<std::int32_t>();
        image.height = in.number<std::int32_t>();
        image.rgba = in.array<std::uint8_t>(bytes);
        bytes -= image.rgba.size();
    }
    std::uint64_t vertices = limits.vertices, triangles = limits.triangles;
    for (std::size_t n = in.length(limits.meshes); n > 0 && in.good(); --n) {
        auto& mesh = model.meshes.emplace_back();
        mesh.part = in.number<std::int32_t>();
        mesh.material = in.number<std::int32_t>();
        mesh.variant_materials = in.array<int>(limits.variants);
        mesh.positions = in.array<float>(vertices * 3);
        mesh.normals = in.array<float>(vertices * 3);
        mesh.tangents = in.array<float>(vertices * 4);
        mesh.uvs = in.array<float>(vertices * 2);
        mesh.indices = in.array<std::uint32_t>(triangles * 3);
        vertices -= mesh.positions.size() / 3;
        triangles -= mesh.indices.size() / 3;
    }
    if (!in.good() || !judge_model_data(model, limits)) return std::nullopt;
    return model;
}

}  // namespace vitrine
