// Before going live: what was found, what it means, how to mend it. The show looks, the panel lists.

#include <algorithm>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

int rank(const Finding& finding) { return finding.level == "fail" ? 0 : finding.level == "warn" ? 1 : 2; }

float finding_row(const PanelState& state, const Finding& finding, float x, float y, float width) {
    const Kit& kit = *state.kit;
    const Tone tone = rank(finding) == 2 ? Tone::ready : Tone::warn;
    const float inner = width - kit.px(64);
    const std::string what = finding.text.in(state.ui.language),
                      fix = finding.fix.by_language.empty() ? "" : finding.fix.in(state.ui.language);
    const float fix_height = fix.empty() ? 0 : kit.measure(Type::body, fix, inner).y + kit.px(6);
    const float height = kit.measure(Type::control, what, inner).y + fix_height + kit.px(22);
    kit.card({x, y, width, height});
    kit.icon(tone == Tone::ready ? Icon::check : Icon::warning, x + kit.px(26), y + kit.px(22), kit.px(20), kit.color(tone));
    float line = y + kit.px(13);
    line += kit.paragraph(x + kit.px(52), line, Type::control, kit.color(Tone::ink), what, inner) + kit.px(4);
    if (!fix.empty()) kit.paragraph(x + kit.px(52), line, Type::body, kit.color(Tone::ink_2), fix, inner);
    return height + kit.px(8);
}

}  // namespace

void preflight(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float pad = kit.px(24);
    const auto& findings = state.ui.findings;
    std::size_t errors = 0, warnings = 0;
    if (findings)
        for (const Finding& each : *findings) {
            errors += rank(each) == 0;
            warnings += rank(each) == 1;
        }
    const std::string title = !findings                ? state.say("preflight.looking")
                              : errors + warnings == 0 ? state.say("preflight.good")
                                                       : state.say("preflight.found", std::to_string(errors + warnings));
    kit.text(area.x + pad, area.y + kit.px(24), Type::title, kit.color(Tone::ink), title);

    float x = area.x + area.w - pad;
    const float y = area.y + kit.px(16), row = kit.px(36);
    const auto from_end = [&](float width) {
        x -= width;
        const Area at{x, y, width, row};
        x -= kit.px(8);
        return at;
    };
    const ButtonSpec close{"close", state.say("overlay.close"), state.say("help.close"), "", "Esc", Icon::cross};
    if (kit.button(from_end(kit.button_width(close)), close)) commands.act(OpenOverlay{});
    ButtonSpec live{"preflight.go_live",
                    state.say(state.asked("go_live") ? "confirm.go_live" : "move.go_live"),
                    state.say("help.go_live"),
                    why_not(state, SessionMove::go_live),
                    "G",
                    Icon::play,
                    state.asked("go_live") ? Tone::warn : Tone::accent};
    if (kit.button(from_end(kit.button_width(live, {state.say("confirm.go_live"), state.say("move.go_live")})), live)) {
        const std::size_t before = commands.to_show.size();
        press(state, SessionMove::go_live, commands);
        if (commands.to_show.size() > before) commands.act(OpenOverlay{});
    }
    const ButtonSpec again{"preflight.again", state.say("preflight.again"), state.say("help.preflight.again"), why_no_command(state)};
    if (kit.button(from_end(kit.button_width(again)), again)) commands.act(RunPreflight{});

    if (!findings) return;
    std::vector<const Finding*> order;
    for (const Finding& each : *findings) order.push_back(&each);
    std::stable_sort(order.begin(), order.end(), [](const Finding* a, const Finding* b) { return rank(*a) < rank(*b); });
    const float width = std::min(area.w - 2 * pad, kit.px(960));
    scrolling(kit, "findings", {area.x + (area.w - width) / 2, area.y + kit.px(72), width, area.h - kit.px(84)},
              [&](float left, float first, float w) {
                  float line = first;
                  for (const Finding* each : order) line += finding_row(state, *each, left, line, w);
                  return line - first;
              });
}

}  // namespace vitrine::panel::views
