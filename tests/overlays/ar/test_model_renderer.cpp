#include "overlays/ar/model_renderer.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "overlays/ar/studio.h"
#include "tests/overlays/ar/sample_models.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::ar_test;

namespace {

constexpr ModelLook plain{-1, 0, false, {}, 0};

cv::Mat silhouette(const ModelPicture& picture) {
    cv::Mat out(height, width, CV_8UC1);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) out.at<std::uint8_t>(y, x) = pixel(picture, x, y)[3] > 127 ? 255 : 0;
    return out;
}

double overlap(const cv::Mat& a, const cv::Mat& b) { return double(cv::countNonZero(a & b)) / std::max(1, cv::countNonZero(a | b)); }

/// The convex hull of the box's corners as project() places them; of pixels those whose middle lies inside.
cv::Mat box_truth(const Anchor& anchor, const ModelPlacement& placement, std::array<float, 3> least, std::array<float, 3> greatest) {
    std::vector<cv::Point2f> corners, hull;
    for (unsigned corner = 0; corner < 8; ++corner) {
        std::array<double, 3> p;
        for (std::size_t k = 0; k < 3; ++k) p[k] = corner >> k & 1 ? greatest[k] : least[k];
        const auto at = project(anchor, transform(model_to_target(placement), p)).value();
        corners.emplace_back(float(at[0] * width - 0.5), float(at[1] * height - 0.5));
    }
    cv::convexHull(corners, hull);
    cv::Mat out = cv::Mat::zeros(height, width, CV_8UC1);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            if (cv::pointPolygonTest(hull, cv::Point2f(float(x), float(y)), false) >= 0) out.at<std::uint8_t>(y, x) = 255;
    return out;
}

double neutral_and_encoded(std::array<double, 3> c, int channel) {
    const double least = std::min({c[0], c[1], c[2]}), offset = least < 0.08 ? least - 6.25 * least * least : 0.04;
    for (double& v : c) v -= offset;
    const double peak = std::max({c[0], c[1], c[2]}), start = 0.76;
    if (peak >= start) {
        const double pressed = 1 - (1 - start) * (1 - start) / (peak + 1 - 2 * start), keep = 1 / (0.15 * (peak - pressed) + 1);
        for (double& v : c) v = pressed + (v * pressed / peak - pressed) * keep;
    }
    const double v = c[static_cast<std::size_t>(channel)];
    return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
}

}  // namespace

TEST_CASE("a box covers the pixels that project() gives it", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.8F, 0.8F}));
    const std::array<float, 3> least{-0.03F, -0.02F, 0}, greatest{0.03F, 0.02F, 0.05F};
    add_box(model, least, greatest, 0);
    model = finished(model);
    for (const auto& [x, y, distance] : {std::array{0.0, 0.0, 300.0}, {40, 30, 260}, {-55, 20, 400}, {20, -70, 200}}) {
        const Anchor anchor = looked_at(x, y, distance);
        ModelView view = view_of(anchor);
        view.placement.turn_deg = {10, 20, 30};
        CAPTURE(x, y, distance);
        for (const RenderQuality quality : {RenderQuality{4, 1}, RenderQuality{1, 1}})
            CHECK(overlap(silhouette(rendered(model, view, plain, quality)), box_truth(anchor, view.placement, least, greatest)) > 0.985);
        CHECK(overlap(silhouette(rendered(model, view, plain, {1, 2})), box_truth(anchor, view.placement, least, greatest)) > 0.96);
    }
}

TEST_CASE("a sphere's outline is that of the rays which meet it", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.8F, 0.8F}));
    add_sphere(model, 0.035F, 0);
    const Anchor anchor = looked_at(30, 50, 250);
    const ModelView view = view_of(anchor);
    const auto middle = transform(*target_to_camera(anchor), {50, 50, 0});
    cv::Mat truth = cv::Mat::zeros(height, width, CV_8UC1);
    const auto& k = *anchor.intrinsics;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double dx = ((x + 0.5) / width - k[2]) / k[0], dy = ((y + 0.5) / height - k[3]) / k[1];
            const double along = (dx * middle[0] + dy * middle[1] + middle[2]) / (dx * dx + dy * dy + 1);
            const double away = std::hypot(dx * along - middle[0], dy * along - middle[1], along - middle[2]);
            if (away <= 35) truth.at<std::uint8_t>(y, x) = 255;
        }
    CHECK(overlap(silhouette(rendered(finished(model), view)), truth) > 0.985);
}

