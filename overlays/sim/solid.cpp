#include "overlays/sim/solid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "overlays/sim/moving_picture.h"

namespace vitrine::sim {

namespace {

constexpr float ambient = 0.35f, direct = 0.65f;
const cv::Vec3f towards_light = cv::normalize(cv::Vec3f(-0.45f, -0.6f, -0.66f));  // of a camera's axes

ModelImage image_of(const cv::Mat& grey) {
    ModelImage out{grey.cols, grey.rows, {}};
    out.rgba.reserve(static_cast<std::size_t>(grey.cols) * grey.rows * 4);
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x) {
            const std::uint8_t v = grey.at<std::uint8_t>(y, x);
            out.rgba.insert(out.rgba.end(), {v, v, v, 255});
        }
    return out;
}

void measure_box(ModelData& model) {
    model.least = {1e9f, 1e9f, 1e9f}, model.greatest = {-1e9f, -1e9f, -1e9f};
    for (const auto& mesh : model.meshes)
        for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
            const std::size_t k = i % 3;
            model.least[k] = std::min(model.least[k], mesh.positions[i]),
            model.greatest[k] = std::max(model.greatest[k], mesh.positions[i]);
        }
}

}  // namespace

Solid::Solid(const ModelData& model, const ModelPlacement& placement) {
    const Matrix4 placed = model_to_target(placement);
    for (const auto& material : model.materials) {
        const auto& c = material.base_colour;
        Surface surface{std::sqrt(std::max(0.0f, 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2])), {}, material.blended};
        if (material.base_texture.image >= 0) {
            const auto& image = model.images[static_cast<std::size_t>(material.base_texture.image)];
            cv::Mat grey;
            cv::cvtColor(cv::Mat(image.height, image.width, CV_8UC4, const_cast<std::uint8_t*>(image.rgba.data())), grey,
                         cv::COLOR_RGBA2GRAY);
            // To about what it is drawn at; finer print would flicker.
            while (grey.cols > 640) cv::resize(grey, grey, cv::Size(grey.cols / 2, grey.rows / 2), 0, 0, cv::INTER_AREA);
            grey.convertTo(surface.texture, CV_32F, 1 / 255.0);
        }
        surfaces_.push_back(surface);
    }
    for (const auto& mesh : model.meshes) {
        Matrix4 part;
        std::copy_n(model.parts[static_cast<std::size_t>(mesh.part)].to_model.begin(), 16, part.begin());
        const Matrix4 all = multiply(placed, part);
        const int base = static_cast<int>(places_.size());
        const auto root = transform(all, {0, 0, 0});
        for (std::size_t i = 0; i < mesh.positions.size(); i += 3) {
            const auto p = transform(all, {mesh.positions[i], mesh.positions[i + 1], mesh.positions[i + 2]});
            const auto n = transform(all, {mesh.normals[i], mesh.normals[i + 1], mesh.normals[i + 2]});
            places_.emplace_back(float(p[0]), float(p[1]), float(-p[2]));
            normals_.push_back(cv::normalize(cv::Vec3f(float(n[0] - root[0]), float(n[1] - root[1]), float(root[2] - n[2]))));
            const std::size_t v = i / 3 * 2;
            uvs_.push_back(mesh.uvs.empty() ? cv::Vec2f(0, 0) : cv::Vec2f(mesh.uvs[v], mesh.uvs[v + 1]));
        }
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3)
            triangles_.push_back(
                {{base + int(mesh.indices[i]), base + int(mesh.indices[i + 1]), base + int(mesh.indices[i + 2])}, mesh.material});
    }
}

