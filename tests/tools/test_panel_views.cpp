// The panel without a window: ImGui draws into nothing, the pointer is ours, and what a frame has drawn is read back.

#include <imgui.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/catch.h"
#include "tools/panel/panel_layout.h"
#include "tools/panel/panel_state.h"

using namespace vitrine;
using namespace vitrine::panel;
using nlohmann::json;

namespace {

const json show_document = json::parse(R"({
  "title":{"en":"Spring lighting line","zh":"春季灯具新品"},"languages":["en","zh"],"program":{"width":1280,"height":720},
  "cameras":[{"id":"line","name":{"en":"Production line","zh":"生产线"}},{"id":"bench","name":{"en":"Demo bench","zh":"演示台"}}],
  "scenes":[{"id":"line","name":{"en":"Production line","zh":"生产线"},"layout":"full","cameras":["line"]},
            {"id":"bench","name":{"en":"Demo bench","zh":"演示台"},"layout":"full","cameras":["bench"]},
            {"id":"both","name":{"en":"Line, bench inset","zh":"生产线与演示台小窗"},"layout":"pip","cameras":["line","bench"]}],
  "products":[{"id":"LX-200","name":{"en":"LX-200 downlight","zh":"LX-200 筒灯"},"prices":[{"min":100,"unit":5.1,"currency":"USD"},{"min":500,"unit":4.2,"currency":"USD"}],
               "callouts":[{"id":"sink","text":{"en":"Die-cast heat sink","zh":"压铸散热器"}},{"id":"lens","text":{"en":"Deep anti-glare lens","zh":"深藏防眩透镜"}}]},
              {"id":"LX-310","name":{"en":"LX-310 panel light"},"prices":[],"callouts":[]}],
  "preview":"","buyer_url":"http://127.0.0.1:8080/j/ab#cd"})");

json snapshot_of(const std::string& session) {
    json s =
        json::parse(R"({"version":7,"scene":"line","pinned":"LX-200","card":true,"muted":false,"hidden_callouts":["lens"],"live_s":65.5,
      "chapters":[{"number":1,"title":"LX-200 downlight","at_s":12}],"buyers":12,"audio_peak_db":-12,"notices":["Camera bench is back."],
      "cameras":{"line":{"state":"live","detail":"","fps":30,"width":1280,"height":720,"frames":9,"dropped":0,"reconnects":0},
                 "bench":{"state":"lost","detail":"No frame for 3 s.","fps":null,"width":0,"height":0,"frames":9,"dropped":4,"reconnects":2}},
      "outputs":[{"kind":"webrtc","name":"viewers","state":"12 connected","frames":900,"dropped":0,"bytes":1,"bitrate_kbps":30000},
                 {"kind":"recording","name":"program","state":"writing","frames":900,"dropped":2,"bytes":2000000,"bitrate_kbps":0}]})");
    s["session"] = session;
    return s;
}

/// A panel of that size whose frames are drawn into nothing.
struct Bench {
    Kit kit;
    PanelState state;
    std::vector<Drawn> drawn;
    Commands asked;
    float width, height;

    explicit Bench(const std::string& session = "live", const std::string& language = "en", float w = 1280, float h = 720, float scale = 1)
        : width(w), height(h) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.DisplaySize = {w, h};
#if IMGUI_VERSION_NUM < 18700
        for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
        for (const auto key : panel_message_keys())
            for (const char* each : {"en", "zh"}) kit.fonts.want(say(key, each));
        kit.fonts.want(all_texts(show_document));
        kit.scale = fitting_scale(w, h, scale);
        kit.palette = look().dark;
        kit.fonts.build(*io.Fonts, kit.scale);
        apply_style(kit);
        state.kit = &kit;
        state.link = ControlClient::Link::attached;
        state.ever_attached = true;
        state.now = state.heard_at = 100;
        state.ui.language = language;
        const json snapshot = snapshot_of(session);
        state.show = read_show(&show_document, &snapshot, language);
        settle_preview(state);
    }
    ~Bench() { ImGui::DestroyContext(); }

    void frame() {
        drawn.clear();
        kit.drawn = &drawn;
        ImGui::GetIO().DeltaTime = 1.0f / 30;
        ImGui::NewFrame();
        draw_panel(state, width, height, asked);
        ImGui::Render();
    }
    void point(ImVec2 at) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
#else
        ImGui::GetIO().MousePos = at;
#endif
        frame();
    }
    void hold(bool down) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
        ImGui::GetIO().MouseDown[0] = down;
