// The pages of a panel beside a show: drawn into nothing, clicked, read back.

#include "tests/tools/show_bench.h"
#include "tools/panel/start_time.h"

using namespace vitrine;
using namespace vitrine::panel;
using nlohmann::json;

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
    CHECK(only<SwitchScene>(fade)->duration_ms == bench.state.ui.fade_ms);
    CHECK(std::get<SelectPreview>(fade.acts.at(0)).scene == "line");
}

TEST_CASE("a take of the scene on program is disabled and says why") {
    Bench bench;
    bench.state.ui.preview = "line";
    CHECK_FALSE(bench.control("cut").enabled);
    CHECK(bench.click("cut").to_show.empty());
}

TEST_CASE("the waiting rooms are told when it begins, until it has begun") {
    Bench bench("ready");
    bench.state.utc_us = 1'795'665'659'000'000;  // one second before the minute is over
    bench.state.ui.page = Page::settings;
    const Commands soon = bench.click("start_time.in:30");
    REQUIRE(only<SetStart>(soon));
    CHECK(only<SetStart>(soon)->starts_at_us == 1'795'665'600'000'000 + 30 * 60'000'000LL);
    CHECK(only<SetStart>(soon)->save);
    CHECK_FALSE(bench.control("start_time.clear").enabled);
    CHECK_FALSE(bench.control("start_time.tell").enabled);
    bench.keep("start_time", "half past two");
    CHECK_FALSE(bench.control("start_time.tell").enabled);
    bench.keep("start_time", "14:30");
    const Commands typed = bench.click("start_time.tell");
    REQUIRE(only<SetStart>(typed));
    CHECK(only<SetStart>(typed)->starts_at_us == start_time_of("14:30", bench.state.utc_us));
    bench.state.show.starts_at_us = 1'795'665'659'000'000;
    const Commands cleared = bench.click("start_time.clear");
    REQUIRE(only<SetStart>(cleared));
    CHECK(only<SetStart>(cleared)->starts_at_us == 0);
    bench.state.show.session = SessionState::live;
    CHECK_FALSE(bench.control("start_time.clear").enabled);
    CHECK_FALSE(bench.control("start_time.in:10").enabled);
}

TEST_CASE("the show's own answers are offered, in the buyer's language where they have it") {
    Bench bench;
    bench.state.ui.page = Page::buyers;
    REQUIRE(bench.state.show.templates.size() == 2);
    const auto kept = [&](const Commands& commands, const std::string& key) {
        for (const Act& act : commands.acts)
            if (const auto* keep = std::get_if<Keep>(&act); keep && keep->key == key) return keep->value;
        return std::string("nothing");
    };
    const Commands theirs = bench.click("own_template:samples"), other = bench.click("own_template:visit");
    CHECK(kept(theirs, "answer:m1") == "نعم، خلال أسبوع.");
    CHECK(kept(theirs, "answer:m1:language") == "ar");
    CHECK(kept(other, "answer:m1") == "You are welcome at any time.");
    CHECK(kept(other, "answer:m1:language") == "en");
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
    apply(AskAgain{"end"}, bench.state);
    bench.state.now += 0.5;
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
    CHECK(key('G').to_show.empty());  // of the same stroke
    bench.state.now += 0.5;
    CHECK(only<MoveSession>(key('G'))->move == SessionMove::go_live);
    CHECK(key('M').to_show.empty());
}

TEST_CASE("without a link everything stays on screen and nothing is sent") {
    Bench bench;
    bench.state.link = ControlClient::Link::lost;
    bench.state.unlinked_since = 95;
    bench.frame();
    CHECK(std::any_of(bench.drawn.begin(), bench.drawn.end(),
                      [&](const Drawn& d) { return d.text.find(bench.state.say("link.lost")) != std::string::npos; }));
    for (const char* id : {"cut", "mute", "pin:LX-310", "card", "chapter", "pause"}) {
        CHECK_FALSE(bench.control(id).enabled);
        CHECK(bench.click(id).to_show.empty());
    }
    bench.state.link = ControlClient::Link::refused;
    bench.state.ever_attached = false;
    bench.state.link = ControlClient::Link::connecting;
    CHECK(bench.shows(bench.state.say("link.connecting")));
}

TEST_CASE("a buyer link without an invitation is not offered") {
    Bench bench;
    CHECK(std::get<CopyText>(bench.click("copy").acts.at(0)).text == bench.state.show.buyer_url);
    bench.state.show.buyer_url = "http://127.0.0.1:8080";
    CHECK_THROWS(bench.control("copy"));
}

TEST_CASE("on every page every control has help, is large enough, inside the window and apart from the others; no text is cut") {
    for (const char* session : {"ready", "live"})
        for (const char* language : {"en", "zh"})
            for (const auto& [w, h, scale] : {std::tuple{1280.f, 720.f, 1.f}, {1920.f, 1080.f, 1.f}, {2560.f, 1440.f, 2.f}}) {
                Bench bench(session, language, w, h, scale);
                for (int page = 0; page < page_count; ++page)
                    for (const char* tab : {"questions", "quotes", "points", "people", "invites", "orders", "poll"}) {
                        bench.state.ui.page = static_cast<Page>(page);
                        if (bench.state.ui.page != Page::buyers && std::string_view(tab) != "questions") continue;
                        bench.state.ui.kept["buyers.tab"] = tab;
                        bench.frame();
                        bench.frame();
                        INFO(session << ' ' << language << ' ' << w << ' ' << to_string(bench.state.ui.page) << ' ' << tab);
                        CHECK(complaints(bench).empty());
                        CHECK(std::count_if(bench.drawn.begin(), bench.drawn.end(), [](const Drawn& d) { return d.control; }) >= 15);
                    }
            }
}

TEST_CASE("a question is answered, a quote countered, a point shown, an invitation made") {
    Bench bench("live", "en", 1600, 1000);
    bench.state.ui.page = Page::buyers;
    bench.state.ui.kept["answer:m1"] = "Yes, IP65.";
    bench.state.ui.kept["buyers.questions"] = "m1";
    const Commands answer = bench.click("answer.send");
    REQUIRE(answer.to_desk.size() == 1);
    CHECK(std::get<desk::AnswerMessage>(answer.to_desk[0]).message == "m1");
    CHECK(std::get<desk::AnswerMessage>(answer.to_desk[0]).text == "Yes, IP65.");

    const Commands arabic_answer = bench.click("template:yes");
    REQUIRE(arabic_answer.acts.size() == 2);
    CHECK(std::get<Keep>(arabic_answer.acts[1]).value == "ar");

    bench.state.ui.kept["buyers.tab"] = "quotes";
    CHECK_FALSE(bench.control("offer.send").enabled);
    bench.state.ui.kept["offer:q1:price"] = "4,05";
    // The second press of what asks.
    const auto twice = [&](const char* id) {
        const Commands first = bench.click(id);
        CHECK(first.to_desk.empty());
        for (const Act& act : first.acts) apply(act, bench.state);
        bench.state.now += 0.5;
        for (int i = 0; i < 15; ++i) bench.frame();
        return bench.click(id);
    };
    const Commands offer = twice("offer.send");
    REQUIRE(offer.to_desk.size() == 1);
    const auto& counter = std::get<desk::CounterQuote>(offer.to_desk[0]);
    CHECK(counter.unit_price == desk::Money{40500, "USD"});
    CHECK(counter.quantity == 2000);
    CHECK(std::get<desk::DecideChange>(twice("change:q1:c1:accept").to_desk.at(0)).state == desk::ChangeState::accepted);
    CHECK(bench.click("offer.decline").to_desk.empty());

    bench.state.ui.kept["buyers.tab"] = "points";
    CHECK(std::get<desk::SetPoint>(bench.click("point.show").to_desk.at(0)).state == desk::PointState::shown);

    bench.state.ui.kept["buyers.tab"] = "people";
    CHECK(std::get<desk::RaiseHand>(bench.click("hand.lower").to_desk.at(0)).person == "p2");

    bench.state.ui.kept["buyers.tab"] = "invites";
    CHECK_FALSE(bench.control("invite.make").enabled);
    bench.state.ui.kept["invite.name"] = "Jan";
    CHECK(std::get<desk::MakeInvite>(bench.click("invite.make").to_desk.at(0)).name == "Jan");
}

TEST_CASE("safe, rundown, model, sound and record send their commands") {
    Bench bench;
    CHECK(only<HoldSafe>(bench.click("safe"))->on);
    CHECK(only<StepRundown>(bench.click("next"))->by == 1);
    CHECK(only<StepRundown>(bench.click("previous"))->by == -1);
    CHECK_FALSE(only<SetRecording>(bench.click("record"))->on);
    CHECK(only<ShowSpecs>(bench.click("specs"))->visible);
    bench.state.show.pinned = "LX-200";
    bench.state.ui.page = Page::sound;
    CHECK(only<MuteSource>(bench.click("mute:sim:voice"))->source == "sim:voice");
    CHECK(only<SetSourceGain>(bench.click("gain.more:sim:voice"))->gain_db == 1);
}

TEST_CASE("a mask is added, put on air, moved by keyboard, filled and saved") {
    Bench bench;
    bench.state.ui.page = Page::masks;
    bench.state.ui.kept["masks.camera"] = "bench";
    const Commands draft = bench.click("mask.add");
    CHECK(draft.to_show.empty());
    for (const Act& act : draft.acts) apply(act, bench.state);
    for (int i = 0; i < 15; ++i) bench.frame();
    const Commands added = bench.click("mask.put");
    const SetMasks* set = only<SetMasks>(added);
    REQUIRE(set);
    CHECK(set->camera == "bench");
    CHECK(set->masks.size() == 2);
    CHECK_FALSE(set->save);
    for (const Act& act : added.acts) apply(act, bench.state);
    const Commands moved = bench.click("corner.right");
    REQUIRE(only<SetMasks>(moved));
    CHECK(only<SetMasks>(moved)->masks[1].polygon[0][0] == Approx(0.36));
    CHECK(only<SetMasks>(bench.click("fill:solid"))->masks[1].fill == MaskFill::solid);
    CHECK(only<SetMasks>(bench.click("mask.save"))->save);
}

TEST_CASE("a callout is dragged on the program picture and placed where it was let go") {
    Bench bench;
    SceneFrame scene;
    Anchor anchor;
    anchor.product = "LX-200";
    anchor.visibility = 1;
    anchor.homography = {1 / 240.f, 0, 0.25f, 0, 1 / 160.f, 0.25f, 0, 0, 1};  // the product fills the middle half
    scene.anchors.push_back(anchor);
    bench.state.scene = scene;
    const Area picture = bench.control("program_picture").area;
    const auto at = [&](double x_mm, double y_mm) {
        const auto place = *project(anchor, {x_mm, y_mm, 0});
        return ImVec2{picture.x + picture.w * static_cast<float>(place[0]), picture.y + picture.h * static_cast<float>(place[1])};
    };
    const auto carry_out = [&] {
        for (const Act& act : std::exchange(bench.asked.acts, {})) apply(act, bench.state);
    };
    bench.point(at(60, 35));
    bench.asked = {};
    bench.hold(true);
    carry_out();
    REQUIRE(bench.state.ui.drag);
    CHECK(bench.state.ui.drag->callout == "sink");
    bench.point(at(80, 50));
    carry_out();
    bench.hold(false);
    REQUIRE(only<PlaceCallout>(bench.asked));
    CHECK(only<PlaceCallout>(bench.asked)->at_mm[0] == Approx(80).margin(0.5));
    CHECK(only<PlaceCallout>(bench.asked)->at_mm[1] == Approx(50).margin(0.5));
    CHECK(only<PlaceCallout>(bench.asked)->save);
    carry_out();
    CHECK_FALSE(bench.state.ui.drag);

    // Escape lets it be.
    bench.point(at(60, 35));
    bench.hold(true);
    carry_out();
    REQUIRE(bench.state.ui.drag);
    Commands escape;
    press_key(bench.state, '\x1b', escape);
    for (const Act& act : escape.acts) apply(act, bench.state);
    bench.asked = {};
    bench.point(at(90, 60));
    bench.hold(false);
    CHECK(bench.asked.to_show.empty());
}

TEST_CASE("figures are as wide as each other, so that clocks stand still") {
    Bench bench;
    for (const Type type : {Type::caption, Type::body, Type::title})
        for (const char* figure : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
            CHECK(bench.kit.measure(type, figure).x == Approx(bench.kit.measure(type, "0").x));
}

TEST_CASE("the arrow keys reach every control of every page, and Space presses the focused one") {
    for (int page = 0; page < page_count; ++page) {
        Bench bench("live", "en", 1920, 1080);
        bench.state.ui.page = static_cast<Page>(page);
        bench.frame();
        bench.tap(ImGuiKey_DownArrow);
        std::set<std::string> all, seen;
        for (const Drawn& d : bench.drawn)
            if (d.control) all.insert(d.id);
        // From each control reached so far one step in every direction.
        std::vector<std::string> open;
        const auto focused = [&]() -> std::string {
            for (const Drawn& d : bench.drawn)
                if (d.control && d.focused) return d.id;
            return {};
        };
        const auto reach = [&] {
            const std::string id = focused();
            if (!id.empty() && seen.insert(id).second) open.push_back(id);
        };
        reach();
        while (!open.empty()) {
            const std::string from = open.back();
            open.pop_back();
            for (const auto key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
                bench.kit.focus_next = from;
                for (int i = 0; i < 3; ++i) bench.frame();
                if (ImGui::GetIO().WantTextInput) bench.tap(ImGuiKey_Escape);  // out of the field's text, the focus stays on the field
                bench.tap(key);
                reach();
            }
        }
        INFO(to_string(bench.state.ui.page));
        for (const std::string& id : all) {
            INFO(id);
            CHECK(seen.contains(id));
        }
    }
    Bench bench;
    bench.kit.focus_next = "pause";
    for (int i = 0; i < 3; ++i) bench.frame();
    bench.asked = {};
    bench.tap(ImGuiKey_Space);
    CHECK(only<MoveSession>(bench.asked));
}
