// Two thousand keys and clicks by chance on each page of the panel, while a real show is live. Nothing ends, shows what was hidden, accepts
// or goes on air but by a question that stood on the screen for as long as a hand takes to read that it is one; nothing typed acts; a hand
// that presses again finds nothing else; and what stands on the screen is what the snapshot says. Seeded: the same walk every time and at
// any load, since time and ids are the bench's. VITRINE_WALK_SEED takes another one and tells each walk's fingerprint.

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/tools/real_show_bench.h"

using namespace vitrine;
using namespace vitrine::panel;
using nlohmann::json;

namespace {

/// What no key takes back, or shows what was hidden, or puts somebody on air. Empty: none of these.
std::string graver(const Command& command, const ShowBench& before, const std::map<std::string, std::size_t>& masks) {
    if (const auto* move = std::get_if<MoveSession>(&command)) {
        if (move->move == SessionMove::pause) return {};
        if (move->move == SessionMove::prepare && before.seen().value("session", "") == "idle") return {};
        return std::string(to_string(move->move));
    }
    if (const auto* safe = std::get_if<HoldSafe>(&command)) return safe->on ? "" : "leaves the safe picture";
    if (const auto* set = std::get_if<SetMasks>(&command)) {
        const auto had = masks.find(set->camera);
        return had != masks.end() && set->masks.size() < had->second ? "removes a mask" : "";
    }
    if (std::holds_alternative<RemoveCallout>(command)) return "removes a callout";
    return {};
}
std::string graver(const desk::Act& act) {
    if (const auto* decided = std::get_if<desk::DecideQuote>(&act))
        return decided->state == desk::QuoteState::accepted ? "accepts" : "declines";
    if (std::holds_alternative<desk::CounterQuote>(act)) return "offers";
    if (const auto* change = std::get_if<desk::DecideChange>(&act); change && change->state != desk::ChangeState::countered)
        return "decides a change";
    if (std::holds_alternative<desk::EndSeat>(act)) return "sends out";
    if (std::holds_alternative<desk::RevokeInvite>(act) || std::holds_alternative<desk::RevokeEverybody>(act)) return "revokes";
    if (std::holds_alternative<desk::OpenPoll>(act) || std::holds_alternative<desk::ClosePoll>(act)) return "poll";
    return {};
}

/// Commands that a key sends; a field's own Enter sends none of them.
bool acts_on_air(const Command& command) {
    return std::holds_alternative<MoveSession>(command) || std::holds_alternative<SwitchScene>(command) ||
           std::holds_alternative<HoldSafe>(command) || std::holds_alternative<Mute>(command) ||
           std::holds_alternative<StepRundown>(command) || std::holds_alternative<ShowCard>(command) ||
           std::holds_alternative<SetRecording>(command) || std::holds_alternative<MarkChapter>(command);
}

struct Walk {
    ShowBench& bench;
    Page page;
    std::mt19937 chance;
    std::vector<std::string> faults;
    std::set<std::string> told;
    std::string doing;
    int step = 0;
    std::size_t refusals = 0;  ///< that have been seen

    // What the walker knows by looking: where the last press was and what it met, whether it was typing, and since when a question stands.
    double pressed_at = -100, question_since = -100;
    std::string question, pressed_id;
    std::map<std::string, int> pressed;  ///< how often what kind of control was
    std::optional<SessionMove> moved_here;
    bool typing = false;
    std::map<std::string, int> met;
    /// Of all that was done and drawn: two walks with one seed are the same walk.
    std::uint64_t way = 14695981039346656037u;

    Walk(ShowBench& b, Page p, unsigned seed) : bench(b), page(p), chance(seed) {
        bench.looked_at = [this] { look_for_question(); };
    }
    ~Walk() { bench.looked_at = nullptr; }

    static std::string kind(const std::string& id) { return id.substr(0, id.find(':')); }
    int any(int below) { return static_cast<int>(chance() % static_cast<unsigned>(below)); }
    /// Each is told once: what goes on being wrong hides nothing else.
    void fault(const std::string& what) {
        if (told.insert(what).second) faults.push_back("step " + std::to_string(step) + ", " + doing + ": " + what);
    }

    void note(std::string_view text) {
        for (const char each : text) way = (way ^ static_cast<unsigned char>(each)) * 1099511628211u;
        way = (way ^ 0xffu) * 1099511628211u;
    }

