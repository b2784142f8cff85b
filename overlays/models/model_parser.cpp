#include "overlays/models/model_parser.h"

#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>
#include <set>

#include "engine/printable.h"
#include "overlays/models/gltf_accessor.h"
#include "overlays/models/gltf_geometry.h"
#include "overlays/models/gltf_materials.h"
#include "overlays/models/gltf_notes.h"
#include "overlays/models/gltf_text.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::string_view export_again = "export it again as .glb";
constexpr ModelMatrix identity{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

using Vec3 = std::array<float, 3>;

Result<void> judge_extensions(const tinygltf::Model& model, std::vector<std::string>& notes) {
    static const std::set<std::string> understood{"KHR_materials_variants", "KHR_mesh_quantization", "KHR_materials_emissive_strength"};
    // Without these the shape is right, only the look is plainer.
    static const std::set<std::string> left_out{"KHR_texture_transform", "KHR_lights_punctual", "KHR_animation_pointer"};
    for (const std::string& name : model.extensionsRequired) {
        if (understood.count(name)) continue;
        if (name == "KHR_draco_mesh_compression") return refuse("is compressed with Draco", "export it without compression");
        if (name == "EXT_meshopt_compression" || name == "KHR_meshopt_compression")
            return refuse("is compressed with meshopt", "export it without compression");
        if (name == "KHR_texture_basisu" || name == "EXT_texture_webp" || name == "EXT_texture_avif")
            return refuse("has textures that are neither PNG nor JPEG (" + name + ")", "export it with PNG or JPEG textures");
        if (left_out.count(name) || name.starts_with("KHR_materials_")) {
            note(notes, "needs " + printable(name, 80) + ", without which it is shown");
            continue;
        }
        return refuse("needs the glTF extension " + printable(name, 80) + ", which is not known here", "export it without that extension");
    }
    return {};
}

Result<ModelMatrix> local_matrix(const tinygltf::Node& node, std::size_t index) {
    const auto damaged = [&](const char* what) {
        return refuse("is damaged: node " + std::to_string(index) + "'s " + what + " is not one", export_again);
    };
    const auto good = [](const std::vector<double>& numbers, std::size_t count) {
        return numbers.size() == count && std::all_of(numbers.begin(), numbers.end(), [](double n) { return std::abs(n) < 1e9; });
    };
    if (!node.matrix.empty()) {
        if (!good(node.matrix, 16)) return damaged("matrix");
        if (node.matrix[3] != 0 || node.matrix[7] != 0 || node.matrix[11] != 0 || node.matrix[15] != 1) return damaged("matrix");
        ModelMatrix m;
        std::copy(node.matrix.begin(), node.matrix.end(), m.begin());
        return m;
    }
    ModelMatrix m = identity;
    if (!node.rotation.empty()) {
        if (!good(node.rotation, 4)) return damaged("rotation");
        double x = node.rotation[0], y = node.rotation[1], z = node.rotation[2], w = node.rotation[3];
        const double length = std::sqrt(x * x + y * y + z * z + w * w);
        if (!(length > 1e-6)) return damaged("rotation");
        x /= length, y /= length, z /= length, w /= length;
        m = {1 - 2 * (y * y + z * z),
             2 * (x * y + z * w),
             2 * (x * z - y * w),
             0,
             2 * (x * y - z * w),
             1 - 2 * (x * x + z * z),
             2 * (y * z + x * w),
             0,
             2 * (x * z + y * w),
             2 * (y * z - x * w),
             1 - 2 * (x * x + y * y),
             0,
             0,
             0,
             0,
             1};
    }
    if (!node.scale.empty()) {
        if (!good(node.scale, 3)) return damaged("scale");
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t row = 0; row < 3; ++row) m[column * 4 + row] *= node.scale[column];
    }
    if (!node.translation.empty()) {
        if (!good(node.translation, 3)) return damaged("translation");
        std::copy(node.translation.begin(), node.translation.end(), m.begin() + 12);
    }
    return m;
}

/// The extras {"explode": [x, y, z]} of a node.
std::optional<Vec3> explosion_of(const tinygltf::Node& node, double extent) {
    if (!node.extras.IsObject() || !node.extras.Has("explode")) return std::nullopt;
    const auto& list = node.extras.Get("explode");
    if (list.ArrayLen() != 3) return std::nullopt;
    Vec3 out{};
    for (int i = 0; i < 3; ++i) {
        const auto& value = list.Get(i);
        if (!value.IsNumber() || !(std::abs(value.GetNumberAsDouble()) <= extent)) return std::nullopt;
        out[static_cast<std::size_t>(i)] = static_cast<float>(value.GetNumberAsDouble());
    }
    return out;
}

