#include "engine/config.h"
#include "engine/config_source.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("marker boards are understood as they are written", "[config]") {
    const auto board = config::parse_marker_board("apriltag36h11:4x3:30:6");
    REQUIRE(board);
    CHECK((board->family == "apriltag36h11" && board->columns == 4 && board->rows == 3 && board->size_mm == 30 && board->gap_mm == 6));
    CHECK((board->first_id == 0 && board->count() == 12 && board->width_mm() == 138 && board->height_mm() == 102));
    CHECK(config::parse_marker_board("aruco4x4_50:5x2:12.5:2:40")->first_id == 40);
    for (const char* wrong :
         {"", "apriltag36h11", "apriltag36h11:4x3", "apriltag36h11:4x3:30", "apriltag36h11:4:30:6", "apriltag36h11:0x3:30:6",
          "apriltag36h11:1x1:30:6", "apriltag36h11:4x3:0:6", "apriltag36h11:4x3:30:0", "apriltag36h11:4x3:30:-6",
          "apriltag36h11:4x3:30:6:580", "apriltag36h11:4x3:30:6:x", "apriltag36h11:4x3:30:6:1:2", "aruco4x4_50:8x7:30:6",
          "apriltag36h99:4x3:30:6", "apriltag36h11:4x3:nan:6", "apriltag36h11:999x999:30:6"}) {
        const auto refused = config::parse_marker_board(wrong);
        INFO(wrong);
        REQUIRE_FALSE(refused);
        CHECK_FALSE(refused.error().what.empty());
        CHECK_FALSE(refused.error().hint.empty());
    }
}

TEST_CASE("a target may be a marker board, whose markers are no other product's", "[config]") {
    ScratchShow show;
    show.write("show.toml", std::string(ScratchShow::smallest) + "\n[[camera]]\nid = \"bench\"\nsource = \"v4l2:/dev/video0\"\n");
    show.write("products/a.toml", "id = \"A\"\nname = \"A\"\n[target]\nboard = \"apriltag36h11:4x3:30:6:5\"\nmarker_at = [10, 12]\n");
    auto loaded = load_show(show.folder());
    REQUIRE(loaded.show);
    const TargetConfig& target = *loaded.show->products[0].target;
    REQUIRE(target.board);
    CHECK((target.board->first_id == 5 && target.width_mm == 138 && target.height_mm == 102 && target.marker_at[1] == 12));
    // The simulated camera needs none, the other one has none.
    const auto unmeasured = uncalibrated_cameras(*loaded.show);
    REQUIRE(unmeasured.size() == 1);
    CHECK(unmeasured[0]->id == "bench");

    show.write("products/b.toml", "id = \"B\"\nname = \"B\"\n[target]\nmarker = \"apriltag36h11:16\"\nsize_mm = 40\n");
    loaded = load_show(show.folder());
    REQUIRE_FALSE(loaded.show);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].key == "target.marker");

    show.write("products/b.toml",
               "id = \"B\"\nname = \"B\"\n[target]\nmarker = \"apriltag36h11:30\"\nsize_mm = 40\nboard = \"aruco4x4_50:2x2:9:1\"\n");
    loaded = load_show(show.folder());
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].key == "target.board");
}

TEST_CASE("a show without targets needs no calibration", "[config]") {
    ScratchShow show;
    show.write("show.toml", "[show]\ntitle = \"T\"\n[[camera]]\nid = \"bench\"\nsource = \"v4l2:/dev/video0\"\n");
    const auto loaded = load_show(show.folder());
    REQUIRE(loaded.show);
    CHECK(uncalibrated_cameras(*loaded.show).empty());
}
