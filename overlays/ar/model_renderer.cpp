#include "overlays/ar/model_renderer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "engine/look.h"
#include "overlays/ar/contact_shadow.h"
#include "overlays/ar/frame_target.h"
#include "overlays/ar/gpu_model.h"
#include "overlays/ar/shader_program.h"
#include "overlays/ar/shaders.h"
#include "overlays/ar/studio.h"

namespace vitrine {

namespace {

constexpr int studio_size = 128, studio_levels = 6, table_size = 64;
constexpr float never_cut = 1e9F;
constexpr std::array<float, 3> shell_colour{0.62F, 0.82F, 1.0F};  // sRGB-encoded

/// OpenCV's camera → OpenGL's eye.
constexpr Matrix4 camera_to_eye{1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1};

/// Eye → clip, for the pixels of `rect` with its top row first: OpenGL's first row is the lowest, so the picture is drawn upside down.
Matrix4 eye_to_clip(const ModelCamera& camera, const PixelRect& rect, int width, int height, double near, double far) {
    const auto& [fx, fy, cx, cy] = camera.intrinsics;
    const double sx = 2.0 * width / rect.width, sy = 2.0 * height / rect.height;
    const double ox = sx * cx - 2.0 * rect.x / rect.width - 1, oy = sy * cy - 2.0 * rect.y / rect.height - 1;
    const double a = (far + near) / (far - near), b = -2 * far * near / (far - near);
    return {sx * fx, 0, 0, 0, 0, -sy * fy, 0, 0, -ox, -oy, -a, -1, 0, 0, b, 0};
}

/// Of the upper left 3×3: its inverse transpose up to a positive factor, for normals; and whether it mirrors.
std::pair<std::array<float, 9>, bool> normal_matrix(const Matrix4& m) {
    const auto column = [&](int c) { return std::array<double, 3>{m[4 * c], m[4 * c + 1], m[4 * c + 2]}; };
    const auto cross = [](const std::array<double, 3>& a, const std::array<double, 3>& b) {
        return std::array<double, 3>{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    };
    const auto x = column(0), y = column(1), z = column(2);
    const std::array<std::array<double, 3>, 3> cofactors{cross(y, z), cross(z, x), cross(x, y)};
    const double det = x[0] * cofactors[0][0] + x[1] * cofactors[0][1] + x[2] * cofactors[0][2];
    double size = 0;
    for (const auto& c : cofactors)
        for (const double v : c) size = std::max(size, std::abs(v));
    std::array<float, 9> out{};
    for (std::size_t i = 0; i < 9; ++i) out[i] = static_cast<float>(cofactors[i / 3][i % 3] / (det < 0 ? -size : size));
    return {out, det < 0};
}

float encoded(float linear) {
    linear = std::clamp(linear, 0.0F, 1.0F);
    return linear < 0.0031308F ? 12.92F * linear : 1.055F * std::pow(linear, 1 / 2.4F) - 0.055F;
}

enum Feature : unsigned { has_base = 1, has_metal = 2, has_normal = 4, has_tangent = 8, has_occlusion = 16, has_emissive = 32 };

std::string defines_of(unsigned features) {
    std::string out;
    for (const auto& [bit, name] :
         {std::pair{has_base, "HAS_BASE"}, std::pair{has_metal, "HAS_METAL"}, std::pair{has_normal, "HAS_NORMAL"},
          std::pair{has_tangent, "HAS_TANGENT"}, std::pair{has_occlusion, "HAS_OCCLUSION"}, std::pair{has_emissive, "HAS_EMISSIVE"}})
        if (features & bit) out += std::string("#define ") + name + "\n";
    return out;
}

/// Computed once: it is the same for every renderer of the process.
struct StudioTables {
    PrefilteredStudio mirrored = prefilter_studio(studio_size, studio_levels);
    std::array<Radiance, 9> irradiance = studio_irradiance();
    std::vector<float> split_sum = split_sum_table(table_size);
};
const StudioTables& studio_tables() {
    static const StudioTables tables;
    return tables;
}

/// What one call of render() works with.
struct Scene {
    const GpuModel& model;
    const ModelLook& look;
    Matrix4 model_to_eye, to_clip;
    float cut_x = never_cut;
    std::vector<Matrix4> part_to_model;  ///< exploded
};

}  // namespace

struct ModelRenderer::Core {
    std::unique_ptr<gl::Context> context;  // first: the last to go
    std::map<unsigned, ShaderProgram> surfaces;
    std::optional<ShaderProgram> shell, cap, count;
    std::optional<ContactShadow> shadow;
    FrameTarget target;
    gl::Texture studio, split_sum;
    gl::VertexArray quad_arrays;
    gl::Buffer quad;
    std::map<std::string, GpuModel> models;

