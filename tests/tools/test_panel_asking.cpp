// Nothing by accident: what is typed never becomes a key, a hand that presses again finds nothing else, what cannot be taken back asks, and
// what can is taken back. Beside a real show.

#include "tests/tools/real_show_bench.h"

using namespace vitrine;
using namespace vitrine::panel;

namespace {

/// The commands since the last look.
template <class T>
std::vector<T> sent(ShowBench& bench) {
    std::vector<T> found;
    for (const Command& each : std::exchange(bench.commands, {}))
        if (const T* one = std::get_if<T>(&each)) found.push_back(*one);
    return found;
}
template <class T>
std::vector<T> acted(ShowBench& bench) {
    std::vector<T> found;
    for (const desk::Act& each : std::exchange(bench.desk_acts, {}))
        if (const T* one = std::get_if<T>(&each)) found.push_back(*one);
    return found;
}
bool enabled(ShowBench& bench, const std::string& id) { return bench.control(id).enabled; }

std::string first_question(const ShowBench& bench) { return question_queue(bench.state.desk).front()->id; }

std::vector<PrivacyMask> masks_of(const ShowBench& bench, const std::string& camera) {
    return bench.show->snapshot()->show->camera(camera)->masks;
}

}  // namespace

TEST_CASE("after Enter has sent an answer the field keeps the keyboard, and neither Enter nor a letter reaches the show") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    const std::string question = first_question(bench), field = "answer:" + question;
    bench.press(field);
    bench.commands.clear();
    bench.type("yes");
    CHECK(bench.state.kept(field) == "yes");
    bench.key('\n');
    const auto answers = acted<desk::AnswerMessage>(bench);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].text == "yes");
    bench.tick();
    CHECK(bench.state.kept(field).empty());
    CHECK(bench.kit.hand.in_field());
    bench.key('\n');
    bench.key('\n');
    bench.type("s");
    CHECK(bench.state.kept(field) == "s");
    CHECK(bench.desk_acts.empty());
    CHECK(bench.commands.empty());
    CHECK_FALSE(bench.show->snapshot()->safe);

    // Escape is the way out, and what was typed stays.
    bench.key('\x1b');
    CHECK(bench.state.kept(field) == "s");
    CHECK_FALSE(bench.kit.hand.typing());
    bench.key('S');
    CHECK(bench.show->snapshot()->safe);
}

TEST_CASE("keys do nothing while a field was the last thing used, also when it is gone, and that is said") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    bench.press("answer:" + first_question(bench));
    bench.commands.clear();
    // The same frame in which the field is pressed.
    CHECK(bench.kit.hand.typing());
    apply(OpenPage{Page::show}, bench.state);
    bench.tick();
    for (const char key : {'\n', ' ', 'S', 'F', 'Q', 'N', 'C', 'M', 'R', 'P', 'G', '\x1a'}) bench.key(key);
    CHECK(bench.commands.empty());
    CHECK(bench.state.ui.message == bench.state.say("key.typing"));
    bench.point_at({300, 4});
    bench.press_here();
    bench.key('Q');
    CHECK(sent<Mute>(bench).size() == 1);
}

TEST_CASE("a letter typed in the frame of the click on a field is the field's") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    const Area area = bench.control("answer:" + first_question(bench)).area;
    bench.point_at({area.x + 20, area.y + area.h / 2});
    bench.tick();
    bench.button(true);
    bench.tick("S");
    bench.button(false);
    bench.tick("S");
    CHECK(bench.commands.empty());
    CHECK_FALSE(bench.show->snapshot()->safe);
}

TEST_CASE("Enter in the frame of the last letter sends that letter too") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    bench.press("answer:" + first_question(bench));
    ImGui::GetIO().AddInputCharacter('o');
    ImGui::GetIO().AddInputCharacter('k');
    bench.key('\n');
    bench.tick();
    const auto answers = acted<desk::AnswerMessage>(bench);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].text == "ok");
}

