#include "engine/show_state.h"

#include <limits>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr Nanoseconds ms = 1'000'000;

std::shared_ptr<ShowConfig> config() {
    auto show = std::make_shared<ShowConfig>();
    show->cameras.resize(2);
    show->cameras[0].id = "line";
    show->cameras[1].id = "bench";
    show->scenes.resize(2);
    show->scenes[0].id = "line";
    show->scenes[1].id = "bench";
    show->products.resize(3);
    show->products[0].id = "A";
    show->products[1].id = "B";
    show->products[1].target = TargetConfig{};
    show->products[1].callouts.resize(1);
    show->products[1].callouts[0].id = "B/0";
    show->products[1].dimensions.resize(1);
    show->products[1].dimensions[0].id = "B-width";
    show->products[2].id = "C";
    show->speakers.resize(1);
    show->speakers[0].id = "ana";
    show->products[2].model = "c.glb";
    return show;
}

/// A show's state with a clock that stands still unless told.
struct Bench {
    ShowState state{config()};
    Nanoseconds now = 1'000'000 * ms;

    std::string refusal(const Command& command) {
        const std::uint64_t before = state.newest()->version;
        const auto result = state.apply(command, now);
        if (result) return "accepted";
        CHECK(result.error().kind == ErrorKind::bad_input);
        CHECK_FALSE(state.due().has_value());
        CHECK(state.publish(now)->version == before);
        return result.error().message;
    }
    SnapshotPtr after(const Command& command) {
        const auto result = state.apply(command, now);
        INFO((result ? "" : result.error().message));
        REQUIRE(result.has_value());
        return state.publish(now);
    }
    SnapshotPtr after(const Report& report) {
        state.apply(report);
        return state.publish(now);
    }
    bool due() const { return state.due() && *state.due() <= now; }
};

CameraStatus live_camera(std::uint64_t frames) {
    CameraStatus status;
    status.state = CameraState::live;
    status.width = 1280;
    status.height = 720;
    status.frames = frames;
    return status;
}

}  // namespace

TEST_CASE("a show begins idle, on its first scene, and shows no product before somebody wants it", "[show_state]") {
    const ShowState state(config());
    const Snapshot& s = *state.newest();
    CHECK(s.version == 1);
    CHECK(s.session == SessionState::idle);
    CHECK(s.scene == "line");
    CHECK(s.transition.from.empty());
    CHECK(s.pinned.empty());
    CHECK(s.rundown_at == -1);
    CHECK(s.cameras.size() == 2);
    CHECK(s.cameras.at("bench").state == CameraState::connecting);
    CHECK_FALSE(state.due().has_value());
}

TEST_CASE("a show goes on air with its beginning, unless the presenter has chosen", "[show_state]") {
    const auto pinned_on_air = [](std::shared_ptr<ShowConfig> show, const std::vector<Command>& before) {
        ShowState state(std::move(show));
        for (const Command& command : before) REQUIRE(state.apply(command, 1).has_value());
        REQUIRE(state.apply(MoveSession{SessionMove::prepare}, 2).has_value());
        CHECK(state.publish(2)->pinned == (before.empty() || before.size() == 2 ? "" : "C"));
        REQUIRE(state.apply(MoveSession{SessionMove::go_live}, 3).has_value());
        return state.publish(3)->pinned;
    };
    auto with_rundown = config(), untracked = config(), without = config();
    with_rundown->rundown = {{"C", 1, {}}, {"A", 1, {}}};
    untracked->products[1].target.reset();
    without->products.clear();
    CHECK(pinned_on_air(with_rundown, {}) == "C");
    CHECK(pinned_on_air(config(), {}) == "B");  // the first that can be followed
    CHECK(pinned_on_air(untracked, {}) == "A");
    CHECK(pinned_on_air(without, {}).empty());
    CHECK(pinned_on_air(config(), {PinProduct{"C"}}) == "C");
    CHECK(pinned_on_air(config(), {PinProduct{"C"}, PinProduct{""}}).empty());
}

