#pragma once
// What the renderer must know of a model's geometry before it draws: boxes of parts, which parts are solids that can be capped, and which
// lie inside others. Everything here is reentrant.

#include <array>
#include <vector>

#include "overlays/models/model_data.h"

namespace vitrine {

struct PartShape {
    std::array<float, 3> least{}, greatest{};  ///< box in the model's frame, not exploded, m; empty when least > greatest
    /// Every edge of the part's opaque triangles is shared by as many triangles one way round as the other, corners at the same place
    /// counted as one: cut open, it has an inside.
    bool solid = false;
    /// Its box lies within another, larger part's: what an X-ray shows inside the shells.
    bool inner = false;
    bool empty() const { return least[0] > greatest[0]; }
};

std::vector<PartShape> shape_of(const ModelData& model);

}  // namespace vitrine
