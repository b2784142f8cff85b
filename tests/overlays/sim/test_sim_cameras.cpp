#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/config.h"
#include "engine/frame_code.h"
#include "overlays/sim/bench_scene.h"
#include "overlays/sim/drawn_once.h"
#include "overlays/sim/sim_bench.h"
#include "overlays/sim/sim_camera.h"
#include "overlays/sim/sim_line.h"
#include "test_places.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::uint64_t hash(const ConstI420View& v) {
    std::uint64_t h = 1469598103934665603ull;
    const auto plane = [&](const std::uint8_t* data, int stride, int w, int rows) {
        for (int y = 0; y < rows; ++y)
            for (int x = 0; x < w; ++x) h = (h ^ data[y * stride + x]) * 1099511628211ull;
    };
    plane(v.y, v.stride_y, v.width, v.height);
    plane(v.u, v.stride_uv, v.width / 2, v.height / 2);
    plane(v.v, v.stride_uv, v.width / 2, v.height / 2);
    return h;
}

double bright_share(const ConstI420View& v) {
    std::size_t bright = 0;
    for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x) bright += v.y[y * v.stride_y + x] >= 220;
    return double(bright) / (double(v.width) * v.height);
}

}  // namespace

TEST_CASE("every simulated frame is a pure function of its number and carries it", "[sim]") {
    for (const char* name : {"line?width=640&height=360", "bench?width=640&height=360", "mask?width=640&height=360"}) {
        auto one = open_sim_camera(name), other = open_sim_camera(name);
        REQUIRE(one);
        REQUIRE(other);
        VideoFrame a((*one)->width(), (*one)->height()), b(a.width(), a.height());
        // Backwards in the second one: what was drawn before must not matter.
        std::vector<std::uint64_t> forward, backward;
        const std::vector<std::uint64_t> numbers{0, 1, 44, 45, 100, 70000};
        for (const auto n : numbers) {
            CHECK((*one)->render(a.view(), n).sequence == n);
            CHECK(read_frame_code(std::as_const(a).view(), CodeCorner::top_left) == n);
            forward.push_back(hash(std::as_const(a).view()));
        }
        for (auto n = numbers.rbegin(); n != numbers.rend(); ++n) {
            fill(b.view(), 1, 2, 3);
            (*other)->render(b.view(), *n);
            backward.insert(backward.begin(), hash(std::as_const(b).view()));
        }
        INFO(name);
        CHECK(forward == backward);
        CHECK(forward[0] != forward[1]);
    }
}

TEST_CASE("the frame code can be left out, and nothing else changes", "[sim]") {
    for (const std::string kind : {"line", "bench", "mask"}) {
        INFO(kind);
        auto with = open_sim_camera(kind + "?width=640&height=360&code=on"),
             without = open_sim_camera(kind + "?code=off&width=640&height=360");
        REQUIRE(with);
        REQUIRE(without);
        VideoFrame a(640, 360), b(640, 360);
        (*with)->render(a.view(), 0x5a5a5a);
        (*without)->render(b.view(), 0x5a5a5a);
        CHECK(read_frame_code(std::as_const(a).view(), CodeCorner::top_left) == 0x5a5a5aU);
        CHECK(read_frame_code(std::as_const(b).view(), CodeCorner::top_left) != 0x5a5a5aU);
        CHECK(hash(std::as_const(a).view()) != hash(std::as_const(b).view()));
        draw_frame_code(b.view(), 0x5a5a5a, CodeCorner::top_left);
        CHECK(hash(std::as_const(a).view()) == hash(std::as_const(b).view()));
    }
}

TEST_CASE("what a simulated camera is drawn from is drawn once for each size", "[sim]") {
    static std::atomic<int> drawn;
    struct Counted {
        Counted(int w, int h) : width(w), height(h) { ++drawn; }
        int width, height;
    };
    sim::DrawnOnce<Counted> kept;
    const auto first = kept.of(640, 360);
    CHECK(first->width == 640);
    CHECK(first->height == 360);
    CHECK(kept.of(640, 360) == first);
    CHECK(kept.of(360, 640) != first);
    CHECK(drawn == 2);
    std::vector<std::shared_ptr<const Counted>> seen(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) threads.emplace_back([&, i] { seen[i] = kept.of(1280, 720); });
    for (auto& thread : threads) thread.join();
    CHECK(drawn == 3);
    for (const auto& one : seen) CHECK(one == seen[0]);
    for (int width = 2; width <= 20; width += 2) kept.of(width, 2);  // many sizes: the oldest are let go, cameras keep their own
    CHECK(drawn == 13);
    CHECK(first->height == 360);
    CHECK(kept.of(640, 360) != first);
    CHECK(drawn == 14);
}

