#include "pipelines/capture/source_url.h"

#include "pipelines/capture/explain.h"
#include "pipelines/capture/source.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("User and password leave the URL before anything else sees it", "[capture]") {
    struct Row {
        const char *url, *location, *user, *password;
    };
    const Row row = GENERATE(values<Row>({
        {"rtsp://host/live", "rtsp://host/live", "", ""},
        {"rtsp://anna@host:554/live", "rtsp://host:554/live", "anna", ""},
        {"rtsp://anna:secret@host/live?x=1", "rtsp://host/live?x=1", "anna", "secret"},
        {"rtsp://anna:p%40ss%2Fword@host/live", "rtsp://host/live", "anna", "p@ss/word"},
        {"rtsp://anna:p@ss@host/live", "rtsp://host/live", "anna", "p@ss"},
        {"rtsp://anna:pa/ss@host/live", "rtsp://host/live", "anna", "pa/ss"},
        {"rtsp://host:554/live@2", "rtsp://host:554/live@2", "", ""},
        {"rtsp://[::1]:554/live@2", "rtsp://[::1]:554/live@2", "", ""},
        {"rtsps://a:b:c@host", "rtsps://host", "a", "b:c"},
        {"no url", "no url", "", ""},
    }));
    CAPTURE(row.url);
    const SourceUrl parts = split_url(row.url);
    CHECK(parts.location == row.location);
    CHECK(parts.user == row.user);
    CHECK(parts.password == row.password);
}

TEST_CASE("A sentence shows no secret", "[capture]") {
    CHECK(without_secrets("Failed to connect to rtsp://anna:secret@host/live (timeout)") ==
          "Failed to connect to rtsp://***@host/live (timeout)");
    CHECK(without_secrets("srt://h:9000?mode=caller&passphrase=hunter2hunter2&latency=60") ==
          "srt://h:9000?mode=caller&passphrase=***&latency=60");
    CHECK(without_secrets("\"rtsp://a:b@c\" and 'rtsp://d:e@f/g?token=xyz'") == "\"rtsp://***@c\" and 'rtsp://***@f/g?token=***'");
    CHECK(without_secrets("rtsp://anna:pa/ss@host/live") == "rtsp://***@host/live");
    CHECK(without_secrets("rtsp://host/live") == "rtsp://host/live");
    CHECK(without_secrets("no url at all: a@b") == "no url at all: a@b");
    CHECK(without_secrets("://") == "://");
    CHECK(secrets_of("rtsp://anna:p%40ss@host?pwd=abc") == std::vector<std::string>{"abc", "p%40ss", "p@ss"});
}

TEST_CASE("Failures are explained by what can be done about them", "[capture]") {
    const SourceSpec camera{"rtsp", "rtsp://anna:secretword@10.0.0.7/live"};
    CHECK(explain_failure(camera, "Unauthorized", true) ==
          "rtsp://***@10.0.0.7/live refuses the user name or password. Check them in show.toml.");
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