TEST_CASE("after its end a show stands still, and the next begins at its beginning", "[show_state]") {
    constexpr Nanoseconds minute = 60'000 * ms;
    Bench b;
    b.after(MoveSession{SessionMove::prepare});
    b.after(SetRecording{true, "/srv"});
    b.after(MoveSession{SessionMove::go_live});
    const Nanoseconds live_at = b.now;
    b.now += minute;
    b.after(MarkChapter{"first"});
    b.now += minute;
    const SnapshotPtr ended = b.after(MoveSession{SessionMove::end});
    CHECK(ended->live_since == live_at);
    CHECK(ended->on_air_for(b.now + 10 * minute) == 2 * minute);
    CHECK_FALSE(ended->recording.wanted);
    CHECK(ended->pinned == "B");
    const SnapshotPtr anew = b.after(MoveSession{SessionMove::prepare});
    CHECK(anew->on_air_for(b.now) == 0);
    CHECK(anew->chapters.empty());
    CHECK(anew->pinned.empty());
    CHECK(anew->rundown_at == -1);
}

TEST_CASE("commands that the show refuses change nothing", "[show_state]") {
    Bench b;
    CHECK(b.refusal(MoveSession{SessionMove::go_live}) == "the show is idle, so \"go_live\" is not possible; it must be ready for that");
    CHECK(b.refusal(SwitchScene{"attic"}) == "there is no scene \"attic\"; there are: line, bench");
    CHECK(b.refusal(SwitchScene{"bench", 5001}) == "a fade lasts from 0 to 5000 ms, not 5001");
    CHECK(b.refusal(SwitchScene{"bench", -1}) == "a fade lasts from 0 to 5000 ms, not -1");
    CHECK(b.refusal(PinProduct{"Z"}) == "there is no product \"Z\"; there are: A, B, C");
    CHECK(b.refusal(ShowCallout{"B/1", false}) == "no product has a callout or dimension \"B/1\"");
    CHECK(b.refusal(ShowLowerThird{"nobody"}) == "there is no speaker \"nobody\"; there are: ana");
    CHECK(b.refusal(MarkChapter{"early"}) == "the show is idle, so no chapter can be marked; it must be live or paused for that");
}

TEST_CASE("the session is driven by commands and remembers when it went live", "[show_state]") {
    Bench b;
    CHECK(b.after(MoveSession{SessionMove::prepare})->session == SessionState::ready);
    b.now += 5 * ms;
    const Nanoseconds live_at = b.now;
    CHECK(b.after(MoveSession{SessionMove::go_live})->live_since == live_at);
    b.now += 5 * ms;
    auto s = b.after(MoveSession{SessionMove::pause});
    CHECK(s->session == SessionState::paused);
    CHECK(s->live_since == live_at);
    b.now += 5 * ms;
    CHECK(b.after(MoveSession{SessionMove::resume})->live_since == live_at);
    s = b.after(MoveSession{SessionMove::end});
    CHECK(s->session == SessionState::ended);
    CHECK(s->live_since == live_at);
    CHECK(s->ended_at == b.now);
}

TEST_CASE("chapters count from one, while live or paused, and begin anew with the next show", "[show_state]") {
    Bench b;
    b.after(MoveSession{SessionMove::prepare});
    CHECK(b.refusal(MarkChapter{"x"}) == "the show is ready, so no chapter can be marked; it must be live or paused for that");
    b.after(MoveSession{SessionMove::go_live});
    b.now += 7 * ms;
    b.after(MarkChapter{"Heat sink"});
    b.after(MoveSession{SessionMove::pause});
    b.now += 7 * ms;
    const auto s = b.after(MarkChapter{"问答"});
    REQUIRE(s->chapters.size() == 2);
    CHECK(s->chapters[0].number == 1);
    CHECK(s->chapters[0].title == "Heat sink");
    CHECK(s->chapters[0].at == b.now - 7 * ms);
    CHECK(s->chapters[1].number == 2);
    CHECK(s->chapters[1].title == "问答");
    CHECK(b.after(MoveSession{SessionMove::end})->chapters.size() == 2);
    CHECK(b.refusal(MarkChapter{"late"}) == "the show is ended, so no chapter can be marked; it must be live or paused for that");
    CHECK(b.after(MoveSession{SessionMove::prepare})->chapters.empty());
}