TEST_CASE("names and options of simulated cameras", "[sim]") {
    auto small = open_sim_camera("line?width=640&height=360&fps=15");
    REQUIRE(small);
    CHECK((*small)->width() == 640);
    CHECK((*small)->height() == 360);
    CHECK((*small)->fps() == 15);
    auto plain = open_sim_camera("mask");
    REQUIRE(plain);
    CHECK((*plain)->width() == 1280);
    CHECK((*plain)->fps() == 30);
    for (const char* bad :
         {"", "voice", "line?", "line?width", "line?width=", "line?width=641", "line?width=64000", "line?fps=0", "line?still=1",
          "bench?still=2", "bench?speed=3", "line?width=640x", "line?width=-640", "line?fps=99999999999999999999", "bench&still=1",
          "line?code", "line?code=", "bench?code=0", "mask?code=offline"}) {
        INFO(bad);
        const auto camera = open_sim_camera(bad);
        if (std::strcmp(bad, "line?") == 0) {
            CHECK(camera);  // no options after all
            continue;
        }
        REQUIRE_FALSE(camera);
        CHECK(camera.error().kind == ErrorKind::bad_input);
        CHECK(camera.error().message.size() > 20);
    }
}

TEST_CASE("pieces pass the count line once every 1.5 s, at any rate", "[sim]") {
    for (const int fps : {5, 15, 24, 30, 60}) {
        CHECK(line_truth(0, fps).pieces_passed == 0);
        CHECK(line_truth(static_cast<std::uint64_t>(150 * fps), fps).pieces_passed == 100);
        int before = 0;
        std::uint64_t passed_at = 0;
        for (std::uint64_t n = 0; n < static_cast<std::uint64_t>(30 * fps); ++n) {
            const int now = line_truth(n, fps).pieces_passed;
            REQUIRE((now == before || now == before + 1));
            if (now != before) {
                const double since = double(n - passed_at) / fps;
                if (now == 1)
                    CHECK(double(n) / fps == Approx(0.75).margin(1.0 / fps));
                else
                    CHECK(since == Approx(1.5).margin(1.0 / fps + 1e-9));
                passed_at = n;
            }
            before = now;
        }
    }
}

TEST_CASE("a piece is on the count line when the count goes up", "[sim]") {
    auto camera = make_sim_line(1280, 720, 30);
    VideoFrame frame(1280, 720);
    // The lit piece's diffuser is bright; its middle, found along a row through it, is on the line within a frame's way (8 px).
    for (std::uint64_t n = 1; n < 200; ++n) {
        if (line_truth(n, 30).pieces_passed == line_truth(n - 1, 30).pieces_passed) continue;
        camera->render(frame.view(), n);
        const ConstI420View v = std::as_const(frame).view();
        const int row = 536, line = static_cast<int>(line_count_column * 1280);
        int left = line - 20, right = line + 20;
        while (v.y[row * v.stride_y + left] > 120) --left;
        while (v.y[row * v.stride_y + right] > 120) ++right;
        INFO("frame " << n);
        CHECK(right - left > 80);
        CHECK((left + right) / 2.0 == Approx(line).margin(10));
    }
}

TEST_CASE("the lamp fills more than a sixth of the picture in flash frames, and no other frame is like that", "[sim]") {
    for (const char* name : {"line", "line?width=640&height=360&fps=15"}) {
        auto camera = open_sim_camera(name);
        REQUIRE(camera);
        VideoFrame frame((*camera)->width(), (*camera)->height());
        int flashes = 0;
        for (std::uint64_t n = 0; n < 62; ++n) {
            const SimTruth truth = (*camera)->render(frame.view(), n);
            CHECK(truth.flash == sim_flash(n, (*camera)->fps()));
            flashes += truth.flash;
            const double share = bright_share(std::as_const(frame).view());
            INFO(name << " frame " << n);
            if (truth.flash)
                CHECK(share > 1 / 6.0);
            else
                CHECK(share < 0.08);
        }
        CHECK(flashes >= 3);
    }
}

