// The fixture files in tests/fixtures/scene_frames are written from this file (VITRINE_REWRITE_FIXTURES=1 test_engine
// "[scene_frame_fixtures]") and read by every reader of scene frames, this one and the buyer page's. What must be read is stated here by
// hand, not by the reader under test.

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/cbor.h"
#include "engine/scene_frame.h"
#include "test_places.h"
#include "tests/support/catch.h"

using namespace vitrine;
using nlohmann::json;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::filesystem::path folder = std::filesystem::path(VITRINE_SOURCE_DIR) / "tests/fixtures/scene_frames";

struct Fixture {
    std::string name;
    Bytes bytes;
    std::optional<SceneFrame> frame;  ///< nothing: must be refused
};

/// Bytes by hand: integers and texts become CBOR items, Bytes are put in as they are.
Bytes join(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}
Bytes item(std::int64_t value) {
    cbor::Writer w;
    w.integer(value);
    return w.take();
}
Bytes item(std::string_view text) {
    cbor::Writer w;
    w.text(text);
    return w.take();
}
Bytes float32(float value) {
    cbor::Writer w;
    w.float32(value);
    return w.take();
}
Bytes float64(double value) {
    Bytes bytes{0xfb};
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
    return bytes;
}
Bytes floats(std::initializer_list<float> values) {
    cbor::Writer w;
    w.array(values.size());
    for (const float v : values) w.float32(v);
    return w.take();
}
Bytes map(std::initializer_list<std::pair<Bytes, Bytes>> pairs) {
    cbor::Writer w;
    w.map(pairs.size());
    for (const auto& [key, value] : pairs) {
        w.raw(key);
        w.raw(value);
    }
    return w.take();
}
Bytes array(std::initializer_list<Bytes> elements) {
    cbor::Writer w;
    w.array(elements.size());
    for (const Bytes& e : elements) w.raw(e);
    return w.take();
}
/// `depth` lists in each other, the innermost empty.
Bytes nested(int depth) {
    Bytes bytes(static_cast<std::size_t>(depth - 1), 0x81);
    bytes.push_back(0x80);
    return bytes;
}

Anchor posed_anchor() {
    Anchor a;
    a.product = "LX-200";
    a.visibility = 0.875F;
    a.homography = {0.0021F, 0.0003F, 0.31F, -0.0002F, 0.0037F, 0.22F, 0.00001F, -0.00002F, 1};
    a.pose = {0.1F, -0.25F, 0.03F, -41.5F, 12.25F, 612.0F};
    a.intrinsics = {0.78F, 1.39F, 0.5F, 0.52F};
    return a;
}

SceneFrame basic(std::uint64_t number) {
    SceneFrame f;
    f.number = number;
    f.capture_utc_us = 1'760'000'000'123'456;
    f.state_version = 42;
    f.chapter = 3;
    return f;
}

