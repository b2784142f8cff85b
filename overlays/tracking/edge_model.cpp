#include "overlays/tracking/edge_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <unordered_map>
#include <utility>

#include "overlays/models/model_reader.h"
#include "overlays/tracking/depth_picture.h"

namespace vitrine {

namespace {

constexpr std::size_t most_faces = 120'000;       // that show from somewhere
constexpr double sharp = 30 * CV_PI / 180;        // between two faces, from which their edge shows as a crease
constexpr double same_shading = 3 * CV_PI / 180;  // between the normals of two faces at their edge: drawn round
constexpr double different = 0.12;                // of brightness, 0 … 1, of two materials whose border shows
constexpr int depth_side = 192;                   // px of the longer side of the depth picture
constexpr double depth_slack = 0.02;              // of the model's radius
constexpr double beside = 1.6;                    // px of the depth picture, where both sides of an edge are looked at

using Core = EdgeModel::Core;

struct Place {
    std::int32_t x, y, z;
    bool operator==(const Place&) const = default;
};
struct PlaceHash {
    std::size_t operator()(const Place& p) const {
        return static_cast<std::uint32_t>(p.x) * 73856093U ^ static_cast<std::uint32_t>(p.y) * 19349663U ^
               static_cast<std::uint32_t>(p.z) * 83492791U;
    }
};

double angle_between(const cv::Vec3f& a, const cv::Vec3f& b) { return std::acos(std::clamp(double(a.dot(b)), -1.0, 1.0)); }

/// What has been gathered of the file before edges are made of it.
struct Gathered {
    std::vector<cv::Vec3f> corners;
    std::vector<Core::Face> faces;
    std::vector<std::array<cv::Vec3f, 3>> shading;  // the file's normals at each face's corners

    void keep(const std::vector<bool>& which) {
        std::size_t out = 0;
        for (std::size_t i = 0; i < faces.size(); ++i)
            if (which[i]) faces[out] = faces[i], shading[out] = shading[i], ++out;
        faces.resize(out), shading.resize(out);
    }
};

/// Corners at one place are one, whatever meshes they belong to: seams of texture and borders of materials join.
Gathered gather(const SolidTarget& target, const ModelData& model) {
    Gathered out;
    const Matrix4 placed = model_to_target(target.placement);
    std::unordered_map<Place, std::uint32_t, PlaceHash> known;
    double side = 0;
    for (std::size_t k = 0; k < 3; ++k) side = std::max(side, double(model.greatest[k] - model.least[k]));
    const double steps = 131072 / std::max(1e-9, side * 1000 * target.placement.scale);
    for (const ModelMesh& mesh : model.meshes) {
        const ModelMaterial& material = model.materials[static_cast<std::size_t>(mesh.material)];
        if (material.blended) continue;  // glass hides nothing and shows hardly an edge
        Matrix4 part;
        std::copy_n(model.parts[static_cast<std::size_t>(mesh.part)].to_model.begin(), 16, part.begin());
        const Matrix4 all = multiply(placed, part);
        std::vector<std::uint32_t> place(mesh.positions.size() / 3);
        std::vector<cv::Vec3f> normals(place.size());
        for (std::size_t i = 0; i < place.size(); ++i) {
            auto p = transform(all, {mesh.positions[3 * i], mesh.positions[3 * i + 1], mesh.positions[3 * i + 2]});
            p[2] = -p[2];  // a pose's third axis points away from the reader
            const Place key{static_cast<std::int32_t>(std::lround(p[0] * steps)), static_cast<std::int32_t>(std::lround(p[1] * steps)),
                            static_cast<std::int32_t>(std::lround(p[2] * steps))};
            const auto [at, fresh] = known.emplace(key, static_cast<std::uint32_t>(out.corners.size()));
            if (fresh) out.corners.emplace_back(float(p[0]), float(p[1]), float(p[2]));
            place[i] = at->second;
            // Only compared with each other: turned by the matrix, whatever it does to lengths.
            const float* n = &mesh.normals[3 * i];
            const auto tip = transform(all, {n[0], n[1], n[2]}), root = transform(all, {0, 0, 0});
            const cv::Vec3d turned(tip[0] - root[0], tip[1] - root[1], -(tip[2] - root[2]));
            normals[i] = cv::Vec3f(turned / std::max(1e-12, cv::norm(turned)));
        }
        const auto& m = all;
        const double volume =
            m[0] * (m[5] * m[10] - m[9] * m[6]) - m[4] * (m[1] * m[10] - m[9] * m[2]) + m[8] * (m[1] * m[6] - m[5] * m[2]);
        const bool mirrored = volume > 0;  // model_to_target() mirrors once, and so does the third axis above
        const auto& c = material.base_colour;
        const float brightness = std::sqrt(std::max(0.0f, 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2]));
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            std::array<std::uint32_t, 3> at{mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]};
            if (mirrored) std::swap(at[1], at[2]);
            const std::array<std::uint32_t, 3> corners{place[at[0]], place[at[1]], place[at[2]]};
            if (corners[0] == corners[1] || corners[1] == corners[2] || corners[0] == corners[2]) continue;
            const cv::Vec3f& a = out.corners[corners[0]];
            const cv::Vec3d n = cv::Vec3d(out.corners[corners[1]] - a).cross(cv::Vec3d(out.corners[corners[2]] - a));
            const double size = cv::norm(n);
            if (!(size > 1e-12)) continue;
            const cv::Vec3f unit(n / size);
            Core::Face face{corners, unit, unit.dot(a), material.double_sided, brightness, -1, {}};
            if (!mesh.uvs.empty() && material.base_texture.image >= 0) {
                face.texture = material.base_texture.image;
                for (std::size_t k = 0; k < 3; ++k) face.places[k] = {mesh.uvs[2 * at[k]], mesh.uvs[2 * at[k] + 1]};
            }
            out.faces.push_back(face);
            out.shading.push_back({normals[at[0]], normals[at[1]], normals[at[2]]});
        }
    }
    return out;
}