    Result<void> prepare();
    Result<ShaderProgram*> surface(unsigned features);
    Result<void> draw_surface(const Scene& scene, const GpuMesh& mesh);
    Result<void> draw_surfaces(const Scene& scene);
    void draw_caps(const Scene& scene);
    void draw_shells(const Scene& scene);
    bool is_shell(const Scene& scene, const GpuMesh& mesh) const;
    void draw_mesh(const Scene& scene, const GpuMesh& mesh, ShaderProgram& program);
};

ModelRenderer::ModelRenderer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
ModelRenderer::~ModelRenderer() = default;
const std::string& ModelRenderer::device() const { return core_->context->device(); }

Result<std::unique_ptr<ModelRenderer>> ModelRenderer::create() {
    auto context = gl::Context::create();
    if (!context) return tl::unexpected<Error>(context.error());
    auto core = std::make_unique<Core>();
    core->context = std::move(*context);
    if (const auto prepared = core->prepare(); !prepared) return tl::unexpected<Error>(prepared.error());
    return std::unique_ptr<ModelRenderer>(new ModelRenderer(std::move(core)));
}

Result<void> ModelRenderer::Core::prepare() {
    const auto program = [](std::optional<ShaderProgram>& to, const char* vertex, const char* fragment) -> Result<void> {
        auto made = gl::compile("", vertex, fragment);
        if (!made) return tl::unexpected<Error>(made.error());
        to.emplace(std::move(*made));
        return {};
    };
    if (auto r = program(shell, shaders::model_vertex, shaders::shell_fragment); !r) return r;
    if (auto r = program(cap, shaders::cap_vertex, shaders::cap_fragment); !r) return r;
    if (auto r = program(count, shaders::model_vertex, shaders::count_fragment); !r) return r;

    quad_arrays = gl::new_vertex_array();
    glBindVertexArray(quad_arrays.get());
    quad = gl::new_buffer();
    glBindBuffer(GL_ARRAY_BUFFER, quad.get());
    const std::array<float, 8> corners{0, 0, 1, 0, 0, 1, 1, 1};
    glBufferData(GL_ARRAY_BUFFER, sizeof corners, corners.data(), GL_STATIC_DRAW);
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, nullptr);

    auto made = ContactShadow::create();
    if (!made) return tl::unexpected<Error>(made.error());
    shadow.emplace(std::move(*made));

