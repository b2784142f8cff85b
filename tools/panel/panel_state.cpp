#include "tools/panel/panel_state.h"

#include <algorithm>
#include <cstdio>

namespace vitrine::panel {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

bool asks_again(SessionMove move) { return move == SessionMove::go_live || move == SessionMove::end; }

}  // namespace

double PanelState::live_seconds() const {
    const bool runs = show.session == SessionState::live || show.session == SessionState::paused;
    if (!runs || !attached()) return show.live_s;
    return show.live_s + std::max(0.0, now - snapshot_at);
}

void apply(const Act& act, PanelState& state) {
    Ui& ui = state.ui;
    std::visit(Overloaded{
                   [&](const SelectPreview& a) { ui.preview = a.scene; },
                   [&](const SetLanguage& a) { ui.language = a.language == "zh" ? "zh" : "en"; },
                   [&](const SetTheme& a) { ui.dark = a.dark; },
                   [&](const AskAgain& a) {
                       ui.asked = a.move;
                       ui.asked_until = state.now + ask_again_s;
                   },
                   [&](const ForgetAsking&) { ui.asked.reset(); },
                   [&](const CopyBuyerLink&) { ui.copied_until = state.now + copied_s; },
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

std::string why_no_command(const PanelState& state) { return state.attached() ? "" : state.say("why.no_link"); }

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

void press(const PanelState& state, SessionMove move, Commands& commands) {
    if (!why_not(state, move).empty()) return;
    const bool asked = state.ui.asked == move && state.now < state.ui.asked_until;
    if (asks_again(move) && !asked) return commands.act(AskAgain{move});
    commands.send(MoveSession{move});
    commands.act(ForgetAsking{});
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
    switch (key) {
        case '\n':
        case ' ':
            return take(state, 0, commands);
        case 'F':
            return take(state, fade_ms, commands);
        case 'G':
            return press(state, SessionMove::go_live, commands);
        case 'M':
            return mark_chapter(state, commands);
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