std::vector<Fixture> good() {
    std::vector<Fixture> list;
    const auto written = [&](const std::string& name, const SceneFrame& frame) { list.push_back({name, to_cbor(frame), frame}); };

    written("empty", SceneFrame{});
    list.push_back({"all-defaults", {0xa0}, SceneFrame{}});
    {
        SceneFrame f;
        f.sources.resize(1), f.anchors.resize(1), f.values.resize(1);
        const Bytes one_empty_map = array({{0xa0}});
        list.push_back({"element-defaults", map({{item(5), one_empty_map}, {item(6), one_empty_map}, {item(7), one_empty_map}}), f});
    }
    {
        SceneFrame f = basic(7);
        f.sources = {{"bench", 1234, {0, 0, 1, 1}, 1}};
        f.anchors = {posed_anchor()};
        written("one-anchor-with-pose", f);
    }
    {
        SceneFrame f = basic(8);
        f.sources = {{"line", 99, {0, 0, 1, 1}, 0.25F}, {"bench", 100, {0.6875F, 0.0390625F, 0.28125F, 0.28125F}, 0.75F}};
        written("two-sources-fading", f);
    }
    {
        SceneFrame f = basic(9);
        for (int i = 0; i < 12; ++i) {
            Anchor a;
            a.product = "P-" + std::to_string(i);
            a.visibility = static_cast<float>(i + 1) / 16;
            a.homography = {0.001F, 0, static_cast<float>(i) / 12, 0, 0.002F, 0.5F, 0, 0, 1};
            f.anchors.push_back(a);
        }
        written("many-anchors", f);
    }
    {
        SceneFrame f = basic(10);
        f.values = {{"line3/press/cycle_time", 2.1, 0.5F}, {"count", 48211.0, 0}, {"offset", -17.0, 1.25F}, {"quarter", 0.25, 0},
                    {"state", "läuft ✓", 12.5F},           {"huge", 1e300, 0}};
        written("values", f);
    }
    {
        SceneFrame f = basic(11);
        f.sources = {{"演示台", 5, {0, 0, 1, 1}, 1}};
        Anchor a = posed_anchor();
        a.product = "筒灯-۲۰۰ مصباح";
        f.anchors = {a};
        f.values = {{"温度", "٤٢ درجة 🌡", 0}};
        written("chinese-and-arabic", f);
    }
    {
        SceneFrame f = basic(9007199254740991);
        f.capture_utc_us = -1;
        f.state_version = 4294967296;
        f.chapter = 2147483647;
        written("large-numbers", f);
    }
    {
        // Unknown keys of every kind: the deepest allowed nesting (8 with the frame's own map), byte strings, tags, simple values,
        // floats, text and negative keys, in the frame and in an anchor.
        SceneFrame f = basic(12);
        Anchor a;
        a.product = "LX-200";
        a.visibility = 1;
        f.anchors = {a};
        const Bytes anchor =
            map({{item(0), item("LX-200")}, {item(9), map({{item("deep"), nested(4)}})}, {item(1), float32(1)}, {item(-2), {0xf6}}});
        list.push_back({"unknown-keys",
                        map({{item(0), item(1)},
                             {item("later"), nested(7)},
                             {item(1), item(12)},
                             {item(2), item(f.capture_utc_us)},
                             {item(100), {0x44, 0xff, 0x00, 0xff, 0x00}},
                             {item(3), item(42)},
                             {item(-1), {0xc1, 0x1a, 0x65, 0x00, 0x00, 0x00}},
                             {item(4), item(3)},
                             {item(6), array({anchor})},
                             {item(8), array({{0xf4}, {0xf5}, {0xf7}, {0xf8, 0x20}, {0xf9, 0x3c, 0x00}, item("text")})},
                             {item(1000000), map({{float32(1.5F), item("odd key inside")}})}}),
                        f});
    }
    {
        // What another writer may do: integers longer than needed, floats as integers, half and double, keys in any order.
        SceneFrame f;
        f.number = 5;
        f.chapter = 1;
        f.sources = {{"a", 2, {0, 0.5F, 1, 0.25F}, 0.5F}};
        const Bytes rect = array({item(0), {0xf9, 0x38, 0x00}, item(1), float64(0.25)});
        const Bytes source =
            map({{item(3), {0xf9, 0x38, 0x00}}, {item(2), rect}, {item(1), {0x1b, 0, 0, 0, 0, 0, 0, 0, 2}}, {item(0), {0x78, 1, 'a'}}});
        list.push_back({"another-writer",
                        map({{item(5), array({source})}, {item(4), {0x18, 1}}, {{0x18, 0x01}, {0x19, 0, 5}}, {item(0), {0x18, 1}}}), f});
    }
    {
        // 40 anchors and 10 values do not fit: the values go, then the least visible anchors. Each anchor takes 1 (map) + 1 + 5 ("P-10")
        // + 1 + 5 (visibility) + 1 + 46 (homography) = 60 bytes, so 16 fit in 1024 - 23.
        SceneFrame all = basic(13);
        for (int i = 0; i < 40; ++i) {
            Anchor a;
            a.product = "P-" + std::to_string(10 + i);
            a.visibility = static_cast<float>((i * 7) % 40 + 1) / 64;
            a.homography = {0.001F, 0, static_cast<float>(i) / 40, 0, 0.002F, 0.5F, 0, 0, 1};
            all.anchors.push_back(a);
        }
        for (int i = 0; i < 10; ++i) all.values.push_back({"v" + std::to_string(i), i + 0.5, 0});
        SceneFrame kept = all;
        kept.values.clear();
        std::erase_if(kept.anchors, [](const Anchor& a) { return a.visibility <= 24.0F / 64; });
        list.push_back({"cut-at-the-limit", to_cbor(all), kept});
    }
    {
        // Exactly as many bytes as are allowed: an unknown key holds the rest.
        SceneFrame f;
        f.number = 1;
        Bytes bytes = join({{0xa2}, item(1), item(1), item(99), {0x59}});
        const std::size_t rest = scene_frame_limit - bytes.size() - 2;
        bytes.push_back(static_cast<std::uint8_t>(rest >> 8)), bytes.push_back(static_cast<std::uint8_t>(rest));
        bytes.resize(scene_frame_limit, 0x5a);
        list.push_back({"as-long-as-allowed", bytes, f});
    }
    return list;
}