#endif
        frame();
    }
    void tap(decltype(ImGuiKey_Space) key) {
        for (const bool down : {true, false}) {
#if IMGUI_VERSION_NUM >= 18700
            ImGui::GetIO().AddKeyEvent(key, down);
#else
            ImGui::GetIO().KeysDown[key] = down;
#endif
            frame();
            frame();
        }
    }
    const Drawn& control(const std::string& id) {
        frame();
        const auto found = std::find_if(drawn.begin(), drawn.end(), [&](const Drawn& d) { return d.control && d.id == id; });
        if (found == drawn.end()) throw std::runtime_error("no control " + id);
        return *found;
    }
    bool shows(const std::string& text) {
        frame();
        return std::any_of(drawn.begin(), drawn.end(), [&](const Drawn& d) { return d.text == text; });
    }
    /// The commands and acts that one click asks for.
    Commands click(const std::string& id) {
        const Area area = control(id).area;
        point({area.x + area.w / 2, area.y + area.h / 2});
        frame();
        asked = {};
        hold(true);
        hold(false);
        frame();
        return std::exchange(asked, {});
    }
};

template <class T>
const T* only(const Commands& commands) {
    return commands.to_show.size() == 1 ? std::get_if<T>(&commands.to_show[0]) : nullptr;
}

}  // namespace

TEST_CASE("a click on a scene takes it to the preview and sends nothing to the show") {
    Bench bench;
    CHECK(bench.state.ui.preview == "bench");
    const Commands asked = bench.click("scene:both");
    CHECK(asked.to_show.empty());
    REQUIRE(asked.acts.size() == 1);
    CHECK(std::get<SelectPreview>(asked.acts[0]).scene == "both");
}

TEST_CASE("cut and fade put the preview on program and swap the two") {
    Bench bench;
    const Commands cut = bench.click("cut"), fade = bench.click("fade");
    REQUIRE(only<SwitchScene>(cut));
    CHECK(only<SwitchScene>(cut)->scene == "bench");
    CHECK(only<SwitchScene>(cut)->duration_ms == 0);
    REQUIRE(only<SwitchScene>(fade));
    CHECK(only<SwitchScene>(fade)->duration_ms == 500);
    CHECK(std::get<SelectPreview>(fade.acts.at(0)).scene == "line");
}

TEST_CASE("a take of the scene on program is disabled and says why") {
    Bench bench;
    bench.state.ui.preview = "line";
    CHECK_FALSE(bench.control("cut").enabled);
    CHECK(bench.click("cut").to_show.empty());
}

TEST_CASE("each control sends its own command") {
    Bench bench;
    const Commands mute = bench.click("mute"), unpin = bench.click("pin:LX-200"), pin = bench.click("pin:LX-310"),
                   card = bench.click("card"), hide = bench.click("callout:sink"), show = bench.click("callout:lens"),
                   chapter = bench.click("chapter"), pause = bench.click("pause");
    REQUIRE(only<Mute>(mute));
    CHECK(only<Mute>(mute)->muted);
    REQUIRE(only<PinProduct>(unpin));
    CHECK(only<PinProduct>(unpin)->product.empty());
    REQUIRE(only<PinProduct>(pin));
    CHECK(only<PinProduct>(pin)->product == "LX-310");
    REQUIRE(only<ShowCard>(card));
    CHECK_FALSE(only<ShowCard>(card)->visible);
    REQUIRE(only<ShowCallout>(hide));
    CHECK(only<ShowCallout>(hide)->callout == "sink");
    CHECK_FALSE(only<ShowCallout>(hide)->visible);
    REQUIRE(only<ShowCallout>(show));
    CHECK(only<ShowCallout>(show)->visible);
    REQUIRE(only<MarkChapter>(chapter));
    CHECK(only<MarkChapter>(chapter)->title == "LX-200 downlight");
    REQUIRE(only<MoveSession>(pause));
    CHECK(only<MoveSession>(pause)->move == SessionMove::pause);
}

TEST_CASE("ending asks again, and forgets the question after four seconds") {
    Bench bench;
    const Commands first = bench.click("end");
    CHECK(first.to_show.empty());
    for (const Act& act : first.acts) apply(act, bench.state);
    CHECK(bench.control("end").text == bench.state.say("confirm.end"));
    bench.state.now += ask_again_s + 0.1;
    CHECK(bench.click("end").to_show.empty());
    apply(AskAgain{SessionMove::end}, bench.state);
    const Commands second = bench.click("end");
    REQUIRE(only<MoveSession>(second));
    CHECK(only<MoveSession>(second)->move == SessionMove::end);
}

TEST_CASE("keys do what the controls do") {
    Bench bench;
    const auto key = [&](char k) {
        Commands commands;
        press_key(bench.state, k, commands);
        return commands;
    };
    CHECK(std::get<SelectPreview>(key('3').acts.at(0)).scene == "both");
    CHECK(key('9').acts.empty());
    CHECK(only<SwitchScene>(key(' ')));
    CHECK(only<SwitchScene>(key('\n'))->duration_ms == 0);
    CHECK(only<SwitchScene>(key('F'))->duration_ms == 500);
    CHECK(only<MarkChapter>(key('M')));
    CHECK(only<MoveSession>(key('P'))->move == SessionMove::pause);
    CHECK(key('G').to_show.empty());  // live already
    bench.state.show.session = SessionState::ready;
    const Commands once = key('G');
    CHECK(once.to_show.empty());
    for (const Act& act : once.acts) apply(act, bench.state);
    CHECK(only<MoveSession>(key('G'))->move == SessionMove::go_live);
    CHECK(key('M').to_show.empty());
}