TEST_CASE("scenes are cut and faded with the transition recorded", "[show_state]") {
    Bench b;
    auto s = b.after(SwitchScene{"bench", 400});
    CHECK(s->scene == "bench");
    CHECK(s->transition.from == "line");
    CHECK(s->transition.start == b.now);
    CHECK(s->transition.duration == 400 * ms);
    b.now += 100 * ms;
    s = b.after(SwitchScene{"line", 0});
    CHECK(s->scene == "line");
    CHECK(s->transition.from.empty());
    CHECK(s->transition.start == b.now);
    CHECK(s->transition.duration == 0);
    // To where it is already: nothing happens, a fade under way goes on.
    const auto again = b.after(SwitchScene{"line", 300});
    CHECK(again == s);
}

TEST_CASE("products, callouts, card and sound", "[show_state]") {
    Bench b;
    CHECK(b.after(PinProduct{"C"})->pinned == "C");
    CHECK(b.after(PinProduct{""})->pinned.empty());
    CHECK(b.after(ShowCallout{"B/0", false})->hidden_callouts == std::set<std::string>{"B/0"});
    CHECK(b.after(ShowCallout{"B/0", true})->hidden_callouts.empty());
    CHECK_FALSE(b.after(ShowCard{false})->card_visible);
    CHECK(b.after(ShowCard{true})->card_visible);
    CHECK(b.after(ShowCallout{"B-width", false})->hidden_callouts == std::set<std::string>{"B-width"});
    CHECK(b.state.newest()->badges_visible);
    CHECK_FALSE(b.after(ShowBadges{false})->badges_visible);
    CHECK(b.after(ShowBadges{true})->badges_visible);
    CHECK_FALSE(b.state.newest()->specs_visible);
    CHECK(b.after(ShowSpecs{true})->specs_visible);
    CHECK_FALSE(b.after(ShowSpecs{false})->specs_visible);
    CHECK(b.state.newest()->speaker.empty());
    CHECK(b.after(ShowLowerThird{"ana"})->speaker == "ana");
    CHECK(b.after(ShowLowerThird{""})->speaker.empty());
    CHECK(b.after(Mute{true})->muted);
    CHECK_FALSE(b.after(Mute{false})->muted);
}

TEST_CASE("a command that changes nothing makes no snapshot", "[show_state]") {
    Bench b;
    const auto first = b.state.newest();
    CHECK(b.after(PinProduct{""}) == first);
    CHECK(b.after(ShowCallout{"B/0", true}) == first);
    CHECK(b.after(ShowCard{true}) == first);
    CHECK(b.after(ShowBadges{true}) == first);
    CHECK(b.after(ShowSpecs{false}) == first);
    CHECK(b.after(ShowLowerThird{""}) == first);
    CHECK(b.after(Mute{false}) == first);
    CHECK(b.after(PinProduct{"A"})->version == first->version + 1);
}

TEST_CASE("snapshots never change afterwards", "[show_state]") {
    Bench b;
    const auto first = b.state.newest();
    b.after(MoveSession{SessionMove::prepare});
    b.after(SwitchScene{"bench"});
    b.after(NoticeReport{"late"});
    CHECK(first->session == SessionState::idle);
    CHECK(first->scene == "line");
    CHECK(first->notices.empty());
    CHECK(first->version == 1);
}

