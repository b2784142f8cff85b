#include <algorithm>

#include "tools/panel/links.h"
#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

struct Badge {
    std::string_view key;
    Tone tone;
    bool filled;
};

Badge badge(SessionState session) {
    switch (session) {
        case SessionState::live:
            return {"session.live", Tone::live, true};
        case SessionState::paused:
            return {"session.paused", Tone::warn, false};
        case SessionState::ready:
            return {"session.ready", Tone::ready, false};
        case SessionState::ended:
            return {"session.ended", Tone::ink_2, false};
        default:
            return {"session.idle", Tone::ink_2, false};
    }
}

/// Right-aligned things, placed from the end inwards.
struct FromTheEnd {
    const Kit& kit;
    const Area& bar;
    float x;

    Area place(float width, float height, float gap) {
        x -= width;
        const Area area{x, bar.y + (bar.h - height) / 2, width, height};
        x -= gap;
        return area;
    }
    bool button(const ButtonSpec& spec, float least = 0) {
        return kit.button(place(std::max(least, kit.button_width(spec)), kit.px(36), kit.px(8)), spec);
    }
};

void draw_badge(const PanelState& state, FromTheEnd& end) {
    const Kit& kit = *state.kit;
    const Badge what = badge(state.show.session);
    const std::string& word = state.say(state.gone ? "session.gone" : what.key);
    const float dot = what.filled && state.attached() ? kit.px(14) : 0;
    const Area area = end.place(kit.measure(Type::strong, word).x + dot + kit.px(20), kit.px(28), kit.px(12));
    auto* list = ImGui::GetWindowDrawList();
    const bool stale = !state.attached();
    if (what.filled && !stale) {
        list->AddRectFilled(area.min(), area.max(), kit.color(what.tone), area.h / 2);
        list->AddCircleFilled({area.x + kit.px(14), area.y + area.h / 2}, kit.px(4), IM_COL32_WHITE, 16);
    } else {
        list->AddRect(area.min(), area.max(), kit.color(stale ? Tone::ink_2 : what.tone), area.h / 2, 0, kit.px(1.5f));
    }
    const ImU32 ink = stale ? kit.color(Tone::ink_2) : what.filled ? IM_COL32_WHITE : kit.color(what.tone);
    kit.text(area.x + kit.px(10) + dot, area.y + kit.px(7), Type::strong, ink, word);
}

void session_button(const PanelState& state, SessionMove move, FromTheEnd& end, Commands& commands) {
    const std::string name(to_string(move));
    const bool asked = state.asked(name);
    ButtonSpec spec{name, state.say("move." + name), state.say("help." + name), why_not(state, move)};
    float least = 0;
    if (move == SessionMove::go_live || move == SessionMove::end) {
        // As wide as its question, so that it does not move under the pointer.
        ButtonSpec question = spec;
        question.label = state.say("confirm." + name);
        question.key = move == SessionMove::go_live ? "G" : "";
        question.icon = Icon::play;
        least = end.kit.button_width(question);
        if (asked) spec.label = question.label;
    }
    switch (move) {
        case SessionMove::go_live:
            spec.key = "G";
            spec.icon = Icon::play;
            spec.tone = asked ? Tone::warn : Tone::accent;
            break;
        case SessionMove::pause:
            spec.key = "P";
            spec.icon = Icon::pause;
            break;
        case SessionMove::resume:
            spec.key = "P";
            spec.icon = Icon::play;
            spec.tone = Tone::accent;
            break;
        case SessionMove::end:
            spec.icon = Icon::stop;
            if (asked) spec.tone = Tone::warn;
            break;
        case SessionMove::prepare:
            spec.tone = Tone::accent;
            break;
    }
    if (end.button(spec, least)) press(state, move, commands);
}

void close_button(const PanelState& state, FromTheEnd& end, Commands& commands) {
    if (!state.start.can_close) return;
    const bool asked = state.asked("close_show");
    ButtonSpec spec{
        "close_show", state.say(asked ? "confirm.close_show" : "bar.close_show"), state.say("help.close_show"), why_no_command(state), "",
        Icon::door};
    const float least = end.kit.button_width({"", state.say("confirm.close_show"), "", "", "", Icon::door});
    if (asked) spec.tone = Tone::warn;
    if (end.button(spec, least) && sure(state, "close_show", commands)) commands.act(CloseShow{});
}

void preflight_button(const PanelState& state, FromTheEnd& end, Commands& commands) {
    if (!end.button({"preflight", state.say("bar.preflight"), state.say("help.preflight"), why_no_command(state), "", Icon::check})) return;
    commands.act(RunPreflight{});
    commands.act(OpenOverlay{Overlay::preflight});
}

