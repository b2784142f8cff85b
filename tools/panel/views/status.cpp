// The bar at the bottom: recording, chapter, outputs. When something is to be said, it says that instead.

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tools/panel/views/outputs_table.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

/// What is to be said now: the link's trouble before the last message.
struct Saying {
    Tone tone = Tone::warn;
    std::string title, what;
};

std::optional<Saying> saying(const PanelState& state) {
    if (state.link == ControlClient::Link::refused) return Saying{Tone::warn, state.say("link.refused"), state.say("link.refused.what")};
    if (!state.attached() && state.start.starting) return Saying{Tone::info, state.say("start.starting"), state.say("start.starting.what")};
    if (state.gone && state.now >= state.ui.message_until)
        return Saying{Tone::warn, state.say("gone"), state.say(state.can_start_again ? "gone.what" : "gone.only")};
    if (!state.attached() && !state.gone)
        return Saying{Tone::warn, state.say("link.lost"),
                      state.say("link.lost.what", std::to_string(static_cast<int>(state.now - state.unlinked_since)))};
    if (state.asked(state.ui.asked) && !state.ui.question.empty()) return Saying{Tone::warn, state.ui.question, ""};
    if (state.now < state.ui.message_until) return Saying{state.ui.message_is_warning ? Tone::warn : Tone::ready, state.ui.message, ""};
    if (state.ui.explain) return Saying{Tone::info, state.say("explain.on"), ""};
    return std::nullopt;
}

void say_it(const PanelState& state, const Area& area, const Saying& words) {
    const Kit& kit = *state.kit;
    ImGui::GetWindowDrawList()->AddRectFilled(area.min(), area.max(), kit.color(words.tone, 0.14f));
    float x = area.x + kit.px(12);
    kit.icon(words.tone == Tone::warn   ? Icon::warning
             : words.tone == Tone::info ? Icon::help
                                        : Icon::check,
             x + kit.px(8), area.y + area.h / 2, kit.px(18), kit.color(words.tone));
    x += kit.px(28);
    const float room = area.x + area.w - kit.px(12) - x;
    const std::string both = words.what.empty() ? words.title : words.title + " " + words.what;
    const bool two = kit.measure(Type::body, both).x > room;
    if (two)
        kit.paragraph(x, area.y + kit.px(6), Type::caption, kit.color(Tone::ink), both, room);
    else
        kit.text(x, area.y + area.h / 2 - kit.px(8), Type::body, kit.color(Tone::ink), both, room);
}

/// What can be done about a show that has gone, at the end of the bar; the width taken.
float gone_buttons(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    float x = area.x + area.w - kit.px(8);
    const auto button = [&](const ButtonSpec& spec) {
        const float width = kit.button_width(spec);
        x -= width;
        const bool pressed = kit.button({x, area.y + kit.px(2), width, kit.px(36)}, spec);
        x -= kit.px(8);
        return pressed;
    };
    if (state.start.offered && button({"gone.leave", state.say("gone.leave"), state.say("help.gone.leave"), "", "", Icon::door}))
        commands.act(LeaveShow{});
    if (state.can_start_again &&
        button({"gone.again", state.say("gone.again"), state.say("help.gone.again"), "", "", Icon::play, Tone::accent}))
        commands.act(StartAgain{});
    return area.x + area.w - x;
}

/// At the end of the bar, while there is something to take back or to do again; where the first of them begins.
float undo_buttons(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    float end = area.x + area.w;
    if (!state.ui.undone.empty()) {
        const std::string words = state.say("undo.redo", edit_words(state, state.ui.undone.back()));
        end -= kit.px(40);
        if (kit.button({end, area.y + kit.px(2), kit.px(36), kit.px(36)},
                       {"redo", "", words + ". " + state.say("help.redo"), why_no_command(state), "", Icon::redo}))
            commands.act(Redo{});
    }
    if (!state.ui.done.empty()) {
        ButtonSpec undo{"undo", state.say("undo.do", edit_words(state, state.ui.done.back())), "", why_no_command(state), "", Icon::undo};
        undo.help = undo.label + ". " + state.say("help.undo");
        undo.content = true;
        // What is to be said needs the room.
        const float w = saying(state) ? kit.px(36) : std::min(kit.button_width(undo), kit.px(320));
        if (saying(state)) undo.label.clear();
        end -= w + kit.px(4);
        if (kit.button({end, area.y + kit.px(2), w, kit.px(36)}, undo)) commands.act(Undo{});
    }
    return end;
}