/// Walks the scene's nodes and lays their meshes into parts.
class SceneReader {
  public:
    SceneReader(const tinygltf::Model& model, const GltfAccessors& accessors, const ModelLimits& limits, ModelData& out)
        : model_(model), accessors_(accessors), limits_(limits), out_(out), budget_{limits.vertices, limits.triangles} {}

    Result<void> read() {
        if (model_.nodes.size() > limits_.nodes)
            return refuse("has " + std::to_string(model_.nodes.size()) + " nodes, more than " + std::to_string(limits_.nodes),
                          "merge its parts");
        explodes_ = std::any_of(model_.nodes.begin(), model_.nodes.end(),
                                [&](const auto& node) { return explosion_of(node, limits_.extent).has_value(); });
        visited_.assign(model_.nodes.size(), false);
        auto roots = find_roots();
        if (!roots) return tl::unexpected(roots.error());
        std::vector<Visit> waiting;
        for (auto at = roots->rbegin(); at != roots->rend(); ++at) waiting.push_back({*at, identity, identity, -1});
        while (!waiting.empty()) {
            const Visit visit = waiting.back();
            waiting.pop_back();
            if (auto done = read_node(visit, waiting); !done) return done;
        }
        return {};
    }

  private:
    struct Visit {
        int node = 0;
        ModelMatrix parent_to_model, parent_to_part;
        int part = -1;  ///< the one its parent belongs to
    };

    Result<std::vector<int>> find_roots() const {
        if (!model_.scenes.empty()) {
            const int scene = std::max(0, model_.defaultScene);
            if (static_cast<std::size_t>(scene) >= model_.scenes.size())
                return refuse("is damaged: it shows scene " + std::to_string(scene) + ", which does not exist", export_again);
            return model_.scenes[static_cast<std::size_t>(scene)].nodes;
        }
        std::vector<bool> child(model_.nodes.size(), false);
        for (const auto& node : model_.nodes)
            for (const int index : node.children)
                if (index >= 0 && static_cast<std::size_t>(index) < child.size()) child[static_cast<std::size_t>(index)] = true;
        std::vector<int> roots;
        for (std::size_t i = 0; i < child.size(); ++i)
            if (!child[i]) roots.push_back(static_cast<int>(i));
        return roots;
    }

    Result<void> read_node(const Visit& visit, std::vector<Visit>& waiting) {
        if (visit.node < 0 || static_cast<std::size_t>(visit.node) >= model_.nodes.size())
            return refuse("is damaged: it uses node " + std::to_string(visit.node) + ", which does not exist", export_again);
        const auto index = static_cast<std::size_t>(visit.node);
        if (visited_[index])
            return refuse("is damaged: node " + std::to_string(visit.node) + " hangs below itself or in two places", export_again);
        visited_[index] = true;
        const auto& node = model_.nodes[index];
        const auto local = local_matrix(node, index);
        if (!local) return tl::unexpected(local.error());
        const ModelMatrix to_model = multiply(visit.parent_to_model, *local);
        if (!std::all_of(to_model.begin(), to_model.end(), [](double n) { return std::abs(n) < 1e12; }))
            return refuse("is damaged: node " + std::to_string(visit.node) + " lies out of range", export_again);

        int part = visit.part;
        ModelMatrix to_part = multiply(visit.parent_to_part, *local);
        const auto explode = explosion_of(node, limits_.extent);
        if (explode || (node.mesh >= 0 && (part < 0 || !explodes_))) {
            ModelPart fresh;
            fresh.name = printable(node.name, 200);
            std::transform(to_model.begin(), to_model.end(), fresh.to_model.begin(), [](double n) { return static_cast<float>(n); });
            fresh.explode = explode.value_or(Vec3{});
            part = static_cast<int>(out_.parts.size());
            out_.parts.push_back(std::move(fresh));
            to_part = identity;
        }
        if (node.mesh >= 0)
            if (auto done = read_mesh(node.mesh, part, to_part, determinant(to_model) < 0); !done) return done;
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
            waiting.push_back({*child, to_model, to_part, part});
        return {};
    }

