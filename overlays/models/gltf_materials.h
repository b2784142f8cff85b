#pragma once
// Materials, their pictures and variants (glTF 2.0, 3.8 and 3.9; KHR_materials_variants).

#include <map>
#include <string>

#include "engine/result.h"
#include "overlays/models/gltf_accessor.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_limits.h"

namespace tinygltf {
class Model;
class Value;
struct Image;
}  // namespace tinygltf

namespace vitrine {

/// Takes the place of tinygltf's picture decoder: what came as a data URI is decoded where it is found, as its bytes do not last. What lies
/// in a buffer is left to read_materials, which judges the range first.
class GltfPictures {
  public:
    explicit GltfPictures(const ModelLimits& limits) : limits_(limits) {}
    /// tinygltf::LoadImageDataFunction; `self` is the GltfPictures.
    static bool loaded(tinygltf::Image* image, int index, std::string* error, std::string* warning, int wanted_width, int wanted_height,
                       const unsigned char* bytes, int size, void* self);
    /// Decodes within what is left of the limits. Nothing is decoded twice.
    Result<ModelImage> decode(int index, std::span<const std::uint8_t> bytes);
    /// Moves a picture that came as a data URI out; its error when it could not be decoded, or that there is none.
    Result<ModelImage> take(int index);

  private:
    const ModelLimits& limits_;
    std::uint64_t decoded_bytes_ = 0;
    std::map<int, Result<ModelImage>> found_;
};

/// Fills materials (always at least one: the last is the standard's default material), images and variants of `out`.
Result<void> read_materials(const tinygltf::Model& model, const GltfAccessors& accessors, GltfPictures& pictures, const ModelLimits& limits,
                            ModelData& out);

/// The number `name` of a JSON object, when it is one that is finite.
double number_of(const tinygltf::Value& object, const char* name, double otherwise);

}  // namespace vitrine
