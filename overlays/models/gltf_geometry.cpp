#include "overlays/models/gltf_geometry.h"

#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>

#include "engine/printable.h"
#include "overlays/models/gltf_notes.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

using Vec3 = std::array<float, 3>;

Vec3 at(const std::vector<float>& numbers, std::size_t index, std::size_t each = 3) {
    return {numbers[index * each], numbers[index * each + 1], numbers[index * each + 2]};
}
Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
float dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vec3 cross(const Vec3& a, const Vec3& b) { return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}; }

/// Unit length; `otherwise` when there is no direction. In double: squares of small lengths vanish in single precision.
Vec3 unit(const Vec3& v, const Vec3& otherwise) {
    const double length = std::sqrt(double{v[0]} * v[0] + double{v[1]} * v[1] + double{v[2]} * v[2]);
    if (!(length > 1e-30) || !std::isfinite(length)) return otherwise;
    return {static_cast<float>(v[0] / length), static_cast<float>(v[1] / length), static_cast<float>(v[2] / length)};
}

Vec3 any_perpendicular(const Vec3& n) {
    const Vec3 axis = std::abs(n[0]) < 0.6f ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
    return unit(cross(n, axis), {1, 0, 0});
}

/// Lists from lists, strips and fans (glTF 2.0, 3.7.2.1); triangles that are lines go.
std::vector<std::uint32_t> as_list(std::vector<std::uint32_t> indices, int mode) {
    if (mode == TINYGLTF_MODE_TRIANGLES) {
        indices.resize(indices.size() / 3 * 3);
        return indices;
    }
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i + 2 < indices.size(); ++i) {
        std::array<std::uint32_t, 3> triangle{};
        if (mode == TINYGLTF_MODE_TRIANGLE_FAN)
            triangle = {indices[i + 1], indices[i + 2], indices[0]};
        else
            triangle = {indices[i], indices[i + 1 + i % 2], indices[i + 2 - i % 2]};
        if (triangle[0] != triangle[1] && triangle[1] != triangle[2] && triangle[2] != triangle[0])
            out.insert(out.end(), triangle.begin(), triangle.end());
    }
    return out;
}

template <std::size_t each>
std::vector<float> gathered(const std::vector<float>& numbers, const std::vector<std::uint32_t>& indices) {
    std::vector<float> out;
    if (numbers.empty()) return out;
    out.reserve(indices.size() * each);
    for (const std::uint32_t i : indices) out.insert(out.end(), numbers.begin() + i * each, numbers.begin() + (i + 1) * each);
    return out;
}

/// Every triangle gets corners of its own and the normal of its plane.
void make_flat(ModelMesh& mesh) {
    mesh.positions = gathered<3>(mesh.positions, mesh.indices);
    mesh.uvs = gathered<2>(mesh.uvs, mesh.indices);
    mesh.tangents.clear();  // glTF 2.0, 3.7.2.1: without normals, given tangents are not used
    mesh.normals.resize(mesh.positions.size());
    for (std::size_t i = 0; i < mesh.indices.size(); ++i) mesh.indices[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        const Vec3 a = at(mesh.positions, i), b = at(mesh.positions, i + 1), c = at(mesh.positions, i + 2);
        const Vec3 n = unit(cross(b - a, c - a), {0, 0, 1});
        for (std::size_t k = 0; k < 3; ++k) std::copy(n.begin(), n.end(), mesh.normals.begin() + static_cast<std::ptrdiff_t>(3 * (i + k)));
    }
}

