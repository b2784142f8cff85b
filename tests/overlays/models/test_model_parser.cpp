#include "overlays/models/model_parser.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "overlays/models/model_reader.h"
#include "test_places.h"
#include "tests/overlays/reading/hostile_files.h"
#include "tests/support/catch.h"

using namespace vitrine;
using Json = nlohmann::json;

namespace {

/// A glTF built up in a test: floats and indices go into one buffer.
struct Builder {
    Json json = {{"asset", {{"version", "2.0"}}}, {"scenes", {{{"nodes", {0}}}}}, {"nodes", {{{"mesh", 0}}}}, {"buffers", Json::array()}};
    hostile::Bytes binary;

    template <class T>
    int put(const std::vector<T>& values, int type, const char* shape, int components, bool normalised = false, int stride = 0) {
        const std::size_t from = binary.size();
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
        binary.insert(binary.end(), bytes, bytes + values.size() * sizeof(T));
        const std::size_t length = binary.size() - from;
        binary.resize((binary.size() + 3) & ~std::size_t{3});
        Json view{{"buffer", 0}, {"byteOffset", from}, {"byteLength", length}};
        std::size_t count = values.size() / static_cast<std::size_t>(components);
        if (stride) {
            view["byteStride"] = stride;
            count = length / static_cast<std::size_t>(stride);
        }
        json["bufferViews"].push_back(view);
        json["accessors"].push_back({{"bufferView", json["bufferViews"].size() - 1},
                                     {"componentType", type},
                                     {"count", count},
                                     {"type", shape},
                                     {"normalized", normalised}});
        return static_cast<int>(json["accessors"].size()) - 1;
    }
    int positions(const std::vector<float>& values) { return put(values, 5126, "VEC3", 3); }
    int indices(const std::vector<std::uint16_t>& values) { return put(values, 5123, "SCALAR", 1); }
    Json& primitive() { return json["meshes"][0]["primitives"][0]; }
    hostile::Bytes bytes() {
        json["buffers"] = {{{"byteLength", binary.size()}}};
        return hostile::glb(json.dump(), binary);
    }
    ModelData parsed() {
        auto model = parse_model(bytes());
        INFO((model ? std::string() : model.error().message));
        REQUIRE(model);
        return *model;
    }
};

/// The unit square in the plane of z = 0, facing +z.
Builder square() {
    Builder b;
    b.primitive()["attributes"]["POSITION"] = b.positions({0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0});
    b.primitive()["indices"] = b.indices({0, 1, 2, 0, 2, 3});
    return b;
}

std::array<float, 3> face_normal(const ModelMesh& mesh, std::size_t triangle) {
    std::array<std::array<float, 3>, 3> p{};
    for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t c = 0; c < 3; ++c) p[k][c] = mesh.positions[mesh.indices[triangle * 3 + k] * 3 + c];
    std::array<float, 3> u{}, v{};
    for (std::size_t c = 0; c < 3; ++c) u[c] = p[1][c] - p[0][c], v[c] = p[2][c] - p[0][c];
    return {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
}

}  // namespace

TEST_CASE("a sound model comes out whole, as .glb and as .gltf", "[models]") {
    for (const auto& bytes : {hostile::sound_glb(), hostile::sound_gltf()}) {
        const auto model = parse_model(bytes);
        INFO((model ? std::string() : model.error().message));
        REQUIRE(model);
        REQUIRE(model->parts.size() == 2);
        CHECK(model->parts[0].name == "Body");
        CHECK(model->parts[1].name == "Cap");
        CHECK(model->parts[1].explode == std::array<float, 3>{0, 0, 0.25f});
        CHECK(model->parts[1].to_model[14] == 0.5f);
        REQUIRE(model->meshes.size() == 2);
        CHECK(model->meshes[0].positions.size() == 12);
        CHECK(model->meshes[0].uvs.size() == 8);
        CHECK(model->triangles() == 8);
        CHECK(model->variants == std::vector<std::string>{"Plain", "Red"});
        CHECK(model->meshes[0].variant_materials == std::vector<int>{0, 1});
        REQUIRE(model->images.size() == 1);
        CHECK(model->images[0].width == 16);
        CHECK(model->images[0].rgba[4 * (16 * 3 + 5)] == 5 * 16);      // red grows with x
        CHECK(model->images[0].rgba[4 * (16 * 3 + 5) + 1] == 3 * 20);  // green with y
        CHECK(model->materials[0].base_texture.image == 0);
        CHECK_FALSE(model->materials[0].base_texture.repeat_s);
        CHECK(model->materials[0].base_texture.repeat_t);
        CHECK(model->least == std::array<float, 3>{0, 0, 0});
        CHECK(model->greatest == std::array<float, 3>{1, 1, 1.5f});
        CHECK(model->notes.empty());
    }
}