TEST_CASE("the light of a surface is that of the split sum, whatever its material", "[ar]") {
    if (!renderer()) return;
    const ModelView view = view_of(looked_at(0, 0, 300));
    const auto irradiance = studio_irradiance();
    const PrefilteredStudio mirrored = prefilter_studio(128, 6);
    const auto table = split_sum_table(64);
    ModelMaterial glow = paint({0, 0, 0});
    glow.emissive = {0.5F, 0.25F, 0.1F};
    for (const ModelMaterial& material :
         {paint({0.7F, 0.3F, 0.1F}), paint({0.9F, 0.6F, 0.3F}, 1, 1), paint({0.2F, 0.2F, 0.25F}, 0, 0.4F), glow}) {
        const ModelPicture picture = rendered(square(material), view);
        const auto got = pixel(picture, width / 2, height / 2);
        CHECK(got[3] == 255);
        // Looked at along its normal, which is the eye's z.
        const auto& level = mirrored.levels[static_cast<std::size_t>(std::lround(material.roughness * 5))];
        const auto at_middle = [&](std::size_t c) {  // of the face, where four texels meet
            double sum = 0;
            for (const int row : {level.size / 2 - 1, level.size / 2})
                for (const int column : {level.size / 2 - 1, level.size / 2})
                    sum += level.faces[4][3 * static_cast<std::size_t>(row * level.size + column) + c] / 4;
            return sum;
        };
        const std::size_t row = static_cast<std::size_t>(std::min(63.0F, material.roughness * 64));
        const double scale = table[2 * (row * 64 + 63)], bias = table[2 * (row * 64 + 63) + 1];
        std::array<double, 3> light;
        for (std::size_t c = 0; c < 3; ++c) {
            const double base = material.base_colour[c], f0 = 0.04 + (base - 0.04) * material.metallic;
            const double single = f0 * scale + bias, lost = 1 - scale - bias, mean = f0 + (1 - f0) / 21;
            const double many = single * mean / (1 - lost * mean) * lost;
            const double lit = irradiance[0][c] + irradiance[2][c] + 2 * irradiance[6][c];
            light[c] = at_middle(c) * single + lit * (many + base * (1 - material.metallic) * (1 - single - many)) + material.emissive[c];
        }
        for (int c = 0; c < 3; ++c) {
            CAPTURE(material.base_colour[0], material.metallic, c, got[static_cast<std::size_t>(c)]);
            CHECK(std::abs(got[static_cast<std::size_t>(c)] - neutral_and_encoded(light, c)) < 3);
        }
    }
}

TEST_CASE("a blended material lets the picture through, premultiplied", "[ar]") {
    if (!renderer()) return;
    ModelMaterial glass = paint({1, 1, 1});
    glass.blended = true;
    glass.base_colour[3] = 0.5F;
    const auto got = pixel(rendered(square(glass), view_of(looked_at(0, 0, 300))), width / 2, height / 2);
    CHECK(std::abs(got[3] - 128) <= 1);
    CHECK(got[0] <= got[3]);
    ModelMaterial cut = paint({1, 1, 1});
    cut.base_colour[3] = 0.4F;
    cut.alpha_cutoff = 0.5F;
    CHECK(pixel(rendered(square(cut), view_of(looked_at(0, 0, 300))), width / 2, height / 2)[3] == 0);
}

TEST_CASE("textures are laid on by the model's uv, sRGB-decoded, first row on top", "[ar]") {
    if (!renderer()) return;
    ModelMaterial material = paint({0, 0, 0}, 0, 1);
    material.base_colour = {1, 1, 1, 1};
    material.base_texture.image = 0;
    ModelData model = square(material);
    model.images.push_back({2, 2, {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255}});
    model.meshes[0].uvs = {0, 1, 1, 1, 1, 0, 0, 0};
    const ModelPicture picture = rendered(model, view_of(looked_at(0, 0, 200)));
    const int off = 40;
    const auto top_left = pixel(picture, width / 2 - off, height / 2 - off), top_right = pixel(picture, width / 2 + off, height / 2 - off);
    const auto low_left = pixel(picture, width / 2 - off, height / 2 + off);
    CHECK(top_left[0] > top_left[1] + 80);
    CHECK(top_right[1] > top_right[0] + 80);
    CHECK(low_left[2] > low_left[0] + 80);
}