/// Evenly over the ball (Fibonacci's spiral).
std::vector<cv::Vec3d> directions(int count) {
    std::vector<cv::Vec3d> out;
    for (int i = 0; i < count; ++i) {
        const double z = 1 - (2 * i + 1.0) / count, r = std::sqrt(1 - z * z), a = i * CV_PI * (3 - std::sqrt(5.0));
        out.emplace_back(r * std::cos(a), r * std::sin(a), z);
    }
    return out;
}

/// Faces inside the product, which no view shows, cost time in every frame: two thirds of an assembly's.
std::vector<bool> seen_from_somewhere(const Gathered& all, const cv::Vec3d& middle, double radius) {
    constexpr int side = 256;
    std::vector<bool> seen(all.faces.size(), false);
    std::vector<cv::Vec3f> there(all.corners.size());
    for (const cv::Vec3d& towards : directions(42)) {  // from the model to the eye, which is far away
        const cv::Vec3d x = cv::normalize(towards.cross(std::abs(towards[2]) < 0.9 ? cv::Vec3d(0, 0, 1) : cv::Vec3d(1, 0, 0)));
        const cv::Vec3d y = towards.cross(x);
        const double scale = (side / 2.0 - 2) / radius;
        for (std::size_t i = 0; i < all.corners.size(); ++i) {
            const cv::Vec3d p = cv::Vec3d(all.corners[i]) - middle;
            there[i] = {float(p.dot(x) * scale + side / 2.0), float(p.dot(y) * scale + side / 2.0), float(p.dot(towards) + 2 * radius)};
        }
        DepthPicture depth(side, side);
        for (const auto& face : all.faces) depth.add(there[face.corners[0]], there[face.corners[1]], there[face.corners[2]]);
        const float slack = float(0.01 * radius);
        for (std::size_t i = 0; i < all.faces.size(); ++i) {
            const auto& face = all.faces[i];
            if (seen[i] || (!face.two_sided && face.normal.dot(cv::Vec3f(towards)) <= 0)) continue;
            const cv::Vec3f &a = there[face.corners[0]], &b = there[face.corners[1]], &c = there[face.corners[2]];
            for (const auto& [u, v, w] :
                 {std::array{1.f, 1.f, 1.f}, std::array{8.f, 1.f, 1.f}, std::array{1.f, 8.f, 1.f}, std::array{1.f, 1.f, 8.f}}) {
                const cv::Vec3f p = (a * u + b * v + c * w) * (1 / (u + v + w));
                if (p[2] + slack >= depth.at(p[0], p[1])) seen[i] = true;
            }
        }
    }
    return seen;
}

