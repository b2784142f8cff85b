#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "engine/config.h"
#include "test_places.h"
#include "tests/support/catch.h"
#include "tools/panel/buyers_desk.h"
#include "tools/panel/fonts.h"
#include "tools/panel/guide.h"
#include "tools/panel/panel_messages.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/problem_sentences.h"
#include "tools/panel/product_geometry.h"
#include "tools/panel/settings.h"
#include "tools/panel/show_sentences.h"
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

TEST_CASE("a place in the picture is found on the product, by pose and by homography") {
    Anchor flat;
    flat.homography = {0.002f, 0.0003f, 0.3f, -0.0002f, 0.003f, 0.4f, 0.0001f, 0.0002f, 1};
    Anchor posed = flat;
    posed.pose = std::array<float, 6>{0.3f, -0.4f, 0.2f, -40, -20, 600};
    posed.intrinsics = std::array<float, 4>{0.9f, 1.6f, 0.5f, 0.5f};
    for (const double z : {0.0, 12.0})
        for (const auto& [x, y] : {std::pair{0.0, 0.0}, {60.0, 35.0}, {118.5, -7.25}}) {
            const auto seen = project(posed, {x, y, z});
            REQUIRE(seen);
            const auto back = point_on_product(posed, (*seen)[0], (*seen)[1], z);
            REQUIRE(back);
            CHECK((*back)[0] == Approx(x).margin(1e-3));
            CHECK((*back)[1] == Approx(y).margin(1e-3));
            const auto flat_seen = project(flat, {x, y, z});
            const auto flat_back = point_on_product(flat, (*flat_seen)[0], (*flat_seen)[1], z);
            CHECK((*flat_back)[0] == Approx(x).margin(1e-3));
            CHECK((*flat_back)[1] == Approx(y).margin(1e-3));
        }
    std::optional<SceneFrame> scene = SceneFrame{};
    posed.product = "LX-200";
    posed.visibility = 0.1f;
    scene->anchors = {posed};
    CHECK(find_anchor(scene, "LX-200") == nullptr);
    scene->anchors[0].visibility = 0.9f;
    CHECK(find_anchor(scene, "LX-200") != nullptr);
}

TEST_CASE("Arabic is joined and runs from the right, with numbers and Latin words inside it the right way") {
    CHECK(needs_shaping("نعم"));
    CHECK(needs_shaping("ใช่"));
    CHECK_FALSE(needs_shaping("LX-200 筒灯 é –"));
    Fonts fonts;
    // A joined letter is another glyph than the letter by itself.
    Shaper bare;
    CHECK(bare.shape("نعم", false, 16).glyphs.empty());
    const ShapedLine word = fonts.shaped(Type::body, "نعم"), mixed = fonts.shaped(Type::body, "حماية IP65 نعم");
    if (word.glyphs.empty()) return;  // no Arabic font here: nothing to look at
    CHECK(word.right_to_left);
    CHECK(word.width > 5);
    const ShapedLine alone = fonts.shaped(Type::body, "ع");
    for (const PlacedGlyph& glyph : word.glyphs) CHECK_FALSE(glyph.name == alone.glyphs.at(0).name);
    CHECK(mixed.right_to_left);
    CHECK(mixed.width > word.width);
}