TEST_CASE("reports that change nothing make no snapshot", "[show_state]") {
    Bench b;
    const std::vector<Report> reports{CameraReport{"line", live_camera(1)}, OutputsReport{{{"webrtc", "a", "playing", 1, 0, 10, 5}}},
                                      BuyersReport{3}, AudioReport{-20}, NoticeReport{"a camera came back"}};
    std::uint64_t version = b.state.newest()->version;
    for (const Report& report : reports) {
        CAPTURE(report.index());
        CHECK(b.after(report)->version == ++version);
        b.state.apply(report);
        CHECK_FALSE(b.state.due().has_value());
        CHECK(b.state.publish(b.now)->version == version);
    }
    CHECK(b.after(CameraReport{"unknown", live_camera(1)})->version == version);
    CHECK(b.after(BuyersReport{-1})->buyers == 0);
}

TEST_CASE("a camera's state is news at once, its counters twice a second", "[show_state]") {
    Bench b;
    b.state.apply(CameraReport{"line", live_camera(1)});
    CHECK(b.due());
    b.state.publish(b.now);

    int snapshots = 0;
    for (int frame = 0; frame < 300; ++frame) {  // ten seconds at 30 fps
        b.now += 33'333'333;
        b.state.apply(CameraReport{"line", live_camera(static_cast<std::uint64_t>(frame) + 2)});
        if (b.due()) {
            b.state.publish(b.now);
            ++snapshots;
        }
    }
    CHECK(snapshots >= 17);
    CHECK(snapshots <= 20);

    b.state.publish(b.now);
    b.now += ms;
    CameraStatus lost = live_camera(301);
    lost.state = CameraState::lost;
    lost.detail = "The camera does not answer; trying again in 2 s.";
    b.state.apply(CameraReport{"line", lost});
    CHECK(b.due());
    CHECK(b.state.publish(b.now)->cameras.at("line").detail == lost.detail);
}

TEST_CASE("counters that wait travel with the next snapshot", "[show_state]") {
    Bench b;
    b.after(CameraReport{"line", live_camera(1)});
    b.state.apply(CameraReport{"line", live_camera(2)});
    b.state.apply(OutputsReport{});
    CHECK_FALSE(b.due());
    CHECK(b.after(Mute{true})->cameras.at("line").frames == 2);
    CHECK_FALSE(b.state.due().has_value());
}

TEST_CASE("an output's state is news at once, its counters twice a second", "[show_state]") {
    Bench b;
    OutputStatus output{"webrtc", "buyer 1", "playing", 10, 0, 1000, 2500};
    b.after(OutputsReport{{output}});
    output.frames = 11;
    b.state.apply(OutputsReport{{output}});
    CHECK_FALSE(b.due());
    CHECK(b.state.due() == b.now + 500 * ms);
    output.state = "gone";
    b.state.apply(OutputsReport{{output}});
    CHECK(b.due());
    b.state.publish(b.now);
    b.state.apply(OutputsReport{});
    CHECK(b.due());
    CHECK(b.state.publish(b.now)->outputs.empty());
}

TEST_CASE("audio makes at most ten snapshots a second, for changes above half a decibel", "[show_state]") {
    Bench b;
    b.after(AudioReport{-20});
    CHECK(b.state.newest()->audio_peak_db == -20);
    b.now += 10'000 * ms;
    b.state.apply(AudioReport{-20.5});
    CHECK_FALSE(b.state.due().has_value());
    b.state.apply(AudioReport{-19.4});
    CHECK(b.due());
    b.state.publish(b.now);

    int snapshots = 0;
    for (int i = 0; i < 1000; ++i) {  // ten seconds, a report every 10 ms
        b.now += 10 * ms;
        b.state.apply(AudioReport{i % 2 == 0 ? -30.0 : -10.0});
        if (b.due()) {
            b.state.publish(b.now);
            ++snapshots;
        }
    }
    CHECK(snapshots <= 100);
    CHECK(snapshots >= 45);

    // The last level is told even when nothing follows it.
    b.state.publish(b.now);
    b.state.apply(AudioReport{-55});
    REQUIRE(b.state.due() == b.now + 100 * ms);
    b.now += 100 * ms;
    CHECK(b.state.publish(b.now)->audio_peak_db == -55);
}