void make_edges(Core& core, const Gathered& all) {
    struct Sides {
        std::uint32_t first, second;
        int count;
    };
    std::unordered_map<std::uint64_t, Sides> sides;
    for (std::uint32_t f = 0; f < all.faces.size(); ++f)
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint64_t a = all.faces[f].corners[k], b = all.faces[f].corners[(k + 1) % 3];
            auto [at, fresh] = sides.emplace(std::min(a, b) << 32 | std::max(a, b), Sides{f, f, 1});
            if (!fresh && ++at->second.count == 2) at->second.second = f;
        }
    const auto shading_at = [&](std::uint32_t f, std::uint32_t corner) {
        for (std::size_t k = 0; k < 3; ++k)
            if (all.faces[f].corners[k] == corner) return all.shading[f][k];
        return all.shading[f][0];
    };
    for (const auto& [key, side] : sides) {
        Core::Edge edge{static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), side.first, side.second, true};
        if (side.count == 2) {
            const auto &a = all.faces[side.first], &b = all.faces[side.second];
            const bool bent = angle_between(a.normal, b.normal) > sharp;
            const bool round = angle_between(shading_at(side.first, edge.from), shading_at(side.second, edge.from)) < same_shading &&
                               angle_between(shading_at(side.first, edge.to), shading_at(side.second, edge.to)) < same_shading;
            edge.crease = (bent && !round) || std::abs(a.brightness - b.brightness) > different;
            const bool flat = angle_between(a.normal, b.normal) < 1e-4;
            if (flat && !edge.crease) continue;
        }
        core.edges.push_back(edge);
    }
    // The map has no order that another machine would repeat.
    std::sort(core.edges.begin(), core.edges.end(),
              [](const auto& a, const auto& b) { return std::pair(a.from, a.to) < std::pair(b.from, b.to); });
}

}  // namespace

double same_shades(double within, double explained, double around, double of_model) {
    constexpr double even = 7;                                // grey levels that noise and small things make of an even surface
    constexpr double least_contrast = 0.03, contrast = 0.09;  // of the model's brightness: between, both count
    const double left_over = std::max(0.0, within - explained - even * even);
    const double as_even = 1 - std::min(1.0, left_over / std::max({even * even, within, around}));
    const double as_drawn = std::min(explained, within) / std::max(within, 4 * even * even);
    const double share = std::clamp((std::sqrt(std::max(0.0, of_model)) - least_contrast) / (contrast - least_contrast), 0.0, 1.0);
    return share * as_drawn + (1 - share) * as_even;
}

RigidPose RigidPose::of(const TargetPose& pose) {
    RigidPose out;
    cv::Rodrigues(cv::Vec3d(pose.rvec.data()), out.turn);
    out.shift = cv::Vec3d(pose.tvec.data());
    return out;
}

TargetPose RigidPose::told() const {
    cv::Vec3d r;
    cv::Rodrigues(turn, r);
    return {{r[0], r[1], r[2]}, {shift[0], shift[1], shift[2]}};
}

