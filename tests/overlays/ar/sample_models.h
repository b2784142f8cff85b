#pragma once
// Small models made by hand, and the camera that looks at them.

#include <optional>

#include "overlays/ar/model_camera.h"
#include "overlays/ar/model_renderer.h"

namespace vitrine::ar_test {

constexpr int width = 640, height = 360;

ModelMaterial paint(std::array<float, 3> colour, float metallic = 0, float roughness = 1);
/// One part, axis-parallel, flat faces, closed. Metres.
void add_box(ModelData& model, std::array<float, 3> least, std::array<float, 3> greatest, int material, std::array<float, 3> explode = {});
void add_sphere(ModelData& model, float radius, int material);
/// A square of 40 mm in the x-y plane, facing the reader.
ModelData square(const ModelMaterial& material);
/// The box of everything; to be called last.
ModelData finished(ModelData model);

/// A target of 100 × 100 mm looked at from `distance`, turned about x and y by degrees; its middle is the picture's.
Anchor looked_at(double turn_x, double turn_y, double distance);
/// The model stands in the target's middle.
ModelView view_of(const Anchor& anchor);

/// One for all tests of the process; nullptr, and a word on what is not tested, when this machine has no EGL.
ModelRenderer* renderer();
/// Without shadow, unless the look asks otherwise.
ModelPicture rendered(const ModelData& model, const ModelView& view, ModelLook look = {-1, 0, false, {}, 0}, RenderQuality quality = {});

/// Of the whole program: 0 where the picture is not.
std::array<int, 4> pixel(const ModelPicture& picture, int x, int y);

}  // namespace vitrine::ar_test
