#include <sys/stat.h>

#include "engine/config.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

/// The problems of a show with this [[webhook]]; the secret file "secret" holds `secret` with `mode`.
LoadedShow loaded(const std::string& hook, const std::string& secret = std::string(32, 's') + "\n", mode_t mode = 0600) {
    ScratchShow scratch;
    scratch.write("show.toml", std::string(ScratchShow::smallest) + "\n" + hook);
    scratch.write("secret", secret);
    chmod((scratch.folder() / "secret").c_str(), mode);
    return load_show(scratch.folder());
}

std::string problem(const std::string& hook, const std::string& secret = std::string(32, 's'), mode_t mode = 0600) {
    const LoadedShow show = loaded(hook, secret, mode);
    return show.problems.empty() ? "" : show.problems.front().text();
}

std::string at(const std::string& url) { return "[[webhook]]\nurl = \"" + url + "\"\nsecret_file = \"secret\"\n"; }

}  // namespace

TEST_CASE("a webhook is read", "[config][webhooks]") {
    const LoadedShow show = loaded(at("https://crm.example.com:8443/hooks?a=1") + "events = [\"quote.*\", \"buyer.joined\"]\n");
    REQUIRE(show.show);
    REQUIRE(show.show->webhooks.size() == 1);
    const WebhookConfig& hook = show.show->webhooks.front();
    CHECK(hook.id == "hook-1");
    CHECK(hook.secret_files.size() == 1);
    CHECK(hook.wants("quote.requested"));
    CHECK(hook.wants("buyer.joined"));
    CHECK_FALSE(hook.wants("buyer.erased"));
    CHECK_FALSE(hook.wants("quotes"));
    CHECK(loaded(at("http://127.0.0.1:9000/x")).show);
    CHECK(loaded(at("http://[::1]:9000/x")).show);
    CHECK(loaded(at("http://localhost/")).show);
}

TEST_CASE("a webhook that would leak is refused with what would be right", "[config][webhooks]") {
    for (const std::string url : {"http://crm.example.com/", "http://127.0.0.1.evil.test/", "http://192.168.1.2/"})
        CHECK(problem(at(url)).find("unprotected") != std::string::npos);
    for (const std::string url :
         {"ftp://x/", "crm.example.com", "https://", "https://u:p@x/", "https://x/#f", "https://x/ y", "file:///etc/passwd"}) {
        INFO(url);
        CHECK_FALSE(problem(at(url)).empty());
    }
    CHECK(problem(at("https://x/"), "short").find("16 bytes") != std::string::npos);
    CHECK(problem(at("https://x/"), "fifteen bytes..\n\n\n").find("16 bytes") != std::string::npos);
    CHECK(problem(at("https://x/"), std::string(32, 's'), 0640).find("chmod 600") != std::string::npos);
    CHECK(problem(at("https://x/"), std::string(5000, 's')).find("4096") != std::string::npos);
    CHECK(problem(at("https://x/") + "events = \"quote.request\"\n").find("quote.requested") != std::string::npos);
    CHECK_FALSE(problem("[[webhook]]\nurl = \"https://x/\"\n").empty());
    CHECK_FALSE(problem(at("https://x/") + "id = \"a\"\n" + at("https://y/") + "id = \"a\"\n").empty());
}
