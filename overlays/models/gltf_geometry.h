#pragma once
// Triangles out of a primitive (glTF 2.0, 3.7.2): strips and fans become lists, missing normals are made.

#include <array>

#include "engine/result.h"
#include "overlays/models/gltf_accessor.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_placement.h"

namespace tinygltf {
struct Primitive;
}

namespace vitrine {

/// Column-major, as glTF writes it. Double: chains of nodes multiply.
using ModelMatrix = Matrix4;

/// Of the upper left 3 × 3; negative when it mirrors.
double determinant(const ModelMatrix& m);

/// What is left of the limits.
struct GeometryBudget {
    std::size_t vertices = 0, triangles = 0;
};

/// Vertices as stored, counted off the budget; `material` and `part` are left to the caller. No triangles when the primitive is points or
/// lines. `tangents_wanted`: makes them where they are missing and there are texture coordinates.
Result<ModelMesh> read_geometry(const tinygltf::Primitive& primitive, const GltfAccessors& accessors, bool tangents_wanted,
                                GeometryBudget& budget, std::vector<std::string>& notes);

/// Carries positions, normals and tangents over; a mirroring `m` leaves the triangles' winding alone.
void transform(ModelMesh& mesh, const ModelMatrix& m);
void turn_winding(ModelMesh& mesh);

}  // namespace vitrine
