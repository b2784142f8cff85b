// Valid shows: what load_show makes of every key, and what it fills in.

#include "engine/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

namespace fs = std::filesystem;
using namespace vitrine;

namespace {

const fs::path root(VITRINE_SOURCE_DIR);

ShowConfig loaded(const fs::path& folder) {
    auto result = load_show(folder);
    for (const auto& p : result.problems) FAIL_CHECK(p.text());
    REQUIRE(result.show);
    return *result.show;
}

bool names(const std::vector<Problem>& problems, const std::string& key, const std::string& what) {
    for (const auto& p : problems)
        if (p.key == key && p.what.find(what) != std::string::npos) return true;
    return false;
}

}  // namespace

TEST_CASE("the smallest show has a scene per camera and the documented defaults", "[config]") {
    const auto show = loaded(root / "tests/fixtures/shows/minimal");
    CHECK(show.folder.is_absolute());
    CHECK(show.title.in("en") == "Test");
    CHECK(show.languages == std::vector<std::string>{"en"});
    CHECK(show.listen_address == "127.0.0.1");
    CHECK(show.listen_port == 8080);
    CHECK_FALSE(show.start_live);
    CHECK(show.program.width == 1280);
    CHECK(show.program.height == 720);
    CHECK(show.program.fps == 30);
    CHECK(show.program.bitrate_kbps == 2500);
    CHECK(show.audio.sources.empty());
    CHECK(show.audio.delay_ms == 20);
    CHECK(show.brand.factory == show.title);
    REQUIRE(show.cameras.size() == 1);
    CHECK(show.cameras[0].name.in("en") == "line");
    CHECK(show.cameras[0].loop);
    CHECK(show.cameras[0].latency_ms == 60);
    REQUIRE(show.scenes.size() == 1);
    CHECK(show.scenes[0].id == "line");
    CHECK(show.scenes[0].layout == Layout::full);
    CHECK(show.scenes[0].cameras == std::vector<std::string>{"line"});
    CHECK(show.products.empty());
    CHECK(judge_listen(show).empty());
}