void Solid::draw(cv::Mat& picture, const std::vector<TargetPose>& moments, const Calibration& camera) const {
    const int grid = moments.size() > 4 ? 2 : 3;  // samples across a pixel
    cv::Mat sum(picture.size(), CV_32F, cv::Scalar(0)), cover(picture.size(), CV_32F, cv::Scalar(0));
    std::vector<cv::Vec3f> there(places_.size()), camera_normal(places_.size());
    cv::Rect touched;
    for (const TargetPose& pose : moments) {
        cv::Matx33d turn;
        cv::Rodrigues(cv::Vec3d(pose.rvec.data()), turn);
        const cv::Vec3d shift(pose.tvec.data());
        double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const cv::Vec3d p = turn * cv::Vec3d(places_[i]) + shift;
            const double x = camera.fx * p[0] / p[2] + camera.cx, y = camera.fy * p[1] / p[2] + camera.cy;
            left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
            there[i] = {float(x), float(y), float(1 / p[2])};
            camera_normal[i] = cv::Matx33f(turn) * normals_[i];
        }
        const cv::Rect box = cv::Rect(cvFloor(left) - 1, cvFloor(top) - 1, cvCeil(right - left) + 3, cvCeil(bottom - top) + 3) &
                             cv::Rect(0, 0, picture.cols, picture.rows);
        if (box.empty()) continue;
        touched = touched.empty() ? box : touched | box;
        cv::Mat depth(box.height * grid, box.width * grid, CV_32F, cv::Scalar(0)), shade(depth.size(), CV_32F, cv::Scalar(-1));
        const auto place = [&](int i) {  // in samples of the box, their centres at integers
            return cv::Vec3f((there[i][0] - float(box.x) + 0.5f) * grid - 0.5f, (there[i][1] - float(box.y) + 0.5f) * grid - 0.5f,
                             there[i][2]);
        };
        for (const Triangle& t : triangles_) {
            const Surface& surface = surfaces_[static_cast<std::size_t>(t.surface)];
            if (surface.blended) continue;
            const cv::Vec3f a = place(t.corners[0]), b = place(t.corners[1]), c = place(t.corners[2]);
            const float area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
            if (!(std::abs(area) > 1e-9f)) continue;
            const int x0 = std::max(0, cvCeil(std::min({a[0], b[0], c[0]}))),
                      x1 = std::min(depth.cols - 1, cvFloor(std::max({a[0], b[0], c[0]})));
            const int y0 = std::max(0, cvCeil(std::min({a[1], b[1], c[1]}))),
                      y1 = std::min(depth.rows - 1, cvFloor(std::max({a[1], b[1], c[1]})));
            for (int y = y0; y <= y1; ++y)
                for (int x = x0; x <= x1; ++x) {
                    const float v = ((float(x) - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (float(y) - a[1])) / area,
                                w = ((b[0] - a[0]) * (float(y) - a[1]) - (float(x) - a[0]) * (b[1] - a[1])) / area, u = 1 - v - w;
                    if (u < -1e-5f || v < -1e-5f || w < -1e-5f) continue;
                    const float near = u * a[2] + v * b[2] + w * c[2];
                    if (near <= depth.at<float>(y, x)) continue;
                    depth.at<float>(y, x) = near;
                    // Shares on the surface itself.
                    const float pu = u * a[2] / near, pv = v * b[2] / near, pw = w * c[2] / near;
                    cv::Vec3f n = pu * camera_normal[t.corners[0]] + pv * camera_normal[t.corners[1]] + pw * camera_normal[t.corners[2]];
                    float albedo = surface.brightness;
                    if (!surface.texture.empty()) {
                        const cv::Vec2f uv = pu * uvs_[t.corners[0]] + pv * uvs_[t.corners[1]] + pw * uvs_[t.corners[2]];
                        const float tx = std::clamp(uv[0] * surface.texture.cols - 0.5f, 0.0f, surface.texture.cols - 1.01f),
                                    ty = std::clamp(uv[1] * surface.texture.rows - 0.5f, 0.0f, surface.texture.rows - 1.01f);
                        const int ix = int(tx), iy = int(ty);
                        const float fx = tx - float(ix), fy = ty - float(iy);
                        const float *p = surface.texture.ptr<float>(iy) + ix, *q = surface.texture.ptr<float>(iy + 1) + ix;
                        albedo *= (p[0] + fx * (p[1] - p[0])) * (1 - fy) + (q[0] + fx * (q[1] - q[0])) * fy;
                    }
                    const float lit = ambient + direct * std::max(0.0f, n.dot(towards_light) / std::max(1e-6f, float(cv::norm(n))));
                    shade.at<float>(y, x) = 250 * albedo * lit;
                }
        }
        for (int y = 0; y < depth.rows; ++y)
            for (int x = 0; x < depth.cols; ++x) {
                const float s = shade.at<float>(y, x);
                if (s < 0) continue;
                sum.at<float>(box.y + y / grid, box.x + x / grid) += s, cover.at<float>(box.y + y / grid, box.x + x / grid) += 1;
            }
    }
    const float share = 1.0f / float(static_cast<int>(moments.size()) * grid * grid);
    for (int y = touched.y; y < touched.y + touched.height; ++y)
        for (int x = touched.x; x < touched.x + touched.width; ++x) {
            std::uint8_t& p = picture.at<std::uint8_t>(y, x);
            p = cv::saturate_cast<std::uint8_t>(sum.at<float>(y, x) * share + float(p) * (1 - cover.at<float>(y, x) * share));
        }
}

ModelData make_carton() {
    ModelData model;
    model.parts.push_back({"Carton"});
    model.images = {image_of(draw_label()), image_of(draw_sparse_label())};
    const auto material = [](const char* name, float grey, int image) {
        ModelMaterial m;
        m.name = name, m.base_colour = {grey, grey, grey, 1}, m.metallic = 0, m.base_texture.image = image;
        return m;
    };
    model.materials = {material("front", 1, 0), material("side", 0.8f, 1), material("lid", 0.25f, -1), material("board", 0.45f, -1)};
    const float x = 0.06f, y = 0.04f, z = -0.06f;
    const auto face = [&](int of, std::array<std::array<float, 3>, 4> corners, std::array<float, 3> normal) {  // TL TR BR BL from outside
        ModelMesh mesh;
        mesh.material = of;
        for (const auto& c : corners) {
            mesh.positions.insert(mesh.positions.end(), c.begin(), c.end());
            mesh.normals.insert(mesh.normals.end(), normal.begin(), normal.end());
        }
        mesh.uvs = {0, 0, 1, 0, 1, 1, 0, 1};
        mesh.indices = {0, 2, 1, 0, 3, 2};
        model.meshes.push_back(mesh);
    };
    face(0, {{{-x, y, 0}, {x, y, 0}, {x, -y, 0}, {-x, -y, 0}}}, {0, 0, 1});
    face(1, {{{x, y, 0}, {x, y, z}, {x, -y, z}, {x, -y, 0}}}, {1, 0, 0});
    face(1, {{{-x, y, z}, {-x, y, 0}, {-x, -y, 0}, {-x, -y, z}}}, {-1, 0, 0});
    face(2, {{{-x, y, z}, {x, y, z}, {x, y, 0}, {-x, y, 0}}}, {0, 1, 0});
    face(3, {{{-x, -y, 0}, {x, -y, 0}, {x, -y, z}, {-x, -y, z}}}, {0, -1, 0});
    face(3, {{{x, y, z}, {-x, y, z}, {-x, -y, z}, {x, -y, z}}}, {0, 0, -1});
    measure_box(model);
    return model;
}

}  // namespace vitrine::sim
