// A show out of answers: what is asked for is judged at once, names come from file names, and what is written reads back as meant.

#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "engine/config.h"
#include "engine/new_show/answers.h"
#include "engine/new_show/names.h"
#include "engine/new_show/pictures.h"
#include "engine/new_show/show_text.h"
#include "engine/preflight.h"
#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::new_show;

namespace {

bool any_holds(const std::vector<std::string>& sentences, const std::string& words) {
    return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& s) { return s.find(words) != std::string::npos; });
}

std::string png() {
    std::ifstream in(std::string(VITRINE_SOURCE_DIR) + "/assets/shows/demo/images/logo.png", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("model numbers become ids, other names what is left of them", "[new_show]") {
    CHECK(id_of("LX-200 downlight_front") == "LX-200");
    CHECK(id_of("LX-200_front") == "LX-200");
    CHECK(id_of("LX200筒灯") == "LX200");
    CHECK(id_of("Desk lamp (new)") == "Desk-lamp-new");
    CHECK(id_of("IMG_2034") == "IMG_2034");
    CHECK(id_of("台灯") == "");
    CHECK(id_of("../../etc/passwd") == "etc-passwd");
    CHECK(id_of("--help") == "help");
    CHECK(id_of(std::string(500, 'a')).size() == 40);
    std::set<std::string> taken;
    CHECK(distinct_id("LX-200", taken) == "LX-200");
    CHECK(distinct_id("lx-200", taken) == "lx-200-2");
    CHECK(distinct_id("LX-200", taken) == "LX-200-3");
    CHECK(shown_name("LX-200_downlight  front_") == "LX-200 downlight front");
    CHECK(shown_name("a\nb") == "a\\nb");
    CHECK(counts_before("frame9", "frame10"));
    CHECK_FALSE(counts_before("frame10", "frame9"));
    CHECK_FALSE(counts_before("a", "a"));
    CHECK(has_han("LX 筒灯"));
    CHECK_FALSE(has_han("Lámpara"));
}

TEST_CASE("prices are read as people type them", "[new_show]") {
    const std::vector<PriceTier> two{{100, 4.2, "USD", ""}, {1000, 3.8, "USD", ""}};
    CHECK(*price_tiers("100: 4.20, 1000: 3.80", "USD") == two);
    CHECK(*price_tiers("100：4.20，1000：3.80", "USD") == two);
    CHECK(*price_tiers("100=4.2\n1000=3.8\n", "USD") == two);
    CHECK(price_tiers("", "USD")->empty());
    for (const char* wrong :
         {"100", "a: 4", "100: x", "100: -1", "0: 4", "100: 4, 50: 3", "100: 4, 100: 3", "100: 1e99", "100: nan", "1.5: 3"}) {
        INFO(wrong);
        CHECK_FALSE(price_tiers(wrong, "USD"));
    }
}

TEST_CASE("answers are judged at once, and no problem tells a password", "[new_show]") {
    ScratchShow scratch;
    const JudgedAnswers judged = answers_from_json(R"({
        "name": "", "languages": ["en", "EN"], "cameras": [{"source": "rtsp://me:geheim12@:0/x"}, {"source": "vl42:/dev/video0"}],
        "microphone": "micro", "accent": "teal", "currency": "dollar", "products": "nowhere", "logo": "no.png", "width_mm": 0,
        "colour": 1 })",
                                                   scratch.folder());
    CHECK_FALSE(judged.answers);
    for (const char* key : {"name:", "languages:", "cameras[1].source:", "cameras[2].source:", "microphone:", "accent:", "currency:",
                            "products:", "logo:", "width_mm:", "colour:"}) {
        INFO(key);
        CHECK(any_holds(judged.problems, key));
    }
    CHECK_FALSE(any_holds(judged.problems, "geheim12"));
    CHECK_FALSE(answers_from_json("[]", scratch.folder()).answers);
    CHECK_FALSE(answers_from_json("{", scratch.folder()).answers);
    for (const char* name : {"a\\nb", "a\\u202eb", "\\u0000"})
        CHECK(any_holds(answers_from_json(std::string(R"({"cameras":["sim:bench"],"name":")") + name + "\"}", scratch.folder()).problems,
                        "name:"));
    CHECK(any_holds(answers_from_json("{}", scratch.folder()).problems, "cameras"));
}

