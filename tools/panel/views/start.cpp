// Before there is a show to talk to: connecting to one, or starting one.

#include <algorithm>
#include <cmath>

#include "tools/panel/problem_sentences.h"
#include "tools/panel/views/fields.h"

namespace vitrine::panel::views {
namespace {

/// A title and a sentence in the middle of the window.
void notice(const PanelState& state, const Area& area, const std::string& title, const std::string& what, const std::string& more,
            Tone tone) {
    const Kit& kit = *state.kit;
    const float width = kit.px(520), pad = kit.px(24), inner = width - 2 * pad;
    const float what_height = kit.measure(Type::body, what, inner).y;
    const float more_height = more.empty() ? 0 : kit.measure(Type::caption, more, inner).y + kit.px(12);
    const float height = 2 * pad + kit.px(36) + what_height + more_height;
    const Area card{area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width, height};
    kit.card(card);
    float y = card.y + pad;
    kit.text(card.x + pad, y, Type::title, kit.color(tone), title, inner);
    y += kit.px(36);
    y += kit.paragraph(card.x + pad, y, Type::body, kit.color(Tone::ink_2), what, inner);
    if (!more.empty()) kit.paragraph(card.x + pad, y + kit.px(12), Type::caption, kit.color(Tone::ink_2), more, inner);
}

void recent_shows(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("start.recent"));
    if (state.start.recent.empty()) return draw_nothing(kit, in, state.say("start.no_recent"));
    scrolling(kit, "recent", {in.x - kit.px(8), in.y, in.w + kit.px(12), in.h}, [&](float x, float first, float width) {
        float y = first;
        for (const RecentShow& show : state.start.recent) {
            const std::string name = show.folder.empty() ? state.say("start.demo") : show.folder;
            const ButtonSpec rehearse{
                "rehearse:" + show.folder, state.say("start.rehearse"), state.say("help.start.rehearse"), "", "", Icon::people};
            const float w = kit.button_width(rehearse);
            const ListItem item{"recent:" + show.folder, name, show.title, "", Icon::screens, Tone::accent};
            if (list_item(state, {x, y, width - w - kit.px(8), kit.px(52)}, item, state.say("help.start.recent")))
                commands.act(StartShow{show.folder});
            if (kit.button({x + width - w, y + kit.px(8), w, kit.px(36)}, rehearse)) commands.act(StartShow{show.folder, true});
            y += kit.px(56);
        }
        return y - first;
    });
}

void other_ways(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("start.other"));
    float y = in.y;
    const float width = in.w - kit.px(4);
    const ButtonSpec fresh{"start.new", state.say("start.new"), state.say("help.start.new"), "", "", Icon::plus, Tone::accent};
    if (kit.button({in.x, y, width, kit.px(44)}, fresh)) commands.act(OpenNewShow{true, state.new_show.page});
    y += kit.px(52);
    y += kit.paragraph(in.x, y, Type::body, kit.color(Tone::ink_2), state.say("start.new.what"), width) + kit.px(20);
    const ButtonSpec demo{"start.demo", state.say("start.demo"), state.say("help.start.demo"), "", "", Icon::play};
    const ButtonSpec practise{"start.rehearse_demo", state.say("start.rehearse_demo"), state.say("help.start.rehearse"), "", "",
                              Icon::people};
    const float half = std::floor((width - kit.px(8)) / 2);
    if (kit.button({in.x, y, half, kit.px(44)}, demo)) commands.act(StartShow{});
    if (kit.button({in.x + half + kit.px(8), y, half, kit.px(44)}, practise)) commands.act(StartShow{"", true});
    y += kit.px(52);
    y += kit.paragraph(in.x, y, Type::body, kit.color(Tone::ink_2), state.say("start.demo.what"), width) + kit.px(20);
    const std::string& folder = state.kept("start.folder");
    const ButtonSpec open{
        "start.open", state.say("start.open"), state.say("help.start.open"), folder.empty() ? state.say("start.no_folder") : "", "",
        Icon::screens};
    if (send_field(state, {in.x, y, width, kit.px(36)}, {"start.folder", state.say("start.folder"), state.say("help.start.folder"), open},
                   commands))
        commands.act(StartShow{folder});
    y += kit.px(52);
    if (!state.start.news.empty()) y += kit.paragraph(in.x, y, Type::body, kit.color(Tone::ready), state.start.news, width) + kit.px(8);
    if (!state.start.trouble.empty()) y += kit.paragraph(in.x, y, Type::body, kit.color(Tone::warn), state.start.trouble, width);
    if (state.start.taken_port > 0) {
        const ButtonSpec other{"start.other_port", state.say("start.other_port"), state.say("help.start.other_port")};
        StartShow again = state.start.tried;
        again.other_port = true;
        if (kit.button({in.x, y + kit.px(8), kit.button_width(other), kit.px(36)}, other)) commands.act(again);
    }
}