TEST_CASE("every key arrives", "[config]") {
    const auto folder = fs::canonical(root / "tests/fixtures/shows/complete");
    const auto show = loaded(folder);
    CHECK(show.listen_address == "::");
    CHECK(show.listen_port == 8443);
    CHECK(show.behind_proxy);
    CHECK(show.start_live);
    CHECK(show.stun_servers == std::vector<std::string>{"stun:stun.example.com:3478", "stun:[2001:db8::1]"});
    REQUIRE(show.tls);
    CHECK(show.tls->key == folder / "tls/key.pem");
    CHECK(show.brand.factory.by_language == std::map<std::string, std::string>{{"zh", "港光照明"}});
    CHECK(show.brand.logo == folder / "images/logo.jpg");
    CHECK(show.brand.font == folder / "fonts/letters.ttf");
    CHECK(show.brand.accent == "#AABBCC");
    CHECK(show.program.width == 1920);
    CHECK(show.program.fps == 50);
    CHECK(show.program.frame_code);
    REQUIRE(show.audio.sources.size() == 5);
    CHECK(show.audio.sources[1].scheme == "camera");
    CHECK(show.audio.sources[1].rest == "net");
    CHECK(show.audio.sources[2].rest == "hw:0");
    CHECK(show.audio.sources[3].text() == "pulse");
    CHECK(show.audio.sources[4].rest == (folder / "clips/voice.wav").string());
    CHECK(show.audio.delay_ms == 120);

    const auto* clip = show.camera("clip");
    REQUIRE(clip);
    CHECK(clip->source.rest == (folder / "clips/line.mp4").string());
    CHECK_FALSE(clip->loop);
    REQUIRE(clip->calibration);
    CHECK(clip->calibration->fx == 1500.5);
    CHECK(clip->calibration->distortion == std::array<double, 5>{-0.1, 0.02, 0.001, -0.001, 0});
    REQUIRE(clip->masks.size() == 2);
    CHECK(clip->masks[0].fill == MaskFill::blur);
    CHECK(clip->masks[0].polygon[2] == std::array<float, 2>{1.0F, 0.4F});
    CHECK(clip->masks[1].fill == MaskFill::solid);
    CHECK(show.camera("net")->source.rest == "rtsp://viewer:Geheim-123@192.168.1.20:554/stream1");
    CHECK(show.camera("net")->source.text() == "rtsp://***@192.168.1.20:554/stream1");
    CHECK(show.camera("far")->source.text() == "srt://192.168.1.30:9000?passphrase=***");
    CHECK(show.camera("usb")->source.rest == "/dev/video0");
    CHECK(show.camera("none") == nullptr);
    CHECK(show.scene("all")->layout == Layout::grid);
    CHECK(show.scene("net+usb")->layout == Layout::side_by_side);
    CHECK(show.scene("net+usb")->name.by_language == std::map<std::string, std::string>{{"zh", "net+usb"}});

    const auto* product = show.product("LX-200");
    REQUIRE(product);
    CHECK(product->file == folder / "products/lamp.toml");
    CHECK(product->model == folder / "models/lamp.glb");
    CHECK(product->model_at_mm == std::array<double, 3>{60, 45, 12.5});
    CHECK(product->model_turn_deg == std::array<double, 3>{-90, 0, 15});
    CHECK(product->model_scale == 0.5);
    CHECK(product->description->in("zh") == "嵌入式筒灯");
    CHECK(product->lead_time->in("en") == "25 days");
    CHECK(product->lead_time->in("zh") == "25 天");
    CHECK(product->hs_code == "9405.11.0000");
    REQUIRE(product->target);
    CHECK(product->target->marker->family == "apriltag36h11");
    CHECK(product->target->marker->id == 5);
    CHECK(product->target->marker->size_mm == 40);
    CHECK(product->target->width_mm == 120);
    CHECK(product->target->height_mm == 90);  // the image is 12 × 9 px
    CHECK(product->target->marker_at == std::array<double, 2>{72, 20});
    REQUIRE(product->specs.size() == 3);
    CHECK(product->specs[0].value == "1200");
    CHECK(product->specs[1].value == "12.50");  // as written, behind Chinese on lines before and a trailing zero
    CHECK(product->specs[2].value == "IP65");
    REQUIRE(product->callouts.size() == 2);
    CHECK(product->callouts[0].id == "sink");
    CHECK(product->callouts[0].at_mm == std::array<double, 3>{60, 35, -1.5});
    CHECK(product->callouts[1].id == "LX-200/1");
    CHECK(product->callouts[1].text.by_language == std::map<std::string, std::string>{{"zh", "透镜"}});
    REQUIRE(product->dimensions.size() == 2);
    CHECK(product->dimensions[0].id == "width");
    CHECK(product->dimensions[0].to_mm == std::array<double, 3>{120, 0, 0});
    CHECK(product->dimensions[0].offset_mm == -8.5);
    CHECK(product->dimensions[0].tolerance_mm == 0.25);
    CHECK(product->dimensions[1].id == "LX-200/dimension-1");
    CHECK(product->dimensions[1].offset_mm == 10);
    CHECK(product->dimensions[1].text->in("en") == "Recess depth");
    REQUIRE(product->badges.size() == 3);
    CHECK(product->badges[0].kind == BadgeKind::certificate);
    CHECK(product->badges[0].text == "CE");
    CHECK(product->badges[0].image == folder / "images/logo.jpg");
    CHECK(product->badges[0].label->in("en") == "Conforms");
    CHECK(product->badges[1].id == "badge-1");
    CHECK(product->badges[1].kind == BadgeKind::energy);
    CHECK(product->badges[1].grade == 'A');
    CHECK(product->badges[1].scheme == "EU 2019/2015");
    CHECK(product->badges[2].kind == BadgeKind::carbon);
    CHECK(product->badges[2].value == 8.4);
    CHECK(product->badges[2].unit == "kg CO2e/a");
    REQUIRE(show.speaker("ana"));
    CHECK(show.speaker("ana")->name.in("en") == "Ana Lima");
    CHECK(show.speaker("ana")->role->in("zh") == "销售");
    CHECK(show.speaker("ana")->language == "pt");
    CHECK(show.speaker("nobody") == nullptr);
    REQUIRE(product->prices.size() == 2);
    CHECK(product->prices[0].min == 100);  // ascending, whatever the order in the file
    CHECK(product->prices[1].unit == 4.2);
    REQUIRE(product->metrics.size() == 1);
    CHECK(product->metrics[0].period_s == 2.0);
}