    /// The question that stands on the screen: read off what was drawn, as a person does.
    void look_for_question() {
        // What stands on a control, or in its help, is none.
        const auto its_own = [&](const std::string& text) {
            return std::any_of(bench.drawn.begin(), bench.drawn.end(),
                               [&](const Drawn& d) { return d.control && (d.text == text || d.help.find(text) != std::string::npos); });
        };
        std::string now;
        for (const Drawn& d : bench.drawn)
            if (!d.control && (d.text.find("ress again") != std::string::npos || d.text.find("再按一次") != std::string::npos) &&
                !its_own(d.text))
                now = d.text;
        if (now != question) question = now, question_since = bench.state.now;
    }
    /// Anything that was asked for by the last press must have had its question there before it.
    void judge(bool by_key, const std::string& id, const std::string& asked, double since) {
        const bool refused = std::exchange(refusals, bench.refusals.size()) < bench.refusals.size();
        const bool taken_back = std::exchange(bench.taken_back, false);
        for (const Command& each : std::exchange(bench.commands, {})) {
            note(command_to_json(each));
            ++met[std::string(json::parse(command_to_json(each)).value("command", ""))];
            std::string what = graver(each, bench, masks_);
            // Added and taken back, or removed and done again: it shows nothing that was hidden, and one key has it there once more.
            if (taken_back && std::holds_alternative<RemoveCallout>(each) &&
                !(bench.state.ui.done.empty() && bench.state.ui.undone.empty()))
                what.clear();
            if (!what.empty() && (asked.empty() || since < 0.3)) fault(what + " without its question");
            if (by_key && typing && acts_on_air(each)) fault("a key acts on air while typing");
            if (const auto* move = std::get_if<MoveSession>(&each)) {
                if (!by_key && moved_here && *moved_here != move->move && move->move != SessionMove::resume &&
                    move->move != SessionMove::pause)
                    fault("the same place comes to " + std::string(to_string(move->move)));
                if (!by_key && moved_here == SessionMove::go_live && move->move == SessionMove::pause) fault("going live pauses");
                if (!by_key) moved_here = move->move;
            }
            if (const auto* set = std::get_if<SetMasks>(&each)) {
                if (masks_.contains(set->camera) && set->masks.size() > masks_[set->camera] && id == "mask.add")
                    fault("a mask goes on air as it is added");
                // One key takes it back.
                if (!set->save && !refused && bench.state.ui.done.empty() && bench.state.ui.undone.empty())
                    fault("a mask cannot be taken back");
            }
            if (std::holds_alternative<SetMasks>(each)) note_masks();
        }
        for (const desk::Act& each : std::exchange(bench.desk_acts, {})) {
            note(desk::act_to_json(each));
            ++met[std::string(json::parse(desk::act_to_json(each)).value("act", ""))];
            const std::string what = graver(each);
            if (!what.empty() && (asked.empty() || since < 0.3)) fault(what + " without its question");
            if ((what == "accepts" || what == "offers") && asked.find("USD") == std::string::npos)
                fault(what + ", but no amount was named");
        }
        if (bench.closed > 0 && (asked.empty() || since < 0.3)) fault("closes the show without its question");
        bench.closed = 0;
    }
    void note_masks() {
        const json now = bench.snapshot_json();
        for (const auto& [camera, status] : now["cameras"].items()) masks_[camera] = status["masks"].size();
    }

    void press_here() {
        const ImVec2 at = ImGui::GetIO().MousePos;
        std::string id;
        bool field = false;
        for (const Drawn& d : bench.drawn)
            if (d.control && at.x >= d.area.x && at.x < d.area.x + d.area.w && at.y >= d.area.y && at.y < d.area.y + d.area.h) id = d.id;
        const std::string asked = question;
        const double since = bench.state.now - question_since, gap = bench.state.now - pressed_at;
        bench.button(true);
        bench.tick();
        field = bench.kit.hand.in_field();
        bench.button(false);
        bench.tick();
        typing = field;
        const bool acted = !bench.commands.empty() || !bench.desk_acts.empty();
        if (acted && gap < 0.35 && !pressed_id.empty() && id != pressed_id)
            fault("a second press of the same hand met " + id + " after " + pressed_id);
        pressed_at = bench.state.now;
        pressed_id = id;
        judge(false, id, asked, since);
        bench.tick();
    }
    void key(char pressed) {
        const std::string asked = question;
        const double since = bench.state.now - question_since;
        bench.key(pressed);
        // Typing is over when it was left on purpose.
        judge(true, "", asked, since);
        if (pressed == '\x1b') typing = false;
        if (bench.kit.hand.in_field()) typing = true;
    }