/// In place of the start screen: what is wrong with the folder, and what would be right.
void problems(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const auto& found = state.start.problems;
    const float pad = kit.px(32), width = std::min(area.w - 2 * pad, kit.px(860)), x = area.x + (area.w - width) / 2;
    float y = area.y + kit.px(32);
    kit.text(x, y, Type::figure, kit.color(Tone::ink), state.say("start.problems", std::to_string(found.size())), width);
    y += kit.px(40);
    y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink_2), state.say("start.problems.what", state.start.tried.folder), width) +
         kit.px(16);
    const float buttons = kit.px(44), bottom = area.y + area.h - pad - buttons;
    const Area list{x, y, width, bottom - kit.px(16) - y};
    kit.card(list);
    const float inset = kit.px(16);
    scrolling(kit, "start.problems", {list.x + inset, list.y + inset, list.w - 2 * inset, list.h - 2 * inset},
              [&](float left, float first, float w) {
                  float line = first;
                  for (const Problem& problem : found) {
                      std::string place = problem.file;
                      if (problem.line > 0)
                          place += (place.empty() ? "" : "  ·  ") + state.say("start.problems.line", std::to_string(problem.line));
                      if (!problem.key.empty()) place += (place.empty() ? "" : "  ·  ") + problem.key;
                      const std::string& language = state.ui.language;
                      if (!place.empty()) line += kit.paragraph(left, line, Type::caption, kit.color(Tone::ink_2), place, w) + kit.px(2);
                      line += kit.paragraph(left, line, Type::body, kit.color(Tone::warn), problem_sentence(problem.what, language), w) +
                              kit.px(2);
                      if (!problem.hint.empty())
                          line += kit.paragraph(left, line, Type::body, kit.color(Tone::ink), problem_sentence(problem.hint, language), w);
                      line += kit.px(16);
                  }
                  return line - first;
              });
    const ButtonSpec again{"start.problems.again",
                           state.say("start.problems.again"),
                           state.say("help.start.problems.again"),
                           "",
                           "",
                           Icon::none,
                           Tone::accent};
    const ButtonSpec close{"start.problems.close", state.say("start.problems.close"), state.say("help.start.problems.close")};
    const float again_w = kit.button_width(again), close_w = kit.button_width(close);
    if (kit.button({x + width - again_w, bottom, again_w, buttons}, again)) commands.act(state.start.tried);
    if (kit.button({x + width - again_w - kit.px(8) - close_w, bottom, close_w, buttons}, close)) commands.act(CloseProblems{});
}

}  // namespace

void start(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    if (state.link == ControlClient::Link::refused)
        return notice(state, area, state.say("link.refused"), state.say("link.refused.what"), "", Tone::warn);
    if (state.start.starting) return notice(state, area, state.say("start.starting"), state.say("start.starting.what"), "", Tone::ink);
    // A show that runs answers within a moment; what a killed one left behind never does.
    if (!state.start.offered || (!state.address.empty() && state.now - state.unlinked_since < 2)) {
        const bool long_wait = state.now - state.unlinked_since > 3;
        return notice(state, area, state.say("link.connecting"), state.say("link.connecting.what", state.address),
                      long_wait ? state.trouble : "", Tone::ink);
    }
    if (!state.start.problems.empty()) return problems(state, area, commands);
    const float pad = kit.px(32), width = std::min(area.w - 2 * pad, kit.px(1080)), gap = kit.px(16);
    const float x = area.x + (area.w - width) / 2;
    kit.text(x, area.y + kit.px(32), Type::figure, kit.color(Tone::ink), state.say("start.title"), width);
    kit.text(x, area.y + kit.px(72), Type::control, kit.color(Tone::ink_2), state.say("start.what"), width);
    const float top = area.y + kit.px(116), height = std::min(area.y + area.h - pad - top, kit.px(520)),
                half = std::floor((width - gap) / 2);
    recent_shows(state, {x, top, half, height}, commands);
    other_ways(state, {x + half + gap, top, half, height}, commands);
}

}  // namespace vitrine::panel::views