std::vector<EdgePoint> Core::visible(const RigidPose& pose, const EdgeCamera& camera, cv::Size size, int wanted) const {
    std::vector<EdgePoint> out;
    const cv::Vec3d centre = pose.apply(middle);
    if (centre[2] < 1.05 * radius) return out;
    const cv::Vec3f eye(pose.turn.t() * (-pose.shift));
    // In px of the depth picture, with 1/z.
    const cv::Point2d at = camera.ideal(centre);
    const double span = 2.1 * radius * std::max(camera.pinhole.fx, camera.pinhole.fy) / (centre[2] - radius);
    const double scale = std::min(1.0, depth_side / span);
    const int side = std::max(8, cvCeil(span * scale));
    const cv::Point2d shift(side / 2.0 - at.x * scale, side / 2.0 - at.y * scale);
    const cv::Matx33f turn(pose.turn);
    const cv::Vec3f move(pose.shift);
    const float fx = float(camera.pinhole.fx * scale), fy = float(camera.pinhole.fy * scale),
                cx = float(camera.pinhole.cx * scale + shift.x), cy = float(camera.pinhole.cy * scale + shift.y);
    std::vector<cv::Vec3f> there(corners.size());
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Vec3f p = turn * corners[i] + move;
        const float near = 1 / std::max(1e-3f, p[2]);
        there[i] = {fx * p[0] * near + cx, fy * p[1] * near + cy, near};
    }
    std::vector<std::uint8_t> facing(faces.size());
    DepthPicture depth(side, side);
    for (std::size_t i = 0; i < faces.size(); ++i) {
        const Face& face = faces[i];
        facing[i] = face.normal.dot(eye) > face.offset;
        if (facing[i] || face.two_sided) depth.add(there[face.corners[0]], there[face.corners[1]], there[face.corners[2]]);
    }
    struct Shown {
        const Edge* edge;
        bool outline;
        float length;
    };
    std::vector<Shown> shown;
    double total = 0;
    for (const Edge& edge : edges) {
        const bool left = facing[edge.left], right = facing[edge.right], open = edge.left == edge.right;
        if (open ? !(left || faces[edge.left].two_sided) : left == right && !(edge.crease && left)) continue;
        const cv::Vec3f &a = there[edge.from], &b = there[edge.to];
        const float length = std::hypot(b[0] - a[0], b[1] - a[1]);
        shown.push_back({&edge, open || left != right, length});
        total += length;
    }
    if (shown.empty()) return out;
    // About half of the edges that could show are hidden by something.
    const double slack = depth_slack * radius, step = std::max(total / (2.0 * wanted), 0.5);
    double next = step / 2;
    for (const Shown& one : shown) {
        const cv::Vec3f &a = there[one.edge->from], &b = there[one.edge->to];
        if (next >= one.length) {
            next -= one.length;
            continue;
        }
        cv::Vec3d from(corners[one.edge->from]), to(corners[one.edge->to]);
        // Which way the product lies left: its face that is seen.
        const Face& face = faces[facing[one.edge->left] ? one.edge->left : one.edge->right];
        std::uint32_t third = face.corners[0];
        for (const auto corner : face.corners)
            if (corner != one.edge->from && corner != one.edge->to) third = corner;
        const cv::Vec3f& c = there[third];
        const double cross = double(b[0] - a[0]) * (c[1] - a[1]) - double(b[1] - a[1]) * (c[0] - a[0]);
        const bool turned = cross > 0;  // in px, y down: left of a → b is where the cross product is below 0
        cv::Vec3d along = to - from;
        along /= std::max(1e-9, cv::norm(along));
        const double nx = -(b[1] - a[1]) / one.length, ny = (b[0] - a[0]) / one.length;
        for (; next < one.length; next += step) {
            const double share_px = next / one.length;
            // Even steps in the picture are uneven ones along the edge.
            const double share = share_px * a[2] / (b[2] + share_px * (a[2] - b[2]));
            EdgePoint point;
            point.at = from + (to - from) * share, point.along = turned ? -along : along, point.outline = one.outline;
            const double px = a[0] + share_px * (b[0] - a[0]), py = a[1] + share_px * (b[1] - a[1]), near = a[2] + share_px * (b[2] - a[2]);
            const auto before = [&](double side, double by) {
                return depth.at(px + side * beside * nx, py + side * beside * ny) > 1 / std::max(1e-3, 1 / near - by);
            };
            const double right = turned ? -1 : 1;
            // A round thing's own surface lies well before its outline, on its side of it.
            if (before(right, slack) || before(-right, one.outline ? 0.25 * radius : slack)) continue;
            const cv::Point2d seen = camera.see(pose.apply(point.at));
            if (seen.x < 3 || seen.y < 3 || seen.x > size.width - 4 || seen.y > size.height - 4) continue;
            out.push_back(point);
        }
        next -= one.length;
    }
    if (out.size() > static_cast<std::size_t>(wanted)) {
        const double every = double(out.size()) / wanted;
        for (int i = 0; i < wanted; ++i) out[static_cast<std::size_t>(i)] = out[static_cast<std::size_t>(i * every)];
        out.resize(static_cast<std::size_t>(wanted));
    }
    return out;
}