    /// Where a hand goes that wants one of the masks: a corner, or inside.
    ImVec2 on_a_mask(const Area& canvas) {
        std::vector<PrivacyMask> masks;
        for (const CameraItem& camera : bench.state.show.cameras)
            if (camera.id == bench.state.kept("masks.camera")) masks = camera.masks;
        if (masks.empty()) return {canvas.x + canvas.w / 2, canvas.y + canvas.h / 2};
        const auto& polygon = masks[static_cast<std::size_t>(any(static_cast<int>(masks.size())))].polygon;
        std::array<float, 2> at = polygon[static_cast<std::size_t>(any(static_cast<int>(polygon.size())))];
        if (any(2) == 0) {
            at = {0, 0};
            for (const auto& corner : polygon)
                at[0] += corner[0] / static_cast<float>(polygon.size()), at[1] += corner[1] / static_cast<float>(polygon.size());
        }
        return {canvas.x + at[0] * canvas.w, canvas.y + at[1] * canvas.h};
    }

    void one() {
        const ImVec2 at = ImGui::GetIO().MousePos;
        const int what = any(100);
        if (!question.empty() && any(2) == 0) {  // who has read the question means it
            doing = "yes, " + pressed_id;
            for (int left = 12 + any(40); left > 0; --left) bench.tick();
            press_here();
        } else if (typing && any(3) == 0) {  // who has begun to write goes on, sends it, and has not looked up yet
            doing = "writes and sends";
            for (int left = any(4); left > 0; --left) key("ASGPQRMNBLDK"[any(12)]);
            key('\n');
            for (int left = any(20); left > 0; --left) bench.tick();
            doing = "the key after it";
            key("\n\n SGPQRMNBLDK"[any(14)]);
        } else if (what < 28) {  // a control, anywhere on it
            std::vector<const Drawn*> controls;
            for (const Drawn& d : bench.drawn)
                if (d.control && !d.clipped && d.id.rfind("page:", 0) != 0) controls.push_back(&d);
            if (controls.empty()) return;
            const Drawn* chosen = controls[static_cast<std::size_t>(any(static_cast<int>(controls.size())))];
            // Every other time the one of whose kind least was pressed: what is there seldom is not lost among what is always there.
            if (any(2) == 0)
                for (const Drawn* other : controls)
                    if (pressed[kind(other->id)] < pressed[kind(chosen->id)]) chosen = other;
            const Drawn& d = *chosen;
            ++pressed[kind(d.id)];
            doing = "click " + d.id;
            const ImVec2 to{d.area.x + d.area.w * static_cast<float>(10 + any(80)) / 100,
                            d.area.y + d.area.h * static_cast<float>(10 + any(80)) / 100};
            bench.point_at(d.id == "mask_canvas" && any(2) == 0 ? on_a_mask(d.area) : to);
            moved_here.reset();
            pressed_id.clear();
            bench.tick();
            press_here();
        } else if (what < 58) {  // the same place again, at once or after a moment
            doing = "again " + pressed_id;
            for (int left = any(2) == 0 ? 12 + any(40) : any(10); left > 0; --left) bench.tick();
            press_here();
        } else if (what < 62) {  // anywhere
            doing = "click anywhere";
            bench.point_at({static_cast<float>(any(1600)), static_cast<float>(any(1000))});
            moved_here.reset();
            pressed_id.clear();
            bench.tick();
            press_here();
        } else if (what < 66) {  // from here to there
            doing = "drag";
            bench.button(true);
            bench.tick();
            for (int i = 0; i < 3; ++i)
                bench.point_at({at.x + static_cast<float>(any(160) - 80), at.y + static_cast<float>(any(120) - 60)}), bench.tick();
            bench.button(false);
            bench.tick();
            judge(false, "", question, bench.state.now - question_since);
            typing = bench.kit.hand.typing();
            moved_here.reset();
            pressed_id.clear();
        } else if (what < 70) {  // the list under the pointer
            doing = "scroll";
            const auto place = [&]() -> std::optional<float> {
                for (const Drawn& d : bench.drawn)
                    if (d.control && d.id == pressed_id) return d.area.y;
                return {};
            };
            const auto before = place();
            bench.wheel(any(2) == 0 ? 3.0f : -3.0f);
            for (int left = 1 + any(4); left > 0; --left) bench.tick();
            // What comes under the pointer so is no surprise.
            if (place() != before) pressed_id.clear();
        } else if (what < 94) {
            static constexpr char keys[] = "\n\n\n  SSGPPFQRCMNBLDK?123456789ETAOI\x1b\x1b\x1a\x1a\x19";
            const char one = keys[any(static_cast<int>(sizeof keys) - 1)];
            doing = "key " + std::to_string(static_cast<int>(one));
            key(one);
            if (any(3) == 0) {
                for (int left = any(20); left > 0; --left) bench.tick();
                doing = "the same key again, " + std::to_string(static_cast<int>(one));
                key(one);
            }
        } else {
            doing = "wait";
            for (int left = any(60); left > 0; --left) bench.tick();
        }
    }