    Result<void> read_mesh(int index, int part, const ModelMatrix& to_part, bool mirrored) {
        if (static_cast<std::size_t>(index) >= model_.meshes.size())
            return refuse("is damaged: it uses mesh " + std::to_string(index) + ", which does not exist", export_again);
        for (const auto& primitive : model_.meshes[static_cast<std::size_t>(index)].primitives) {
            if (out_.meshes.size() >= limits_.meshes)
                return refuse("is drawn in more than " + std::to_string(limits_.meshes) + " pieces", "merge its parts");
            const int standard = static_cast<int>(out_.materials.size()) - 1;
            if (primitive.material >= standard)
                return refuse("is damaged: it uses material " + std::to_string(primitive.material) + ", which does not exist",
                              export_again);
            const int material = primitive.material < 0 ? standard : primitive.material;
            auto variants = variant_materials(primitive, standard);
            if (!variants) return tl::unexpected(variants.error());
            const auto bumpy = [&](int m) { return m >= 0 && out_.materials[static_cast<std::size_t>(m)].normal_texture.image >= 0; };
            auto mesh = read_geometry(primitive, accessors_, bumpy(material) || std::any_of(variants->begin(), variants->end(), bumpy),
                                      budget_, out_.notes);
            if (!mesh) return tl::unexpected(mesh.error());
            if (mesh->indices.empty()) continue;
            mesh->part = part;
            mesh->material = material;
            mesh->variant_materials = std::move(*variants);
            if (to_part != identity) transform(*mesh, to_part);
            if (mirrored) turn_winding(*mesh);
            out_.meshes.push_back(std::move(*mesh));
        }
        return {};
    }

    /// KHR_materials_variants on a primitive: {"mappings": [{"material": m, "variants": [v, …]}, …]}.
    Result<std::vector<int>> variant_materials(const tinygltf::Primitive& primitive, int materials) const {
        std::vector<int> out(out_.variants.size(), -1);
        const auto extension = primitive.extensions.find("KHR_materials_variants");
        if (extension == primitive.extensions.end() || !extension->second.IsObject()) return out;
        const auto& mappings = extension->second.Get("mappings");
        const auto damaged = [] { return refuse("is damaged: a variant names a material that does not exist", export_again); };
        for (std::size_t i = 0; i < mappings.ArrayLen(); ++i) {
            const auto& mapping = mappings.Get(static_cast<int>(i));
            if (!mapping.IsObject() || !mapping.Get("material").IsInt()) return damaged();
            const int material = mapping.Get("material").Get<int>();
            if (material < 0 || material >= materials) return damaged();
            const auto& variants = mapping.Get("variants");
            for (std::size_t k = 0; k < variants.ArrayLen(); ++k) {
                const auto& variant = variants.Get(static_cast<int>(k));
                if (!variant.IsInt() || variant.Get<int>() < 0 || static_cast<std::size_t>(variant.Get<int>()) >= out.size())
                    return damaged();
                out[static_cast<std::size_t>(variant.Get<int>())] = material;
            }
        }
        return out;
    }

    const tinygltf::Model& model_;
    const GltfAccessors& accessors_;
    const ModelLimits& limits_;
    ModelData& out_;
    GeometryBudget budget_;
    std::vector<bool> visited_;
    bool explodes_ = false;
};

void drop_empty_parts(ModelData& model) {
    std::vector<int> fresh(model.parts.size(), -1);
    for (const auto& mesh : model.meshes) fresh[static_cast<std::size_t>(mesh.part)] = 0;
    std::vector<ModelPart> kept;
    for (std::size_t i = 0; i < fresh.size(); ++i)
        if (fresh[i] == 0) {
            fresh[i] = static_cast<int>(kept.size());
            kept.push_back(std::move(model.parts[i]));
        }
    model.parts = std::move(kept);
    for (auto& mesh : model.meshes) mesh.part = fresh[static_cast<std::size_t>(mesh.part)];
}

struct Box {
    Vec3 least{INFINITY, INFINITY, INFINITY}, greatest{-INFINITY, -INFINITY, -INFINITY};
    void add(const Vec3& p) {
        for (std::size_t c = 0; c < 3; ++c) least[c] = std::min(least[c], p[c]), greatest[c] = std::max(greatest[c], p[c]);
    }
    Vec3 middle() const { return {(least[0] + greatest[0]) / 2, (least[1] + greatest[1]) / 2, (least[2] + greatest[2]) / 2}; }
};

