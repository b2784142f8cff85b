#include <algorithm>

#include "tools/panel/links.h"
#include "tools/panel/views/parts.h"

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

const std::string& badge_word(const PanelState& state) { return state.say(state.gone ? "session.gone" : badge(state.show.session).key); }

float badge_width(const PanelState& state) {
    const bool dot = badge(state.show.session).filled && state.attached();
    return state.kit->measure(Type::strong, badge_word(state)).x + (dot ? state.kit->px(14) : 0) + state.kit->px(20);
}

/// In the middle of `place`.
void draw_badge(const PanelState& state, const Area& place) {
    const Kit& kit = *state.kit;
    const Badge what = badge(state.show.session);
    const std::string& word = badge_word(state);
    const float dot = what.filled && state.attached() ? kit.px(14) : 0, width = badge_width(state);
    const Area area{place.x + std::max(0.0f, (place.w - width) / 2), place.y, width, place.h};
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

ButtonSpec session_spec(const PanelState& state, SessionMove move) {
    const std::string name(to_string(move));
    ButtonSpec spec{name, state.say("move." + name), state.say("help." + name), why_not(state, move)};
    switch (move) {
        case SessionMove::go_live:
            spec.key = "G";
            spec.icon = Icon::play;
            spec.tone = Tone::accent;
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
            break;
        case SessionMove::prepare:
            spec.tone = Tone::accent;
            break;
    }
    if (!asks_again(state, move)) return spec;
    if (state.asked(name)) {
        spec.label = state.say("confirm." + name);
        spec.tone = Tone::warn;
    }
    return spec;
}

/// As wide as its question, so that it does not move under the pointer.
float session_width(const PanelState& state, SessionMove move) {
    ButtonSpec spec = session_spec(state, move);
    const std::string name(to_string(move));
    if (!asks_again(state, move)) return state.kit->button_width(spec);
    return state.kit->button_width(spec, {state.say("move." + name), state.say("confirm." + name)});
}

void session_button(const PanelState& state, SessionMove move, FromTheEnd& end, Commands& commands, float least = 0) {
    if (end.button(session_spec(state, move), std::max(least, session_width(state, move)))) press(state, move, commands);
}

void close_button(const PanelState& state, const Area& area, Commands& commands) {
    const Question question{state.say("confirm.close_show"), "close_show", state.say("ask.close_show")};
    const ButtonSpec spec{"close_show", state.say("bar.close_show"), state.say("help.close_show"), why_no_command(state), "", Icon::door};
    if (asking_button(state, area, spec, question, commands)) commands.act(CloseShow{});
}

/// Of the place where a show goes live, and is closed.
float second_place(const PanelState& state) {
    ButtonSpec close{"", "", "", "", "", Icon::door};
    const float width = session_width(state, SessionMove::go_live);
    return state.start.can_close
               ? std::max(width, state.kit->button_width(close, {state.say("bar.close_show"), state.say("confirm.close_show")}))
               : width;
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
    // A hand that goes on pressing finds nothing else: no button lies where another one was a moment before. From the right: the end; going
    // live, and when that is done the badge; preparing, pausing, resuming; what only looks.
    const SessionState session = state.show.session;
    const bool on = session == SessionState::live || session == SessionState::paused;
    const float second = second_place(state);
    const auto badge_in = [&](float width) { draw_badge(state, end.place(std::max(width, badge_width(state)), kit.px(28), kit.px(8))); };
    if (on || session == SessionState::ready)
        session_button(state, SessionMove::end, end, commands);
    else
        badge_in(session_width(state, SessionMove::end));
    if (session == SessionState::ready)
        session_button(state, SessionMove::go_live, end, commands, second);
    else if (on)
        badge_in(second);
    else if (const Area place = end.place(second, kit.px(36), kit.px(8)); state.start.can_close)
        close_button(state, place, commands);
    if (session == SessionState::live) session_button(state, SessionMove::pause, end, commands);
    if (session == SessionState::paused) session_button(state, SessionMove::resume, end, commands);
    if (!on && session != SessionState::ready) session_button(state, SessionMove::prepare, end, commands);
    if (!on) preflight_button(state, end, commands);
    end.x -= kit.px(4);
    const std::string buyers = state.show.buyers < 0    ? state.say("bar.buyers.unknown")
                               : state.show.buyers == 1 ? state.say("bar.buyers.one")
                                                        : state.say("bar.buyers", std::to_string(state.show.buyers));
    const Area people = end.place(kit.measure(Type::body, buyers).x + kit.px(22), kit.px(16), kit.px(16));
    kit.icon(Icon::people, people.x + kit.px(8), people.y + people.h / 2, kit.px(16), kit.color(Tone::ink_2));
    kit.text(people.x + kit.px(22), people.y, Type::body, kit.color(Tone::ink_2), buyers);

    if (session == SessionState::ready) draw_badge(state, end.place(badge_width(state), kit.px(28), kit.px(12)));
    const std::string time = clock_text(state.live_seconds());
    const Area clock = end.place(kit.measure(Type::title, time).x, kit.px(24), kit.px(16));
    kit.text(clock.x, clock.y, Type::title, kit.color(state.show.live_s > 0 ? Tone::ink : Tone::ink_2), time);
    kit.content(area.x + kit.px(16), area.y + area.h / 2 - kit.px(11), Type::title, kit.color(Tone::ink), state.show.title,
                std::max(kit.px(40), end.x - area.x - kit.px(16)));
}

}  // namespace vitrine::panel::views