TEST_CASE("the demo show is valid and speaks five languages", "[config]") {
    const auto show = loaded(root / "assets/shows/demo");
    CHECK(show.start_live);
    CHECK(show.scenes.size() == 6);
    auto in_all = [&](const LocalText& text) {
        for (const auto& language : show.languages) {
            INFO(text.in("en") << " in " << language);
            CHECK(text.by_language.count(language) == 1);
        }
    };
    in_all(show.title);
    in_all(show.brand.factory);
    for (const auto& camera : show.cameras) in_all(camera.name);
    for (const auto& scene : show.scenes) in_all(scene.name);
    REQUIRE(show.products.size() == 2);
    for (const auto& product : show.products) {
        in_all(product.name);
        in_all(product.description.value());
        for (const auto& spec : product.specs) in_all(spec.label);
        for (const auto& callout : product.callouts) in_all(callout.text);
        for (const auto& badge : product.badges)
            if (badge.label) in_all(*badge.label);
        CHECK(product.badges.size() >= 3);
    }
    REQUIRE(show.speakers.size() == 1);
    in_all(show.speakers[0].name);
    in_all(show.speakers[0].role.value());
    const auto* downlight = show.product("LX-200");
    REQUIRE(downlight);
    CHECK(downlight->callouts.size() == 4);
    REQUIRE(downlight->dimensions.size() == 2);
    CHECK(downlight->dimensions[0].length_mm() == 120);
    CHECK(downlight->dimensions[1].length_mm() == 80);
    CHECK(downlight->specs.size() == 6);
    REQUIRE(downlight->prices.size() == 6);
    CHECK(std::count_if(downlight->prices.begin(), downlight->prices.end(), [](const PriceTier& tier) { return tier.group.empty(); }) == 4);
    CHECK(downlight->target->height_mm == 80);
    REQUIRE(show.camera("bench")->calibration);
    CHECK(show.camera("bench")->calibration->fx == 1100);
}

TEST_CASE("a text falls back to the wished, the show's, English, any", "[config]") {
    const LocalText text{{{"en", "Lamp"}, {"zh", "灯"}, {"ar", "مصباح"}}};
    CHECK(text.in("zh") == "灯");
    CHECK(text.in("pt", "zh") == "灯");
    CHECK(text.in("pt", "es") == "Lamp");
    CHECK(LocalText{{{"zh", "灯"}}}.in("pt", "es") == "灯");
    CHECK(LocalText{}.in("en").empty());
}

TEST_CASE("a dimension stands outside a product whose corners go clockwise, and has the decimals it needs", "[config]") {
    const std::array<std::array<double, 3>, 4> corners{{{0, 0, 5}, {120, 0, 5}, {120, 80, 5}, {0, 80, 5}}};
    const std::array<std::array<double, 2>, 4> outwards{{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}};
    for (std::size_t i = 0; i < 4; ++i) {
        DimensionConfig side{"side", corners[i], corners[(i + 1) % 4], 12, {}, {}};
        CHECK(side.length_mm() == (i % 2 ? 80 : 120));
        const auto line = side.line_mm();
        for (std::size_t end = 0; end < 2; ++end) {
            const auto& point = end == 0 ? side.from_mm : side.to_mm;
            CHECK(line[end] == std::array<double, 3>{point[0] + 12 * outwards[i][0], point[1] + 12 * outwards[i][1], 5});
        }
    }
    DimensionConfig depth{"depth", {10, 20, 0}, {10, 20, -35.25}, 4, {}, {}};
    CHECK(depth.line_mm()[1] == std::array<double, 3>{14, 20, -35.25});
    CHECK(depth.decimals() == 1);
    depth.to_mm[2] = 35.04;
    CHECK(depth.decimals() == 0);
    depth.tolerance_mm = 0.05;
    CHECK(depth.decimals() == 2);
    depth.tolerance_mm = 1.0 / 3;
    CHECK(depth.decimals() == 3);
    depth.tolerance_mm = 2;
    CHECK(depth.decimals() == 0);
}

TEST_CASE("a marker's size and a label's width stand in for each other", "[config]") {
    ScratchShow scratch;
    scratch.write("show.toml", ScratchShow::smallest);
    scratch.write("products/a.toml", "id = \"a\"\nname = \"A\"\n[target]\nmarker = \"aruco4x4_50:7\"\nsize_mm = 40\n");
    scratch.write("products/b.toml", "id = \"b\"\nname = \"B\"\n[target]\nmarker = \"aruco4x4_50:8\"\nwidth_mm = 30\n");
    const auto show = loaded(scratch.folder());
    CHECK(show.product("a")->target->width_mm == 40);
    CHECK(show.product("a")->target->height_mm == 40);
    CHECK(show.product("b")->target->marker->size_mm == 30);
}