std::string minutes_left(const PanelState& state, double minutes) {
    if (minutes < 0) return {};
    if (minutes >= 600) return state.say("record.hours_left", std::to_string(static_cast<int>(minutes / 60)));
    return state.say("record.minutes_left", std::to_string(static_cast<int>(minutes)));
}

}  // namespace

void question(const PanelState& state, const Area& area) {
    if (!state.asked(state.ui.asked) || state.ui.question.empty()) return;
    ImGui::GetWindowDrawList()->AddRectFilled(area.min(), area.max(), state.kit->color(state.kit->palette.surface));
    say_it(state, area, {Tone::warn, state.ui.question, ""});
}

void status(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.surface));
    list->AddLine(area.min(), {area.x + area.w, area.y}, kit.color(kit.palette.line));
    const RecordingItem& recording = state.show.recording;
    Row row{kit, area.x + kit.px(8), area.y + kit.px(2), area.x + area.w};

    // The two controls stay where they are, whatever is said beside them.
    ButtonSpec record{"record",
                      state.say(recording.wanted ? "record.stop" : "record.start"),
                      state.say(recording.wanted ? "help.record.stop" : "help.record"),
                      why_no_command(state),
                      "R",
                      Icon::record};
    record.selected = recording.wanted;
    if (kit.button(row.place(kit.button_width(record, {state.say("record.stop"), state.say("record.start")})), record))
        commands.send(SetRecording{!recording.wanted, {}});
    const ButtonSpec chapter{"chapter", state.say("chapter.mark"), state.say("help.chapter"), why_no_chapter(state), "M", Icon::flag};
    if (row.button(chapter)) mark_chapter(state, commands);

    // Nothing can be taken back in a show that has gone; its own buttons lie there.
    const float end = state.gone ? area.x + area.w - gone_buttons(state, area, commands) : undo_buttons(state, area, commands);
    const Area words{row.x, area.y, end - row.x, area.h};
    if (const auto what = saying(state)) return say_it(state, words, *what);

    float x = row.x + kit.px(8);
    const float y = area.y + area.h / 2 - kit.px(7);
    const auto part = [&](Tone dot, const std::string& text, Tone ink) {
        if (x + kit.px(60) > words.x + words.w) return;
        list->AddCircleFilled({x + kit.px(4), area.y + area.h / 2}, kit.px(4), kit.color(dot), 16);
        x += kit.px(14);
        x += kit.text(x, y, Type::caption, kit.color(ink), text, words.x + words.w - x - kit.px(8)) + kit.px(20);
    };
    if (recording.wanted && !recording.problem.empty()) {
        part(Tone::warn, state.say("record.problem"), Tone::warn);
    } else if (recording.wanted) {
        std::string text = recording.running_s > 0 ? clock_text(state.recording_seconds()) : recording_waits(state);
        if (const std::string left = minutes_left(state, recording.minutes_left); !left.empty()) text += " · " + left;
        const bool short_of_disk = recording.minutes_left >= 0 && recording.minutes_left < 15;
        part(short_of_disk             ? Tone::warn
             : recording.running_s > 0 ? Tone::ready
                                       : Tone::info,
             text, short_of_disk ? Tone::warn : Tone::ink_2);
    }
    int shown = 0;
    for (const OutputRow& output : output_rows(state)) {
        if (!output.counts || ++shown > 3) continue;
        std::string text = output.name;
        if (!output.trouble.empty())
            text += " · " + output.trouble;
        else if (output.dropped > 0)
            text += " · " + state.say("output.lost", std::to_string(output.dropped));
        else if (!output.facts.empty())
            text += " · " + output.facts;
        const bool well = output.trouble.empty() && output.dropped == 0;
        part(well ? Tone::ready : Tone::warn, text, well ? Tone::ink_2 : Tone::warn);
    }
    if (shown == 0) part(Tone::ink_2, state.say("output.nobody"), Tone::ink_2);
}

}  // namespace vitrine::panel::views