    const StudioTables& tables = studio_tables();
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    studio = gl::new_texture();
    glBindTexture(GL_TEXTURE_CUBE_MAP, studio.get());
    for (int level = 0; level < studio_levels; ++level) {
        const auto& one = tables.mirrored.levels[static_cast<std::size_t>(level)];
        for (unsigned face = 0; face < 6; ++face)
            glTexImage2D(GL_TEXTURE_CUBE_MAP_POSITIVE_X + face, level, GL_RGB16F, one.size, one.size, 0, GL_RGB, GL_FLOAT,
                         one.faces[face].data());
    }
    glTexParameteri(GL_TEXTURE_CUBE_MAP, GL_TEXTURE_MAX_LEVEL, studio_levels - 1);
    glTexParameteri(GL_TEXTURE_CUBE_MAP, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_CUBE_MAP, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glEnable(GL_TEXTURE_CUBE_MAP_SEAMLESS);

    split_sum = gl::new_texture();
    glBindTexture(GL_TEXTURE_2D, split_sum.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RG16F, table_size, table_size, 0, GL_RG, GL_FLOAT, tables.split_sum.data());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    if (gl::failed()) return fail("the graphics driver refused the light of 3D models");
    return {};
}

Result<void> ModelRenderer::load(const std::string& key, const ModelData& model) {
    core_->models.erase(key);
    auto uploaded = upload(model, core_->context->largest_texture());
    if (!uploaded) return tl::unexpected<Error>(uploaded.error());
    core_->models.emplace(key, std::move(*uploaded));
    return {};
}

void ModelRenderer::unload(const std::string& key) { core_->models.erase(key); }

Result<ShaderProgram*> ModelRenderer::Core::surface(unsigned features) {
    auto found = surfaces.find(features);
    if (found == surfaces.end()) {
        auto made = gl::compile(defines_of(features), shaders::model_vertex, shaders::surface_fragment);
        if (!made) return tl::unexpected<Error>(made.error());
        found = surfaces.emplace(features, ShaderProgram(std::move(*made))).first;
        ShaderProgram& program = found->second;
        program.use();
        int unit = 0;
        for (const char* name : {"base_map", "metal_map", "normal_map", "occlusion_map", "emissive_map", "split_sum", "studio"})
            program.set(name, unit++);
        program.set("roughest", static_cast<float>(studio_levels - 1));
        program.set("irradiance", studio_tables().irradiance);
    }
    return &found->second;
}

bool ModelRenderer::Core::is_shell(const Scene& scene, const GpuMesh& mesh) const {
    return scene.look.x_ray && !scene.model.shapes[static_cast<std::size_t>(mesh.part)].inner;
}

void ModelRenderer::Core::draw_mesh(const Scene& scene, const GpuMesh& mesh, ShaderProgram& program) {
    const Matrix4& to_model = scene.part_to_model[static_cast<std::size_t>(mesh.part)];
    const Matrix4 to_eye = multiply(scene.model_to_eye, to_model);
    const auto [normals, mirrored] = normal_matrix(to_eye);
    program.set("to_eye", to_eye);
    program.set("to_clip", scene.to_clip);
    program.set("to_model", to_model);
    program.set_matrix3("normal_to_eye", normals);
    program.set("cut_x", scene.cut_x);
    glFrontFace(mirrored ? GL_CCW : GL_CW);  // the picture is drawn upside down
    glBindVertexArray(mesh.arrays.get());
    glDrawElements(GL_TRIANGLES, mesh.indices, GL_UNSIGNED_INT, nullptr);
}

Result<void> ModelRenderer::Core::draw_surface(const Scene& scene, const GpuMesh& mesh) {
    const ModelMaterial& material = scene.model.materials[static_cast<std::size_t>(scene.model.material_of(mesh, scene.look.variant))];
    unsigned features = 0;
    const auto bind = [&](GLenum unit, const ModelTexture& texture, bool srgb, unsigned feature) {
        if (texture.image < 0 || !mesh.uvs) return;
        const auto& found = scene.model.textures[2 * static_cast<std::size_t>(texture.image) + (srgb ? 1 : 0)];
        if (!found) return;
        features |= feature;
        glActiveTexture(unit);
        glBindTexture(GL_TEXTURE_2D, found.get());
    };
    bind(GL_TEXTURE0, material.base_texture, true, has_base);
    bind(GL_TEXTURE1, material.metallic_roughness_texture, false, has_metal);
    bind(GL_TEXTURE2, material.normal_texture, false, has_normal);
    bind(GL_TEXTURE3, material.occlusion_texture, false, has_occlusion);
    bind(GL_TEXTURE4, material.emissive_texture, true, has_emissive);
    if ((features & has_normal) && mesh.tangents) features |= has_tangent;
    const auto program = surface(features);
    if (!program) return tl::unexpected<Error>(program.error());
    ShaderProgram& p = **program;
    p.use();
    p.set("base_colour", material.base_colour);
    p.set("emissive", material.emissive);
    p.set("metallic", material.metallic);
    p.set("roughness", material.roughness);
    p.set("normal_scale", material.normal_scale);
    p.set("occlusion_strength", material.occlusion_strength);
    p.set("alpha_cutoff", material.alpha_cutoff);
    p.set("blended", material.blended ? 1 : 0);
    const bool cut = scene.cut_x != never_cut, solid = scene.model.shapes[static_cast<std::size_t>(mesh.part)].solid;
    p.set("inside", cut && solid ? 1 : 0);
    const Rgb accent = look().dark.accent;
    p.set("inside_colour", std::array<float, 3>{accent.r / 255.0F * 0.5F, accent.g / 255.0F * 0.5F, accent.b / 255.0F * 0.5F});

    if (material.blended && material.double_sided) {
        glEnable(GL_CULL_FACE);
        glCullFace(GL_FRONT);
        draw_mesh(scene, mesh, p);
    }
    if (!material.blended && (material.double_sided || cut)) {
        glDisable(GL_CULL_FACE);
    } else {
        glEnable(GL_CULL_FACE);
        glCullFace(GL_BACK);
    }
    draw_mesh(scene, mesh, p);
    return {};
}

Result<void> ModelRenderer::Core::draw_surfaces(const Scene& scene) {
    glActiveTexture(GL_TEXTURE5);
    glBindTexture(GL_TEXTURE_2D, split_sum.get());
    glActiveTexture(GL_TEXTURE6);
    glBindTexture(GL_TEXTURE_CUBE_MAP, studio.get());
    using Depths = std::vector<std::pair<double, const GpuMesh*>>;  // by the depth of their middles
    Depths opaque, glass;
    for (const GpuMesh& mesh : scene.model.meshes) {
        if (is_shell(scene, mesh)) continue;
        const auto middle =
            transform(scene.part_to_model[static_cast<std::size_t>(mesh.part)], {mesh.middle[0], mesh.middle[1], mesh.middle[2]});
        const bool blended = scene.model.materials[static_cast<std::size_t>(scene.model.material_of(mesh, scene.look.variant))].blended;
        (blended ? glass : opaque).emplace_back(transform(scene.model_to_eye, middle)[2], &mesh);
    }
    // Near ones first: what lies behind them is then not shaded.
    std::stable_sort(opaque.begin(), opaque.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [depth, mesh] : opaque)
        if (auto drawn = draw_surface(scene, *mesh); !drawn) return drawn;
    if (scene.cut_x != never_cut) draw_caps(scene);
    std::stable_sort(glass.begin(), glass.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    glEnable(GL_BLEND);
    glDepthMask(GL_FALSE);
    for (const auto& [depth, mesh] : glass)
        if (auto drawn = draw_surface(scene, *mesh); !drawn) return drawn;
    return {};
}

/// The classic count: along a ray, a closed surface that is cut shows one more back than front where the cut goes through its inside.
void ModelRenderer::Core::draw_caps(const Scene& scene) {
    const Rgb accent = look().dark.accent;
    const GpuModel& model = scene.model;
    glEnable(GL_STENCIL_TEST);
    glDisable(GL_CULL_FACE);
    for (std::size_t part = 0; part < model.parts.size(); ++part) {
        const PartShape& shape = model.shapes[part];
        if (!shape.solid || shape.empty() || (scene.look.x_ray && !shape.inner)) continue;
        std::array<float, 3> least = shape.least, greatest = shape.greatest;
        for (std::size_t k = 0; k < 3; ++k) {
            const float moved = model.parts[part].explode[k] * scene.look.explode;
            least[k] += moved;
            greatest[k] += moved;
        }
        if (scene.cut_x <= least[0] || scene.cut_x >= greatest[0]) continue;
        glDisable(GL_DEPTH_TEST);
        glDepthMask(GL_FALSE);
        glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
        glStencilFunc(GL_ALWAYS, 0, 0xFF);
        glStencilOpSeparate(GL_FRONT, GL_KEEP, GL_KEEP, GL_DECR_WRAP);
        glStencilOpSeparate(GL_BACK, GL_KEEP, GL_KEEP, GL_INCR_WRAP);
        count->use();
        const ModelMaterial* material = nullptr;
        for (const GpuMesh& mesh : model.meshes) {
            if (static_cast<std::size_t>(mesh.part) != part) continue;
            const auto& its = model.materials[static_cast<std::size_t>(model.material_of(mesh, scene.look.variant))];
            if (its.blended) continue;
            if (material == nullptr) material = &its;
            draw_mesh(scene, mesh, *count);
        }
        glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
        if (material == nullptr) continue;
        glEnable(GL_DEPTH_TEST);
        glDepthMask(GL_TRUE);
        glDisable(GL_CLIP_DISTANCE0);
        glStencilFunc(GL_NOTEQUAL, 0, 0xFF);
        glStencilOp(GL_ZERO, GL_ZERO, GL_ZERO);
        cap->use();
        cap->set("to_eye", scene.model_to_eye);
        cap->set("to_clip", scene.to_clip);
        cap->set("least", least);
        cap->set("greatest", greatest);
        cap->set("cut_x", scene.cut_x);
        const float size =
            std::max({model.greatest[0] - model.least[0], model.greatest[1] - model.least[1], model.greatest[2] - model.least[2]});
        cap->set("pitch", size / 28);
        std::array<float, 3> colour;
        const std::array<float, 3> tint{accent.r / 255.0F, accent.g / 255.0F, accent.b / 255.0F};
        for (std::size_t k = 0; k < 3; ++k) colour[k] = 0.62F * tint[k] + 0.38F * encoded(material->base_colour[k]);
        cap->set("cap_colour", colour);
        glBindVertexArray(quad_arrays.get());
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
        glEnable(GL_CLIP_DISTANCE0);
    }
    glDisable(GL_STENCIL_TEST);
}

void ModelRenderer::Core::draw_shells(const Scene& scene) {
    glEnable(GL_BLEND);
    glDepthMask(GL_FALSE);
    glEnable(GL_CULL_FACE);
    glCullFace(GL_BACK);
    shell->use();
    shell->set("shell_colour", shell_colour);
    for (const GpuMesh& mesh : scene.model.meshes)
        if (is_shell(scene, mesh)) draw_mesh(scene, mesh, *shell);
}

Result<void> ModelRenderer::render(const std::string& key, const ModelView& view, const ModelLook& look, const RenderQuality& quality,
                                   ModelPicture& out) {
    Core& core = *core_;
    out.rect = {};
    const auto found = core.models.find(key);
    if (found == core.models.end()) return fail("no model has been loaded as \"" + key + "\"", ErrorKind::bad_input);
    const GpuModel& model = found->second;
    if (view.width < 2 || view.height < 2 || view.width > 8192 || view.height > 8192)
        return fail("the picture has no size for a model", ErrorKind::bad_input);

    const Matrix4 to_target = model_to_target(view.placement);
    Scene scene{model, look, multiply(camera_to_eye, multiply(view.camera.target_to_camera, to_target)), {}, never_cut, {}};
    if (look.section) scene.cut_x = model.least[0] + *look.section * (model.greatest[0] - model.least[0]);

    std::vector<std::array<double, 3>> points;  // of the target
    for (std::size_t i = 0; i < model.parts.size(); ++i) {
        const ModelPart& part = model.parts[i];
        Matrix4 to_model;
        for (std::size_t k = 0; k < 16; ++k) to_model[k] = part.to_model[k];
        for (std::size_t k = 0; k < 3; ++k) to_model[12 + k] += part.explode[k] * look.explode;
        scene.part_to_model.push_back(to_model);
        const PartShape& shape = model.shapes[i];
        if (shape.empty()) continue;
        for (unsigned corner = 0; corner < 8; ++corner) {
            std::array<double, 3> p;
            for (std::size_t k = 0; k < 3; ++k)
                p[k] = double{corner >> k & 1 ? shape.greatest[k] : shape.least[k]} + part.explode[k] * look.explode;
            points.push_back(transform(to_target, p));
        }
    }
    if (points.empty() || (look.section && *look.section <= 0)) return {};
    const Ground ground = ground_under(points);
    if (look.shadow > 0)
        for (const double x : {ground.x, ground.x + ground.width})
            for (const double y : {ground.y, ground.y + ground.height}) points.push_back({x, y, 0});

    out.rect = bounds_of(points, view.camera, view.width, view.height, view.within);
    if (out.rect.empty()) {
        out.rect = {};
        return {};
    }
    double nearest = std::numeric_limits<double>::max(), farthest = 0;
    for (const auto& point : points) {
        const double z = transform(view.camera.target_to_camera, point)[2];
        nearest = std::min(nearest, z);
        farthest = std::max(farthest, z);
    }
    nearest = std::max(nearest * 0.99 - 0.1, std::max(0.1, farthest * 1e-4));
    farthest = std::max(farthest * 1.01 + 0.1, nearest * 1.01);
    scene.to_clip = eye_to_clip(view.camera, out.rect, view.width, view.height, nearest, farthest);

    if (look.shadow > 0) {
        const auto draw = [&](ShaderProgram& program, const Matrix4& to_clip) {
            Scene above{model, look, to_target, to_clip, scene.cut_x, scene.part_to_model};
            if (look.section) glEnable(GL_CLIP_DISTANCE0);
            for (const GpuMesh& mesh : model.meshes)
                if (!model.materials[static_cast<std::size_t>(model.material_of(mesh, look.variant))].blended)
                    core.draw_mesh(above, mesh, program);
            glDisable(GL_CLIP_DISTANCE0);
        };
        core.shadow->update({key, view.placement, look.explode, look.section}, ground, core.quad_arrays, draw);
    }
    const int shrink = std::clamp(quality.shrink, 1, 4),
              samples = std::clamp(quality.samples, 1, std::max(1, core.context->most_samples()));
    if (!core.target.begin((out.rect.width + shrink - 1) / shrink, (out.rect.height + shrink - 1) / shrink, samples))
        return fail("the graphics driver has no room for a picture of " + std::to_string(out.rect.width) + " × " +
                    std::to_string(out.rect.height) + " px");
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glEnable(GL_BLEND);
    if (look.shadow > 0)
        core.shadow->draw(ground, multiply(camera_to_eye, view.camera.target_to_camera), scene.to_clip,
                          look.shadow * (look.x_ray ? 0.5F : 1.0F), core.quad_arrays);
    glDisable(GL_BLEND);
    glEnable(GL_DEPTH_TEST);
    glDepthFunc(GL_LEQUAL);
    glDepthMask(GL_TRUE);
    if (look.section) glEnable(GL_CLIP_DISTANCE0);
    if (auto drawn = core.draw_surfaces(scene); !drawn) return drawn;
    if (look.x_ray) core.draw_shells(scene);
    glDisable(GL_CLIP_DISTANCE0);
    glDisable(GL_BLEND);
    if (!core.target.read(out.rect.width, out.rect.height, out.rgba))
        return fail("the graphics driver reported an error while drawing a 3D model");
    return {};
}

}  // namespace vitrine
