#include "tools/panel/panel_state.h"

#include <algorithm>
#include <cstdio>

#include "tools/panel/kit.h"

namespace vitrine::panel {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

constexpr std::string_view page_names[] = {"show",  "buyers", "products", "masks",    "multiview",
                                           "sound", "record", "log",      "settings", "help"};

/// Pressed again they take themselves back, which a second press with the same stroke never means.
bool undoes_itself(char key) { return std::string_view("\n FSQRCP").find(key) != std::string_view::npos; }

}  // namespace

std::string_view to_string(Page page) { return page_names[static_cast<std::size_t>(page)]; }

double PanelState::live_seconds() const {
    const bool runs = show.session == SessionState::live || show.session == SessionState::paused;
    if (!runs || !attached()) return show.live_s;
    return show.live_s + std::max(0.0, now - snapshot_at);
}

double PanelState::pinned_seconds() const {
    return show.pinned.empty() || show.session == SessionState::ended || !attached() ? show.pinned_s
                                                                                     : show.pinned_s + std::max(0.0, now - snapshot_at);
}

double PanelState::recording_seconds() const {
    return show.recording.running_s <= 0 || !attached() ? show.recording.running_s
                                                        : show.recording.running_s + std::max(0.0, now - snapshot_at);
}

void apply(const Act& act, PanelState& state) {
    Ui& ui = state.ui;
    std::visit(Overloaded{
                   [&](const SelectPreview& a) { ui.preview = a.scene; },
                   [&](const SetLanguage& a) { ui.language = a.language == "zh" ? "zh" : "en"; },
                   [&](const SetTheme& a) { ui.dark = a.dark; },
                   [&](const AskAgain& a) {
                       ui.asked = a.what;
                       ui.question = a.question;
                       ui.asked_at = state.now;
                       ui.asked_until = state.now + ask_again_s;
                   },
                   [&](const ForgetAsking&) { ui.asked.clear(); },
                   [&](const CopyText& a) {
                       ui.copied = a.what;
                       ui.copied_until = state.now + copied_s;
                   },
                   [&](const OpenPage& a) {
                       ui.page = a.page;
                       ui.overlay = Overlay::none;
                       if (a.page != Page::masks) ui.masks.reset();
                   },
                   [&](const Keep& a) { ui.kept[a.key] = a.value; },
                   [&](const SetFade& a) { ui.fade_ms = std::clamp(a.ms, 100, 5000); },
                   [&](const OpenOverlay& a) { ui.overlay = a.overlay; },
                   [&](const Explain& a) { ui.explain = a.on; },
                   [&](const Tell& a) {
                       ui.message = a.sentence;
                       ui.message_is_warning = a.warning;
                       ui.message_until = state.now + message_s;
                   },
                   [&](const KeyTaken& a) { ui.key = a.key, ui.key_at = state.now; },
                   [&](const Undo&) {},
                   [&](const Redo&) {},
                   [&](const MasksSaved& a) { ui.saved_masks[a.camera] = a.masks; },
                   [&](const DragCallout& a) { ui.drag = a.drag; },
                   [&](const EditMasks& a) { ui.masks = a.edit; },
                   [&](const RunPreflight&) { ui.findings.reset(); },
                   [&](const StartShow&) {},
                   [&](const StartAgain&) {},
                   [&](const LeaveShow&) {},
                   [&](const CloseProblems&) { state.start.problems.clear(); },
                   [&](const CloseShow&) {},
                   [&](const OpenNewShow& a) {
                       state.new_show.open = a.open;
                       state.new_show.page = std::clamp(a.page, 0, new_show_pages - 1);
                       if (a.open && state.kept("new.languages").empty())
                           ui.kept["new.languages"] = ui.language == "zh" ? "zh\nen" : "en\nzh";
                   },
                   [&](const TryCamera& a) { state.new_show.trials[a.source].running = true; },
                   [&](const LookAtPictures& a) {
                       state.new_show.looking = true;
                       state.new_show.looked_at = a.folder;
                       state.new_show.looking_trouble.clear();
                   },
                   [&](const MakeShow&) {
                       state.new_show.making = true;
                       state.new_show.problems.clear();
                   },
               },
               act);
}

void follow_sound(PanelState& state, double seconds) {
    state.level_db = std::max(state.show.audio_peak_db, state.level_db - fall_db_per_s * seconds);
    if (state.show.audio_peak_db > silence_db) state.heard_at = state.now;
}

void settle_preview(PanelState& state) {
    const auto& scenes = state.show.scenes;
    if (scenes.empty() || state.show.find_scene(state.ui.preview)) return;
    const auto on = std::find_if(scenes.begin(), scenes.end(), [&](const SceneItem& s) { return s.id == state.show.scene; });
    const auto index = on == scenes.end() ? 0 : static_cast<std::size_t>(on - scenes.begin()) + 1;
    state.ui.preview = scenes[index % scenes.size()].id;
}

void settle_masks(PanelState& state) {
    if (!state.ui.masks) return;
    auto& known = state.ui.masks->known;
    const CameraItem* camera = state.show.find_camera(state.ui.masks->camera);
    const auto reached = camera ? std::find(known.begin(), known.end(), camera->masks) : known.end();
    if (reached != known.end()) known.erase(known.begin(), reached);
}

std::string why_no_command(const PanelState& state) { return state.attached() ? "" : state.say(state.gone ? "why.gone" : "why.no_link"); }

std::string why_not(const PanelState& state, SessionMove move) {
    if (auto why = why_no_command(state); !why.empty()) return why;
    const auto next = next_state(state.show.session, move);
    return next ? "" : next.error().message;
}