TEST_CASE("a variant changes the colour and nothing else", "[ar]") {
    if (!renderer()) return;
    ModelData model = square(paint({0.8F, 0.1F, 0.1F}));
    model.materials.push_back(paint({0.1F, 0.1F, 0.8F}));
    model.variants = {"red", "blue"};
    model.meshes[0].variant_materials = {-1, 1};
    const ModelView view = view_of(looked_at(20, 20, 300));
    const ModelPicture modelled = rendered(model, view), red = rendered(model, view, {0, 0, false, {}, 0}),
                       blue = rendered(model, view, {1, 0, false, {}, 0});
    CHECK(red.rgba == modelled.rgba);
    CHECK(pixel(blue, width / 2, height / 2)[2] > pixel(blue, width / 2, height / 2)[0] + 80);
    CHECK(overlap(silhouette(red), silhouette(blue)) == 1.0);
}

TEST_CASE("parts come apart along their ways, in proportion", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.8F, 0.8F}));
    const std::array<float, 3> least{-0.01F, -0.01F, 0}, greatest{0.01F, 0.01F, 0.02F};
    add_box(model, least, greatest, 0, {0.04F, 0, 0});
    model = finished(model);
    const Anchor anchor = looked_at(0, 0, 300);
    const ModelView view = view_of(anchor);
    for (const float amount : {0.0F, 0.25F, 1.0F}) {
        auto moved_least = least, moved_greatest = greatest;
        moved_least[0] += 0.04F * amount;
        moved_greatest[0] += 0.04F * amount;
        CAPTURE(amount);
        CHECK(overlap(silhouette(rendered(model, view, {-1, amount, false, {}, 0})),
                      box_truth(anchor, view.placement, moved_least, moved_greatest)) > 0.97);
    }
}

TEST_CASE("an X-ray shows what lies inside; a section cuts, and caps solids", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.8F, 0.8F}));
    ModelMaterial red = paint({0.02F, 0.01F, 0.01F});
    red.emissive = {0.8F, 0, 0};
    model.materials.push_back(red);
    add_box(model, {-0.03F, -0.03F, 0}, {0.03F, 0.03F, 0.06F}, 0);
    add_box(model, {-0.01F, -0.01F, 0.02F}, {0.01F, 0.01F, 0.04F}, 1);
    model = finished(model);
    const auto shapes = shape_of(model);
    CHECK(shapes[0].solid);
    CHECK(shapes[1].solid);
    CHECK_FALSE(shapes[0].inner);
    CHECK(shapes[1].inner);

    const ModelView front = view_of(looked_at(0, 0, 300));
    const auto is_red = [](const std::array<int, 4>& p) { return p[0] > p[1] + 80; };
    CHECK_FALSE(is_red(pixel(rendered(model, front), width / 2, height / 2)));
    const ModelPicture seen = rendered(model, front, {-1, 0, true, {}, 0});
    CHECK(is_red(pixel(seen, width / 2, height / 2)));
    CHECK(pixel(seen, width / 2, height / 2)[3] == 255);
    const int off_core = pixel(seen, width / 2 + 30, height / 2)[3];
    CHECK(off_core > 0);
    CHECK(off_core < 128);

    // From the right: the cut at the middle of x shows the inner box in section, with the outer one's cap round it.
    const Anchor side = looked_at(0, 60, 300);
    const ModelPicture cut = rendered(model, view_of(side), {-1, 0, false, 0.5F, 0});
    const auto at = [&](double y_mm, double z_mm) {
        const auto p = project(side, {50, 50 + y_mm, z_mm}).value();
        return pixel(cut, int(p[0] * width), int(p[1] * height));
    };
    const auto is_cap = [](const std::array<int, 4>& p) { return p[3] == 255 && p[1] > p[0] + 20 && std::abs(p[1] - p[2]) < 40; };
    CHECK(is_cap(at(20, 30)));  // solid wall of the outer box
    CHECK(is_cap(at(-20, 50)));
    CHECK(is_cap(at(0, 30)));  // the inner one is a solid too, and its cap lies in the same plane
    CHECK(rendered(model, front, {-1, 0, false, 1.0F, 0}).rgba == rendered(model, front).rgba);
    const cv::Mat half = silhouette(rendered(model, front, {-1, 0, false, 0.5F, 0})), whole = silhouette(rendered(model, front));
    CHECK(std::abs(double(cv::countNonZero(half)) / cv::countNonZero(whole) - 0.5) < 0.1);
    CHECK(cv::countNonZero(silhouette(rendered(model, front, {-1, 0, false, 0.0F, 0}))) == 0);

    // An open part has no inside to cap.
    ModelData open = model;
    open.meshes[0].indices.resize(open.meshes[0].indices.size() - 6);
    CHECK_FALSE(shape_of(open)[0].solid);
}