std::vector<Fixture> damaged() {
    SceneFrame whole = basic(7);
    whole.anchors = {posed_anchor()};
    const Bytes fine = to_cbor(whole);
    const auto with = [](std::int64_t key, const Bytes& value) { return map({{item(0), item(1)}, {item(key), value}}); };
    const auto source = [&](std::int64_t key, const Bytes& value) { return with(5, array({map({{item(key), value}})})); };
    const auto anchor = [&](std::int64_t key, const Bytes& value) { return with(6, array({map({{item(key), value}})})); };
    const auto value = [&](std::int64_t key, const Bytes& v) { return with(7, array({map({{item(key), v}})})); };

    std::vector<Fixture> list;
    const auto add = [&](const std::string& name, const Bytes& bytes) { list.push_back({"bad-" + name, bytes, std::nullopt}); };
    add("nothing", {});
    add("cut-short", Bytes(fine.begin(), fine.end() - 1));
    add("cut-in-the-middle", Bytes(fine.begin(), fine.begin() + static_cast<std::ptrdiff_t>(fine.size() / 2)));
    add("trailing-byte", join({fine, {0x00}}));
    add("one-byte-too-long", [] {
        Bytes bytes = join({{0xa2}, item(1), item(1), item(99), {0x59}});
        const std::size_t rest = scene_frame_limit + 1 - bytes.size() - 2;
        bytes.push_back(static_cast<std::uint8_t>(rest >> 8)), bytes.push_back(static_cast<std::uint8_t>(rest));
        bytes.resize(scene_frame_limit + 1, 0x5a);
        return bytes;
    }());
    add("not-a-map", array({item(1), item(2)}));
    add("json-text", [] {
        const std::string text = R"({"number":1})";
        return Bytes(text.begin(), text.end());
    }());
    add("newer-format", map({{item(0), item(2)}, {item(1), item(7)}}));
    add("duplicate-key", map({{item(0), item(1)}, {item(1), item(7)}, {item(1), item(8)}}));
    add("duplicate-key-written-longer", map({{item(1), item(7)}, {{0x18, 0x01}, item(8)}}));
    add("duplicate-unknown-key", map({{item(50), item(7)}, {item(50), item(8)}}));
    add("list-as-key", map({{array({}), item(7)}}));
    add("number-is-text", with(1, item("7")));
    add("number-is-negative", with(1, item(-7)));
    add("number-is-a-float", with(1, float32(7)));
    add("chapter-too-large", with(4, item(2147483648)));
    add("anchors-are-a-map", with(6, map({})));
    add("nan", anchor(1, float32(std::numeric_limits<float>::quiet_NaN())));
    add("half-infinity", source(2, array({{0xf9, 0x7c, 0x00}, item(0), item(1), item(1)})));
    add("double-beyond-float", source(2, array({float64(1e39), item(0), item(1), item(1)})));
    add("value-is-infinite", value(1, float64(-std::numeric_limits<double>::infinity())));
    add("negative-width", source(2, floats({0, 0, -0.5F, 1})));
    add("opacity-above-one", source(3, float32(1.5F)));
    add("visibility-below-zero", anchor(1, float32(-0.25F)));
    add("focal-length-zero", anchor(4, floats({0, 1, 0.5F, 0.5F})));
    add("negative-age", value(2, float32(-1)));
    add("homography-of-eight", anchor(2, floats({1, 0, 0, 0, 1, 0, 0, 0})));
    add("homography-of-ten", anchor(2, floats({1, 0, 0, 0, 1, 0, 0, 0, 1, 1})));
    add("pose-of-null", anchor(3, {0xf6}));
    add("utf8-stray-byte", anchor(0, {0x63, 'a', 0xff, 'b'}));
    add("utf8-overlong", anchor(0, {0x62, 0xc0, 0xaf}));
    add("utf8-surrogate", anchor(0, {0x63, 0xed, 0xa0, 0x80}));
    add("utf8-cut-in-unknown-key", with(99, {0x62, 0xe6, 0xbc}));
    add("too-deep", with(99, nested(8)));
    add("too-deep-by-tags", with(99, Bytes{0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0x00}));
    add("nested-junk", with(99, Bytes(900, 0x81)));
    add("indefinite-map", {0xbf, 0x00, 0x01, 0xff});
    add("indefinite-text", anchor(0, {0x7f, 0x61, 'a', 0xff}));
    add("lone-break", with(99, {0xff}));
    add("reserved-length", with(1, {0x1c}));
    add("lying-list", join({{0xa1, 0x06, 0x9b}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}));
    add("lying-unknown-map", join({{0xa1, 0x18, 99, 0xbb}, {0x80, 0, 0, 0, 0, 0, 0, 1}, {0x00, 0x00}}));
    add("lying-text", anchor(0, {0x7a, 0x7f, 0xff, 0xff, 0xff, 'a'}));
    add("too-many-anchors", with(6, [] {
            Bytes bytes{0x98, 65};
            bytes.resize(2 + 65, 0xa0);
            return bytes;
        }()));
    add("too-many-keys", [] {
        cbor::Writer w;
        w.map(65);
        for (int i = 0; i < 65; ++i) w.integer(100 + i), w.integer(0);
        return w.take();
    }());
    return list;
}