std::string why_no_take(const PanelState& state) {
    if (auto why = why_no_command(state); !why.empty()) return why;
    return state.ui.preview == state.show.scene ? state.say("why.same_scene") : "";
}

std::string why_no_chapter(const PanelState& state) {
    if (auto why = why_no_command(state); !why.empty()) return why;
    const bool can = state.show.session == SessionState::live || state.show.session == SessionState::paused;
    return can ? "" : state.say("why.not_live");
}

void take(const PanelState& state, int duration_ms, Commands& commands) {
    if (!why_no_take(state).empty() || !state.show.find_scene(state.ui.preview)) return;
    commands.send(SwitchScene{state.ui.preview, duration_ms});
    commands.act(SelectPreview{state.show.scene});
}

bool asks_again(const PanelState& state, SessionMove move) {
    if (move == SessionMove::prepare) return state.show.session == SessionState::ended;
    return move != SessionMove::pause;
}

void press(const PanelState& state, SessionMove move, Commands& commands) {
    if (!why_not(state, move).empty()) return;
    const std::string name(to_string(move));
    if (asks_again(state, move) && !sure(state, name, state.say("ask." + name, state.show.title), commands)) return;
    commands.send(MoveSession{move});
}

bool sure(const PanelState& state, const std::string& what, const std::string& question, Commands& commands) {
    if (!state.asked(what)) {
        commands.act(AskAgain{what, question});
        return false;
    }
    if (state.now - state.ui.asked_at < settled_after_s) return false;
    commands.act(ForgetAsking{});
    return true;
}

void hold_safe(const PanelState& state, Commands& commands) {
    if (!why_no_command(state).empty()) return;
    if (state.show.safe && !sure(state, "safe", state.say("ask.safe"), commands)) return;
    commands.send(HoldSafe{!state.show.safe});
}

void take_key(const PanelState& state, char key, Commands& commands) {
    Hand& hand = state.kit->hand;
    const bool page = static_cast<unsigned char>(key) >= static_cast<unsigned char>(first_page_key), escape = key == '\x1b';
    if (escape && hand.in_field()) hand.leave_field();
    if (!page && !escape) {
        if (hand.in_field()) return;
        if (hand.typing()) return commands.act(Tell{state.say("key.typing")});
        const bool presses = key == ' ' || key == '\n';
        if (presses && (hand.focus_shown() || (ImGui::GetIO().NavVisible && ImGui::IsAnyItemFocused()))) return;
        if (undoes_itself(key)) {
            if (key == state.ui.key && state.now - state.ui.key_at < settled_after_s) return;
            commands.act(KeyTaken{key});
        }
    }
    if (state.ever_attached || std::string_view("LD\x1a\x19").find(key) != std::string_view::npos) press_key(state, key, commands);
}

void mark_chapter(const PanelState& state, Commands& commands) {
    if (!why_no_chapter(state).empty()) return;
    const ProductItem* product = state.show.find_product(state.show.pinned);
    const SceneItem* scene = state.show.find_scene(state.show.scene);
    std::string title = product ? product->chapter_name : scene ? scene->chapter_name : "";
    if (title.size() > 200) title.clear();  // the show takes no longer ones, and half a character is no name
    commands.send(MarkChapter{title});
}

void press_key(const PanelState& state, char key, Commands& commands) {
    if (key >= '1' && key <= '9') {
        const auto index = static_cast<std::size_t>(key - '1');
        if (index < state.show.scenes.size()) commands.act(SelectPreview{state.show.scenes[index].id});
        return;
    }
    if (const int page = static_cast<unsigned char>(key) - static_cast<unsigned char>(first_page_key); page >= 0 && page < page_count)
        return commands.act(OpenPage{static_cast<Page>(page)});
    const bool linked = why_no_command(state).empty();
    switch (key) {
        case '\n':
        case ' ':
            return take(state, 0, commands);
        case '\x1b':
            if (state.ui.drag) return commands.act(DragCallout{});
            if (state.asked(state.ui.asked)) return commands.act(ForgetAsking{});
            if (state.ui.overlay != Overlay::none) return commands.act(OpenOverlay{});
            if (state.ui.explain) return commands.act(Explain{false});
            return;
        case undo_key:
            return commands.act(Undo{});
        case redo_key:
            return commands.act(Redo{});
        case '?':
            return commands.act(Explain{!state.ui.explain});
        case 'K':
            return commands.act(OpenOverlay{state.ui.overlay == Overlay::keys ? Overlay::none : Overlay::keys});
        case 'F':
            return take(state, state.ui.fade_ms, commands);
        case 'S':
            return hold_safe(state, commands);
        case 'G':
            return press(state, SessionMove::go_live, commands);
        case 'M':
            return mark_chapter(state, commands);
        case 'N':
            if (linked) commands.send(StepRundown{1});
            return;
        case 'B':
            if (linked) commands.send(StepRundown{-1});
            return;
        case 'Q':
            if (linked) commands.send(Mute{!state.show.muted});
            return;
        case 'R':
            if (linked) commands.send(SetRecording{!state.show.recording.wanted, {}});
            return;
        case 'C':
            if (linked) commands.send(ShowCard{!state.show.card});
            return;
        case 'L':
            return commands.act(SetLanguage{state.ui.language == "zh" ? "en" : "zh"});
        case 'D':
            return commands.act(SetTheme{!state.ui.dark});
        case 'P':
            return press(state, state.show.session == SessionState::paused ? SessionMove::resume : SessionMove::pause, commands);
        default:
            return;
    }
}

std::string clock_text(double seconds) {
    const auto whole = static_cast<long long>(std::max(0.0, seconds));
    char text[32];
    std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

}  // namespace vitrine::panel