    /// What the screen says, against the snapshot as JSON.
    void compare() {
        note(doing);
        for (const Drawn& d : bench.drawn) {
            note(d.id), note(d.text);
            for (const float side : {d.area.x, d.area.y, d.area.w, d.area.h}) note(std::to_string(std::lround(side)));
        }
        const json now = bench.snapshot_json();
        const auto& state = bench.state;
        const auto control = [&](const std::string& id) -> const Drawn* {
            const auto found =
                std::find_if(bench.drawn.begin(), bench.drawn.end(), [&](const Drawn& d) { return d.control && d.id == id; });
            return found == bench.drawn.end() ? nullptr : &*found;
        };
        const auto shows = [&](const std::string& text) {
            return std::any_of(bench.drawn.begin(), bench.drawn.end(), [&](const Drawn& d) { return d.text == text; });
        };
        const auto is = [&](const std::string& id, bool on, bool snapshot) {
            if (on != snapshot) fault("the screen says otherwise than the snapshot: " + id);
        };
        const std::string session = now["session"];
        is("session", shows(state.say("session." + session)), true);
        if (state.ui.overlay != Overlay::none) return;
        for (const SceneItem& scene : state.show.scenes)
            if (scene.id == now["scene"])
                is("scene " + scene.id,
                   std::any_of(bench.drawn.begin(), bench.drawn.end(),
                               [&](const Drawn& d) { return !d.control && d.text.ends_with("  " + scene.name); }),
                   true);
        if (const Drawn* safe = control("safe"); safe && !state.asked("safe")) is("safe", safe->text == state.say("safe.off"), now["safe"]);
        if (const Drawn* record = control("record")) is("record", record->selected, now["recording"]["on"]);
        // A mask that is drawn as one on air is on air. (Those of somebody else take the place of what is not known here.)
        if (const auto& edit = state.ui.masks; edit && !edit->moving)
            if (const CameraItem* camera = state.show.find_camera(edit->camera);
                camera && std::find(edit->known.begin(), edit->known.end(), camera->masks) != edit->known.end())
                is("masks of " + edit->camera, edit->masks.size() - (edit->draft || edit->drawing ? 1 : 0) == camera->masks.size(), true);
        const std::set<std::string> hidden = now["hidden_callouts"];
        const json models = now["models"];
        for (const Drawn& d : bench.drawn) {
            if (!d.control) continue;
            const auto colon = d.id.find(':');
            const std::string kind = d.id.substr(0, colon), rest = colon == std::string::npos ? "" : d.id.substr(colon + 1);
            if (d.id == "card" || d.id == "specs" || d.id == "badges" || d.id == "ticker") is(d.id, d.selected, now[d.id]);
            if (kind == "pin" && !rest.empty()) is(d.id, d.selected, now["pinned"] == rest);
            if (kind == "callout" && !rest.empty()) is(d.id, d.selected, !hidden.contains(rest));
            if (kind == "speaker") is(d.id, d.selected, now["lower_third"] == rest);
            if (d.id == "model" || d.id == "x_ray") {
                const json& model = models[now["pinned"].get<std::string>()];
                is(d.id, d.selected, model[d.id == "model" ? "shown" : "x_ray"]);
            }
            if (kind == "mute" && !rest.empty()) is(d.id, d.text == state.say("sound.unmute"), now["sounds"][rest]["muted"]);
            if (kind == "mask_camera") {
                const std::size_t count = now["cameras"][rest]["masks"].size();
                const std::string words = count == 0 ? state.say("mask.none") : state.say("mask.count", std::to_string(count));
                is(d.id,
                   std::any_of(bench.drawn.begin(), bench.drawn.end(),
                               [&](const Drawn& text) {
                                   return !text.control && text.text == words && d.area.contains(Area{text.area.x, text.area.y, 1, 1});
                               }),
                   true);
            }
        }
    }