TEST_CASE("what is wrong is told in Chinese, too", "[new_show]") {
    ScratchShow scratch;
    const auto judged = answers_from_json(R"({"name": "", "languages": 3, "cameras": [], "accent": "teal", "currency": "dollar",
        "products": "nowhere", "logo": "no.png", "width_mm": 0, "prices": 1, "comments": "fr"})",
                                          scratch.folder(), "zh");
    CHECK(judged.problems.size() == 9);  // without a currency no price is read
    const auto prices = answers_from_json(R"({"name": "x", "cameras": ["sim:bench"], "prices": 1})", scratch.folder(), "zh");
    REQUIRE(prices.problems.size() == 1);
    auto problems = judged.problems;
    problems.push_back(prices.problems.front());
    for (const std::string& problem : problems) {
        INFO(problem);
        CHECK(has_han(problem));
        CHECK(problem.find('{') == (problem.starts_with("prices") ? problem.find("{ \"LX") : std::string::npos));
    }
    CHECK(has_han(price_tiers("100: 4, 50: 3", "USD", "zh").error().message));
    scratch.write("p/x.webp", "");
    scratch.write("p/empty/readme.txt", "");
    const auto found = products_in(scratch.folder() / "p", "zh");
    REQUIRE(found->left_out.size() == 2);
    for (const std::string& sentence : found->left_out) CHECK(has_han(sentence));
    CHECK(has_han(products_in(scratch.folder() / "nowhere", "zh").error().message));
}

TEST_CASE("the example of the answers is understood but for its files", "[new_show]") {
    ScratchShow scratch;
    scratch.write("logo.png", png());
    scratch.write("factory.mp4", "x");
    scratch.write("pictures/LX-200.png", png());
    const JudgedAnswers judged = answers_from_json(example_answers(), scratch.folder());
    INFO((judged.problems.empty() ? "" : judged.problems.front()));
    REQUIRE(judged.answers);
    CHECK(judged.answers->cameras.size() == 4);
    CHECK(judged.answers->cameras[1].source == "rtsp://user:password@192.168.1.20/stream1");
    CHECK(judged.answers->cameras[2].source == "file:" + (std::filesystem::canonical(scratch.folder()) / "factory.mp4").string());
    CHECK(judged.answers->prices.at("LX-200").size() == 2);
}

TEST_CASE("a folder of pictures: each is a product, each folder another", "[new_show]") {
    ScratchShow scratch;
    for (const char* name : {"p/LX-10 b.png", "p/LX-9 a.JPG", "p/台灯.jpg", "p/吊灯.jpg", "p/Box/back.png", "p/Box/Label.png",
                             "p/Box/front.png", "p/empty/readme.txt", "p/.DS_Store", "p/._LX-9.jpg", "p/Thumbs.db", "p/x.webp",
                             "p/\xb5\xc6.jpg", "p/__MACOSX/a.jpg", "p/LX-9.png"})
        scratch.write(name, "not looked at");
    const auto found = products_in(scratch.folder() / "p");
    REQUIRE(found);
    std::vector<std::string> ids;
    for (const FoundProduct& product : found->products) ids.push_back(product.id);
    CHECK(ids == std::vector<std::string>{"Box", "LX-9", "LX-9-2", "LX-10", "product-5", "product-6"});
    CHECK(found->products[0].image.filename() == "back.png");
    CHECK(found->products[0].label.filename() == "Label.png");
    CHECK(found->products[4].name == "台灯");
    CHECK(any_holds(found->left_out, "\"x.webp\" is left out"));
    CHECK(any_holds(found->left_out, "not UTF-8"));
    CHECK(any_holds(found->left_out, "\"empty\""));
    CHECK(any_holds(found->left_out, "Of the folder \"Box\""));
    CHECK(found->left_out.size() == 4);
    CHECK_FALSE(products_in(scratch.folder() / "nowhere"));
}