TEST_CASE("Enter and Escape of an input method are its own") {
    Composition method;
    CHECK_FALSE(method.takes_key());
    // A letter comes of each key: nothing is being put together.
    method.letter_key();
    method.letter_came();
    CHECK_FALSE(method.takes_key());
    // "nihao": keys without letters, and Enter puts them down.
    for (int i = 0; i < 5; ++i) method.letter_key();
    CHECK(method.takes_key());
    method.letter_came();
    CHECK_FALSE(method.takes_key());
    // Space chooses, the word comes.
    method.letter_key();
    method.letter_key();
    method.letter_came();
    CHECK_FALSE(method.takes_key());
}

TEST_CASE("a key that would take itself back does not do so with the same stroke") {
    ShowBench bench;
    for (const char key : {'S', 'Q', 'C', 'R', '\n'}) {
        INFO(static_cast<int>(key));
        bench.commands.clear();
        bench.key(key);
        bench.key(key);
        CHECK(bench.commands.size() == 1);
        bench.wait(0.6);
    }
}

TEST_CASE("going live, pressed on and on, goes live and does nothing else") {
    for (const double pause : {0.05, 0.2, 0.5, 1.0, 1.8}) {
        ShowBench bench;
        bench.move(SessionMove::end);
        bench.move(SessionMove::prepare);
        bench.read();
        bench.wait(1);
        const Area area = bench.control("go_live").area;
        bench.point_at({area.x + area.w / 2, area.y + area.h / 2});
        bench.tick();
        for (int i = 0; i < 12; ++i) {
            bench.press_here();
            bench.wait(pause);
        }
        INFO(pause);
        const auto moves = sent<MoveSession>(bench);
        REQUIRE(moves.size() == 1);
        CHECK(moves[0].move == SessionMove::go_live);
        CHECK(bench.show->snapshot()->session == SessionState::live);
    }
}

TEST_CASE("no session button, pressed on and on, comes to another move") {
    for (const char* first : {"prepare", "pause", "resume", "end"})
        for (const double pause : {0.5, 1.2}) {
            ShowBench bench;
            const std::string id = first;
            if (id == "prepare") bench.move(SessionMove::end);
            if (id == "resume") bench.move(SessionMove::pause);
            bench.read();
            bench.wait(1);
            bench.commands.clear();
            const Area area = bench.control(id).area;
            bench.point_at({area.x + area.w / 2, area.y + area.h / 2});
            bench.tick();
            for (int i = 0; i < 8; ++i) {
                bench.press_here();
                bench.wait(pause);
            }
            INFO(id << ' ' << pause);
            std::set<std::string> moves;
            for (const auto& each : sent<MoveSession>(bench)) moves.insert(std::string(to_string(each.move)));
            CHECK(bench.closed == 0);
            // Pausing and resuming are one switch; resuming asked.
            if (id == "pause" || id == "resume") moves.erase(id == "pause" ? "resume" : "pause");
            CHECK(moves == std::set<std::string>{id});
        }
}

TEST_CASE("one press accepts nothing: the question names the amount and the buyer, and a double click is one press") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    bench.keep("buyers.tab", "quotes");
    bench.tick();
    const auto decide_changes = [&] {
        for (const desk::Quote& quote : bench.show->snapshot()->desk->quotes)
            for (const desk::SpecChange& change : quote.changes)
                if (change.state == desk::ChangeState::proposed)
                    bench.act(desk::DecideChange{quote.id, change.id, desk::ChangeState::accepted, ""});
        bench.read();
    };
    CHECK_FALSE(enabled(bench, "offer.accept"));  // a change is undecided
    decide_changes();
    bench.press("offer.accept");
    CHECK(bench.desk_acts.empty());
    CHECK(bench.state.ui.question.find("2,000 × 10.90 USD = 21,800.00 USD") != std::string::npos);
    const std::string who = name_of(bench.state.desk, quotes_by_value(bench.state.desk).front()->person);
    CHECK(bench.state.ui.question.find("from " + who) != std::string::npos);
    CHECK(bench.shows(bench.state.ui.question));
    bench.press_here();
    bench.press_here();
    CHECK(bench.desk_acts.empty());
    bench.wait(0.5);
    bench.press_here();
    const auto decided = acted<desk::DecideQuote>(bench);
    REQUIRE(decided.size() == 1);
    CHECK(decided[0].state == desk::QuoteState::accepted);
    CHECK(bench.refusals.empty());

    // After four seconds it is forgotten; and it was about this quote only.
    bench.wait(1);
    bench.press("offer.accept");
    bench.wait(4.2);
    bench.press("offer.accept");
    CHECK(bench.desk_acts.empty());
}