TEST_CASE("prices are read as people type them, and never rounded") {
    CHECK(money_from("3.9", "USD") == desk::Money{39000, "USD"});
    CHECK(money_from("3,905", "KWD") == desk::Money{39050, "KWD"});
    CHECK(money_from("1200", "JPY") == desk::Money{12'000'000, "JPY"});
    for (const char* wrong : {"", "abc", "3.90551", "1.2.3", "-4", "0"}) CHECK_FALSE(money_from(wrong, "USD"));
    CHECK(money_text({42000, "USD"}) == "4.20 USD");
    CHECK(money_text({12'345'670'000, "USD"}) == "1,234,567.00 USD");
    CHECK(money_from("0.035", "USD") == desk::Money{350, "USD"});
    CHECK(money_text({350, "USD"}) == "0.035 USD");
    CHECK(money_text({-12'345'670'050, "USD"}) == "-1,234,567.005 USD");
    CHECK(money_text({12'000'000, "JPY"}) == "1,200 JPY");
}

TEST_CASE("the queue has what is unanswered first, by priority, likes and age") {
    desk::DeskView desk;
    const auto ask = [&](const char* id, int priority, int likes, std::int64_t made, bool answered) {
        desk::Message message;
        message.id = id, message.kind = desk::MessageKind::question, message.priority = priority, message.likes = likes,
        message.made_us = made;
        if (answered) message.answer = "yes", message.state = desk::MessageState::answered;
        desk.messages.push_back(message);
    };
    ask("old", 0, 0, 1, false);
    ask("liked", 0, 3, 2, false);
    ask("done", 9, 9, 3, true);
    ask("urgent", 2, 0, 4, false);
    std::vector<std::string> order;
    for (const desk::Message* message : question_queue(desk)) order.push_back(message->id);
    CHECK(order == std::vector<std::string>{"urgent", "liked", "old", "done"});
    CHECK(waiting_for_answer(desk) == 3);
}

TEST_CASE("the show's own sentences are said in Chinese where they are known, and stay what they are where not") {
    CHECK(show_sentence("The sound is back.", "zh") == "声音已恢复。");
    CHECK(show_sentence("The video encoder x264enc failed (no memory (again)); the next one is used instead.", "zh") ==
          "视频编码器 x264enc 出错（no memory (again)），已改用下一个。");
    CHECK(show_sentence("Something new.", "zh") == "Something new.");
    CHECK(show_sentence("The sound is back.", "en") == "The sound is back.");
}

TEST_CASE("every problem of the broken shows is said in Chinese, and so is what would be right") {
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(VITRINE_SOURCE_DIR) / "tests/fixtures/shows")) {
        if (!entry.is_directory()) continue;
        for (const Problem& problem : load_show(entry.path()).problems) {
            for (const std::string& words : {problem.what, problem.hint}) {
                INFO(words);
                const std::string chinese = problem_sentence(words, "zh");
                CHECK(chinese != words);
                INFO(chinese);
                // Of English only names are left; and what the TOML reader says, which is not ours.
                static const std::regex names("\"[^\"]*\"|(TOML|无法访问)：.*"), two_words("[a-z]{2,} [a-z]{2,}");
                CHECK_FALSE(std::regex_search(std::regex_replace(chinese, names, ""), two_words));
                CHECK(problem_sentence(words, "en") == words);
            }
            ++seen;
        }
    }
    CHECK(seen > 150);
    CHECK(problem_sentence("is a list, not a text", "zh") == "是列表，应为多语言文字");
    CHECK(problem_sentence("\"5\" is taken already, in line 13", "zh") == "\"5\" 已被使用（第 13 行）");
    CHECK(problem_sentence("has 3, but the layout grid takes 4 to 9", "zh") == "有 3 个，但布局 grid 需要 4 到 9 个");
    CHECK(problem_sentence("for Japanese write \"ja\"", "zh") == "日文请写 \"ja\"");
    CHECK(problem_sentence("160 to 3840, even", "zh") == "160 到 3840 的偶数");
    CHECK(problem_sentence("1 to 365 days", "zh") == "1 到 365 天");
    CHECK(problem_sentence("add days = …, 1 to 365 days", "zh") == "请添加 days = …，1 到 365 天");
    CHECK(problem_sentence("it belongs in the top of the file", "zh") == "它属于 文件开头");
    CHECK(problem_sentence("has a fragment", "zh") == "含有 # 片段");
    CHECK(problem_sentence("\"out.png\" is a link that leads out of the show folder", "zh") == "\"out.png\" 的链接指向节目文件夹之外");
    CHECK(problem_sentence("\"x\" cannot be read", "zh") == "\"x\" 无法读取");
    CHECK(problem_sentence("is 1e+15", "zh") == "为 1e+15");
    CHECK(problem_sentence("-10000 to 10000 mm", "zh") == "-10000 到 10000 mm");
    CHECK(problem_sentence("is something to be said", "zh") == "is something to be said");
}

TEST_CASE("the guide is read as chapters of blocks") {
    const auto guide = parse_guide(
        "# Guide\n\nOne **line**\nand more.\n\n## Start\n\n- first\n  goes on\n- [second](x.md)\n\n| a | b |\n|---|---|\n| c | d |\n");
    REQUIRE(guide.size() == 2);
    CHECK(guide[0].blocks.at(0).text == "One line and more.");
    CHECK(guide[1].title == "Start");
    CHECK(guide[1].blocks.at(0).text == "first goes on");
    CHECK(guide[1].blocks.at(1).text == "second");
    CHECK(guide[1].blocks.at(3).text == "c  ·  d");
}

TEST_CASE("settings are kept, and damage or nonsense reads as none") {
    const auto folder = std::filesystem::temp_directory_path() / ("vitrine-panel-test-" + std::to_string(getpid()));
    const auto file = folder / "deeper" / "panel.json";
    Settings settings;
    settings.language = "zh";
    settings.dark = false;
    settings.fade_ms = 1000;
    settings.page = "buyers";
    settings.recent = {{"/shows/spring", "Spring lighting line"}, {"/shows/autumn", "Autumn", true}};
    settings.window = Settings::Place{-20, 30, 1400, 800};
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
