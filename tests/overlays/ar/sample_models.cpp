#include "tests/overlays/ar/sample_models.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <opencv2/calib3d.hpp>

#include "tests/support/catch.h"

namespace vitrine::ar_test {

namespace {

using Point = std::array<float, 3>;

void quad(ModelMesh& mesh, const std::array<Point, 4>& corners, const Point& normal) {
    const auto first = static_cast<std::uint32_t>(mesh.positions.size() / 3);
    for (const Point& corner : corners) {
        mesh.positions.insert(mesh.positions.end(), corner.begin(), corner.end());
        mesh.normals.insert(mesh.normals.end(), normal.begin(), normal.end());
    }
    for (const std::uint32_t i : {0U, 1U, 2U, 0U, 2U, 3U}) mesh.indices.push_back(first + i);
}

int add_part(ModelData& model, Point explode) {
    ModelPart part;
    part.explode = explode;
    model.parts.push_back(part);
    return static_cast<int>(model.parts.size()) - 1;
}

}  // namespace

ModelMaterial paint(std::array<float, 3> colour, float metallic, float roughness) {
    ModelMaterial material;
    material.base_colour = {colour[0], colour[1], colour[2], 1};
    material.metallic = metallic;
    material.roughness = roughness;
    return material;
}

void add_box(ModelData& model, Point least, Point greatest, int material, Point explode) {
    ModelMesh mesh;
    mesh.part = add_part(model, explode);
    mesh.material = material;
    for (std::size_t axis = 0; axis < 3; ++axis)
        for (const bool far : {false, true}) {
            const std::size_t a = (axis + 1) % 3, b = (axis + 2) % 3;
            std::array<Point, 4> corners;
            for (std::size_t i = 0; i < 4; ++i) {
                const bool along_a = i == 1 || i == 2, along_b = i >= 2;
                corners[i][axis] = far ? greatest[axis] : least[axis];
                corners[i][a] = along_a ? greatest[a] : least[a];
                corners[i][b] = along_b ? greatest[b] : least[b];
            }
            if (!far) std::swap(corners[1], corners[3]);
            Point normal{};
            normal[axis] = far ? 1.0F : -1.0F;
            quad(mesh, corners, normal);
        }
    model.meshes.push_back(std::move(mesh));
}

void add_sphere(ModelData& model, float radius, int material) {
    constexpr int rings = 96, sectors = 192;
    ModelMesh mesh;
    mesh.part = add_part(model, {});
    mesh.material = material;
    for (int r = 0; r <= rings; ++r)
        for (int s = 0; s <= sectors; ++s) {
            const float theta = std::numbers::pi_v<float> * static_cast<float>(r) / rings,
                        phi = 2 * std::numbers::pi_v<float> * static_cast<float>(s) / sectors;
            const Point n{std::sin(theta) * std::cos(phi), std::cos(theta), -std::sin(theta) * std::sin(phi)};
            for (const float v : n) mesh.positions.push_back(v * radius), mesh.normals.push_back(v);
        }
    for (std::uint32_t r = 0; r < rings; ++r)
        for (std::uint32_t s = 0; s < sectors; ++s) {
            const std::uint32_t a = r * (sectors + 1) + s, b = a + sectors + 1;
            for (const std::uint32_t i : {a, b, a + 1, a + 1, b, b + 1}) mesh.indices.push_back(i);
        }
    model.meshes.push_back(std::move(mesh));
}

ModelData square(const ModelMaterial& material) {
    ModelData model;
    model.materials.push_back(material);
    ModelMesh mesh;
    mesh.part = add_part(model, {});
    quad(mesh, {Point{-0.02F, -0.02F, 0}, Point{0.02F, -0.02F, 0}, Point{0.02F, 0.02F, 0}, Point{-0.02F, 0.02F, 0}}, {0, 0, 1});
    model.meshes.push_back(std::move(mesh));
    return finished(std::move(model));
}

ModelData finished(ModelData model) {
    model.least.fill(std::numeric_limits<float>::max());
    model.greatest.fill(std::numeric_limits<float>::lowest());
    for (const ModelMesh& mesh : model.meshes)
        for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
            model.least[i % 3] = std::min(model.least[i % 3], mesh.positions[i]);
            model.greatest[i % 3] = std::max(model.greatest[i % 3], mesh.positions[i]);
        }
    return model;
}

Anchor looked_at(double turn_x, double turn_y, double distance) {
    constexpr double degree = std::numbers::pi / 180;
    cv::Matx33d rx, ry;
    cv::Rodrigues(cv::Vec3d(turn_x * degree, 0, 0), rx);
    cv::Rodrigues(cv::Vec3d(0, turn_y * degree, 0), ry);
    cv::Vec3d r;
    cv::Rodrigues(rx * ry, r);
    const cv::Vec3d t = cv::Vec3d(0, 0, distance) - rx * ry * cv::Vec3d(50, 50, 0);
    Anchor anchor;
    anchor.product = "LX";
    anchor.visibility = 1;
    anchor.pose = std::array<float, 6>{float(r[0]), float(r[1]), float(r[2]), float(t[0]), float(t[1]), float(t[2])};
    anchor.intrinsics = std::array<float, 4>{1.1F, 1.1F * width / height, 0.5F, 0.5F};
    return anchor;
}

ModelView view_of(const Anchor& anchor) {
    return {camera_of(anchor, width, height).value(), {{50, 50, 0}}, width, height, {0, 0, width, height}};
}

ModelRenderer* renderer() {
    static const auto made = ModelRenderer::create();
    if (made) return made->get();
    WARN("not tested here: " << made.error().message);
    return nullptr;
}

ModelPicture rendered(const ModelData& model, const ModelView& view, ModelLook look, RenderQuality quality) {
    REQUIRE(renderer()->load("model", model).has_value());
    ModelPicture picture;
    const auto done = renderer()->render("model", view, look, quality, picture);
    INFO((done ? "" : done.error().message));
    REQUIRE(done.has_value());
    return picture;
}

std::array<int, 4> pixel(const ModelPicture& picture, int x, int y) {
    const PixelRect& r = picture.rect;
    if (x < r.x || y < r.y || x >= r.x + r.width || y >= r.y + r.height) return {};
    const std::uint8_t* p = &picture.rgba[4 * static_cast<std::size_t>((y - r.y) * r.width + x - r.x)];
    return {p[0], p[1], p[2], p[3]};
}

}  // namespace vitrine::ar_test
