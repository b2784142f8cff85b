#pragma once
// The panel without a window beside a real show without cameras: what is pressed is carried out as the window does it, by way of the
// control API's JSON in both directions, and the panel reads the snapshot that came of it. Time is the bench's, the panel's and the show's,
// and so are the ids: what is done in the same order comes to the same, on any machine and however loaded it is.

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/buyers.h"
#include "engine/clock.h"
#include "engine/show.h"
#include "pipelines/deliver/web/json_views.h"
#include "test_places.h"
#include "tests/support/scratch_folder.h"
#include "tests/tools/held_clock.h"
#include "tests/tools/panel_bench.h"
#include "tests/tools/seeded_ids.h"
#include "tools/panel/buyers_desk.h"

namespace vitrine::panel {

constexpr double frame_s = 1.0 / 30;

struct ShowBench : PanelBench {
    test::HeldClock clock{2'524'608'000'000'000};  ///< the first second of 2050
    test::SeededIds ids{1};
    test::ScratchFolder folder;
    std::unique_ptr<Show> show;
    std::unique_ptr<Buyers> buyers;
    std::vector<desk::Actor> people;
    /// What was carried out since it was last looked at.
    std::vector<Command> commands;
    std::vector<desk::Act> desk_acts;
    std::vector<std::string> refusals;
    int closed = 0;
    bool taken_back = false;  ///< or done again
    /// Faults that are planted to see them found: keys as they were taken once, and what is done to a frame before it is carried out.
    std::function<void(ShowBench&, const std::string& keys)> old_keys;
    std::function<void(ShowBench&)> plant;
    std::function<void()> looked_at;  ///< a frame has been drawn

    explicit ShowBench(const std::string& language = "en", float w = 1600, float h = 1000) : PanelBench(language, w, h, 1, letters()) {
        namespace fs = std::filesystem;
        fs::copy(fs::path(VITRINE_SOURCE_DIR) / "assets/shows/demo", folder.path() / "show", fs::copy_options::recursive);
        LoadedShow loaded = load_show(folder.path() / "show");
        if (!loaded.show) throw std::runtime_error("the demo show has a problem");
        show = std::make_unique<Show>(std::make_shared<const ShowConfig>(std::move(*loaded.show)));
        buyers = std::make_unique<Buyers>(*show);
        for (const auto& camera : show->snapshot()->show->cameras) {
            CameraStatus status;
            status.state = CameraState::live;
            status.width = 1280, status.height = 720, status.fps = 30;
            report(CameraReport{camera.id, status});
        }
        ModelFacts facts;
        facts.variants = {"white", "black"};
        report(ModelReport{"LX-200", facts});
        state.link = ControlClient::Link::attached;
        state.ever_attached = true;
        state.start.can_close = true;
        state.utc_us = utc_now_us();
        move(SessionMove::prepare);
        move(SessionMove::go_live);
        fill_desk();
        post(PinProduct{"LX-200"});
        // One mask in the file, one that only holds.
        post(SetMasks{"bench", {{{{0.1f, 0.1f}, {0.3f, 0.1f}, {0.3f, 0.4f}}, MaskFill::solid}}, true});
        post(SetMasks{"line", {{{{0.5f, 0.5f}, {0.7f, 0.5f}, {0.7f, 0.8f}}, MaskFill::blur}}, false});
        read();
        settle_preview(state);
    }

    static std::set<std::string> letters() { return {"“”×=…", "هل تتوفر نسخة بدرجة حماية IP65؟"}; }

    /// Has the show do something and waits until all that came of it is told. The show's time passes only then, and on its own thread: so
    /// no moment depends on when that thread was let run. `begin` is called with what takes the answer, and must not wait.
    template <class T, class Begin>
    T ask(Begin begin) {
        const auto answer = std::make_shared<std::promise<T>>();
        auto answered = answer->get_future();
        const Nanoseconds passed = std::exchange(unpassed_, 0) + publishes_after;
        show->records([this, passed, answer, begin = std::move(begin)](const auto&) mutable {
            begin([answer](T result) { answer->set_value(std::move(result)); });
            show->records([this, passed](const auto&) { clock.pass(passed); });
        });
        answered.wait();
        // The second begins when the round of the show thread that ran the first is over.
        for (int i = 0; i < 2; ++i) {
            const auto round = std::make_shared<std::promise<void>>();
            show->records([round](const auto&) { round->set_value(); });
            round->get_future().wait();
        }
        state.utc_us = utc_now_us();
        return answered.get();
    }
    Result<std::uint64_t> command(Command command) {
        return ask<Result<std::uint64_t>>(
            [this, command = std::move(command)](auto done) mutable { show->post(std::move(command), std::move(done)); });
    }
    Result<desk::ActResult> desk_act(desk::Act act, desk::Actor who = {desk::Role::presenter, {}, {}}) {
        return ask<Result<desk::ActResult>>([this, act = std::move(act), who = std::move(who)](auto done) mutable {
            show->act(std::move(act), std::move(who), std::move(done));
        });
    }
    void report(Report report) {
        ask<bool>([this, report = std::move(report)](auto done) mutable {
            show->report(std::move(report));
            done(true);
        });
    }
    void post(Command what) {
        if (const auto done = command(std::move(what)); !done) refusals.push_back(done.error().message);
    }
    void move(SessionMove to) { post(MoveSession{to}); }
    void act(desk::Act act, desk::Actor who = {desk::Role::presenter, {}, {}}) {
        if (const auto done = desk_act(std::move(act), std::move(who)); !done) refusals.push_back(done.error().message);
    }
    desk::Actor as(std::size_t person) {
        desk::Actor who = people.at(person);
        who.client_id = "c" + std::to_string(++client_);
        return who;
    }

    void fill_desk() {
        for (const char* name : {"Ana Silva", "Omar Haddad"}) {
            desk::MakeInvite invite;
            invite.name = name;
            const auto made = desk_act(invite).value();
            const auto in = ask<Result<Buyers::Joined>>([this, made](auto done) {
                                buyers->join({made.id, made.secret, "en", {}, false}, utc_now_us(), std::move(done));
                            }).value();
            people.push_back({in.session.role, in.session.person, {}});
            PresenceReport here;
            here.person = in.session.person;
            here.seat = "s" + std::to_string(people.size());
            here.sockets = 1;
            report(here);
        }
        ask_again();
    }
    /// Whatever a walk may have used up is there again.
    void ask_again() {
        const auto view = show->snapshot()->desk;
        const auto open = [&](const auto& list, auto test) { return std::any_of(list.begin(), list.end(), test); };
        if (!open(view->messages, [](const desk::Message& m) { return m.answer.empty() && m.state == desk::MessageState::shown; }))
            for (std::size_t i = 0; i < people.size(); ++i) {
                desk::Say question;
                question.kind = desk::MessageKind::question;
                question.text = "Is there an IP65 version?";
                act(question, as(i));
            }
        if (!open(view->quotes, [](const desk::Quote& q) { return q.state == desk::QuoteState::requested; }))
            for (std::size_t i = 0; i < people.size(); ++i) {
                desk::RequestQuote quote;
                quote.product = "LX-200";
                quote.quantity = 2000;
                quote.target_price = desk::Money{109'000, "USD"};
                desk::SpecChange colour;
                colour.id = "c1", colour.key = "colour", colour.from = "white", colour.to = "black";
                if (i == 0) quote.changes = {colour};
                act(quote, as(i));
            }
        if (!open(view->points, [](const desk::Point& p) { return p.state == desk::PointState::open; }))
            act(desk::PlacePoint{"LX-200", "Is this screw standard?", {60, 40, 0}, {}}, as(0));
        if (view->orders.empty()) {
            desk::Order order;
            order.id = "48291", order.product = "LX-200", order.place = "Rotterdam", order.quantity = 500;
            act(desk::PutOrder{order});
        }
        if (!view->poll || !view->poll->open) {
            desk::OpenPoll poll;
            poll.question.by_language["en"] = "Which finish?";
            poll.options = {LocalText{{{"en", "White"}}}, LocalText{{{"en", "Black"}}}};
            act(poll);
        }
        act(desk::RaiseHand{true, {}}, as(1));
    }

    nlohmann::json snapshot_json() const {
        std::string text = web::control_snapshot(*show->snapshot(), steady_now());
        // The folder has another name, of another width, in each run.
        const std::string path = folder.path().string();
        for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at)) text.replace(at, path.size(), "/bench");
        return nlohmann::json::parse(text);
    }
    /// As the window reads it.
    void read() {
        const auto snapshot = show->snapshot();
        if (snapshot->show != config_ || state.ui.language != language_) {
            config_ = snapshot->show;
            document_ = nlohmann::json::parse(
                web::control_show_document(*snapshot->show, {}, "", "http://127.0.0.1:8080/j/ab#cd", snapshot->edition));
        }
        language_ = state.ui.language;
        json_ = snapshot_json();
        state.show = read_show(&document_, &json_, state.ui.language);
        state.snapshot_at = state.now;
        state.desk = *snapshot->desk;
        settle_preview(state);
        settle_masks(state);
    }
    const nlohmann::json& seen() const { return json_; }