TEST_CASE("an offer asks with what was typed, and other figures ask anew") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    bench.keep("buyers.tab", "quotes");
    bench.tick();
    const std::string quote = quotes_by_value(bench.state.desk).front()->id, price = "offer:" + quote + ":price";
    bench.keep(price, "11.50");
    bench.press("offer.send");
    CHECK(bench.desk_acts.empty());
    CHECK(bench.state.ui.question.find("23,000.00 USD") != std::string::npos);
    bench.keep(price, "1.15");
    bench.wait(0.5);
    bench.press("offer.send");
    CHECK(bench.desk_acts.empty());
    CHECK(bench.state.ui.question.find("2,300.00 USD") != std::string::npos);
    bench.wait(0.5);
    bench.press("offer.send");
    REQUIRE(acted<desk::CounterQuote>(bench).size() == 1);
}

TEST_CASE("leaving the safe picture and resuming ask; the safe picture and pausing do not") {
    ShowBench bench;
    bench.press("safe");
    CHECK(bench.show->snapshot()->safe);
    bench.wait(1);
    bench.press("safe");
    CHECK(bench.show->snapshot()->safe);
    bench.wait(0.5);
    bench.press_here();
    CHECK_FALSE(bench.show->snapshot()->safe);
    bench.press("pause");
    CHECK(bench.show->snapshot()->session == SessionState::paused);
    bench.wait(1);
    bench.press("resume");
    CHECK(bench.show->snapshot()->session == SessionState::paused);
    bench.wait(0.5);
    bench.press_here();
    CHECK(bench.show->snapshot()->session == SessionState::live);
}

TEST_CASE("a new mask is on air only when it is put there, and one that holds is removed only when asked twice") {
    ShowBench bench;
    bench.state.ui.page = Page::masks;
    bench.keep("masks.camera", "bench");
    bench.tick();
    bench.press("mask.add");
    CHECK(bench.commands.empty());
    CHECK(masks_of(bench, "bench").size() == 1);
    CHECK(bench.shows(bench.state.say("mask.draft")));
    bench.press("corner.right");
    CHECK(bench.commands.empty());
    // Never on air: it goes at once.
    bench.press("mask.delete");
    CHECK(bench.commands.empty());
    bench.wait(1);
    bench.press("mask.add");
    bench.press("mask.put");
    REQUIRE(masks_of(bench, "bench").size() == 2);
    CHECK(bench.state.ui.done.back().name == "undo.mask_added");

    bench.wait(1);
    bench.press("mask.delete");
    CHECK(masks_of(bench, "bench").size() == 2);
    CHECK(bench.state.ui.question.find("2") != std::string::npos);
    bench.press_here();
    CHECK(masks_of(bench, "bench").size() == 2);
    bench.wait(0.5);
    bench.press_here();
    CHECK(masks_of(bench, "bench").size() == 1);
    bench.wait(1);
    bench.key('\x1a');
    CHECK(masks_of(bench, "bench").size() == 2);
    // Taking back a mask shows what it hides.
    bench.key('\x19');
    CHECK(masks_of(bench, "bench").size() == 2);
    bench.wait(0.5);
    bench.key('\x19');
    CHECK(masks_of(bench, "bench").size() == 1);
    CHECK(bench.refusals.empty());
}

TEST_CASE("a mask that the show refuses is not drawn as one that holds, and is in nobody's way") {
    ShowBench bench;
    bench.state.ui.page = Page::masks;
    bench.keep("masks.camera", "bench");
    bench.press("mask.draw");
    const Area canvas = bench.control("mask_canvas").area;
    for (const float x : {0.4f, 0.6f, 0.8f}) {  // on one line: it covers nothing
        bench.point_at({canvas.x + x * canvas.w, canvas.y + 0.6f * canvas.h});
        bench.tick();
        bench.press_here();
    }
    REQUIRE(bench.state.ui.masks);
    CHECK(bench.state.ui.masks->masks.size() == 2);
    bench.wait(1);
    bench.press("mask.draw");
    CHECK(bench.refusals.size() == 1);
    CHECK_FALSE(bench.state.ui.masks);
    CHECK(masks_of(bench, "bench").size() == 1);
    bench.wait(1);
    bench.press("mask.add");
    bench.press("mask.put");
    CHECK(masks_of(bench, "bench").size() == 2);
    CHECK(bench.refusals.size() == 1);
}

