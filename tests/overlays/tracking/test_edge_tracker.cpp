#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "overlays/models/model_reader.h"
#include "overlays/sim/solid.h"
#include "overlays/tracking/edge_tracker.h"
#include "overlays/tracking/planar_bench.h"
#include "test_places.h"
#include "tests/support/catch.h"

using namespace vitrine;
using sim::PictureMotion;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool slow = true;
#else
constexpr bool slow = false;
#endif

struct Made {
    sim::PictureScene scene;
    std::shared_ptr<const EdgeModel> model;
};

/// The front is the model's box from before; its top left corner is the target's.
SolidTarget target_of(const ModelData& data) {
    const auto least = [&](std::size_t k) { return 1000.0 * data.least[k]; };
    const auto greatest = [&](std::size_t k) { return 1000.0 * data.greatest[k]; };
    return {"it", {}, {{-least(0), greatest(1), -greatest(2)}, {}, 1}, {0, 0, greatest(0) - least(0), greatest(1) - least(1)}};
}

Made made_of(const ModelData& data) {
    const SolidTarget target = target_of(data);
    Made out;
    out.scene.solid = std::make_shared<sim::Solid>(data, target.placement);
    out.scene.width_mm = target.front[2], out.scene.height_mm = target.front[3];
    const auto made = EdgeModel::make(target, data);
    REQUIRE(made);
    out.model = *made;
    return out;
}

/// Suggested once, in the first frame, some px and degrees off.
SequenceReport follow(const Made& made, int frames) {
    const std::shared_ptr<EdgeTracker> tracker = EdgeTracker::create({made.model}, sim::MovingPicture::camera());
    TargetPose rough = sim::MovingPicture(made.scene).truth(0).pose;
    rough.tvec[0] += 3, rough.tvec[1] -= 2, rough.rvec[1] += 0.03;
    tracker->suggest(0, rough);
    return follow_sequence(made.scene, frames,
                           {[tracker](const ConstI420View& picture, Nanoseconds when) { return tracker->find(picture, when); },
                            [] { return std::uint64_t{0}; }});
}

}  // namespace

TEST_CASE("a carton is followed by its edges, over clutter, with noise and changing exposure", "[edges]") {
    Made carton = made_of(sim::make_carton());
    for (const PictureMotion motion : {PictureMotion::still, PictureMotion::pan, PictureMotion::zoom, PictureMotion::tilt}) {
        carton.scene.motion = motion;
        const int frames = slow ? 8 : 30;
        const auto r = follow(carton, frames);
        INFO(sim::name_of(motion) << ": mean " << r.mean_px << " worst " << r.worst_px << " claimed " << r.claimed << " jitter "
                                  << r.jitter_px);
        CHECK(r.first == 1);
        CHECK(r.claimed == frames - 1);
        CHECK(r.wild == 0);
        CHECK(r.mean_px < 1);
        CHECK(r.shown_px < 1);
        CHECK(r.distance_percent < 0.5);
        CHECK(r.degrees < 0.5);
        if (motion == PictureMotion::still) CHECK(r.jitter_px < 0.15);
    }
}

TEST_CASE("a carton that is covered is admitted to be lost, and not told from elsewhere", "[edges]") {
    Made carton = made_of(sim::make_carton());
    carton.scene.motion = PictureMotion::gone;
    const auto r = follow(carton, slow ? 33 : 50);
    CHECK(r.first == 1);
    CHECK(r.claimed >= 28);
    CHECK(r.claimed <= 31);  // it is covered from frame 30 on
    CHECK(r.wild == 0);
    CHECK(r.mean_px < 0.5);
}

TEST_CASE("a suggestion that does not hold is not told", "[edges]") {
    const Made carton = made_of(sim::make_carton());
    const sim::MovingPicture picture(carton.scene);
    cv::Mat luma;
    picture.render(luma, 0);
    ConstI420View view;
    view.y = luma.data, view.stride_y = static_cast<int>(luma.step), view.width = luma.cols, view.height = luma.rows;
    const auto tracker = EdgeTracker::create({carton.model}, sim::MovingPicture::camera());
    for (int n = 0; n < 12; ++n) {
        TargetPose elsewhere = picture.truth(0).pose;
        elsewhere.tvec[0] += n % 2 ? 150 : -170;
        elsewhere.tvec[1] += 20.0 * (n - 6), elsewhere.tvec[2] += 30.0 * n;
        tracker->suggest(0, elsewhere);
        const auto at = static_cast<Nanoseconds>(n) * 33'000'000;
        CHECK(tracker->find(view, at).empty());
        CHECK(tracker->find(view, at + 16'000'000).empty());
    }
}

TEST_CASE("a model that cannot be followed is refused with a sentence", "[edges]") {
    const ModelData carton = sim::make_carton();
    SolidTarget flat = target_of(carton);
    flat.front[2] = 0;
    ModelData glass = carton, empty = carton;
    for (auto& material : glass.materials) material.blended = true;
    empty.meshes.clear();
    for (const auto& refused :
         {EdgeModel::make(flat, carton), EdgeModel::make(target_of(carton), glass), EdgeModel::make(target_of(carton), empty),
          EdgeModel::read({"a", "/no/such/model.glb", {}, {0, 0, 100, 100}})}) {
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.size() > 30);
    }
}