void straighten_normals(std::vector<float>& normals) {
    for (std::size_t i = 0; i + 2 < normals.size(); i += 3) {
        const Vec3 n = unit(at(normals, i / 3), {0, 0, 1});
        std::copy(n.begin(), n.end(), normals.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

void straighten_tangents(ModelMesh& mesh) {
    for (std::size_t i = 0; i * 4 + 3 < mesh.tangents.size(); ++i) {
        const Vec3 n = at(mesh.normals, i);
        Vec3 t = at(mesh.tangents, i, 4);
        const float along = dot(n, t);
        t = unit({t[0] - along * n[0], t[1] - along * n[1], t[2] - along * n[2]}, any_perpendicular(n));
        std::copy(t.begin(), t.end(), mesh.tangents.begin() + static_cast<std::ptrdiff_t>(4 * i));
        mesh.tangents[4 * i + 3] = mesh.tangents[4 * i + 3] < 0 ? -1.0f : 1.0f;
    }
}

/// E. Lengyel, "Computing tangent space basis vectors for an arbitrary mesh", 2001: per triangle from positions and texture coordinates,
/// summed over each vertex.
void make_tangents(ModelMesh& mesh) {
    const std::size_t vertices = mesh.positions.size() / 3;
    std::vector<double> along_u(vertices * 3), along_v(vertices * 3);
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        const std::array<std::uint32_t, 3> corner{mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]};
        const Vec3 origin = at(mesh.positions, corner[0]);
        const Vec3 e1 = at(mesh.positions, corner[1]) - origin, e2 = at(mesh.positions, corner[2]) - origin;
        const auto uv = [&](int k, int c) {
            return double{mesh.uvs[corner[static_cast<std::size_t>(k)] * 2 + static_cast<std::size_t>(c)]};
        };
        const double u1 = uv(1, 0) - uv(0, 0), v1 = uv(1, 1) - uv(0, 1), u2 = uv(2, 0) - uv(0, 0), v2 = uv(2, 1) - uv(0, 1);
        const double area = u1 * v2 - u2 * v1;
        if (!(std::abs(area) > 1e-30)) continue;
        for (std::size_t c = 0; c < 3; ++c)
            for (const std::uint32_t k : corner) {
                along_u[k * 3 + c] += (v2 * e1[c] - v1 * e2[c]) / area;
                along_v[k * 3 + c] += (u1 * e2[c] - u2 * e1[c]) / area;
            }
    }
    mesh.tangents.resize(vertices * 4);
    for (std::size_t i = 0; i < vertices; ++i) {
        const Vec3 n = at(mesh.normals, i);
        // Only the direction counts, and sums may be too large for single precision.
        const double most = std::max({std::abs(along_u[i * 3]), std::abs(along_u[i * 3 + 1]), std::abs(along_u[i * 3 + 2]), 1e-300});
        Vec3 t{};
        double handed = 0;
        for (std::size_t c = 0; c < 3; ++c) t[c] = static_cast<float>(along_u[i * 3 + c] / most);
        const Vec3 bitangent = cross(n, t);
        for (std::size_t c = 0; c < 3; ++c) handed += bitangent[c] * along_v[i * 3 + c];
        std::copy(t.begin(), t.end(), mesh.tangents.begin() + static_cast<std::ptrdiff_t>(4 * i));
        mesh.tangents[4 * i + 3] = handed < 0 ? -1.0f : 1.0f;
    }
    straighten_tangents(mesh);
}

}  // namespace

double determinant(const ModelMatrix& m) {
    return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5]);
}