TEST_CASE("a control that moves in under the hand takes no press for a moment, one that the hand goes to does at once") {
    Hand hand;
    double now = 10;
    const auto frame = [&](float pointer, float copy_x) {
        now += frame_s;
        hand.begin_frame(now, pointer, 10, 8, false, false);
        const bool settled = hand.settled(copy_x, 0, 100, 36, "copy");
        hand.end_frame(false, false);
        return settled;
    };
    for (int i = 0; i < 30; ++i) frame(130, 140);
    CHECK(frame(160, 140));
    // Beside it again, and it comes to where the hand is: by less than half of its width.
    for (int i = 0; i < 30; ++i) CHECK(frame(130, 140));
    CHECK_FALSE(frame(130, 110));
    for (double passed = 2 * frame_s; passed < settled_after_s; passed += frame_s) CHECK_FALSE(frame(130, 110));
    frame(130, 110), frame(130, 110);
    CHECK(frame(130, 110));
}

TEST_CASE("what the wheel brings under the hand can be pressed at once, what has come about meanwhile cannot") {
    Hand hand;
    double now = 10;
    const auto frame = [&](bool wheel, float y, const std::string& what) {
        now += frame_s;
        hand.begin_frame(now, 50, 50, 8, wheel, false);
        const bool settled = hand.settled(0, y, 100, 36, what);
        hand.end_frame(false, false);
        return settled;
    };
    for (int i = 0; i < 30; ++i) frame(false, 90, "row");
    CHECK(frame(true, 40, "row"));
    CHECK(frame(false, 40, "row"));
    CHECK_FALSE(frame(true, 40, "pause"));
    CHECK_FALSE(frame(false, 40, "pause"));
}

TEST_CASE("masks can be saved as long as they are not in the file, whoever changed them and whatever page was open") {
    ShowBench bench;
    bench.state.ui.page = Page::masks;
    bench.keep("masks.camera", "line");
    CHECK(enabled(bench, "mask.save"));
    bench.press("mask.save");
    CHECK_FALSE(enabled(bench, "mask.save"));
    bench.keep("masks.camera", "bench");
    bench.tick();
    bench.press("mask.add");
    bench.press("mask.put");
    CHECK(enabled(bench, "mask.save"));
    bench.key(static_cast<char>(first_page_key + 0));
    bench.key(static_cast<char>(static_cast<unsigned char>(first_page_key) + static_cast<int>(Page::masks)));
    CHECK(enabled(bench, "mask.save"));
    bench.wait(1);
    bench.press("mask.save");
    CHECK_FALSE(enabled(bench, "mask.save"));
    const LoadedShow read = load_show(bench.folder.path() / "show");
    REQUIRE(read.show);
    CHECK(read.show->camera("bench")->masks == masks_of(bench, "bench"));
    // Somebody else changes them: what they made is not overwritten by what was open here.
    bench.post(SetMasks{"bench", {}, false});
    bench.read();
    CHECK(enabled(bench, "mask.save"));
    bench.press("mask.add");
    bench.press("mask.put");
    CHECK(masks_of(bench, "bench").size() == 1);
}