/// The boxes of the whole and of every part; false when something lies outside ±extent.
bool measure(const ModelData& model, float extent, Box& whole, std::vector<Box>& parts) {
    parts.resize(model.parts.size());
    bool inside = true;
    for (const auto& mesh : model.meshes) {
        const auto& m = model.parts[static_cast<std::size_t>(mesh.part)].to_model;
        for (std::size_t i = 0; i + 2 < mesh.positions.size(); i += 3) {
            Vec3 p{};
            for (std::size_t row = 0; row < 3; ++row) {
                p[row] = m[row] * mesh.positions[i] + m[4 + row] * mesh.positions[i + 1] + m[8 + row] * mesh.positions[i + 2] + m[12 + row];
                inside = inside && std::abs(p[row]) <= extent && std::abs(mesh.positions[i + row]) <= extent * 1000;
            }
            whole.add(p);
            parts[static_cast<std::size_t>(mesh.part)].add(p);
        }
    }
    return inside;
}

Result<ModelData> read_whole(const tinygltf::Model& model, GltfPictures& pictures, const ModelLimits& limits) {
    ModelData out;
    const GltfAccessors accessors(model);
    if (auto judged = judge_extensions(model, out.notes); !judged) return tl::unexpected(judged.error());
    if (!model.animations.empty()) note(out.notes, "has animations, which are not played");
    if (auto read = read_materials(model, accessors, pictures, limits, out); !read) return tl::unexpected(read.error());
    SceneReader scene(model, accessors, limits, out);
    if (auto read = scene.read(); !read) return tl::unexpected(read.error());
    if (out.meshes.empty()) return refuse("shows nothing: there is no mesh with triangles in its scene", export_again);
    const bool explodes = std::any_of(model.nodes.begin(), model.nodes.end(),
                                      [&](const auto& node) { return explosion_of(node, limits.extent).has_value(); });
    drop_empty_parts(out);

    Box whole;
    std::vector<Box> parts;
    if (!measure(out, limits.extent, whole, parts))
        return refuse("reaches further than " + std::to_string(static_cast<int>(limits.extent)) + " m", "export it in metres");
    out.least = whole.least, out.greatest = whole.greatest;
    for (std::size_t i = 0; !explodes && out.parts.size() > 1 && i < parts.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c) out.parts[i].explode[c] = parts[i].middle()[c] - whole.middle()[c];
    float longest = 0;
    for (std::size_t c = 0; c < 3; ++c) longest = std::max(longest, whole.greatest[c] - whole.least[c]);
    if (longest > 50 || longest < 0.0005f)
        note(out.notes, "is " + std::to_string(longest) + " m long: lengths in glTF are metres, was it exported in another unit?");
    if (auto judged = judge_model_data(out, limits); !judged) return tl::unexpected(judged.error());
    return out;
}

}  // namespace

Result<ModelData> parse_model(std::span<const std::uint8_t> bytes, const ModelLimits& limits) {
    const auto text = judge_gltf_text(bytes, limits);
    if (!text) return tl::unexpected(text.error());
    try {
        GltfPictures pictures(limits);
        tinygltf::TinyGLTF loader;
        loader.SetImageLoader(&GltfPictures::loaded, &pictures);
        loader.SetFsCallbacks({[](const std::string&, void*) { return false; }, [](const std::string& path, void*) { return path; },
                               [](std::vector<unsigned char>*, std::string*, const std::string&, void*) { return false; },
                               [](std::string*, const std::string&, const std::vector<unsigned char>&, void*) { return false; }, nullptr});
        tinygltf::Model model;
        std::string error, warning;
        const auto size = static_cast<unsigned>(bytes.size());
        const bool loaded = text->binary ? loader.LoadBinaryFromMemory(&model, &error, &warning, bytes.data(), size)
                                         : loader.LoadASCIIFromString(&model, &error, &warning, text->json.data(), size, "");
        if (!loaded) {
            const std::string first = error.substr(0, error.find('\n'));
            return refuse("is damaged: " + (first.empty() ? "it cannot be understood" : printable(first, 200)), export_again);
        }
        return read_whole(model, pictures, limits);
    } catch (const std::bad_alloc&) {
        return refuse("needs more memory than a model may", "simplify it and make its textures smaller");
    } catch (const std::exception& thrown) {
        return refuse("is damaged: " + printable(thrown.what(), 200), export_again);
    }
}

}  // namespace vitrine