Result<ModelMesh> read_geometry(const tinygltf::Primitive& primitive, const GltfAccessors& accessors, bool tangents_wanted,
                                GeometryBudget& budget, std::vector<std::string>& notes) {
    ModelMesh mesh;
    const int mode = primitive.mode < 0 ? TINYGLTF_MODE_TRIANGLES : primitive.mode;
    if (mode != TINYGLTF_MODE_TRIANGLES && mode != TINYGLTF_MODE_TRIANGLE_STRIP && mode != TINYGLTF_MODE_TRIANGLE_FAN) {
        note(notes, "has points or lines, which are not shown");
        return mesh;
    }
    const auto attribute = [&](const char* name) {
        const auto found = primitive.attributes.find(name);
        return found == primitive.attributes.end() ? -1 : found->second;
    };
    if (attribute("POSITION") < 0) {
        note(notes, "has meshes without positions, which are not shown");
        return mesh;
    }
    if (attribute("COLOR_0") >= 0) note(notes, "has colours on its vertices, which are not shown");
    if (attribute("JOINTS_0") >= 0) note(notes, "has a skeleton, which is shown at rest");
    if (!primitive.targets.empty()) note(notes, "has morph targets, which are not applied");

    auto positions = accessors.numbers(attribute("POSITION"), 3, budget.vertices);
    if (!positions) return tl::unexpected(positions.error());
    mesh.positions = std::move(*positions);
    const std::size_t vertices = mesh.positions.size() / 3;
    const auto optional = [&](const char* name, int components, std::vector<float>& into) -> Result<void> {
        if (attribute(name) < 0) return {};
        auto numbers = accessors.numbers(attribute(name), components, vertices);
        if (!numbers) return tl::unexpected(numbers.error());
        if (numbers->size() != vertices * static_cast<std::size_t>(components))
            return refuse("is damaged: a mesh has " + std::to_string(vertices) + " positions but not as many of " + name,
                          "export it again as .glb");
        into = std::move(*numbers);
        return {};
    };
    if (auto read = optional("NORMAL", 3, mesh.normals); !read) return tl::unexpected(read.error());
    if (auto read = optional("TANGENT", 4, mesh.tangents); !read) return tl::unexpected(read.error());
    if (auto read = optional("TEXCOORD_0", 2, mesh.uvs); !read) return tl::unexpected(read.error());

    // A strip has almost as many triangles as indices.
    const std::size_t most_indices = mode == TINYGLTF_MODE_TRIANGLES ? budget.triangles * 3 : budget.triangles + 2;
    if (primitive.indices >= 0) {
        auto indices = accessors.indices(primitive.indices, vertices, most_indices);
        if (!indices) return tl::unexpected(indices.error());
        mesh.indices = std::move(*indices);
    } else {
        if (vertices > most_indices) return refuse("has more triangles than are allowed", "simplify it");
        mesh.indices.resize(vertices);
        for (std::size_t i = 0; i < vertices; ++i) mesh.indices[i] = static_cast<std::uint32_t>(i);
    }
    mesh.indices = as_list(std::move(mesh.indices), mode);
    if (mesh.indices.empty()) return ModelMesh{};

    if (mesh.normals.empty()) {
        if (mesh.indices.size() > budget.vertices)
            return refuse("has no normals and more corners than the " + std::to_string(budget.vertices) + " vertices allowed",
                          "export it with normals");
        make_flat(mesh);
    } else {
        straighten_normals(mesh.normals);
    }
    if (!mesh.tangents.empty())
        straighten_tangents(mesh);
    else if (tangents_wanted && !mesh.uvs.empty())
        make_tangents(mesh);
    budget.vertices -= mesh.positions.size() / 3;
    budget.triangles -= mesh.indices.size() / 3;
    return mesh;
}

void transform(ModelMesh& mesh, const ModelMatrix& m) {
    const auto linear = [](const ModelMatrix& a, const Vec3& v, double w) {
        Vec3 out{};
        for (std::size_t row = 0; row < 3; ++row)
            out[row] = static_cast<float>(a[row] * v[0] + a[4 + row] * v[1] + a[8 + row] * v[2] + a[12 + row] * w);
        return out;
    };
    // Normals go with the cofactor matrix: the inverse transpose times the determinant, which is there for a flattening matrix too.
    ModelMatrix cofactor{};
    for (std::size_t column = 0; column < 3; ++column)
        for (std::size_t row = 0; row < 3; ++row) {
            const std::size_t c1 = (column + 1) % 3, c2 = (column + 2) % 3, r1 = (row + 1) % 3, r2 = (row + 2) % 3;
            cofactor[column * 4 + row] = m[c1 * 4 + r1] * m[c2 * 4 + r2] - m[c2 * 4 + r1] * m[c1 * 4 + r2];
        }
    const bool mirrors = determinant(m) < 0;
    // Directions only: scaled so that small matrices stay in the range of single precision.
    double most = 1e-300;
    for (const double value : cofactor) most = std::max(most, std::abs(value));
    for (double& value : cofactor) value /= mirrors ? -most : most;
    for (std::size_t i = 0; i * 3 + 2 < mesh.positions.size(); ++i) {
        const Vec3 p = linear(m, at(mesh.positions, i), 1), old = at(mesh.normals, i), n = unit(linear(cofactor, old, 0), old);
        std::copy(p.begin(), p.end(), mesh.positions.begin() + static_cast<std::ptrdiff_t>(3 * i));
        std::copy(n.begin(), n.end(), mesh.normals.begin() + static_cast<std::ptrdiff_t>(3 * i));
        if (mesh.tangents.empty()) continue;
        const Vec3 t = linear(m, at(mesh.tangents, i, 4), 0);
        std::copy(t.begin(), t.end(), mesh.tangents.begin() + static_cast<std::ptrdiff_t>(4 * i));
        if (mirrors) mesh.tangents[4 * i + 3] = -mesh.tangents[4 * i + 3];
    }
    straighten_tangents(mesh);
}

void turn_winding(ModelMesh& mesh) {
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) std::swap(mesh.indices[i + 1], mesh.indices[i + 2]);
}

}  // namespace vitrine