std::vector<Core::Texel> Core::draw(const RigidPose& pose, const EdgeCamera& camera, cv::Size size, cv::Rect& box) const {
    box = {};
    const cv::Vec3d centre = pose.apply(middle);
    if (centre[2] < 1.05 * radius) return {};
    const cv::Vec3f eye(pose.turn.t() * (-pose.shift));
    std::vector<cv::Vec3f> there(corners.size());
    float left = 1e9f, top = 1e9f, right = -1e9f, bottom = -1e9f;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Vec3d p = pose.apply(cv::Vec3d(corners[i]));
        const cv::Point2d at = camera.ideal(p);
        there[i] = {float(at.x), float(at.y), float(1 / std::max(1e-3, p[2]))};
        left = std::min(left, there[i][0]), right = std::max(right, there[i][0]);
        top = std::min(top, there[i][1]), bottom = std::max(bottom, there[i][1]);
    }
    // Far out of the picture it is not drawn; the numbers need not fit into a rectangle's.
    if (!(left > -1e5f && top > -1e5f && right < 1e5f && bottom < 1e5f)) return {};
    box =
        cv::Rect(cvFloor(left), cvFloor(top), cvCeil(right - left) + 2, cvCeil(bottom - top) + 2) & cv::Rect(0, 0, size.width, size.height);
    if (box.empty()) return {};
    std::vector<Texel> seen(static_cast<std::size_t>(box.area()));
    for (std::uint32_t number = 0; number < faces.size(); ++number) {
        const Face& face = faces[number];
        if (!(face.normal.dot(eye) > face.offset) && !face.two_sided) continue;
        const cv::Vec3f &a = there[face.corners[0]], &b = there[face.corners[1]], &c = there[face.corners[2]];
        const float area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if (!(std::abs(area) > 1e-6f)) continue;
        const int x0 = std::max(box.x, cvCeil(std::min({a[0], b[0], c[0]}))),
                  x1 = std::min(box.x + box.width - 1, cvFloor(std::max({a[0], b[0], c[0]})));
        const int y0 = std::max(box.y, cvCeil(std::min({a[1], b[1], c[1]}))),
                  y1 = std::min(box.y + box.height - 1, cvFloor(std::max({a[1], b[1], c[1]})));
        const cv::Mat* texture = nullptr;
        if (face.texture >= 0 && !textures[static_cast<std::size_t>(face.texture)].empty()) {
            // About one texel to a px.
            const auto& levels = textures[static_cast<std::size_t>(face.texture)];
            const cv::Vec2f u = face.places[1] - face.places[0], v = face.places[2] - face.places[0];
            const double texels = std::abs(u[0] * v[1] - u[1] * v[0]) * double(levels[0].cols) * levels[0].rows;
            const double fall = 0.5 * std::log2(std::max(1.0, texels / std::abs(double(area))));
            texture = &levels[std::min(levels.size() - 1, static_cast<std::size_t>(std::lround(fall)))];
        }
        for (int y = y0; y <= y1; ++y)
            for (int x = x0; x <= x1; ++x) {
                const float v = ((float(x) - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (float(y) - a[1])) / area,
                            w = ((b[0] - a[0]) * (float(y) - a[1]) - (float(x) - a[0]) * (b[1] - a[1])) / area, u = 1 - v - w;
                if (u < -1e-4f || v < -1e-4f || w < -1e-4f) continue;
                const float near = u * a[2] + v * b[2] + w * c[2];
                Texel& texel = seen[static_cast<std::size_t>(y - box.y) * box.width + (x - box.x)];
                if (near <= texel.near) continue;
                texel = {near, face.brightness, number};
                if (!texture) continue;
                const cv::Vec2f at = (u * a[2] * face.places[0] + v * b[2] * face.places[1] + w * c[2] * face.places[2]) / near;
                const int tx = std::clamp(static_cast<int>((at[0] - std::floor(at[0])) * texture->cols), 0, texture->cols - 1),
                          ty = std::clamp(static_cast<int>((at[1] - std::floor(at[1])) * texture->rows), 0, texture->rows - 1);
                texel.colour *= texture->at<float>(ty, tx);
            }
    }
    return seen;
}