    void run(int steps) {
        note_masks();
        for (step = 0; step < steps; ++step) {
            one();
            bench.tick();
            compare();
            // Back on the page, and live.
            if (bench.state.ui.page != page || (bench.state.ui.overlay != Overlay::none && any(4) == 0)) apply(OpenPage{page}, bench.state);
            if (const std::string session = bench.seen().value("session", ""); session != "live") {
                // Once it is ready it is the walk's to go live, for a while.
                if (session == "ready" ? any(25) == 0 : any(12) == 0) {
                    bench.move(session == "ready"    ? SessionMove::go_live
                               : session == "paused" ? SessionMove::resume
                                                     : SessionMove::prepare);
                    bench.read();
                }
            }
            if (step % 40 == 39) {
                bench.ask_again();
                bench.post(SetMasks{"bench",
                                    {{{{0.1f, 0.1f}, {0.3f, 0.1f}, {0.3f, 0.4f}}, MaskFill::solid},
                                     {{{0.5f, 0.5f}, {0.7f, 0.5f}, {0.7f, 0.8f}}, MaskFill::blur}},
                                    false});
                bench.read();
                note_masks();
                // Something to press on.
                static constexpr const char* tabs[] = {"questions", "quotes", "quotes", "points", "people", "invites", "orders", "poll"};
                bench.keep("buyers.tab", tabs[any(8)]);
                bench.keep("masks.camera", any(2) ? "bench" : "line");
                const auto& products = bench.state.show.products;
                bench.keep("products.product", products.front().id);
                if (!products.front().callouts.empty()) bench.keep("products.callout", products.front().callouts.front().id);
                std::vector<std::string> open;
                for (const desk::Quote& quote : bench.state.desk.quotes) {
                    bench.keep("offer:" + quote.id + ":price", "10.50");
                    if (our_turn(quote)) open.push_back(quote.id);
                }
                if (!open.empty()) bench.keep("buyers.quotes", open[static_cast<std::size_t>(any(static_cast<int>(open.size())))]);
                bench.keep("poll.question", "Which finish?");
                bench.keep("poll.option0", "White");
                bench.keep("poll.option1", "Black");
            }
        }
        if (typing) bench.key('\x1b');
    }

  private:
    std::map<std::string, std::size_t> masks_;
};

}  // namespace

TEST_CASE("2,000 keys and clicks by chance on each page, live: nothing grave without its question, and the screen tells the truth") {
    const char* seed = std::getenv("VITRINE_WALK_SEED");
    const char* steps = std::getenv("VITRINE_WALK_STEPS");
    std::map<std::string, int> met;
    for (int page = 0; page < page_count; ++page) {
        ShowBench bench(page % 3 == 2 ? "zh" : "en");
        bench.state.ui.page = static_cast<Page>(page);
        bench.tick();
        Walk walk(bench, static_cast<Page>(page),
                  (seed ? static_cast<unsigned>(std::atoi(seed)) : 1u) * 100u + static_cast<unsigned>(page));
        walk.run(steps ? std::atoi(steps) : 2000);
        INFO(to_string(static_cast<Page>(page)));
        if (seed)
            std::printf("%s %016llx\n", std::string(to_string(static_cast<Page>(page))).c_str(), static_cast<unsigned long long>(walk.way));
        for (const std::string& fault : walk.faults) UNSCOPED_INFO(fault);
        CHECK(walk.faults.empty());
        for (const auto& [what, count] : walk.met) met[what] += count;
    }
    // It has been everywhere: a walk that never did these would find nothing.
    if (!steps)
        for (const char* each :
             {"go_live", "pause", "resume", "end", "switch_scene", "safe", "pin", "set_masks", "answer", "decide_quote", "counter_quote",
              "decide_change", "moderate", "set_point", "put_order", "source_gain", "place_callout", "record", "mute"}) {
            INFO(each);
            CHECK(met[each] > 0);
        }
}