TEST_CASE("audio levels that are no numbers do no harm", "[show_state]") {
    Bench b;
    b.after(AudioReport{-20});
    CHECK(b.after(AudioReport{std::numeric_limits<double>::quiet_NaN()})->audio_peak_db == -20);
    CHECK(b.after(AudioReport{-std::numeric_limits<double>::infinity()})->audio_peak_db == -100);
}

TEST_CASE("the last twenty notices are kept, none twice in a row", "[show_state]") {
    Bench b;
    for (int i = 0; i < 25; ++i) b.after(NoticeReport{"notice " + std::to_string(i)});
    const auto& notices = b.state.newest()->notices;
    REQUIRE(notices.size() == 20);
    CHECK(notices.front() == "notice 5");
    CHECK(notices.back() == "notice 24");
    const std::uint64_t version = b.state.newest()->version;
    CHECK(b.after(NoticeReport{"notice 24"})->version == version);
}

TEST_CASE("a product's model is shown, varied, taken apart, looked through and cut by commands", "[show_state]") {
    Bench b;
    CHECK(b.state.newest()->models == std::map<std::string, ModelState>{{"C", {}}});
    CHECK(b.after(ShowModel{"C"})->models.at("C").shown);
    CHECK(b.after(ExplodeModel{"C", 0.25})->models.at("C").explode == 0.25F);
    CHECK(b.after(XRayModel{"C"})->models.at("C").x_ray);
    CHECK(b.after(SectionModel{"C", 0.5})->models.at("C").section == 0.5F);
    b.after(ModelReport{"C", {{"white", "matt black"}, ""}});
    const auto s = b.after(ChooseModelVariant{"C", "matt black"});
    CHECK(s->models.at("C") == ModelState{true, "matt black", 0.25F, true, 0.5F});
    CHECK(b.after(SectionModel{"C", std::nullopt})->models.at("C").section == std::nullopt);
    CHECK(b.after(ChooseModelVariant{"C", ""})->models.at("C").variant.empty());
    CHECK_FALSE(b.after(ShowModel{"C", false})->models.at("C").shown);
}

TEST_CASE("what cannot be done with a model is refused with a sentence", "[show_state]") {
    Bench b;
    const std::string none = "the product \"A\" has no 3D model; give it one with model = \"models/….glb\"";
    for (const Command& command :
         std::vector<Command>{ShowModel{"A"}, ShowModel{"A", false}, ChooseModelVariant{"A", ""}, ChooseModelVariant{"A", "x"},
                              ExplodeModel{"A", 1}, XRayModel{"A"}, SectionModel{"A", 1}})
        CHECK(b.refusal(command) == none);
    CHECK(b.refusal(ShowModel{"Z"}) == "there is no product \"Z\"; there are: A, B, C");
    CHECK(b.refusal(ExplodeModel{"C", 1.5}).starts_with("a model is exploded by 0 to 1"));
    CHECK(b.refusal(ExplodeModel{"C", std::numeric_limits<double>::quiet_NaN()}).starts_with("a model is exploded by 0 to 1"));
    CHECK(b.refusal(SectionModel{"C", -1.0}).starts_with("a model is cut at 0 to 1"));
    CHECK(b.refusal(ChooseModelVariant{"C", "red"}) == "the 3D model of \"C\" is still being read; try again in a moment");
    const std::uint64_t before = b.state.newest()->version;
    CHECK(b.after(ModelReport{"C", {}})->version == before + 1);  // also one without variants is news, once
    CHECK(b.after(ModelReport{"C", {}})->version == before + 1);
    CHECK(b.after(ModelReport{"A", {}})->version == before + 1);
    CHECK(b.refusal(ChooseModelVariant{"C", "red"}) == "the 3D model of \"C\" has no variant \"red\"; there are: none");
    b.after(ModelReport{"C", {{"white", "black"}, ""}});
    CHECK(b.refusal(ChooseModelVariant{"C", "red"}) == "the 3D model of \"C\" has no variant \"red\"; there are: white, black");
    b.after(ShowModel{"C"});
    CHECK_FALSE(b.after(ModelReport{"C", {{}, "its file ends too early"}})->models.at("C").shown);
    CHECK(b.refusal(ShowModel{"C"}) == "the 3D model of \"C\" cannot be shown: its file ends too early");
}

