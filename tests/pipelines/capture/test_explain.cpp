#include "pipelines/capture/explain.h"

#include "engine/source_url.h"
#include "pipelines/capture/source.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("Failures are explained by what can be done about them", "[capture]") {
    const SourceSpec camera{"rtsp", "rtsp://anna:secretword@10.0.0.7/live"};
    CHECK(explain_failure(camera, "Unauthorized", true) ==
          "rtsp://***@10.0.0.7/live refuses the user name or password. Check them in show.toml; " + std::string(encoding_advice()) + ".");
    CHECK(explain_failure(camera, "Not found", true) == "rtsp://***@10.0.0.7/live has no such stream. Check the path in show.toml.");
    CHECK(explain_failure(camera, "Could not open resource for reading and writing.", false) ==
          "rtsp://***@10.0.0.7/live cannot be reached. Check its power, its cable and the address in show.toml.");
    CHECK(explain_failure(camera, "Could not read from resource.", true) == "rtsp://***@10.0.0.7/live broke the connection off.");
    CHECK(explain_failure({"v4l2", "/dev/video0"}, "Device '/dev/video0' is busy", false) ==
          "/dev/video0 is used by another program. Close that program.");
    CHECK(
        explain_failure({"file", "/a/b.mp4"}, "Your GStreamer installation is missing a plug-in.", false).find("cannot be decoded here") !=
        std::string::npos);
}

TEST_CASE("Another way is tried only when it may help, and all ways come round", "[capture]") {
    CHECK_FALSE(another_way_may_help("Unauthorized"));
    CHECK_FALSE(another_way_may_help("Could not open resource for reading and writing."));
    CHECK(another_way_may_help("Internal data stream error."));
    const SourceWay first;
    const SourceWay second = next_way(first), third = next_way(second), fourth = next_way(third);
    CHECK(second == SourceWay{false, false});
    CHECK(third == SourceWay{true, true});
    CHECK(fourth == SourceWay{true, false});
    CHECK(next_way(fourth) == first);
}