double Core::resemblance(const RigidPose& pose, const EdgeCamera& camera, const cv::Mat& luma) const {
    cv::Rect box;
    const auto seen = draw(pose, camera, luma.size(), box);
    if (box.width < 6 || box.height < 6) return 0;
    // Light that falls on all of it, more from one side: the first four spherical harmonics (Basri and Jacobs 2003), and a veil.
    cv::Matx<double, 5, 5> products = cv::Matx<double, 5, 5>::zeros();
    cv::Vec<double, 5> with = cv::Vec<double, 5>::all(0);
    double sum = 0, squares = 0, colours = 0, colours2 = 0;
    int count = 0;
    const cv::Matx33f turn(pose.turn);
    const auto parts_of = [&](const Texel& texel) {
        const cv::Vec3f n = turn * faces[texel.face].normal;
        return cv::Vec<double, 5>(1, texel.colour, texel.colour * n[0], texel.colour * n[1], texel.colour * n[2]);
    };
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x) {
            const Texel& texel = seen[static_cast<std::size_t>(y) * box.width + x];
            if (texel.near <= 0) continue;
            const auto parts = parts_of(texel);
            const double value = luma.at<std::uint8_t>(box.y + y, box.x + x);
            for (int i = 0; i < 5; ++i) {
                with[i] += parts[i] * value;
                for (int j = 0; j < 5; ++j) products(i, j) += parts[i] * parts[j];
            }
            sum += value, squares += value * value, colours += texel.colour, colours2 += texel.colour * texel.colour, ++count;
        }
    if (count < 40) return 0;
    for (int i = 0; i < 5; ++i) products(i, i) += 1e-3 * count;
    const auto light = products.solve(with, cv::DECOMP_CHOLESKY);
    const cv::Rect around = cv::Rect(box.x - box.width / 4, box.y - box.height / 4, box.width * 3 / 2, box.height * 3 / 2) &
                            cv::Rect(0, 0, luma.cols, luma.rows);
    cv::Scalar mean, deviation;
    cv::meanStdDev(luma(around), mean, deviation);
    const double variance = deviation[0] * deviation[0];
    double left_over = 0;
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x) {
            const Texel& texel = seen[static_cast<std::size_t>(y) * box.width + x];
            if (texel.near <= 0) continue;
            const double off = luma.at<std::uint8_t>(box.y + y, box.x + x) - parts_of(texel).dot(light);
            left_over += off * off;
        }
    const double within = squares / count - (sum / count) * (sum / count);
    return same_shades(within, std::max(0.0, within - left_over / count), variance,
                       colours2 / count - (colours / count) * (colours / count));
}

SolidTarget SolidTarget::by_front(std::string product, const ModelData& model, std::optional<std::array<double, 3>> at_mm) {
    std::array<double, 3> least{}, greatest{};
    for (std::size_t k = 0; k < 3; ++k) least[k] = 1000.0 * model.least[k], greatest[k] = 1000.0 * model.greatest[k];
    const auto at = at_mm.value_or(std::array{-least[0], greatest[1], -greatest[2]});
    return {std::move(product), {}, {at, {}, 1}, {at[0] + least[0], at[1] - greatest[1], greatest[0] - least[0], greatest[1] - least[1]}};
}