TEST_CASE("safe is on until it is taken off, in any session state", "[show]") {
    Bench b;
    CHECK(b.after(HoldSafe{true})->safe);
    CHECK(b.after(MoveSession{SessionMove::prepare})->safe);
    CHECK(b.after(MoveSession{SessionMove::go_live})->safe);
    CHECK(b.after(SwitchScene{"bench"})->safe);
    const auto off = b.after(HoldSafe{false});
    CHECK_FALSE(off->safe);
    CHECK(off->session == SessionState::live);
    CHECK(off->scene == "bench");
}

TEST_CASE("masks edited live travel in a new show, and the old one stays what it was", "[show]") {
    Bench b;
    const SnapshotPtr before = b.state.newest();
    const PrivacyMask mask{{{0, 0}, {0.5F, 0}, {0.5F, 0.5F}}, MaskFill::blur};
    const SnapshotPtr after = b.after(SetMasks{"bench", {mask}});
    CHECK(after->show != before->show);
    CHECK(before->show->camera("bench")->masks.empty());
    CHECK(after->show->camera("bench")->masks == std::vector<PrivacyMask>{mask});
    CHECK(after->show->camera("line")->masks.empty());
    CHECK(after->edition == before->edition);  // buyers read nothing of it
    CHECK(b.after(SetMasks{"bench", {mask}})->version == after->version);
    CHECK(b.refusal(SetMasks{"door", {mask}}) == "there is no camera \"door\"");
    CHECK(b.refusal(SetMasks{"bench", {{{{0, 0}, {0.5F, 0}}}}}) == "a mask has 3 to 64 corners, this one has 2");
    CHECK(b.refusal(SetMasks{"bench", {{{{0, 0}, {0.5F, 0}, {1, 0}}}}}) == "a mask covers something: its corners must not lie on one line");
    CHECK(b.refusal(SetMasks{"bench", {{{{0, 0}, {1.5F, 0}, {1, 1}}}}}) ==
          "a mask's corners lie from 0 to 1 of the picture's width and height");
    CHECK(b.refusal(SetMasks{"bench", std::vector<PrivacyMask>(17, mask)}) == "a camera has at most 16 masks");
    CHECK(b.refusal(SetMasks{"bench", {mask}, true}) == "this show was not read from files, so nothing of it can be saved");
}

TEST_CASE("a callout dragged is live at once and buyers read the show anew", "[show]") {
    Bench b;
    const SnapshotPtr before = b.state.newest();
    const SnapshotPtr after = b.after(PlaceCallout{"B/0", {10, 20, 3}});
    CHECK(after->edition == before->edition + 1);
    CHECK(after->show->products[1].callouts[0].at_mm == std::array<double, 3>{10, 20, 3});
    CHECK(b.after(PlaceCallout{"B/0", {10, 20, 3}})->version == after->version);
    CHECK(b.refusal(PlaceCallout{"B/1", {}}) == "no product has a callout \"B/1\"");
    CHECK(b.refusal(PlaceCallout{"B/0", {0, 0, 1e9}}) == "a callout lies within 10000 mm of the product's corner");
    CHECK(b.refusal(PlaceCallout{"B/0", {0, 0, std::numeric_limits<double>::quiet_NaN()}}) ==
          "a callout lies within 10000 mm of the product's corner");
}

