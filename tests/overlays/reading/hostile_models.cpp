// glTF 2.0, sound and broken.

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/overlays/reading/hostile_files.h"

namespace vitrine::hostile {
namespace {

using Json = nlohmann::json;

void put32(Bytes& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

template <class T>
void put(Bytes& out, std::initializer_list<T> values) {
    for (const T value : values) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
        out.insert(out.end(), bytes, bytes + sizeof value);
    }
}

struct Parts {
    Json json;
    Bytes binary;
};

// Buffer views: 0 positions (12 vertices), 1 normals, 2 texture coordinates, 3 indices, 4 sparse indices, 5 sparse values, 6 picture.
constexpr int vertices = 4;

Parts sound() {
    Parts parts;
    Json views = Json::array();
    std::size_t from = 0;
    const auto view = [&] {
        views.push_back({{"buffer", 0}, {"byteOffset", from}, {"byteLength", parts.binary.size() - from}});
        parts.binary.resize((parts.binary.size() + 3) & ~std::size_t{3});
        from = parts.binary.size();
    };
    put<float>(parts.binary, {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    view();
    put<float>(parts.binary, {-0.57735f, -0.57735f, -0.57735f, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    view();
    put<float>(parts.binary, {0, 0, 1, 0, 0, 1, 1, 1});
    view();
    put<std::uint16_t>(parts.binary, {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3});
    view();
    put<std::uint16_t>(parts.binary, {1, 3});
    view();
    put<float>(parts.binary, {0.9f, 0, 0, 0, 0, 0.9f});
    view();
    const Bytes picture = sound_png();
    parts.binary.insert(parts.binary.end(), picture.begin(), picture.end());
    view();
    const auto accessor = [](int view, int type, int count, const char* shape) {
        return Json{{"bufferView", view}, {"componentType", type}, {"count", count}, {"type", shape}};
    };
    Json primitive{{"attributes", {{"POSITION", 0}, {"NORMAL", 1}, {"TEXCOORD_0", 2}}}, {"indices", 3}, {"material", 0}};
    primitive["extensions"]["KHR_materials_variants"]["mappings"] =
        Json::array({{{"material", 0}, {"variants", {0}}}, {{"material", 1}, {"variants", {1}}}});
    parts.json = {
        {"asset", {{"version", "2.0"}}},
        {"extensionsUsed", {"KHR_materials_variants"}},
        {"extensions", {{"KHR_materials_variants", {{"variants", {{{"name", "Plain"}}, {{"name", "Red"}}}}}}}},
        {"scene", 0},
        {"scenes", {{{"nodes", {0}}}}},
        {"nodes",
         {{{"name", "Lamp"}, {"children", {1, 2}}},
          {{"name", "Body"}, {"mesh", 0}, {"extras", {{"explode", {0, 0, 0}}}}},
          {{"name", "Cap"}, {"mesh", 0}, {"translation", {0, 0, 0.5}}, {"extras", {{"explode", {0, 0, 0.25}}}}}}},
        {"meshes", {{{"primitives", {primitive}}}}},
        {"materials",
         {{{"name", "plain"}, {"pbrMetallicRoughness", {{"baseColorTexture", {{"index", 0}}}, {"metallicFactor", 0}}}},
          {{"name", "red"}, {"pbrMetallicRoughness", {{"baseColorFactor", {0.8, 0.1, 0.1, 1}}}}}}},
        {"textures", {{{"source", 0}, {"sampler", 0}}}},
        {"samplers", {{{"wrapS", 33071}}}},
        {"images", {{{"bufferView", 6}, {"mimeType", "image/png"}}}},
        {"accessors",
         {accessor(0, 5126, vertices, "VEC3"), accessor(1, 5126, vertices, "VEC3"), accessor(2, 5126, vertices, "VEC2"),
          accessor(3, 5123, 12, "SCALAR")}},
        {"bufferViews", views},
        {"buffers", {{{"byteLength", parts.binary.size()}}}},
    };
    return parts;
}

template <class Change>
std::function<Bytes()> with(Change change) {
    return [change] {
        Parts parts = sound();
        change(parts.json, parts.binary);
        return glb(parts.json.dump(), parts.binary);
    };
}

template <class Change>
std::function<Bytes()> with_bytes(Change change) {
    return [change] {
        Bytes bytes = sound_glb();
        change(bytes);
        return bytes;
    };
}

void set32(Bytes& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

Json sparse(Json& json, int count) {
    Json accessor = json["accessors"][0];
    accessor["sparse"] = {{"count", count}, {"indices", {{"bufferView", 4}, {"componentType", 5123}}}, {"values", {{"bufferView", 5}}}};
    return accessor;
}

std::string base64(const Bytes& bytes) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (i + k < bytes.size() ? bytes[i + k] : 0);
        for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? letters[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

/// A picture of `side` × `side` in its header only.
void claim_picture(Json& json, Bytes& binary, std::uint32_t side) {
    const std::size_t at = json["bufferViews"][6]["byteOffset"].get<std::size_t>() + 16;
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t k = 0; k < 4; ++k) binary[at + 4 * i + k] = static_cast<std::uint8_t>(side >> (24 - 8 * k));
}

std::vector<File> container_files() {
    return {
        {"cut-in-header.glb", "ends inside its header", with_bytes([](Bytes& b) { b.resize(9); })},
        {"cut-in-half.glb", "cut off", with_bytes([](Bytes& b) { b.resize(b.size() / 2); })},
        {"longer-than-it-says.glb", "bytes more than its header claims", with_bytes([](Bytes& b) { b.resize(b.size() + 1000); })},
        {"length-of-2-gib.glb", "claims 2147483648 bytes", with_bytes([](Bytes& b) { set32(b, 8, 0x80000000u); })},
        {"length-of-0.glb", "more than its header claims", with_bytes([](Bytes& b) { set32(b, 8, 0); })},
        {"chunk-of-4-gib.glb", "chunk claims 4294967292 bytes", with_bytes([](Bytes& b) { set32(b, 12, 0xfffffffcu); })},
        {"odd-chunk.glb", "multiple of four", with_bytes([](Bytes& b) { b[12] |= 1; })},
        {"no-json.glb", "does not start with JSON", with_bytes([](Bytes& b) { set32(b, 16, 0x004e4942); })},
        {"header-alone.glb", "nothing but a header",
         [] {
             Bytes out{'g', 'l', 'T', 'F'};
             put32(out, 2);
             put32(out, 12);
             return out;
         }},
        {"version-1.glb", "glTF 1, not 2", with_bytes([](Bytes& b) { b[4] = 1; })},
        {"noise.glb", "not a glTF model", [] { return Bytes(4096, 0xa5); }},
        {"empty.glb", "not a glTF model", [] { return Bytes{}; }},
        {"json-of-noise.glb", "JSON cannot be read", [] { return glb("{\"asset\":\x01\xff"); }},
        {"nested-100000-deep.glb", "nested more than 64", [] { return glb("{\"extras\":" + repeated("[", 100'000)); }},
        {"objects-100000-deep.glb", "nested more than 64", [] { return glb(repeated("{\"a\":", 100'000)); }},
        {"json-bomb.glb", "more than 1000000 values", [] { return glb("{\"extras\":[" + repeated("0,", 2'000'000) + "0]}"); }},
        {"json-of-20-mib.glb", "20 MiB of JSON", [] { return glb("{\"extras\":\"" + repeated("x", 20 << 20) + "\"}"); }},
    };
}

std::vector<File> reference_files() {
    return {
        {"buffer-from-a-file.glb", "file:///etc/passwd", with([](Json& j, Bytes&) { j["buffers"][0]["uri"] = "file:///etc/passwd"; })},
        {"picture-from-a-file.glb", "../../secret.png", with([](Json& j, Bytes&) {
             j["images"][0] = {{"uri", "../../secret.png"}};
         })},
        {"picture-from-the-network.glb", "https://example.com", with([](Json& j, Bytes&) {
             j["images"][0] = {{"uri", "https://example.com/a.png"}};
         })},
        {"buffers-of-1-gib.glb", "more than 64 MiB together", with([](Json& j, Bytes&) {
             for (int i = 0; i < 16; ++i) j["buffers"].push_back({{"byteLength", 64 << 20}});
         })},
        {"view-past-its-buffer.glb", "reaches past its buffer",
         with([](Json& j, Bytes&) { j["bufferViews"][0]["byteLength"] = 2147483647; })},
        {"view-from-far.glb", "reaches past its buffer", with([](Json& j, Bytes&) { j["bufferViews"][0]["byteOffset"] = 2147483647; })},
        {"view-of-no-buffer.glb", "does not exist", with([](Json& j, Bytes&) { j["bufferViews"][0]["buffer"] = 7; })},
        {"offset-of-8-eib.glb", "out of range", with([](Json& j, Bytes&) { j["accessors"][0]["byteOffset"] = 9223372036854775807LL; })},
        {"offset-negative.glb", "damaged", with([](Json& j, Bytes&) { j["accessors"][0]["byteOffset"] = -16; })},
        {"accessor-past-its-view.glb", "reaches past buffer view 0", with([](Json& j, Bytes&) { j["accessors"][0]["count"] = 5; })},
        {"accessor-of-2-billion.glb", "more than", with([](Json& j, Bytes&) { j["accessors"][0]["count"] = 2147483647; })},
        {"stride-of-1.glb", "byteStride", with([](Json& j, Bytes&) { j["bufferViews"][0]["byteStride"] = 1; })},
        {"matrices-for-positions.glb", "not of the type", with([](Json& j, Bytes&) { j["accessors"][0]["type"] = "MAT4"; })},
        {"indices-past-the-end.glb", "names vertices past", with([](Json&, Bytes& b) { b[48 + 48 + 32 + 4] = 200; })},
        {"fewer-normals.glb", "not as many of NORMAL", with([](Json& j, Bytes&) { j["accessors"][1]["count"] = 2; })},
        {"sparse-past-its-end.glb", "sparse part", with([](Json& j, Bytes&) { j["accessors"][0] = sparse(j, 4); })},
        {"sparse-of-2-billion.glb", "sparse part", with([](Json& j, Bytes&) { j["accessors"][0] = sparse(j, 2147483647); })},
        {"sparse-out-of-range.glb", "out of order", with([](Json& j, Bytes& b) {
             j["accessors"][0] = sparse(j, 2);
             b[48 + 48 + 32 + 24 + 2] = 99;
         })},
        {"not-a-number.glb", "not finite", with([](Json&, Bytes& b) { put32(b, 0), set32(b, 4, 0x7fc00000); })},
        {"no-such-material.glb", "material 9, which does not exist",
         with([](Json& j, Bytes&) { j["meshes"][0]["primitives"][0]["material"] = 9; })},
        {"no-such-texture.glb", "texture 9, which does not exist",
         with([](Json& j, Bytes&) { j["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]["index"] = 9; })},
        {"no-such-variant.glb", "a variant names a material", with([](Json& j, Bytes&) {
             j["meshes"][0]["primitives"][0]["extensions"]["KHR_materials_variants"]["mappings"][0]["material"] = 1000;
         })},
    };
}

std::vector<File> scene_files() {
    return {
        {"nodes-in-a-circle.glb", "hangs below itself", with([](Json& j, Bytes&) { j["nodes"][2]["children"] = {0}; })},
        {"node-twice.glb", "in two places", with([](Json& j, Bytes&) {
             j["nodes"][0]["children"] = {1, 2, 1};
         })},
        {"no-such-node.glb", "which does not exist", with([](Json& j, Bytes&) {
             j["nodes"][0]["children"] = {1, 77};
         })},
        {"20000-nodes.glb", "more than 10000", with([](Json& j, Bytes&) {
             for (int i = 0; i < 20'000; ++i) j["nodes"].push_back({{"name", ""}});
         })},
        {"meshes-without-end.glb", "more than the", with([](Json& j, Bytes& b) {
             // One mesh of 12 000 triangles, shown by 9000 nodes.
             std::size_t from = b.size();
             for (int i = 0; i < 12'000; ++i) put<std::uint16_t>(b, {0, 1, 2});
             j["bufferViews"].push_back({{"buffer", 0}, {"byteOffset", from}, {"byteLength", b.size() - from}});
             j["buffers"][0]["byteLength"] = b.size();
             j["accessors"][3]["bufferView"] = 7;
             j["accessors"][3]["count"] = 36'000;
             for (int i = 0; i < 9000; ++i) {
                 j["nodes"].push_back({{"mesh", 0}});
                 j["nodes"][0]["children"].push_back(3 + i);
             }
         })},
        {"matrix-of-infinity.glb", "far out of range",
         with([](Json& j, Bytes&) { j["nodes"][1]["matrix"] = {1e300, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}; })},
        {"matrix-of-three.glb", "matrix is not one", with([](Json& j, Bytes&) {
             j["nodes"][1]["matrix"] = {1, 2, 3};
         })},
        {"rotation-of-nothing.glb", "rotation is not one", with([](Json& j, Bytes&) {
             j["nodes"][1]["rotation"] = {0, 0, 0, 0};
         })},
        {"as-large-as-the-moon.glb", "reaches further than", with([](Json& j, Bytes&) {
             j["nodes"][1]["scale"] = {3e6, 3e6, 3e6};
         })},
        {"picture-of-65535.glb", "65535 × 65535 px", with([](Json& j, Bytes& b) { claim_picture(j, b, 65535); })},
        {"picture-cut-off.glb", "image 0, which is a damaged PNG", with([](Json& j, Bytes&) { j["bufferViews"][6]["byteLength"] = 60; })},
        {"pictures-past-the-end.glb", "reaches past its buffer",
         with([](Json& j, Bytes&) { j["bufferViews"][6]["byteLength"] = 1 << 30; })},
        {"picture-of-nothing.glb", "damaged", with([](Json& j, Bytes&) {
             j["images"][0] = {{"uri", "data:image/png;base64,"}};
         })},
        {"1000-pictures.glb", "images, more than 256", with([](Json& j, Bytes&) {
             for (int i = 0; i < 1000; ++i) j["images"].push_back(j["images"][0]);
         })},
        {"compressed-by-draco.glb", "compressed with Draco",
         with([](Json& j, Bytes&) { j["extensionsRequired"] = {"KHR_draco_mesh_compression"}; })},
        {"compressed-by-meshopt.glb", "compressed with meshopt",
         with([](Json& j, Bytes&) { j["extensionsRequired"] = {"EXT_meshopt_compression"}; })},
        {"needs-what-nobody-knows.glb", "ACME_teleport", with([](Json& j, Bytes&) { j["extensionsRequired"] = {"ACME_teleport"}; })},
        {"nothing-to-show.glb", "shows nothing", with([](Json& j, Bytes&) { j["nodes"][1].erase("mesh"), j["nodes"][2].erase("mesh"); })},
        {"wrong-types.glb", "damaged", with([](Json& j, Bytes&) {
             j["accessors"] = {{{"count", "many"}}};
         })},
    };
}

}  // namespace

Bytes glb(std::string json, const Bytes& binary) {
    json.resize((json.size() + 3) & ~std::size_t{3}, ' ');
    const std::size_t data = (binary.size() + 3) & ~std::size_t{3};
    Bytes out{'g', 'l', 'T', 'F'};
    put32(out, 2);
    put32(out, static_cast<std::uint32_t>(12 + 8 + json.size() + (binary.empty() ? 0 : 8 + data)));
    put32(out, static_cast<std::uint32_t>(json.size()));
    put32(out, 0x4e4f534a);
    out.insert(out.end(), json.begin(), json.end());
    if (binary.empty()) return out;
    put32(out, static_cast<std::uint32_t>(data));
    put32(out, 0x004e4942);
    out.insert(out.end(), binary.begin(), binary.end());
    out.resize(out.size() + data - binary.size());
    return out;
}

Bytes sound_glb() {
    const Parts parts = sound();
    return glb(parts.json.dump(), parts.binary);
}

Bytes sound_gltf() {
    Parts parts = sound();
    parts.json["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64(parts.binary);
    parts.json["images"][0] = {{"uri", "data:image/png;base64," + base64(sound_png())}};
    const std::string text = parts.json.dump(1);
    return {text.begin(), text.end()};
}

const std::vector<File>& models() {
    static const std::vector<File> files = [] {
        std::vector<File> all = container_files();
        for (auto more : {reference_files(), scene_files()}) all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return files;
}

}  // namespace vitrine::hostile