/// The open link. One that was revoked or is over is not handed out: a new one takes its place.
void link_button(const PanelState& state, FromTheEnd& end, Commands& commands) {
    const bool copied = state.ui.copied == "link" && state.now < state.ui.copied_until;
    const desk::InviteRecord* open = open_link(state.desk, state.show.buyer_url, state.utc_us);
    const bool read = !state.desk.invites.empty();  // before the desk was read the show's own is taken for good
    const bool dead = read && !open;
    ButtonSpec spec{"copy",
                    state.say(copied ? "bar.copied"
                              : dead ? "bar.new_link"
                                     : "bar.copy"),
                    state.say(dead ? "help.new_link" : "help.copy"),
                    dead || (open && open->id != invite_of(state.show.buyer_url)) ? why_no_command(state) : "",
                    "",
                    Icon::link};
    if (!end.button(spec, end.kit.button_width({"", "", "", "", "", Icon::link},
                                               {state.say("bar.copy"), state.say("bar.copied"), state.say("bar.new_link")})))
        return;
    if (!read || (open && open->id == invite_of(state.show.buyer_url))) return commands.act(CopyText{state.show.buyer_url, "link"});
    if (open) return commands.ask_desk(desk::ShowLink{open->id});
    desk::MakeInvite fresh;
    fresh.open = true;
    fresh.max_people = anybody;
    commands.ask_desk(fresh);
}

}  // namespace

void top_bar(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.surface));
    list->AddLine({area.x, area.y + area.h}, {area.x + area.w, area.y + area.h}, kit.color(kit.palette.line));

    FromTheEnd end{kit, area, area.x + area.w - kit.px(12)};
    if (end.button({"theme", state.say(state.ui.dark ? "bar.light" : "bar.dark"), state.say("help.theme"), "", "",
                    state.ui.dark ? Icon::sun : Icon::moon}))
        commands.act(SetTheme{!state.ui.dark});
    ButtonSpec what{"explain", "", state.say("help.explain"), "", "?"};
    what.selected = state.ui.explain;
    if (end.button(what)) commands.act(Explain{!state.ui.explain});
    if (end.button({"language", state.say("bar.language"), state.say("help.language"), "", "L"}))
        commands.act(SetLanguage{state.ui.language == "zh" ? "en" : "zh"});
    if (!state.ever_attached) {
        kit.text(area.x + kit.px(16), area.y + area.h / 2 - kit.px(11), Type::title, kit.color(Tone::ink), "Vitrine");
        return;
    }
    // A link without an invitation lets nobody in, so it is not offered.
    if (state.show.buyer_url.find("/j/") != std::string::npos) link_button(state, end, commands);
    end.x -= kit.px(8);
    switch (state.show.session) {
        case SessionState::idle:
        case SessionState::ended:
            close_button(state, end, commands);
            session_button(state, SessionMove::prepare, end, commands);
            preflight_button(state, end, commands);
            break;
        case SessionState::ready:
            session_button(state, SessionMove::end, end, commands);
            session_button(state, SessionMove::go_live, end, commands);
            preflight_button(state, end, commands);
            break;
        case SessionState::live:
            session_button(state, SessionMove::end, end, commands);
            session_button(state, SessionMove::pause, end, commands);
            break;
        case SessionState::paused:
            session_button(state, SessionMove::end, end, commands);
            session_button(state, SessionMove::resume, end, commands);
            break;
    }
    end.x -= kit.px(4);
    const std::string buyers = state.show.buyers < 0    ? state.say("bar.buyers.unknown")
                               : state.show.buyers == 1 ? state.say("bar.buyers.one")
                                                        : state.say("bar.buyers", std::to_string(state.show.buyers));
    const Area people = end.place(kit.measure(Type::body, buyers).x + kit.px(22), kit.px(16), kit.px(16));
    kit.icon(Icon::people, people.x + kit.px(8), people.y + people.h / 2, kit.px(16), kit.color(Tone::ink_2));
    kit.text(people.x + kit.px(22), people.y, Type::body, kit.color(Tone::ink_2), buyers);

    draw_badge(state, end);
    const std::string time = clock_text(state.live_seconds());
    const Area clock = end.place(kit.measure(Type::title, time).x, kit.px(24), kit.px(16));
    kit.text(clock.x, clock.y, Type::title, kit.color(state.show.live_s > 0 ? Tone::ink : Tone::ink_2), time);
    kit.content(area.x + kit.px(16), area.y + area.h / 2 - kit.px(11), Type::title, kit.color(Tone::ink), state.show.title,
                std::max(kit.px(40), end.x - area.x - kit.px(16)));
}

}  // namespace vitrine::panel::views