    /// As the window carries it out.
    void carry_out() {
        Commands now = std::exchange(asked, {});
        if (now.to_show.empty() && now.to_desk.empty() && now.acts.empty() && now.kept_edits.empty()) return;
        const std::uint64_t edits = note_edits(now, state);
        for (const Act& each : now.acts)
            taken_back = taken_back || std::holds_alternative<Undo>(each) || std::holds_alternative<Redo>(each);
        take_back(state, now);
        // The show's answers come later than what the panel does by itself.
        for (const Act& each : now.acts) {
            apply(each, state);
            closed += std::holds_alternative<CloseShow>(each);
        }
        for (const Command& each : now.to_show) {
            commands.push_back(each);
            auto read = command_from_json(command_to_json(each));
            const Result<std::uint64_t> done = read ? command(std::move(*read)) : tl::unexpected<Error>(read.error());
            if (!done) {
                refusals.push_back(done.error().message);
                forget_edits(state, edits);
            } else if (const auto* masks = std::get_if<SetMasks>(&each); masks && masks->save) {
                apply(MasksSaved{masks->camera, masks->masks}, state);
            }
        }
        for (const desk::Act& each : now.to_desk) {
            desk_acts.push_back(each);
            auto read = desk::act_from_json(desk::act_to_json(each));
            const Result<desk::ActResult> done = read ? desk_act(std::move(*read)) : tl::unexpected<Error>(read.error());
            if (!done) refusals.push_back(done.error().message), forget_edits(state, edits);
        }
        if (!now.to_show.empty() || !now.to_desk.empty() || state.ui.language != language_) read();
    }