TEST_CASE("edits are taken back and done again, each by its name") {
    ShowBench bench;
    bench.state.ui.page = Page::products;
    bench.keep("products.product", "LX-200");
    const auto callouts = [&] { return bench.show->snapshot()->show->products[0].callouts; };
    const auto before = callouts();
    REQUIRE(bench.show->snapshot()->show->products[0].id == "LX-200");
    const CalloutItem sink = bench.state.show.find_product("LX-200")->callouts[0];
    bench.keep("products.callout", sink.id);
    bench.tick();

    // Steps that follow each other closely are one edit.
    bench.press("callout.right");
    bench.press("callout.right");
    CHECK(callouts()[0].at_mm[0] == Approx(before[0].at_mm[0] + 2));
    CHECK(bench.state.ui.done.size() == 1);
    CHECK(edit_words(bench.state, bench.state.ui.done.back()) == "moved callout “" + sink.text + "”");
    CHECK(bench.control("undo").text == "Undo: moved callout “" + sink.text + "”");
    bench.wait(2);
    bench.key(undo_key);
    CHECK(callouts() == before);
    bench.key(redo_key);
    CHECK(callouts()[0].at_mm[0] == Approx(before[0].at_mm[0] + 2));
    bench.press("undo");
    CHECK(callouts() == before);
    CHECK(bench.control("redo").enabled);

    bench.keep("callout_text:" + sink.id, "Heat sink");
    bench.press("callout.save");
    CHECK(callouts()[0].text.in("en") == "Heat sink");
    bench.key(undo_key);
    CHECK(callouts() == before);

    bench.keep("callout_new:LX-200", "New one");
    bench.press("callout.add");
    CHECK(callouts().size() == before.size() + 1);
    bench.key(undo_key);
    CHECK(callouts() == before);
    bench.key(redo_key);
    CHECK(callouts().size() == before.size() + 1);
    bench.key(undo_key);

    bench.wait(2);
    bench.press("callout.remove");
    bench.wait(0.5);
    bench.press_here();
    CHECK(callouts().size() == before.size() - 1);
    bench.wait(2);
    bench.key(undo_key);
    CHECK(callouts().size() == before.size());
    CHECK(callouts().back().text == before[0].text);
    CHECK(callouts().back().at_mm == before[0].at_mm);
    CHECK(callouts().back().spec == before[0].spec);
    CHECK(bench.refusals.empty());
}

TEST_CASE("what somebody else has changed since is not overwritten") {
    ShowBench bench;
    bench.state.ui.page = Page::products;
    bench.keep("products.product", "LX-200");
    const CalloutItem sink = bench.state.show.find_product("LX-200")->callouts[0];
    bench.keep("products.callout", sink.id);
    bench.tick();
    bench.press("callout.right");
    bench.wait(4);
    bench.post(PlaceCallout{sink.id, {5, 6, 0}, false});
    bench.read();
    bench.key(undo_key);
    CHECK(bench.show->snapshot()->show->products[0].callouts[0].at_mm == std::array<double, 3>{5, 6, 0});
    CHECK(bench.state.ui.message == bench.state.say("undo.changed_since", "moved callout “" + sink.text + "”"));
    bench.key(undo_key);
    CHECK(bench.state.ui.message == bench.state.say("undo.nothing"));
}

TEST_CASE("an answer at hand put over a typed one, a typed price, a gain, a hidden question and an order come back") {
    ShowBench bench;
    bench.state.ui.page = Page::buyers;
    const std::string question = first_question(bench), field = "answer:" + question;
    bench.press(field);
    bench.type("half typed");
    bench.press("template:yes");
    CHECK(bench.state.kept(field) != "half typed");
    bench.key(undo_key);
    CHECK(bench.state.kept(field) == "half typed");
    bench.key(undo_key);
    CHECK(bench.state.kept(field).empty());

    bench.press("question.hide");
    CHECK(first_question(bench) != question);
    bench.key(undo_key);
    CHECK(first_question(bench) == question);

    bench.keep("buyers.tab", "quotes");
    bench.tick();
    const std::string price = "offer:" + quotes_by_value(bench.state.desk).front()->id + ":price";
    bench.press(price);
    bench.type("9.99");
    bench.key('\x1b');
    CHECK(bench.state.kept(price) == "9.99");
    CHECK(bench.state.ui.done.back().name == "undo.typed");
    bench.key(undo_key);
    CHECK(bench.state.kept(price).empty());

    bench.keep("buyers.tab", "orders");
    bench.wait(2);
    bench.press("order.next:48291");
    CHECK(bench.state.desk.orders.front().state == desk::OrderState::confirmed);
    bench.key(undo_key);
    CHECK(bench.state.desk.orders.front().state == desk::OrderState::placed);

    bench.state.ui.page = Page::sound;
    bench.wait(2);
    bench.press("gain.more:" + bench.state.show.sounds.front().id);
    CHECK(bench.state.show.sounds.front().gain_db == Approx(1));
    bench.key(undo_key);
    CHECK(bench.state.show.sounds.front().gain_db == Approx(0));
    CHECK(bench.refusals.empty());
}
