#include "overlays/models/gltf_materials.h"

#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>

#include "engine/printable.h"
#include "overlays/models/gltf_notes.h"
#include "overlays/reading/picture_decoder.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::string_view export_again = "export it again as .glb";

float in_range(double value, double low, double high, double otherwise) {
    return static_cast<float>(std::isfinite(value) ? std::clamp(value, low, high) : otherwise);
}

/// Pictures by their place in the file; each is decoded when the first texture asks for it.
class Textures {
  public:
    Textures(const tinygltf::Model& model, const GltfAccessors& accessors, GltfPictures& pictures, ModelData& out)
        : model_(model), accessors_(accessors), pictures_(pictures), out_(out) {}

    template <class Info>
    Result<ModelTexture> read(const Info& info) {
        ModelTexture texture;
        if (info.index < 0) return texture;
        if (static_cast<std::size_t>(info.index) >= model_.textures.size())
            return refuse("is damaged: it uses texture " + std::to_string(info.index) + ", which does not exist", export_again);
        if (info.texCoord != 0) {
            note(out_.notes, "has textures on a second set of texture coordinates, which are not shown");
            return texture;
        }
        if (info.extensions.count("KHR_texture_transform"))
            note(out_.notes, "moves or scales textures (KHR_texture_transform), which is not applied");
        const auto& source = model_.textures[static_cast<std::size_t>(info.index)];
        if (source.source < 0) {
            note(out_.notes, "has textures in a format other than PNG or JPEG, which are not shown");
            return texture;
        }
        auto image = image_of(source.source);
        if (!image) return tl::unexpected(image.error());
        texture.image = *image;
        if (source.sampler >= 0) {
            if (static_cast<std::size_t>(source.sampler) >= model_.samplers.size())
                return refuse("is damaged: it uses sampler " + std::to_string(source.sampler) + ", which does not exist", export_again);
            const auto& sampler = model_.samplers[static_cast<std::size_t>(source.sampler)];
            texture.repeat_s = sampler.wrapS != TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE;
            texture.repeat_t = sampler.wrapT != TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE;
            if (sampler.wrapS == TINYGLTF_TEXTURE_WRAP_MIRRORED_REPEAT || sampler.wrapT == TINYGLTF_TEXTURE_WRAP_MIRRORED_REPEAT)
                note(out_.notes, "mirrors repeated textures, which are shown repeated without mirroring");
        }
        return texture;
    }

  private:
    Result<int> image_of(int index) {
        if (static_cast<std::size_t>(index) >= model_.images.size())
            return refuse("is damaged: it uses image " + std::to_string(index) + ", which does not exist", export_again);
        if (const auto known = places_.find(index); known != places_.end()) return known->second;
        const int view = model_.images[static_cast<std::size_t>(index)].bufferView;
        Result<ModelImage> image = fail("");
        if (view >= 0) {
            const auto bytes = accessors_.view(view);
            if (!bytes) return tl::unexpected(bytes.error());
            image = pictures_.decode(index, *bytes);
        } else {
            image = pictures_.take(index);
        }
        if (!image) return tl::unexpected(image.error());
        out_.images.push_back(std::move(*image));
        return places_[index] = static_cast<int>(out_.images.size()) - 1;
    }

    const tinygltf::Model& model_;
    const GltfAccessors& accessors_;
    GltfPictures& pictures_;
    ModelData& out_;
    std::map<int, int> places_;
};

Result<ModelMaterial> read_material(const tinygltf::Material& given, Textures& textures, std::vector<std::string>& notes) {
    ModelMaterial material;
    material.name = printable(given.name, 200);
    const auto& pbr = given.pbrMetallicRoughness;
    if (pbr.baseColorFactor.size() != 4 || given.emissiveFactor.size() != 3)
        return refuse("is damaged: a material's colour does not have its three or four numbers", export_again);
    for (std::size_t i = 0; i < 4; ++i) material.base_colour[i] = in_range(pbr.baseColorFactor[i], 0, 1, 1);
    material.metallic = in_range(pbr.metallicFactor, 0, 1, 1);
    material.roughness = in_range(pbr.roughnessFactor, 0, 1, 1);
    material.normal_scale = in_range(given.normalTexture.scale, -100, 100, 1);
    material.occlusion_strength = in_range(given.occlusionTexture.strength, 0, 1, 1);
    double strength = 1;
    for (const auto& [name, value] : given.extensions) {
        if (name == "KHR_materials_emissive_strength")
            strength = in_range(number_of(value, "emissiveStrength", 1), 0, 1000, 1);
        else
            note(notes, "has materials with " + printable(name, 80) + ", which are shown without it");
    }
    for (std::size_t i = 0; i < 3; ++i) material.emissive[i] = in_range(given.emissiveFactor[i] * strength, 0, 1000, 0);
    if (given.alphaMode == "MASK") material.alpha_cutoff = in_range(given.alphaCutoff, 0, 1, 0.5);
    material.blended = given.alphaMode == "BLEND";
    material.double_sided = given.doubleSided;

    const auto take = [](Result<ModelTexture> texture, ModelTexture& into) -> Result<void> {
        if (!texture) return tl::unexpected(texture.error());
        into = *texture;
        return {};
    };
    for (const auto& taken : {take(textures.read(pbr.baseColorTexture), material.base_texture),
                              take(textures.read(pbr.metallicRoughnessTexture), material.metallic_roughness_texture),
                              take(textures.read(given.normalTexture), material.normal_texture),
                              take(textures.read(given.occlusionTexture), material.occlusion_texture),
                              take(textures.read(given.emissiveTexture), material.emissive_texture)})
        if (!taken) return tl::unexpected(taken.error());
    return material;
}

}  // namespace