TEST_CASE("what is written is a show: it loads, says what was meant, and pre-flight finds no slip", "[new_show]") {
    const std::string hostile = "\"] [show]\\ # \\n 'x' \"\"\" {a} = é 灯";
    for (const std::string words : {"en", "zh"}) {
        ScratchShow scratch;
        Answers answers;
        answers.words = words;
        answers.title.by_language = {{"en", "Say \"hi\" \\ # [x]"}, {"zh", hostile}};
        answers.languages = {"en", "zh"};
        answers.cameras = {{"bench", "Bench \"1\"", "sim:bench"}, {"line", "生产线", "sim:line"}, {"net", "Net", "rtsp://a:b%22c@h/x"}};
        answers.factory.by_language = {{"en", "A \"B\" & C"}};
        answers.accent = "#AABBCC";
        answers.prices["LX-200"] = {{100, 4.2, "EUR", ""}, {1000, 3.855, "EUR", ""}};
        answers.currency = "EUR";
        answers.microphone = "sim:voice";
        const std::vector<PlacedProduct> products{{"LX-200", hostile, "images/LX-200.png", "images/LX-200.png"},
                                                  {"product-2", "台灯", "images/product-2.png", "images/product-2-label.png"}};
        for (const char* file : {"images/LX-200.png", "images/product-2.png", "images/product-2-label.png", "images/logo.png"})
            scratch.write(file, png());
        for (const auto& [file, text] : show_files(answers, products, "images/logo.png")) scratch.write(file, text);
        const LoadedShow loaded = load_show(scratch.folder());
        INFO((loaded.problems.empty() ? "" : loaded.problems.front().text()));
        REQUIRE(loaded.show);
        const ShowConfig& show = *loaded.show;
        CHECK(show.title == answers.title);
        CHECK(show.languages == answers.languages);
        CHECK(show.brand.factory == answers.factory);
        CHECK(show.brand.accent == "#AABBCC");
        CHECK(show.cameras.size() == 3);
        CHECK(show.cameras[2].source.rest == "rtsp://a:b%22c@h/x");
        CHECK(show.cameras[1].name.by_language.at("zh") == "生产线");
        CHECK(show.scenes.size() == 6);
        CHECK(show.products.at(0).name.by_language.at("zh") == hostile);
        CHECK(show.products[0].prices == answers.prices["LX-200"]);
        CHECK(show.products[1].target->width_mm == 100);
        CHECK(show.products[1].target->image->filename() == "product-2-label.png");
        for (const Finding& finding : preflight(show)) {
            INFO(finding.id);
            CHECK(finding.level != Finding::Level::fail);
        }
        // What stands there as a comment is right as well.
        std::string text = show_files(answers, {products[1]}, "").at("products/product-2.toml");
        for (const char* key :
             {"[[price]]", "min ", "unit ", "currency", "[[spec]]", "key ", "label ", "value", "[[callout]]", "at  ", "text "})
            for (std::size_t at = 0; (at = text.find(std::string("# ") + key, at)) != std::string::npos;) text.erase(at, 2);
        scratch.write("products/product-2.toml", text);
        const LoadedShow uncommented = load_show(scratch.folder());
        INFO((uncommented.problems.empty() ? "" : uncommented.problems.front().text()));
        REQUIRE(uncommented.show);
        CHECK(uncommented.show->products[1].prices.size() == 1);
        CHECK(uncommented.show->products[1].callouts.size() == 1);
    }
}