TEST_CASE("the bench's pose stays within its promise and moves smoothly", "[sim]") {
    const Calibration camera = bench_calibration(1280, 720);
    CHECK(camera.fx == 1100);
    CHECK(camera.cx == 639.5);
    CHECK(camera.cy == 359.5);
    SimTruth before = bench_truth(0, 30, 1280, 720);
    for (std::uint64_t n = 0; n < 3000; ++n) {
        const SimTruth truth = bench_truth(n, 30, 1280, 720);
        REQUIRE(truth.corners.size() == 4);
        for (int i = 0; i < 4; ++i) {
            // The whole label is in view, and no corner jumps.
            REQUIRE(truth.corners[i][0] > 0);
            REQUIRE(truth.corners[i][0] < 1279);
            REQUIRE(truth.corners[i][1] > 0);
            REQUIRE(truth.corners[i][1] < 719);
            REQUIRE(std::hypot(truth.corners[i][0] - before.corners[i][0], truth.corners[i][1] - before.corners[i][1]) < 20);
        }
        // Tilt: how far the label's normal is from the camera's axis.
        const auto& r = truth.rvec;
        const double angle = std::sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
        const double cosine = angle < 1e-9 ? 1 : std::cos(angle) + r[2] * r[2] / (angle * angle) * (1 - std::cos(angle));
        REQUIRE(cosine > std::cos(30 * M_PI / 180));
        before = truth;
    }
    SECTION("the same moment at other rates and sizes") {
        const SimTruth a = bench_truth(90, 30, 1280, 720), b = bench_truth(45, 15, 640, 360);
        CHECK(a.tvec == b.tvec);
        CHECK(a.rvec == b.rvec);
        for (int i = 0; i < 4; ++i) {
            CHECK((a.corners[i][0] + 0.5) / 1280 == Approx((b.corners[i][0] + 0.5) / 640));
            CHECK((a.corners[i][1] + 0.5) / 720 == Approx((b.corners[i][1] + 0.5) / 360));
        }
    }
    SECTION("still stands still") {
        CHECK(bench_truth(0, 30, 1280, 720, true).corners == bench_truth(500, 30, 1280, 720, true).corners);
        auto camera_still = open_sim_camera("bench?still=1&width=640&height=360");
        VideoFrame a(640, 360), b(640, 360);
        (*camera_still)->render(a.view(), 10);
        (*camera_still)->render(b.view(), 400);
        // All but the frame code.
        int different = 0;
        for (int y = frame_code_cell(640); y < 360; ++y)
            different += std::memcmp(a.view().y + y * a.view().stride_y, b.view().y + y * b.view().stride_y, 640) != 0;
        CHECK(different == 0);
    }
}

TEST_CASE("simulated cameras are in colour", "[sim]") {
    for (const char* name : {"line?width=640&height=360", "bench?width=640&height=360"}) {
        auto camera = open_sim_camera(name);
        VideoFrame frame(640, 360);
        (*camera)->render(frame.view(), 30);
        const ConstI420View v = std::as_const(frame).view();
        int saturated = 0;
        for (int y = 0; y < 180; ++y)
            for (int x = 0; x < 320; ++x)
                saturated += std::abs(v.u[y * v.stride_uv + x] - 128) + std::abs(v.v[y * v.stride_uv + x] - 128) > 24;
        INFO(name);
        CHECK(saturated > 320 * 180 / 20);
    }
}

TEST_CASE("the label on the demo's bench says what the product's card says", "[sim]") {
    const LoadedShow loaded = load_show(VITRINE_SOURCE_DIR "/assets/shows/demo");
    REQUIRE(loaded.show);
    const ProductConfig* product = loaded.show->product("LX-200");
    REQUIRE(product);
    std::string printed;
    for (const char* line : sim::bench_label_lines()) printed += std::string(line) + "\n";
    CAPTURE(printed);
    const auto says = [&](const std::string& what) { return printed.find(what) != std::string::npos; };
    std::string maker = loaded.show->brand.factory.in("en", "en");
    for (char& letter : maker) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    CHECK(says(maker + "\n"));
    CHECK(says(product->id + "\n"));
    std::size_t compared = 0;
    for (const Spec& spec : product->specs)
        if (spec.key == "flux" || spec.key == "power" || spec.key == "cct" || spec.key == "ip") {
            ++compared;
            CHECK(says(spec.unit.empty() ? spec.value : spec.value + " " + spec.unit));
        }
    CHECK(compared == 4);
}