template <std::size_t N>
json as_json(const std::optional<std::array<float, N>>& numbers) {
    return numbers ? json(*numbers) : json(nullptr);
}

json as_json(const Anchor& a) {
    return {{"product", a.product},
            {"visibility", a.visibility},
            {"homography", a.homography},
            {"pose", as_json<6>(a.pose)},
            {"intrinsics", as_json<4>(a.intrinsics)}};
}

json as_json(const SceneFrame& f) {
    json out{{"number", f.number},       {"capture", f.capture_utc_us}, {"state", f.state_version}, {"chapter", f.chapter},
             {"sources", json::array()}, {"anchors", json::array()},    {"values", json::array()}};
    for (const auto& s : f.sources) {
        out["sources"].push_back({{"camera", s.camera}, {"sequence", s.sequence}, {"rect", s.rect}, {"opacity", s.opacity}});
    }
    for (const auto& a : f.anchors) out["anchors"].push_back(as_json(a));
    for (const auto& v : f.values) {
        json value;
        std::visit([&](const auto& held) { value = held; }, v.value);
        out["values"].push_back({{"key", v.key}, {"value", value}, {"age", v.age_s}});
    }
    return out;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& content) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    REQUIRE(file.good());
}

bool rewriting() { return std::getenv("VITRINE_REWRITE_FIXTURES") != nullptr; }

// Projection: what is expected comes from the matrix exponential of the turn, summed as a series, not from Rodrigues' formula.

using Matrix = std::array<double, 9>;

Matrix times(const Matrix& a, const Matrix& b) {
    Matrix out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k) out[3 * i + j] += a[3 * i + k] * b[3 * k + j];
    return out;
}

Matrix rotation(const std::array<float, 6>& pose) {
    const double x = pose[0], y = pose[1], z = pose[2];
    const Matrix skew{0, -z, y, z, 0, -x, -y, x, 0};
    Matrix sum{1, 0, 0, 0, 1, 0, 0, 0, 1};
    Matrix term = sum;
    for (int n = 1; n < 60; ++n) {
        term = times(term, skew);
        for (double& t : term) t /= n;
        for (std::size_t i = 0; i < 9; ++i) sum[i] += term[i];
    }
    return sum;
}