TEST_CASE("callouts put and removed are live once they stand in the file", "[show]") {
    auto show = config();
    show->products[1].file = "/show/b.toml";
    show->products[1].callouts.push_back({"B/1", {}, LocalText{{{"en", "one"}}}, {}});
    show->products[1].callouts.push_back({"named", {}, LocalText{{{"en", "two"}}}, {}});
    show->products[1].callouts.push_back({"B/3", {}, LocalText{{{"en", "three"}}}, {}});
    show->texts["/show/b.toml"] = std::make_shared<const std::string>();
    ShowState state(show);
    REQUIRE(state.apply(ShowCallout{"B/3", false}, 1).has_value());
    REQUIRE(state.apply(ShowCallout{"B/0", false}, 1).has_value());
    state.publish(1);

    const auto edit = state.apply(RemoveCallout{"B/0"}, 1);
    REQUIRE(edit.has_value());
    REQUIRE(edit->has_value());
    CHECK((*edit)->file == "/show/b.toml");
    CHECK(std::get<DropCallout>((*edit)->edit).index == 0);
    CHECK(state.publish(1)->show->products[1].callouts.size() == 4);
    const std::string busy = "another change is being saved; try again in a moment";
    CHECK(state.apply(PlaceCallout{"B/1", {1, 1, 1}}, 1).error().message == busy);
    CHECK(state.apply(RemoveCallout{"B/1"}, 1).error().message == busy);
    state.saved(**edit, true);
    const SnapshotPtr after = state.publish(1);
    const auto& callouts = after->show->products[1].callouts;
    REQUIRE(callouts.size() == 3);
    CHECK(callouts[0].id == "B/0");
    CHECK(callouts[0].text.in("en") == "one");
    CHECK(callouts[1].id == "named");
    CHECK(callouts[2].id == "B/2");
    CHECK(after->hidden_callouts == std::set<std::string>{"B/2"});  // three is hidden still
    CHECK(after->edition == 2);

    const PutCallout put{"B", "", {{5, 6, 0}}, LocalText{{{"en", "new"}}}, {}};
    const auto second = state.apply(put, 1);
    REQUIRE(second.has_value());
    state.saved(**second, false);  // the disk was full
    CHECK(state.publish(1)->show->products[1].callouts.size() == 3);
    const auto third = state.apply(put, 1);
    REQUIRE(third.has_value());
    CHECK(std::get<WriteCallout>((*third)->edit).fresh);
    state.saved(**third, true);
    CHECK(state.publish(1)->show->products[1].callouts.back().id == "B/3");

    const auto refusal = [&](const Command& command) { return state.apply(command, 1).error().message; };
    CHECK(refusal(PutCallout{"B", "", {}, LocalText{{{"en", "x"}}}, {}}) == "a new callout needs \"at\" and \"text\"");
    CHECK(refusal(PutCallout{"A", "", {{0, 0, 0}}, LocalText{{{"en", "x"}}}, {}}) ==
          "the product \"A\" has no target that a callout could sit on");
    CHECK(refusal(PutCallout{"A", "B/0", {{0, 0, 0}}, {}, {}}) == "the callout \"B/0\" belongs to the product \"B\"");
    CHECK(refusal(PutCallout{"B", "B-width", {{0, 0, 0}}, LocalText{{{"en", "x"}}}, {}}) == "the id \"B-width\" is taken already");
    CHECK(refusal(PutCallout{"B", "B/0", {}, {}, "flux"}) == "the product \"B\" has no spec \"flux\"");
    CHECK(refusal(PutCallout{"B", "B/0", {}, LocalText{{{"english", "x"}}}, {}}).starts_with("the language \"english\""));
}

TEST_CASE("the rundown is walked stop by stop, and pinning by hand finds the place in it", "[show]") {
    auto show = config();
    for (const char* product : {"B", "C", "B", "A"}) show->rundown.push_back({product, 2, {}});
    ShowState state(show);
    Nanoseconds now = 1000;
    const auto after = [&](const Command& command) {
        REQUIRE(state.apply(command, ++now).has_value());
        return state.publish(now);
    };
    CHECK(state.newest()->rundown_at == -1);
    CHECK(after(StepRundown{1})->pinned == "B");
    CHECK(after(StepRundown{1})->pinned == "C");
    CHECK(state.newest()->pinned_since == now);
    CHECK(after(StepRundown{1})->rundown_at == 2);
    CHECK(state.newest()->pinned == "B");
    CHECK(after(PinProduct{"B"})->rundown_at == 2);
    CHECK(after(PinProduct{"C"})->rundown_at == 1);
    CHECK(after(PinProduct{""})->rundown_at == 1);
    CHECK(state.newest()->pinned_since == 0);
    CHECK(after(StepRundown{-1})->pinned == "B");
    CHECK(state.apply(StepRundown{-1}, now).error().message == "this is the first product of the rundown");
    after(PinProduct{"A"});
    CHECK(state.apply(StepRundown{1}, now).error().message == "this is the last product of the rundown");
    after(MoveSession{SessionMove::prepare});
    CHECK(after(MoveSession{SessionMove::go_live})->pinned_since == now);
}

