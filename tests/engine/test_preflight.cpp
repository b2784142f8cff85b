#include "engine/preflight.h"

#include <algorithm>
#include <regex>

#include "engine/messages.h"
#include "test_places.h"
#include "tests/support/catch.h"

using namespace vitrine;
using Level = Finding::Level;

namespace {

/// A show with nothing to find, and the facts that go with it.
struct Ready {
    std::shared_ptr<ShowConfig> show = std::make_shared<ShowConfig>();
    Snapshot snapshot;
    PreflightFacts facts;

    Ready() {
        show->title = LocalText{{{"en", "Show"}, {"zh", "节目"}}};
        show->languages = {"en", "zh"};
        show->listen_address = "192.0.2.7";
        show->tls = TlsConfig{};
        show->cameras.resize(1);
        show->cameras[0].id = "bench";
        show->cameras[0].source = {"v4l2", "/dev/video0"};
        show->cameras[0].calibration = Calibration{};
        show->cameras[0].masks = {{{{0, 0}, {1, 0}, {1, 1}}}};
        ProductConfig product;
        product.id = "P";
        product.name = LocalText{{{"en", "P"}, {"zh", "P"}}};
        product.target = TargetConfig{};
        product.prices = {{500, 4.2, "USD"}, {2000, 3.8, "USD"}};
        show->products = {product};
        snapshot.cameras["bench"] = {CameraState::live, "", 29.8, 1280, 720, 100, 0, 0};
        snapshot.sounds["default"] = {false, 0, -80};
        snapshot.recording = {true, "/srv", 0, 0, 240, ""};
        snapshot.target_facts["P"] = {true, 400, ""};
        facts.encoder = "x264enc";
        facts.loudest_db["default"] = -14;
        facts.buyers_at = "https://192.0.2.7";
        facts.certificate_days = 80;
        facts.store_problem = "";
    }
    std::vector<Finding> look() {
        snapshot.show = show;
        return preflight(snapshot, facts);
    }
    /// The findings that are not fine, as "level key" lines.
    std::string wrong() {
        std::string out;
        for (const Finding& finding : look()) {
            CHECK((finding.level == Level::ok) == finding.fix.empty());
            if (finding.level != Level::ok)
                out += std::string(to_string(finding.level)) + " " + finding.id + " " + finding.text.substr(10) + "\n";
        }
        return out;
    }
};

}  // namespace

TEST_CASE("a show that is ready has nothing to mend, and says what was looked at", "[preflight]") {
    Ready ready;
    CHECK(ready.wrong().empty());
    std::vector<std::string> seen;
    for (const Finding& finding : ready.look()) seen.push_back(finding.id);
    CHECK(seen == std::vector<std::string>{"camera/bench", "masks/bench", "sound/default", "encoder", "disk", "store", "network", "uplink",
                                           "target/P", "prices/P", "languages"});
}

TEST_CASE("each thing that is not right is found", "[preflight]") {
    const auto after = [](auto change) {
        Ready ready;
        change(ready);
        return ready.wrong();
    };
    CHECK(after([](Ready& r) { r.snapshot.cameras["bench"].fps = 12; }) == "warn camera/bench camera_slow\n");
    CHECK(after([](Ready& r) { r.snapshot.cameras["bench"].state = CameraState::connecting; }) == "warn camera/bench camera_connecting\n");
    CHECK(after([](Ready& r) { r.snapshot.cameras["bench"].state = CameraState::frozen; }) == "fail camera/bench camera_lost\n");
    CHECK(after([](Ready& r) { r.snapshot.cameras["bench"].state = CameraState::mask_failed; }) == "fail masks/bench mask_failed\n");
    CHECK(after([](Ready& r) { r.show->cameras[0].calibration.reset(); }) == "warn calibration/bench uncalibrated\n");
    CHECK(after([](Ready& r) { r.snapshot.sounds.clear(); }) == "warn sound no_sound\n");
    CHECK(after([](Ready& r) { r.snapshot.muted = true; }) == "warn sound muted\n");
    CHECK(after([](Ready& r) { r.snapshot.sounds["default"].muted = true; }) == "warn sound/default source_muted\n");
    CHECK(after([](Ready& r) { r.facts.loudest_db.clear(); }) == "fail sound/default source_silent\n");
    CHECK(after([](Ready& r) { r.facts.loudest_db["default"] = -45; }) == "warn sound/default source_quiet\n");
    CHECK(after([](Ready& r) { r.facts.loudest_db["default"] = -0.3; }) == "warn sound/default source_clips\n");
    CHECK(after([](Ready& r) { r.facts.encoder = ""; }) == "fail encoder no_encoder\n");
    CHECK(after([](Ready& r) { r.snapshot.recording.minutes_left = 9.9; }) == "fail disk disk_low\n");
    CHECK(after([](Ready& r) { r.snapshot.recording.minutes_left = 60; }) == "warn disk disk_low\n");
    CHECK(after([](Ready& r) { r.snapshot.recording.problem = "no"; }) == "fail disk no_recording\n");
    CHECK(after([](Ready& r) { r.facts.store_problem = "full"; }) == "fail store store_fails\n");
    CHECK(after([](Ready& r) { r.facts.certificate_days = -1; }) == "fail network certificate_expired\n");
    CHECK(after([](Ready& r) { r.facts.certificate_days = 13; }) == "warn network certificate_soon\n");
    CHECK(after([](Ready& r) { r.show->listen_address = "127.0.0.1"; }) == "warn network only_here\n");
    CHECK(after([](Ready& r) { r.show->listen_address = "127.0.0.1", r.show->behind_proxy = true; }).empty());
    CHECK(after([](Ready& r) { r.snapshot.target_facts["P"] = {}; }) == "warn target/P target_unseen\n");
    CHECK(after([](Ready& r) { r.snapshot.target_facts.clear(); }) == "warn target/P target_unseen\n");
    CHECK(after([](Ready& r) { r.snapshot.target_facts["P"].features = 79; }) == "warn target/P target_poor\n");
    CHECK(after([](Ready& r) { r.snapshot.target_facts["P"].problem = "blurred"; }) == "fail target/P target_fails\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices.clear(); }) == "warn prices/P no_price\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices[1].unit = 4.2; }) == "warn prices/P price_rises\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices[1].unit = 0.38; }) == "warn prices/P price_falls\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices[1].currency = "EUR"; }) == "fail prices/P price_currency\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices[1].min = 500; }) == "fail prices/P price_order\n");
    CHECK(after([](Ready& r) { r.show->products[0].prices[0].unit = 2e6, r.show->products[0].prices.resize(1); }) ==
          "fail prices/P price_absurd\n");
    // A buyers' group with prices of its own is judged by itself.
    CHECK(after([](Ready& r) { r.show->products[0].prices.push_back({500, 3.9, "USD", "gold"}); }).empty());
    CHECK(after([](Ready& r) { r.show->products[0].name.by_language.erase("zh"); }) == "warn languages/zh language_missing\n");
    // What is not known is not judged.
    CHECK(after([](Ready& r) {
              r.facts = {};
              r.facts.loudest_db["default"] = -14;
              r.snapshot.recording.minutes_left = -1;
          }).empty());
}

