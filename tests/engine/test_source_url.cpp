#include "engine/source_url.h"

#include "engine/config_source.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("User and password leave the URL before anything else sees it", "[source_url]") {
    struct Row {
        const char *url, *location, *user, *password;
        bool doubtful = false;
    };
    const Row row = GENERATE(values<Row>({
        {"rtsp://host/live", "rtsp://host/live", "", ""},
        {"rtsp://anna@host:554/live", "rtsp://host:554/live", "anna", ""},
        {"rtsp://anna:secret@host/live?x=1", "rtsp://host/live?x=1", "anna", "secret"},
        {"rtsp://anna:p%40ss%2Fword@host/live", "rtsp://host/live", "anna", "p@ss/word"},
        {"rtsp://anna:p@ss@host/live", "rtsp://host/live", "anna", "p@ss"},
        {"rtsp://anna:pa/ss@host/live", "rtsp://host/live", "anna", "pa/ss"},
        {"rtsp://anna:pa#ss@host/live", "rtsp://host/live", "anna", "pa#ss"},
        {"rtsp://anna:pa?ss@host/live", "rtsp://host/live", "anna", "pa?ss"},
        {"rtsp://anna:12/34@host/live", "rtsp://anna:12/34@host/live", "", "", true},
        {"rtsp://host:554/live@2", "rtsp://host:554/live@2", "", "", true},
        {"rtsp://anna:p@ss/word@host/live", "rtsp://ss/word@host/live", "anna", "p", true},
        {"rtsp://anna:secret@10.0.0.7/live@2", "rtsp://10.0.0.7/live@2", "anna", "secret"},
        {"rtsp://10.0.0.7:554/live@2", "rtsp://10.0.0.7:554/live@2", "", ""},
        {"rtsp://host/live@2", "rtsp://host/live@2", "", ""},
        {"rtsp://[::1]:554/live@2", "rtsp://[::1]:554/live@2", "", ""},
        {"rtsps://a:b:c@host", "rtsps://host", "a", "b:c"},
        {"srt://relay:9000?streamid=anna@line", "srt://relay:9000?streamid=anna@line", "", ""},
        {"no url", "no url", "", ""},
    }));
    CAPTURE(row.url);
    const SourceUrl parts = split_url(row.url);
    CHECK(parts.location == row.location);
    CHECK(parts.user == row.user);
    CHECK(parts.password == row.password);
    CHECK(parts.doubtful == row.doubtful);
}

TEST_CASE("An address is shown without its secrets, whatever signs they hold", "[source_url]") {
    struct Row {
        const char *address, *shown;
    };
    const Row row = GENERATE(values<Row>({
        {"rtsp://10.0.0.7/live", "rtsp://10.0.0.7/live"},
        {"rtsp://host/live@2", "rtsp://host/live@2"},
        {"rtsp://anna:12/34@host/live", "rtsp://***@host/live"},
        {"rtsp://anna:12#34@host/live", "rtsp://***@host/live"},
        {"rtsp://anna:12?34@host/live", "rtsp://***@host/live"},
        {"rtsp://anna:p@ss/wo@rd@host/live", "rtsp://***@host/live"},
        {"rtsp://anna:a b\"c'd@host/live", "rtsp://***@host/live"},
        {"rtsp://anna:geheim?key=x@host/live", "rtsp://***@host/live"},
        {"rtsp:/anna:geheim@host/live", "***@host/live"},
        {"anna:geheim@host/live", "***@host/live"},
        {"srt://relay:9000?streamid=#!::r=line,u=anna,s=geheim&passphrase=geheim1234", "srt://relay:9000?streamid=***&passphrase=***"},
        {"srt://relay:9000?passphrase=ge&heim=1&latency=60", "srt://relay:9000?passphrase=***&latency=60"},
        {"srt://relay:9000?mode=caller&passphrase=ge#heim&pbkeylen=16", "srt://relay:9000?mode=caller&passphrase=***&pbkeylen=16"},
        {"rtsp://10.0.0.7:554/user=admin_password=geheim_channel=1_stream=0.sdp", "rtsp://10.0.0.7:554/user=admin_password=***"},
        {"rtsp://10.0.0.7/s?PWD=geheim&channel=1", "rtsp://10.0.0.7/s?PWD=***&channel=1"},
        {"https://show.example.com/j/abc#geheim", "https://show.example.com/j/abc#***"},
        {"https://example.com/live?access_token=geheim", "https://example.com/live?access_token=***"},
        {"://", "://"},
    }));
    CHECK(shown_address(row.address) == row.shown);
}

TEST_CASE("A sentence shows no secret", "[source_url]") {
    CHECK(without_secrets("Failed to connect to rtsp://anna:secret@host/live (timeout)") ==
          "Failed to connect to rtsp://***@host/live (timeout)");
    CHECK(without_secrets("srt://h:9000?mode=caller&passphrase=hunter2hunter2&latency=60") ==
          "srt://h:9000?mode=caller&passphrase=***&latency=60");
    CHECK(without_secrets("\"rtsp://a:b@c\" and 'rtsp://d:e@f/g?token=xyz'") == "\"rtsp://***@c\" and 'rtsp://***@f/g?token=***'");
    CHECK(without_secrets("no url at all: a@b") == "no url at all: a@b");
    CHECK(without_secrets("://") == "://");
    CHECK(shown_origin("https://u:p@hooks.example.com:8443/services/T0/geheim?x=1") == "https://hooks.example.com:8443");
    CHECK(secrets_of("rtsp://anna:p%40ss@host?pwd=abc") == std::vector<std::string>{"abc", "p%40ss", "p@ss"});
    CHECK(secrets_of("srt://h:9000?streamid=#!::u=a,s=b&passphrase=c") == std::vector<std::string>{"#!::u=a,s=b", "c"});
}

TEST_CASE("What is wrong with a camera's address is told without its password and with the right encoding", "[source_url]") {
    const config::ShowFolder folder("/");
    const auto wrong = [&](const std::string& value) {
        const auto source = config::parse_camera_source(value, folder);
        REQUIRE_FALSE(source);
        CHECK((source.error().what + source.error().hint).find("34") == std::string::npos);
        return source.error().what + " – " + source.error().hint;
    };
    for (const char* sign : {"/", "?", "#"}) {
        const std::string text = wrong("rtsp://anna:12" + std::string(sign) + "34@host/live");
        CHECK(text.starts_with("\"rtsp://***@host/live\" can be read in two ways"));
        for (const char* code : {"% as %25", "@ as %40", "/ as %2F", "# as %23", "? as %3F"}) CHECK(text.find(code) != std::string::npos);
    }
    CHECK(wrong("rtsp://anna:x 34@host/live").find("a space as %20") != std::string::npos);
    CHECK(wrong("rtsp://anna:x34@host:0/live").find("has no port") != std::string::npos);
    CHECK(wrong("srt://relay:9000?streamid=#!::s=34").find("# as %23") != std::string::npos);
    for (const char* right : {"rtsp://anna:pa/ss@host:554/live", "rtsp://anna:pa#ss@host/live", "rtsp://anna:pa?ss@host/live",
                              "rtsp://anna:12%2F34@host/live", "srt://relay:9000?streamid=%23!::r=a&passphrase=0123456789"})
        CHECK(config::parse_camera_source(right, folder));
}