TEST_CASE("without a link everything stays on screen and nothing is sent") {
    Bench bench;
    bench.state.link = ControlClient::Link::lost;
    bench.state.unlinked_since = 95;
    CHECK(bench.shows(bench.state.say("link.lost")));
    for (const char* id : {"cut", "mute", "pin:LX-310", "card", "chapter", "pause"}) {
        CHECK_FALSE(bench.control(id).enabled);
        CHECK(bench.click(id).to_show.empty());
    }
    bench.state.link = ControlClient::Link::refused;
    CHECK(bench.shows(bench.state.say("link.refused")));
    bench.state.ever_attached = false;
    bench.state.link = ControlClient::Link::connecting;
    CHECK(bench.shows(bench.state.say("link.connecting")));
}

TEST_CASE("a buyer link without an invitation is not offered") {
    Bench bench;
    CHECK(std::holds_alternative<CopyBuyerLink>(bench.click("copy").acts.at(0)));
    bench.state.show.buyer_url = "http://127.0.0.1:8080";
    CHECK_THROWS(bench.control("copy"));
}

TEST_CASE("every control has help, is large enough, inside the window and apart from the others; no text is cut") {
    for (const char* session : {"idle", "ready", "live", "paused", "ended"})
        for (const char* language : {"en", "zh"})
            for (const auto& [w, h, scale] : {std::tuple{1280.f, 720.f, 1.f}, {1920.f, 1080.f, 1.f}, {2560.f, 1440.f, 2.f}}) {
                Bench bench(session, language, w, h, scale);
                bench.state.ui.asked = SessionMove::end;
                bench.state.ui.asked_until = 200;
                bench.frame();
                bench.frame();
                INFO(session << ' ' << language << ' ' << w);
                std::vector<Drawn> controls;
                for (const Drawn& d : bench.drawn) {
                    INFO(d.id << ": " << d.text);
                    CHECK_FALSE(d.shortened);
                    if (!d.control) continue;
                    CHECK_FALSE(d.help.empty());
                    CHECK(d.area.h >= bench.kit.px(36) - 0.5f);
                    CHECK(d.area.w >= bench.kit.px(36) - 0.5f);
                    CHECK(Area{0, 0, w, 10'000}.contains(d.area));
                    for (const Drawn& other : controls) {
                        const bool apart = d.area.x >= other.area.x + other.area.w || other.area.x >= d.area.x + d.area.w ||
                                           d.area.y >= other.area.y + other.area.h || other.area.y >= d.area.y + d.area.h;
                        INFO("and " << other.id);
                        CHECK(apart);
                    }
                    controls.push_back(d);
                }
                CHECK(controls.size() > 8);
            }
}

TEST_CASE("figures are as wide as each other, so that clocks stand still") {
    Bench bench;
    for (const Type type : {Type::caption, Type::body, Type::title})
        for (const char* figure : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
            CHECK(bench.kit.measure(type, figure).x == Approx(bench.kit.measure(type, "0").x));
}

TEST_CASE("the arrow keys reach every control, and Space presses the focused one") {
    Bench bench;
    bench.frame();
    std::vector<std::string> all;
    std::set<std::string> seen;
    for (const Drawn& d : bench.drawn)
        if (d.control) all.push_back(d.id);
    const auto look_around = [&] {
        for (const Drawn& d : bench.drawn)
            if (d.control && d.focused) seen.insert(d.id);
    };
    // A fixed walk that sweeps the window in rows and columns.
    bench.tap(ImGuiKey_DownArrow);
    for (int sweep = 0; sweep < 14; ++sweep) {
        for (int i = 0; i < 9; ++i) {
            bench.tap(sweep % 2 ? ImGuiKey_LeftArrow : ImGuiKey_RightArrow);
            look_around();
        }
        bench.tap(ImGuiKey_DownArrow);
        look_around();
    }
    for (int column = 0; column < 5; ++column) {
        for (int i = 0; i < 14; ++i) {
            bench.tap(column % 2 ? ImGuiKey_DownArrow : ImGuiKey_UpArrow);
            look_around();
        }
        bench.tap(ImGuiKey_LeftArrow);
        look_around();
    }
    // The top bar from end to end.
    for (int i = 0; i < 14; ++i) bench.tap(ImGuiKey_UpArrow);
    for (const auto key : {ImGuiKey_RightArrow, ImGuiKey_LeftArrow}) {
        for (int i = 0; i < 8; ++i) {
            bench.tap(key);
            look_around();
        }
    }
    for (const std::string& id : all) {
        INFO(id);
        CHECK(seen.contains(id));
    }
    bench.asked = {};
    bench.tap(ImGuiKey_Space);
    CHECK(bench.asked.to_show.size() == 1);  // the walk ends on Pause
}