TEST_CASE("the way to the buyers is judged by what waiting pages measured", "[preflight]") {
    // 2500 kbit/s of picture and 128 of sound, a tenth more on the way: 2.9 Mbit/s each.
    const auto with = [](const std::vector<std::pair<int, double>>& sockets_and_kbps, const char* address = "192.0.2.7") {
        Ready ready;
        ready.show->listen_address = address;
        auto desk = std::make_shared<desk::DeskView>();
        for (const auto& [sockets, kbps] : sockets_and_kbps) {
            const std::string id = "p" + std::to_string(desk->people.size());
            desk->people[id].name = "Ana " + id;
            desk->presence[id].sockets = sockets;
            desk->presence[id].path_kbps = kbps;
        }
        ready.snapshot.desk = desk;
        for (const Finding& finding : ready.look())
            if (finding.id == "uplink")
                return std::string(to_string(finding.level)) + " " + finding.text.substr(10) + ": " +
                       sentence(finding.text, finding.args, "en");
        return std::string();
    };
    CHECK(with({}).starts_with("ok uplink_unknown: Each buyer takes 2.9 Mbit/s of your uplink, ten of them 29."));
    CHECK(with({}, "127.0.0.1").empty());
    CHECK(with({{1, 0}}).starts_with("ok uplink_unknown"));
    CHECK(with({{0, 900}}).starts_with("ok uplink_unknown"));  // gone again
    CHECK(with({{1, 2500}, {1, 900}}) == "fail uplink_slow: The way to the buyers carried 2.5 Mbit/s at most; the picture takes 2.9");
    CHECK(with({{1, 8000}, {1, 0}, {1, 0}}) ==
          "warn uplink_many: 3 buyers take 8.7 Mbit/s together; 8.0 Mbit/s were measured to one of them");
    CHECK(with({{1, 9000}, {2, 900}, {0, 100}}) == "warn uplink_buyer: The connection of Ana p1 carried 0.9 Mbit/s; the picture takes 2.9");
    CHECK(with({{1, 24000}, {1, 12000}}) == "ok uplink_ok: The way to the buyers carries 24 Mbit/s; the picture takes 2.9 for each");
    CHECK(with({{1, 24000}}, "127.0.0.1").starts_with("ok uplink_ok"));
}

TEST_CASE("every finding reads whole in English and Chinese", "[preflight]") {
    const std::regex left_open("\\{[a-z]+\\}");
    Ready worst;
    worst.show->listen_address = "127.0.0.1";
    worst.show->languages.push_back("pt");
    worst.snapshot.cameras["bench"] = {CameraState::lost, "It does not answer.", 0, 0, 0, 0, 0, 0};
    worst.snapshot.target_facts["P"].features = 12;
    Ready slow, far;
    for (auto& [ready, kbps] : {std::pair<Ready&, std::vector<double>>{slow, {900, 800}}, {far, {9000, 900}}}) {
        auto desk = std::make_shared<desk::DeskView>();
        for (const double each : kbps) {
            const std::string id = "p" + std::to_string(desk->people.size());
            desk->people[id].name = "Ana";
            desk->presence[id].sockets = 1;
            desk->presence[id].path_kbps = each;
        }
        ready.snapshot.desk = desk;
    }
    for (Ready* ready : {&worst, &slow, &far}) {
        for (const Finding& finding : ready->look()) {
            for (const char* language : {"en", "zh"}) {
                for (const std::string& key : {finding.text, finding.fix}) {
                    if (key.empty()) continue;
                    CAPTURE(key, language);
                    CHECK(has_message(key, language));
                    CHECK_FALSE(std::regex_search(sentence(key, finding.args, language), left_open));
                }
            }
        }
    }
    CHECK(sentence("preflight.language_missing", {{"language", "Português"}, {"n", "2"}, {"where", "P"}}, "en") ==
          "2 texts have no Português; the first in P");
}

TEST_CASE("the demo show's files have nothing that must be mended", "[preflight]") {
    const LoadedShow demo = load_show(std::string(VITRINE_SOURCE_DIR) + "/assets/shows/demo");
    REQUIRE(demo.show.has_value());
    for (const Finding& finding : preflight(*demo.show)) {
        INFO(finding.id << ": " << sentence(finding.text, finding.args, "en"));
        CHECK(finding.level != Level::fail);
    }
}