json expected_projection(const Anchor& a, const std::array<double, 3>& p) {
    std::array<double, 3> at{};
    if (a.pose && a.intrinsics) {
        const Matrix r = rotation(*a.pose);
        for (std::size_t i = 0; i < 3; ++i) at[i] = r[3 * i] * p[0] + r[3 * i + 1] * p[1] - r[3 * i + 2] * p[2] + (*a.pose)[3 + i];
        if (at[2] <= 0) return nullptr;
        return {(*a.intrinsics)[0] * at[0] / at[2] + (*a.intrinsics)[2], (*a.intrinsics)[1] * at[1] / at[2] + (*a.intrinsics)[3]};
    }
    const auto& h = a.homography;
    for (std::size_t i = 0; i < 3; ++i) at[i] = h[3 * i] * p[0] + h[3 * i + 1] * p[1] + h[3 * i + 2];
    if (at[2] * h[8] <= 0) return nullptr;
    return {at[0] / at[2], at[1] / at[2]};
}

json projections() {
    const auto posed = [](std::array<float, 3> r, std::array<float, 3> t) {
        Anchor a = posed_anchor();
        a.pose = {r[0], r[1], r[2], t[0], t[1], t[2]};
        return a;
    };
    Anchor flat;
    flat.product = "LX-200", flat.visibility = 1, flat.homography = {0.002F, 0, 0.25F, 0, 0.004F, 0.125F, 0, 0, 1};
    Anchor tilted = flat;
    tilted.homography = {0.0021F, 0.0003F, 0.31F, -0.0002F, 0.0037F, 0.22F, 0.001F, -0.002F, 1};
    Anchor negative = tilted;
    for (float& h : negative.homography) h *= -3;
    Anchor pose_alone = flat;
    pose_alone.pose = {0.1F, 0.2F, 0.3F, 1, 2, 300};
    Anchor intrinsics_alone = flat;
    intrinsics_alone.intrinsics = {1, 1, 0.5F, 0.5F};

    const std::vector<std::pair<std::string, Anchor>> anchors{
        {"homography, affine", flat},
        {"homography, tilted", tilted},
        {"homography, the same times -3", negative},
        {"pose without intrinsics: homography", pose_alone},
        {"intrinsics without pose: homography", intrinsics_alone},
        {"pose, facing the camera", posed({0, 0, 0}, {-60, -35, 500})},
        {"pose, turned about all axes", posed({0.4F, -0.7F, 0.2F}, {-41.5F, 12.25F, 612})},
        {"pose, hardly turned", posed({1e-9F, -2e-9F, 1e-9F}, {10, 20, 400})},
        {"pose, turned by nearly pi", posed({3.1415F, 0.001F, 0.002F}, {5, 6, 450})},
        {"pose, turned by more than pi", posed({0, 4.5F, 0.5F}, {5, 6, 450})},
        {"pose, half behind the camera", posed({0, 1.5F, 0}, {0, 0, 20})},
        {"pose, behind the camera", posed({0, 0, 0}, {0, 0, -500})},
    };
    json cases = json::array();
    for (const auto& [name, anchor] : anchors) {
        json points = json::array();
        for (const std::array<double, 3>& p : {std::array<double, 3>{0, 0, 0},
                                               {120, 0, 0},
                                               {60, 35, 0},
                                               {0, 70, -15},
                                               {-900, 900, 3},
                                               {33.25, 41.5, 25},
                                               {120, 70, 20},
                                               {120, 70, -20}}) {
            points.push_back({{"point", p}, {"expected", expected_projection(anchor, p)}});
        }
        cases.push_back({{"name", name}, {"anchor", as_json(anchor)}, {"points", points}});
    }
    return {{"cases", cases}};
}

}  // namespace