TEST_CASE("overrides of the address are judged like the file", "[config]") {
    auto show = loaded(root / "tests/fixtures/shows/minimal");
    show.listen_address = "0.0.0.0";
    CHECK(names(judge_listen(show), "--listen", "without TLS"));
    show.behind_proxy = true;
    CHECK(judge_listen(show).empty());
    show.behind_proxy = false;
    show.tls = TlsConfig{"/c", "/k"};
    CHECK(judge_listen(show).empty());
    show.tls.reset();
    for (const char* loopback : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "localhost"}) {
        INFO(loopback);
        show.listen_address = loopback;
        CHECK(judge_listen(show).empty());
    }
    for (const char* open : {"::", "192.168.1.5", "::ffff:10.0.0.1", "128.0.0.1"}) {
        INFO(open);
        show.listen_address = open;
        CHECK(names(judge_listen(show), "--listen", "without TLS"));
    }
    show.listen_address = "127.0.0.1.evil.example";
    CHECK(names(judge_listen(show), "--listen", "not an IP address"));
    show.listen_address = "127.0.0.1";
    show.listen_port = 65536;
    CHECK(names(judge_listen(show), "--port", "is 65536"));
}

TEST_CASE("a price has at most four decimals", "[config]") {
    ScratchShow scratch;
    scratch.write("show.toml", ScratchShow::smallest);
    const auto with = [&](const std::string& unit) {
        scratch.write("products/p.toml", "id = \"P\"\nname = \"P\"\n[[price]]\nmin = 100\nunit = " + unit + "\ncurrency = \"USD\"\n");
        return load_show(scratch.folder());
    };
    for (const char* good : {"0.035", "0.0001", "4.2", "1000000000", "999999999.9999", "12"}) {
        CAPTURE(good);
        const auto loaded = with(good);
        for (const auto& problem : loaded.problems) FAIL_CHECK(problem.text());
        REQUIRE(loaded.show);
        CHECK(loaded.show->products[0].prices[0].unit == std::stod(good));
    }
    for (const char* bad : {"0.00005", "0.03501234", "1.00001", "0", "-1"}) {
        CAPTURE(bad);
        CHECK(names(with(bad).problems, "price[0].unit", ""));
    }
}

TEST_CASE("public address, start and translation are read and judged", "[config]") {
    ScratchShow scratch;
    const auto show_with = [&](const std::string& show_keys, const std::string& tables) {
        scratch.write("show.toml",
                      "[show]\ntitle = \"T\"\n" + show_keys + "\n" + tables + "\n[[camera]]\nid = \"line\"\nsource = \"sim:line\"\n");
        return load_show(scratch.folder());
    };
    scratch.write("key", "abc\n");
    fs::permissions(scratch.folder() / "key", fs::perms::owner_read | fs::perms::owner_write);
    const auto good = show_with("public_url = \"https://show.example.com/\"\nstarts_at = 2026-11-26T14:00:00+08:00",
                                "[translation]\nurl = \"https://t.example.com/api/\"\nkey_file = \"key\"");
    for (const auto& p : good.problems) FAIL_CHECK(p.text());
    REQUIRE(good.show);
    CHECK(good.show->public_url == "https://show.example.com");
    CHECK(good.show->starts_at_us == 1'795'672'800'000'000);
    CHECK(good.show->translation->url == "https://t.example.com/api");
    CHECK(good.show->translation->key_file == scratch.folder() / "key");
    CHECK(show_with("starts_at = \"2026-11-26T06:00:00Z\"", "").show->starts_at_us == 1'795'672'800'000'000);
    CHECK(show_with("public_url = \"http://127.0.0.1:8080\"", "").show);
    for (const char* url :
         {"show.example.com", "http://show.example.com", "https://", "https://a/b", "https://u:p@a", "https://a?b", "ftp://a"})
        CHECK(names(show_with("public_url = \"" + std::string(url) + "\"", "").problems, "show.public_url", ""));
    for (const char* at :
         {"2026-11-26", "2026-11-26T14:00:00", "2026-02-30T14:00:00Z", "2026-11-26T24:00:00Z", "tomorrow", "2026-11-26T14:00:00+8"})
        CHECK(names(show_with("starts_at = \"" + std::string(at) + "\"", "").problems, "show.starts_at", ""));
    CHECK(names(show_with("", "[translation]\nkey_file = \"key\"").problems, "translation.url", ""));
    fs::permissions(scratch.folder() / "key", fs::perms::others_read, fs::perm_options::add);
    CHECK(names(show_with("", "[translation]\nurl = \"https://t.example.com\"\nkey_file = \"key\"").problems, "translation.key_file",
                "others"));
}
