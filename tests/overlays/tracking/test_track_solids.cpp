// The whole way of a solid target on the track thread: begun by its marker, told by its edges when the marker is hidden, lost, found again.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "overlays/sim/moving_picture.h"
#include "overlays/sim/solid.h"
#include "overlays/tracking/marker_family.h"
#include "overlays/tracking/target_check.h"
#include "overlays/tracking/track_thread.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// The carton without its print, which would have to be packed as PNG.
ModelData plain_carton() {
    ModelData out = sim::make_carton();
    out.images.clear();
    for (auto& material : out.materials) material.base_texture.image = -1;
    for (auto& mesh : out.meshes) mesh.uvs.clear();
    return out;
}

/// As a file, gone with the object.
class ModelFile {
  public:
    explicit ModelFile(const ModelData& model, const std::string& name = "box")
        : path_(std::filesystem::temp_directory_path() / ("vitrine-" + name + "-" + std::to_string(::getpid()) + ".glb")) {
        std::string bytes;
        nlohmann::json gltf{{"asset", {{"version", "2.0"}}}, {"scene", 0}, {"scenes", {{{"nodes", {0}}}}}, {"nodes", {{{"mesh", 0}}}}};
        const auto add = [&](const auto& values, int type, const char* shape, std::size_t per, nlohmann::json bounds) {
            const std::size_t size = values.size() * sizeof(values[0]);
            gltf["bufferViews"].push_back({{"buffer", 0}, {"byteOffset", bytes.size()}, {"byteLength", size}});
            bounds.update(
                {{"bufferView", gltf["bufferViews"].size() - 1}, {"componentType", type}, {"type", shape}, {"count", values.size() / per}});
            gltf["accessors"].push_back(bounds);
            bytes.append(reinterpret_cast<const char*>(values.data()), size);
            return gltf["accessors"].size() - 1;
        };
        for (const auto& material : model.materials)
            gltf["materials"].push_back({{"pbrMetallicRoughness", {{"baseColorFactor", material.base_colour}, {"metallicFactor", 0}}}});
        for (const auto& mesh : model.meshes) {
            std::array<float, 3> least{1e9f, 1e9f, 1e9f}, greatest{-1e9f, -1e9f, -1e9f};
            for (std::size_t i = 0; i < mesh.positions.size(); ++i)
                least[i % 3] = std::min(least[i % 3], mesh.positions[i]), greatest[i % 3] = std::max(greatest[i % 3], mesh.positions[i]);
            const auto positions = add(mesh.positions, 5126, "VEC3", 3, {{"min", least}, {"max", greatest}});
            const auto normals = add(mesh.normals, 5126, "VEC3", 3, nlohmann::json::object());
            const auto indices = add(mesh.indices, 5125, "SCALAR", 1, nlohmann::json::object());
            gltf["meshes"][0]["primitives"].push_back(
                {{"attributes", {{"POSITION", positions}, {"NORMAL", normals}}}, {"indices", indices}, {"material", mesh.material}});
        }
        gltf["buffers"].push_back({{"byteLength", bytes.size()}});
        std::string json = gltf.dump();
        json.append((4 - json.size() % 4) % 4, ' ');
        const auto number = [](std::size_t n) {
            const auto value = static_cast<std::uint32_t>(n);
            std::string out(4, '\0');
            std::memcpy(out.data(), &value, 4);
            return out;
        };
        std::ofstream(path_, std::ios::binary) << "glTF" << number(2) << number(28 + json.size() + bytes.size()) << number(json.size())
                                               << "JSON" << json << number(bytes.size()) << std::string("BIN\0", 4) << bytes;
    }
    ~ModelFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    ModelFile(const ModelFile&) = delete;
    ModelFile& operator=(const ModelFile&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

constexpr int marker_id = 7, marker_mm = 40;
constexpr std::array<double, 2> marker_at{132, 10};  // on the table, beside the carton's front

void draw_marker(cv::Mat& luma, const Plane& plane) {
    constexpr int side = 160, rim = 24;
    cv::Mat print(side + 2 * rim, side + 2 * rim, CV_8U, cv::Scalar(235)), there, where;
    MarkerFamily::named("apriltag36h11")->draw(marker_id, side).copyTo(print(cv::Rect(rim, rim, side, side)));
    const double mm = double(marker_mm) / side;
    // Pixel centres of the print are at (i + 0.5) · mm.
    const cv::Matx33d to_mm(mm, 0, marker_at[0] + (0.5 - rim) * mm, 0, mm, marker_at[1] + (0.5 - rim) * mm, 0, 0, 1);
    const cv::Matx33d to_px = cv::Matx33d(plane.data()) * to_mm;
    cv::warpPerspective(print, there, to_px, luma.size(), cv::INTER_AREA);
    cv::warpPerspective(cv::Mat(print.size(), CV_8U, cv::Scalar(255)), where, to_px, luma.size(), cv::INTER_NEAREST);
    there.copyTo(luma, where);
}

struct Studio {
    ModelData model = plain_carton();
    ModelFile file{model};
    SolidTarget target = SolidTarget::by_front("box", model);
    sim::MovingPicture picture{[this] {
        sim::PictureScene scene;
        scene.solid = std::make_shared<sim::Solid>(model, target.placement);
        scene.width_mm = target.front[2], scene.height_mm = target.front[3];
        return scene;
    }()};

    FollowedTarget followed(bool with_marker) {
        target.model = file.path();
        FollowedTarget out(target);
        if (with_marker) out.marker = MarkerTarget{"apriltag36h11", marker_id, marker_mm}, out.marker_at = marker_at;
        return out;
    }
};

enum class Shown { with_marker, alone, covered };

}  // namespace

TEST_CASE("a product's marker begins what its edges go on with, and both end when it is covered", "[edges]") {
    Studio studio;
    TrackThread track({studio.followed(true)});
    REQUIRE(track.targets().size() == 1);
    track.open("bench", sim::MovingPicture::camera());
    cv::Mat luma;
    std::uint64_t n = 0;
    const auto time = [](std::uint64_t frame) { return 1'000'000'000 + static_cast<Nanoseconds>(frame) * 33'333'333; };
    const auto look = [&](Shown shown) {
        const auto truth = studio.picture.render(luma, n);
        if (shown == Shown::with_marker) draw_marker(luma, truth.plane);
        if (shown == Shown::covered) cv::rectangle(luma, cv::Rect(350, 100, 600, 520), cv::Scalar(90), cv::FILLED);
        ConstI420View view;
        view.y = luma.data, view.stride_y = static_cast<int>(luma.step), view.width = luma.cols, view.height = luma.rows;
        track.submit("bench", view, n, time(n));
        REQUIRE(track.wait_for("bench", n, 20'000'000'000));
        const auto out = track.at("bench", n, time(n));
        ++n;
        return out;
    };
    const auto truth = studio.picture.truth(0);
    const auto worst = [&](const CarriedTarget& seen) {
        double out = 0;
        const auto [x, y, w, h] = studio.target.front;
        const std::array<Point2, 4> outline{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
        for (std::size_t i = 0; i < 4; ++i) {
            const Point2 p = map_point(seen.plane, outline[i]).value_or(Point2{});
            out = std::max(out, std::hypot(p[0] - truth.corners[i][0], p[1] - truth.corners[i][1]));
        }
        return out;
    };
    for (int i = 0; i < 8; ++i) look(Shown::with_marker);
    // A second without the marker: what is told is no more carried.
    std::vector<CarriedTarget> seen;
    for (int i = 0; i < 30; ++i) seen = look(Shown::alone);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].visibility > 0.9f);
    CHECK(worst(seen[0]) < 1.5);
    REQUIRE(seen[0].pose);
    CHECK(seen[0].pose->tvec[2] == Approx(truth.pose.tvec[2]).epsilon(0.005));
    // Covered: it fades and goes.
    bool faded = false;
    for (int i = 0; i < 12; ++i) {
        seen = look(Shown::covered);
        faded = faded || (!seen.empty() && seen[0].visibility < 0.9f);
    }
    CHECK(faded);
    CHECK(seen.empty());
    // And comes back by itself within 200 ms.
    for (int i = 0; i < 6; ++i) seen = look(Shown::alone);
    REQUIRE(seen.size() == 1);
    CHECK(worst(seen[0]) < 1.5);
}

TEST_CASE("a model that cannot be followed is told of with a sentence, and its marker goes on", "[edges]") {
    Studio studio;
    FollowedTarget target = studio.followed(true);
    target.solid->model = "/no/such/model.glb";
    std::string why;
    TrackThread track({target}, [&](const std::string& product, Result<int> features) {
        if (!features) why = product + ": " + features.error().message;
    });
    track.open("bench", sim::MovingPicture::camera());
    cv::Mat luma;
    for (std::uint64_t n = 0; n < 3; ++n) {
        const auto truth = studio.picture.render(luma, n);
        draw_marker(luma, truth.plane);
        ConstI420View view;
        view.y = luma.data, view.stride_y = static_cast<int>(luma.step), view.width = luma.cols, view.height = luma.rows;
        track.submit("bench", view, n, static_cast<Nanoseconds>(n) * 33'333'333);
        REQUIRE(track.wait_for("bench", n, 20'000'000'000));
    }
    CHECK(track.at("bench", 2, 66'666'666).size() == 1);
    CHECK(why.find("box: ") == 0);
    CHECK(why.size() > 30);
}

TEST_CASE("a check names a model that a target cannot be followed by", "[edges]") {
    ModelData sheet = plain_carton();
    sheet.meshes.resize(1);  // two triangles are no solid
    const ModelFile good(plain_carton(), "good"), bad(sheet, "bad");
    ShowConfig show;
    for (const auto& file : {good.path(), bad.path()}) {
        ProductConfig product;
        product.id = "P" + std::to_string(show.products.size()), product.file = "/show/products/" + product.id + ".toml";
        product.model = file;
        product.target = TargetConfig{};
        product.target->model = true, product.target->width_mm = 120, product.target->height_mm = 80;
        show.products.push_back(product);
    }
    const auto problems = judge_targets(show);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].file == "products/P1.toml");
    CHECK(problems[0].key == "target.model");
    CHECK(problems[0].what.size() > 30);
    show.products[1].target->model = false;
    CHECK(judge_targets(show).empty());
}