TEST_CASE("scene frame fixtures are what this file says", "[scene_frame][scene_frame_fixtures]") {
    std::vector<Fixture> all = good();
    for (Fixture& bad : damaged()) all.push_back(std::move(bad));
    for (const Fixture& fixture : all) {
        CAPTURE(fixture.name);
        const std::string bytes(fixture.bytes.begin(), fixture.bytes.end());
        const json content = fixture.frame ? as_json(*fixture.frame) : json{{"error", true}};
        if (rewriting()) {
            write_file(folder / (fixture.name + ".cbor"), bytes);
            write_file(folder / (fixture.name + ".json"), content.dump(1) + "\n");
        }
        CHECK(read_file(folder / (fixture.name + ".cbor")) == bytes);
        CHECK(json::parse(read_file(folder / (fixture.name + ".json"))) == content);
    }
    if (rewriting()) write_file(folder / "projection.json", projections().dump(1) + "\n");
}

TEST_CASE("every scene frame fixture is read or refused as its JSON says", "[scene_frame][scene_frame_fixtures]") {
    int read = 0, refused = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".cbor") continue;
        CAPTURE(entry.path().filename().string());
        const std::string bytes = read_file(entry.path());
        std::filesystem::path beside = entry.path();
        const json expected = json::parse(read_file(beside.replace_extension(".json")));
        const auto frame = scene_frame_from_cbor({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        if (expected.contains("error")) {
            ++refused;
            REQUIRE_FALSE(frame.has_value());
            CHECK(frame.error().kind == ErrorKind::bad_input);
            CHECK(frame.error().message.starts_with("not a scene frame: "));
        } else {
            ++read;
            INFO((frame ? "" : frame.error().message));
            REQUIRE(frame.has_value());
            CHECK(as_json(*frame) == expected);
        }
    }
    CHECK(read == static_cast<int>(good().size()));
    CHECK(refused == static_cast<int>(damaged().size()));
}

TEST_CASE("a point towards the camera is drawn further from the middle", "[scene_frame]") {
    Anchor facing = posed_anchor();
    facing.pose = {0, 0, 0, -60, -35, 500};  // seen straight on, its middle on the optical axis
    facing.intrinsics = {0.86F, 1.53F, 0.5F, 0.5F};
    const auto from_middle = [&](double z) {
        const auto at = project(facing, {120, 70, z});
        REQUIRE(at.has_value());
        return std::hypot((*at)[0] - 0.5, (*at)[1] - 0.5);
    };
    CHECK(from_middle(20) == Approx(from_middle(0) * 500 / 480).epsilon(1e-6));
    CHECK(from_middle(-20) == Approx(from_middle(0) * 500 / 520).epsilon(1e-6));
    // In front of a camera 500 mm away a post of 499 mm still ends before it, one of 501 mm behind it.
    CHECK(project(facing, {60, 35, 499}).has_value());
    CHECK_FALSE(project(facing, {60, 35, 501}).has_value());
}

TEST_CASE("project agrees with the projection fixture", "[scene_frame][scene_frame_fixtures]") {
    const json file = json::parse(read_file(folder / "projection.json"));
    int drawn = 0, behind = 0;
    for (const json& c : file.at("cases")) {
        Anchor anchor;
        anchor.homography = c.at("anchor").at("homography").get<std::array<float, 9>>();
        if (const json& pose = c.at("anchor").at("pose"); !pose.is_null()) anchor.pose = pose.get<std::array<float, 6>>();
        if (const json& k = c.at("anchor").at("intrinsics"); !k.is_null()) anchor.intrinsics = k.get<std::array<float, 4>>();
        for (const json& point : c.at("points")) {
            CAPTURE(c.at("name"), point);
            const auto at = project(anchor, point.at("point").get<std::array<double, 3>>());
            if (point.at("expected").is_null()) {
                ++behind;
                CHECK_FALSE(at.has_value());
            } else {
                ++drawn;
                REQUIRE(at.has_value());
                CHECK((*at)[0] == Approx(point.at("expected")[0].get<double>()).margin(1e-9).epsilon(1e-9));
                CHECK((*at)[1] == Approx(point.at("expected")[1].get<double>()).margin(1e-9).epsilon(1e-9));
            }
        }
    }
    CHECK(drawn >= 40);
    CHECK(behind >= 8);
}
