#include "overlays/ar/model_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace vitrine {

namespace {

/// Of a place, in steps of the part's longest side over 2^17: far below what is seen, far above rounding.
using Place = std::array<std::int32_t, 3>;

struct PlaceHash {
    std::size_t operator()(const Place& p) const {
        const auto bits = [&](std::size_t k) { return static_cast<std::uint32_t>(p[k]); };
        return (bits(0) * 73856093U) ^ (bits(1) * 19349663U) ^ (bits(2) * 83492791U);
    }
};

float longest_side(const ModelData& model, int part) {
    float least = 0, greatest = 0;
    for (const ModelMesh& mesh : model.meshes)
        if (mesh.part == part)
            for (const float value : mesh.positions) least = std::min(least, value), greatest = std::max(greatest, value);
    return greatest - least;
}

/// Counts directed edges between places, not vertices: seams of texture and of sharp edges have several vertices at one place.
class Edges {
  public:
    void add(const ModelMesh& mesh, float side) {
        const float steps = side > 0 ? 131072 / side : 0;
        std::vector<std::uint32_t> place(mesh.positions.size() / 3);
        for (std::size_t i = 0; i < place.size(); ++i) {
            Place p;
            for (std::size_t k = 0; k < 3; ++k) p[k] = static_cast<std::int32_t>(std::lround(mesh.positions[3 * i + k] * steps));
            place[i] = places_.emplace(p, static_cast<std::uint32_t>(places_.size())).first->second;
        }
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3)
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t a = place[mesh.indices[i + k]], b = place[mesh.indices[i + (k + 1) % 3]];
                if (a != b) balance_[std::uint64_t{std::min(a, b)} << 32 | std::max(a, b)] += a < b ? 1 : -1;
            }
    }
    bool closed() const {
        return !balance_.empty() && std::all_of(balance_.begin(), balance_.end(), [](const auto& edge) { return edge.second == 0; });
    }

  private:
    std::unordered_map<Place, std::uint32_t, PlaceHash> places_;
    std::unordered_map<std::uint64_t, int> balance_;
};

float volume(const PartShape& shape) {
    float out = 1;
    for (std::size_t k = 0; k < 3; ++k) out *= shape.greatest[k] - shape.least[k];
    return out;
}

bool within(const PartShape& a, const PartShape& b) {
    if (a.empty() || b.empty() || volume(b) < 1.2F * volume(a)) return false;
    for (std::size_t k = 0; k < 3; ++k) {
        const float slack = 0.02F * (b.greatest[k] - b.least[k]);
        if (a.least[k] < b.least[k] - slack || a.greatest[k] > b.greatest[k] + slack) return false;
    }
    return true;
}

}  // namespace

std::vector<PartShape> shape_of(const ModelData& model) {
    constexpr float far = std::numeric_limits<float>::max();
    std::vector<PartShape> out(model.parts.size(), PartShape{{far, far, far}, {-far, -far, -far}});
    std::vector<Edges> edges(model.parts.size());
    for (const ModelMesh& mesh : model.meshes) {
        PartShape& shape = out[static_cast<std::size_t>(mesh.part)];
        const auto& m = model.parts[static_cast<std::size_t>(mesh.part)].to_model;
        for (std::size_t i = 0; i + 2 < mesh.positions.size(); i += 3)
            for (std::size_t k = 0; k < 3; ++k) {
                const float* p = &mesh.positions[i];
                const float value = m[k] * p[0] + m[4 + k] * p[1] + m[8 + k] * p[2] + m[12 + k];
                shape.least[k] = std::min(shape.least[k], value);
                shape.greatest[k] = std::max(shape.greatest[k], value);
            }
        if (!model.materials[static_cast<std::size_t>(mesh.material)].blended)
            edges[static_cast<std::size_t>(mesh.part)].add(mesh, longest_side(model, mesh.part));
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].solid = edges[i].closed();
        out[i].inner =
            std::any_of(out.begin(), out.end(), [&](const PartShape& other) { return &other != &out[i] && within(out[i], other); });
    }
    return out;
}

}  // namespace vitrine