TEST_CASE("the shadow lies on the target's plane, dark where the model touches it, and only with a model that stands there", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.8F, 0.8F}));
    add_box(model, {-0.02F, -0.02F, 0}, {0.02F, 0.02F, 0.02F}, 0);
    model = finished(model);
    ModelView view = view_of(looked_at(30, 0, 300));
    const ModelPicture with = rendered(model, view, {-1, 0, false, {}, 1}), without = rendered(model, view);
    const auto beside = project(looked_at(30, 0, 300), {50 + 22, 50, 0}).value(),
               away = project(looked_at(30, 0, 300), {50 + 24.5, 50, 0}).value();
    const auto near = pixel(with, int(beside[0] * width), int(beside[1] * height));
    CHECK(near[3] > 30);
    CHECK(near[0] == 0);
    CHECK(pixel(with, int(away[0] * width), int(away[1] * height))[3] < near[3]);
    CHECK(pixel(without, int(beside[0] * width), int(beside[1] * height))[3] == 0);
    view.placement.at_mm[2] = 60;
    const ModelPicture floating = rendered(model, view, {-1, 0, false, {}, 1});
    CHECK(pixel(floating, int(beside[0] * width), int(beside[1] * height))[3] < near[3] / 2);
}

TEST_CASE("a part of the picture holds the same pixels as the whole", "[ar]") {
    if (!renderer()) return;
    ModelData model;
    model.materials.push_back(paint({0.8F, 0.5F, 0.2F}, 1, 0.3F));
    add_sphere(model, 0.03F, 0);
    model = finished(model);
    ModelView view = view_of(looked_at(10, 10, 250));
    const ModelPicture whole = rendered(model, view);
    view.within = {width / 2, height / 2 - 10, 100, 50};
    const ModelPicture part = rendered(model, view);
    CHECK(part.rect.x >= view.within.x);
    CHECK(part.rect.y + part.rect.height <= view.within.y + view.within.height);
    int worst = 0;
    for (int y = part.rect.y; y < part.rect.y + part.rect.height; ++y)
        for (int x = part.rect.x; x < part.rect.x + part.rect.width; ++x)
            for (std::size_t c = 0; c < 4; ++c) worst = std::max(worst, std::abs(pixel(part, x, y)[c] - pixel(whole, x, y)[c]));
    CHECK(worst <= 3);
}

TEST_CASE("what cannot be seen costs nothing, what cannot be held is refused, and the next picture is fine", "[ar]") {
    if (!renderer()) return;
    ModelData model = square(paint({0.8F, 0.8F, 0.8F}));
    ModelView view = view_of(looked_at(0, 0, 300));
    ModelView behind = view;
    behind.camera.target_to_camera[14] = -300;
    CHECK(rendered(model, behind).rect.empty());
    ModelView aside = view;
    aside.camera.target_to_camera[12] = 5000;
    CHECK(rendered(model, aside).rect.empty());
    ModelData box;
    box.materials.push_back(paint({1, 1, 1}));
    add_box(box, {-0.5F, -0.5F, -0.5F}, {0.5F, 0.5F, 0.5F}, 0);
    ModelView inside = view;
    inside.camera.target_to_camera[14] = 10;  // the camera stands in it: the whole picture may be touched
    CHECK(rendered(finished(box), inside).rect == PixelRect{0, 0, width, height});

    ModelPicture out;
    CHECK(renderer()->render("nobody", view, plain, {}, out).error().kind == ErrorKind::bad_input);
    ModelData wide = model;
    wide.materials[0].base_texture.image = 0;
    wide.images.push_back({70000, 1, std::vector<std::uint8_t>(280000)});
    const auto refused = renderer()->load("wide", wide);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("70000 × 1 px") != std::string::npos);
    ModelView vast = view;
    vast.width = 100'000;
    CHECK_FALSE(renderer()->render("model", vast, plain, {}, out).has_value());
    CHECK(pixel(rendered(model, view), width / 2, height / 2)[3] == 255);
}