double number_of(const tinygltf::Value& object, const char* name, double otherwise) {
    if (!object.IsObject() || !object.Has(name)) return otherwise;
    const auto& value = object.Get(name);
    return value.IsNumber() && std::isfinite(value.GetNumberAsDouble()) ? value.GetNumberAsDouble() : otherwise;
}

bool GltfPictures::loaded(tinygltf::Image* image, int index, std::string*, std::string*, int, int, const unsigned char* bytes, int size,
                          void* self) {
    auto& pictures = *static_cast<GltfPictures*>(self);
    if (image->bufferView < 0 && size > 0) pictures.found_.emplace(index, pictures.decode(index, {bytes, static_cast<std::size_t>(size)}));
    return true;
}

Result<ModelImage> GltfPictures::decode(int index, std::span<const std::uint8_t> bytes) {
    const std::string which = "holds image " + std::to_string(index) + ", which ";
    const std::uint64_t left = limits_.decoded_bytes - std::min(decoded_bytes_, limits_.decoded_bytes);
    auto picture = picture_header(bytes).and_then([&](const PictureHeader& header) -> Result<Picture> {
        const std::uint64_t needed =
            std::uint64_t{4} * static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
        if (header.width <= limits_.image_side && header.height <= limits_.image_side && needed > left)
            return refuse(
                "is one too many: all together take more than " + std::to_string(limits_.decoded_bytes >> 20) + " MiB when decoded",
                "make the textures smaller");
        return decode_picture(bytes, limits_.image_side, left / 4);
    });
    if (!picture) return tl::unexpected(Error{picture.error().kind, which + picture.error().message});
    decoded_bytes_ += picture->rgba.size();
    return ModelImage{picture->width, picture->height, std::move(picture->rgba)};
}

Result<ModelImage> GltfPictures::take(int index) {
    const auto at = found_.find(index);
    if (at == found_.end()) return refuse("is damaged: image " + std::to_string(index) + " is not in it", export_again);
    auto taken = std::move(at->second);
    found_.erase(at);
    return taken;
}

Result<void> read_materials(const tinygltf::Model& model, const GltfAccessors& accessors, GltfPictures& pictures, const ModelLimits& limits,
                            ModelData& out) {
    if (model.materials.size() >= limits.materials)
        return refuse("has " + std::to_string(model.materials.size()) + " materials, more than " + std::to_string(limits.materials),
                      "merge materials");
    if (model.images.size() > limits.images)
        return refuse("has " + std::to_string(model.images.size()) + " images, more than " + std::to_string(limits.images),
                      "merge textures");
    Textures textures(model, accessors, pictures, out);
    for (const auto& given : model.materials) {
        auto material = read_material(given, textures, out.notes);
        if (!material) return tl::unexpected(material.error());
        out.materials.push_back(std::move(*material));
    }
    out.materials.emplace_back();

    const auto extension = model.extensions.find("KHR_materials_variants");
    if (extension == model.extensions.end() || !extension->second.IsObject()) return {};
    const auto& list = extension->second.Get("variants");
    if (list.ArrayLen() > limits.variants)
        return refuse("has " + std::to_string(list.ArrayLen()) + " variants, more than " + std::to_string(limits.variants),
                      "split it into several products");
    for (std::size_t i = 0; i < list.ArrayLen(); ++i) {
        const auto& variant = list.Get(static_cast<int>(i));
        std::string name = variant.IsObject() && variant.Get("name").IsString() ? variant.Get("name").Get<std::string>() : std::string();
        name = printable(name, 200);
        if (name.empty()) name = std::to_string(i + 1);
        if (std::find(out.variants.begin(), out.variants.end(), name) != out.variants.end())
            return refuse("has two variants named \"" + name + "\"", "give each variant its own name");
        out.variants.push_back(std::move(name));
    }
    return {};
}

}  // namespace vitrine