EdgeModel::EdgeModel() : core_(std::make_unique<Core>()) {}
EdgeModel::~EdgeModel() = default;
const std::string& EdgeModel::product() const { return core_->product; }
const std::array<double, 4>& EdgeModel::front() const { return core_->front; }

Result<std::shared_ptr<const EdgeModel>> EdgeModel::read(const SolidTarget& target) {
    auto model = read_model(target.model);
    if (!model) return fail(target.model.string() + " " + model.error().message, model.error().kind);
    return make(target, *model);
}

Result<std::shared_ptr<const EdgeModel>> EdgeModel::make(const SolidTarget& target, const ModelData& model) {
    if (!(target.front[2] > 0 && target.front[3] > 0))
        return fail("The front of " + target.product + " needs a width and a height above 0 mm.", ErrorKind::bad_input);
    Gathered all = gather(target, model);
    if (all.faces.size() < 4)
        return fail("The model of " + target.product + " has no solid surface whose edges could be followed.", ErrorKind::bad_input);
    constexpr float far = std::numeric_limits<float>::max();
    cv::Vec3f least(far, far, far), greatest(-far, -far, -far);
    for (const auto& face : all.faces)
        for (const auto corner : face.corners)
            for (int k = 0; k < 3; ++k)
                least[k] = std::min(least[k], all.corners[corner][k]), greatest[k] = std::max(greatest[k], all.corners[corner][k]);
    std::shared_ptr<EdgeModel> out(new EdgeModel());
    Core& core = *out->core_;
    core.product = target.product, core.front = target.front;
    core.middle = cv::Vec3d(least + greatest) * 0.5;
    core.radius = 0;
    for (const auto& face : all.faces)
        for (const auto corner : face.corners) core.radius = std::max(core.radius, cv::norm(cv::Vec3d(all.corners[corner]) - core.middle));
    auto kept = seen_from_somewhere(all, core.middle, core.radius);
    // And their neighbours, so that no edge that shows loses its other face.
    std::vector<bool> touched(all.corners.size(), false);
    for (std::size_t i = 0; i < all.faces.size(); ++i)
        if (kept[i])
            for (const auto corner : all.faces[i].corners) touched[corner] = true;
    for (std::size_t i = 0; i < all.faces.size(); ++i)
        for (const auto corner : all.faces[i].corners)
            if (touched[corner]) kept[i] = true;
    all.keep(kept);
    if (all.faces.size() > most_faces)
        return fail("The model of " + target.product + " shows " + std::to_string(all.faces.size()) +
                        " triangles; by its edges one with up to " + std::to_string(most_faces) +
                        " can be followed. Export a coarser one, or follow a marker or a picture.",
                    ErrorKind::bad_input);
    // Corners that are left, numbered anew.
    std::vector<std::uint32_t> number(all.corners.size(), ~0U);
    for (auto& face : all.faces)
        for (auto& corner : face.corners) {
            if (number[corner] == ~0U)
                number[corner] = static_cast<std::uint32_t>(core.corners.size()), core.corners.push_back(all.corners[corner]);
            corner = number[corner];
        }
    make_edges(core, all);
    for (const ModelImage& image : model.images) {
        core.textures.emplace_back();
        if (image.width <= 0 || image.height <= 0) continue;
        cv::Mat grey, level;
        cv::cvtColor(cv::Mat(image.height, image.width, CV_8UC4, const_cast<std::uint8_t*>(image.rgba.data())), grey, cv::COLOR_RGBA2GRAY);
        while (std::max(grey.cols, grey.rows) > 512 && std::min(grey.cols, grey.rows) > 1)
            cv::resize(grey, grey, cv::Size(grey.cols / 2, grey.rows / 2), 0, 0, cv::INTER_AREA);
        grey.convertTo(level, CV_32F, 1 / 255.0);
        core.textures.back().push_back(level);
        while (std::min(level.cols, level.rows) > 8) {
            cv::resize(core.textures.back().back(), level, cv::Size(level.cols / 2, level.rows / 2), 0, 0, cv::INTER_AREA);
            core.textures.back().push_back(level.clone());
        }
    }
    core.faces = std::move(all.faces);
    return out;
}

}  // namespace vitrine
