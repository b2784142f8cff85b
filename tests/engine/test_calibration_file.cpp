#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "engine/calibration_file.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

const Calibration lens{1280, 720, 1101.2345678901234, 1099.5, 640.1, 358.75, {-0.31, 0.16, 1e-5, -0.0004, 0.02}, 0.2134};

std::string read(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

}  // namespace

TEST_CASE("a calibration that was written is the one a show reads", "[calibration]") {
    ScratchShow show;
    const auto file = show.folder() / "calibration" / "bench.toml";
    std::filesystem::create_directories(file.parent_path());
    REQUIRE(save_calibration(file, lens, {"Made for a test.", "Two lines\nwith = 1 a break"}));
    const auto loaded = load_calibration(file);
    REQUIRE(loaded);
    for (const Calibration& c : {*loaded}) {
        CHECK(
            (c.width == lens.width && c.height == lens.height && c.fx == lens.fx && c.fy == lens.fy && c.cx == lens.cx && c.cy == lens.cy));
        CHECK((c.distortion == lens.distortion && c.rms_px == lens.rms_px));
    }
    show.write("show.toml", std::string(ScratchShow::smallest) + "calibration = \"calibration/bench.toml\"\n");
    const LoadedShow whole = load_show(show.folder());
    REQUIRE(whole.show);
    REQUIRE(whole.show->cameras[0].calibration);
    CHECK(whole.show->cameras[0].calibration->fx == lens.fx);
    // Nothing but the file is left in the folder.
    CHECK(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}) == 1);
}

TEST_CASE("a calibration that cannot be written leaves the old one", "[calibration]") {
    ScratchShow show;
    const auto file = show.folder() / "old.toml";
    REQUIRE(save_calibration(file, lens, {}));
    const std::string before = read(file);
    Calibration wrong = lens;
    wrong.fx = -3;
    const auto refused = save_calibration(file, wrong, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::bad_input);
    wrong = lens, wrong.cx = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(save_calibration(file, wrong, {}));
    CHECK(read(file) == before);
    const auto nowhere = save_calibration(show.folder() / "none" / "x.toml", lens, {});
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().kind == ErrorKind::failed);
    CHECK(nowhere.error().message.find("--out") != std::string::npos);
    CHECK_FALSE(save_calibration(show.folder(), lens, {}));
    CHECK(read(file) == before);
    // Through a link the file behind it is replaced.
    std::filesystem::create_symlink(file, show.folder() / "link.toml");
    wrong = lens, wrong.fx = 900;
    REQUIRE(save_calibration(show.folder() / "link.toml", wrong, {}));
    CHECK(std::filesystem::is_symlink(show.folder() / "link.toml"));
    CHECK(load_calibration(file)->fx == 900);
}

TEST_CASE("what is wrong with a calibration file is said", "[calibration]") {
    ScratchShow show;
    const auto missing = load_calibration(show.folder() / "none.toml");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("vitrine calibrate") != std::string::npos);
    const auto bad = load_calibration(show.write("bad.toml", "width = 640\nheight = 480\nfx = -5\nfy = 500\ncy = 240\n"));
    REQUIRE_FALSE(bad);
    CHECK(bad.error().kind == ErrorKind::bad_input);
    CHECK(bad.error().message.find("bad.toml:3: fx") != std::string::npos);
    CHECK(bad.error().message.find("cx") != std::string::npos);
    CHECK_FALSE(load_calibration(show.folder()));
    CHECK_FALSE(load_calibration(show.write("picture.png", "\x89PNG\r\n")));
}