TEST_CASE("each sound source has its mute, gain and level", "[show]") {
    auto show = config();
    show->audio.sources = {{"sim", "voice"}, {"camera", "bench"}, {"none", ""}};
    ShowState state(show);
    CHECK(state.newest()->sounds.size() == 2);
    REQUIRE(state.apply(MuteSource{"sim:voice", true}, 1).has_value());
    REQUIRE(state.apply(SetSourceGain{"camera:bench", -6}, 1).has_value());
    state.apply(AudioReport{-20, {{"sim:voice", -18}, {"camera:bench", std::numeric_limits<double>::quiet_NaN()}, {"lost", -3}}});
    const SnapshotPtr after = state.publish(1);
    CHECK(after->sounds.at("sim:voice") == SoundStatus{true, 0, -18});
    CHECK(after->sounds.at("camera:bench") == SoundStatus{false, -6, -100});
    CHECK(state.apply(MuteSource{"door", true}, 1).error().message ==
          "there is no sound source \"door\"; there are: camera:bench, sim:voice");
    CHECK(state.apply(SetSourceGain{"sim:voice", 13}, 1).error().message == "a gain lies from -60 to 12 dB");
    // A source's level alone makes a snapshot too.
    state.apply(AudioReport{-20, {{"sim:voice", -9}}});
    CHECK(state.due().has_value());
}

TEST_CASE("when a show begins can be said until it has begun", "[show]") {
    Bench b;
    constexpr std::int64_t at = 1'795'672'800'000'000;
    const auto before = b.state.newest();
    const auto said = b.after(SetStart{at});
    CHECK(said->show->starts_at_us == at);
    CHECK(said->edition == before->edition + 1);  // buyers read the show anew
    CHECK(before->show->starts_at_us == 0);
    CHECK(b.after(SetStart{at})->version == said->version);
    CHECK(b.refusal(SetStart{at + 1, true}) == "this show was not read from files, so nothing of it can be saved");
    b.after(MoveSession{SessionMove::prepare});
    CHECK(b.after(SetStart{0})->show->starts_at_us == 0);
    b.after(MoveSession{SessionMove::go_live});
    const std::string late = "the show has begun; when it begins can be said again once it is prepared anew";
    CHECK(b.refusal(SetStart{at}) == late);
    b.after(MoveSession{SessionMove::pause});
    CHECK(b.refusal(SetStart{at}) == late);
    b.after(MoveSession{SessionMove::end});
    CHECK(b.refusal(SetStart{at}) == late);
    b.after(MoveSession{SessionMove::prepare});
    CHECK(b.after(SetStart{at})->show->starts_at_us == at);
}

TEST_CASE("recording is asked for by command and told by report", "[show]") {
    Bench b;
    CHECK(b.refusal(SetRecording{true, ""}) == "name a folder for the recordings, with its whole path");
    CHECK(b.after(SetRecording{true, "/srv/a/../shows"})->recording.folder == "/srv/shows");
    CHECK(b.state.newest()->recording.wanted);
    const auto told = b.after(RecordingReport{b.now, 1000, 90.5, ""});
    CHECK(told->recording.since == b.now);
    CHECK(told->recording.bytes == 1000);
    CHECK(told->recording.minutes_left == 90.5);
    const auto off = b.after(SetRecording{false, ""});
    CHECK_FALSE(off->recording.wanted);
    CHECK(off->recording.folder == "/srv/shows");
    CHECK(b.after(SetRecording{true, ""})->recording.wanted);
}