    /// A frame with what is pressed in it.
    void tick(const std::string& keys = {}) {
        state.now += frame_s;
        unpassed_ += static_cast<Nanoseconds>(frame_s * 1e9);
        state.utc_us += static_cast<std::int64_t>(frame_s * 1e6);
        if (old_keys) old_keys(*this, keys);
        frame();
        if (looked_at) looked_at();
        if (!old_keys)
            for (const char key : keys) take_key(state, key, asked);
        if (plant) plant(*this);
        carry_out();
    }
    void wait(double seconds) {
        for (double passed = 0; passed < seconds; passed += frame_s) tick();
    }
    void point_at(ImVec2 at) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
#else
        ImGui::GetIO().MousePos = at;
#endif
    }
    void button(bool down) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
        ImGui::GetIO().MouseDown[0] = down;
#endif
    }
    /// For the next frame.
    void wheel(float turns) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMouseWheelEvent(0, turns);
#else
        ImGui::GetIO().MouseWheel = turns;
#endif
    }
    /// The pointer where it is.
    void press_here() {
        button(true);
        tick();
        button(false);
        tick();
        tick();
    }
    void press(const std::string& id) {
        const Area area = control(id).area;
        point_at({area.x + area.w / 2, area.y + area.h / 2});
        tick();
        press_here();
    }
    /// As the window hands a key over: to ImGui, with its letter, and to the panel.
    void key(char pressed) {
        ImGuiIO& io = ImGui::GetIO();
        const auto special = pressed == '\n'     ? ImGuiKey_Enter
                             : pressed == '\x1b' ? ImGuiKey_Escape
                             : pressed == ' '    ? ImGuiKey_Space
                                                 : ImGuiKey_COUNT;
        const auto down = [&](bool is) {
            if (special == ImGuiKey_COUNT) return;
#if IMGUI_VERSION_NUM >= 18700
            io.AddKeyEvent(special, is);
#else
            io.KeysDown[special] = is;
            // As the window does for this version.
            if (special == ImGuiKey_Enter) io.NavInputs[ImGuiNavInput_Activate] = is && io.NavVisible ? 1.0f : 0.0f;
#endif
        };
        down(true);
        if (pressed >= ' ' && static_cast<unsigned char>(pressed) < 0x7f)
            io.AddInputCharacter(static_cast<unsigned>(pressed >= 'A' && pressed <= 'Z' ? pressed + 32 : pressed));
        tick(std::string(1, pressed));
        down(false);
        tick();
    }
    void type(const std::string& text) {
        for (const char letter : text) key(static_cast<char>(std::toupper(static_cast<unsigned char>(letter))));
    }

  private:
    /// More than the least time between two showings of the desk: who asks is answered at once.
    static constexpr Nanoseconds publishes_after = 25'000'000;

    Nanoseconds unpassed_ = 0;  ///< of the panel's time: the show's own passes when it is asked
    std::shared_ptr<const ShowConfig> config_;
    std::string language_;
    nlohmann::json document_, json_;
    int client_ = 0;
};

}  // namespace vitrine::panel