TEST_CASE("without explode extras every node with a mesh is a part and leaves the middle", "[models]") {
    Builder b = square();
    b.json["nodes"] = {{{"children", {1, 2}}}, {{"mesh", 0}, {"translation", {-3, 0, 0}}}, {{"mesh", 0}, {"translation", {3, 0, 0}}}};
    const ModelData model = b.parsed();
    REQUIRE(model.parts.size() == 2);
    CHECK(model.parts[0].explode == std::array<float, 3>{-3, 0, 0});
    CHECK(model.parts[1].explode == std::array<float, 3>{3, 0, 0});
}

TEST_CASE("what hangs below an exploding node moves with it, in its frame", "[models]") {
    Builder b = square();
    b.json["nodes"] = {{{"translation", {1, 0, 0}}, {"extras", {{"explode", {0, 0, 2}}}}, {"children", {1}}},
                       {{"mesh", 0}, {"translation", {0, 5, 0}}, {"scale", {2, 2, 2}}}};
    const ModelData model = b.parsed();
    REQUIRE(model.parts.size() == 1);
    CHECK(model.parts[0].to_model[12] == 1);
    REQUIRE(model.meshes.size() == 1);
    CHECK(model.meshes[0].positions[4] == 5);  // y of the second vertex
    CHECK(model.meshes[0].positions[3] == 2);  // its x, scaled
    CHECK(model.least == std::array<float, 3>{1, 5, 0});
    CHECK(model.greatest == std::array<float, 3>{3, 7, 0});
}

TEST_CASE("missing normals become those of the triangles' planes", "[models]") {
    // A roof: two planes that share the ridge from (0,0,1) to (0,1,1).
    Builder b;
    b.primitive()["attributes"]["POSITION"] = b.positions({-1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0});
    b.primitive()["indices"] = b.indices({0, 1, 2, 1, 3, 2});
    const ModelData model = b.parsed();
    const auto& mesh = model.meshes[0];
    REQUIRE(mesh.positions.size() == 18);  // no vertex is shared any more
    for (std::size_t t = 0; t < 2; ++t) {
        const auto face = face_normal(mesh, t);
        const float length = std::hypot(face[0], face[1], face[2]);
        for (std::size_t k = 0; k < 3; ++k)
            for (std::size_t c = 0; c < 3; ++c)
                CHECK(mesh.normals[mesh.indices[t * 3 + k] * 3 + c] == Approx(face[c] / length).margin(1e-6));
    }
    CHECK(mesh.normals[0] < 0);
    CHECK(mesh.normals[9] > 0);
}