TEST_CASE("one seed is one walk, whatever else the machine has to do") {
    const auto way = [](Page page, unsigned seed) {
        ShowBench bench;
        bench.state.ui.page = page;
        bench.tick();
        Walk walk(bench, page, seed);
        walk.run(150);
        return walk.way;
    };
    for (const Page page : {Page::show, Page::buyers, Page::masks}) {
        INFO(to_string(page));
        const std::uint64_t alone = way(page, 3);
        CHECK(way(page, 4) != alone);
        std::atomic<bool> over{false};
        std::vector<std::thread> busy;
        for (unsigned i = 0; i < 2 * std::max(1u, std::thread::hardware_concurrency()); ++i)
            busy.emplace_back([&over] {
                while (!over) continue;
            });
        const std::uint64_t beside = way(page, 3);
        over = true;
        for (std::thread& each : busy) each.join();
        CHECK(beside == alone);
    }
}

TEST_CASE("the walk finds planted faults: those that the panel had") {
    const auto finds = [](Page page, const std::string& words, const std::function<void(ShowBench&)>& prepare) {
        ShowBench bench;
        bench.state.ui.page = page;
        prepare(bench);
        bench.tick();
        Walk walk(bench, page, 7);
        for (int parts = 0; parts < 20; ++parts) {
            walk.run(200);
            for (const std::string& fault : walk.faults)
                if (fault.find(words) != std::string::npos) return true;
            walk.faults.clear();
        }
        return false;
    };
    // Enter took the keyboard from the field, and the keys went by whether a field had it.
    CHECK(finds(Page::buyers, "a key acts on air while typing", [](ShowBench& bench) {
        bench.old_keys = [](ShowBench& b, const std::string& keys) {
            const ImGuiIO& io = ImGui::GetIO();
            for (const char key : keys) {
                if (io.WantTextInput && key != '\x1b' && static_cast<unsigned char>(key) < 0x80) {
                    if (key == '\n') ImGui::SetWindowFocus(nullptr), ImGui::SetWindowFocus("panel");
                    continue;
                }
                press_key(b.state, key, b.asked);
            }
        };
    }));
    // A question that nobody can read is none.
    const auto silent = [](ShowBench& bench) {
        bench.plant = [](ShowBench& b) { b.state.ui.question.clear(), b.state.ui.asked_at = b.state.now - 1; };
    };
    CHECK(finds(Page::buyers, "accepts without its question", silent));
    CHECK(finds(Page::masks, "removes a mask without its question", silent));
    CHECK(finds(Page::show, "end without its question", silent));
    // The button that lies under Go live.
    CHECK(finds(Page::show, "going live pauses", [](ShowBench& bench) {
        bench.plant = [place = Area{}](ShowBench& b) mutable {
            for (const Drawn& d : b.drawn)
                if (d.control && d.id == "go_live") place = d.area;
            const ImVec2 at = ImGui::GetIO().MousePos;
            if (b.state.on_air() && ImGui::IsMouseReleased(0) && place.contains(Area{at.x, at.y, 0, 0}))
                b.asked.send(MoveSession{SessionMove::pause});
        };
    }));
    CHECK(finds(Page::masks, "a mask goes on air as it is added", [](ShowBench& bench) {
        bench.plant = [](ShowBench& b) {
            for (const Act& act : b.asked.acts)
                if (const auto* edit = std::get_if<EditMasks>(&act); edit && edit->edit && edit->edit->draft && b.asked.to_show.empty())
                    b.asked.send(SetMasks{edit->edit->camera, edit->edit->masks, false});
        };
    }));
    CHECK(finds(Page::show, "the screen says otherwise than the snapshot: card",
                [](ShowBench& bench) { bench.plant = [](ShowBench& b) { b.state.show.card = true; }; }));
}
