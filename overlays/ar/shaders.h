#pragma once
// GLSL of the model renderer. Inner header of overlays/ar; the formulas' sources are named in shaders.cpp.

namespace vitrine::shaders {

// With HAS_BASE, HAS_METAL, HAS_NORMAL, HAS_TANGENT, HAS_OCCLUSION, HAS_EMISSIVE for the textures a material has.
extern const char* const model_vertex;
extern const char* const surface_fragment;
/// Edges light up, faces are nearly clear: the shell of an X-ray.
extern const char* const shell_fragment;
/// The flat inside of a part that is cut open.
extern const char* const cap_vertex;
extern const char* const cap_fragment;
/// Writes nothing: counts into the stencil.
extern const char* const count_fragment;
/// Height over the target's plane, for the shadow.
extern const char* const height_fragment;
extern const char* const blur_vertex;
extern const char* const blur_fragment;
extern const char* const shadow_vertex;
extern const char* const shadow_fragment;

}  // namespace vitrine::shaders