TEST_CASE("tangents are made where a normal texture needs them", "[models]") {
    Builder b = square();
    b.primitive()["attributes"]["NORMAL"] = b.positions({0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
    // u runs along +y, v along +x.
    b.primitive()["attributes"]["TEXCOORD_0"] = b.put<float>({0, 0, 0, 1, 1, 1, 1, 0}, 5126, "VEC2", 2);
    const hostile::Bytes picture = hostile::sound_png();
    b.put(picture, 5121, "SCALAR", 1);
    b.json["images"] = {{{"bufferView", b.json["bufferViews"].size() - 1}, {"mimeType", "image/png"}}};
    b.json["accessors"].erase(b.json["accessors"].size() - 1);
    b.json["textures"] = {{{"source", 0}}};
    b.json["materials"] = {{{"normalTexture", {{"index", 0}}}}};
    b.primitive()["material"] = 0;
    const ModelData model = b.parsed();
    REQUIRE(model.meshes[0].tangents.size() == 16);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(model.meshes[0].tangents[4 * i] == Approx(0).margin(1e-6));
        CHECK(model.meshes[0].tangents[4 * i + 1] == Approx(1));
        CHECK(model.meshes[0].tangents[4 * i + 3] == -1);  // mirrored
    }
}

TEST_CASE("a mirrored node keeps its outside outside", "[models]") {
    Builder b = square();
    b.primitive()["attributes"]["NORMAL"] = b.positions({0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
    b.json["nodes"][0]["scale"] = {-1, 1, 1};
    const ModelData model = b.parsed();
    // Still in the part's frame, so the winding is turned there and right again after to_model.
    CHECK(model.parts[0].to_model[0] == -1);
    CHECK(face_normal(model.meshes[0], 0)[2] < 0);
    CHECK(model.meshes[0].normals[2] == 1);
}

TEST_CASE("strips and fans become the same triangles", "[models]") {
    Builder strip, fan;
    strip.primitive()["attributes"]["POSITION"] = strip.positions({0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0});
    strip.primitive()["mode"] = 5;
    fan.primitive()["attributes"]["POSITION"] = fan.positions({0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0});
    fan.primitive()["mode"] = 6;
    for (Builder* b : {&strip, &fan}) {
        const ModelData model = b->parsed();
        REQUIRE(model.triangles() == 2);
        CHECK(face_normal(model.meshes[0], 0)[2] == 1);
        CHECK(face_normal(model.meshes[0], 1)[2] == 1);
    }
}

TEST_CASE("quantised and interleaved vertices are read", "[models]") {
    Builder b;
    b.json["extensionsRequired"] = {"KHR_mesh_quantization"};
    // 8 bytes a vertex, of which six are the position, in 1/32767; the node makes it 10 cm.
    b.primitive()["attributes"]["POSITION"] =
        b.put<std::int16_t>({0, 0, 0, 99, 32767, 0, 0, 99, 0, -32767, 0, 99}, 5122, "VEC3", 3, true, 8);
    b.primitive()["attributes"]["NORMAL"] = b.put<std::int8_t>({0, 0, 127, 0, 0, 0, 127, 0, 0, 0, 127, 0}, 5120, "VEC3", 3, true, 4);
    b.json["nodes"][0]["scale"] = {0.1, 0.1, 0.1};
    const ModelData model = b.parsed();
    CHECK(model.meshes[0].positions[3] == 1);
    CHECK(model.meshes[0].positions[7] == -1);
    CHECK(model.meshes[0].normals[8] == 1);
    CHECK(model.greatest[0] == Approx(0.1f));
}

TEST_CASE("sparse accessors are filled in", "[models]") {
    Builder b = square();
    const int where = b.indices({1, 2});
    const int what = b.positions({9, 0, 0, 9, 9, 0});
    b.json["accessors"][0]["sparse"] = {
        {"count", 2}, {"indices", {{"bufferView", where}, {"componentType", 5123}}}, {"values", {{"bufferView", what}}}};
    CHECK(b.parsed().greatest == std::array<float, 3>{9, 9, 0});
    // All zeros but for the sparse part.
    b.json["accessors"][0].erase("bufferView");
    CHECK(b.parsed().greatest == std::array<float, 3>{9, 9, 0});
}

TEST_CASE("what is left out is said", "[models]") {
    Builder b = square();
    b.json["animations"] = {
        {{"channels", {{{"sampler", 0}, {"target", {{"node", 0}, {"path", "scale"}}}}}}, {"samplers", {{{"input", 0}, {"output", 0}}}}}};
    b.primitive()["attributes"]["COLOR_0"] = 0;
    b.json["nodes"][0]["scale"] = {200, 200, 200};
    const ModelData model = b.parsed();
    REQUIRE(model.notes.size() == 3);
    CHECK(model.notes[0] == "has animations, which are not played");
    CHECK(model.notes[1] == "has colours on its vertices, which are not shown");
    CHECK(model.notes[2].find("lengths in glTF are metres") != std::string::npos);
}

TEST_CASE("the limits hold", "[models]") {
    ModelLimits limits;
    limits.vertices = 7;
    CHECK_FALSE(parse_model(hostile::sound_glb(), limits));
    limits = {};
    limits.triangles = 7;
    CHECK_FALSE(parse_model(hostile::sound_glb(), limits));
    limits.triangles = 8, limits.vertices = 8, limits.nodes = 3, limits.meshes = 2, limits.images = 1, limits.variants = 2;
    limits.decoded_bytes = 16 * 12 * 4;
    limits.materials = 3;
    CHECK(parse_model(hostile::sound_glb(), limits));
    limits.decoded_bytes -= 1;
    CHECK_FALSE(parse_model(hostile::sound_glb(), limits));
}

TEST_CASE("the reading process gives back what the parser made", "[models][reading]") {
    const std::filesystem::path demo = std::filesystem::path(VITRINE_SOURCE_DIR) / "assets/shows/demo/models/lx200.glb";
    std::ifstream in(demo, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
    CHECK(bytes.size() < 614'400);
    const auto here = parse_model(bytes);
    const auto there = read_model(demo);
    REQUIRE(here);
    REQUIRE(there);
    CHECK(here->notes.empty());
    CHECK(there->variants == std::vector<std::string>{"White", "Black", "Brass"});
    CHECK(there->parts.size() == 10);
    CHECK(there->least == here->least);
    CHECK(there->greatest == here->greatest);
    // The label's size, standing on it.
    CHECK(there->least[2] == Approx(0).margin(1e-6));
    CHECK(there->greatest[0] - there->least[0] == Approx(0.120).margin(0.002));
    REQUIRE(there->meshes.size() == here->meshes.size());
    for (std::size_t i = 0; i < there->meshes.size(); ++i) {
        CHECK(there->meshes[i].positions == here->meshes[i].positions);
        CHECK(there->meshes[i].normals == here->meshes[i].normals);
        CHECK(there->meshes[i].uvs == here->meshes[i].uvs);
        CHECK(there->meshes[i].indices == here->meshes[i].indices);
        CHECK(there->meshes[i].variant_materials == here->meshes[i].variant_materials);
        CHECK(there->meshes[i].material == here->meshes[i].material);
    }
    REQUIRE(there->materials.size() == here->materials.size());
    for (std::size_t i = 0; i < there->materials.size(); ++i) {
        CHECK(there->materials[i].base_colour == here->materials[i].base_colour);
        CHECK(there->materials[i].roughness == here->materials[i].roughness);
        CHECK(there->materials[i].blended == here->materials[i].blended);
        CHECK(there->materials[i].base_texture.image == here->materials[i].base_texture.image);
    }
    REQUIRE(there->images.size() == 1);
    CHECK(there->images[0].rgba == here->images[0].rgba);
}

TEST_CASE("every triangle of the demo's model faces outwards", "[models]") {
    const auto model = read_model(std::filesystem::path(VITRINE_SOURCE_DIR) / "assets/shows/demo/models/lx200.glb");
    REQUIRE(model);
    for (const auto& mesh : model->meshes)
        for (std::size_t t = 0; t * 3 < mesh.indices.size(); ++t) {
            const auto face = face_normal(mesh, t);
            float with = 0;
            for (std::size_t k = 0; k < 3; ++k)
                for (std::size_t c = 0; c < 3; ++c) with += mesh.normals[mesh.indices[t * 3 + k] * 3 + c] * face[c];
            if (!(with >= 0)) FAIL("triangle " << t << " of part " << model->parts[static_cast<std::size_t>(mesh.part)].name);
        }
    SUCCEED();
}
