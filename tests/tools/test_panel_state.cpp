#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tools/panel/panel_messages.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/settings.h"
#include "tools/panel/show_view.h"

using namespace vitrine;
using namespace vitrine::panel;
using nlohmann::json;

TEST_CASE("every text of the panel exists in English and Chinese, with the same places to fill") {
    const auto keys = panel_message_keys();
    CHECK(keys.size() > 80);
    for (const auto key : keys) {
        INFO(key);
        CHECK(is_translated(key));
        for (const char* place : {"{n}", "{name}"})
            CHECK((say(key, "en").find(place) == std::string::npos) == (say(key, "zh").find(place) == std::string::npos));
    }
    CHECK(say("no.such.key", "en") == "no.such.key");
    CHECK(say("bar.buyers", "en", "n", "12") == "12 buyers");
}

TEST_CASE("hostile documents read as empty, not as a crash") {
    for (const char* text :
         {"null", "[]", "7", R"({"scenes":7,"cameras":{"a":1},"products":[null,{"id":3,"callouts":"x"}],"languages":[]})",
          R"({"session":5,"buyers":null,"cameras":[1],"outputs":[{}],"chapters":[7],"notices":[1,"ok"],"hidden_callouts":{}})"}) {
        const json document = json::parse(text);
        const ShowView view = read_show(&document, &document, "en");
        CHECK(view.session == SessionState::idle);
        CHECK(view.program_width >= 1);
    }
    CHECK(read_show(nullptr, nullptr, "en").scenes.empty());
}

TEST_CASE("names fall back to the show's first language") {
    const json show = json::parse(
        R"({"languages":["es","en"],"title":{"es":"Luz","en":"Light"},"cameras":[{"id":"a","name":{"pt":"Linha"}},{"id":"b"}]})");
    CHECK(read_show(&show, nullptr, "zh").title == "Luz");
    CHECK(read_show(&show, nullptr, "en").title == "Light");
    CHECK(read_show(&show, nullptr, "zh").cameras.at(0).name == "Linha");
    CHECK(read_show(&show, nullptr, "zh").cameras.at(1).name == "b");
}

TEST_CASE("the clock runs between snapshots while the show is live, and stands when the link is lost") {
    PanelState state;
    state.show.session = SessionState::live;
    state.show.live_s = 59;
    state.snapshot_at = 10;
    state.now = 12.5;
    state.link = ControlClient::Link::attached;
    CHECK(clock_text(state.live_seconds()) == "00:01:01");
    state.link = ControlClient::Link::lost;
    CHECK(clock_text(state.live_seconds()) == "00:00:59");
    CHECK(clock_text(3600 * 25) == "25:00:00");
}

TEST_CASE("the level rises at once and falls slowly") {
    PanelState state;
    state.now = 5;
    state.show.audio_peak_db = -10;
    follow_sound(state, 0.1);
    CHECK(state.level_db == Approx(-10));
    CHECK(state.heard_at == 5);
    state.now = 6;
    state.show.audio_peak_db = -100;
    follow_sound(state, 1);
    CHECK(state.level_db == Approx(-30));
    CHECK(state.heard_at == 5);
}

TEST_CASE("settings are kept, and damage or nonsense reads as none") {
    const auto folder = std::filesystem::temp_directory_path() / ("vitrine-panel-test-" + std::to_string(getpid()));
    const auto file = folder / "deeper" / "panel.json";
    Settings settings{"zh", false, Settings::Place{-20, 30, 1400, 800}};
    REQUIRE(write_settings(file, settings));
    CHECK(read_settings(file) == settings);
    for (const char* text : {"", "{", "[]", R"({"language":"klingon","theme":7,"window":{"x":1e99,"y":0,"width":-5,"height":2}})"}) {
        std::ofstream(file) << text;
        CHECK(read_settings(file) == Settings{});
    }
    CHECK(read_settings(folder / "none.json") == Settings{});
    CHECK_FALSE(write_settings("/proc/none/panel.json", settings));
    std::filesystem::remove_all(folder);
    CHECK(choose_language("zh", "en") == "zh");
    CHECK(choose_language("", "zh") == "zh");
}
